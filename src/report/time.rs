//! Times as the outputs write them: RFC 3339, UTC, at most six digits of a second.

use crate::frame::Time;

/// A time as `2026-10-03T08:19:41.123456Z`; zeros at the end of the fraction are left out.
///
/// ```
/// assert_eq!(ca_impact::report::instant(1_500_000), "1970-01-01T00:00:01.5Z");
/// assert_eq!(ca_impact::report::instant(-1), "1969-12-31T23:59:59.999999Z");
/// ```
#[must_use]
pub fn instant(time: Time) -> String {
    let Some(time) = chrono::DateTime::from_timestamp_micros(time) else { return String::new() };
    let fraction = format!("{:06}", time.timestamp_subsec_micros());
    let fraction = fraction.trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{}{dot}{fraction}Z", time.format("%Y-%m-%dT%H:%M:%S"))
}

/// A time for people: `2026-10-03 08:19`.
pub(super) fn minute(time: Time) -> String {
    chrono::DateTime::from_timestamp_micros(time)
        .map(|time| time.format("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}

pub(super) const MICROSECONDS_A_DAY: Time = 86_400_000_000;

/// A day, counted from 1970-01-01, as `YYYY-MM-DD`.
pub(super) fn day(number: Time) -> String {
    crate::impact::day(number.saturating_mul(MICROSECONDS_A_DAY))
}
