//! What the rows and the tenant say about controls: one small value an attempt, of which few are distinct.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::mfa::{MfaState, TOLERANCE, comparable, is_performed};
use crate::attempt::rows::Rows;
use crate::attempt::{Attempt, Attempts};
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{ClientApp, History, Match, MethodModes, Strength, folded};
use crate::frame::{AppliedPolicy, Column, Device, Step, Time};
use crate::policy::wire::AuthenticationStrength;
use crate::tenant::Tenant;

use super::condition::flow::is_device_code;
use super::condition::person;
use super::device_filter::TrustType;
use super::dimension::{Dimension, Dimensions, PLATFORMS, Person};

/// What the candidates need to know that only some policies ask: collected while they are compiled.
#[derive(Debug, Default)]
pub struct Needs {
    /// Strengths other than `…0002`; none where the combinations are unknown.
    pub strengths: Vec<Option<Strength>>,
    /// Agreements, folded.
    pub agreements: Vec<String>,
    /// Windows of sign-in frequencies, in microseconds.
    pub windows: Vec<Time>,
    known_strengths: Vec<(String, Strength)>,
}

impl Needs {
    /// Nothing asked yet; the tenant's strengths are at hand.
    #[must_use]
    pub fn new(tenant: &Tenant, wires: &[&AuthenticationStrength]) -> Needs {
        let known_strengths = wires
            .iter()
            .filter_map(|wire| wire.id.as_deref())
            .filter_map(|id| tenant.strengths.combinations(id).map(|strength| (folded(id), strength.clone())))
            .collect();
        Needs { known_strengths, ..Needs::default() }
    }

    /// The place of a strength: by its own combinations, else by those that its id is known for.
    ///
    /// A policy's export hardly ever writes restrictions out; those of the tenant's export hold besides (C32).
    pub fn strength(&mut self, wire: &AuthenticationStrength) -> usize {
        let id = wire.id.as_deref().map(folded).unwrap_or_default();
        let known = self.known_strengths.iter().find(|(known, _)| *known == id).map(|(_, strength)| strength.clone());
        let strength = match (Strength::from_wire(wire), known) {
            (Some(mut own), known) => {
                own.configured.extend(known.map(|known| known.configured).unwrap_or_default());
                Some(own)
            }
            (None, known) => known.map(|known| known.restricted_by(wire)),
        };
        self.strengths.push(strength);
        self.strengths.len() - 1
    }

    /// The place of an agreement.
    pub fn agreement(&mut self, id: &str) -> usize {
        place_of(&mut self.agreements, folded(id))
    }

    /// The place of a window.
    pub fn window(&mut self, window: Time) -> usize {
        place_of(&mut self.windows, window)
    }
}

fn place_of<T: PartialEq>(list: &mut Vec<T>, value: T) -> usize {
    list.iter().position(|known| *known == value).unwrap_or_else(|| {
        list.push(value);
        list.len() - 1
    })
}

/// Everything about an attempt that a control, an ability or an effect reads.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Evidence {
    /// What happened (C7).
    pub history: History,
    /// Evidence of MFA (C19).
    pub mfa: MfaState,
    /// Fresh, because an existing requirement had asked (C25).
    pub demanded: bool,
    /// A row up to the terminal one asked for MFA or a fresh sign-in (C25).
    pub asked_mfa: bool,
    /// A row up to the terminal one asked for a password change (C25).
    pub asked_password: bool,
    /// Whether the user is external (C9).
    pub external: Match,
    /// Inbound trust for MFA of the home tenant (C33).
    pub mfa_trust: Match,
    /// Inbound trust for devices of the home tenant.
    pub device_trust: Match,
    /// A recorded legacy client (3.6).
    pub legacy: bool,
    /// Whether the client is a browser; a client that we do not know may be one.
    pub browser: Match,
    /// Device code flow, in which no device can be shown (FLO-6).
    pub device_code: bool,
    /// Recorded platform.
    pub platform: RecordedPlatform,
    /// The resource is Intune Enrollment (APP-13).
    pub intune_enrollment: bool,
    /// Whether a device id is recorded; unknown where the device cannot be read.
    pub has_device_id: Match,
    /// Recorded compliance of a registered device.
    pub compliant: Match,
    /// Recorded hybrid join of a registered device.
    pub hybrid_joined: Match,
    /// How a recorded policy with `RequireCompliantDevice` alone stood (C28).
    pub recorded_compliance: Match,
    /// How a recorded policy with `RequireDomainJoinedDevice` alone stood (C28).
    pub recorded_hybrid_join: Match,
    /// A recorded policy asked for device state on this row (C21).
    pub device_was_asked: bool,
    /// A recorded policy with an approved app alone succeeded (C22).
    pub approved_app_recorded: bool,
    /// A recorded policy with an app protection policy alone succeeded (C22).
    pub protected_app_recorded: bool,
    /// Whether the session token is bound to the device.
    pub token_bound: Match,
    /// Whether the newest performed step is young enough: for the tolerance, then for each window.
    pub newest_step_fits: Option<Box<[bool]>>,
    /// Whether the methods used hold a combination of each strength (C20).
    pub strengths_met: Box<[Match]>,
    /// Whether registered methods hold a combination of each strength (C24).
    pub strengths_registered: Box<[Match]>,
    /// Whether the combinations of each strength are known.
    pub strengths_read: Box<[bool]>,
    /// Whether each agreement was accepted.
    pub accepted: Box<[Match]>,
    /// The registration report lists the user.
    pub in_report: bool,
    /// What the report says about MFA.
    pub mfa_capable: Match,
    /// The user's own attempts show MFA (C24).
    pub shown_mfa: bool,
    /// Whether a password can be changed in the cloud (6.5).
    pub password_changeable: Match,
    /// Whether the user is synced from on-premises.
    pub synced: Match,
}

/// Distinct evidence, and the code of each attempt.
#[derive(Debug)]
pub struct EvidenceTable {
    /// Distinct values.
    pub values: Vec<Evidence>,
    /// One code an attempt.
    pub codes: Vec<u32>,
}

/// The part that depends on the person alone.
#[derive(Clone)]
struct OfPerson {
    external: Match,
    mfa_trust: Match,
    device_trust: Match,
    in_report: bool,
    mfa_capable: Match,
    password_changeable: Match,
    synced: Match,
    strengths_registered: Box<[Match]>,
}

const INTUNE_ENROLLMENT: &str = "d4ebce55-015a-49b5-a083-c84d1797ae8c";
/// Device authentication required: the challenge itself, not its outcome (DVC-2).
const DEVICE_CHALLENGE: i64 = 50097;

/// Gathers the evidence of every attempt.
#[must_use]
pub fn gather(
    attempts: &Attempts,
    facts: &Rows<'_>,
    dimensions: &Dimensions,
    tenant: &Tenant,
    needs: &Needs,
) -> EvidenceTable {
    let people: Vec<OfPerson> = dimensions.people.iter().map(|person| of_person(person, tenant, needs)).collect();
    let strengths_read: Box<[bool]> = needs.strengths.iter().map(Option::is_some).collect();
    let mut index: HashMap<Evidence, u32, FxBuildHasher> = HashMap::default();
    let (mut values, mut codes) = (Vec::new(), Vec::with_capacity(attempts.list.len()));
    for (place, attempt) in attempts.list.iter().enumerate() {
        let Some(person) = people.get(dimensions.code(Dimension::Person, place) as usize) else { continue };
        let evidence = of_attempt(attempts, attempt, place, dimensions, facts, person, tenant, needs, &strengths_read);
        let code = *index.entry(evidence).or_insert_with_key(|evidence| {
            values.push(evidence.clone());
            u32::try_from(values.len() - 1).unwrap_or(u32::MAX)
        });
        codes.push(code);
    }
    EvidenceTable { values, codes }
}

#[expect(clippy::too_many_arguments, reason = "one call, and each part comes from elsewhere")]
fn of_attempt(
    attempts: &Attempts,
    attempt: &Attempt,
    place: usize,
    dimensions: &Dimensions,
    facts: &Rows<'_>,
    person: &OfPerson,
    tenant: &Tenant,
    needs: &Needs,
    strengths_read: &[bool],
) -> Evidence {
    let client = dimensions.clients.get(dimensions.code(Dimension::Client, place) as usize).copied().flatten();
    let empty = Device::default();
    let device = dimensions.devices.get(dimensions.code(Dimension::Device, place) as usize).unwrap_or(&empty);
    let has_device_id = if device.is_unread {
        Match::Unknown
    } else {
        Match::from(device.device_id.as_deref().is_some_and(|id| !id.trim().is_empty()))
    };
    let applied = facts.evidence(attempt.terminal);
    let challenged = facts.error_code(attempt.terminal) == Some(DEVICE_CHALLENGE);
    let steps: Vec<&Step> = attempts.rows_of(attempt).iter().flat_map(|row| facts.steps(*row)).collect();
    let mut statuses = attempts.rows_of(attempt).iter().filter_map(|row| facts.status(*row));
    let external_claim = steps.iter().any(|step| is_external_claim(&step.result))
        || statuses.any(|status| status.additional_details.as_deref().is_some_and(is_external_claim));
    let OfPerson { external, mfa_trust, device_trust, in_report, mfa_capable, password_changeable, synced, .. } =
        *person;
    Evidence {
        history: attempt.history,
        mfa: attempt.mfa.state,
        demanded: attempt.mfa.state == MfaState::Fresh
            && (attempt.history == History::ChallengedThenSucceeded || attempt.mfa.second_factor_demanded),
        asked_mfa: attempt.asked_mfa,
        asked_password: attempt.asked_password,
        external,
        mfa_trust,
        device_trust,
        legacy: client.is_some_and(ClientApp::is_legacy),
        browser: Match::from(client.map(|client| client == ClientApp::Browser)),
        device_code: dimensions.flows.get(dimensions.code(Dimension::Flow, place) as usize).is_some_and(is_device_code),
        platform: PLATFORMS
            .get(dimensions.code(Dimension::Platform, place) as usize)
            .copied()
            .unwrap_or(RecordedPlatform::NotRecorded),
        intune_enrollment: attempts.text(attempt, Column::ResourceId).is_some_and(|id| folded(id) == INTUNE_ENROLLMENT),
        has_device_id,
        compliant: Match::from(device.is_compliant),
        hybrid_joined: match device.trust_type.as_deref().map(TrustType::read) {
            Some(Some(trust)) => Match::from(trust == TrustType::ServerAd),
            Some(None) | None => Match::Unknown,
        },
        recorded_compliance: recorded(applied.clone(), "requirecompliantdevice", challenged),
        recorded_hybrid_join: recorded(applied.clone(), "requiredomainjoineddevice", challenged),
        device_was_asked: applied.clone().any(asked_for_device),
        approved_app_recorded: recorded(applied.clone(), "requireapprovedapp", false) == Match::Yes,
        protected_app_recorded: recorded(applied, "requirecompliantapp", false) == Match::Yes,
        token_bound: match attempts.text(attempt, Column::TokenProtection).map(folded).as_deref() {
            Some("bound") => Match::Yes,
            Some("unbound") => Match::No,
            _ => Match::Unknown,
        },
        newest_step_fits: newest_step_fits(&steps, attempts.created(attempt), needs),
        strengths_met: needs
            .strengths
            .iter()
            .map(|strength| {
                strength.as_ref().map_or(Match::Unknown, |strength| is_met(strength, &steps, external_claim))
            })
            .collect(),
        strengths_registered: person.strengths_registered.clone(),
        strengths_read: strengths_read.into(),
        accepted: needs.agreements.iter().map(|agreement| accepted(agreement, attempts, attempt, tenant)).collect(),
        in_report,
        mfa_capable,
        shown_mfa: attempts.shown_mfa.get(attempt.user.0 as usize) == Some(&true),
        password_changeable,
        synced,
    }
}

fn of_person(person: &Person, tenant: &Tenant, needs: &Needs) -> OfPerson {
    let details = tenant
        .registration
        .as_ref()
        .and_then(|report| report.find(person.user_id.as_deref(), person.user_principal_name.as_deref()));
    let user = person.user_id.as_deref().and_then(|id| tenant.users.as_ref()?.find(id));
    let synced = Match::from(user.and_then(|user| user.on_premises_sync));
    let writeback = Match::from(tenant.settings.password_writeback);
    OfPerson {
        external: person::external(person, tenant),
        mfa_trust: tenant.settings.inbound_mfa_trust.of(person.home_tenant.as_deref()),
        device_trust: tenant.settings.inbound_device_trust.of(person.home_tenant.as_deref()),
        in_report: details.is_some(),
        mfa_capable: Match::from(details.and_then(|details| details.mfa_capable)),
        // Writeback makes every password changeable; without it those of cloud users are (C24).
        password_changeable: match (writeback, synced) {
            (Match::Yes, _) | (_, Match::No) => Match::Yes,
            (Match::No, Match::Yes) => Match::No,
            (Match::No | Match::Unknown, Match::Unknown) | (Match::Unknown, Match::Yes) => Match::Unknown,
        },
        synced,
        strengths_registered: needs
            .strengths
            .iter()
            .map(|strength| match (strength, details) {
                // A password is taken as registered (C34).
                (Some(strength), Some(details)) if details.lists_methods => {
                    let password = MethodModes::named("password").unwrap_or_default();
                    match strength.met_by(details.methods.with(password)) {
                        // A method that we do not know may be the one that fits.
                        Match::No if !details.unread.is_empty() => Match::Unknown,
                        met => met,
                    }
                }
                _ => Match::Unknown,
            })
            .collect(),
    }
}

/// Whether the user had accepted an agreement when the terminal row was written (C22).
fn accepted(agreement: &str, attempts: &Attempts, attempt: &Attempt, tenant: &Tenant) -> Match {
    match (&tenant.agreements, attempts.text(attempt, Column::UserId)) {
        (Some(agreements), Some(user)) => Match::from(agreements.accepted(agreement, user, attempts.created(attempt))),
        _ => Match::Unknown,
    }
}

/// Whether an entry may be evidence of a device or of an app (C21, C22, C28).
#[must_use]
pub fn is_recorded_control(entry: &AppliedPolicy) -> bool {
    let controls = ["requirecompliantdevice", "requiredomainjoineddevice", "requireapprovedapp", "requirecompliantapp"];
    entry.enforced_grant_controls.iter().any(|control| controls.contains(&folded(control).as_str()))
}

/// How a recorded policy with this one control stood (C28).
fn recorded<'a>(applied: impl Iterator<Item = &'a AppliedPolicy>, control: &str, on_a_challenge: bool) -> Match {
    let mut answer = Match::Unknown;
    for policy in applied {
        let [only] = policy.enforced_grant_controls.as_slice() else { continue };
        if folded(only) != control {
            continue;
        }
        match folded(&policy.result).as_str() {
            "success" | "reportonlysuccess" => return Match::Yes,
            "failure" | "reportonlyfailure" if !on_a_challenge => answer = Match::No,
            _ => {}
        }
    }
    answer
}

/// A recorded policy asked for device state on this row (C21): it did so only if it came to a result.
fn asked_for_device(policy: &AppliedPolicy) -> bool {
    let controls = ["requirecompliantdevice", "requiredomainjoineddevice"];
    let results = ["success", "failure", "reportonlysuccess", "reportonlyfailure", "reportonlyinterrupted"];
    policy.enforced_grant_controls.iter().any(|control| controls.contains(&folded(control).as_str()))
        && results.contains(&folded(&policy.result).as_str())
}

/// C23: the newest performed step against the tolerance and each window. A step without a time is fresh (C19).
fn newest_step_fits(steps: &[&Step], now: Time, needs: &Needs) -> Option<Box<[bool]>> {
    let performed = || steps.iter().filter(|step| is_performed(step));
    if performed().any(|step| step.at_is_unread) {
        return None;
    }
    let ages: Vec<Time> = performed().map(|step| step.at.map_or(0, |at| now - at)).collect();
    let newest = *ages.iter().min()?;
    Some([TOLERANCE].iter().chain(&needs.windows).map(|window| newest <= *window).collect())
}

/// An MFA claim that the user's own identity provider gave.
fn is_external_claim(text: &str) -> bool {
    comparable(text).contains("satisfied by claim provided by external provider")
}

/// The modes that a performed step may have used, one set a reading (3.7).
enum Used {
    /// One of these modes, for certain.
    OneOf(Vec<MethodModes>),
    /// A method that we do not know: it may have been any.
    Any,
}

fn used(step: &Step) -> Used {
    let method = folded(&step.method);
    let text = folded(&format!("{} {} {}", step.method, step.detail, step.requirement));
    let names: &[&str] = match method.as_str() {
        "password" => &["password"],
        "federated" => &["federatedSingleFactor"],
        _ if method.contains("sms") || method.contains("text message") => &["sms"],
        _ if method.contains("voice") || method.contains("phone call") => &["voice"],
        _ if method.contains("passwordless phone") => &["deviceBasedPush"],
        // Entra words hardware and software tokens alike ({SLD}).
        _ if method.contains("oath") || method.contains("verification code") => &["softwareOath", "hardwareOath"],
        _ if method.contains("mobile app notification") || method.contains("authenticator app") => {
            &["microsoftAuthenticatorPush"]
        }
        _ if method.contains("fido2") || method.contains("passkey") => &["fido2"],
        _ if method.contains("windows hello") => &["windowsHelloForBusiness"],
        _ if method.contains("x.509") || method.contains("certificate") => {
            if text.contains("multi") {
                &["x509CertificateMultiFactor"]
            } else if text.contains("single") {
                &["x509CertificateSingleFactor"]
            } else {
                &["x509CertificateSingleFactor", "x509CertificateMultiFactor"]
            }
        }
        _ if method.contains("temporary access pass") => &["temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"],
        _ => return Used::Any,
    };
    Used::OneOf(names.iter().filter_map(|name| MethodModes::named(name)).collect())
}

/// Whether the methods used hold a combination: in every reading, in some reading, or in none (C20).
fn is_met(strength: &Strength, steps: &[&Step], external_claim: bool) -> Match {
    let performed: Vec<&&Step> = steps.iter().filter(|step| is_performed(step)).collect();
    if performed.is_empty() {
        return Match::Unknown;
    }
    let mut readings = vec![MethodModes::NONE];
    let mut any_method = false;
    for step in performed {
        match used(step) {
            Used::Any => any_method = true,
            Used::OneOf(modes) => {
                readings = readings.iter().flat_map(|held| modes.iter().map(|mode| held.with(*mode))).collect();
                readings.sort_unstable();
                readings.dedup();
            }
        }
    }
    if external_claim {
        // Beside a federated step such a claim is federated MFA; without one it may be (3.7).
        let named = |name| MethodModes::named(name).unwrap_or_default();
        let with: Vec<MethodModes> = readings.iter().map(|held| held.with(named("federatedMultiFactor"))).collect();
        let federated = readings.iter().all(|held| held.holds(named("federatedSingleFactor")));
        readings = if federated { with } else { [readings, with].concat() };
    }
    let met = Match::agreed(readings.iter().map(|held| strength.met_by(*held)));
    if met == Match::No && any_method { Match::Unknown } else { met }
}
