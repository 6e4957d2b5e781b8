//! A converted file says what its exports say: the same report, the same verdicts, byte for byte.

use std::fs;

use crate::program::{Folder, done, program, sample, seen};

/// Samples with logs in different formats.
const SAMPLES: [&str; 6] = ["risky-sign-ins", "guests", "devices", "legacy-clients", "user-risk", "locations"];

fn text(path: std::path::PathBuf) -> String {
    path.display().to_string()
}

#[test]
fn a_replay_of_a_converted_file_gives_the_same_bytes() {
    for name in SAMPLES {
        let (logs, policies, tenant) =
            (text(sample(name).join("logs")), text(sample(name).join("policies")), text(sample(name).join("tenant")));
        let folder = Folder::new();
        let replay = |logs: &str, out: &str| {
            let verdicts = text(folder.path(out));
            let output = done(&[
                "replay",
                logs,
                "--policy",
                &policies,
                "--tenant",
                &tenant,
                "--format",
                "json",
                "--hash-inputs",
                "--verdicts",
                &verdicts,
                "-v",
            ]);
            (output.stdout, output.stderr, fs::read(verdicts).unwrap())
        };
        let expected = replay(&logs, "of-exports.csv");
        for file in ["converted.parquet", "converted.arrow"] {
            let path = text(folder.path(file));
            done(&["convert", &logs, "--output", &path]);
            let found = replay(&path, "of-converted.csv");
            assert!(found == expected, "{name}: a replay of {file} differs");
            // Converted once more, it is still made of its exports.
            let again = text(folder.path(&format!("again-{file}")));
            done(&["convert", &path, "--output", &again]);
            assert!(
                replay(&again, "of-converted.csv") == expected,
                "{name}: a replay of {file} converted again differs"
            );
        }
    }
}

#[test]
fn converting_gives_the_same_bytes_on_any_number_of_threads() {
    let logs = text(sample("risky-sign-ins").join("logs"));
    let folder = Folder::new();
    let bytes = |threads: &str| {
        let path = text(folder.path(&format!("{threads}.parquet")));
        done(&["convert", &logs, "--output", &path, "--threads", threads]);
        fs::read(path).unwrap()
    };
    assert!(bytes("1") == bytes("7"));
}

#[test]
fn what_cannot_be_converted_leaves_nothing_behind() {
    let folder = Folder::new().with("audit.json", r#"[{"activityDisplayName":"x","targetResources":[]}]"#);
    let failed = folder.run("convert audit.json --output out.parquet");
    assert_eq!(failed.status.code(), Some(1), "{}", seen(&failed));
    let failed = folder.run("convert audit.json --output out.csv");
    assert_eq!(failed.status.code(), Some(2), "{}", seen(&failed));
    let failed = folder.run("convert audit.json --output audit.json");
    assert_eq!(failed.status.code(), Some(2), "{}", seen(&failed));
    assert_eq!(folder.files(), ["audit.json"]);
}

#[test]
fn files_of_other_programs_are_told_from_converted_ones() {
    let folder = Folder::new();
    let logs = text(sample("guests").join("logs"));
    let (policies, verdicts) = (text(sample("guests").join("policies")), text(folder.path("verdicts.parquet")));
    done(&["replay", &logs, "--policy", &policies, "--verdicts", &verdicts]);
    done(&["convert", &logs, "--output", &text(folder.path("whole.parquet"))]);
    let whole = folder.read("whole.parquet");
    fs::write(folder.path("cut.parquet"), &whole[..whole.len() / 2]).unwrap();
    for (file, expected) in
        [("verdicts.parquet", "verdicts of this program"), ("cut.parquet", "a Parquet file that cannot be read")]
    {
        let output =
            program().current_dir(folder.path(".")).args(["replay", file, "--policy", &policies]).output().unwrap();
        let seen = seen(&output);
        assert!(output.status.code() == Some(1) && seen.contains(expected) && seen.contains("help: "), "{seen}");
    }
}
