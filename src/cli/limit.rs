//! `--fail-on 'NAME>N'`: limits tested against the most of all candidates together (contract section 2).

use std::str::FromStr;

use crate::domain::Effect;
use crate::impact::Tally;

/// A figure that a limit can be put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Attempts(Effect),
    Users(Effect),
    PrivilegedUsers(Effect),
    UndeterminedAttempts,
    UnknownShare,
    Agreement,
}

/// Names on the command line. One list.
const FIGURES: &[(&str, Figure)] = &[
    ("blocked-users", Figure::Users(Effect::Blocked)),
    ("challenged-users", Figure::Users(Effect::Challenged)),
    ("blocked-attempts", Figure::Attempts(Effect::Blocked)),
    ("challenged-attempts", Figure::Attempts(Effect::Challenged)),
    ("blocked-privileged-users", Figure::PrivilegedUsers(Effect::Blocked)),
    ("challenged-privileged-users", Figure::PrivilegedUsers(Effect::Challenged)),
    ("undetermined-attempts", Figure::UndeterminedAttempts),
    ("unknown-share", Figure::UnknownShare),
    ("agreement", Figure::Agreement),
];

/// A limit: a figure, which side of the number crosses it, and the number.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// As typed.
    pub expression: String,
    figure: Figure,
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
    pub fn value(&self, figures: Figures<'_>) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let number = |count: u64| Some(count as f64);
        let Figures { combined, privileged } = figures;
        match self.figure {
            Figure::Attempts(effect) => number(combined.attempts(Some(effect)).1),
            Figure::Users(effect) => number(combined.people(Some(effect)).1),
            Figure::PrivilegedUsers(Effect::Blocked) => number(privileged?.blocked),
            Figure::PrivilegedUsers(_) => number(privileged?.challenged),
            Figure::UndeterminedAttempts => number(combined.attempts(None).1),
            Figure::UnknownShare => {
                let (open, all) = (number(combined.attempts(None).1)?, number(combined.population())?);
                (all > 0.0).then(|| open * 100.0 / all)
            }
            // Comes with `verify`: until then it cannot be computed.
            Figure::Agreement => None,
        }
    }

    /// Whether a figure crosses the limit; one that cannot be computed does.
    #[must_use]
    pub fn is_crossed_by(&self, value: Option<f64>) -> bool {
        value.is_none_or(|value| {
            let beyond = if self.above { value > self.number } else { value < self.number };
            beyond || (self.or_equal && value.total_cmp(&self.number).is_eq())
        })
    }
}

impl FromStr for Limit {
    type Err = String;

    fn from_str(text: &str) -> Result<Limit, String> {
        let wrong = || {
            let names: Vec<&str> = FIGURES.iter().map(|(name, _)| *name).collect();
            format!("`{text}` is not a limit; write one like `blocked-users>0`, with one of {}", names.join(", "))
        };
        let place = text.find(['<', '>']).ok_or_else(wrong)?;
        let (name, rest) = text.split_at(place);
        let above = rest.starts_with('>');
        let rest = rest.get(1..).unwrap_or("");
        let (or_equal, number) = rest.strip_prefix('=').map_or((false, rest), |number| (true, number));
        let (_, figure) = FIGURES.iter().find(|(known, _)| *known == name.trim()).ok_or_else(wrong)?;
        let is_share = matches!(figure, Figure::UnknownShare | Figure::Agreement);
        let number = number.trim();
        let number = if is_share { number.strip_suffix('%').unwrap_or(number) } else { number };
        let number: f64 = number.trim().parse().map_err(|_| wrong())?;
        if !number.is_finite() {
            return Err(wrong());
        }
        Ok(Limit { expression: text.to_owned(), figure: *figure, above, or_equal, number })
    }
}

#[cfg(test)]
mod tests {
    use super::{Figures, Limit};
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
        let figures = Figures { combined: &tally, privileged: None };
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
}
