//! What the process tells the shell. The whole contract is this enum (contract section 2).

use std::process::{ExitCode, Termination};

/// Exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: the report was written, within its limits.
    Done,
    /// 1: an input or output could not be used, or a fault of ours.
    Failed,
    /// 2: the command line or a policy is wrong; nothing was replayed.
    Usage,
    /// 3: the report was written, and a limit of `--fail-on` was crossed or a finding is denied.
    LimitCrossed,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(match self {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::LimitCrossed => 3,
        })
    }
}
