//! Candidate policies: the wire model and how files become it.
mod reading;
pub mod wire;
