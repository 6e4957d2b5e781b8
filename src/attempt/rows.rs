//! What every later step asks of a row, read once per distinct text.

use std::cmp::Ordering;

use hashbrown::HashSet;
use rustc_hash::FxBuildHasher;

use crate::domain::spelling::recorded_risk;
use crate::domain::{RiskLevel, Spelled, fold, folded};
use crate::frame::{AppliedPolicy, Code, Column, NOT_RECORDED, SignInFrame, Status, Step, Steps, Time, parsed};
use crate::tenant::RiskDetections;

use super::UserCode;
use super::history::{asks_for_mfa, asks_for_password};
use super::mfa::{self, MfaState};
pub use super::people::{FoldedCode, Folds, People, folded_codes, people};
use super::population::{self, Class, Results, SetAside, SetAsides};
use super::step::{RecordedStep, Wording};

/// The facts about rows that grouping and evidence need.
#[derive(Debug)]
pub struct Rows<'a> {
    /// The unique rows.
    pub frame: &'a SignInFrame,
    people: &'a People,
    marks: Vec<Marks>, // INVARIANT: one a row.
    statuses: Vec<OfStatus>,
    steps: Steps,
    wordings: Vec<Wording>, // INVARIANT: those of `steps`.
    applied: Vec<OfList>,
    requests: Folds,
    correlations: Folds,
    apps: Folds,
    sessions: Folds,
    levels: Vec<RiskLevel>,
    detected: Vec<Option<RiskLevel>>,
    requirements: Vec<Requirement>,
    is_refresh_token: Vec<bool>,
    recorded: HashSet<String, FxBuildHasher>, // INVARIANT: folded ids of the policies of `applied`.
    left_out: Option<String>,
}

/// What is asked of a row most often, in a few bytes.
#[derive(Clone, Copy, Debug)]
struct Marks {
    class: Class,
    reached: bool,
    /// None where nothing says so.
    interactive: Option<bool>,
    set_aside: Option<SetAside>,
}

/// One distinct status.
#[derive(Debug)]
struct OfStatus {
    status: Status,
    class: Class,
    asks_mfa: bool,
    asks_password: bool,
    interrupts: bool,
    /// F3.
    says: Option<MfaState>,
    says_anything: bool,
}

impl OfStatus {
    fn read(status: Status) -> OfStatus {
        let (code, details) = (status.error_code, status.additional_details.as_deref().map(mfa::comparable));
        OfStatus {
            class: population::class(code),
            asks_mfa: code.is_some_and(asks_for_mfa),
            asks_password: code.is_some_and(asks_for_password),
            interrupts: code.is_some_and(|code| mfa::INTERRUPTS.contains(&code)),
            says: details.as_deref().and_then(mfa::additional_details),
            says_anything: details.is_some_and(|details| !details.is_empty()),
            status,
        }
    }
}

/// One distinct list of recorded policies.
#[derive(Debug)]
struct OfList {
    policies: Vec<AppliedPolicy>,
    results: Results,
    /// C28, with every policy counted.
    mfa: Option<MfaState>,
}

impl OfList {
    fn read(policies: Vec<AppliedPolicy>) -> OfList {
        OfList { results: Results::of(&policies), mfa: mfa::recorded_control(policies.iter()), policies }
    }
}

/// Folded ids of the policies of all lists.
fn recorded(lists: &[OfList]) -> HashSet<String, FxBuildHasher> {
    let mut recorded: HashSet<String, FxBuildHasher> = HashSet::default();
    for policy in lists.iter().flat_map(|list| &list.policies) {
        let id = fold(&policy.id);
        if !recorded.contains(&*id) {
            recorded.insert(id.into_owned());
        }
    }
    recorded
}

/// `authenticationRequirement`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Requirement {
    NotRecorded,
    Multifactor,
    SingleFactor,
    Other,
}

/// A recorded level and how it was come by.
#[derive(Clone, Copy, Debug)]
pub struct RecordedRisk {
    /// The level.
    pub level: RiskLevel,
    /// A realtime detection filled a missing or hidden level (C10).
    pub filled_from_detection: bool,
}

impl<'a> Rows<'a> {
    /// Reads every distinct text of the frame once.
    #[must_use]
    pub fn read(frame: &'a SignInFrame, people: &'a People, own_tenant: Option<&str>) -> Rows<'a> {
        fn each<T>(frame: &SignInFrame, column: Column, read: impl Fn(&str) -> T) -> Vec<T> {
            frame.dictionary(column).iter().map(read).collect()
        }
        let folds = |column: Column| Folds::read(frame.dictionary(column));
        let steps = Steps::read(frame.dictionary(Column::AuthenticationDetails).iter());
        let applied = each(frame, Column::AppliedConditionalAccessPolicies, |text| OfList::read(parsed(text)));
        let mut rows = Rows {
            frame,
            people,
            marks: Vec::new(),
            statuses: each(frame, Column::Status, |text| OfStatus::read(parsed(text))),
            wordings: steps.wordings().iter().map(Wording::read).collect(),
            steps,
            recorded: recorded(&applied),
            applied,
            requests: folds(Column::OriginalRequestId),
            correlations: folds(Column::CorrelationId),
            apps: folds(Column::AppId),
            sessions: folds(Column::SessionId),
            levels: each(frame, Column::RiskLevelDuringSignIn, |text| recorded_risk(Some(text))),
            detected: each(frame, Column::RealtimeDetection, RiskLevel::spelled),
            requirements: each(frame, Column::AuthenticationRequirement, |text| match &*fold(text) {
                _ if text.is_empty() => Requirement::NotRecorded,
                "multifactorauthentication" => Requirement::Multifactor,
                "singlefactorauthentication" => Requirement::SingleFactor,
                _ => Requirement::Other,
            }),
            is_refresh_token: each(frame, Column::IncomingTokenType, |text| fold(text).contains("refreshtoken")),
            left_out: None,
        };
        rows.marks = rows.marks(own_tenant);
        rows
    }

    fn marks(&self, own_tenant: Option<&str>) -> Vec<Marks> {
        let frame = self.frame;
        let set_asides = SetAsides::read(frame, own_tenant);
        let each = |column: Column, read: fn(&str) -> Option<bool>| -> Vec<Option<bool>> {
            frame.dictionary(column).iter().map(read).collect()
        };
        let flags = each(Column::IsInteractive, |text| match text {
            _ if text.eq_ignore_ascii_case("true") => Some(true),
            _ if text.eq_ignore_ascii_case("false") => Some(false),
            _ => None,
        });
        let events = each(Column::SignInEventType, |text| match text {
            "interactiveUser" => Some(true),
            "nonInteractiveUser" => Some(false),
            _ => None,
        });
        let decided = each(Column::ConditionalAccessStatus, |text| Some(population::is_decided(text)));
        let of_row = |row: usize| {
            let say =
                |list: &[Option<bool>], column: Column| list.get(frame.code(column, row) as usize).copied().flatten();
            let class = self.of_status(row).map_or(Class::Ambig, |status| status.class);
            let results = self.of_list(row).map(|list| list.results).unwrap_or_default();
            let is_decided = say(&decided, Column::ConditionalAccessStatus) == Some(true);
            Marks {
                class,
                reached: population::reached(class, results, is_decided),
                interactive: say(&flags, Column::IsInteractive).or_else(|| say(&events, Column::SignInEventType)),
                set_aside: set_asides.of(frame, row, self.people.is_named(row)),
            }
        };
        (0..frame.rows()).map(of_row).collect()
    }

    /// Leaves the entries of one policy out of what counts as evidence: what is verified is none for itself (C28).
    pub fn leave_out(&mut self, policy: Option<&str>) {
        self.left_out = policy.map(folded);
    }

    fn folded(&self, column: Column, folds: &Folds, row: usize) -> Option<FoldedCode> {
        let code: Code = self.frame.code(column, row);
        Some(folds.of(code)).filter(|code| *code != NOT_RECORDED)
    }

    fn of_status(&self, row: usize) -> Option<&OfStatus> {
        self.statuses.get(self.frame.code(Column::Status, row) as usize)
    }

    fn of_list(&self, row: usize) -> Option<&OfList> {
        self.applied.get(self.frame.code(Column::AppliedConditionalAccessPolicies, row) as usize)
    }

    /// Why the row is set aside, if it is.
    #[must_use]
    pub fn set_aside(&self, row: usize) -> Option<SetAside> {
        self.marks.get(row).and_then(|marks| marks.set_aside)
    }

    /// Whose row it is.
    #[must_use]
    pub fn user(&self, row: usize) -> UserCode {
        self.people.of(row)
    }

    /// How many people there are.
    pub(super) fn people(&self) -> usize {
        self.people.count
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
        self.of_status(row).map(|of| &of.status)
    }

    /// `status.errorCode`.
    #[must_use]
    pub fn error_code(&self, row: usize) -> Option<i64> {
        self.status(row).and_then(|status| status.error_code)
    }

    /// The class of the error code.
    #[must_use]
    pub fn class(&self, row: usize) -> Class {
        self.marks.get(row).map_or(Class::Ambig, |marks| marks.class)
    }

    /// Whether the row asked for MFA or a fresh sign-in (C25).
    pub(super) fn asks_for_mfa(&self, row: usize) -> bool {
        self.of_status(row).is_some_and(|status| status.asks_mfa)
    }

    /// Whether the row asked for a password change (C25).
    pub(super) fn asks_for_password(&self, row: usize) -> bool {
        self.of_status(row).is_some_and(|status| status.asks_password)
    }

    /// Whether the row is an MFA interrupt that a later success answers (F4).
    pub(super) fn interrupts(&self, row: usize) -> bool {
        self.of_status(row).is_some_and(|status| status.interrupts)
    }

    /// What `status.additionalDetails` says about MFA (F3).
    pub(super) fn additional_details(&self, row: usize) -> Option<MfaState> {
        self.of_status(row).and_then(|status| status.says)
    }

    /// Whether `status.additionalDetails` says anything (F9).
    pub(super) fn has_additional_details(&self, row: usize) -> bool {
        self.of_status(row).is_some_and(|status| status.says_anything)
    }

    pub(super) fn requirement(&self, row: usize) -> Requirement {
        let code = self.frame.code(Column::AuthenticationRequirement, row);
        self.requirements.get(code as usize).copied().unwrap_or(Requirement::NotRecorded)
    }

    /// Whether the request came with a refresh token (F8).
    pub(super) fn has_refresh_token(&self, row: usize) -> bool {
        self.is_refresh_token.get(self.frame.code(Column::IncomingTokenType, row) as usize) == Some(&true)
    }

    /// `authenticationDetails`; empty when not recorded.
    pub fn steps(&self, row: usize) -> impl Iterator<Item = RecordedStep<'_>> + Clone {
        let code = self.frame.code(Column::AuthenticationDetails, row);
        self.steps.of(code).iter().filter_map(|step| {
            let wording = self.wordings.get(step.code as usize)?;
            Some(RecordedStep::new(*step, wording))
        })
    }

    /// The distinct steps without their times, by [`RecordedStep::code`].
    pub fn wordings(&self) -> &[Step] {
        self.steps.wordings()
    }

    /// `appliedConditionalAccessPolicies`; empty when not recorded.
    #[must_use]
    pub fn applied(&self, row: usize) -> &[AppliedPolicy] {
        self.of_list(row).map_or(&[], |list| list.policies.as_slice())
    }

    /// Whether any row records a policy of this id.
    #[must_use]
    pub fn record(&self, policy: &str) -> bool {
        self.recorded.contains(&*fold(policy))
    }

    /// Those of them that count as evidence: all but the one that is left out.
    pub fn evidence(&self, row: usize) -> impl Iterator<Item = &AppliedPolicy> + Clone {
        let is_left_out =
            |entry: &AppliedPolicy| self.left_out.as_deref().is_some_and(|policy| fold(&entry.id) == policy);
        self.applied(row).iter().filter(move |entry| !is_left_out(entry))
    }

    /// C28: how a recorded policy whose only grant control is MFA stood.
    pub(super) fn recorded_mfa(&self, row: usize) -> Option<MfaState> {
        match self.left_out {
            None => self.of_list(row).and_then(|list| list.mfa),
            Some(_) => mfa::recorded_control(self.evidence(row)),
        }
    }

    /// Whether the row reached Conditional Access.
    #[must_use]
    pub fn reached(&self, row: usize) -> bool {
        self.marks.get(row).is_some_and(|marks| marks.reached)
    }

    /// The level of one row: as recorded, else from a realtime detection of its id (C10, RSK-3).
    #[must_use]
    pub fn risk(&self, row: usize, detections: &RiskDetections) -> RecordedRisk {
        let code = |column: Column| self.frame.code(column, row) as usize;
        let level = self.levels.get(code(Column::RiskLevelDuringSignIn)).copied().unwrap_or(RiskLevel::Unknown);
        if level != RiskLevel::Unknown {
            return RecordedRisk { level, filled_from_detection: false };
        }
        // A file of detections may lie among the logs as well as in the tenant folder.
        let among_logs = self.detected.get(code(Column::RealtimeDetection)).copied().flatten();
        let in_folder = self.frame.text(Column::Id, row).and_then(|id| detections.realtime(id));
        let detected = among_logs.max(in_folder);
        RecordedRisk { level: detected.unwrap_or(level), filled_from_detection: detected.is_some() }
    }

    /// The original request, if it is recorded.
    #[must_use]
    pub fn original_request(&self, row: usize) -> Option<FoldedCode> {
        self.folded(Column::OriginalRequestId, &self.requests, row)
    }

    /// How many codes of requests and of correlation ids there are, 0 included.
    pub(super) fn requests_and_correlations(&self) -> (usize, usize) {
        (self.requests.count(), self.correlations.count())
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

    /// How many codes of sessions there are, 0 included.
    pub(super) fn sessions(&self) -> usize {
        self.sessions.count()
    }

    fn interactive_recorded(&self, row: usize) -> Option<bool> {
        self.marks.get(row).and_then(|marks| marks.interactive)
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
        // Ids are compared folded (C8); hardly ever does it come to that.
        (self.created(one), self.class(one).rank())
            .cmp(&(self.created(two), self.class(two).rank()))
            .then_with(|| fold(self.id(one)).cmp(&fold(self.id(two))))
    }
}
