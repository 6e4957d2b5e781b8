//! Which rules of the reference stand behind a condition, a part of one, and a control: the one place for tags.

use crate::attempt::mfa::{MfaRule, MfaState};
use crate::compile::control::Control;
use crate::domain::{Condition, History, folded};

/// Tags of a rule of the reference.
pub(super) type Tags = &'static [&'static str];

/// Rules that a condition follows, whatever its value.
pub(super) fn of_condition(condition: Condition) -> Tags {
    match condition {
        Condition::Application => &["CON-3", "CON-4", "C12"],
        Condition::Users => &["CON-3", "CON-4", "C8"],
        Condition::DevicePlatform => &["PLT-2", "C14"],
        Condition::Location => &["LOC-2", "LOC-3", "C15"],
        Condition::ClientType => &["CLI-1", "CLI-2"],
        Condition::SignInRisk => &["SIR-1", "SIR-2"],
        Condition::UserRisk => &["SIR-1", "C10"],
        Condition::DeviceState => &["DEV-3", "C16"],
        Condition::ServicePrincipals | Condition::ServicePrincipalRisk | Condition::InsiderRisk => &["C17"],
        Condition::AuthenticationFlows => &["FLO-1", "FLO-2", "C17"],
        Condition::Time | Condition::Unmodelled => &["CON-1"],
    }
}

/// Words and ids in a policy that have a rule of their own, by member and folded text.
const OF_WORDS: &[(&str, &str, Tags)] = &[
    ("Users", "none", &["C8"]),
    ("Users", "guestsorexternalusers", &["C9"]),
    ("Applications", "all", &["APP-2", "C12"]),
    ("Applications", "none", &["APP-3"]),
    ("Applications", "office365", &["APP-6", "C11"]),
    ("Applications", "microsoftadminportals", &["APP-7", "C12"]),
    ("Applications", "797f4846-ba00-4fd7-ba43-dac1f8f63013", &["APP-8", "C12"]),
    ("Applications", "allagentidresources", &["C8"]),
    ("Locations", "alltrusted", &["LOC-4", "C15"]),
    ("Platforms", "all", &["PLT-1"]),
];

/// Rules of a member, where no word in it has its own.
const OF_MEMBERS: &[(&str, Tags)] = &[
    ("GuestsOrExternalUsers", &["C9", "USR-4"]),
    ("Groups", &["C8"]),
    ("Roles", &["C8"]),
    ("Users", &["C8"]),
    ("Applications", &["APP-4", "C12"]),
    ("UserActions", &["APP-9", "C13"]),
    ("AuthenticationContextClassReferences", &["APP-10"]),
    ("applicationFilter", &["APP-11"]),
    ("Platforms", &["PLT-2", "C14"]),
    ("Locations", &["LOC-2", "LOC-3", "C15"]),
    ("deviceFilter", &["DEV-1", "DEV-3", "C16"]),
    ("DeviceStates", &["2.11"]),
    ("Devices", &["2.11"]),
    ("States", &["2.11"]),
];

/// Rules that a part of a condition follows.
pub(super) fn of_part(member: &str, value: &str) -> Tags {
    let value = folded(value);
    let own = OF_WORDS.iter().find(|(of, word, _)| member.ends_with(of) && *word == value).map(|(_, _, tags)| *tags);
    let of_member = || OF_MEMBERS.iter().find(|(of, _)| member.ends_with(of)).map(|(_, tags)| *tags);
    own.or_else(of_member).unwrap_or(&[])
}

/// Rules that a grant control follows.
pub(super) fn of_control(control: &Control) -> Tags {
    match control {
        Control::Block => &["3.2"],
        Control::Mfa { .. } => &["3.5", "C19"],
        Control::Strength(_) => &["3.7", "C20"],
        Control::CompliantDevice { .. } | Control::DomainJoinedDevice => &["DVC-1", "C21"],
        Control::ApprovedApplication | Control::CompliantApplication | Control::TermsOfUse(_) => &["C22"],
        Control::PasswordChange | Control::RiskRemediation => &["3.5"],
        Control::Custom | Control::VerifiedId => &["C18"],
        Control::Unknown(_) => &["GRT-3", "C18"],
    }
}

/// What recorded rules of existing policies prove.
pub(super) const RECORDED: Tags = &["CON-7", "C30"];

/// Sign-in frequency and token protection.
pub(super) const SESSION: Tags = &["C23"];

/// A legacy client can answer nothing and shows no device.
pub(super) const LEGACY: Tags = &["3.6", "C18"];

/// The rule that decided the evidence of MFA.
pub(super) fn of_mfa(rule: MfaRule) -> Tags {
    match rule {
        MfaRule::F1 => &["F1", "C19"],
        MfaRule::F2 => &["F2", "C19"],
        MfaRule::F3 => &["F3", "C19"],
        MfaRule::F4 => &["F4", "C19"],
        MfaRule::F5 => &["F5", "C19"],
        MfaRule::F6 => &["F6", "C19"],
        MfaRule::F7 => &["F7", "C19"],
        MfaRule::F8 => &["F8", "C19"],
        MfaRule::F9 => &["F9", "C19"],
        MfaRule::C28 => &["C28"],
        MfaRule::Nothing => &["C19"],
    }
}

/// What the rule that decided the evidence of MFA found.
pub(super) fn mfa(rule: MfaRule, state: MfaState) -> &'static str {
    match (rule, state) {
        (MfaRule::F6, _) => "the terminal row is itself an interrupt that asks for MFA",
        (MfaRule::F1, MfaState::Claim) => "a second factor or a strong method was used more than five minutes before",
        (MfaRule::F1, MfaState::ClaimOrFresh) => {
            "a second factor or a strong method was used, at a time that cannot be read"
        }
        (MfaRule::F1, _) => "a second factor or a strong method was used in this attempt",
        (MfaRule::F4, _) => "an earlier row asked for MFA, and the attempt went through",
        (MfaRule::F2, _) => "a step of the terminal row says that a claim satisfied MFA",
        (MfaRule::F3, _) => "the status of the terminal row says so",
        (MfaRule::C28, MfaState::None) => "a recorded policy whose only control is MFA was interrupted",
        (MfaRule::C28, _) => "a recorded policy whose only control is MFA was satisfied",
        (MfaRule::F5, _) => {
            "the requirement was multifactor and the sign-in went through; when it was done is not recorded"
        }
        (MfaRule::F7, _) => "interactive, one factor required, and nothing but a single factor was used",
        (MfaRule::F8, MfaState::Fresh) => "a token went in, and its session shows MFA within the five minutes before",
        (MfaRule::F8, MfaState::Claim) => "a token went in, and its session shows MFA earlier",
        (MfaRule::F8, _) => "a token went in that may hold a claim; no earlier sign-in of its session shows MFA",
        (MfaRule::F9, MfaState::None) => "interactive, and nothing about MFA is recorded: taken as done without",
        (MfaRule::F9, _) => "nothing about MFA is recorded, and a token may hold a claim",
        (MfaRule::Nothing, MfaState::ClaimOrNone) => {
            "no rule decides; a token may hold a claim that nobody asked about"
        }
        (MfaRule::Nothing, _) => "no rule decides",
    }
}

/// What happened, in words.
pub(super) fn history(history: History) -> &'static str {
    match history {
        History::Succeeded => "it went through, and no earlier row of it asked for anything",
        History::BlockedByPolicy => "a policy that was on blocked it",
        History::ChallengedThenSucceeded => {
            "it was asked for MFA, a fresh sign-in or a new password, and then went through"
        }
        History::ChallengeAbandoned => "it was asked for something, and nothing followed",
        History::FailedOther => "it passed the first factor and failed for a reason beside Conditional Access",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::{OF_MEMBERS, OF_WORDS, of_condition, of_part};
    use crate::domain::Condition;

    #[test]
    fn a_word_with_a_rule_of_its_own_comes_before_its_member() {
        assert_eq!(of_part("excludeApplications", "Office365"), ["APP-6", "C11"]);
        assert_eq!(of_part("excludeApplications", "some-app"), ["APP-4", "C12"]);
        assert_eq!(of_part("includeGuestsOrExternalUsers", "internalGuest"), ["C9", "USR-4"]);
        assert_eq!(of_part("excludeLocations", "AllTrusted"), ["LOC-4", "C15"]);
    }

    /// A tag that is shown can be looked up, and stands beside the code that follows it.
    #[test]
    fn every_tag_stands_beside_the_code_that_follows_it() {
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let files = walkdir::WalkDir::new(source).into_iter().map(Result::unwrap);
        let code: Vec<String> = files
            .filter(|file| file.file_type().is_file())
            .filter(|file| {
                ["compile", "attempt", "replay", "domain", "tenant", "policy"]
                    .iter()
                    .any(|module| file.path().starts_with(format!("{source}/{module}")))
            })
            .map(|file| fs::read_to_string(file.path()).unwrap())
            .collect();
        let here = include_str!("rules.rs").split("#[cfg(test)]").next().unwrap();
        // What `notes` says is what no code follows.
        let others = [
            include_str!("build.rs"),
            include_str!("conditions.rs"),
            include_str!("controls.rs"),
            include_str!("rows.rs"),
            include_str!("steps.rs"),
        ];
        let tag = |text: &str| {
            let upper = text.starts_with(|first: char| first.is_ascii_uppercase());
            let digits = text.chars().any(|one| one.is_ascii_digit());
            let plain = text.chars().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit() || "-.".contains(one));
            (plain && digits && (upper || text.contains('.'))).then(|| text.to_owned())
        };
        let texts = [here].into_iter().chain(others).flat_map(|text| text.split('"').skip(1).step_by(2));
        let tags: BTreeSet<String> = texts.filter_map(tag).collect();
        assert!(tags.len() > 40, "{tags:?}");
        let covers = |tag: &String| {
            // `POP-1 … POP-7` and `F1–F9` name those between them, too.
            let kind = tag.trim_end_matches(|one: char| one.is_ascii_digit());
            let ranges = [" … ", "–"].map(|dash| format!("{kind}1{dash}{kind}"));
            let word = |text: &str| {
                text.match_indices(tag.as_str()).any(|(place, found)| {
                    let after = text[place + found.len()..].chars().next().unwrap_or(' ');
                    let before = text[..place].chars().next_back().unwrap_or(' ');
                    !after.is_ascii_digit() && !before.is_ascii_alphanumeric()
                })
            };
            code.iter().any(|text| word(text) || ranges.iter().any(|range| text.contains(range)))
        };
        let unknown: Vec<&String> = tags.iter().filter(|tag| !covers(tag)).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }

    #[test]
    fn everything_has_a_tag() {
        assert!(Condition::ALL.iter().all(|condition| !of_condition(*condition).is_empty()));
        assert!(OF_WORDS.iter().all(|(_, _, tags)| !tags.is_empty()));
        assert!(OF_MEMBERS.iter().all(|(_, tags)| !tags.is_empty()));
    }
}
