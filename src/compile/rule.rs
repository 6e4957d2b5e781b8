//! A compiled policy, and how its controls settle for each distinct evidence (3.2, C24–C26).

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::mfa::MfaState;
use crate::domain::{Ask, Effect, History, Match, Outcome, Reason, Span, Verdict};

use super::condition::Configured;
use super::control::{Ability, Control, Grant, Operator, Session, Standing};
use super::evidence::Evidence;
use super::lookup::{FactSet, FactSets};

/// A policy made of lookup tables.
#[derive(Debug)]
pub struct Rule {
    /// Name as replayed.
    pub name: String,
    /// Id, or empty.
    pub id: String,
    /// Configured conditions in the order of CON-5.
    pub conditions: Vec<Configured>,
    /// Grant controls.
    pub grant: Grant,
    /// Session controls.
    pub session: Session,
    /// Sign-in or user risk is configured: registration is not offered (C24).
    pub is_risk_policy: bool,
    /// Sign-in risk is configured.
    pub reads_sign_in_risk: bool,
    /// On a user action: report-only does not evaluate it (C13).
    pub is_user_action: bool,
    /// Excludes applications from all resources (APP-5).
    pub excludes_applications: bool,
    /// How it settles where its conditions match, by the code of the evidence.
    pub settled: Settlements,
}

/// How a policy settles for each distinct evidence: few ways, however many evidences there are.
#[derive(Clone, Debug, Default)]
pub struct Settlements {
    /// The distinct ways.
    pub ways: Vec<Settled>,
    /// The way of each evidence, by its code.
    pub way_of: Vec<u32>,
}

impl Settlements {
    /// How the policy settles for an evidence, by its code.
    #[must_use]
    pub fn of(&self, evidence: u32) -> Option<&Settled> {
        self.way_of.get(evidence as usize).and_then(|way| self.ways.get(*way as usize))
    }
}

/// How a policy settles for one distinct evidence, as if its conditions matched.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Settled {
    /// The verdict if the conditions certainly match.
    pub matched: Verdict,
    /// The verdict if they may match (C26).
    pub perhaps: Verdict,
    /// What the user would be asked at the severest end, in the order of [`Ask::ALL`].
    pub asks: Vec<Ask>,
    /// Controls that are unmet at the severest end.
    pub unmet: Vec<String>,
    /// Why the severest end is what it is, in the order of [`Reason::ALL`].
    pub reasons: Vec<Reason>,
    /// Facts that would narrow it.
    pub missing: FactSet,
    /// Rules of the reference that are our choice and decided something here (section 13).
    pub assumptions: Vec<&'static str>,
}

impl Rule {
    /// Settles every distinct evidence.
    pub fn settle(&mut self, evidence: &[Evidence], facts: &mut FactSets) {
        let mut index: HashMap<Settled, u32, FxBuildHasher> = HashMap::default();
        let mut settlements = Settlements::default();
        for evidence in evidence {
            let way = *index.entry(settle(self, evidence, facts)).or_insert_with_key(|settled| {
                settlements.ways.push(settled.clone());
                u32::try_from(settlements.ways.len() - 1).unwrap_or(u32::MAX)
            });
            settlements.way_of.push(way);
        }
        self.settled = settlements;
    }

    /// Every reading of an evidence: what [`Rule::settle`] joins, with each part of it to be seen.
    ///
    /// Whether a user is external may itself be open: both are taken (C19).
    #[must_use]
    pub fn readings(&self, evidence: &Evidence) -> Vec<Reading> {
        let readings: &[bool] = match evidence.external {
            Match::Yes => &[true],
            Match::No => &[false],
            Match::Unknown => &[false, true],
        };
        readings.iter().map(|external| read(self, evidence, *external)).collect()
    }
}

fn settle(rule: &Rule, evidence: &Evidence, facts: &mut FactSets) -> Settled {
    let readings = rule.readings(evidence);
    let joined = readings.iter().map(|reading| reading.verdict).reduce(|one, two| Verdict {
        outcome: one.outcome.either(two.outcome),
        effect: one.effect.either(two.effect),
        possible: one.possible | two.possible,
    });
    let matched = joined.unwrap_or(Verdict::UNTOUCHED);
    let severest =
        readings.iter().max_by_key(|reading| (reading.verdict.effect.most(), reading.verdict.outcome.most()));
    let mut missing: Vec<&str> = readings.iter().flat_map(|reading| reading.missing.iter().copied()).collect();
    if readings.iter().any(|reading| reading.verdict != matched) {
        missing.push("users");
    }
    // Conditions unknown: not applied at the least, as if matched at the most (C26).
    let perhaps = Verdict {
        outcome: Span::new(Outcome::NotApplied, matched.outcome.most()),
        effect: Span::new(Effect::Unaffected, matched.effect.most()),
        possible: readings.iter().fold(matched.possible, |possible, reading| possible | reading.possible_if_unknown),
    };
    Settled {
        matched,
        perhaps,
        asks: severest.map(|reading| reading.asks.clone()).unwrap_or_default(),
        unmet: severest.map(|reading| reading.unmet.clone()).unwrap_or_default(),
        reasons: severest.map(|reading| reading.reasons.clone()).unwrap_or_default(),
        missing: facts.intern(missing),
        assumptions: assumptions(rule, evidence, matched),
    }
}

/// Entries of the register (section 13) that this verdict rests on.
fn assumptions(rule: &Rule, evidence: &Evidence, matched: Verdict) -> Vec<&'static str> {
    let mut used = Vec::new();
    let acts = matched.outcome.most() >= Outcome::Interrupted;
    if acts && rule.session.is_every_time() && rule.grant.wants_mfa() && evidence.mfa == MfaState::Claim {
        used.push("U1");
    }
    if matched.outcome.most() == Outcome::Failure && evidence.legacy && !rule.grant.controls.contains(&Control::Block) {
        used.push("U2");
    }
    let asks_device =
        |control: &Control| matches!(control, Control::CompliantDevice { .. } | Control::DomainJoinedDevice);
    if matched.outcome.is_open() && evidence.has_device_id != Match::Yes && rule.grant.controls.iter().any(asks_device)
    {
        used.push("U11");
    }
    if evidence.intune_enrollment && rule.grant.controls.contains(&Control::CompliantDevice { on_all: true }) {
        used.push("APP-13");
    }
    if rule.is_user_action {
        used.push("C13");
    }
    used
}

/// A policy over an evidence, with the question of external or not answered.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The answer to it.
    pub external: bool,
    /// The verdict if the conditions certainly match.
    pub verdict: Verdict,
    /// Where each grant control stands, in the order of the policy.
    pub standings: Vec<Span<Standing>>,
    /// Where the sign-in frequency stands.
    pub frequency: Span<Standing>,
    /// Where token protection stands.
    pub token: Span<Standing>,
    /// What comes of it at the mildest end of everything unknown.
    pub least: End,
    /// What comes of it at the severest end.
    pub most: End,
    /// Effects that any outcome up to the severest leads to: what is possible where the conditions are unknown.
    possible_if_unknown: u8,
    asks: Vec<Ask>,
    unmet: Vec<String>,
    reasons: Vec<Reason>,
    missing: Vec<&'static str>,
}

/// One end of everything unknown: where each part stands, and what comes of it.
#[derive(Clone, Debug)]
pub struct End {
    /// What report-only mode would have written, user actions or not.
    pub outcome: Outcome,
    /// Interactive controls that are needed, by their places in the policy.
    pub needed: Vec<usize>,
    /// A fresh sign-in is needed.
    pub frequency_needed: bool,
    /// Rows up to the terminal one asked for all of it (C25).
    pub asked_already: bool,
    /// Whether the user can answer: both, where that is open (C24).
    pub abilities: Vec<Ability>,
    /// What enforcing would have done: several, where the ability is open.
    pub effects: Vec<Effect>,
}

fn read(rule: &Rule, evidence: &Evidence, external: bool) -> Reading {
    let standings: Vec<Span<Standing>> =
        rule.grant.controls.iter().map(|control| control.standing(evidence, external)).collect();
    let frequency = rule.session.frequency_standing(evidence);
    let token = rule.session.token_standing(evidence);
    let end = |side, frequency, token| {
        let mut end = end(rule, &standings, side, frequency, token);
        end.asked_already = asked_already(rule, evidence, &end);
        end.abilities = abilities(rule, evidence, external, &end);
        end.effects = effects(rule, evidence, end.outcome, &end);
        end
    };
    let least = end(Span::least, frequency.least(), token.least());
    let most = end(Span::most, frequency.most(), token.most());

    // Ends that come reversed are swapped (C26).
    let first = least.effects.iter().min().copied().unwrap_or(Effect::Unaffected);
    let last = most.effects.iter().max().copied().unwrap_or(Effect::Unaffected);
    let effect = Span::new(first, last);
    let outcome = Span::new(least.outcome, most.outcome);
    let ends = effect.least().bit() | effect.most().bit();
    // The contract counts an effect as possible if some result between the ends leads to it (section 5).
    let possible_from = |first: Outcome| {
        Outcome::ALL.into_iter().filter(|one| (first..=most.outcome).contains(one)).fold(ends, |possible, between| {
            let by = if between == least.outcome { &least } else { &most };
            effects(rule, evidence, between, by).iter().fold(possible, |possible, one| possible | one.bit())
        })
    };
    let (possible, possible_if_unknown) = (possible_from(least.outcome), possible_from(Outcome::NotApplied));
    let outcome = if rule.is_user_action { Span::certain(Outcome::NotApplied) } else { outcome };
    let parts = Parts { standings: &standings, frequency, token };
    Reading {
        external,
        verdict: Verdict { outcome, effect, possible },
        possible_if_unknown,
        asks: asks(rule, &most),
        unmet: unmet(rule, &parts, outcome.is_open() || effect.is_open()),
        reasons: reasons(rule, evidence, external, &parts, &most),
        missing: missing(rule, evidence, external, &parts, most.effects.len() > 1),
        standings,
        frequency,
        token,
        least,
        most,
    }
}

/// Where the parts of a policy stand.
struct Parts<'a> {
    standings: &'a [Span<Standing>],
    frequency: Span<Standing>,
    token: Span<Standing>,
}

fn end(
    rule: &Rule,
    standings: &[Span<Standing>],
    side: fn(Span<Standing>) -> Standing,
    frequency: Standing,
    token: Standing,
) -> End {
    let settled: Vec<Standing> = standings.iter().map(|span| side(*span)).collect();
    // Without an operator that we know, the mildest end takes one of them, the severest all.
    let all = match rule.grant.operator {
        Operator::And => true,
        Operator::Or => false,
        Operator::Unread => side(Span::new(Standing::Satisfied, Standing::Failed)) == Standing::Failed,
    };
    let by_grant = if rule.grant.controls.contains(&Control::Block) {
        Outcome::Failure
    } else {
        // The worst of all or the best of one (GRT-1); without any control nothing is asked for (POL-1).
        let combined = if all { settled.iter().max() } else { settled.iter().min() };
        combined.map_or(Outcome::Success, |standing| outcome_of(*standing))
    };
    let outcome = by_grant.max(outcome_of(frequency)).max(outcome_of(token));
    // Of an OR that is satisfied nothing is asked.
    let grant_asks = by_grant == Outcome::Interrupted || (all && by_grant == Outcome::Failure);
    let needed = settled
        .iter()
        .enumerate()
        .filter(|(_, standing)| grant_asks && **standing == Standing::Needed)
        .map(|(place, _)| place)
        .collect();
    End {
        outcome,
        needed,
        frequency_needed: frequency == Standing::Needed,
        asked_already: false,
        abilities: Vec::new(),
        effects: Vec::new(),
    }
}

fn outcome_of(standing: Standing) -> Outcome {
    match standing {
        Standing::Satisfied => Outcome::Success,
        Standing::Needed => Outcome::Interrupted,
        Standing::Failed => Outcome::Failure,
    }
}

/// What an outcome means, given what happened (C25): more than one effect where the ability is open.
fn effects(rule: &Rule, evidence: &Evidence, outcome: Outcome, end: &End) -> Vec<Effect> {
    match outcome {
        Outcome::NotApplied => vec![Effect::Unaffected],
        Outcome::Success => {
            let wants = rule.grant.wants_mfa() || rule.session.is_every_time();
            let met_already = wants && evidence.demanded;
            vec![if met_already { Effect::AlreadyChallenged } else { Effect::Unaffected }]
        }
        Outcome::Interrupted | Outcome::Failure if evidence.history == History::BlockedByPolicy => {
            vec![Effect::AlreadyBlocked]
        }
        Outcome::Failure => vec![Effect::Blocked],
        Outcome::Interrupted if end.asked_already => vec![Effect::AlreadyChallenged],
        Outcome::Interrupted => end
            .abilities
            .iter()
            .map(|ability| match ability {
                Ability::Able => Effect::Challenged,
                Ability::Unable => Effect::Blocked,
            })
            .collect(),
    }
}

/// Rows up to the terminal one asked for every unmet control, of an OR for one of its alternatives (C25).
fn asked_already(rule: &Rule, evidence: &Evidence, end: &End) -> bool {
    let challenged = matches!(evidence.history, History::ChallengeAbandoned | History::ChallengedThenSucceeded);
    if !challenged {
        return false;
    }
    let asked = |place: &usize| match rule.grant.controls.get(*place) {
        Some(Control::Mfa { .. } | Control::Strength(_)) => evidence.asked_mfa,
        Some(Control::PasswordChange | Control::RiskRemediation) => evidence.asked_password,
        _ => false,
    };
    let by_grant = match rule.grant.operator {
        _ if end.needed.is_empty() => true,
        Operator::Or => end.needed.iter().any(asked),
        Operator::And | Operator::Unread => end.needed.iter().all(asked),
    };
    let by_session = !end.frequency_needed || (rule.session.is_every_time() && evidence.asked_mfa);
    by_grant && by_session && (!end.needed.is_empty() || end.frequency_needed)
}

/// Abilities over the unmet controls: all of AND, the best of OR, and every time besides (C24).
fn abilities(rule: &Rule, evidence: &Evidence, external: bool, end: &End) -> Vec<Ability> {
    let of_controls: Vec<&[Ability]> = end
        .needed
        .iter()
        .filter_map(|place| rule.grant.controls.get(*place))
        .map(|control| control.abilities(evidence, external, rule.is_risk_policy))
        .collect();
    let worst = |abilities: &[&[Ability]], side: fn(&[Ability]) -> Ability| {
        abilities.iter().map(|one| side(one)).max().unwrap_or(Ability::Able)
    };
    let best = |abilities: &[&[Ability]], side: fn(&[Ability]) -> Ability| {
        abilities.iter().map(|one| side(one)).min().unwrap_or(Ability::Able)
    };
    let (mildest, severest) = match rule.grant.operator {
        Operator::And => (worst(&of_controls, least_of), worst(&of_controls, most_of)),
        Operator::Or => (best(&of_controls, least_of), best(&of_controls, most_of)),
        Operator::Unread => (best(&of_controls, least_of), worst(&of_controls, most_of)),
    };
    let of_session: &[Ability] = if end.frequency_needed {
        rule.session.abilities(evidence, external, rule.grant.wants_mfa(), rule.is_risk_policy)
    } else {
        &[Ability::Able]
    };
    let mut abilities = vec![mildest.max(least_of(of_session)), severest.max(most_of(of_session))];
    abilities.dedup();
    abilities
}

fn least_of(abilities: &[Ability]) -> Ability {
    abilities.iter().min().copied().unwrap_or(Ability::Able)
}

fn most_of(abilities: &[Ability]) -> Ability {
    abilities.iter().max().copied().unwrap_or(Ability::Able)
}

fn asks(rule: &Rule, most: &End) -> Vec<Ask> {
    if most.outcome != Outcome::Interrupted {
        return Vec::new();
    }
    let mut asks: Vec<Ask> = most.needed.iter().filter_map(|place| rule.grant.controls.get(*place)?.ask()).collect();
    if most.frequency_needed {
        asks.push(Ask::Reauthenticate);
    }
    asks.sort_unstable();
    asks.dedup();
    asks
}

/// Controls that are certainly unmet; of a range those of its severest end (contract section 4).
fn unmet(rule: &Rule, parts: &Parts<'_>, is_range: bool) -> Vec<String> {
    let is_unmet = |standing: Span<Standing>| {
        let end = if is_range { standing.most() } else { standing.least() };
        end != Standing::Satisfied
    };
    let mut unmet: Vec<String> = rule
        .grant
        .controls
        .iter()
        .zip(parts.standings)
        .filter(|(_, standing)| is_unmet(**standing))
        .map(|(control, _)| control.name().to_owned())
        .collect();
    if is_unmet(parts.frequency) {
        unmet.push("signInFrequency".to_owned());
    }
    if is_unmet(parts.token) {
        unmet.push("secureSignInSession".to_owned());
    }
    unmet.sort_unstable();
    unmet.dedup();
    unmet
}

fn reasons(rule: &Rule, evidence: &Evidence, external: bool, parts: &Parts<'_>, most: &End) -> Vec<Reason> {
    let mut reasons = Vec::new();
    if most.outcome >= Outcome::Interrupted {
        for (place, (control, standing)) in rule.grant.controls.iter().zip(parts.standings).enumerate() {
            if standing.most() == Standing::Satisfied {
                continue;
            }
            let is_unable = most.outcome == Outcome::Interrupted
                && most.needed.contains(&place)
                && most_of(control.abilities(evidence, external, rule.is_risk_policy)) == Ability::Unable
                && most.abilities.contains(&Ability::Unable)
                && !most.asked_already;
            reasons.extend(reason_of(control, standing.most(), evidence, external, is_unable));
        }
        if parts.frequency.most() == Standing::Needed {
            let unable = rule.session.abilities(evidence, external, rule.grant.wants_mfa(), rule.is_risk_policy);
            reasons.push(if rule.session.is_every_time() { Reason::EveryTime } else { Reason::SignInFrequency });
            if most.outcome == Outcome::Interrupted && unable.contains(&Ability::Unable) && !most.asked_already {
                reasons.push(Reason::MfaNotRegistered);
            }
        }
        if parts.token.most() == Standing::Failed {
            reasons.push(Reason::TokenProtection);
        }
    }
    if rule.is_user_action {
        reasons.push(Reason::UserAction);
    }
    reasons.sort_unstable();
    reasons.dedup();
    reasons
}

fn reason_of(
    control: &Control,
    standing: Standing,
    evidence: &Evidence,
    external: bool,
    is_unable: bool,
) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let is_interactive = control.ask().is_some();
    if evidence.legacy && standing == Standing::Failed && *control != Control::Block {
        reasons.push(Reason::LegacyClient);
    }
    match control {
        Control::Block => reasons.push(Reason::Block),
        Control::CompliantDevice { .. } => reasons.push(Reason::DeviceNotCompliant),
        Control::DomainJoinedDevice => reasons.push(Reason::DeviceNotHybridJoined),
        Control::ApprovedApplication => reasons.push(Reason::AppNotApproved),
        Control::CompliantApplication => reasons.push(Reason::AppNotProtected),
        Control::TermsOfUse(_) => reasons.push(Reason::TermsOfUse),
        Control::Unknown(_) => reasons.push(Reason::UnknownControl),
        Control::Mfa { .. } | Control::RiskRemediation if is_unable && is_interactive => {
            reasons.push(Reason::MfaNotRegistered);
        }
        Control::Strength(_) if is_unable => reasons.push(Reason::StrengthNotRegistered),
        Control::PasswordChange if is_unable => {
            if external || evidence.password_changeable != Match::Yes {
                reasons.push(Reason::PasswordChangeImpossible);
            } else {
                reasons.push(Reason::MfaNotRegistered);
            }
        }
        Control::Mfa { .. }
        | Control::RiskRemediation
        | Control::Strength(_)
        | Control::PasswordChange
        | Control::Custom
        | Control::VerifiedId => {}
    }
    reasons
}

fn missing(
    rule: &Rule,
    evidence: &Evidence,
    external: bool,
    parts: &Parts<'_>,
    ability_is_open: bool,
) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for (control, standing) in rule.grant.controls.iter().zip(parts.standings) {
        if standing.is_open() {
            missing.extend(control.missing(evidence, external));
        }
        if ability_is_open && control.abilities(evidence, external, rule.is_risk_policy).len() > 1 {
            missing.extend(control.missing_ability(evidence, rule.is_risk_policy));
        }
    }
    if parts.frequency.is_open() {
        missing.push("authenticationDetails");
    }
    if ability_is_open && parts.frequency.most() == Standing::Needed {
        let abilities = rule.session.abilities(evidence, external, rule.grant.wants_mfa(), rule.is_risk_policy);
        if abilities.len() > 1 {
            missing.push("userRegistrationDetails");
        }
    }
    if parts.token.is_open() {
        missing.push("tokenProtectionStatusDetails");
    }
    missing
}
