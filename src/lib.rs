//! `ca-impact` replays exported Microsoft Entra sign-in logs against candidate Conditional Access
//! policies and says, before a policy is set to on: how many high- and medium-risk sign-ins, and
//! which people, would be challenged or blocked. What the log cannot tell is a range, with the fact
//! that would settle it.
//!
//! # The tour
//!
//! ```text
//!           partitions of users: each on its own, and what they give adds up
//!                       ┌───────────────────────┐
//!  exports ─▶ ingest ─▶ frame ─▶ attempts ──────┐
//!                         │                     │
//!                    dictionaries               ▼
//!                         ▼                  replay ─▶ impact ─▶ report ─▶ terminal · json · markdown · csv
//!  policies ─▶ policy ─▶ compile ─▶ rules ──────▲
//!  tenant ─────────────────▲                    ├─▶ export ─▶ verdicts as csv · ndjson · parquet · arrow
//!                                               └─▶ verify ─▶ report: replayed against recorded results
//!                                                             canonical columns as parquet · arrow
//!
//!  exports ─▶ ingest ─▶ frame ─▶ inspect: what is recorded, and so what can be replayed
//!  attempts, rules, replay ─▶ explain: why one sign-in comes out as it does
//! ```
//!
//! 1. [`ingest`] turns exports of any shape into one canonical [`frame::SignInFrame`]: dense columns
//!    of small codes with their dictionaries. Code 0 is "not recorded". Packed files are unpacked, records that
//!    another system wrapped are unwrapped, and companions (detections, authentication details) are joined.
//! 2. [`attempt::gather`] merges copies, sets rows aside that no candidate can apply to, groups the
//!    rest into attempts, and reads the evidence of MFA. Everything there is local to one person.
//! 3. [`policy`] reads candidates into [`policy::wire`], which mirrors Microsoft Graph and loses
//!    nothing; [`tenant`] reads the facts that a log lacks. A fact that is not supplied is unknown.
//! 4. [`compile::compile`] decides each condition once per distinct value and each policy's controls
//!    once per distinct evidence: a [`compile::rule::Rule`] is made of lookup tables.
//!    [`lint`] looks at the same policies for mistakes, before any log is read.
//! 5. [`replay::replay`] is look-ups and minimum/maximum, in parallel over people, and gives a
//!    [`domain::Verdict`]: a range whenever the evidence does not decide.
//! 6. [`impact`] is sums of whole numbers that merge by `+`; [`report::build`] sorts and names them
//!    once; a renderer decides nothing. [`export`] lists every verdict, and writes frames for other engines.
//! 7. [`verify`] holds what was replayed against what Entra itself recorded, and names the condition at fault. What is
//!    verified is no evidence for itself.
//! 8. [`partition`] does all of that for some people at a time: everything is local to one person but for what
//!    [`partition::settle`] finds first. Partitions lie in memory, or in files where memory is short; however many there
//!    are, the answer is the same bytes.
//! 9. [`inspect`] counts what rows record, without any policy, and says what can be replayed from it; [`collect`]
//!    writes the script that exports what a set of policies needs, and nothing else.
//! 10. [`explain`] tells one sign-in from its rows to its verdicts. It judges nothing a second time: answers and
//!     standings are asked of the same rules, and a test holds every explanation against the verdicts.
//! 11. [`cli`] is the edge: the only module that reads the terminal or the environment.
//!
//! Whatever was not understood on the way is a [`diagnostic::Diagnostic`] with a file and a place.
//! It widens a range and never narrows one: [`domain::Match::Unknown`] is never turned into yes or no.
//!
//! The rules of Conditional Access come from Microsoft's documentation and from measured records;
//! their tags (CON-2, F4, GRP-1, C21 …) stand beside the code that follows them.
//!
//! # One obvious place for each change
//!
//! | change | write | add one line to | then the machine insists |
//! |---|---|---|---|
//! | an export format | `ingest/format/<name>.rs` | `FORMATS` there | a fixture that is recognised as itself only and gives an equal frame |
//! | a condition | `compile/condition/<name>.rs` | [`policy::wire`], `compile/condition/mod.rs`, [`inspect::abilities::ABILITIES`] | the slow evaluator; a case file; a probe of `inspect`; what `collect` has it read; the words of `explain` |
//! | a control | `compile/control/<name>.rs` | [`compile::control::Control`] and its list, [`inspect::abilities::ABILITIES`] | every `match` on it, those of `explain` too; a case file; a probe of `inspect` |
//! | a signal of a row | a line of `inspect/recorded.rs` | [`inspect::signals::SIGNALS`] | its test |
//! | a tenant fact | `tenant/<name>.rs` | [`tenant::FACTS`], [`tenant::FactName`] | the readers of [`tenant::Tenant`]; how `collect` has it exported |
//! | a lint | `lint/rule/<family>.rs` | [`lint::LINTS`] | a bad and a good policy |
//! | a template | `policy/template/<name>.json` | the list there | it loads with nothing left over |
//! | an error code | a line of `attempt/population.rs` | – | the table's test |
//! | a recorded word | [`domain::RecordedResult`] and its spelling | – | every `match` on it |
//! | a report column | `report/columns.rs` | – | every renderer's test |
//! | an output format | `report/<name>.rs` | [`report::Format`] | the shared fixture, hostile text included |
//! | a figure for `--fail-on` | a line of `cli/limit.rs` | – | its test |
//!
//! # Direction
//!
//! Each module may use what stands before it: `domain`, `diagnostic`, `frame`, `pages`; then `policy` and
//! `tenant`; `ingest` (beside them, above `frame`); `attempt`; `compile`; `lint` (beside what follows); `impact`;
//! `replay`; `report` and `export`; `partition`, `inspect`, `explain` and `collect`; `cli`. A test reads the `use crate::`
//! lines against that order. Only `ingest`, `partition` and `replay` work in parallel (`cli` says with how many threads), only `frame`,
//! `ingest` and `export` may name polars, and `domain` knows neither serde nor files.

pub mod attempt;
pub mod cli;
pub mod collect;
pub mod compile;
pub mod diagnostic;
pub mod domain;
pub mod explain;
pub mod export;
pub mod frame;
pub mod impact;
pub mod ingest;
pub mod inspect;
pub mod lint;
pub mod pages;
pub mod partition;
pub mod policy;
pub mod replay;
pub mod report;
pub mod tenant;
pub mod verify;
