//! ca-impact
pub mod diagnostic;
pub mod domain;
pub mod frame;
pub mod ingest;
pub mod policy;
