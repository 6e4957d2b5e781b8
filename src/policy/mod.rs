//! Candidate policies: what Graph writes, how files become it, and the templates that come with the program.
//!
//! [`load()`] turns command-line arguments into [`Candidate`]s. [`wire`] is the policy as written,
//! without meaning. Nothing here knows a sign-in.

mod error;
mod files;
mod load;
mod members;
mod modified;
mod reading;
mod strength;
pub mod template;
pub mod wire;
mod written;

pub use error::PolicyErrors;
pub use load::{Candidate, load};
#[cfg(test)]
pub(crate) use members::spelling;
pub use modified::Modified;
pub use written::Written;
