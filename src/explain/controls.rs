//! Each control with the evidence for or against it: where it stands comes from the rule itself, the words from here.

use crate::attempt::Attempt;
use crate::attempt::mfa::MfaState;
use crate::compile::control::{Control, Frequency, Standing};
use crate::compile::evidence::Evidence;
use crate::compile::rule::{self, Rule};
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{Match, Platform, Span, Spelled, folded};
use crate::frame::{AppliedPolicy, Column, Device, parsed};
use crate::policy::wire::{Policy, Toggle};

use super::model;
use super::rules;
use super::sight::Sight;

/// The word of a standing.
pub(super) fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Satisfied => "satisfied",
        Standing::Needed => "needed",
        Standing::Failed => "failed",
    }
}

/// What is looked at to say why a control stands where it does.
pub(super) struct Witness<'a> {
    pub(super) sight: &'a Sight<'a>,
    pub(super) attempt: &'a Attempt,
    pub(super) evidence: &'a Evidence,
    pub(super) external: bool,
    pub(super) policy: &'a Policy,
}

/// Every grant control, and the session controls that can change a result.
pub(super) fn controls(witness: &Witness<'_>, rule: &Rule, reading: &rule::Reading) -> Vec<model::Control> {
    let Witness { evidence, external, policy, .. } = witness;
    let mut controls = Vec::new();
    for (control, span) in rule.grant.controls.iter().zip(&reading.standings) {
        let (evidence_for, mut tags) = witness.of(control);
        if evidence.legacy && *control != Control::Block {
            tags.extend_from_slice(rules::LEGACY);
        }
        let missing = if span.is_open() { control.missing(evidence, *external) } else { Vec::new() };
        controls.push(model::Control {
            control: control.name().to_owned(),
            least: standing(span.least()),
            most: standing(span.most()),
            evidence: evidence_for,
            missing: missing.into_iter().map(str::to_owned).collect(),
            rules: tags,
        });
    }
    let mut session = |name: &str, span: Span<Standing>, evidence: Vec<String>, fact: &str| {
        controls.push(model::Control {
            control: name.to_owned(),
            least: standing(span.least()),
            most: standing(span.most()),
            evidence,
            missing: if span.is_open() { vec![fact.to_owned()] } else { Vec::new() },
            rules: rules::SESSION.to_vec(),
        });
    };
    if let Some(frequency) = rule.session.frequency {
        session("signInFrequency", reading.frequency, witness.frequency(frequency), "authenticationDetails");
    }
    if rule.session.token_protection {
        session("secureSignInSession", reading.token, witness.token(), "tokenProtectionStatusDetails");
    }
    controls.extend(without_say(policy));
    controls
}

/// Session controls that never change a result (4.3).
fn without_say(policy: &Policy) -> Vec<model::Control> {
    let session = &policy.session_controls;
    let is_on = |toggle: &Option<Toggle>| toggle.as_ref().is_some_and(|toggle| toggle.is_enabled != Some(false));
    [
        ("persistentBrowser", &session.persistent_browser),
        ("cloudAppSecurity", &session.cloud_app_security),
        ("applicationEnforcedRestrictions", &session.application_enforced_restrictions),
        ("continuousAccessEvaluation", &session.continuous_access_evaluation),
        ("globalSecureAccessFilteringProfile", &session.global_secure_access_filtering_profile),
    ]
    .into_iter()
    .filter(|(_, toggle)| is_on(toggle))
    .map(|(name, _)| model::Control {
        control: name.to_owned(),
        least: standing(Standing::Satisfied),
        most: standing(Standing::Satisfied),
        evidence: vec!["it never changes a result".to_owned()],
        missing: Vec::new(),
        rules: vec!["4.3"],
    })
    .collect()
}

impl Witness<'_> {
    /// The evidence for or against a grant control, and the rules that it follows.
    fn of(&self, control: &Control) -> (Vec<String>, Vec<&'static str>) {
        let mut tags = rules::of_control(control).to_vec();
        let mut said: Vec<String> = if self.evidence.legacy && *control != Control::Block {
            let client = self.sight.text(Column::ClientAppUsed, self.attempt.terminal).unwrap_or("");
            vec![format!("{client} is a legacy client: it can answer nothing and shows no device")]
        } else {
            Vec::new()
        };
        match control {
            Control::Block => said.push("it denies, whatever is shown".to_owned()),
            Control::Mfa { .. } => {
                tags.splice(1..1, rules::of_mfa(self.attempt.mfa.rule).iter().copied().filter(|tag| *tag != "C19"));
                said.extend(self.mfa());
            }
            Control::Strength(place) => {
                tags.splice(1..1, rules::of_mfa(self.attempt.mfa.rule).iter().copied());
                said.extend(self.strength(*place));
            }
            Control::CompliantDevice { on_all } if *on_all && self.evidence.intune_enrollment => {
                tags.push("APP-13");
                said.push("the resource is Intune Enrollment, which the service leaves out of this control".to_owned());
            }
            Control::CompliantDevice { .. } => said.extend(self.device(&mut tags, true)),
            Control::DomainJoinedDevice => said.extend(self.device(&mut tags, false)),
            Control::ApprovedApplication => {
                said.push(self.app(self.evidence.approved_app_recorded, "requireapprovedapp", "an approved app"))
            }
            Control::CompliantApplication => {
                said.push(self.app(
                    self.evidence.protected_app_recorded,
                    "requirecompliantapp",
                    "an app protection policy",
                ));
            }
            Control::PasswordChange | Control::RiskRemediation => {
                said.push("it would be asked: no sign-in shows it as done".to_owned());
            }
            Control::TermsOfUse(place) => said.push(match self.evidence.accepted.get(*place) {
                Some(Match::Yes) => "accepted at that time, by agreementAcceptances.json".to_owned(),
                Some(Match::No) => "not accepted at that time, by agreementAcceptances.json".to_owned(),
                _ => "no export of acceptances, or no user id".to_owned(),
            }),
            Control::Custom | Control::VerifiedId => {
                said.push("no log records whether it was satisfied".to_owned());
            }
            Control::Unknown(_) => said.push("a control that this program does not know".to_owned()),
        }
        (said, tags)
    }

    /// The evidence of MFA, and of whom it is taken.
    fn mfa(&self) -> Vec<String> {
        let mfa = self.attempt.mfa;
        let mut said = vec![format!("MFA {}: {}", mfa.state.word(), rules::mfa(mfa.rule, mfa.state))];
        if self.external && matches!(mfa.state, MfaState::Claim | MfaState::ClaimOrFresh) {
            said.push(format!(
                "a claim of an external user counts only with inbound trust for MFA: {}",
                trust(self.evidence.mfa_trust)
            ));
        }
        said
    }

    fn strength(&self, place: usize) -> Vec<String> {
        let mut said = self.mfa();
        said.truncate(1);
        let wire = self.policy.grant_controls.authentication_strength.as_ref();
        let name = wire.and_then(|wire| wire.display_name.as_ref().or(wire.id.as_ref()));
        said.extend(name.map(|name| format!("the strength: {name}")));
        if self.evidence.strengths_read.get(place) == Some(&false) {
            said.push("its allowed combinations are not known".to_owned());
        } else if self.evidence.mfa == MfaState::Fresh {
            let used: Vec<&str> = self
                .sight
                .rows_of(self.attempt)
                .iter()
                .flat_map(|row| self.sight.facts.steps(*row))
                .filter(|step| step.is_performed())
                .map(|step| step.wording.method.as_str())
                .collect();
            let met = self.evidence.strengths_met.get(place).copied().unwrap_or(Match::Unknown);
            let used = if used.is_empty() { "no method is recorded".to_owned() } else { used.join(", ") };
            said.push(format!("methods used: {used}; do they hold an allowed combination: {}", word(met)));
        } else if self.evidence.mfa != MfaState::None {
            said.push("the method behind an earlier MFA is not in this row".to_owned());
        }
        said
    }

    /// Device controls, in the order in which the evidence is asked (C21, C28).
    fn device(&self, tags: &mut Vec<&'static str>, compliance: bool) -> Vec<String> {
        let evidence = self.evidence;
        let recorded = if compliance { evidence.recorded_compliance } else { evidence.recorded_hybrid_join };
        if evidence.device_code {
            tags.push("FLO-6");
            return vec!["device code flow, in which no device can be shown".to_owned()];
        }
        if evidence.legacy {
            return Vec::new();
        }
        let not_windows = match evidence.platform {
            RecordedPlatform::Named(Platform::Windows) | RecordedPlatform::NotRecorded => None,
            RecordedPlatform::Named(platform) => Some(platform.word()),
            RecordedPlatform::Unlisted => Some("an unknown platform"),
        };
        if let Some(platform) = not_windows.filter(|_| !compliance && recorded == Match::Unknown) {
            return vec![format!("the platform is {platform}: only Windows is hybrid joined")];
        }
        if recorded != Match::Unknown {
            tags.push("C28");
            let by = self.recorded(if compliance { "requirecompliantdevice" } else { "requiredomainjoineddevice" });
            return vec![format!("a recorded policy with this one control tells: {by}")];
        }
        let device: Device = parsed(self.sight.text(Column::DeviceDetail, self.attempt.terminal).unwrap_or(""));
        let nothing = match (evidence.has_device_id, evidence.browser, evidence.device_was_asked) {
            (Match::Yes, ..) => None,
            (Match::Unknown, ..) => Some("deviceDetail cannot be read"),
            (Match::No, Match::No, _) => Some("no device id is recorded, and the client is not a browser"),
            (Match::No, _, true) => Some("no device id is recorded, although a recorded policy asked for the device"),
            (Match::No, _, false) => Some(UNASKED),
        };
        if let Some(nothing) = nothing {
            return vec![nothing.to_owned()];
        }
        let mut said = Vec::new();
        if compliance {
            let value = device.is_compliant.map_or_else(|| "not recorded".to_owned(), |is| is.to_string());
            said.push(format!("deviceDetail.isCompliant: {value}"));
        } else {
            said.push(format!("deviceDetail.trustType: {}", device.trust_type.as_deref().unwrap_or("not recorded")));
        }
        if self.external {
            said.push(format!(
                "the device of an external user counts only with inbound trust for devices: {}",
                trust(evidence.device_trust)
            ));
        }
        said
    }

    /// Recorded policies with this one control, and their results (C28).
    fn recorded(&self, control: &str) -> String {
        let only =
            |one: &&AppliedPolicy| matches!(one.enforced_grant_controls.as_slice(), [only] if folded(only) == control);
        let applied = self.sight.facts.evidence(self.attempt.terminal).filter(only);
        applied.map(|one| format!("{} {}", one.display_name, one.result)).collect::<Vec<_>>().join(", ")
    }

    fn app(&self, is_recorded: bool, control: &str, what: &str) -> String {
        if is_recorded {
            return format!("a recorded policy that asked for {what} alone tells: {}", self.recorded(control));
        }
        let platform = match self.evidence.platform {
            RecordedPlatform::Named(platform) => platform.word(),
            RecordedPlatform::Unlisted => "unknown",
            RecordedPlatform::NotRecorded => "not recorded",
        };
        format!("no recorded policy shows {what}; the platform is {platform}")
    }

    fn frequency(&self, frequency: Frequency) -> Vec<String> {
        if self.evidence.legacy {
            return vec!["a legacy client presents its password each time".to_owned()];
        }
        let newest = |fits: Option<bool>, within: &str| match fits {
            Some(true) => format!("the newest step of authentication is within {within}"),
            Some(false) => format!("the newest step of authentication is older than {within}"),
            None => "no step of authentication is recorded with a time that can be read".to_owned(),
        };
        let fits = |place: usize| self.evidence.newest_step_fits.as_ref().and_then(|fits| fits.get(place).copied());
        vec![match frequency {
            Frequency::EveryTimeMfa => {
                format!("every time: MFA must be fresh; it is {}", self.attempt.mfa.state.word())
            }
            Frequency::EveryTime => format!("every time: {}", newest(fits(0), "five minutes")),
            Frequency::Within(window) => {
                let wire = self.policy.session_controls.sign_in_frequency.as_ref();
                let unit = wire.and_then(|wire| wire.unit.as_deref()).unwrap_or("");
                let value = wire.and_then(|wire| wire.value).unwrap_or_default();
                newest(fits(window + 1), &format!("{value} {unit}"))
            }
            Frequency::Unread => "a frequency that cannot be read".to_owned(),
        }]
    }

    fn token(&self) -> Vec<String> {
        let recorded = self.sight.text(Column::TokenProtection, self.attempt.terminal).unwrap_or("not recorded");
        let client = match self.evidence.browser {
            Match::Yes => "; browsers are not asked",
            Match::No => "",
            Match::Unknown => "; the client may be a browser, which is not asked",
        };
        vec![format!("{}: {recorded}{client}", Column::TokenProtection.name())]
    }
}

/// Why nothing is known of a device that nobody asked for (DVC-1).
const UNASKED: &str =
    "no device id is recorded; a browser shows its device only when asked, and no recorded policy asked";

/// Inbound trust, as the tenant folder says it.
pub(super) fn trust(given: Match) -> &'static str {
    match given {
        Match::Yes => "given",
        Match::No => "not given",
        Match::Unknown => "not supplied",
    }
}

fn word(answer: Match) -> &'static str {
    super::conditions::answer(answer)
}
