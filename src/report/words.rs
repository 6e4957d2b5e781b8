//! The contract's words in a reader's language: titles, explanations and sentences.

use std::collections::BTreeMap;

use crate::diagnostic::Severity;
use crate::domain::{Effect, Reason};
use crate::impact::Breakdown;

use super::model::{Count, KeyRow, Section, WaterfallRow, Window};
use super::time::minute;

pub(super) mod evidence;
pub(super) mod protected;

/// Title of an effect; `None` is `undetermined`.
pub(super) fn effect(effect: Option<Effect>) -> &'static str {
    match effect {
        Some(Effect::Unaffected) => "unaffected",
        Some(Effect::AlreadyChallenged) => "already challenged",
        Some(Effect::AlreadyBlocked) => "already blocked",
        Some(Effect::Challenged) => "challenged",
        Some(Effect::Blocked) => "blocked",
        None => "undetermined",
    }
}

/// The word of an effect in what scripts read.
pub(super) fn effect_word(effect: Option<Effect>) -> &'static str {
    effect.map_or("undetermined", Effect::word)
}

/// Title of a breakdown's key.
pub(super) fn breakdown(breakdown: Breakdown) -> &'static str {
    match breakdown {
        Breakdown::User => "User",
        Breakdown::Application => "Application",
        Breakdown::Resource => "Resource",
        Breakdown::Country => "Country",
        Breakdown::ClientApp => "Client app",
        Breakdown::OperatingSystem => "Operating system",
        Breakdown::RiskEventType => "Risk detection",
        Breakdown::Day => "Day",
        Breakdown::HourOfWeek => "Hour of the week",
    }
}

/// Plural of a breakdown's key, in a heading.
pub(super) fn breakdown_plural(breakdown: Breakdown) -> &'static str {
    match breakdown {
        Breakdown::User => "Users",
        Breakdown::Application => "Applications",
        Breakdown::Resource => "Resources",
        Breakdown::Country => "Countries",
        Breakdown::ClientApp => "Client apps",
        Breakdown::OperatingSystem => "Operating systems",
        Breakdown::RiskEventType => "Risk detections",
        Breakdown::Day => "Days",
        Breakdown::HourOfWeek => "Hours of the week",
    }
}

/// Why an attempt is blocked.
#[must_use]
pub fn reason(reason: Reason) -> &'static str {
    match reason {
        Reason::Block => "the policy blocks",
        Reason::LegacyClient => "a legacy client can neither answer a challenge nor show a device",
        Reason::EveryTime => "a fresh sign-in is required every time",
        Reason::SignInFrequency => "the sign-in is older than the frequency allows",
        Reason::MfaNotRegistered => "not registered for MFA, and a risky session cannot register",
        Reason::StrengthNotRegistered => "no registered method satisfies the authentication strength",
        Reason::PasswordChangeImpossible => "the password cannot be changed here",
        Reason::DeviceNotCompliant => "the device is not known to be compliant",
        Reason::DeviceNotHybridJoined => "the device is not known to be hybrid joined",
        Reason::AppNotApproved => "not known to be an approved client app",
        Reason::AppNotProtected => "no app protection policy is known",
        Reason::TermsOfUse => "terms of use not known to be accepted",
        Reason::TokenProtection => "the session token is not bound to the device",
        Reason::UnknownControl => "a control that this version does not know",
        Reason::SiblingRisk => "the risk level comes from an earlier row of the same sign-in",
        Reason::UserAction => "a user action, which report-only mode does not evaluate",
    }
}

/// A step of the waterfall.
pub(super) fn step(row: &WaterfallRow) -> String {
    let why = |reason: &str| match reason {
        "servicePrincipal" => "service principals".to_owned(),
        "managedIdentity" => "managed identities".to_owned(),
        "adfs" => "issued by AD FS".to_owned(),
        "nps" => "issued by the NPS extension".to_owned(),
        "otherTenant" => "resource of another tenant".to_owned(),
        "passthrough" => "passed through to another tenant".to_owned(),
        "windowsSignIn" => "Windows sign-in".to_owned(),
        "wrongPasswordOrLocked" => "wrong password or locked".to_owned(),
        "beforeConditionalAccess" => "failed before Conditional Access".to_owned(),
        "stoppedBeforeTheEnd" => "stopped before the end".to_owned(),
        "ambiguousCode" => "error code that does not tell".to_owned(),
        other => other.to_owned(),
    };
    match (row.step.as_str(), row.reason.as_deref()) {
        ("rows", _) => "rows read".to_owned(),
        ("uniqueRows", _) => "after merging copies".to_owned(),
        ("setAside", Some(reason)) => format!("set aside: {}", why(reason)),
        ("userRows", _) => "rows of users".to_owned(),
        ("attempts", _) => "grouped into attempts".to_owned(),
        ("notReached", Some(reason)) => format!("not judged: {}", why(reason)),
        ("outOfScope", _) => "left out by the scope".to_owned(),
        ("population", _) => "population".to_owned(),
        (step, Some(reason)) => format!("{step}: {}", why(reason)),
        (step, None) => step.to_owned(),
    }
}

/// Whether a step takes away from the one above it.
pub(super) fn takes_away(row: &WaterfallRow) -> bool {
    matches!(row.step.as_str(), "setAside" | "notReached" | "outOfScope")
}

/// `1 attempt`, `5 attempts`, `0–3 attempts`.
pub(super) fn of(count: Count, one: &str, many: &str) -> String {
    let noun = if count == Count::new(1, 1) { one } else { many };
    format!("{count} {noun}")
}

fn of_users(attempts: Count, users: Count) -> String {
    format!("{} of {}", of(attempts, "attempt", "attempts"), of(users, "user", "users"))
}

/// What a candidate, or all together, would do, in sentences.
pub(super) fn summary(section: &Section) -> String {
    if section.attempts == 0 {
        return "No attempt is in scope: there is nothing to judge.".to_owned();
    }
    let (challenged, blocked) = (section.total(Some(Effect::Challenged)), section.total(Some(Effect::Blocked)));
    let would = match (challenged.attempts.is_zero(), blocked.attempts.is_zero()) {
        (true, true) => "challenge and block nobody".to_owned(),
        (false, true) => format!("challenge {}, and block nobody", of_users(challenged.attempts, challenged.users)),
        (true, false) => format!("block {}, and challenge nobody", of_users(blocked.attempts, blocked.users)),
        (false, false) => format!(
            "challenge {} and block {}",
            of_users(challenged.attempts, challenged.users),
            of_users(blocked.attempts, blocked.users)
        ),
    };
    let background = in_background(section).map(|text| format!(" (in the background: {text})")).unwrap_or_default();
    let all = of(Count::new(section.attempts, section.attempts), "attempt", "attempts");
    let unaffected = section.total(Some(Effect::Unaffected)).attempts;
    let undetermined = match section.total(None).attempts.most {
        0 => String::new(),
        1 => "; 1 is undetermined".to_owned(),
        many => format!("; {many} are undetermined"),
    };
    format!("Would {would}{background}. Of {all}, {unaffected} would notice nothing{undetermined}.")
}

/// How much of it is background sign-ins.
fn in_background(section: &Section) -> Option<String> {
    let count = |effect: Effect| {
        let cells = || section.matrix.iter().filter(|row| !row.interactive && row.effect == Some(effect));
        Count::new(cells().map(|row| row.attempts.least).sum(), cells().map(|row| row.attempts.most).sum())
    };
    let parts: Vec<String> = [(count(Effect::Challenged), "challenged"), (count(Effect::Blocked), "blocked")]
        .into_iter()
        .filter(|(count, _)| !count.is_zero())
        .map(|(count, title)| format!("{count} {title}"))
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

/// "1 policy", "2 policies".
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    of(Count::new(count, count), one, many)
}

/// "1 error", "2 warnings": those that there are, severest first.
pub(super) fn severities(all: impl Iterator<Item = Severity>) -> Vec<String> {
    let mut counts: BTreeMap<Severity, u64> = BTreeMap::new();
    all.for_each(|severity| *counts.entry(severity).or_default() += 1);
    let word = |(severity, count): (Severity, u64)| counted(count, severity.word(), &format!("{}s", severity.word()));
    counts.into_iter().map(word).collect()
}

/// The window in a sentence.
pub(super) fn window(window: &Window) -> String {
    let (Some(from), Some(to)) = (window.from_micros, window.to_micros) else {
        return "Window: no rows in scope.".to_owned();
    };
    let days = of(Count::new(window.days, window.days), "day", "days");
    let mut text = format!("Window: {} to {} UTC, {days}", minute(from), minute(to));
    if window.gaps.is_empty() {
        text.push_str(", rows on every day.");
        return text;
    }
    let shown =
        window.gaps.iter().take(GAPS).map(|gap| {
            if gap.first == gap.last { gap.first.clone() } else { format!("{} to {}", gap.first, gap.last) }
        });
    let mut shown: Vec<String> = shown.collect();
    if window.gaps.len() > GAPS {
        shown.push("…".to_owned());
    }
    text.push_str(&format!(", {} without rows: {}.", window.days_without_rows(), shown.join(", ")));
    text
}

/// Gaps of the window that are named.
const GAPS: usize = 5;

/// The name of a key for people; the key itself where another key goes by the same name.
pub(super) fn key(row: &KeyRow, rows: &[KeyRow]) -> String {
    let is_shared = rows.iter().filter(|other| other.name == row.name).count() > 1;
    match (row.name.as_str(), row.key.as_str()) {
        ("", "") => "(not recorded)".to_owned(),
        ("", key) => key.to_owned(),
        (name, key) if is_shared => format!("{name} ({key})"),
        (name, _) => name.to_owned(),
    }
}
