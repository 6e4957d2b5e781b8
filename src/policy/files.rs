//! Which files an argument of `--policy` stands for.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// One file, and whether the user named it or a folder brought it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// The path as typed, plus what a folder adds.
    pub(super) path: String,
    /// Named on the command line: then it must hold a policy.
    pub(super) named: bool,
}

/// The files behind one argument: itself, or the `*.json` in a folder, in the order of their paths' bytes.
///
/// A folder that cannot be listed in part gives an error with the part's path.
pub(super) fn behind(argument: &str) -> Result<Vec<Found>, (String, String)> {
    let failed = |error: &io::Error| (argument.to_owned(), format!("cannot read `{argument}`: {}", reason(error)));
    if !fs::metadata(argument).map_err(|error| failed(&error))?.is_dir() {
        return Ok(vec![Found { path: argument.to_owned(), named: true }]);
    }
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(argument).follow_links(true) {
        let entry = entry.map_err(|error| {
            let place = error.path().map_or_else(|| argument.to_owned(), |path| path.display().to_string());
            let why = error.io_error().map_or_else(|| "links lead round in a circle".to_owned(), reason);
            let message = format!("cannot read `{place}`: {why}");
            (place, message)
        })?;
        if entry.file_type().is_file() && is_json(entry.path()) {
            found.push(Found { path: entry.path().display().to_string(), named: false });
        }
    }
    found.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
    Ok(found)
}

/// Why a file could not be opened, without the system's numbers.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        kind => kind.to_string(),
    }
}

fn is_json(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}
