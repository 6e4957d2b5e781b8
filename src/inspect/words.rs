//! What a reader should know first, in sentences.

use super::abilities::ABILITIES;
use super::found::Found;
use super::kinds::{Category, Level};
use super::marks::Mark;
use super::signals::{SIGNALS, signal_of};
use super::{FileFound, Inspection};

/// Names that a sentence shows before it says how many more there are.
const NAMED: usize = 3;

/// `1 row`, `5 rows`.
pub(super) fn of(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A share in whole percent; only nothing is 0 % and only all is 100 %.
pub(super) fn percent(part: u64, whole: u64) -> String {
    if part == 0 {
        return "0 %".to_owned();
    }
    if part >= whole {
        return "100 %".to_owned();
    }
    let rounded = (u128::from(part) * 100 + u128::from(whole) / 2) / u128::from(whole.max(1));
    format!("{} %", rounded.clamp(1, 99))
}

/// Names, of many only the first ones.
pub(super) fn named<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    let more = names.len().saturating_sub(NAMED);
    let shown: Vec<&str> = names.into_iter().take(NAMED).collect();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

/// How much there is, in one sentence.
pub(super) fn size(inspection: &Inspection) -> String {
    let Inspection { files, all, .. } = inspection;
    let window = match (all.window.from_micros, all.window.to_micros) {
        (Some(from), Some(to)) => format!(" from {} to {}", super::by_file::day(from), super::by_file::day(to)),
        _ => String::new(),
    };
    format!(
        "{} with {} of {} and {}{window}. {} reached Conditional Access in the name of a user: on those a policy is \
         judged.",
        of(files.len() as u64, "file", "files"),
        of(all.rows.rows, "row", "rows"),
        of(all.users, "user", "users"),
        of(all.apps, "application", "applications"),
        of(all.rows.judged, "row", "rows"),
    )
}

/// What to know before any table.
pub(super) fn know_first(inspection: &Inspection) -> Vec<String> {
    let Inspection { files, all, own_tenant, diagnostics: _ } = inspection;
    let mut sentences = Vec::new();
    if all.rows.judged == 0 {
        sentences.push("No row is a user's sign-in that reached Conditional Access: no policy can be replayed.".into());
    } else {
        sentences.push(risk(files, all));
        sentences.extend(policies(all));
        sentences.extend(evidence(all));
        sentences.extend(devices(all));
        sentences.extend(background(all));
    }
    if all.other_tenant > 0 {
        sentences.push(format!(
            "{} not of {}, the tenant that most rows have as their resource, and not judged.",
            of(all.other_tenant, "row is", "rows are"),
            own_tenant.as_deref().unwrap_or("the own tenant")
        ));
    }
    sentences.extend(unfinished(files));
    let without = all.window.days_without_rows();
    if without > 0 {
        sentences.push(format!("Days without a row: {without} of {}. An export may be missing.", all.window.days));
    }
    if all.copies > 0 {
        let copies = of(all.copies, "row is a copy of another", "rows are copies of others");
        sentences.push(format!("{copies} (same id, same user): replay merges them."));
    }
    let bad: u64 = files.iter().map(|file| file.input.bad_rows).sum();
    if bad > 0 {
        sentences.push(format!("{} could not be used.", of(bad, "record", "records")));
    }
    sentences
}

/// Judged rows of which the level during sign-in is known: recorded, or told by a detection (C10).
fn leveled(found: &Found) -> u64 {
    let place = ABILITIES.iter().position(|ability| ability.name == "signInRisk");
    place.and_then(|place| found.decided.get(place)).copied().unwrap_or_default()
}

/// Judged rows that record a signal.
fn judged(found: &Found, mark: Mark) -> u64 {
    let place = SIGNALS.iter().position(|signal| signal.mark == mark);
    place.and_then(|place| found.signals.get(place)).map_or(0, |share| share.judged)
}

fn recorders(mark: Mark) -> String {
    signal_of(mark).map(|signal| signal.exports.names().join(", ")).unwrap_or_default()
}

fn risk(files: &[FileFound], all: &Found) -> String {
    let with = leveled(all);
    if with == 0 {
        let why = if all.level(Level::Hidden) > 0 {
            "`hidden` is no level: the tenant has no Microsoft Entra ID P2".to_owned()
        } else {
            format!("exports that record it: {}", recorders(Mark::Risk))
        };
        return format!("No sign-in records its risk: no risk question can be answered. {}.", capital(&why));
    }
    let is_silent = |file: &&FileFound| file.found.rows.judged > 0 && leveled(&file.found) == 0;
    let silent: Vec<&str> = files.iter().filter(is_silent).map(|file| file.input.path.as_str()).collect();
    let mut sentence = if silent.is_empty() {
        format!("Risk during sign-in is known of {} of the rows judged", percent(with, all.rows.judged))
    } else {
        format!("No risk question can be answered for {}: no risk is recorded there", named(silent.into_iter()))
    };
    let risky = [Level::High, Level::Medium, Level::Low].map(|level| all.level(level));
    if risky.iter().sum::<u64>() == 0 {
        sentence.push_str("; no row is above `none`");
    }
    sentence.push('.');
    sentence
}

/// A sentence begins.
pub(super) fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// POP-3: an empty list may be a missing permission.
fn policies(all: &Found) -> Option<String> {
    (judged(all, Mark::Policies) == 0).then(|| {
        format!(
            "No sign-in records the policies that were applied: the caller may not have been allowed to read them, or \
             the export leaves them out. Exports that record them: {}.",
            recorders(Mark::Policies)
        )
    })
}

fn evidence(all: &Found) -> Option<String> {
    (judged(all, Mark::MfaEvidence) == 0).then(|| {
        format!(
            "Nothing shows whether MFA was done: answers about it rest on assumptions. Exports that record it: {}.",
            recorders(Mark::MfaEvidence)
        )
    })
}

/// DEV-5: an empty device id is an unregistered device, whether or not the export has a place for one.
fn devices(all: &Found) -> Option<String> {
    (judged(all, Mark::DeviceId) == 0).then(|| {
        "No sign-in records a device id: every device is taken for an unregistered one, also where the export left ids \
         out."
            .to_owned()
    })
}

fn background(all: &Found) -> Option<String> {
    let (interactive, others) = (all.category(Category::Interactive), all.category(Category::NonInteractive));
    match (interactive, others) {
        (0, 1..) => Some("There are no interactive sign-ins, only those in the background.".to_owned()),
        (1.., 0) => {
            Some("There are no non-interactive sign-ins: what would happen in the background stays unseen.".into())
        }
        _ => None,
    }
}

fn unfinished(files: &[FileFound]) -> Option<String> {
    let cut: Vec<&str> =
        files.iter().filter(|file| file.input.is_unfinished).map(|file| file.input.path.as_str()).collect();
    let verb = if cut.len() == 1 { "is not a whole export" } else { "are not whole exports" };
    (!cut.is_empty()).then(|| format!("{} {verb}: more follows, as it says itself.", named(cut.into_iter())))
}

#[cfg(test)]
mod tests {
    use super::{named, percent};

    #[test]
    fn only_nothing_is_no_percent_and_only_all_is_a_hundred() {
        for (part, whole, expected) in
            [(0, 5, "0 %"), (5, 5, "100 %"), (1, 1000, "1 %"), (999, 1000, "99 %"), (1, 3, "33 %"), (0, 0, "0 %")]
        {
            assert_eq!(percent(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!(percent(u64::MAX / 2, u64::MAX), "50 %");
    }

    #[test]
    fn of_many_names_the_first_ones_stand_for_all() {
        assert_eq!(named(["a", "b"].into_iter()), "a, b");
        assert_eq!(named(["a", "b", "c", "d", "e"].into_iter()), "a, b, c and 2 more");
    }
}
