//! ca-impact
pub mod attempt;
pub mod compile;
pub mod diagnostic;
pub mod domain;
pub mod export;
pub mod frame;
pub mod impact;
pub mod pages;
pub mod policy;
pub mod replay;
pub mod report;
pub mod tenant;
