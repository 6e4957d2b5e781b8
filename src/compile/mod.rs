//! Policies become rules made of lookup tables.
//!
//! [`dimension`] gives a code to each distinct tuple that a condition reads, [`condition`] decides
//! every code once, [`evidence`] does the same for what controls read, [`control`] says where each
//! control stands, and [`rule`] settles a whole policy for each distinct evidence. After this
//! nobody looks at a text to decide anything.

mod answer;
pub mod condition;
pub mod control;
pub mod device_filter;
pub mod dimension;
pub mod evidence;
mod gather;
pub mod lookup;
pub mod marks;
mod methods;
mod parts;
pub mod recorded;
pub mod rule;

pub use answer::Answer;

use crate::attempt::rows::{self, Rows};
use crate::attempt::{self, Attempts};
use crate::diagnostic::Diagnostics;
use crate::domain::{Condition, Match, Spelled, Word, folded};
use crate::frame::FrameBuilder;
use crate::policy::Candidate;
use crate::policy::wire::Policy;
use crate::tenant::{Office365Apps, Tenant};

use condition::Context;
use control::{Grant, Session};
use dimension::Dimensions;
use evidence::{EvidenceTable, Needs};
use lookup::FactSets;
use marks::Marks;
use recorded::Recorded;
use rule::{Rule, Settlements};

/// Everything that replay looks up.
#[derive(Debug)]
pub struct Plan {
    /// One rule a candidate, in their order.
    pub rules: Vec<Rule>,
    /// The codes of each attempt.
    pub dimensions: Dimensions,
    /// The evidence of each attempt.
    pub evidence: EvidenceTable,
    /// What each attempt is counted by besides.
    pub marks: Marks,
    /// Sets of facts that would narrow a verdict.
    pub facts: FactSets,
}

/// What candidates are compiled against.
#[derive(Clone, Copy, Debug)]
pub struct Sources<'a> {
    /// The attempts.
    pub attempts: &'a Attempts,
    /// Their rows, read.
    pub rows: &'a Rows<'a>,
    /// Tenant facts.
    pub tenant: &'a Tenant,
    /// What existing policies prove (C30).
    pub recorded: &'a Recorded,
}

/// Compiles candidates against the attempts and the tenant; no existing policy is at hand.
#[must_use]
pub fn compile(candidates: &[Candidate], attempts: &Attempts, tenant: &Tenant, diagnostics: &mut Diagnostics) -> Plan {
    let people = rows::people(&attempts.frame);
    let rows = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
    let recorded = Recorded::default();
    compile_from(candidates, Sources { attempts, rows: &rows, tenant, recorded: &recorded }, diagnostics)
}

/// The rules of candidates before any attempt is at hand, and what is to be said of the candidates.
#[must_use]
pub fn rules(candidates: &[Candidate], tenant: &Tenant, diagnostics: &mut Diagnostics) -> Vec<Rule> {
    let nobody = attempt::gather(
        FrameBuilder::default().finish(),
        &tenant.risk_detections,
        &attempt::Options::default(),
        &mut Diagnostics::default(),
    );
    compile(candidates, &nobody, tenant, diagnostics).rules
}

/// Compiles candidates.
#[must_use]
pub fn compile_from(candidates: &[Candidate], sources: Sources<'_>, diagnostics: &mut Diagnostics) -> Plan {
    let Sources { attempts, rows, tenant, recorded } = sources;
    let dimensions = Dimensions::read(attempts, tenant, recorded);
    let office_365 = Office365Apps::built_in();
    let context = Context {
        dimensions: &dimensions,
        tenant,
        office_365: &office_365,
        own_tenant: attempts.own_tenant.as_deref(),
    };
    let strengths: Vec<_> = candidates
        .iter()
        .filter_map(|candidate| candidate.policy.grant_controls.authentication_strength.as_ref())
        .collect();
    let (mut needs, mut facts) = (Needs::new(tenant, &strengths), FactSets::default());
    let mut rules: Vec<Rule> = candidates
        .iter()
        .map(|candidate| {
            complain(candidate, diagnostics);
            let policy = &candidate.policy;
            let applications = &policy.conditions.applications;
            let on_all = applications.include_applications.iter().any(|token| folded(token) == "all");
            let grant = Grant::read(&policy.grant_controls, on_all, &mut needs);
            let session = Session::read(&policy.session_controls, grant.wants_mfa(), &mut needs);
            let (sign_in_risk, user_risk) =
                (!policy.conditions.sign_in_risk_levels.is_empty(), !policy.conditions.user_risk_levels.is_empty());
            Rule {
                name: candidate.name.clone(),
                id: candidate.id.clone(),
                conditions: condition::compile(policy, &context, &mut facts),
                grant,
                session,
                is_risk_policy: sign_in_risk || user_risk,
                reads_sign_in_risk: sign_in_risk,
                is_user_action: !applications.include_user_actions.is_empty(),
                excludes_applications: on_all && !applications.exclude_applications.is_empty(),
                settled: Settlements::default(),
            }
        })
        .collect();
    let evidence = gather::gather(attempts, rows, &dimensions, tenant, &needs);
    for rule in &mut rules {
        rule.settle(&evidence.values, &mut facts);
    }
    Plan { rules, dimensions, evidence, marks: Marks::read(attempts), facts }
}

/// What a condition answers to one attempt, and the facts that would settle an open answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The condition.
    pub condition: Condition,
    /// Its answer.
    pub answer: Match,
    /// Sorted; empty unless the answer is unknown.
    pub missing: Vec<String>,
}

/// What the configured conditions of any policy answer to the one attempt of [`Dimensions::only`]: the same rules
/// as in a replay, asked about a part of a policy.
#[must_use]
pub fn answers(policy: &Policy, only: &Dimensions, own_tenant: Option<&str>, tenant: &Tenant) -> Vec<Given> {
    let office_365 = Office365Apps::built_in();
    let context = Context { dimensions: only, tenant, office_365: &office_365, own_tenant };
    let mut facts = FactSets::default();
    let configured = condition::compile(policy, &context, &mut facts);
    let given = |configured: condition::Configured| {
        let code = only.code(configured.dimension, 0);
        Given {
            condition: configured.condition,
            answer: configured.lookup.answer(code),
            missing: facts.facts(configured.lookup.missing(code)).to_vec(),
        }
    };
    configured.into_iter().map(given).collect()
}

/// Says what of a policy is not modelled, is ignored, or cannot be read (CON-1, POL-4, C8, C16).
fn complain(candidate: &Candidate, diagnostics: &mut Diagnostics) {
    let (policy, origin) = (&candidate.policy, &candidate.origin);
    let undetermined = format!("verdicts of policy `{}` may be undetermined", candidate.name);
    for name in condition::unmodelled(policy) {
        diagnostics.warn(
            origin.clone(),
            format!("condition `{name}` is not modelled; {undetermined}"),
            "remove the condition from a copy to see the rest of the policy's effect",
        );
    }
    for word in unread_words(policy) {
        diagnostics.warn(
            origin.clone(),
            format!("`{word}` is a word that this program does not know; {undetermined}"),
            "check the spelling against the policy in the admin center",
        );
    }
    let users = &policy.conditions.users;
    for token in users.exclude_users.iter().filter(|token| condition::is_placeholder(token)) {
        diagnostics.warn(
            origin.clone(),
            format!("`{token}` in `excludeUsers` is not an id and excludes no one"),
            "replace it with the object ids of the accounts to exclude",
        );
    }
    let rule = policy.conditions.devices.device_filter.as_ref().and_then(|filter| filter.rule.as_deref());
    if let Some(Err(error)) = rule.map(device_filter::parse) {
        diagnostics.warn(
            origin.clone(),
            format!("the device filter does not parse: {error}; {undetermined}"),
            "write comparisons like `device.isCompliant -eq True`, joined by `-and` and `-or`",
        );
    }
    for control in &policy.grant_controls.built_in_controls {
        if folded(control) == "unknownfuturevalue" {
            diagnostics.warn(
                origin.clone(),
                format!(
                    "the export lost a grant control of policy `{}`: it reads `unknownFutureValue`",
                    candidate.name
                ),
                "export the policy again with the header `Prefer: include-unknown-enum-members`",
            );
        }
    }
}

/// Words of a policy that no rule of ours reads: each widens what it takes part in.
fn unread_words(policy: &Policy) -> Vec<&str> {
    fn of<T: Spelled>(list: &[Word<T>]) -> impl Iterator<Item = &str> {
        list.iter().filter(|word| word.known().is_none()).map(Word::text)
    }
    let conditions = &policy.conditions;
    let mut words: Vec<&str> = of(&conditions.client_app_types)
        .chain(of(&conditions.sign_in_risk_levels))
        .chain(of(&conditions.user_risk_levels))
        .chain(of(&conditions.authentication_flows.transfer_methods))
        .collect();
    if let Some(platforms) = &conditions.platforms {
        words.extend(of(&platforms.include_platforms).chain(of(&platforms.exclude_platforms)));
    }
    let users = &conditions.users;
    for guests in users.include_guests_or_external_users.iter().chain(&users.exclude_guests_or_external_users) {
        words.extend(of(&guests.guest_or_external_user_types));
    }
    let operator = policy.grant_controls.operator.as_deref();
    words.extend(operator.filter(|operator| !["and", "or"].contains(&folded(operator).as_str())));
    words
}
