//! What rows hold, counted: for each file and for all.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::attempt::population::SetAside;
use crate::attempt::rows::{FoldedCode, Rows, folded_codes};
use crate::domain::spelling::recorded_risk;
use crate::domain::{RiskLevel, folded};
use crate::frame::{Code, Column, NOT_RECORDED, SignInFrame};
use crate::report::Window;

use super::abilities::ABILITIES;
use super::marks::Marks;
use super::recorded::Recorded;
use super::signals::SIGNALS;

/// What kind of sign-in a row is (10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// A person, at the screen.
    Interactive,
    /// A client in a person's name.
    NonInteractive,
    /// A service principal.
    ServicePrincipal,
    /// A managed identity.
    ManagedIdentity,
    /// AD FS.
    Adfs,
    /// The NPS extension.
    Nps,
    /// Nothing says; replay takes it as interactive (C2).
    NotSaid,
}

impl Category {
    /// All categories in their order.
    pub const ALL: [Category; 7] = [
        Category::Interactive,
        Category::NonInteractive,
        Category::ServicePrincipal,
        Category::ManagedIdentity,
        Category::Adfs,
        Category::Nps,
        Category::NotSaid,
    ];

    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Category::Interactive => "interactiveUser",
            Category::NonInteractive => "nonInteractiveUser",
            Category::ServicePrincipal => "servicePrincipal",
            Category::ManagedIdentity => "managedIdentity",
            Category::Adfs => "adfs",
            Category::Nps => "npsExtension",
            Category::NotSaid => "notSaid",
        }
    }

    fn of(facts: &Rows<'_>, row: usize) -> Category {
        match facts.set_aside(row) {
            Some(SetAside::ServicePrincipal) => Category::ServicePrincipal,
            Some(SetAside::ManagedIdentity) => Category::ManagedIdentity,
            Some(SetAside::Adfs) => Category::Adfs,
            Some(SetAside::Nps) => Category::Nps,
            Some(SetAside::OtherTenant | SetAside::Passthrough | SetAside::WindowsSignIn) | None => {
                match (facts.interactive_assumed(row), facts.interactive(row)) {
                    (true, _) => Category::NotSaid,
                    (false, true) => Category::Interactive,
                    (false, false) => Category::NonInteractive,
                }
            }
        }
    }
}

/// What a row records as its risk during sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
    /// Assessed, and no risk found.
    None,
    /// `hidden`: no licence for a level (SIR-4).
    Hidden,
    /// A word that is no level.
    Unread,
    /// Nothing.
    NotRecorded,
}

impl Level {
    /// All in their order: severest first.
    pub const ALL: [Level; 7] =
        [Level::High, Level::Medium, Level::Low, Level::None, Level::Hidden, Level::Unread, Level::NotRecorded];

    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::High => "high",
            Level::Medium => "medium",
            Level::Low => "low",
            Level::None => "none",
            Level::Hidden => "hidden",
            Level::Unread => "unread",
            Level::NotRecorded => "notRecorded",
        }
    }

    fn of(text: &str) -> Level {
        match recorded_risk(Some(text)) {
            RiskLevel::High => Level::High,
            RiskLevel::Medium => Level::Medium,
            RiskLevel::Low => Level::Low,
            RiskLevel::None => Level::None,
            RiskLevel::Unknown if text.is_empty() => Level::NotRecorded,
            RiskLevel::Unknown if folded(text) == "hidden" => Level::Hidden,
            RiskLevel::Unknown => Level::Unread,
        }
    }
}

/// Rows of which something holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// Of all rows.
    pub rows: u64,
    /// Of the rows that a policy is judged on.
    pub judged: u64,
}

/// What a file holds, or all files together.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Rows; and those that a policy is judged on: of users, and they reached Conditional Access.
    pub rows: Share,
    /// Rows that no policy for users can apply to (C2).
    pub set_aside: u64,
    /// Rows that have the id and the user of another one (C1).
    pub copies: u64,
    /// People, by their folded ids; rows without one are not counted.
    pub users: u64,
    /// Client applications, by their folded ids, or by name where no id is recorded.
    pub apps: u64,
    /// The time that the rows span, and the days without any.
    pub window: Window,
    /// Rows by category, in the order of [`Category::ALL`].
    pub categories: [u64; Category::ALL.len()],
    /// Rows by level, in the order of [`Level::ALL`].
    pub levels: [u64; Level::ALL.len()],
    /// Rows that record each signal, in the order of [`SIGNALS`].
    pub signals: Vec<Share>,
    /// Judged rows that decide each condition or control, in the order of [`ABILITIES`].
    pub decided: Vec<u64>,
}

impl Found {
    /// Rows of a category.
    #[must_use]
    pub fn category(&self, category: Category) -> u64 {
        self.categories.get(category as usize).copied().unwrap_or_default()
    }

    /// Rows of a level.
    #[must_use]
    pub fn level(&self, level: Level) -> u64 {
        self.levels.get(level as usize).copied().unwrap_or_default()
    }

    /// Signals that at least one row records.
    #[must_use]
    pub fn recorded_signals(&self) -> usize {
        self.signals.iter().filter(|share| share.rows > 0).count()
    }
}

/// Counts each range of rows, and all of them.
pub(super) fn count(facts: &Rows<'_>, ranges: &[Range<usize>]) -> (Vec<Found>, Found) {
    let frame = facts.frame;
    let mut recorded = Recorded::read(facts);
    let levels: Vec<Level> = frame.dictionary(Column::RiskLevelDuringSignIn).iter().map(Level::of).collect();
    let (users, apps) = (folded_codes(frame.dictionary(Column::UserId)), Apps::read(frame));
    let user = |row: usize| users.get(frame.code(Column::UserId, row) as usize).copied().unwrap_or(NOT_RECORDED);

    let mut all = Sums::default();
    let mut each: Vec<Found> = Vec::with_capacity(ranges.len());
    for range in ranges {
        let mut sums = Sums::default();
        for row in range.clone() {
            let level = levels.get(frame.code(Column::RiskLevelDuringSignIn, row) as usize);
            sums.add(facts, row, recorded.of(row), level.copied().unwrap_or(Level::NotRecorded));
        }
        all.append(&sums);
        each.push(sums.found());
    }
    let mut all = all.found();

    let spread = |rows: Range<usize>| rows.filter_map(|row| frame.created().get(row).copied());
    let distinct = |rows: Range<usize>, of: &dyn Fn(usize) -> FoldedCode| {
        let mut codes: Vec<FoldedCode> = rows.map(of).filter(|code| *code != NOT_RECORDED).collect();
        codes.sort_unstable();
        codes.dedup();
        codes.len() as u64
    };
    for (found, range) in each.iter_mut().zip(ranges) {
        found.window = Window::of(spread(range.clone()));
        found.users = distinct(range.clone(), &user);
        found.apps = distinct(range.clone(), &|row| apps.of(frame, row));
    }
    all.window = Window::of(spread(0..frame.rows()));
    all.users = distinct(0..frame.rows(), &user);
    all.apps = distinct(0..frame.rows(), &|row| apps.of(frame, row));
    copies(frame, ranges, &user, &mut each, &mut all);
    (each, all)
}

/// Sums that add up over files.
#[derive(Default)]
struct Sums {
    rows: Share,
    set_aside: u64,
    categories: [u64; Category::ALL.len()],
    levels: [u64; Level::ALL.len()],
    /// Few rows differ in what they record: everything else is counted from these.
    marks: BTreeMap<Marks, Share>,
}

impl Sums {
    fn add(&mut self, facts: &Rows<'_>, row: usize, marks: Marks, level: Level) {
        let is_set_aside = facts.set_aside(row).is_some();
        let judged = u64::from(!is_set_aside && facts.reached(row));
        for share in [&mut self.rows, self.marks.entry(marks).or_default()] {
            share.rows += 1;
            share.judged += judged;
        }
        self.set_aside += u64::from(is_set_aside);
        let one_more = |counts: &mut [u64], place: usize| {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        };
        one_more(&mut self.categories, Category::of(facts, row) as usize);
        one_more(&mut self.levels, level as usize);
    }

    fn append(&mut self, other: &Sums) {
        let add = |to: &mut Share, share: &Share| {
            to.rows += share.rows;
            to.judged += share.judged;
        };
        add(&mut self.rows, &other.rows);
        self.set_aside += other.set_aside;
        for (marks, share) in &other.marks {
            add(self.marks.entry(*marks).or_default(), share);
        }
        let counts = self.categories.iter_mut().chain(&mut self.levels);
        for (count, more) in counts.zip(other.categories.iter().chain(&other.levels)) {
            *count += more;
        }
    }

    fn found(self) -> Found {
        let Sums { rows, set_aside, categories, levels, marks } = self;
        let share_of = |holds: &dyn Fn(Marks) -> bool| {
            let with = marks.iter().filter(|(marks, _)| holds(**marks)).map(|(_, share)| share);
            with.fold(Share::default(), |sum, share| Share {
                rows: sum.rows + share.rows,
                judged: sum.judged + share.judged,
            })
        };
        let signals = SIGNALS.iter().map(|signal| share_of(&|marks| marks.has(signal.mark))).collect();
        let decided = ABILITIES.iter().map(|ability| share_of(&|marks| ability.is_decided(marks)).judged).collect();
        Found { rows, set_aside, categories, levels, signals, decided, ..Found::default() }
    }
}

/// Applications by id, or by name where there is none.
struct Apps {
    ids: Vec<FoldedCode>,
    names: Vec<FoldedCode>,
    /// Codes of names stand behind those of ids.
    first_name: FoldedCode,
}

impl Apps {
    fn read(frame: &SignInFrame) -> Apps {
        let ids = folded_codes(frame.dictionary(Column::AppId));
        let first_name = ids.iter().copied().max().unwrap_or(NOT_RECORDED);
        Apps { ids, names: folded_codes(frame.dictionary(Column::AppDisplayName)), first_name }
    }

    fn of(&self, frame: &SignInFrame, row: usize) -> FoldedCode {
        let code = |codes: &[FoldedCode], code: Code| codes.get(code as usize).copied().unwrap_or(NOT_RECORDED);
        match code(&self.ids, frame.code(Column::AppId, row)) {
            NOT_RECORDED => match code(&self.names, frame.code(Column::AppDisplayName, row)) {
                NOT_RECORDED => NOT_RECORDED,
                name => self.first_name + name,
            },
            id => id,
        }
    }
}

/// Rows of one id and one user are copies of one row (C1): within a file, and over all files.
fn copies(
    frame: &SignInFrame,
    ranges: &[Range<usize>],
    user: &dyn Fn(usize) -> FoldedCode,
    each: &mut [Found],
    all: &mut Found,
) {
    let ids = folded_codes(frame.dictionary(Column::Id));
    let id = |row: usize| ids.get(frame.code(Column::Id, row) as usize).copied().unwrap_or(NOT_RECORDED);
    let mut rows: Vec<(FoldedCode, FoldedCode, usize)> = Vec::with_capacity(frame.rows());
    for (file, range) in ranges.iter().enumerate() {
        rows.extend(range.clone().map(|row| (id(row), user(row), file)));
    }
    rows.sort_unstable();
    for [(one_id, one_user, one_file), (two_id, two_user, two_file)] in rows.array_windows::<2>() {
        if (one_id, one_user) == (two_id, two_user) {
            all.copies += 1;
            if one_file == two_file
                && let Some(found) = each.get_mut(*one_file)
            {
                found.copies += 1;
            }
        }
    }
}
