//! Which attempts are counted: by their terminal row, after all evidence is gathered.

use crate::attempt::{Attempt, Attempts, Step};
use crate::domain::folded;
use crate::frame::{Column, Place, parsed};

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

/// The attempts in scope: places in the list, in its order.
#[must_use]
pub(super) fn choose(attempts: &Attempts, scope: &args::Scope) -> Vec<usize> {
    let newest = attempts.frame.created().iter().copied().max().unwrap_or_default();
    let from = scope.from.map(|when| when.first(newest));
    let to = scope.to.map(|when| when.last(newest));
    // Every distinct text is compared once; what is not recorded is nobody's name.
    let wanted = |typed: &[String], column: Column, read: fn(&str) -> Option<String>| {
        let typed: Vec<String> = typed.iter().map(|text| folded(text)).collect();
        let is_typed = |text: &str| !text.is_empty() && read(text).is_some_and(|text| typed.contains(&folded(&text)));
        let by_code = || attempts.frame.dictionary(column).iter().map(is_typed).collect::<Vec<bool>>();
        (column, (!typed.is_empty()).then(by_code))
    };
    let whole = |text: &str| Some(text.to_owned());
    let users = [Column::UserId, Column::UserPrincipalName].map(|column| wanted(&scope.user, column, whole));
    let apps = [Column::AppId, Column::AppDisplayName].map(|column| wanted(&scope.app, column, whole));
    let country = |text: &str| parsed::<Place>(text).country_or_region;
    let countries = [wanted(&scope.country, Column::Location, country)];
    let any = |wanted: &[(Column, Option<Vec<bool>>)], attempt: &Attempt| {
        wanted.iter().any(|(column, is_wanted)| {
            let code = attempts.code(attempt, *column);
            is_wanted.as_ref().is_none_or(|is_wanted| is_wanted.get(code as usize) == Some(&true))
        })
    };
    let is_in = |attempt: &Attempt| {
        let time = attempts.created(attempt);
        from.is_none_or(|from| time >= from)
            && to.is_none_or(|to| time <= to)
            && any(&users, attempt)
            && any(&apps, attempt)
            && any(&countries, attempt)
            && (scope.risk.is_empty() || scope.risk.contains(&attempt.risk))
            && match scope.interactive {
                Interactive::Only => attempt.interactive,
                Interactive::Also => true,
                Interactive::Not => !attempt.interactive,
            }
    };
    attempts.list.iter().enumerate().filter(|(_, attempt)| is_in(attempt)).map(|(place, _)| place).collect()
}

/// The waterfall, with what the scope leaves out before the population: it still adds up.
#[must_use]
pub(super) fn waterfall(attempts: &Attempts, scoped: &[usize]) -> Vec<Step> {
    let mut steps = attempts.waterfall.clone();
    if scoped.len() == attempts.list.len() {
        return steps;
    }
    let mut is_in = vec![false; attempts.list.len()];
    for place in scoped {
        if let Some(is_in) = is_in.get_mut(*place) {
            *is_in = true;
        }
    }
    let count = |step: &'static str, reason: Option<&'static str>, wanted: bool| {
        let chosen =
            || attempts.list.iter().zip(&is_in).filter(|(_, is_in)| **is_in == wanted).map(|(attempt, _)| attempt);
        let mut users: Vec<_> = chosen().map(|attempt| attempt.user).collect();
        users.sort_unstable();
        users.dedup();
        Step {
            step,
            reason,
            rows: chosen().map(|attempt| attempt.rows.len() as u64).sum(),
            attempts: Some(chosen().count() as u64),
            users: users.len() as u64,
        }
    };
    let left_out = count("outOfScope", Some("scope"), false);
    let left = count("population", None, true);
    steps.pop();
    steps.extend([left_out, left]);
    steps
}
