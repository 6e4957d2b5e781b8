//! What is at fault where replayed and recorded results differ.
//!
//! Entra lists the conditions it tested (formats, section 11): the application first, users next, and after these all
//! the others that are configured. What is not listed was not tested, unless the policy applied: then every condition
//! was satisfied, in exports without lists too. A condition that the policy at hand does not configure matches
//! everything (NUL-1); one that Entra tested all the same was configured when the log was written.

use std::collections::BTreeMap;

use crate::domain::{Condition, Match, RecordedResult};
use crate::frame::AppliedPolicy;

use super::model::{ConditionName, Fault, FaultyCondition};

/// The fault of one attempt, and the recorded rules of the conditions at fault.
///
/// `answers` are those of the replay, one a configured condition; `unmet` are the controls unmet by the replay.
pub(super) fn fault(
    answers: &[(Condition, Match)],
    unmet: &[String],
    entry: &AppliedPolicy,
    recorded: RecordedResult,
) -> (Fault, Vec<String>) {
    let theirs = recorded_answers(answers, entry, recorded);
    let conditions: Vec<FaultyCondition> = theirs
        .into_iter()
        .filter_map(|(name, recorded)| {
            let ours = answer(answers, &name);
            let configured = ours.is_some();
            // What is not configured matches everything; what is unknown contradicts nothing.
            let contradicts = ours.unwrap_or(Match::Yes) == Match::from(!recorded);
            contradicts.then_some(FaultyCondition { name, recorded, configured })
        })
        .collect();
    if !conditions.is_empty() {
        let rules = rules(&conditions, entry);
        return (Fault::Conditions(conditions), rules);
    }
    if recorded.applied() == Some(true) {
        return (Fault::Controls(unmet.to_vec()), Vec::new());
    }
    (Fault::NotListed, Vec::new())
}

/// The replay's answer to a condition by this name; none where it is not configured.
fn answer(answers: &[(Condition, Match)], name: &ConditionName) -> Option<Match> {
    let of = |wanted: Condition| {
        answers.iter().filter(|(condition, _)| *condition == wanted).map(|(_, answer)| *answer).reduce(Match::and)
    };
    match name {
        ConditionName::Ours(condition) => of(*condition),
        // A condition that nobody here has a rule for: perhaps the one that is configured and not modelled.
        ConditionName::Theirs(_) => of(Condition::Unmodelled),
    }
}

/// What Entra said of each condition, in the order of CON-5, its own words last.
fn recorded_answers(
    answers: &[(Condition, Match)],
    entry: &AppliedPolicy,
    recorded: RecordedResult,
) -> BTreeMap<ConditionName, bool> {
    let lists = [(&entry.conditions_satisfied, true), (&entry.conditions_not_satisfied, false)];
    let mut said: BTreeMap<ConditionName, Vec<bool>> = BTreeMap::new();
    let mut aside: BTreeMap<ConditionName, Vec<bool>> = BTreeMap::new();
    for (list, value) in lists {
        for word in list.iter().flatten() {
            match name(word) {
                (name, true) => said.entry(name).or_default().push(value),
                (name, false) => aside.entry(name).or_default().push(value),
            }
        }
    }
    for (name, values) in aside {
        said.entry(name).or_insert(values);
    }
    if recorded.applied() == Some(true) {
        for (condition, _) in answers {
            said.entry(ConditionName::Ours(*condition)).or_insert_with(|| vec![true]);
        }
    }
    // A name in both lists says nothing.
    said.into_iter()
        .filter_map(|(name, values)| match values.as_slice() {
            [first, rest @ ..] if rest.iter().all(|value| value == first) => Some((name, *first)),
            _ => None,
        })
        .collect()
}

/// The condition that a recorded word stands for, and whether it does so by itself.
///
/// `deviceState` and `client` are both seen for a device filter (CON-5); the address as Entra saw it stands beside
/// `location` since 2025 and is the same condition (formats, section 11).
fn name(word: &str) -> (ConditionName, bool) {
    if word.eq_ignore_ascii_case("client") {
        return (ConditionName::Ours(Condition::DeviceState), false);
    }
    if ["ipAddressSeenByAzureAD", "ipAddressSeenByResourceProvider"].iter().any(|one| word.eq_ignore_ascii_case(one)) {
        return (ConditionName::Ours(Condition::Location), false);
    }
    let ours = Condition::ALL
        .into_iter()
        .filter(|condition| *condition != Condition::Unmodelled)
        .find(|condition| condition.word().eq_ignore_ascii_case(word));
    (ours.map_or_else(|| ConditionName::Theirs(word.to_owned()), ConditionName::Ours), true)
}

/// Recorded rules of these conditions, such as `excluded by users:groupId`.
fn rules(conditions: &[FaultyCondition], entry: &AppliedPolicy) -> Vec<String> {
    let lists = [("included", &entry.include_rules_satisfied), ("excluded", &entry.exclude_rules_satisfied)];
    let mut rules: Vec<String> = lists
        .into_iter()
        .flat_map(|(side, list)| list.iter().map(move |rule| (side, rule)))
        .filter(|(_, rule)| {
            let condition = rule.split_once(':').map_or(rule.as_str(), |(condition, _)| condition);
            let (of_rule, _) = name(condition);
            conditions.iter().any(|one| one.name == of_rule)
        })
        .map(|(side, rule)| format!("{side} by {rule}"))
        .collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[cfg(test)]
mod tests {
    use super::fault;
    use crate::domain::{Condition, Match, RecordedResult, Spelled};
    use crate::frame::AppliedPolicy;
    use crate::verify::Fault;

    /// `users location` that are satisfied, `clientType` that are not; `-` for a list that is not recorded.
    fn entry(satisfied: &str, not: &str, rules_out: &[&str]) -> AppliedPolicy {
        let list = |text: &str| (text != "-").then(|| text.split_whitespace().map(str::to_owned).collect());
        AppliedPolicy {
            conditions_satisfied: list(satisfied),
            conditions_not_satisfied: list(not),
            exclude_rules_satisfied: rules_out.iter().map(|rule| (*rule).to_owned()).collect(),
            ..AppliedPolicy::default()
        }
    }

    fn told(ours: &[(Condition, Match)], entry: &AppliedPolicy, result: &str) -> String {
        let (fault, rules) = fault(ours, &["mfa".to_owned()], entry, RecordedResult::spelled(result).unwrap());
        let mut told = fault.words().join(" ");
        match fault {
            Fault::Conditions(conditions) => {
                told += if conditions.iter().all(|one| one.configured) { "" } else { ", not configured here" };
            }
            Fault::Controls(unmet) => told += &format!(" {}", unmet.join(" ")),
            Fault::NotListed => {}
        }
        if rules.is_empty() { told } else { format!("{told} ({})", rules.join(", ")) }
    }

    #[test]
    fn a_condition_is_at_fault_where_both_say_the_opposite() {
        use Condition::{Application, ClientType, DevicePlatform, DeviceState, Location, Users};
        use Match::{No, Unknown, Yes};
        let all = |users, client| [(Application, Yes), (Users, users), (ClientType, client)];
        let excluded = ["users:groupId", "application:allApps"];
        for (ours, entry, result, expected) in [
            (
                &all(Yes, Yes)[..],
                entry("application", "users", &excluded),
                "notApplied",
                "users (excluded by users:groupId)",
            ),
            (&all(No, Yes), entry("application users clientType", "", &[]), "success", "users"),
            // A policy that applied had all of its conditions satisfied, listed or not.
            (&all(No, No), entry("-", "-", &[]), "failure", "users clientType"),
            // Nothing is listed of conditions that were not tested.
            (&all(Yes, Yes), entry("-", "-", &[]), "notApplied", "notListed"),
            (&all(Yes, Yes), entry("application users clientType", "", &[]), "reportOnlyFailure", "controls mfa"),
            // What is unknown here contradicts nothing.
            (&all(Unknown, Yes), entry("application users", "clientType", &[]), "notApplied", "clientType"),
            // Tested there and not configured here: the policy was another one.
            (
                &all(Yes, Yes),
                entry("application users clientType", "devicePlatform", &[]),
                "notApplied",
                "devicePlatform, not configured here",
            ),
            (&[(DevicePlatform, No)], entry("application users", "", &[]), "success", "devicePlatform"),
            // Other words for the same condition.
            (&[(DeviceState, Yes)], entry("application users", "client", &[]), "notApplied", "deviceState"),
            (
                &[(Location, Yes)],
                entry("application users", "location ipAddressSeenByAzureAD", &[]),
                "notApplied",
                "location",
            ),
            (&[(Location, Yes)], entry("location", "ipAddressSeenByAzureAD", &[]), "notApplied", "notListed"),
            (&[(Location, Yes)], entry("application users", "ipAddressSeenByAzureAD", &[]), "notApplied", "location"),
            // Words of Entra that have no rule here.
            (
                &[(Users, Yes)],
                entry("application users", "moonPhase", &[]),
                "notApplied",
                "moonPhase, not configured here",
            ),
            (
                &[(Users, Yes), (Condition::Unmodelled, Unknown)],
                entry("users", "moonPhase", &[]),
                "notApplied",
                "notListed",
            ),
        ] {
            assert_eq!(told(ours, &entry, result), expected, "{entry:?}");
        }
    }
}
