//! The one integration binary: polars is linked once. Where a new test belongs:
//!
//! * [`cases`]: behaviour in an administrator's words; a new rule of Conditional Access goes there first;
//! * [`explanation`]: explanations say what the verdicts say;
//! * [`differential`]: the replay against the slow evaluator of [`reference`], over random tenants of [`generator`];
//! * [`fixtures`]: the same rows in every shape of export, which must give the same frame: a new format goes there too;
//! * [`invariants`]: what holds for every policy and log, as properties;
//! * [`bulk`]: the large logs of benches are what they say they are;
//! * [`inspection`]: what `inspect` says of exports, as sealed snapshots and as JSON;
//! * [`evidence`]: how much a report rests on, and the accounts that must not be kept out;
//! * [`terminal`]: what a person sees, errors included, as sealed snapshots;
//! * [`collect`]: the script that exports what policies need;
//! * [`counting`]: classes of attempts are counted as each attempt and policy would be, one by one;
//! * [`bulk`]: the large logs of benches say what small ones say;
//! * [`partitions`]: people apart, in memory or in files, give the same answer;
//! * [`lint`]: what a person and a script see of mistakes in policies;
//! * [`samples`]: the sample data and the answers typed in its READMEs;
//! * [`verification`], [`verification_page`], [`verification_random`]: replayed results against those that a log recorded;
//! * [`tidy`]: house rules.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test fails by panicking; the lint settings reach `#[test]` functions but not their helpers"
)]

mod bulk;
#[path = "cases/runner.rs"]
mod cases;
mod collect;
mod converted;
mod counting;
mod differential;
mod evidence;
mod explanation;
mod explanation_page;
mod fixtures;
mod generator;
mod hostile;
mod inspection;
mod invariants;
mod lint;
mod partitions;
mod powershell;
mod program;
mod reference;
mod samples;
mod terminal;
mod tidy;
mod verification;
mod verification_log;
mod verification_page;
mod verification_random;
