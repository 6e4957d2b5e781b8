//! Which rows are one attempt (GRP-1 … GRP-5, C3, C4).

use std::collections::BTreeMap;

use crate::frame::Time;

use super::population::Class;
use super::rows::{FoldedCode, Rows};

const SECOND: Time = 1_000_000;
/// A group that ends with an interrupt is continued within ten minutes (GRP-2).
const CONTINUES_WITHIN: Time = 10 * 60 * SECOND;
/// A correlation id is one attempt up to a gap of thirty minutes (GRP-2).
const GAP: Time = 30 * 60 * SECOND;

/// Groups rows into attempts; the rows of each are in the order of C5.
#[must_use]
pub fn group(facts: &Rows<'_>, mut rows: Vec<usize>) -> Vec<Vec<usize>> {
    rows.sort_by(|one, two| facts.user(*one).cmp(&facts.user(*two)).then_with(|| facts.in_order(*one, *two)));
    let mut attempts = Vec::new();
    for of_one in rows.chunk_by(|one, two| facts.user(*one) == facts.user(*two)) {
        group_user(facts, of_one, &mut attempts);
    }
    attempts
}

/// The rows of one person, in order, become attempts.
fn group_user(facts: &Rows<'_>, rows: &[usize], attempts: &mut Vec<Vec<usize>>) {
    let mut by_request: BTreeMap<(bool, FoldedCode), Vec<usize>> = BTreeMap::new();
    let mut by_correlation: BTreeMap<(bool, FoldedCode), Vec<usize>> = BTreeMap::new();
    for row in rows.iter().copied() {
        let interactive = facts.interactive(row);
        if !facts.has_user_id(row) {
            // Nobody knows whose row it is: it stands alone (C3).
            attempts.push(vec![row]);
        } else if let Some(request) = facts.original_request(row) {
            by_request.entry((interactive, request)).or_default().push(row);
        } else if let Some(correlation) = facts.correlation(row) {
            by_correlation.entry((interactive, correlation)).or_default().push(row);
        } else {
            attempts.push(vec![row]);
        }
    }
    for interactive in [true, false] {
        let groups = by_request.iter().filter(|(key, _)| key.0 == interactive).map(|(_, rows)| rows.clone()).collect();
        join_continued(facts, groups, attempts);
    }
    for rows in by_correlation.values() {
        split_by_time(facts, rows, attempts);
    }
}

/// A group that ends with an interrupt is continued by a later group of the same client request (C3).
fn join_continued(facts: &Rows<'_>, mut groups: Vec<Vec<usize>>, attempts: &mut Vec<Vec<usize>>) {
    let first = |group: &Vec<usize>| group.first().copied().unwrap_or_default();
    groups.sort_by(|one, two| facts.in_order(first(one), first(two)));
    let mut groups = std::collections::VecDeque::from(groups);
    while let Some(mut group) = groups.pop_front() {
        while let Some(last) = group.last().copied() {
            if !matches!(facts.class(last), Class::CaInt | Class::Post) {
                break;
            }
            let continues = |later: &Vec<usize>| {
                let start = first(later);
                let waited = facts.created(start) - facts.created(last);
                (0..=CONTINUES_WITHIN).contains(&waited)
                    && facts.correlation(last).is_some()
                    && facts.correlation(last) == facts.correlation(start)
                    && facts.app(last).is_some()
                    && facts.app(last) == facts.app(start)
            };
            let Some(next) = groups.iter().position(continues).and_then(|place| groups.remove(place)) else { break };
            group.extend(next);
            group.sort_by(|one, two| facts.in_order(*one, *two));
        }
        attempts.push(group);
    }
}

/// Rows of one correlation id are split by gaps and after a success (C4).
fn split_by_time(facts: &Rows<'_>, rows: &[usize], attempts: &mut Vec<Vec<usize>>) {
    let mut group: Vec<usize> = Vec::new();
    for row in rows.iter().copied() {
        let starts_anew = group.last().is_some_and(|previous| {
            let gap = facts.created(row) - facts.created(*previous);
            let after_success = group.iter().any(|earlier| {
                facts.error_code(*earlier) == Some(0)
                    && facts.created(*earlier).div_euclid(SECOND) != facts.created(row).div_euclid(SECOND)
            });
            gap > GAP || after_success
        });
        if starts_anew {
            attempts.push(std::mem::take(&mut group));
        }
        group.push(row);
    }
    if !group.is_empty() {
        attempts.push(group);
    }
}
