//! Seeded tenants, logs and policies: the data of tests, of benches and of the folder `sample-data`.
//!
//! * [`world`]: random tenants, made to set two evaluators against each other;
//! * [`formats`]: rows as text in every export shape;
//! * [`bulk`]: large logs for benches;
//! * [`samples`]: the files of `sample-data`, from typed scenarios whose outcome can be counted by hand.
//!
//! One seed gives the same bytes on every machine: draws come from one stream, nothing iterates a hash table, nobody
//! asks the clock.
#![allow(dead_code, unreachable_pub, reason = "`pub` marks what a test may use; each test crate uses a part")]
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "test code: a failed expectation is a fault of the generator"
)]

mod attempts;
pub mod bulk;
pub mod cast;
mod controls;
mod copies;
pub mod dice;
mod evidence;
mod filters;
pub mod formats;
mod policies;
pub mod record;
pub mod samples;
mod tenant;
pub mod text;
pub mod world;
