//! What every later step asks of a row, read once per distinct document.

use std::cmp::Ordering;

use crate::domain::folded;
use crate::frame::{AppliedPolicy, Code, Column, Dictionary, NOT_RECORDED, SignInFrame, Status, Step, Time, parsed};

use super::UserCode;
use super::population::{self, Class, SetAside};

/// Position of a folded text among the folded texts of one column.
pub type FoldedCode = u32;

/// Codes of a column's texts without regard to case; 0 stays "not recorded".
#[must_use]
pub fn folded_codes(dictionary: &Dictionary) -> Vec<FoldedCode> {
    let mut distinct = Dictionary::default();
    dictionary.iter().map(|text| distinct.intern(&folded(text))).collect()
}

/// Who the rows belong to.
#[derive(Debug)]
pub struct People {
    of_row: Vec<UserCode>,
    /// How many people there are; a row without a user id is one of its own (C3).
    pub count: usize,
    named: usize,
}

impl People {
    /// Whose row this is.
    #[must_use]
    pub fn of(&self, row: usize) -> UserCode {
        self.of_row.get(row).copied().unwrap_or(UserCode(0))
    }

    /// Whether the row records whose it is.
    #[must_use]
    pub fn is_named(&self, row: usize) -> bool {
        (self.of(row).0 as usize) < self.named
    }

    /// How many people have one of these rows.
    #[must_use]
    pub fn distinct(&self, rows: impl Iterator<Item = usize>) -> u64 {
        let mut seen = vec![false; self.count];
        for row in rows {
            if let Some(seen) = seen.get_mut(self.of(row).0 as usize) {
                *seen = true;
            }
        }
        seen.iter().filter(|seen| **seen).count() as u64
    }
}

/// Numbers the people of a frame: first those with an id, then the rows without one.
#[must_use]
pub fn people(frame: &SignInFrame) -> People {
    let codes = folded_codes(frame.dictionary(Column::UserId));
    let named = codes.iter().copied().max().unwrap_or(0) as usize;
    let mut count = named;
    let of_row = frame
        .codes(Column::UserId)
        .iter()
        .map(|code| match codes.get(*code as usize).copied().unwrap_or(NOT_RECORDED) {
            NOT_RECORDED => {
                count += 1;
                UserCode(u32::try_from(count - 1).unwrap_or(u32::MAX))
            }
            code => UserCode(code - 1),
        })
        .collect();
    People { of_row, count, named }
}

/// The facts about rows that grouping and evidence need.
#[derive(Debug)]
pub struct Rows<'a> {
    /// The unique rows.
    pub frame: &'a SignInFrame,
    people: &'a People,
    statuses: Vec<Status>,
    steps: Vec<Vec<Step>>,
    applied: Vec<Vec<AppliedPolicy>>,
    requests: Vec<FoldedCode>,
    correlations: Vec<FoldedCode>,
    apps: Vec<FoldedCode>,
    sessions: Vec<FoldedCode>,
    set_aside: Vec<Option<SetAside>>,
    left_out: Option<String>,
}

impl<'a> Rows<'a> {
    /// Reads every distinct document of the frame once.
    #[must_use]
    pub fn read(frame: &'a SignInFrame, people: &'a People, own_tenant: Option<&str>) -> Rows<'a> {
        Rows {
            frame,
            people,
            statuses: frame.dictionary(Column::Status).iter().map(parsed).collect(),
            steps: frame.dictionary(Column::AuthenticationDetails).iter().map(parsed).collect(),
            applied: frame.dictionary(Column::AppliedConditionalAccessPolicies).iter().map(parsed).collect(),
            requests: folded_codes(frame.dictionary(Column::OriginalRequestId)),
            correlations: folded_codes(frame.dictionary(Column::CorrelationId)),
            apps: folded_codes(frame.dictionary(Column::AppId)),
            sessions: folded_codes(frame.dictionary(Column::SessionId)),
            set_aside: (0..frame.rows())
                .map(|row| population::set_aside(frame, row, people.is_named(row), own_tenant))
                .collect(),
            left_out: None,
        }
    }

    /// Leaves the entries of one policy out of what counts as evidence: what is verified is none for itself (C28).
    pub fn leave_out(&mut self, policy: Option<&str>) {
        self.left_out = policy.map(folded);
    }

    fn folded(&self, column: Column, codes: &[FoldedCode], row: usize) -> Option<FoldedCode> {
        let code: Code = self.frame.code(column, row);
        codes.get(code as usize).copied().filter(|code| *code != NOT_RECORDED)
    }

    /// Why the row is set aside, if it is.
    #[must_use]
    pub fn set_aside(&self, row: usize) -> Option<SetAside> {
        self.set_aside.get(row).copied().flatten()
    }

    /// Whose row it is.
    #[must_use]
    pub fn user(&self, row: usize) -> UserCode {
        self.people.of(row)
    }

    /// Whether it records whose it is.
    #[must_use]
    pub fn has_user_id(&self, row: usize) -> bool {
        self.people.is_named(row)
    }

    /// `createdDateTime`.
    #[must_use]
    pub fn created(&self, row: usize) -> Time {
        self.frame.created().get(row).copied().unwrap_or_default()
    }

    /// The id, as recorded.
    #[must_use]
    pub fn id(&self, row: usize) -> &str {
        self.frame.text(Column::Id, row).unwrap_or("")
    }

    /// `status`.
    #[must_use]
    pub fn status(&self, row: usize) -> Option<&Status> {
        self.statuses.get(self.frame.code(Column::Status, row) as usize)
    }

    /// `status.errorCode`.
    #[must_use]
    pub fn error_code(&self, row: usize) -> Option<i64> {
        self.status(row).and_then(|status| status.error_code)
    }

    /// The class of the error code.
    #[must_use]
    pub fn class(&self, row: usize) -> Class {
        population::class(self.error_code(row))
    }

    /// `authenticationDetails`; empty when not recorded.
    #[must_use]
    pub fn steps(&self, row: usize) -> &[Step] {
        let code = self.frame.code(Column::AuthenticationDetails, row);
        self.steps.get(code as usize).map_or(&[], Vec::as_slice)
    }

    /// `appliedConditionalAccessPolicies`; empty when not recorded.
    #[must_use]
    pub fn applied(&self, row: usize) -> &[AppliedPolicy] {
        let code = self.frame.code(Column::AppliedConditionalAccessPolicies, row);
        self.applied.get(code as usize).map_or(&[], Vec::as_slice)
    }

    /// Those of them that count as evidence: all but the one that is left out.
    pub fn evidence(&self, row: usize) -> impl Iterator<Item = &AppliedPolicy> + Clone {
        let is_left_out =
            |entry: &AppliedPolicy| self.left_out.as_deref().is_some_and(|policy| folded(&entry.id) == policy);
        self.applied(row).iter().filter(move |entry| !is_left_out(entry))
    }

    /// Whether the row reached Conditional Access.
    #[must_use]
    pub fn reached(&self, row: usize) -> bool {
        let status = self.frame.text(Column::ConditionalAccessStatus, row);
        population::reached(self.class(row), self.applied(row), status)
    }

    /// The original request, if it is recorded.
    #[must_use]
    pub fn original_request(&self, row: usize) -> Option<FoldedCode> {
        self.folded(Column::OriginalRequestId, &self.requests, row)
    }

    /// The correlation id, if it is recorded.
    #[must_use]
    pub fn correlation(&self, row: usize) -> Option<FoldedCode> {
        self.folded(Column::CorrelationId, &self.correlations, row)
    }

    /// The client application, if it is recorded.
    #[must_use]
    pub fn app(&self, row: usize) -> Option<FoldedCode> {
        self.folded(Column::AppId, &self.apps, row)
    }

    /// The session, if it is recorded.
    #[must_use]
    pub fn session(&self, row: usize) -> Option<FoldedCode> {
        self.folded(Column::SessionId, &self.sessions, row)
    }

    fn interactive_recorded(&self, row: usize) -> Option<bool> {
        match self.frame.text(Column::IsInteractive, row) {
            Some(text) if text.eq_ignore_ascii_case("true") => Some(true),
            Some(text) if text.eq_ignore_ascii_case("false") => Some(false),
            _ => match self.frame.text(Column::SignInEventType, row) {
                Some("interactiveUser") => Some(true),
                Some("nonInteractiveUser") => Some(false),
                _ => None,
            },
        }
    }

    /// Whether the row is interactive: as recorded, else by category, else assumed (C2).
    #[must_use]
    pub fn interactive(&self, row: usize) -> bool {
        self.interactive_recorded(row).unwrap_or(true)
    }

    /// Whether nothing says so and it was assumed.
    #[must_use]
    pub fn interactive_assumed(&self, row: usize) -> bool {
        self.interactive_recorded(row).is_none()
    }

    /// The order of rows in an attempt: time; then other codes before blocks before success; then id (C5).
    #[must_use]
    pub fn in_order(&self, one: usize, two: usize) -> Ordering {
        let rank = |row: usize| match self.class(row) {
            Class::Ok => 2,
            Class::CaBlock => 1,
            Class::CaInt | Class::Post | Class::Pre | Class::Ambig => 0,
        };
        // Ids are compared folded (C8); hardly ever does it come to that.
        (self.created(one), rank(one))
            .cmp(&(self.created(two), rank(two)))
            .then_with(|| folded(self.id(one)).cmp(&folded(self.id(two))))
    }
}
