//! Files and folders that must not outlive the run, also if it is interrupted.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;

use crate::ingest::UNFINISHED;

/// What there is, to be removed by whoever ends the program.
static THERE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn there() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    THERE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something temporary: known as long as this lives.
#[derive(Debug)]
pub(super) struct Known(PathBuf);

impl Known {
    pub(super) fn new(path: &Path) -> Known {
        there().insert(path.to_owned());
        Known(path.to_owned())
    }
}

impl Drop for Known {
    fn drop(&mut self) {
        there().remove(&self.0);
    }
}

/// An empty folder that is removed with all that is in it.
#[derive(Debug)]
pub(super) struct Folder {
    folder: TempDir,
    _known: Known,
}

impl Folder {
    /// Makes one in this folder.
    pub(super) fn new(parent: &Path) -> std::io::Result<Folder> {
        let folder = tempfile::Builder::new().prefix(UNFINISHED).tempdir_in(parent)?;
        let known = Known::new(folder.path());
        Ok(Folder { folder, _known: known })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Status of a program that was interrupted, as shells give it.
const INTERRUPTED: i32 = 130;

/// Whoever interrupts the run, or asks it to end, finds nothing of it.
pub(super) fn remove_if_interrupted() {
    // Without a handler the program ends all the same, and leaves its temporary files.
    let _ = ctrlc::set_handler(|| {
        // Kept: no new temporary file gets a name that nobody knows.
        let there = there();
        for path in there.iter() {
            // Workers may still write: what they add in between is removed by the second attempt.
            for _ in 0..2 {
                let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            }
        }
        #[expect(clippy::exit, reason = "a handler of signals has no caller that could return a status")]
        std::process::exit(INTERRUPTED);
    });
}
