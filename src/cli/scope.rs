//! The scope as it is typed.

use crate::attempt::scope::Scope;
use crate::domain::folded;
use crate::frame::Time;

use super::Failure;
use super::args::{self, Interactive};

/// Refuses a scope that can hold nothing, whatever the log: a pipeline would take its zeros for an answer.
pub(super) fn check(scope: &args::Scope) -> Result<(), Failure> {
    let (Some(from), Some(to)) = (scope.from, scope.to) else { return Ok(()) };
    // What depends on the newest row is as far from it on both sides.
    let is_empty = from.is_relative() == to.is_relative() && from.first(0) > to.last(0);
    if is_empty {
        let help = "write the earlier time as `--from` and the later one as `--to`";
        return Err(Failure::usage("command line", "`--from` is after `--to`", help));
    }
    Ok(())
}

/// The scope, given the newest row of the log.
pub(super) fn resolved(typed: &args::Scope, newest: Option<Time>) -> Scope {
    let newest = newest.unwrap_or_default();
    let list = |typed: &[String]| typed.iter().map(|text| folded(text)).collect();
    Scope {
        from: typed.from.map(|when| when.first(newest)),
        to: typed.to.map(|when| when.last(newest)),
        users: list(&typed.user),
        apps: list(&typed.app),
        countries: list(&typed.country),
        risk: typed.risk.clone(),
        interactive: match typed.interactive {
            Interactive::Only => Some(true),
            Interactive::Also => None,
            Interactive::Not => Some(false),
        },
    }
}
