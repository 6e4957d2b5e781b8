//! The time that rows span, and the days that have any.

use std::collections::BTreeSet;

use crate::frame::Time;

const MICROSECONDS_A_DAY: Time = 86_400_000_000;

/// Times of rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// The first and the last.
    pub ends: Option<(Time, Time)>,
    /// Days since 1970 UTC with a row.
    pub days: BTreeSet<i64>,
}

impl Times {
    /// Of these rows.
    #[must_use]
    pub fn of(times: impl IntoIterator<Item = Time>) -> Times {
        let (mut all, mut before) = (Times::default(), None);
        for time in times {
            let (first, last) = all.ends.unwrap_or((time, time));
            all.ends = Some((first.min(time), last.max(time)));
            // Rows mostly come in the order of time.
            let day = time.div_euclid(MICROSECONDS_A_DAY);
            if before.replace(day) != Some(day) {
                all.days.insert(day);
            }
        }
        all
    }

    /// Of both.
    #[must_use]
    pub fn and(mut self, other: Times) -> Times {
        self.ends = match (self.ends, other.ends) {
            (Some(one), Some(two)) => Some((one.0.min(two.0), one.1.max(two.1))),
            (one, two) => one.or(two),
        };
        self.days.extend(other.days);
        self
    }
}
