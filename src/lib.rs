//! ca-impact
pub mod diagnostic;
pub mod domain;
pub mod frame;
pub mod policy;
