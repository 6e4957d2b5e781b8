//! `ca-impact collect`: a PowerShell script that exports exactly what a set of policies needs.
//!
//! `reads` says what policies look at, `export` how each of those facts is had from Microsoft Graph, and
//! [`script()`] puts the pieces together, in the layout that [`crate::tenant`] reads. Nothing is asked of anybody
//! here: the script is text.

mod export;
mod quote;
mod reads;
mod script;

pub use script::{MOST_DAYS, script};

#[cfg(test)]
mod tests;
