//! The parts of a condition, each asked by itself: which group, application or network it was.
//!
//! A part is asked by compiling a policy that holds nothing else, by the same rules as the whole (CON-3, CON-4). What
//! is excluded is asked under an inclusion of everything, and the answer turned round.

use crate::compile::condition::{COMPLIANT_NETWORK, folder_says};
use crate::compile::dimension::Dimensions;
use crate::compile::recorded::{Fact, Of, said};
use crate::compile::{self, device_filter};
use crate::domain::{self, Match, Platform, Word, folded};
use crate::policy::wire::{
    Applications, Conditions, Devices, Filter, Guests, Locations, Platforms, Policy, Users, says_something,
};

use super::conditions::answer;
use super::model::Part;
use super::rules;
use super::sight::Sight;

/// What answers for a part where no file does (C30).
pub(super) const BY_RECORD: &str = "recorded rules of existing policies";

/// A part: its place in the policy, and the policy that asks for it alone.
struct Trial {
    member: &'static str,
    value: String,
    conditions: Conditions,
    /// Asked under an inclusion of everything.
    excludes: bool,
}

/// The parts of a condition that has several.
pub(super) fn of(sight: &Sight<'_>, condition: domain::Condition, policy: &Policy, only: &Dimensions) -> Vec<Part> {
    let conditions = &policy.conditions;
    let trials = match condition {
        domain::Condition::Users => users(&conditions.users),
        domain::Condition::Application => applications(&conditions.applications),
        domain::Condition::DevicePlatform => conditions.platforms.as_ref().map(platforms).unwrap_or_default(),
        domain::Condition::Location => conditions.locations.as_ref().map(locations).unwrap_or_default(),
        domain::Condition::DeviceState => devices(conditions),
        _ => Vec::new(),
    };
    trials.into_iter().map(|trial| part(sight, condition, trial, only)).collect()
}

fn part(sight: &Sight<'_>, condition: domain::Condition, trial: Trial, only: &Dimensions) -> Part {
    let Trial { member, value, conditions, excludes } = trial;
    let policy = Policy { conditions, ..Policy::default() };
    let given = compile::answers(&policy, only, sight.given.attempts.own_tenant.as_deref(), sight.given.tenant);
    let given = given.into_iter().find(|given| given.condition == condition);
    // A part that configures nothing matches everything (NUL-1).
    let (is, missing) = given.map_or((Match::Yes, Vec::new()), |given| (given.answer, given.missing));
    let (name, from) = known(sight, member, &value);
    let mut rules = rules::of_part(member, &value).to_vec();
    let by_record = is_recorded(sight, member, &value, only);
    if by_record {
        rules.extend_from_slice(rules::RECORDED);
    }
    Part {
        member,
        answer: answer(if excludes { !is } else { is }),
        name,
        from: if by_record { Some(BY_RECORD.to_owned()) } else { from },
        missing,
        rules,
        value,
    }
}

/// Whether recorded rules decide a part: of groups and roles before the folder, of locations only without it (CON-7).
fn is_recorded(sight: &Sight<'_>, member: &str, value: &str, only: &Dimensions) -> bool {
    let id = folded(value);
    let (Some(person), Some(place)) = (only.people.first(), only.places.first()) else { return false };
    if member.ends_with("Groups") {
        return said(&person.proven, Of::Group, &id).is_some();
    }
    if member.ends_with("Roles") {
        return said(&person.proven, Of::Role, &id).is_some();
    }
    // The row itself says whether it came through the compliant network.
    if !member.ends_with("Locations") || id == COMPLIANT_NETWORK {
        return false;
    }
    let by_folder =
        |holds| folder_says(&Fact { of: Of::Location, id: id.clone(), holds }, person, place, sight.given.tenant);
    said(&place.proven, Of::Location, &id).is_some_and(|holds| by_folder(holds) == Match::Unknown)
}

/// What the tenant folder calls a part, and the file that answers for it.
fn known(sight: &Sight<'_>, member: &str, value: &str) -> (Option<String>, Option<String>) {
    let (id, tenant) = (folded(value), sight.given.tenant);
    let group_or_role = |folder: &str, is_known: bool| {
        let file = sight.tenant_file(&[&format!("{folder}/{id}.json"), &format!("{folder}.csv")]);
        (None, file.filter(|_| is_known))
    };
    if member.ends_with("Groups") {
        return group_or_role("groups", tenant.groups.of(&id).is_some());
    }
    if member.ends_with("Roles") {
        return group_or_role("roles", tenant.roles.of(&id).is_some());
    }
    if member.ends_with("Locations") {
        let named = tenant.named_locations.as_ref().and_then(|locations| locations.find(&id));
        let name = named.map(|location| location.display_name.clone()).filter(|name| !name.is_empty());
        let answers = named.is_some() || (id == "alltrusted" && tenant.named_locations.is_some());
        return (name, sight.tenant_file(&["namedLocations.json"]).filter(|_| answers));
    }
    if member.ends_with("Applications") && id == "office365" && tenant.office365.is_some() {
        return (None, sight.tenant_file(&["office365Apps.csv"]));
    }
    (None, None)
}

const ALL: &str = "All";

fn all() -> Vec<String> {
    vec![ALL.to_owned()]
}

fn users(users: &Users) -> Vec<Trial> {
    let everyone = || Users { include_users: all(), ..Users::default() };
    let mut trials = Vec::new();
    let mut add = |member, value: &str, users: Users, excludes| {
        let conditions = Conditions { users, ..Conditions::default() };
        trials.push(Trial { member, value: value.to_owned(), conditions, excludes });
    };
    for id in &users.include_users {
        add("includeUsers", id, Users { include_users: vec![id.clone()], ..Users::default() }, false);
    }
    for id in &users.include_groups {
        add("includeGroups", id, Users { include_groups: vec![id.clone()], ..Users::default() }, false);
    }
    for id in &users.include_roles {
        add("includeRoles", id, Users { include_roles: vec![id.clone()], ..Users::default() }, false);
    }
    if let Some(guests) = &users.include_guests_or_external_users {
        let alone = Users { include_guests_or_external_users: Some(guests.clone()), ..Users::default() };
        add("includeGuestsOrExternalUsers", &types(guests), alone, false);
    }
    for id in &users.exclude_users {
        add("excludeUsers", id, Users { exclude_users: vec![id.clone()], ..everyone() }, true);
    }
    for id in &users.exclude_groups {
        add("excludeGroups", id, Users { exclude_groups: vec![id.clone()], ..everyone() }, true);
    }
    for id in &users.exclude_roles {
        add("excludeRoles", id, Users { exclude_roles: vec![id.clone()], ..everyone() }, true);
    }
    if let Some(guests) = &users.exclude_guests_or_external_users {
        let alone = Users { exclude_guests_or_external_users: Some(guests.clone()), ..everyone() };
        add("excludeGuestsOrExternalUsers", &types(guests), alone, true);
    }
    trials
}

/// The types of guests, and the tenants that they are limited to.
fn types(guests: &Guests) -> String {
    let types: Vec<&str> = guests.guest_or_external_user_types.iter().map(Word::text).collect();
    let tenants = guests.external_tenants.as_ref().filter(|tenants| !tenants.members.is_empty());
    let of = tenants.map(|tenants| format!(" of {}", tenants.members.join(", "))).unwrap_or_default();
    format!("{}{of}", types.join(", "))
}

fn applications(applications: &Applications) -> Vec<Trial> {
    let everything = || Applications { include_applications: all(), ..Applications::default() };
    let mut trials = Vec::new();
    let mut add = |member, value: &str, applications: Applications, excludes| {
        let conditions = Conditions { applications, ..Conditions::default() };
        trials.push(Trial { member, value: value.to_owned(), conditions, excludes });
    };
    for id in &applications.include_applications {
        let alone = Applications { include_applications: vec![id.clone()], ..Applications::default() };
        add("includeApplications", id, alone, false);
    }
    for id in &applications.include_user_actions {
        let alone = Applications { include_user_actions: vec![id.clone()], ..Applications::default() };
        add("includeUserActions", id, alone, false);
    }
    for id in &applications.include_authentication_context_class_references {
        let alone = Applications {
            include_authentication_context_class_references: vec![id.clone()],
            ..Applications::default()
        };
        add("includeAuthenticationContextClassReferences", id, alone, false);
    }
    for id in &applications.exclude_applications {
        add("excludeApplications", id, Applications { exclude_applications: vec![id.clone()], ..everything() }, true);
    }
    if let Some(filter) = &applications.application_filter
        && (filter.rule.is_some() || filter.rest.values().any(says_something))
    {
        let excludes = filter.mode.as_deref().map(folded).as_deref() == Some("exclude");
        let under = if excludes { everything() } else { Applications::default() };
        add(
            "applicationFilter",
            &written(filter),
            Applications { application_filter: Some(filter.clone()), ..under },
            excludes,
        );
    }
    trials
}

/// A filter in one line: its mode and its rule.
fn written(filter: &Filter) -> String {
    let mode = filter.mode.as_deref().unwrap_or("no mode");
    format!("{mode} {}", filter.rule.as_deref().unwrap_or("no rule"))
}

fn platforms(platforms: &Platforms) -> Vec<Trial> {
    let trial = |member, word: &Word<Platform>, platforms, excludes| {
        let conditions = Conditions { platforms: Some(platforms), ..Conditions::default() };
        Trial { member, value: word.text().to_owned(), conditions, excludes }
    };
    let included = platforms.include_platforms.iter().map(|word| {
        let alone = Platforms { include_platforms: vec![word.clone()], ..Platforms::default() };
        trial("includePlatforms", word, alone, false)
    });
    // No include list stands for all (NUL-4).
    let excluded = platforms.exclude_platforms.iter().map(|word| {
        let alone = Platforms { exclude_platforms: vec![word.clone()], ..Platforms::default() };
        trial("excludePlatforms", word, alone, true)
    });
    included.chain(excluded).collect()
}

fn locations(locations: &Locations) -> Vec<Trial> {
    let trial = |member, id: &String, locations, excludes| {
        let conditions = Conditions { locations: Some(locations), ..Conditions::default() };
        Trial { member, value: id.clone(), conditions, excludes }
    };
    let included = locations.include_locations.iter().map(|id| {
        let alone = Locations { include_locations: vec![id.clone()], ..Locations::default() };
        trial("includeLocations", id, alone, false)
    });
    // An exclude list alone includes all (NUL-3).
    let excluded = locations.exclude_locations.iter().map(|id| {
        let alone = Locations { exclude_locations: vec![id.clone()], ..Locations::default() };
        trial("excludeLocations", id, alone, true)
    });
    included.chain(excluded).collect()
}

/// The comparisons of a device filter, each as a filter that includes, and the legacy lists.
fn devices(conditions: &Conditions) -> Vec<Trial> {
    let devices = &conditions.devices;
    let mut trials = Vec::new();
    let rule = devices.device_filter.as_ref().and_then(|filter| filter.rule.as_deref());
    if let Some(Ok(rule)) = rule.map(device_filter::parse) {
        for comparison in rule.comparisons() {
            let value = comparison.to_string();
            let filter = Filter { mode: Some("include".to_owned()), rule: Some(value.clone()), ..Filter::default() };
            let alone = Devices { device_filter: Some(filter), ..Devices::default() };
            let conditions = Conditions { devices: alone, ..Conditions::default() };
            trials.push(Trial { member: "deviceFilter", value, conditions, excludes: false });
        }
    }
    let mut add = |member, value: &String, devices: Devices, excludes| {
        let conditions = Conditions { devices, ..Conditions::default() };
        trials.push(Trial { member, value: value.clone(), conditions, excludes });
    };
    for word in &devices.include_devices {
        add("includeDevices", word, Devices { include_devices: vec![word.clone()], ..Devices::default() }, false);
    }
    for word in &devices.exclude_devices {
        add("excludeDevices", word, Devices { exclude_devices: vec![word.clone()], ..Devices::default() }, true);
    }
    for word in devices.include_device_states.iter().chain(&conditions.device_states.include_states) {
        let alone = Devices { include_device_states: vec![word.clone()], ..Devices::default() };
        add("includeDeviceStates", word, alone, false);
    }
    for word in devices.exclude_device_states.iter().chain(&conditions.device_states.exclude_states) {
        let alone = Devices { exclude_device_states: vec![word.clone()], ..Devices::default() };
        add("excludeDeviceStates", word, alone, true);
    }
    trials
}
