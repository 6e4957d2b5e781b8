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
mod people;
pub mod population;
pub mod rows;
pub mod scope;
mod step;
pub mod steps;
pub mod times;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::Diagnostics;
use crate::domain::{History, RiskLevel};
use crate::frame::{Code, Column, SignInFrame, Time};
use crate::tenant::RiskDetections;

use group::Groups;
use mfa::{Evidence, MfaRule, MfaState};
use population::{OwnTenant, SetAside};
pub use rows::RecordedRisk;
use rows::{People, Rows};
pub use step::RecordedStep;

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
    let groups = if one_row_each { Groups::one_row_each(kept) } else { group::group(&facts, &kept) };
    waterfall.some("attempts", None, groups.count(), groups.rows().iter().copied());
    let population = Population::of(&facts, &groups);
    for (reason, gone) in &population.missed {
        let rows = gone.iter().flat_map(|group| groups.of(*group as usize)).copied();
        waterfall.some("notReached", Some(reason), gone.len(), rows);
    }
    let rows = population.reached.iter().flat_map(|found| groups.of(found.group as usize)).copied();
    waterfall.some("population", None, population.reached.len(), rows);

    let mut order = Vec::with_capacity(groups.rows().len());
    let judged = population.reached.iter().map(|found| {
        let rows = groups.of(found.group as usize);
        let start = order.len();
        order.extend_from_slice(rows);
        judge(&facts, rows, start, found.before_terminal, detections)
    });
    let mut list: Vec<Attempt> = judged.collect();
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

/// Groups in which a row reached Conditional Access, and why the others are none (C5).
struct Population {
    /// In the order of their terminal rows: time, then id.
    reached: Vec<Reached>,
    missed: BTreeMap<&'static str, Vec<u32>>,
}

/// A group with a terminal row.
#[derive(Clone, Copy, Debug)]
struct Reached {
    at: Time,
    group: u32,
    before_terminal: usize,
}

impl Population {
    fn of(facts: &Rows<'_>, groups: &Groups) -> Population {
        let (mut reached, mut missed) = (Vec::with_capacity(groups.count()), BTreeMap::<_, Vec<u32>>::new());
        for (rows, group) in groups.iter().zip(0..) {
            match rows.iter().rposition(|row| facts.reached(*row)) {
                Some(before_terminal) => {
                    let at = rows.get(before_terminal).map_or(0, |row| facts.created(*row));
                    reached.push(Reached { at, group, before_terminal });
                }
                None => missed.entry(population::why_not_reached(facts, rows)).or_default().push(group),
            }
        }
        // Two users of one id (C1) would else stand in the order in which they were read.
        let text = |found: &Reached| {
            let row = groups.of(found.group as usize).get(found.before_terminal).copied().unwrap_or_default();
            (facts.id(row), facts.frame.text(Column::UserId, row))
        };
        reached.sort_unstable_by(|one, two| one.at.cmp(&two.at).then_with(|| text(one).cmp(&text(two))));
        Population { reached, missed }
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
        let mut gone: BTreeMap<SetAside, Vec<usize>> = BTreeMap::new();
        let mut kept = Vec::with_capacity(facts.frame.rows());
        for row in 0..facts.frame.rows() {
            match facts.set_aside(row) {
                None => kept.push(row),
                Some(reason) => gone.entry(reason).or_default().push(row),
            }
        }
        for (reason, rows) in &gone {
            self.rows("setAside", Some(reason.word()), rows);
        }
        self.rows("userRows", None, &kept);
        kept
    }

    fn rows(&mut self, step: &'static str, reason: Option<&'static str>, rows: &[usize]) {
        let users = self.people.distinct(rows.iter().copied());
        self.steps.push(Step { step, reason, rows: rows.len() as u64, attempts: None, users });
    }

    /// A step of so many attempts with these rows.
    fn some(
        &mut self,
        step: &'static str,
        reason: Option<&'static str>,
        attempts: usize,
        rows: impl Iterator<Item = usize>,
    ) {
        let mut count = 0;
        let users = self.people.distinct(rows.inspect(|_| count += 1));
        self.steps.push(Step { step, reason, rows: count, attempts: Some(attempts as u64), users });
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
    let up_to_terminal = || earlier.iter().chain([&terminal]);
    let asked_mfa = up_to_terminal().any(|row| facts.asks_for_mfa(*row));
    let asked_password = up_to_terminal().any(|row| facts.asks_for_password(*row));
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
