//! What recorded results prove about membership and locations at the time of a sign-in (CON-7, C30).
//!
//! A log says which *kind* of rule included or excluded a sign-in, never which group or location it was. Only the
//! text of the policy tells, so nothing is proven but through policies that are given with `--existing`, and only
//! where that text leaves one possibility.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::Attempts;
use crate::attempt::rows::Rows;
use crate::domain::{RecordedResult, Spelled, fold, folded};
use crate::frame::{AppliedPolicy, Column, Time};
use crate::policy::wire::{Locations, Policy, Users};
use crate::policy::{Candidate, Modified};

use super::condition::unmodelled;

/// The token for every trusted location, which is proven like a location of its own.
pub const ALL_TRUSTED: &str = "alltrusted";

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Of {
    /// Being in a group.
    Group,
    /// Holding a role.
    Role,
    /// Being at a named location.
    Location,
}

impl Of {
    /// The word in the column `missing` and in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Of::Group => "group",
            Of::Role => "role",
            Of::Location => "location",
        }
    }
}

/// Something that a recorded policy proves of one sign-in.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fact {
    /// What it is about.
    pub of: Of,
    /// Of which group, role or location: folded id, or [`ALL_TRUSTED`].
    pub id: String,
    /// Whether it was so.
    pub holds: bool,
}

/// What is said of this group, role or location (folded id).
#[must_use]
pub fn said(facts: &[Fact], of: Of, id: &str) -> Option<bool> {
    facts.iter().find(|fact| fact.of == of && fact.id == id).map(|fact| fact.holds)
}

/// The inclusion or the exclusion of one condition.
#[derive(Debug, Default)]
struct Side {
    channels: Vec<Channel>,
    /// Everything is in, whatever the channels say.
    takes_all: bool,
    /// There are other ways in, of which nothing is proven here.
    has_others: bool,
}

/// One way in, and the kind of rule that a log records for it.
#[derive(Debug)]
struct Channel {
    of: Of,
    id: String,
    rule: &'static str,
}

impl Side {
    fn is_empty(&self) -> bool {
        self.channels.is_empty() && !self.takes_all && !self.has_others
    }

    /// What follows from this side having matched or not.
    fn facts(self, matched: Option<bool>, rules: &[String]) -> Vec<Fact> {
        let is_only = self.channels.len() == 1 && !self.takes_all && !self.has_others;
        let mut of_kind: HashMap<&'static str, usize, FxBuildHasher> = HashMap::default();
        for channel in &self.channels {
            *of_kind.entry(channel.rule).or_default() += 1;
        }
        let is_named = |rule: &str| rules.iter().any(|named| named == rule) && of_kind.get(rule) == Some(&1);
        let proven = |channel: &Channel| match matched {
            // None of the ways in was taken.
            Some(false) => Some(false),
            // The only one was, or the only one of a recorded kind.
            Some(true) => (is_only || is_named(channel.rule)).then_some(true),
            None => None,
        };
        let facts = self
            .channels
            .iter()
            .filter_map(|channel| proven(channel).map(|holds| Fact { of: channel.of, id: channel.id.clone(), holds }));
        facts.collect()
    }
}

/// What one entry of a log proves, given the text of its policy. Sorted; nothing is said twice.
#[must_use]
pub fn proven(policy: &Policy, entry: &AppliedPolicy) -> Vec<Fact> {
    let unmodelled = unmodelled(policy);
    let has_more = |place: &str| unmodelled.iter().any(|name| name.starts_with(place));
    let (include, exclude) = sides_of_users(&policy.conditions.users, has_more("users."));
    let mut facts = of_condition(include, exclude, entry, "users");
    if let Some(locations) = &policy.conditions.locations {
        let (include, exclude) = sides_of_locations(locations, has_more("locations."));
        facts.extend(of_condition(include, exclude, entry, "location"));
    }
    agreed(facts)
}

/// Sorted, each once; of what is said both ways nothing is left.
fn agreed(mut facts: Vec<Fact>) -> Vec<Fact> {
    facts.sort_unstable();
    facts.dedup();
    let same = |one: &Fact, two: &Fact| one.of == two.of && one.id == two.id;
    facts.chunk_by(same).filter(|said| said.len() == 1).flatten().cloned().collect()
}

fn sides_of_users(users: &Users, has_more: bool) -> (Side, Side) {
    let side = |tokens: &[String], groups: &[String], roles: &[String], has_others: bool| {
        let groups = groups.iter().map(|id| Channel { of: Of::Group, id: folded(id), rule: "groupid" });
        let roles = roles.iter().map(|id| Channel { of: Of::Role, id: folded(id), rule: "roleid" });
        let tokens: Vec<String> = tokens.iter().map(|token| folded(token)).collect();
        Side {
            channels: groups.chain(roles).collect(),
            takes_all: tokens.iter().any(|token| token == "all"),
            has_others: has_others || tokens.iter().any(|token| token != "all" && token != "none"),
        }
    };
    let guests_in = users.include_guests_or_external_users.is_some();
    let guests_out = users.exclude_guests_or_external_users.is_some();
    (
        side(&users.include_users, &users.include_groups, &users.include_roles, guests_in || has_more),
        side(&users.exclude_users, &users.exclude_groups, &users.exclude_roles, guests_out || has_more),
    )
}

fn sides_of_locations(locations: &Locations, has_more: bool) -> (Side, Side) {
    let side = |tokens: &[String]| {
        let tokens: Vec<String> = tokens.iter().map(|token| folded(token)).collect();
        let takes_all = tokens.iter().any(|token| token == "all");
        let rule = |token: &str| if token == ALL_TRUSTED { "alltrustedlocations" } else { "locationid" };
        let channels = tokens.into_iter().filter(|token| token != "all").map(|id| {
            let rule = rule(&id);
            Channel { of: Of::Location, id, rule }
        });
        Side { channels: channels.collect(), takes_all, has_others: has_more }
    };
    let mut include = side(&locations.include_locations);
    // An exclude list alone includes all (NUL-3).
    include.takes_all |= locations.include_locations.is_empty();
    (include, side(&locations.exclude_locations))
}

/// Included and not excluded (CON-3), read backwards. Rules of a condition that was not tested say nothing.
fn of_condition(include: Side, exclude: Side, entry: &AppliedPolicy, condition: &str) -> Vec<Fact> {
    let Some(satisfied) = condition_value(entry, condition) else { return Vec::new() };
    let rules_in = rules_of(&entry.include_rules_satisfied, condition);
    let rules_out = rules_of(&entry.exclude_rules_satisfied, condition);
    let known = |is: bool| is.then_some(true);
    let included = known(satisfied || include.takes_all || !rules_in.is_empty());
    let excluded = if satisfied || exclude.is_empty() { Some(false) } else { known(!rules_out.is_empty()) };
    let (included, excluded) = match (satisfied, included, excluded) {
        // What is recorded is not what this text does: it was another one.
        (true, _, _) if !rules_out.is_empty() => return Vec::new(),
        (false, Some(true), Some(false)) => return Vec::new(),
        // Not satisfied: not included, or excluded; where one is settled, so is the other.
        (false, Some(true), None) => (Some(true), Some(true)),
        (false, None, Some(false)) => (Some(false), Some(false)),
        (_, included, excluded) => (included, excluded),
    };
    let mut facts = include.facts(included, &rules_in);
    facts.extend(exclude.facts(excluded, &rules_out));
    facts
}

/// Whether a condition was satisfied: as listed, else satisfied where the policy applied, in exports without lists too.
#[must_use]
pub fn condition_value(entry: &AppliedPolicy, condition: &str) -> Option<bool> {
    let lists = |list: &Option<Vec<String>>, name: &str| {
        list.as_ref().is_some_and(|list| list.iter().any(|one| one.eq_ignore_ascii_case(name)))
    };
    let satisfied = lists(&entry.conditions_satisfied, condition);
    let not_satisfied = lists(&entry.conditions_not_satisfied, condition);
    match (satisfied, not_satisfied) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        (true, true) => None,
        (false, false) => RecordedResult::spelled(&entry.result)?.applied().filter(|applied| *applied),
    }
}

/// Kinds of the rules of one condition, folded.
fn rules_of(rules: &[String], condition: &str) -> Vec<String> {
    let of = |rule: &String| {
        let (of, kind) = rule.split_once(':')?;
        of.eq_ignore_ascii_case(condition).then(|| folded(kind))
    };
    rules.iter().filter_map(of).collect()
}

/// What the existing policies prove of each attempt.
#[derive(Debug)]
pub struct Recorded {
    distinct: Vec<Vec<Fact>>, // INVARIANT: each sorted; set 0 is empty.
    codes: Vec<u32>,          // INVARIANT: one an attempt, or none at all where nothing is proven.
}

impl Default for Recorded {
    fn default() -> Recorded {
        Recorded { distinct: vec![Vec::new()], codes: Vec::new() }
    }
}

impl Recorded {
    /// Reads the terminal rows (GRP-5). What was recorded before a policy was edited proves nothing (CON-8).
    #[must_use]
    pub fn read<'a>(
        existing: impl IntoIterator<Item = &'a Candidate>,
        attempts: &Attempts,
        rows: &Rows<'_>,
    ) -> Recorded {
        let existing: Vec<Existing<'_>> =
            existing.into_iter().filter_map(Existing::of).filter(|policy| rows.record(&policy.id)).collect();
        let mut recorded = Recorded::default();
        if existing.is_empty() {
            return recorded;
        }
        let lists = attempts.frame.dictionary(Column::AppliedConditionalAccessPolicies).len();
        let mut of_lists: Vec<Option<OfList>> = Vec::new();
        of_lists.resize_with(lists, || None);
        for attempt in &attempts.list {
            let code = attempts.code(attempt, Column::AppliedConditionalAccessPolicies);
            if let Some(list @ None) = of_lists.get_mut(code as usize) {
                *list = Some(OfList::read(&existing, rows.evidence(attempt.terminal)));
            }
        }
        if of_lists.iter().flatten().all(|list| list.proven.is_empty()) {
            return recorded;
        }
        let mut index: HashMap<Vec<Fact>, u32, FxBuildHasher> = HashMap::default();
        index.insert(Vec::new(), 0);
        for attempt in &attempts.list {
            let list = attempts.code(attempt, Column::AppliedConditionalAccessPolicies);
            let Some(list) = of_lists.get_mut(list as usize).and_then(Option::as_mut) else { continue };
            let created = attempts.created(attempt);
            if let Some(code) = list.code.filter(|_| list.since <= created) {
                recorded.codes.push(code);
                continue;
            }
            let facts = list.proven.iter().filter(|(since, _)| *since <= created);
            let facts = agreed(facts.flat_map(|(_, facts)| facts.iter().cloned()).collect());
            let code = *index.entry(facts).or_insert_with_key(|facts| {
                recorded.distinct.push(facts.clone());
                u32::try_from(recorded.distinct.len() - 1).unwrap_or(0)
            });
            if list.since <= created {
                list.code = Some(code);
            }
            recorded.codes.push(code);
        }
        recorded
    }

    /// The set of an attempt, by its place in the list.
    #[must_use]
    pub fn code(&self, attempt: usize) -> u32 {
        self.codes.get(attempt).copied().unwrap_or(0)
    }

    /// The facts of a set.
    #[must_use]
    pub fn facts(&self, code: u32) -> &[Fact] {
        self.distinct.get(code as usize).map_or(&[], Vec::as_slice)
    }

    /// The same, of these facts alone.
    #[must_use]
    pub fn part(&self, wanted: impl Fn(Of) -> bool) -> Recorded {
        let mut part = Recorded::default();
        let mut index: HashMap<Vec<Fact>, u32, FxBuildHasher> = HashMap::default();
        index.insert(Vec::new(), 0);
        let codes = self.distinct.iter().map(|facts| {
            let facts: Vec<Fact> = facts.iter().filter(|fact| wanted(fact.of)).cloned().collect();
            *index.entry(facts).or_insert_with_key(|facts| {
                part.distinct.push(facts.clone());
                u32::try_from(part.distinct.len() - 1).unwrap_or(0)
            })
        });
        let codes: Vec<u32> = codes.collect();
        part.codes = self.codes.iter().map(|code| codes.get(*code as usize).copied().unwrap_or(0)).collect();
        part
    }

    /// How many attempts something is proven of.
    #[must_use]
    pub fn attempts(&self) -> u64 {
        self.codes.iter().filter(|code| **code != 0).count() as u64
    }
}

/// A policy that was there, its folded id, and since when it reads as it does.
struct Existing<'a> {
    policy: &'a Policy,
    id: String,
    since: Time,
}

impl<'a> Existing<'a> {
    fn of(candidate: &'a Candidate) -> Option<Existing<'a>> {
        let since = match candidate.policy.modified() {
            Modified::Never => Time::MIN,
            Modified::At(time) => time,
            Modified::Unread => return None,
        };
        let id = folded(&candidate.id);
        (!id.is_empty()).then_some(Existing { policy: &candidate.policy, id, since })
    }
}

/// What a list proves, policy by policy, and the set it comes to once every policy reads as it does now.
struct OfList {
    proven: Vec<(Time, Vec<Fact>)>,
    since: Time,
    code: Option<u32>,
}

impl OfList {
    fn read<'a>(existing: &[Existing<'_>], entries: impl Iterator<Item = &'a AppliedPolicy> + Clone) -> OfList {
        let own = |policy: &Existing<'_>| {
            let (since, id) = (policy.since, policy.id.as_str());
            let entries = entries.clone().filter(move |entry| fold(&entry.id) == id);
            entries.map(|entry| (since, proven(policy.policy, entry))).collect::<Vec<_>>()
        };
        let proven: Vec<_> = existing.iter().flat_map(own).filter(|(_, facts)| !facts.is_empty()).collect();
        let since = proven.iter().map(|(since, _)| *since).max().unwrap_or(Time::MIN);
        OfList { proven, since, code: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fact, Of, proven};
    use crate::frame::AppliedPolicy;
    use crate::policy::wire::Policy;

    fn policy(users: &str, locations: &str) -> Policy {
        let text = format!(r#"{{"conditions":{{"users":{users},"locations":{locations}}}}}"#);
        serde_json::from_str(&text).unwrap()
    }

    fn entry(result: &str, satisfied: &[&str], not: &[&str], rules_in: &[&str], rules_out: &[&str]) -> AppliedPolicy {
        let list = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        AppliedPolicy {
            result: result.to_owned(),
            conditions_satisfied: (!satisfied.is_empty()).then(|| list(satisfied)),
            conditions_not_satisfied: (!not.is_empty()).then(|| list(not)),
            include_rules_satisfied: list(rules_in),
            exclude_rules_satisfied: list(rules_out),
            ..AppliedPolicy::default()
        }
    }

    fn told(policy: &Policy, entry: &AppliedPolicy) -> Vec<String> {
        let tell = |Fact { of, id, holds }: Fact| format!("{}{}:{id}", if holds { "" } else { "not " }, Of::word(of));
        proven(policy, entry).into_iter().map(tell).collect()
    }

    #[test]
    fn users_that_matched_were_in_the_only_group_included_and_in_none_excluded() {
        let one = policy(r#"{"includeGroups":["G"],"excludeGroups":["X","Y"],"excludeRoles":["R"]}"#, "null");
        let all = ["group:g", "not group:x", "not group:y", "not role:r"];
        assert_eq!(told(&one, &entry("notApplied", &["application", "users"], &["clientType"], &[], &[])), all);
        // A policy that applied had all of its conditions satisfied, whether the export lists them or not.
        assert_eq!(told(&one, &entry("reportOnlyFailure", &[], &[], &[], &[])), all);
        assert_eq!(told(&one, &entry("notApplied", &[], &[], &[], &[])), [""; 0]);
        assert_eq!(told(&one, &entry("notEnabled", &[], &[], &[], &[])), [""; 0]);
    }

    #[test]
    fn of_several_ways_in_a_recorded_kind_of_rule_tells_which() {
        let several = policy(r#"{"includeUsers":["u1"],"includeGroups":["G"],"includeRoles":["R","S"]}"#, "null");
        let matched = |rules: &[&str]| told(&several, &entry("success", &[], &[], rules, &[]));
        assert_eq!(matched(&["users:groupId"]), ["group:g"]);
        assert_eq!(matched(&["users:roleId"]), [""; 0], "one of two roles");
        assert_eq!(matched(&["users:userId"]), [""; 0]);
        assert_eq!(matched(&["application:allApps"]), [""; 0]);
    }

    #[test]
    fn users_that_did_not_match_were_left_out_by_the_only_way_there_is() {
        let not = |users: &str, rules_out: &[&str]| {
            told(&policy(users, "null"), &entry("notApplied", &["application"], &["users"], &[], rules_out))
        };
        assert_eq!(not(r#"{"includeGroups":["G","H"]}"#, &[]), ["not group:g", "not group:h"]);
        assert_eq!(not(r#"{"includeUsers":["All"],"excludeGroups":["X"]}"#, &[]), ["group:x"]);
        assert_eq!(not(r#"{"includeUsers":["All"],"excludeGroups":["X"],"excludeUsers":["u"]}"#, &[]), [""; 0]);
        let ruled = r#"{"includeUsers":["All"],"excludeGroups":["X"],"excludeUsers":["u"]}"#;
        assert_eq!(not(ruled, &["users:groupId"]), ["group:x"]);
        assert_eq!(not(r#"{"includeGroups":["G"],"excludeGroups":["X"]}"#, &[]), [""; 0], "not in, or left out");
        // Rules of a condition that was not tested say nothing: so in a record of Microsoft's documentation.
        let untested = entry("reportOnlyNotApplied", &[], &["application"], &["users:groupId"], &["users:groupId"]);
        assert_eq!(told(&policy(ruled, "null"), &untested), [""; 0]);
        // All users and nobody excluded: the text is not the one that was evaluated.
        assert_eq!(not(r#"{"includeUsers":["All"]}"#, &[]), [""; 0]);
    }

    #[test]
    fn locations_are_proven_alike() {
        let outside =
            policy(r#"{"includeUsers":["All"]}"#, r#"{"includeLocations":["All"],"excludeLocations":["AllTrusted"]}"#);
        let office = policy(r#"{"includeUsers":["All"]}"#, r#"{"includeLocations":["L"]}"#);
        let recorded = |yes: &[&str], not: &[&str]| entry("notApplied", yes, not, &[], &[]);
        assert_eq!(told(&outside, &recorded(&["application", "users"], &["location"])), ["location:alltrusted"]);
        assert_eq!(told(&outside, &recorded(&["location"], &["clientType"])), ["not location:alltrusted"]);
        assert_eq!(told(&office, &recorded(&["application"], &["users"])), [""; 0], "never looked at");
        assert_eq!(told(&office, &recorded(&["location"], &["clientType"])), ["location:l"]);
        assert_eq!(told(&office, &recorded(&["users"], &["location"])), ["not location:l"]);
    }
}
