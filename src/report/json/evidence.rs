//! Members of version 1 that say how much the numbers rest on, and which protected accounts they touch.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::report::evidence::{Days, LogEvidence, NeverAnswered, SectionEvidence, UnseenAccount, UsersSeen};
use crate::report::model::Count;
use crate::report::protected::{Protected, ProtectedBy};

use super::v1::{FigureV1, recorded};

/// `protected`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProtectedV1<'a> {
    user_id: &'a str,
    user_principal_name: Option<&'a str>,
    emergency: bool,
    roles: &'a [String],
    #[serde(flatten)]
    counts: CountsV1,
    candidates: Vec<ProtectedByV1<'a>>,
}

impl<'a> From<&'a Protected> for ProtectedV1<'a> {
    fn from(row: &'a Protected) -> ProtectedV1<'a> {
        let Protected { key, name, is_emergency, roles, challenged, blocked, by } = row;
        ProtectedV1 {
            user_id: key,
            user_principal_name: recorded(name),
            emergency: *is_emergency,
            roles,
            counts: CountsV1::new(*challenged, *blocked),
            candidates: by.iter().map(ProtectedByV1::from).collect(),
        }
    }
}

/// Named as in breakdowns.
#[derive(Serialize)]
struct CountsV1 {
    challenged_least: u64,
    challenged_most: u64,
    blocked_least: u64,
    blocked_most: u64,
}

impl CountsV1 {
    fn new(challenged: Count, blocked: Count) -> CountsV1 {
        CountsV1 {
            challenged_least: challenged.least,
            challenged_most: challenged.most,
            blocked_least: blocked.least,
            blocked_most: blocked.most,
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ProtectedByV1<'a> {
    policy: &'a str,
    policy_id: Option<&'a str>,
    #[serde(flatten)]
    counts: CountsV1,
}

impl<'a> From<&'a ProtectedBy> for ProtectedByV1<'a> {
    fn from(by: &'a ProtectedBy) -> ProtectedByV1<'a> {
        let ProtectedBy { policy, policy_id, challenged, blocked } = by;
        ProtectedByV1 { policy, policy_id: policy_id.as_deref(), counts: CountsV1::new(*challenged, *blocked) }
    }
}

/// `evidence` of the report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LogEvidenceV1<'a> {
    days_asked: u64,
    days_covered: u64,
    users_listed: Option<u64>,
    attempts_without_user: u64,
    emergency_accounts_never_seen: Vec<UnseenV1<'a>>,
    roles_without_members: &'a BTreeSet<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UnseenV1<'a> {
    user_id: &'a str,
    in_log: bool,
}

impl<'a> From<&'a LogEvidence> for LogEvidenceV1<'a> {
    fn from(evidence: &'a LogEvidence) -> LogEvidenceV1<'a> {
        let LogEvidence { days, users_listed, attempts_without_user, unseen_emergency_accounts, roles_without_members } =
            evidence;
        let Days { asked, covered, are_given: _ } = *days;
        let unseen = |account: &'a UnseenAccount| {
            let UnseenAccount { key, is_in_log } = account;
            UnseenV1 { user_id: key, in_log: *is_in_log }
        };
        LogEvidenceV1 {
            days_asked: asked,
            days_covered: covered,
            users_listed: *users_listed,
            attempts_without_user: *attempts_without_user,
            emergency_accounts_never_seen: unseen_emergency_accounts.iter().map(unseen).collect(),
            roles_without_members,
        }
    }
}

/// `evidence` of a candidate.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SectionEvidenceV1 {
    open_verdicts: u64,
    open_share: Option<FigureV1>,
    never_exercised: Vec<NeverV1>,
    users_included: Option<u64>,
    users_never_seen: Option<u64>,
    users_undetermined: Option<u64>,
}

#[derive(Serialize)]
struct NeverV1 {
    condition: &'static str,
    answer: &'static str,
    unknown: u64,
}

impl From<&NeverAnswered> for NeverV1 {
    fn from(never: &NeverAnswered) -> NeverV1 {
        let NeverAnswered { condition, answer, unknown } = *never;
        // The words of `funnel`.
        NeverV1 { condition: condition.word(), answer: if answer { "yes" } else { "no" }, unknown }
    }
}

impl From<&SectionEvidence> for SectionEvidenceV1 {
    fn from(evidence: &SectionEvidence) -> SectionEvidenceV1 {
        let SectionEvidence { open, open_share, never_exercised, users } = evidence;
        let users = users.map(|UsersSeen { included, never_seen, undetermined }| (included, never_seen, undetermined));
        SectionEvidenceV1 {
            open_verdicts: *open,
            open_share: open_share.map(FigureV1::from),
            never_exercised: never_exercised.iter().map(NeverV1::from).collect(),
            users_included: users.map(|users| users.0),
            users_never_seen: users.map(|users| users.1),
            users_undetermined: users.map(|users| users.2),
        }
    }
}
