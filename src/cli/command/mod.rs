//! One file a subcommand.

pub(super) mod completions;
pub(super) mod man;
pub(super) mod replay;
pub(super) mod template;
pub(super) mod verify;
