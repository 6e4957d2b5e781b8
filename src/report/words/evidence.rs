//! How much the numbers rest on, in sentences.

use super::counted;
use crate::report::evidence::{Days, LogEvidence, NeverAnswered, SectionEvidence, UsersSeen};
use crate::report::model::Section;

/// What is to be said of the log, whatever the policy.
pub(in crate::report) fn of_log(evidence: &LogEvidence) -> Vec<String> {
    // Roles without members are among what the inputs cannot answer.
    let LogEvidence { days, users_listed, attempts_without_user, unseen_emergency_accounts, roles_without_members: _ } =
        evidence;
    let mut lines = Vec::new();
    let Days { asked, covered, are_given } = *days;
    if asked > 0 {
        let from_where = if are_given { "asked for" } else { "from the first row to the last" };
        lines.push(format!(
            "Days: the log has rows on {covered} of the {} {from_where}.",
            counted(asked, "day", "days")
        ));
    }
    for account in unseen_emergency_accounts {
        let seen = if account.is_in_log { "no attempt in this scope" } else { "not seen in this log" };
        lines.push(format!("Emergency account {}: {seen}, so these numbers prove nothing about it.", account.key));
    }
    if users_listed.is_none() && asked > 0 {
        lines.push("Users never seen: unknown; tenant/users.json would list who there is.".to_owned());
    }
    if *attempts_without_user > 0 {
        let attempts = counted(*attempts_without_user, "attempt records", "attempts record");
        lines.push(format!("{attempts} no user: anybody's, even of those who count as never seen."));
    }
    lines
}

/// What is to be said of one candidate, or of all together.
pub(in crate::report) fn of_section(section: &Section) -> Vec<String> {
    let SectionEvidence { open, open_share, never_exercised, users } = &section.evidence;
    let share = open_share.map(|share| format!(" ({share})")).unwrap_or_default();
    let all = section.attempts;
    let mut lines = vec![format!("Verdicts that are ranges, in their result or their effect: {open} of {all}{share}.")];
    if let Some(users) = users {
        lines.push(never_seen(*users));
    }
    lines.extend(conditions(never_exercised, section.attempts));
    lines
}

fn never_seen(users: UsersSeen) -> String {
    let UsersSeen { included, never_seen, undetermined } = users;
    let open = match undetermined {
        0 => String::new(),
        many => {
            format!("; for {} it is not known whether they are included", counted(many, "listed user", "listed users"))
        }
    };
    format!(
        "Users never seen: of the {} certainly included, {never_seen} have no attempt in scope{open}.",
        counted(included, "listed user", "listed users")
    )
}

/// One line for the conditions that every sign-in met, one for those that none did, one each where it is open.
fn conditions(never: &[NeverAnswered], attempts: u64) -> Vec<String> {
    let all = |answer: bool| -> Vec<&str> {
        let certain = never.iter().filter(|one| one.answer == answer && one.unknown == 0);
        certain.map(|one| one.condition.word()).collect()
    };
    let mut lines = Vec::new();
    for (words, said) in [(all(true), "No sign-in met"), (all(false), "Every sign-in met")] {
        if !words.is_empty() {
            lines.push(format!("{said} the {} {}.", noun(&words), words.join(", ")));
        }
    }
    for NeverAnswered { condition, answer, unknown } in never.iter().filter(|one| one.unknown > 0) {
        let word = condition.word();
        // Both answers are missing: said once.
        if *unknown == attempts && !answer {
            continue;
        }
        lines.push(match (*unknown == attempts, answer) {
            (true, _) => format!("Whether any sign-in met the condition {word} is not known."),
            (false, true) => format!("No sign-in certainly met the condition {word}; {unknown} may have."),
            (false, false) => format!("No sign-in certainly failed the condition {word}; {unknown} may have."),
        });
    }
    lines
}

fn noun(words: &[&str]) -> &'static str {
    if words.len() == 1 { "condition" } else { "conditions" }
}

#[cfg(test)]
mod tests {
    use super::{conditions, never_seen, of_log};
    use crate::domain::Condition;
    use crate::report::evidence::{Days, LogEvidence, NeverAnswered, UnseenAccount, UsersSeen};

    #[test]
    fn conditions_that_answer_one_way_are_said_and_what_is_open_stays_open() {
        let never = |condition, answer, unknown| NeverAnswered { condition, answer, unknown };
        let lines = conditions(
            &[
                never(Condition::Application, false, 0),
                never(Condition::Users, false, 0),
                never(Condition::Location, true, 0),
                never(Condition::ClientType, false, 2),
                never(Condition::SignInRisk, true, 3),
                never(Condition::DeviceState, true, 6),
                never(Condition::DeviceState, false, 6),
            ],
            6,
        );
        assert_eq!(
            lines,
            [
                "No sign-in met the condition location.",
                "Every sign-in met the conditions application, users.",
                "No sign-in certainly failed the condition clientType; 2 may have.",
                "No sign-in certainly met the condition signInRisk; 3 may have.",
                "Whether any sign-in met the condition deviceState is not known.",
            ]
        );
    }

    #[test]
    fn users_never_seen_are_of_those_certainly_included() {
        assert_eq!(
            never_seen(UsersSeen { included: 20, never_seen: 3, undetermined: 5 }),
            "Users never seen: of the 20 listed users certainly included, 3 have no attempt in scope; for 5 listed \
             users it is not known whether they are included."
        );
    }

    #[test]
    fn the_log_is_said_to_cover_what_it_covers() {
        let account = |key: &str, is_in_log| UnseenAccount { key: key.to_owned(), is_in_log };
        let evidence = LogEvidence {
            days: Days { asked: 30, covered: 26, are_given: true },
            users_listed: None,
            attempts_without_user: 1,
            unseen_emergency_accounts: vec![account("u1", false), account("u2", true)],
            roles_without_members: ["r1".to_owned()].into(),
        };
        assert_eq!(
            of_log(&evidence),
            [
                "Days: the log has rows on 26 of the 30 days asked for.",
                "Emergency account u1: not seen in this log, so these numbers prove nothing about it.",
                "Emergency account u2: no attempt in this scope, so these numbers prove nothing about it.",
                "Users never seen: unknown; tenant/users.json would list who there is.",
                "1 attempt records no user: anybody's, even of those who count as never seen.",
            ]
        );
        assert_eq!(of_log(&LogEvidence::default()), Vec::<String>::new());
    }
}
