//! The program as a sealed process: cleared environment, no path of this machine in what is compared.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The binary that was built with this test, with nothing of the caller's environment.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ca-impact"));
    // The reader's NO_COLOR, COLUMNS, LANG or RAYON_NUM_THREADS must not reach a result.
    command.env_clear().current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// A folder of files for one test; commands run inside it, so paths appear as typed.
#[derive(Debug)]
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    pub(crate) fn with(self, name: &str, text: impl AsRef<[u8]>) -> Folder {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Names of all files, sorted: to see that nothing half-written was left.
    pub(crate) fn files(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    pub(crate) fn run(&self, arguments: &str) -> Output {
        program().current_dir(self.0.path()).args(arguments.split_whitespace()).output().unwrap()
    }
}

/// Status, standard output and standard error together, as a person sees them.
pub(crate) fn seen(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    let mut seen = format!("exit: {}\n", output.status.code().unwrap());
    for (name, part) in [("stdout", out), ("stderr", err)] {
        if !part.is_empty() {
            seen.push_str(&format!("--- {name}\n{part}"));
        }
    }
    // The version changes with every release; what is said does not.
    seen.replace(env!("CARGO_PKG_VERSION"), "[version]")
}

/// Runs on the sample data of this repository and fails unless the program says it is done.
pub(crate) fn done(arguments: &[&str]) -> Output {
    let output = program().args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

/// A folder of the sample data.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample-data").join(name)
}
