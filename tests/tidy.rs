//! House rules that no lint knows.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules from left to right; each may use those before it in its own line's list.
const MAY_USE: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("diagnostic", &[]),
    ("pages", &[]),
    ("frame", &["domain", "diagnostic"]),
    ("policy", &["domain", "diagnostic", "pages"]),
    ("tenant", &["domain", "diagnostic", "pages"]),
    ("ingest", &["domain", "diagnostic", "frame"]),
    ("attempt", &["domain", "diagnostic", "frame", "tenant"]),
    ("compile", &["domain", "diagnostic", "frame", "policy", "tenant", "attempt"]),
    ("lint", &["domain", "diagnostic", "frame", "policy", "tenant", "compile"]),
    ("impact", &["domain", "diagnostic", "frame", "attempt", "compile"]),
    ("replay", &["domain", "diagnostic", "attempt", "compile", "impact"]),
    ("verify", &["domain", "diagnostic", "frame", "policy", "tenant", "attempt", "compile", "replay"]),
    ("report", &["domain", "diagnostic", "frame", "tenant", "attempt", "compile", "lint", "impact", "verify"]),
    ("export", &["domain", "diagnostic", "frame", "ingest", "attempt", "compile", "impact", "replay", "report"]),
    ("inspect", &["domain", "diagnostic", "frame", "tenant", "ingest", "attempt", "compile", "report"]),
    (
        "partition",
        &[
            "domain",
            "diagnostic",
            "frame",
            "policy",
            "tenant",
            "ingest",
            "attempt",
            "compile",
            "impact",
            "replay",
            "verify",
            "export",
        ],
    ),
    ("explain", &["domain", "diagnostic", "frame", "policy", "tenant", "attempt", "compile", "replay", "report"]),
    ("collect", &["domain", "diagnostic", "policy", "tenant", "compile"]),
    (
        "cli",
        &[
            "domain",
            "diagnostic",
            "frame",
            "policy",
            "tenant",
            "ingest",
            "attempt",
            "compile",
            "lint",
            "impact",
            "replay",
            "verify",
            "report",
            "export",
            "inspect",
            "explain",
            "collect",
            "partition",
        ],
    ),
];

fn sources(under: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = walkdir::WalkDir::new(under)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    files.sort();
    files
}

/// A file of unit tests, which may name anything.
fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs" || name == "fixture.rs")
}

fn of_module(module: &str) -> Vec<(PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folder = src.join(module);
    let mut files = if folder.is_dir() { sources(&folder) } else { Vec::new() };
    let single = src.join(module).with_extension("rs");
    if single.is_file() {
        files.push(single);
    }
    assert!(!files.is_empty(), "src/{module} holds no source");
    files.into_iter().map(|path| (path.clone(), fs::read_to_string(path).unwrap())).collect()
}

/// The text before the unit tests, which may name anything.
fn code(text: &str) -> &str {
    text.split("#[cfg(test)]").next().unwrap()
}

#[test]
fn dependencies_point_one_way() {
    for (module, allowed) in MAY_USE {
        for (path, text) in of_module(module) {
            if is_test(&path) {
                continue;
            }
            for (at, found) in code(&text).match_indices("crate::") {
                let name: String = code(&text)[at + found.len()..]
                    .chars()
                    .take_while(|character| character.is_alphanumeric() || *character == '_')
                    .collect();
                assert!(!name.is_empty(), "{}: write `use crate::x::Y;`, one module a line", path.display());
                assert!(
                    name == *module || allowed.contains(&name.as_str()),
                    "{} may not use `crate::{name}`",
                    path.display()
                );
            }
        }
    }
}

#[test]
fn every_module_has_its_place_in_the_order() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let lib = fs::read_to_string(src.join("lib.rs")).unwrap();
    for line in lib.lines().filter_map(|line| line.strip_prefix("pub mod ")) {
        let module = line.trim_end_matches(';');
        assert!(MAY_USE.iter().any(|(known, _)| *known == module), "where does `{module}` stand?");
    }
}

#[test]
fn heavy_crates_are_named_where_they_belong() {
    for (word, allowed) in [
        ("polars", &["frame", "ingest", "export"][..]),
        ("arrow::", &["frame", "ingest", "export"]),
        ("rayon", &["ingest", "replay", "partition", "cli"]),
        ("std::env", &["cli"]),
    ] {
        for (module, _) in MAY_USE.iter().filter(|(module, _)| !allowed.contains(module)) {
            for (path, text) in of_module(module).into_iter().filter(|(path, _)| !is_test(path)) {
                let named = code(&text).lines().any(|line| !line.trim_start().starts_with("//") && line.contains(word));
                assert!(!named, "{} names `{word}`", path.display());
            }
        }
    }
    for (path, text) in of_module("domain") {
        let named = code(&text).lines().any(|line| !line.trim_start().starts_with("//") && line.contains("serde"));
        assert!(!named, "{} names serde", path.display());
    }
}

#[test]
fn every_source_says_what_it_owns() {
    for (module, _) in MAY_USE {
        for (path, text) in of_module(module) {
            assert!(text.starts_with("//!"), "{} opens without `//!`", path.display());
        }
    }
}

#[test]
fn the_top_level_stays_as_it_is() {
    let known = ["Cargo.toml", "Cargo.lock", "src", "sample-data", "tests", "benches", "README.md", "target"];
    for entry in fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(
            name.starts_with('.') || known.contains(&name.as_str()),
            "`{name}` finds its place under one of {known:?}"
        );
    }
}
