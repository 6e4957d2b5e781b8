//! The report as JSON, one file a version.

pub(super) mod v1;
pub(super) mod verification;
