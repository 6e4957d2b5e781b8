//! One file a subcommand.

pub(super) mod completions;
pub(super) mod convert;
pub(super) mod explain;
pub(super) mod inspect;
pub(super) mod man;
pub(super) mod replay;
pub(super) mod template;
