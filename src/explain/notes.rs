//! Things to know about a sign-in that change no verdict (C32, USR-8, LOC-8).

use crate::attempt::Attempt;
use crate::compile::control::Control;
use crate::compile::dimension::Dimension;
use crate::domain::{Condition, Match, folded};
use crate::frame::Column;

use super::model::{Because, Candidate};
use super::parts::BY_RECORD;
use super::sight::Sight;

/// The client through which Entra lets a user remediate risk.
const RISK_REMEDIATION: &str = "93625bc8-bfe2-437a-97e0-3d0060024faa";

/// What is worth knowing of this attempt under these candidates.
pub(super) fn notes(sight: &Sight<'_>, attempt: &Attempt, place: usize, candidates: &[Candidate]) -> Vec<Because> {
    let plan = sight.given.plan;
    let text = |column| sight.text(column, attempt.terminal);
    let is_configured = |condition: Condition| {
        plan.rules.iter().any(|rule| rule.conditions.iter().any(|one| one.condition == condition))
    };
    let mut notes = Vec::new();
    for (candidate, given) in candidates.iter().zip(sight.given.candidates) {
        let recorded = sight.facts.applied(attempt.terminal).iter();
        let mut own = recorded.filter(|one| !given.id.is_empty() && folded(&one.id) == folded(&given.id));
        if let Some(own) = own.next() {
            notes.push(Because::new(
                format!(
                    "the log records `{}` itself with the result {}; it is not copied",
                    candidate.policy, own.result
                ),
                &["CON-8", "C30"],
            ));
        }
    }
    let parts = candidates.iter().flat_map(|candidate| &candidate.conditions).flat_map(|one| &one.parts);
    let membership = parts.filter(|part| is_membership(part.member)).filter_map(|part| part.from.as_deref());
    let (by_record, by_file): (Vec<&str>, Vec<&str>) = membership.partition(|from| *from == BY_RECORD);
    if !by_file.is_empty() {
        notes.push(Because::new(
            "membership that a tenant file answers is that of the export, whenever the sign-in was",
            &["USR-8"],
        ));
    }
    if !by_record.is_empty() {
        notes.push(Because::new(
            "membership that recorded rules answer is what Entra recorded then; it beats the tenant folder",
            &["C30"],
        ));
    }
    if is_configured(Condition::Location) {
        if !attempt.interactive {
            notes.push(Because::new(
                "a background sign-in of a confidential client records the address of the first sign-in of its session",
                &["LOC-8"],
            ));
        }
        if text(Column::IsThroughGlobalSecureAccess).is_some_and(|through| through.eq_ignore_ascii_case("true")) {
            notes.push(Because::new(
                "it came through Global Secure Access: the address is the user's own, not that of the service",
                &["LOC-7", "C32"],
            ));
        }
    }
    let app = text(Column::AppId).map(folded);
    if app.as_deref() == Some(RISK_REMEDIATION) {
        notes.push(Because::new(
            "the client is Entra's own risk remediation, which Conditional Access lets through while it is at work",
            &["APP-14", "C32"],
        ));
    }
    let wants_mfa =
        plan.rules.iter().any(|rule| rule.grant.controls.iter().any(|one| matches!(one, Control::Mfa { .. })));
    let trust = sight.given.plan.dimensions.people.get(plan.dimensions.code(Dimension::Person, place) as usize);
    let trusted = trust.map(|person| sight.given.tenant.settings.inbound_mfa_trust.of(person.home_tenant.as_deref()));
    let direct = text(Column::CrossTenantAccessType).map(folded).as_deref() == Some("b2bdirectconnect");
    if direct && wants_mfa && trusted != Some(Match::Yes) {
        notes.push(Because::new("a user of B2B direct connect cannot do MFA here without inbound trust", &["C32"]));
    }
    let asks = candidates.iter().any(|candidate| !candidate.challenge.is_empty());
    if !attempt.interactive && asks {
        notes.push(Because::new(
            "a background sign-in asks nobody: the user meets the challenge at the next one",
            &["4.2"],
        ));
    }
    let companions: Vec<&str> = sight.given.sources.companions().collect();
    if text(Column::AuthenticationDetails).is_some() && !companions.is_empty() {
        let files = companions.join(", ");
        notes.push(Because::new(format!("authenticationDetails may come from a companion file: {files}"), &[]));
    }
    notes
}

/// Whether a member of a policy names groups or roles.
fn is_membership(member: &str) -> bool {
    member.ends_with("Groups") || member.ends_with("Roles")
}
