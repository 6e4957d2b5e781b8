//! The script: what it may read, the functions that read it, then one statement a file.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostics;
use crate::policy::Candidate;
use crate::tenant::{FACTS, Fact};

use super::export::{Export, Statement, export, policies, sign_ins};
use super::quote::{comment, list};
use super::reads::Reads;

/// How long Microsoft Entra keeps sign-ins, in days ({RTN}, semantics 10.5).
pub const MOST_DAYS: u16 = 30;

/// The script for these policies, as typed and as read, over the last days. The same for the same policies.
#[must_use]
pub fn script(typed: &[String], candidates: &[Candidate], since: u16, diagnostics: &mut Diagnostics) -> String {
    let reads = Reads::of(candidates, diagnostics);
    let exports: Vec<(&Fact, Export)> =
        FACTS.iter().filter_map(|fact| Some((fact, export(fact.name, &reads)?))).collect();
    let (policies, sign_ins) = (policies(), sign_ins());
    let mut paragraphs = vec![
        include_str!("part/head.ps1").replace("@SINCE@", &since.to_string()),
        names(typed, candidates, &reads),
        permissions([&sign_ins, &policies].into_iter().chain(exports.iter().map(|(_, export)| export))),
        include_str!("part/functions.ps1").to_owned(),
    ];
    paragraphs.extend(functions(&exports).into_iter().map(str::to_owned));
    paragraphs.push(include_str!("part/connect.ps1").to_owned());
    paragraphs.extend(paragraph(&policies));
    paragraphs.extend(exports.iter().filter_map(|(_, export)| paragraph(export)));
    paragraphs.push(settings(&exports));
    paragraphs.extend(paragraph(&sign_ins));
    paragraphs.push(include_str!("part/end.ps1").to_owned());
    paragraphs.join("\n")
}

/// Whom the script serves: their names as a comment, and the words that name them to the replay.
fn names(typed: &[String], candidates: &[Candidate], reads: &Reads) -> String {
    let mut text = String::from("# These policies are to be replayed:\n");
    for candidate in candidates {
        text.push_str(&format!("#   - {}\n", comment(&candidate.name)));
    }
    for (of, word) in &reads.left_out {
        text.push_str(&format!("# Left out, since it is not the id of a {of}: {}\n", comment(word)));
    }
    text.push_str(&format!("$policies = {}\n", list(typed.iter().map(String::as_str))));
    text
}

/// Every permission once, with everything that it is for.
fn permissions<'e>(exports: impl Iterator<Item = &'e Export>) -> String {
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for export in exports {
        for scope in export.scopes {
            let uses = uses.entry(scope).or_default();
            if !uses.contains(&export.what) {
                uses.push(export.what);
            }
        }
    }
    let mut text =
        String::from("# The permissions that are asked for: each only reads, and each is needed.\n$scopes = @(\n");
    for (scope, uses) in uses {
        text.push_str(&format!("    # {}\n    '{scope}'\n", uses.join("; ")));
    }
    text.push_str(")\n");
    text
}

/// Functions that only some facts call, each once, in the order of their first use.
fn functions(exports: &[(&Fact, Export)]) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    let called = exports.iter().flat_map(|(_, export)| export.functions).copied();
    called.filter(|function| seen.insert(*function)).collect()
}

/// `tenant.toml`. People write in it, so an old one is kept, and may lack what these policies need.
fn settings(exports: &[(&Fact, Export)]) -> String {
    let (mut keys, mut indented) = (Vec::new(), Vec::new());
    for (fact, export) in exports {
        if let Statement::Setting(lines) = &export.statement {
            keys.push(fact.missing);
            indented.extend(lines.lines().map(|line| format!("    {line}")));
        }
    }
    include_str!("part/settings.ps1")
        .replace("@LINES@", &indented.join("\n"))
        .replace("@KEYS@", &list(keys.into_iter()))
}

/// The statement under a comment that says what it is. Settings are not written by statements of their own.
fn paragraph(export: &Export) -> Option<String> {
    let Statement::Files(statement) = &export.statement else { return None };
    let mut what = export.what.chars();
    let first = what.next()?.to_ascii_uppercase();
    Some(format!("# {first}{}.\n{statement}", what.as_str()))
}
