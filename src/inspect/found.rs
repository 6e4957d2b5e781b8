//! What rows hold, counted: for each file and for all.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::attempt::population::SetAside;
use crate::attempt::rows::{FoldedCode, Rows, folded_codes};
use crate::frame::{Code, Column, NOT_RECORDED, SignInFrame};
use crate::report::Window;

use super::abilities::ABILITIES;
use super::kinds::{Category, Level};
use super::marks::Marks;
use super::recorded::Recorded;
use super::signals::SIGNALS;

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
    /// Of those, the ones whose resource is not of the own tenant.
    pub other_tenant: u64,
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
    pub fn recorded_signals(&self) -> u64 {
        self.signals.iter().filter(|share| share.rows > 0).count() as u64
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
    other_tenant: u64,
    categories: [u64; Category::ALL.len()],
    levels: [u64; Level::ALL.len()],
    /// Few rows differ in what they record: everything else is counted from these.
    marks: BTreeMap<Marks, Share>,
}

impl Sums {
    fn add(&mut self, facts: &Rows<'_>, row: usize, marks: Marks, level: Level) {
        let set_aside = facts.set_aside(row);
        let judged = u64::from(set_aside.is_none() && facts.reached(row));
        for share in [&mut self.rows, self.marks.entry(marks).or_default()] {
            share.rows += 1;
            share.judged += judged;
        }
        self.set_aside += u64::from(set_aside.is_some());
        self.other_tenant += u64::from(set_aside == Some(SetAside::OtherTenant));
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
        self.other_tenant += other.other_tenant;
        for (marks, share) in &other.marks {
            add(self.marks.entry(*marks).or_default(), share);
        }
        let counts = self.categories.iter_mut().chain(&mut self.levels);
        for (count, more) in counts.zip(other.categories.iter().chain(&other.levels)) {
            *count += more;
        }
    }

    fn found(self) -> Found {
        let Sums { rows, set_aside, other_tenant, categories, levels, marks } = self;
        let share_of = |holds: &dyn Fn(Marks) -> bool| {
            let with = marks.iter().filter(|(marks, _)| holds(**marks)).map(|(_, share)| share);
            with.fold(Share::default(), |sum, share| Share {
                rows: sum.rows + share.rows,
                judged: sum.judged + share.judged,
            })
        };
        let signals = SIGNALS.iter().map(|signal| share_of(&|marks| marks.has(signal.mark))).collect();
        let decided = ABILITIES.iter().map(|ability| share_of(&|marks| ability.is_decided(marks)).judged).collect();
        Found { rows, set_aside, other_tenant, categories, levels, signals, decided, ..Found::default() }
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

#[cfg(test)]
mod tests {
    use super::{Found, count};
    use crate::attempt::rows::{Rows, people};
    use crate::frame::{Column, FrameBuilder, Row};
    use crate::inspect::abilities::ABILITIES;
    use crate::inspect::kinds::{Category, Level};
    use crate::inspect::signals::SIGNALS;

    const DAY: i64 = 86_400_000_000;

    /// Day, and the columns that are recorded.
    type Recorded<'a> = (i64, &'a [(Column, &'a str)]);

    /// Counts files of rows.
    fn counted(files: &[&[Recorded<'_>]]) -> (Vec<Found>, Found) {
        let mut builder = FrameBuilder::default();
        let mut ranges = Vec::new();
        for rows in files {
            let start = ranges.last().map_or(0, |range: &std::ops::Range<usize>| range.end);
            ranges.push(start..start + rows.len());
            for (day, texts) in *rows {
                let mut row = Row::new(day * DAY);
                for (column, text) in *texts {
                    row.set(*column, *text);
                }
                builder.push(&row);
            }
        }
        let frame = builder.finish();
        let people = people(&frame);
        count(&Rows::read(&frame, &people, None), &ranges)
    }

    fn signal(found: &Found, name: &str) -> (u64, u64) {
        let place = SIGNALS.iter().position(|signal| signal.name == name).unwrap();
        (found.signals[place].rows, found.signals[place].judged)
    }

    fn decided(found: &Found, title: &str) -> u64 {
        found.decided[ABILITIES.iter().position(|ability| ability.title() == title).unwrap()]
    }

    const OK: (Column, &str) = (Column::Status, r#"{"errorCode":0}"#);
    const WRONG_PASSWORD: (Column, &str) = (Column::Status, r#"{"errorCode":50126}"#);

    #[test]
    fn copies_count_within_a_file_and_once_more_over_all() {
        let (a, folded, other) = (
            [(Column::Id, "A"), (Column::UserId, "u")],
            [(Column::Id, "a"), (Column::UserId, "U")],
            [(Column::Id, "a"), (Column::UserId, "v")],
        );
        let (each, all) = counted(&[&[(0, &a), (0, &folded), (0, &other)], &[(0, &a)]]);
        assert_eq!(each.iter().map(|found| found.copies).collect::<Vec<_>>(), [1, 0]);
        assert_eq!(all.copies, 2);
        assert_eq!((each[0].users, each[1].users, all.users), (2, 1, 2));
    }

    #[test]
    fn days_without_rows_people_and_applications_are_counted_by_file_and_over_all() {
        let app = |id: &'static str| [(Column::AppId, id), (Column::UserId, "u")];
        let by_name = [(Column::AppDisplayName, "Mail")];
        let (each, all) = counted(&[&[(0, &app("X")), (1, &app("x")), (5, &by_name)], &[(3, &app("y"))], &[]]);
        let gaps: Vec<u64> = each.iter().map(|found| found.window.days_without_rows()).collect();
        assert_eq!((gaps, all.window.days_without_rows()), (vec![3, 0, 0], 2));
        assert_eq!(each.iter().map(|found| found.apps).collect::<Vec<_>>(), [2, 1, 0]);
        assert_eq!((all.apps, all.users, all.rows.rows), (3, 1, 4));
        assert_eq!(each[2].window.from_micros, None);
    }

    #[test]
    fn categories_come_from_the_stream_and_then_from_the_row() {
        let rows: [&[(Column, &str)]; 7] = [
            &[(Column::SignInEventType, "interactiveUser"), (Column::UserId, "u")],
            &[(Column::IsInteractive, "false"), (Column::UserId, "u"), (Column::ServicePrincipalId, "s")],
            &[(Column::ServicePrincipalId, "s")],
            &[(Column::SignInEventType, "managedIdentity")],
            &[(Column::TokenIssuerType, "ADFederationServices"), (Column::UserId, "u")],
            &[(Column::TokenIssuerType, "NPSExtension"), (Column::UserId, "u")],
            &[(Column::UserId, "u")],
        ];
        let rows: Vec<Recorded<'_>> = rows.into_iter().map(|texts| (0, texts)).collect();
        let (_, all) = counted(&[&rows]);
        assert_eq!(all.categories, [1; Category::ALL.len()]);
        assert_eq!(all.set_aside, 4);
    }

    #[test]
    fn hidden_and_missing_levels_are_told_apart_and_neither_is_a_level() {
        let levels = ["high", "MEDIUM", "low", "none", "hidden", "unknownFutureValue", ""];
        let texts: Vec<[(Column, &str); 2]> =
            levels.iter().map(|level| [(Column::RiskLevelDuringSignIn, *level), OK]).collect();
        let rows: Vec<Recorded<'_>> = texts.iter().map(|texts| (0, texts.as_slice())).collect();
        let (_, all) = counted(&[&rows]);
        assert_eq!(all.levels, [1; Level::ALL.len()]);
        assert_eq!(signal(&all, "riskLevelDuringSignIn"), (4, 4));
        assert_eq!((decided(&all, "signInRisk"), all.rows.judged), (4, 7));
    }

    #[test]
    fn what_is_there_but_says_nothing_is_not_recorded() {
        let device = |text: &'static str| (Column::DeviceDetail, text);
        for (texts, name, expected) in [
            // DEV-5: an unregistered device has no compliance, whatever the row says.
            ([device(r#"{"isCompliant":false}"#), OK], "deviceDetail.isCompliant", (0, 0)),
            ([device(r#"{"deviceId":"d","isCompliant":false}"#), OK], "deviceDetail.isCompliant", (1, 1)),
            ([device(r#"{"deviceId":"d","trustType":"new"}"#), OK], "deviceDetail.trustType", (0, 0)),
            ([device(r#"{"isUnread":true}"#), OK], "deviceDetail.deviceId", (0, 0)),
            ([(Column::TokenProtection, "none"), OK], "signInSessionStatus", (0, 0)),
            ([(Column::ClientAppUsed, "Unknown"), OK], "clientAppUsed", (0, 0)),
            ([(Column::IpAddress, "<Redacted VPN IP>"), OK], "ipAddress", (0, 0)),
            ([(Column::Location, r#"{"city":"Bonn"}"#), OK], "location.countryOrRegion", (0, 0)),
            ([(Column::AppliedConditionalAccessPolicies, "[]"), OK], "appliedConditionalAccessPolicies", (0, 0)),
            ([(Column::AuthenticationContexts, "[]"), OK], "authenticationContextClassReferences", (1, 1)),
            // A wrong password never reached Conditional Access: recorded, but not judged.
            ([(Column::RiskLevelDuringSignIn, "none"), WRONG_PASSWORD], "riskLevelDuringSignIn", (1, 0)),
        ] {
            let (_, all) = counted(&[&[(0, &texts)]]);
            assert_eq!(signal(&all, name), expected, "{texts:?}");
        }
    }

    #[test]
    fn a_bare_record_is_no_evidence_of_a_single_factor() {
        // Graph v1.0: F9 takes it for one, and says so as an assumption.
        let bare = [(Column::IsInteractive, "true"), (Column::UserId, "u"), OK];
        let shown = [
            (Column::IsInteractive, "true"),
            (Column::AuthenticationRequirement, "multiFactorAuthentication"),
            (Column::UserId, "u"),
            OK,
        ];
        let (_, all) = counted(&[&[(0, &bare), (0, &shown)]]);
        assert_eq!((decided(&all, "mfa"), decided(&all, "signInFrequency: every time with MFA")), (1, 0));
        assert_eq!((decided(&all, "block"), decided(&all, "insiderRisk")), (2, 0));
    }
}
