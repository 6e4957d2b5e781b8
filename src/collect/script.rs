//! The script: what it may read, the functions that read it, then one statement a file.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::Diagnostics;
use crate::policy::Candidate;
use crate::tenant::FACTS;

use super::export::{Export, POLICIES, SIGN_INS, Statement, export};
use super::quote::{comment, list};
use super::reads::Reads;

/// How long Microsoft Entra keeps sign-ins, in days ({RTN}, semantics 10.5).
pub const MOST_DAYS: u16 = 30;

/// The script for these policies, as typed and as read, over the last days. The same for the same policies.
#[must_use]
pub fn script(typed: &[String], candidates: &[Candidate], since: u16, diagnostics: &mut Diagnostics) -> String {
    let reads = Reads::of(candidates, diagnostics);
    let exports: Vec<Export> = FACTS.iter().filter_map(|fact| export(fact.name, &reads)).collect();
    let mut paragraphs = vec![
        include_str!("part/head.ps1").replace("@SINCE@", &since.to_string()),
        policies(typed, candidates),
        permissions(&exports),
        include_str!("part/functions.ps1").to_owned(),
    ];
    paragraphs.extend(functions(&exports).into_iter().map(str::to_owned));
    paragraphs.push(include_str!("part/connect.ps1").to_owned());
    paragraphs.push("# The policies there are.\nSave-File 'policies.json' { Get-Pages 'beta/identity/conditionalAccess/policies' }\n".to_owned());
    paragraphs.extend(exports.iter().filter_map(|export| match &export.statement {
        Statement::Files(statement) => Some(format!("# {}.\n{statement}", capitalised(export.what))),
        Statement::Setting(_) => None,
    }));
    paragraphs.push(settings(&exports));
    paragraphs.push(include_str!("part/sign_ins.ps1").to_owned());
    paragraphs.push(include_str!("part/end.ps1").to_owned());
    paragraphs.join("\n")
}

/// Whom the script serves: their names as a comment, and the words that name them to the replay.
fn policies(typed: &[String], candidates: &[Candidate]) -> String {
    let mut text = String::from("# These policies are to be replayed:\n");
    for candidate in candidates {
        text.push_str(&format!("#   - {}\n", comment(&candidate.name)));
    }
    text.push_str(&format!("$policies = {}\n", list(typed.iter().map(String::as_str))));
    text
}

/// Every permission once, with everything that it is for.
fn permissions(exports: &[Export]) -> String {
    let mut uses: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for export in [&SIGN_INS, &POLICIES].into_iter().chain(exports) {
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
fn functions(exports: &[Export]) -> Vec<&'static str> {
    let mut seen = BTreeSet::new();
    exports.iter().flat_map(|export| export.functions).copied().filter(|function| seen.insert(*function)).collect()
}

fn settings(exports: &[Export]) -> String {
    let mut text = String::from(
        "# What Microsoft Graph tells of settings, and a place for what it does not. Never replaced once it is there.\n\
         Save-File 'tenant/tenant.toml' -KeepIfAfter ([datetime]::MinValue) {\n    \
         '# What is not set here is unknown to the replay. Take the mark away from what you can tell.'\n",
    );
    for export in exports {
        if let Statement::Setting(lines) = &export.statement {
            for line in lines.lines() {
                text.push_str(&format!("    {line}\n"));
            }
        }
    }
    text.push_str(
        "    '# Accounts that must never be locked out, by user id, and roles to watch, by template id.'\n    \
         '# break-glass = [\"00000000-0000-0000-0000-000000000000\"]'\n    \
         '# privileged-roles = [\"62e90394-69f5-4237-9190-012177145e10\"]'\n}\n",
    );
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}
