//! The sample data is documentation that runs: its files come from the generator, its answers are typed.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::generator::samples::samples;
use crate::program::{done, sample};

const FOLDERS: [&str; 6] = ["risky-sign-ins", "guests", "devices", "legacy-clients", "user-risk", "locations"];

/// Cells by policy, risk, interactivity and effect: attempts least and most; zero cells left out.
type Cells = BTreeMap<(String, String, bool, String), (u64, u64)>;

fn cells<'a>(policy: &str, matrix: impl Iterator<Item = &'a Value>) -> Cells {
    matrix
        .map(|cell| {
            let text = |name: &str| cell[name].as_str().unwrap().to_owned();
            let number = |name: &str| cell[name].as_u64().unwrap();
            let policy = cell["policy"].as_str().unwrap_or(policy).to_owned();
            let key = (policy, text("risk"), cell["interactive"].as_bool().unwrap(), text("effect"));
            (key, (number("attempts_least"), number("attempts_most")))
        })
        .filter(|(_, (_, most))| *most > 0)
        .collect()
}

#[test]
fn every_sample_gives_the_answer_that_its_readme_types() {
    for folder in FOLDERS {
        let path = |name: &str| format!("sample-data/{folder}/{name}");
        let report = done(&[
            "replay",
            &path("logs"),
            "--policy",
            &path("policies"),
            "--tenant",
            &path("tenant"),
            "--format",
            "json",
            "--quiet",
        ]);
        let report: Value = serde_json::from_slice(&report.stdout).unwrap();
        let expected: Vec<Value> =
            serde_json::from_slice(&fs::read(sample(folder).join("expected/matrix.json")).unwrap()).unwrap();
        let expected = cells("", expected.iter());
        let mut got = cells("*", report["combined"]["matrix"].as_array().unwrap().iter());
        for candidate in report["candidates"].as_array().unwrap() {
            got.extend(cells(candidate["policy"].as_str().unwrap(), candidate["matrix"].as_array().unwrap().iter()));
        }
        let differing: Vec<_> = expected
            .keys()
            .chain(got.keys().filter(|key| !expected.contains_key(*key)))
            .filter(|key| expected.get(*key) != got.get(*key))
            .map(|key| format!("{key:?}: expected {:?}, got {:?}", expected.get(key), got.get(key)))
            .collect();
        assert!(differing.is_empty(), "{folder}:\n{}", differing.join("\n"));
    }
}

#[test]
fn every_readme_types_the_command_and_numbers_of_its_folder() {
    for folder in FOLDERS {
        let readme = fs::read_to_string(sample(folder).join("README.md")).unwrap();
        let command = format!(
            "ca-impact replay sample-data/{folder}/logs --policy sample-data/{folder}/policies --tenant sample-data/{folder}/tenant"
        );
        assert!(readme.contains(&command), "{folder}: the README does not hold `{command}`");
    }
}

/// `UPDATE_SAMPLES=1` writes the files anew.
#[test]
fn the_sample_files_are_what_the_generator_makes() {
    let update = std::env::var_os("UPDATE_SAMPLES").is_some();
    for (name, bytes) in samples() {
        let path = sample(&name);
        if update {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
        }
        let found = fs::read(&path).unwrap_or_default();
        assert!(found == bytes, "sample-data/{name} is not what the generator makes; UPDATE_SAMPLES=1 writes it");
    }
}
