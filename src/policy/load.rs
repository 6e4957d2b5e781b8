//! From the arguments of `--policy` to candidates: every wrapping, encoding and name (formats, traps 31–35).
//!
//! What a file says is read by a function on its text; only [`load`] opens files. Everything that
//! is wrong is reported in one run.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::diagnostic::{Diagnostics, Origin, Severity};
use crate::pages::{self, Piece, SyntaxError};

use super::error::{PolicyErrors, WrongShape};
use super::files::{Found, behind, reason};
use super::members::{fold, spelling};
use super::template;
use super::wire::{self, Policy};
use super::written::{Written, written_members};

/// One policy to be replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Its display name, made unique over all candidates.
    pub name: String,
    /// Its id in its tenant, as written; empty for a template.
    pub id: String,
    /// The policy as read.
    pub policy: Policy,
    /// The policy as its file holds it, for whoever points at a member of it.
    pub written: Written,
    /// The file it came from, with the line where the file holds more than this policy.
    pub origin: Origin,
    /// SHA-256 of the file's bytes, in hexadecimal.
    pub sha256: String,
}

/// Reads every policy that the arguments name: files, folders, `template:NAME` (contract section 2).
///
/// # Errors
///
/// Something named on the command line holds no policy, or something with `conditions` cannot be
/// read. All of them are in the error.
pub fn load(arguments: &[String]) -> Result<(Vec<Candidate>, Diagnostics), PolicyErrors> {
    let mut loading = Loading::default();
    for argument in arguments {
        match argument.strip_prefix("template:") {
            Some(name) => loading.template(argument, name),
            None => loading.path(argument),
        }
    }
    let Loading { mut candidates, diagnostics, errors } = loading;
    if !errors.errors.is_empty() {
        return Err(errors);
    }
    tell_apart(&mut candidates);
    Ok((candidates, diagnostics))
}

const NOT_A_POLICY: &str = "holds no Conditional Access policy";
const EXPORT_HELP: &str = "name a policy as Microsoft Graph writes it: \
    GET /identity/conditionalAccess/policies, with a member `conditions`";
const SHAPE_HELP: &str = "compare it with an export of GET /identity/conditionalAccess/policies";

#[derive(Debug, Default)]
struct Loading {
    candidates: Vec<Candidate>,
    diagnostics: Diagnostics,
    errors: PolicyErrors,
}

impl Loading {
    fn template(&mut self, argument: &str, name: &str) {
        let origin = Origin::file(argument);
        let help = "`ca-impact template list` shows every name";
        let Some(template) = template::find(name) else {
            let close = template::close_names(name);
            let close: Vec<String> = close.iter().map(|name| format!("`{name}`")).collect();
            let close = if close.is_empty() { String::new() } else { format!("; close to it: {}", close.join(", ")) };
            return self.errors.add(origin, format!("no template is called `{name}`{close}"), help);
        };
        match (template.json, template.unavailable) {
            (Some(json), _) => self.text(&Found { path: argument.to_owned(), named: true }, json.as_bytes(), name),
            (None, why) => {
                let why = why.unwrap_or("its content is not known");
                self.errors.add(origin, format!("template `{}` is not available: {why}", template.name), help);
            }
        }
    }

    fn path(&mut self, argument: &str) {
        let help = "check the path; a template is named `template:NAME`";
        let found = match behind(argument) {
            Ok(found) => found,
            Err((place, message)) => return self.errors.add(Origin::file(&place), message, help),
        };
        let before = (self.candidates.len(), self.errors.errors.len());
        for file in &found {
            let stem = Path::new(&file.path).file_stem().map(|stem| stem.to_string_lossy().into_owned());
            match fs::read(&file.path) {
                Ok(bytes) => self.text(file, &bytes, &stem.unwrap_or_default()),
                Err(error) => {
                    let message = format!("cannot read `{}`: {}", file.path, reason(&error));
                    self.errors.add(Origin::file(&file.path), message, help);
                }
            }
        }
        if before == (self.candidates.len(), self.errors.errors.len()) {
            self.errors.add(Origin::file(argument), format!("`{argument}` {NOT_A_POLICY}"), EXPORT_HELP);
        }
    }

    /// Everything one file holds.
    fn text(&mut self, file: &Found, bytes: &[u8], stem: &str) {
        let text = match pages::decode(bytes) {
            Ok(text) => text,
            Err(error) => {
                let origin = Origin { path: file.path.clone(), row: error.line };
                return self.errors.add(origin, error.to_string(), "save the file as UTF-8");
            }
        };
        let pages = match pages::unwrap(&text) {
            Ok(pages) => pages,
            // What a folder brings along need not be a policy; broken text that speaks of conditions was one.
            Err(_) if !file.named && !text.to_lowercase().contains("\"conditions\"") => return self.skip(file, 0),
            Err(error) => {
                let help = "mend the file, or export the policy again";
                return self.errors.add(Origin::row(&file.path, error.line), error.to_string(), help);
            }
        };
        if pages.unfinished {
            let message = "the export ends before its last page: there are more policies (`@odata.nextLink`)";
            self.diagnostics.warn(Origin::file(&file.path), message, "export every page");
        }
        let several = pages.pieces.len() > 1;
        let mut held = 0;
        for piece in &pages.pieces {
            let origin = if several { Origin::row(&file.path, piece.line) } else { Origin::file(&file.path) };
            match policy_in(*piece) {
                Some(part) => {
                    held += 1;
                    // A repeated name gets its number like any other (contract section 2).
                    self.policy(&text, &part, origin, stem, bytes);
                }
                None if file.named => self.errors.add(origin, NOT_A_POLICY, EXPORT_HELP),
                None => {}
            }
        }
        match (file.named, pages.pieces.len()) {
            (true, 0) => self.errors.add(Origin::file(&file.path), NOT_A_POLICY, EXPORT_HELP),
            (false, pieces) if held == 0 || held < pieces => self.skip(file, held),
            _ => {}
        }
    }

    fn skip(&mut self, file: &Found, held: usize) {
        let message = match held {
            0 => "holds no `conditions`: skipped",
            _ => "holds objects without `conditions`: these are skipped",
        };
        // One line, without a hint; the name is in the message so that each file keeps its own.
        let message = format!("`{}` {message}", file_name(&file.path));
        self.diagnostics.add(Origin::file(&file.path), Severity::Warning, message, None);
    }

    fn policy(&mut self, text: &str, part: &Part<'_>, origin: Origin, stem: &str, bytes: &[u8]) {
        let first_line = pages::line_of(text, part.policy);
        let folded = match fold(part.policy.get()) {
            Ok(folded) => folded,
            Err(error) => {
                let error = SyntaxError::new(&error, first_line);
                return self.errors.add(Origin::row(&origin.path, error.line), error.to_string(), SHAPE_HELP);
            }
        };
        let written = Written::read(part.policy, first_line, folded.value.clone());
        let policy: Policy = match serde_path_to_error::deserialize(folded.value) {
            Ok(policy) => policy,
            Err(error) => {
                let error = WrongShape::from(error);
                let line = line_of_member(text, part.policy, &error.path);
                return self.errors.add(Origin::row(&origin.path, line), error.message, SHAPE_HELP);
            }
        };
        for path in &folded.repeated {
            let message = format!("`{path}` is there more than once: the last one counts");
            self.diagnostics.warn(origin.clone(), message, "remove all but one");
        }
        self.warn_of_what_is_left_out(text, part.policy, &policy, &origin);
        let own = policy.display_name.as_deref().or(part.name.as_deref()).map(str::trim);
        self.candidates.push(Candidate {
            name: own.unwrap_or(stem).to_owned(),
            id: policy.id.clone().unwrap_or_default(),
            policy,
            written,
            origin,
            sha256: hexadecimal(bytes),
        });
    }

    /// Members that no rule needs but that say something, outside conditions and grant controls (C17).
    fn warn_of_what_is_left_out(&mut self, text: &str, raw: &RawValue, policy: &Policy, origin: &Origin) {
        let session = &policy.session_controls;
        let frequency = session.sign_in_frequency.as_ref().map(|control| &control.rest);
        let token = session.secure_sign_in_session.as_ref().map(|control| &control.rest);
        let places: [(&[&str], Option<&wire::Rest>); 4] = [
            (&[], Some(&policy.rest)),
            (&["sessionControls"], Some(&session.rest)),
            (&["sessionControls", "signInFrequency"], frequency),
            (&["sessionControls", "secureSignInSession"], token),
        ];
        for (place, rest) in places {
            for (name, _) in rest.into_iter().flatten().filter(|(_, value)| wire::says_something(value)) {
                let path: Vec<String> = place.iter().map(|part| (*part).to_owned()).chain([name.clone()]).collect();
                let origin = Origin::row(&origin.path, line_of_member(text, raw, &path));
                let message = format!("`{}` is not known to this program: it is left out", path.join("."));
                let help = "no verdict depends on it; judge by hand what it would ask of users";
                self.diagnostics.warn(origin, message, help);
            }
        }
    }
}

/// A policy within a file, and the name that its wrapping gives it.
#[derive(Debug)]
struct Part<'t> {
    policy: &'t RawValue,
    name: Option<String>,
}

/// The policy in a piece: the object itself, or the `details` of a template. None if neither has `conditions`.
fn policy_in(piece: Piece<'_>) -> Option<Part<'_>> {
    let object = members(piece.raw)?;
    if holds_conditions(&object) {
        return Some(Part { policy: piece.raw, name: None });
    }
    let wrapping = |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let details = wrapping("details")?;
    let name = wrapping("name").and_then(|name| serde_json::from_str(name.get()).ok());
    holds_conditions(&members(details)?).then_some(Part { policy: details, name })
}

fn holds_conditions(object: &BTreeMap<String, &RawValue>) -> bool {
    object.get("conditions").is_some_and(|conditions| conditions.get() != "null")
}

/// Members by their known spelling; of two the last.
fn members(raw: &RawValue) -> Option<BTreeMap<String, &RawValue>> {
    if !raw.get().starts_with('{') {
        return None;
    }
    let written: Vec<(String, &RawValue)> = written_members(raw)?;
    Some(written.into_iter().map(|(name, value)| (spelling(&name).to_owned(), value)).collect())
}

/// The line of a member, or of the last object on the way to it.
fn line_of_member(text: &str, policy: &RawValue, path: &[String]) -> u64 {
    let mut here = policy;
    for name in path {
        let Some(inner) = members(here).and_then(|object| object.get(spelling(name)).copied()) else { break };
        here = inner;
    }
    pages::line_of(text, here)
}

fn file_name(path: &str) -> &str {
    Path::new(path).file_name().and_then(|name| name.to_str()).unwrap_or(path)
}

/// Gives the second policy of a name the name ` (2)`, and so on, so that a name means one policy.
fn tell_apart(candidates: &mut [Candidate]) {
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for candidate in candidates {
        let first = candidate.name.clone();
        let mut count = 1;
        while !taken.insert(candidate.name.clone()) {
            count += 1;
            candidate.name = format!("{first} ({count})");
        }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
