//! Times as they are typed: RFC 3339, a date, or so long before the newest row.

use std::str::FromStr;

use chrono::{DateTime, NaiveDate};

use crate::frame::Time;

const HOUR: Time = 3_600_000_000;
const DAY: Time = 24 * HOUR;

/// A time that may depend on the newest row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A point in time.
    At(Time),
    /// The day that begins at this time, UTC.
    On(Time),
    /// So long before the newest row.
    Before(Time),
}

impl When {
    /// The first moment, given the newest row.
    #[must_use]
    pub fn first(self, newest: Time) -> Time {
        match self {
            When::At(time) | When::On(time) => time,
            When::Before(ago) => newest.saturating_sub(ago),
        }
    }

    /// Whether it depends on the newest row.
    #[must_use]
    pub fn is_relative(self) -> bool {
        matches!(self, When::Before(_))
    }

    /// The last moment, given the newest row: a date includes its whole day.
    #[must_use]
    pub fn last(self, newest: Time) -> Time {
        match self {
            When::At(time) => time,
            When::On(start) => start.saturating_add(DAY - 1),
            When::Before(ago) => newest.saturating_sub(ago),
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<When, String> {
        let text = text.trim();
        let ago = |suffix: char, unit: Time| {
            let number: Time = text.strip_suffix(suffix)?.parse().ok().filter(|number| *number >= 0)?;
            number.checked_mul(unit).map(When::Before)
        };
        if let Some(when) = ago('d', DAY).or_else(|| ago('h', HOUR)) {
            return Ok(when);
        }
        if let Ok(time) = DateTime::parse_from_rfc3339(text) {
            return Ok(When::At(time.timestamp_micros()));
        }
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().and_then(|day| day.and_hms_opt(0, 0, 0));
        day.map(|day| When::On(day.and_utc().timestamp_micros())).ok_or_else(|| {
            format!("`{text}` is not a time; write one like `2026-10-01`, `2026-10-01T08:00:00Z`, `7d` or `24h`")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, When};

    #[test]
    fn every_form_of_a_time_is_read_and_anything_else_shows_a_right_one() {
        assert_eq!("7d".parse(), Ok(When::Before(7 * DAY)));
        assert_eq!("1970-01-02".parse(), Ok(When::On(DAY)));
        assert_eq!("1970-01-01T01:00:00+01:00".parse(), Ok(When::At(0)));
        assert_eq!(When::On(DAY).last(0), 2 * DAY - 1);
        let wrong: Result<When, String> = "yesterday".parse();
        assert!(wrong.unwrap_err().contains("`7d`"));
    }
}
