//! `--fail-on 'NAME>N'`: limits tested against the most of all candidates together (contract section 2).

use std::str::FromStr;

use crate::domain::Effect;
use crate::impact::Tally;
use crate::report::Figure;

/// A figure that a limit can be put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    Attempts(Effect),
    Users(Effect),
    PrivilegedUsers(Effect),
    UndeterminedAttempts,
    UnknownShare,
    Agreement,
}

/// Names on the command line. One list.
const MEASURES: &[(&str, Measure)] = &[
    ("blocked-users", Measure::Users(Effect::Blocked)),
    ("challenged-users", Measure::Users(Effect::Challenged)),
    ("blocked-attempts", Measure::Attempts(Effect::Blocked)),
    ("challenged-attempts", Measure::Attempts(Effect::Challenged)),
    ("blocked-privileged-users", Measure::PrivilegedUsers(Effect::Blocked)),
    ("challenged-privileged-users", Measure::PrivilegedUsers(Effect::Challenged)),
    ("undetermined-attempts", Measure::UndeterminedAttempts),
    ("unknown-share", Measure::UnknownShare),
    ("agreement", Measure::Agreement),
];

/// A limit: a figure, which side of the number crosses it, and the number.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As typed.
    pub expression: String,
    measure: Measure,
    above: bool,
    or_equal: bool,
    number: f64,
}

/// What limits are tested against.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// All candidates together.
    pub combined: &'a Tally,
    /// Privileged people possibly challenged and blocked, where it is known who is privileged.
    pub privileged: Option<Privileged>,
    /// Share of the recorded results that were replayed exactly, where the log has any.
    pub agreement: Option<Figure>,
}

/// Privileged people that the candidates may touch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Privileged {
    /// Possibly challenged.
    pub challenged: u64,
    /// Possibly blocked.
    pub blocked: u64,
}

impl Limit {
    /// The figure; `None` if it cannot be computed.
    #[must_use]
    pub fn value(&self, figures: Figures<'_>) -> Option<Figure> {
        let Figures { combined, privileged, agreement } = figures;
        match self.measure {
            Measure::Attempts(effect) => Some(Figure::Count(combined.attempts(Some(effect)).1)),
            Measure::Users(effect) => Some(Figure::Count(combined.people(Some(effect)).1)),
            Measure::PrivilegedUsers(Effect::Blocked) => Some(Figure::Count(privileged?.blocked)),
            Measure::PrivilegedUsers(_) => Some(Figure::Count(privileged?.challenged)),
            Measure::UndeterminedAttempts => Some(Figure::Count(combined.attempts(None).1)),
            Measure::UnknownShare => {
                let (part, whole) = (combined.attempts(None).1, combined.population());
                (whole > 0).then_some(Figure::Share { part, whole })
            }
            Measure::Agreement => agreement,
        }
    }

    /// Whether a figure crosses the limit; one that cannot be computed does.
    #[must_use]
    pub fn is_crossed_by(&self, value: Option<Figure>) -> bool {
        value.map(Figure::number).is_none_or(|value| {
            let beyond = if self.above { value > self.number } else { value < self.number };
            beyond || (self.or_equal && value.total_cmp(&self.number).is_eq())
        })
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let wrong = || {
            let names: Vec<&str> = MEASURES.iter().map(|(name, _)| *name).collect();
            format!("`{text}` is not a limit; write one like `blocked-users>0`, with one of {}", names.join(", "))
        };
        let place = text.find(['<', '>']).ok_or_else(wrong)?;
        let (name, rest) = text.split_at(place);
        let above = rest.starts_with('>');
        let rest = rest.get(1..).unwrap_or("");
        let (or_equal, number) = rest.strip_prefix('=').map_or((false, rest), |number| (true, number));
        let (_, measure) = MEASURES.iter().find(|(known, _)| *known == name.trim()).ok_or_else(wrong)?;
        let is_share = matches!(measure, Measure::UnknownShare | Measure::Agreement);
        let number = number.trim();
        let number = if is_share { number.strip_suffix('%').unwrap_or(number) } else { number };
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        if !number.is_finite() {
            return Err(wrong());
        }
        Ok(Limit { expression: text.to_owned(), measure: *measure, above, or_equal, number })
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, Figures, Limit};
    use crate::impact::Tally;

    fn limit(text: &str) -> Limit {
        text.parse().unwrap()
    }

    #[test]
    fn limits_are_read_and_a_wrong_one_shows_a_right_one() {
        for text in ["blocked-users>0", "challenged-attempts>500", "unknown-share>5%", "agreement<99%"] {
            assert_eq!(limit(text).expression, text);
        }
        for text in ["blocked-users", "blocked-people>0", "blocked-users>5%", "blocked-users>many"] {
            let error = text.parse::<Limit>().unwrap_err();
            assert!(error.contains("`blocked-users>0`"), "{error}");
        }
    }

    #[test]
    fn a_figure_that_cannot_be_computed_counts_as_crossed() {
        let tally = Tally::default();
        let figures = Figures { combined: &tally, privileged: None, agreement: None };
        for (text, crossed) in [
            ("agreement<99%", true),
            ("blocked-privileged-users>0", true),
            ("unknown-share>5%", true),
            ("blocked-users>0", false),
            ("blocked-users>=0", true),
            ("challenged-attempts<1", true),
        ] {
            let limit = limit(text);
            assert_eq!(limit.is_crossed_by(limit.value(figures)), crossed, "{text}");
        }
    }

    #[test]
    fn agreement_is_a_share_in_percent() {
        let tally = Tally::default();
        let agreement = Some(Figure::Share { part: 985, whole: 1_000 });
        let figures = Figures { combined: &tally, privileged: None, agreement };
        for (text, crossed) in [("agreement<99%", true), ("agreement<98.5%", false), ("agreement<=98.5%", true)] {
            let limit = limit(text);
            assert_eq!(limit.is_crossed_by(limit.value(figures)), crossed, "{text}");
        }
    }
}
