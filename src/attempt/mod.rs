//! From rows to attempts: what a person experiences as one sign-in.
//!
//! Copies of a row are merged ([`copies`]), rows that no candidate can apply to are set aside and
//! the rest is classed by error code ([`population`]), rows are grouped ([`group`]), and each
//! attempt gets its terminal row, its history ([`history`]) and its evidence of MFA ([`mfa`]).
//! Everything here is local to one user.

pub mod copies;
pub mod group;
pub mod history;
pub mod left_out;
pub mod mfa;
pub mod population;
pub mod rows;
pub mod scope;
pub mod steps;
pub mod times;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::domain::spelling::recorded_risk;
use crate::domain::{History, RiskLevel, Spelled};
use crate::frame::{Code, Column, SignInFrame, Time};
use crate::tenant::RiskDetections;

use mfa::{Evidence, MfaRule, MfaState};
use population::{OwnTenant, SetAside};
use rows::{People, Rows};

/// Position of a person in this run: rows without a user id are a person each (C3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UserCode(pub u32);

/// How attempts are made.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// `--own-tenant`, or `tenant-id` of `tenant.toml`.
    pub own_tenant: Option<String>,
    /// `--rows`: no grouping, one row is one attempt (GRP-7).
    pub one_row_each: bool,
}

/// One attempt in which a row reached Conditional Access.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The row that conditions and controls are evaluated on (C5): a row of the frame.
    pub terminal: usize,
    /// The rows of the attempt in their order (C5): a range of [`Attempts::order`].
    pub rows: Range<usize>,
    /// How many of them come before the terminal row.
    pub before_terminal: usize,
    /// Whose attempt it is.
    pub user: UserCode,
    /// Interactive rows and others never share an attempt (GRP-3).
    pub interactive: bool,
    /// What happened (C7).
    pub history: History,
    /// The level that Conditional Access saw, as far as the rows tell (SIR-2, C31).
    pub risk: RiskLevel,
    /// The level comes from an earlier row of the attempt (C31).
    pub risk_from_sibling: bool,
    /// The level is that of a detection made in real time, since none is recorded (RSK-3).
    pub risk_from_detection: bool,
    /// Evidence of MFA (C19).
    pub mfa: Evidence,
    /// An earlier or the terminal row asked for MFA or a fresh sign-in (C25).
    pub asked_mfa: bool,
    /// An earlier or the terminal row asked for a password change (C25).
    pub asked_password: bool,
}

/// A step of the waterfall: what is left, or what was taken away and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Step name of the contract (section 5).
    pub step: &'static str,
    /// For what was taken away.
    pub reason: Option<&'static str>,
    /// Rows.
    pub rows: u64,
    /// Attempts; none before rows are grouped.
    pub attempts: Option<u64>,
    /// People; a row without a user id counts as one.
    pub users: u64,
}

/// The population, and how it came about.
#[derive(Clone, Debug)]
pub struct Attempts {
    /// Unique rows, copies merged. Shared: no copy of the attempts holds the rows twice.
    pub frame: Arc<SignInFrame>,
    /// Attempts in the order of their terminal rows: time, then id.
    pub list: Vec<Attempt>,
    /// Rows of the frame, attempt by attempt.
    pub order: Arc<[usize]>,
    /// How many people there are.
    pub users: usize,
    /// The own tenant, folded, if any row records a resource tenant.
    pub own_tenant: Option<String>,
    /// Where the own tenant comes from, in words.
    pub own_tenant_source: &'static str,
    /// Rows → attempts → population; each subtraction is exact.
    pub waterfall: Vec<Step>,
    /// People whose own attempts show MFA with code 0 (C24), by user code.
    pub shown_mfa: Vec<bool>,
    /// Rules that decided something, and for how many attempts (section 13).
    pub assumptions: BTreeMap<&'static str, u64>,
}

/// Rows of some people, copies merged. Rows of one person never depend on those of another (design, section 2).
#[derive(Debug)]
pub struct Unique {
    /// One row a sign-in record.
    pub frame: SignInFrame,
    /// Before copies were merged.
    read: Counted,
    /// Rows whose copies recorded different levels (RSK-2).
    risk_disagreed: u64,
}

/// Merges the copies of rows.
#[must_use]
pub fn unique(frame: SignInFrame) -> Unique {
    let read = Counted { rows: frame.rows() as u64, users: rows::people(&frame).count as u64 };
    let copies::Merged { frame, risk_disagreed } = copies::merge(frame);
    Unique { frame, read, risk_disagreed }
}

/// Merges, sets aside, groups and judges the rows of a frame that holds everybody.
#[must_use]
pub fn gather(
    frame: SignInFrame,
    detections: &RiskDetections,
    options: &Options,
    diagnostics: &mut Diagnostics,
) -> Attempts {
    let unique = unique(frame);
    let mut ids = copies::ids(&unique.frame);
    copies::tell_shared_ids(&mut ids, diagnostics);
    let own_tenant = OwnTenant::of(&population::resource_tenants(&unique.frame), options.own_tenant.as_deref());
    gather_unique(unique, own_tenant, detections, options.one_row_each)
}

/// Sets aside, groups and judges unique rows, of everybody or of some people.
#[must_use]
pub fn gather_unique(
    unique: Unique,
    OwnTenant { id: own_tenant, source: own_tenant_source }: OwnTenant,
    detections: &RiskDetections,
    one_row_each: bool,
) -> Attempts {
    let Unique { frame, read, risk_disagreed } = unique;
    let people = rows::people(&frame);
    let facts = Rows::read(&frame, &people, own_tenant.as_deref());
    let mut waterfall = Waterfall::new(&people, read, frame.rows());
    let mut assumptions: BTreeMap<&'static str, u64> = BTreeMap::new();
    count(&mut assumptions, "RSK-2", risk_disagreed);

    let kept = waterfall.set_aside(&facts);
    count(&mut assumptions, "C2", kept.iter().filter(|row| facts.interactive_assumed(**row)).count() as u64);
    let groups = if one_row_each { kept.iter().map(|row| vec![*row]).collect() } else { group::group(&facts, kept) };
    waterfall.grouped("attempts", None, &groups.iter().collect::<Vec<_>>());

    let (mut list, mut order) = (Vec::with_capacity(groups.len()), Vec::new());
    let (mut population, mut missed) = (Vec::new(), BTreeMap::<&'static str, Vec<&Vec<usize>>>::new());
    for rows in &groups {
        let Some(before_terminal) = rows.iter().rposition(|row| facts.reached(*row)) else {
            missed.entry(population::why_not_reached(&facts, rows)).or_default().push(rows);
            continue;
        };
        list.push(judge(&facts, rows, order.len(), before_terminal, detections));
        order.extend_from_slice(rows);
        population.push(rows);
    }
    for (reason, gone) in &missed {
        waterfall.grouped("notReached", Some(reason), gone);
    }
    waterfall.grouped("population", None, &population);

    // Two users of one id (C1) would else stand in the order in which they were read.
    let place = |attempt: &Attempt| {
        let user = frame.text(Column::UserId, attempt.terminal);
        (facts.created(attempt.terminal), facts.id(attempt.terminal), user)
    };
    list.sort_by(|one, two| place(one).cmp(&place(two)));
    mfa::follow_sessions(&facts, &mut list);
    let shown_mfa = shown_mfa(&facts, &list, people.count);
    let steps = waterfall.steps;
    drop(facts);
    Attempts {
        frame: Arc::new(frame),
        list,
        order: order.into(),
        users: people.count,
        own_tenant,
        own_tenant_source,
        waterfall: steps,
        shown_mfa,
        assumptions,
    }
}

fn count(assumptions: &mut BTreeMap<&'static str, u64>, tag: &'static str, times: u64) {
    if times > 0 {
        *assumptions.entry(tag).or_default() += times;
    }
}

/// People whose own attempts show MFA with code 0 (C24).
fn shown_mfa(facts: &Rows<'_>, list: &[Attempt], people: usize) -> Vec<bool> {
    let mut shown = vec![false; people];
    for attempt in list.iter().filter(|attempt| attempt.mfa.shows_mfa()) {
        if facts.error_code(attempt.terminal) == Some(0)
            && let Some(shown) = shown.get_mut(attempt.user.0 as usize)
        {
            *shown = true;
        }
    }
    shown
}

/// Rows and people of a step.
#[derive(Clone, Copy, Debug)]
struct Counted {
    rows: u64,
    users: u64,
}

/// The steps as they are taken; each subtraction is exact.
struct Waterfall<'a> {
    people: &'a People,
    steps: Vec<Step>,
}

impl<'a> Waterfall<'a> {
    fn new(people: &'a People, read: Counted, unique: usize) -> Waterfall<'a> {
        let step = |step, Counted { rows, users }| Step { step, reason: None, rows, attempts: None, users };
        let unique = Counted { rows: unique as u64, users: people.count as u64 };
        Waterfall { people, steps: vec![step("rows", read), step("uniqueRows", unique)] }
    }

    /// Sets rows aside by reason (C2); what is left are the rows of users.
    fn set_aside(&mut self, facts: &Rows<'_>) -> Vec<usize> {
        let all = || 0..facts.frame.rows();
        for reason in SetAside::ALL {
            let gone: Vec<usize> = all().filter(|row| facts.set_aside(*row) == Some(reason)).collect();
            if !gone.is_empty() {
                self.rows("setAside", Some(reason.word()), &gone);
            }
        }
        let kept: Vec<usize> = all().filter(|row| facts.set_aside(*row).is_none()).collect();
        self.rows("userRows", None, &kept);
        kept
    }

    fn rows(&mut self, step: &'static str, reason: Option<&'static str>, rows: &[usize]) {
        let users = self.people.distinct(rows.iter().copied());
        self.steps.push(Step { step, reason, rows: rows.len() as u64, attempts: None, users });
    }

    fn grouped(&mut self, step: &'static str, reason: Option<&'static str>, groups: &[&Vec<usize>]) {
        let rows = || groups.iter().flat_map(|group| group.iter().copied());
        self.steps.push(Step {
            step,
            reason,
            rows: rows().count() as u64,
            attempts: Some(groups.len() as u64),
            users: self.people.distinct(rows()),
        });
    }
}

fn judge(
    facts: &Rows<'_>,
    rows: &[usize],
    start: usize,
    before_terminal: usize,
    detections: &RiskDetections,
) -> Attempt {
    let (earlier, rest) = rows.split_at(before_terminal);
    let terminal = rest.first().copied().unwrap_or_default();
    let mut risk = facts.risk(terminal, detections);
    let mut from_sibling = false;
    if risk.level <= RiskLevel::None && facts.original_request(terminal).is_some() {
        let sibling = earlier
            .iter()
            .filter(|row| facts.reached(**row) && facts.original_request(**row) == facts.original_request(terminal))
            .map(|row| facts.risk(*row, detections).level)
            .max();
        if let Some(level) = sibling.filter(|level| *level >= RiskLevel::Low) {
            risk.level = level;
            from_sibling = true;
        }
    }
    let codes = || earlier.iter().chain([&terminal]).filter_map(|row| facts.error_code(*row));
    let (asked_mfa, asked_password) = (codes().any(history::asks_for_mfa), codes().any(history::asks_for_password));
    Attempt {
        terminal,
        rows: start..start + rows.len(),
        before_terminal,
        user: facts.user(terminal),
        interactive: facts.interactive(terminal),
        history: history::of(facts, earlier, terminal),
        risk: risk.level,
        risk_from_sibling: from_sibling,
        risk_from_detection: risk.filled_from_detection && !from_sibling,
        mfa: mfa::evidence(facts, rows, before_terminal),
        asked_mfa,
        asked_password,
    }
}

impl Attempts {
    /// Judges the evidence of MFA again where a recorded control decided it (C28), and what sessions carry on (F8).
    ///
    /// Places in the list of the attempts whose evidence is now another.
    pub fn judge_recorded_controls_again(&mut self, facts: &Rows<'_>) -> Vec<usize> {
        let Attempts { list, order, users, shown_mfa: shown, .. } = self;
        let before: Vec<MfaState> = list.iter().map(|attempt| attempt.mfa.state).collect();
        for attempt in &mut *list {
            match attempt.mfa.rule {
                MfaRule::C28 => {
                    let rows = order.get(attempt.rows.clone()).unwrap_or(&[]);
                    attempt.mfa = mfa::evidence(facts, rows, attempt.before_terminal);
                }
                // What the session adds is added again below.
                MfaRule::F8 => attempt.mfa.state = MfaState::ClaimOrNone,
                _ => {}
            }
        }
        mfa::follow_sessions(facts, list);
        *shown = shown_mfa(facts, list, *users);
        let changed = list.iter().zip(before).enumerate().filter(|(_, (attempt, before))| attempt.mfa.state != *before);
        changed.map(|(place, _)| place).collect()
    }

    /// Some of the attempts, by their places in the list.
    #[must_use]
    pub fn some(&self, places: &[usize]) -> Attempts {
        let list = places.iter().filter_map(|place| self.list.get(*place).cloned()).collect();
        let Attempts { frame, list: _, order, users, own_tenant, own_tenant_source, waterfall, shown_mfa, assumptions } =
            self;
        Attempts {
            frame: Arc::clone(frame),
            list,
            order: Arc::clone(order),
            users: *users,
            own_tenant: own_tenant.clone(),
            own_tenant_source,
            waterfall: waterfall.clone(),
            shown_mfa: shown_mfa.clone(),
            assumptions: assumptions.clone(),
        }
    }

    /// The rows of an attempt in their order.
    #[must_use]
    pub fn rows_of(&self, attempt: &Attempt) -> &[usize] {
        self.order.get(attempt.rows.clone()).unwrap_or(&[])
    }

    /// The text of a column on the terminal row.
    #[must_use]
    pub fn text(&self, attempt: &Attempt, column: Column) -> Option<&str> {
        self.frame.text(column, attempt.terminal)
    }

    /// The code of a column on the terminal row.
    #[must_use]
    pub fn code(&self, attempt: &Attempt, column: Column) -> Code {
        self.frame.code(column, attempt.terminal)
    }

    /// `createdDateTime` of the terminal row.
    #[must_use]
    pub fn created(&self, attempt: &Attempt) -> Time {
        self.frame.created().get(attempt.terminal).copied().unwrap_or_default()
    }
}

/// A recorded level and how it was come by.
#[derive(Clone, Copy, Debug)]
pub struct RecordedRisk {
    /// The level.
    pub level: RiskLevel,
    /// A realtime detection filled a missing or hidden level (C10).
    pub filled_from_detection: bool,
}

impl Rows<'_> {
    /// The level of one row: as recorded, else from a realtime detection of its id (C10, RSK-3).
    #[must_use]
    pub fn risk(&self, row: usize, detections: &RiskDetections) -> RecordedRisk {
        let level = recorded_risk(self.frame.text(Column::RiskLevelDuringSignIn, row));
        if level != RiskLevel::Unknown {
            return RecordedRisk { level, filled_from_detection: false };
        }
        // A file of detections may lie among the logs as well as in the tenant folder.
        let among_logs = self.frame.text(Column::RealtimeDetection, row).and_then(RiskLevel::spelled);
        let in_folder = self.frame.text(Column::Id, row).and_then(|id| detections.realtime(id));
        let detected = among_logs.max(in_folder);
        RecordedRisk { level: detected.unwrap_or(level), filled_from_detection: detected.is_some() }
    }
}
