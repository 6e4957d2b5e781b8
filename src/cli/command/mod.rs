//! One file a subcommand.

pub(super) mod collect;
pub(super) mod completions;
pub(super) mod convert;
pub(super) mod explain;
pub(super) mod inspect;
pub(super) mod lint;
pub(super) mod man;
pub(super) mod replay;
pub(super) mod template;
pub(super) mod verify;
