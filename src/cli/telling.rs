//! Diagnostics on standard error.

use std::io::{self, Write};

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};

use super::args::Everywhere;

/// Errors always, warnings unless quiet, notes if asked for.
pub(super) fn tell(diagnostics: &Diagnostics, everywhere: &Everywhere) {
    let least = match (everywhere.quiet, everywhere.verbose) {
        (true, _) => Severity::Error,
        (false, 0) => Severity::Warning,
        (false, _) => Severity::Note,
    };
    write(diagnostics.iter().filter(|diagnostic| diagnostic.severity <= least));
}

/// All of them, whatever was asked for.
pub(super) fn tell_all(diagnostics: &Diagnostics) {
    write(diagnostics.iter());
}

fn write<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) {
    let mut stderr = io::stderr().lock();
    for diagnostic in diagnostics {
        // A closed standard error must not cost the report.
        let _ = writeln!(stderr, "{diagnostic}");
    }
}
