//! ca-impact
pub mod diagnostic;
pub mod domain;
pub mod frame;
pub mod pages;
pub mod policy;
pub mod tenant;
