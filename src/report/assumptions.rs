//! What a tag of the reference assumes, in a reader's words.

/// Every tag that is counted anywhere, with its sentence.
const SENTENCES: &[(&str, &str)] = &[
    (
        "APP-13",
        "Device enrolment in Intune is excluded by the service from \"require compliant device\" on all resources.",
    ),
    ("C2", "Rows that do not say whether they are interactive are taken as interactive (counted in rows)."),
    (
        "C13",
        "Report-only does not evaluate policies on user actions: the result stays notApplied, the effect is that of enforcing them.",
    ),
    ("C31", "The sign-in has no risk of its own: the level of an earlier row of the same request was used."),
    ("F9", "Nothing about MFA is recorded for an interactive sign-in that went through: taken as done without MFA."),
    ("RSK-2", "Copies of a row disagree on the risk level: the most severe one counts (counted in rows)."),
    ("RSK-3", "The risk level is missing or hidden: the level of a realtime risk detection for this sign-in was used."),
    ("U1", "\"Every time\" is not satisfied by an MFA claim from an earlier sign-in: the user is asked again."),
    ("U2", "A legacy client under a control it cannot answer fails; it is not interrupted."),
    (
        "U5",
        "The policy excludes applications, and requests for basic directory permissions may have escaped it before 2026: counted as covered.",
    ),
    (
        "U10",
        "An MFA claim may hide behind a sign-in that required one factor only: both are counted where no earlier sign-in of the session tells.",
    ),
    ("U11", "No device was presented, and nobody asked for one: the device control may or may not be satisfied."),
    ("U19", "MFA is recorded as satisfied, not when: it counts as MFA, and whether it was fresh stays open."),
];

/// The sentence of a tag.
pub(super) fn sentence(tag: &str) -> &'static str {
    SENTENCES
        .iter()
        .find(|(known, _)| *known == tag)
        .map_or("A rule chosen where Microsoft's documentation is silent.", |(_, sentence)| sentence)
}

#[cfg(test)]
mod tests {
    use super::SENTENCES;

    #[test]
    fn every_tag_has_one_sentence() {
        for (place, (tag, sentence)) in SENTENCES.iter().enumerate() {
            assert!(sentence.ends_with(['.', ')']), "{tag}");
            assert!(SENTENCES.iter().skip(place + 1).all(|(other, _)| other != tag), "{tag}");
        }
    }
}
