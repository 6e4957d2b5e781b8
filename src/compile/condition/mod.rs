//! One file a condition: each answers for every distinct value of what it reads (CON-2 … CON-5).
//!
//! A condition that is not configured compiles to nothing: it matches everything (NUL-1).

mod application;
mod client_type;
mod device;
pub mod flow;
mod location;
pub mod person;
mod platform;
mod risk;
mod users;

pub use location::{COMPLIANT_NETWORK, MFA_TRUSTED_IPS};

use crate::domain::{Condition, Match};
use crate::policy::wire::{Policy, Rest, Users, says_something};
use crate::tenant::{Memberships, Office365Apps, Tenant};

use super::answer::Answer;
use super::dimension::{Dimension, Dimensions, Person, Place};
use super::lookup::{FactSets, Lookup};
use super::recorded::{Fact, Of};

/// A configured condition: its answers over one dimension.
#[derive(Clone, Debug)]
pub struct Configured {
    /// Which condition.
    pub condition: Condition,
    /// What it reads.
    pub dimension: Dimension,
    /// Its answers.
    pub lookup: Lookup,
}

/// What conditions may look at besides the policy.
#[derive(Debug)]
pub struct Context<'a> {
    /// The distinct values.
    pub dimensions: &'a Dimensions,
    /// Tenant facts.
    pub tenant: &'a Tenant,
    /// Which applications `Office365` stands for where the tenant does not say (C11).
    pub office_365: &'a Office365Apps,
    /// The own tenant, folded (C2).
    pub own_tenant: Option<&'a str>,
}

/// Compiles every configured condition of a policy, in the order of CON-5.
pub fn compile(policy: &Policy, context: &Context<'_>, facts: &mut FactSets) -> Vec<Configured> {
    let conditions = &policy.conditions;
    let Context { dimensions, tenant, .. } = context;
    let mut configured = Vec::new();
    let mut add = |condition, dimension, lookup| configured.push(Configured { condition, dimension, lookup });

    add(
        Condition::Application,
        Dimension::Target,
        Lookup::compile(&dimensions.targets, facts, |target| {
            application::answer(&conditions.applications, target, context)
        }),
    );
    let for_workloads = says_something_in(&conditions.client_applications);
    // A policy for workload identities names no user: that condition is not configured (1.5).
    if !(for_workloads && conditions.users == Users::default()) {
        let lookup =
            Lookup::compile(&dimensions.people, facts, |person| users::answer(&conditions.users, person, tenant));
        add(Condition::Users, Dimension::Person, lookup);
    }
    if let Some(platforms) = conditions.platforms.as_ref().filter(|platforms| platform::is_configured(platforms)) {
        let lookup = Lookup::compile(super::dimension::PLATFORMS, facts, |one| platform::answer(platforms, one));
        add(Condition::DevicePlatform, Dimension::Platform, lookup);
    }
    if let Some(locations) = conditions.locations.as_ref().filter(|locations| location::is_configured(locations)) {
        let lookup = Lookup::compile(&dimensions.places, facts, |place| location::answer(locations, place, tenant));
        add(Condition::Location, Dimension::Place, lookup);
    }
    if client_type::is_configured(&conditions.client_app_types) {
        let lookup = Lookup::compile(&dimensions.clients, facts, |client| {
            client_type::answer(&conditions.client_app_types, *client)
        });
        add(Condition::ClientType, Dimension::Client, lookup);
    }
    if !conditions.sign_in_risk_levels.is_empty() {
        let lookup = Lookup::compile(super::dimension::LEVELS, facts, |level| {
            risk::answer(&conditions.sign_in_risk_levels, level, "riskLevelDuringSignIn")
        });
        add(Condition::SignInRisk, Dimension::SignInRisk, lookup);
    }
    if !conditions.user_risk_levels.is_empty() {
        let lookup = Lookup::compile(super::dimension::LEVELS, facts, |level| {
            risk::answer(&conditions.user_risk_levels, level, "riskyUserHistory")
        });
        add(Condition::UserRisk, Dimension::UserRisk, lookup);
    }
    if device::is_configured(conditions) {
        let rule = device::DeviceRule::read(conditions);
        let lookup = Lookup::compile(&dimensions.devices, facts, |one| rule.answer(one, tenant));
        add(Condition::DeviceState, Dimension::Device, lookup);
    }
    // Workload conditions never hold for a user (C17).
    if for_workloads {
        add(Condition::ServicePrincipals, Dimension::SignInRisk, certainly_not(facts));
    }
    if !conditions.service_principal_risk_levels.is_empty() {
        add(Condition::ServicePrincipalRisk, Dimension::SignInRisk, certainly_not(facts));
    }
    if flow::is_configured(&conditions.authentication_flows) {
        let lookup =
            Lookup::compile(&dimensions.flows, facts, |one| flow::answer(&conditions.authentication_flows, one));
        add(Condition::AuthenticationFlows, Dimension::Flow, lookup);
    }
    if !conditions.insider_risk_levels.is_empty() {
        add(Condition::InsiderRisk, Dimension::SignInRisk, never_known(facts, "insiderRisk"));
    }
    for name in unmodelled(policy) {
        let condition = if name == "times" { Condition::Time } else { Condition::Unmodelled };
        add(condition, Dimension::SignInRisk, never_known(facts, &format!("condition:{name}")));
    }
    configured.sort_by_key(|configured| configured.condition);
    configured
}

/// Whether a users condition includes this person.
#[must_use]
pub fn includes(users: &Users, person: &Person, tenant: &Tenant) -> Match {
    users::answer(users, person, tenant).is
}

/// What the tenant folder says of a fact that a record proves; unknown where it has nothing to say.
#[must_use]
pub fn folder_says(fact: &Fact, person: &Person, place: &Place, tenant: &Tenant) -> Match {
    let member = |memberships: &Memberships| {
        let user = person.user_id.as_ref();
        Match::from(user.and_then(|user| memberships.of(&fact.id).map(|members| members.contains(user))))
    };
    match fact.of {
        Of::Group => member(&tenant.groups),
        Of::Role => member(&tenant.roles),
        Of::Location => location::folder_says(&fact.id, place, tenant),
    }
}

fn certainly_not(facts: &mut FactSets) -> Lookup {
    Lookup::compile(super::dimension::LEVELS, facts, |_| Answer::known(false))
}

fn never_known(facts: &mut FactSets, fact: &str) -> Lookup {
    Lookup::compile(super::dimension::LEVELS, facts, |_| Answer::unknown(fact))
}

fn says_something_in(members: &Rest) -> bool {
    members.iter().any(|(name, value)| !name.contains('@') && says_something(value))
}

/// Members of the conditions, at any depth, that say something and that no rule of ours covers (CON-1, C17).
#[must_use]
pub fn unmodelled(policy: &Policy) -> Vec<String> {
    let conditions = &policy.conditions;
    let (users, applications) = (&conditions.users, &conditions.applications);
    let mut places: Vec<(&str, &Rest)> = vec![
        ("", &conditions.rest),
        ("users.", &users.rest),
        ("applications.", &applications.rest),
        ("devices.", &conditions.devices.rest),
        ("deviceStates.", &conditions.device_states.rest),
        ("authenticationFlows.", &conditions.authentication_flows.rest),
    ];
    for guests in
        [&users.include_guests_or_external_users, &users.exclude_guests_or_external_users].into_iter().flatten()
    {
        places.push(("users.guestsOrExternalUsers.", &guests.rest));
        places.extend(guests.external_tenants.iter().map(|tenants| ("users.externalTenants.", &tenants.rest)));
    }
    places
        .extend(applications.application_filter.iter().map(|filter| ("applications.applicationFilter.", &filter.rest)));
    places.extend(conditions.devices.device_filter.iter().map(|filter| ("devices.deviceFilter.", &filter.rest)));
    places.extend(conditions.platforms.iter().map(|platforms| ("platforms.", &platforms.rest)));
    places.extend(conditions.locations.iter().map(|locations| ("locations.", &locations.rest)));
    places
        .into_iter()
        .flat_map(|(place, rest)| {
            rest.iter()
                .filter(|(name, value)| !name.contains('@') && says_something(value))
                .map(move |(name, _)| format!("{place}{name}"))
        })
        .collect()
}

/// Whether a token is a placeholder: it holds a blank or any of `< > % { }` (C8).
#[must_use]
pub fn is_placeholder(token: &str) -> bool {
    token.contains(|character: char| character.is_whitespace() || "<>%{}".contains(character))
}
