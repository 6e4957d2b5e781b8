//! The lints, one file a family. A lint is a function that looks at a policy and says what is wrong where.

pub(super) mod applications;
pub(super) mod clients;
pub(super) mod controls;
pub(super) mod devices;
pub(super) mod emergency;
pub(super) mod guests;
pub(super) mod ids;
pub(super) mod lists;
pub(super) mod locations;
pub(super) mod password;
pub(super) mod platforms;
pub(super) mod report_only;
pub(super) mod risk;
pub(super) mod session;
pub(super) mod shape;
pub(super) mod users;
pub(super) mod words;
pub(super) mod workloads;
