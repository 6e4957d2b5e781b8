//! The date spellings of sign-in exports (formats, traps 1 to 3), all read here.

use chrono::NaiveDate;

use crate::frame::Time;

/// Which number of a date like `1/9/2026` is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `1/9/2026` is the ninth of January.
    MonthFirst,
    /// `1/9/2026` is the first of September.
    DayFirst,
}

impl DateOrder {
    /// The word of the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            DateOrder::MonthFirst => "month-first",
            DateOrder::DayFirst => "day-first",
        }
    }
}

/// The instant that a text spells; a text without a zone is UTC. Years before 1970 are no sign-ins.
pub(crate) fn read(text: &str, order: DateOrder) -> Option<Time> {
    if let Some(time) = plain(text) {
        return Some(time);
    }
    let text = text.trim();
    if let Some(rest) = text.strip_prefix("/Date(") {
        return ticks(rest);
    }
    if text.is_ascii() {
        spelled(text, order)
    } else {
        // Browsers write a narrow no-break blank before AM and PM, some a direction mark before everything.
        let plain: String = text
            .chars()
            .filter(|character| !matches!(character, '\u{200e}' | '\u{200f}'))
            .map(|character| if character.is_whitespace() { ' ' } else { character })
            .collect();
        spelled(plain.trim(), order)
    }
}

/// The instant that a text spells as nearly all exports do: `2026-06-15T12:40:24.1780000Z`, or with `+00:00`. Nothing
/// for every other spelling, though it may be a date.
pub(crate) fn plain(text: &str) -> Option<Time> {
    let (date_and_time, rest) = text.as_bytes().split_at_checked(19)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', time @ ..] = date_and_time else { return None };
    let [h0, h1, b':', n0, n1, b':', s0, s1] = time else { return None };
    let two = |tens: &u8, ones: &u8| Some(digit(*tens)? * 10 + digit(*ones)?);
    let (year, month, day) = (two(y0, y1)? * 100 + two(y2, y3)?, two(m0, m1)?, two(d0, d1)?);
    let (hour, minute, second) = (two(h0, h1)?, two(n0, n1)?, two(s0, s1)?);
    let mut rest = rest;
    let mut micros = 0;
    if let [b'.', fraction @ ..] = rest {
        let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if !(1..=9).contains(&digits) {
            return None;
        }
        let (fraction, end) = fraction.split_at_checked(digits)?;
        let six = fraction.iter().chain([b'0'; 6].iter()).take(6);
        micros = six.fold(0, |micros, byte| micros * 10 + i64::from(byte - b'0'));
        rest = end;
    }
    let is_utc = matches!(rest, b"Z" | b"+00:00");
    let is_plain = (1970..=9999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_utc || !is_plain || day > 28 && day > days_in(year, month) || hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let seconds = (days_before(year, month, day) * 24 + hour) * 3_600 + minute * 60 + second;
    Some(seconds * 1_000_000 + micros)
}

fn digit(byte: u8) -> Option<i64> {
    byte.is_ascii_digit().then(|| i64::from(byte - b'0'))
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from the beginning of 1970 to a date of the Gregorian calendar: years here begin with March, so that the leap
/// day is the last one.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    // The months from March on have 31, 30, 31, 30, 31 days, and so again.
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - 719_468
}

/// The first two numbers of a date that depends on [`DateOrder`].
pub(crate) fn ambiguous(text: &str) -> Option<(u32, u32)> {
    let mut cursor = Cursor(text.trim_start_matches(['\u{200e}', '\u{200f}', ' ']).as_bytes());
    let date = cursor.date()?;
    date.depends_on_order().then_some((date.numbers.0, date.numbers.1))
}

/// Milliseconds since 1970 as Windows PowerShell writes them: `/Date(1718866531000)/`; an offset says nothing.
fn ticks(rest: &str) -> Option<Time> {
    let digits = rest.split(['+', '-', ')']).next()?;
    // Up to the year 9999, as in every other spelling.
    digits.parse::<i64>().ok().filter(|millis| (0..253_402_300_800_000).contains(millis))?.checked_mul(1_000)
}

fn spelled(text: &str, order: DateOrder) -> Option<Time> {
    let mut cursor = Cursor(text.as_bytes());
    let (year, month, day) = cursor.date()?.in_order(order);
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    if !(1970..=9999).contains(&year) {
        return None;
    }
    let (seconds, micros) = cursor.time()?;
    let days = date.signed_duration_since(NaiveDate::from_ymd_opt(1970, 1, 1)?).num_days();
    Some((days * 86_400 + seconds) * 1_000_000 + micros)
}

/// Three numbers and what was between them.
struct Numbers {
    numbers: (u32, u32, u32),
    year_first: bool,
    separator: u8,
}

impl Numbers {
    fn depends_on_order(&self) -> bool {
        // With points (`31.12.2026`) the day comes first everywhere.
        !self.year_first && self.separator != b'.'
    }

    /// Year, month, day.
    fn in_order(&self, order: DateOrder) -> (u32, u32, u32) {
        let (first, second, third) = self.numbers;
        if self.year_first {
            (first, second, third)
        } else if self.depends_on_order() && order == DateOrder::MonthFirst {
            (third, first, second)
        } else {
            (third, second, first)
        }
    }
}

/// What is left of a text.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    fn date(&mut self) -> Option<Numbers> {
        if let Some(month) = self.month() {
            // `Jun 15, 2026 12:40:24 PM`: how browsers write dates of advanced hunting.
            let (day, _) = self.number(2)?;
            self.any(b",");
            self.blanks();
            let (year, 4) = self.number(4)? else { return None };
            return Some(Numbers { numbers: (year, month, day), year_first: true, separator: b' ' });
        }
        let (first, width) = self.number(4)?;
        let separator = self.any(b"-/.")?;
        let (second, _) = self.number(2)?;
        self.any(&[separator])?;
        let (third, last_width) = self.number(4)?;
        let year_first = width == 4;
        if year_first == (last_width == 4) {
            return None;
        }
        Some(Numbers { numbers: (first, second, third), year_first, separator })
    }

    /// The English name of a month, whole or its first three letters, and the blanks behind it.
    fn month(&mut self) -> Option<u32> {
        const NAMES: [&str; 12] = [
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december",
        ];
        let letters = self.0.iter().take_while(|byte| byte.is_ascii_alphabetic()).count();
        let (name, rest) = self.0.split_at_checked(letters).filter(|(name, _)| name.len() >= 3)?;
        let is_it = |month: &str| {
            name.eq_ignore_ascii_case(month.as_bytes())
                || month.as_bytes().get(..3).is_some_and(|short| name.eq_ignore_ascii_case(short))
        };
        let month = NAMES.iter().position(|month| is_it(month))?;
        self.0 = rest;
        self.any(b".");
        self.blanks();
        u32::try_from(month + 1).ok()
    }

    /// Seconds since midnight UTC, and microseconds; nothing more may follow.
    fn time(&mut self) -> Option<(i64, i64)> {
        self.any(b",");
        self.blanks();
        self.any(b"Tt");
        if self.0.is_empty() {
            return Some((0, 0));
        }
        let (mut hour, _) = self.number(2)?;
        self.any(b":")?;
        let (minute, _) = self.number(2)?;
        let (mut second, mut micros) = (0, 0);
        if self.any(b":").is_some() {
            (second, _) = self.number(2)?;
            if self.any(b".,").is_some() {
                micros = self.fraction()?;
            }
        }
        self.blanks();
        if let Some(half) = self.any(b"AaPp") {
            self.any(b".");
            self.any(b"Mm")?;
            self.any(b".");
            if !(1..=12).contains(&hour) {
                return None;
            }
            hour = hour % 12 + if half.eq_ignore_ascii_case(&b'p') { 12 } else { 0 };
            self.blanks();
        }
        let east = self.offset()?;
        if hour > 23 || minute > 59 || second > 60 || !self.0.is_empty() {
            return None;
        }
        Some((i64::from(hour) * 3_600 + i64::from(minute) * 60 + i64::from(second) - east, micros))
    }

    /// Seconds east of Greenwich.
    fn offset(&mut self) -> Option<i64> {
        if self.0.eq_ignore_ascii_case(b"UTC") || self.0.eq_ignore_ascii_case(b"GMT") {
            self.0 = &[];
        }
        if self.any(b"Zz").is_some() {
            return Some(0);
        }
        let Some(sign) = self.any(b"+-") else { return Some(0) };
        let (hours, _) = self.number(2)?;
        self.any(b":");
        let minutes = if self.0.is_empty() { 0 } else { self.number(2)?.0 };
        let east = i64::from(hours) * 3_600 + i64::from(minutes) * 60;
        (hours <= 14 && minutes <= 59).then_some(if sign == b'-' { -east } else { east })
    }

    /// A number of at most so many digits, and how many it had.
    fn number(&mut self, most: usize) -> Option<(u32, usize)> {
        let mut number = 0;
        let mut width = 0;
        while width < most
            && let [digit @ b'0'..=b'9', rest @ ..] = self.0
        {
            number = number * 10 + u32::from(digit - b'0');
            width += 1;
            self.0 = rest;
        }
        (width > 0).then_some((number, width))
    }

    /// One to nine digits after the point, cut to microseconds.
    fn fraction(&mut self) -> Option<i64> {
        let (mut micros, mut unit, mut width) = (0, 100_000, 0);
        while let [digit @ b'0'..=b'9', rest @ ..] = self.0 {
            micros += i64::from(digit - b'0') * unit;
            unit /= 10;
            width += 1;
            self.0 = rest;
        }
        (1..=9).contains(&width).then_some(micros)
    }

    fn any(&mut self, wanted: &[u8]) -> Option<u8> {
        match self.0 {
            [byte, rest @ ..] if wanted.contains(byte) => {
                self.0 = rest;
                Some(*byte)
            }
            _ => None,
        }
    }

    fn blanks(&mut self) {
        while self.any(b" ").is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::DateOrder::{DayFirst, MonthFirst};
    use super::{ambiguous, plain, read};

    #[test]
    fn every_spelling_of_real_exports_is_read() {
        let second = 1_763_084_933_000_000; // 2025-11-14T01:48:53Z
        for (text, micros) in [
            ("2025-11-14T01:48:53Z", 0),
            ("2025-11-14t01:48:53z", 0),
            ("2025-11-14T01:48:53", 0),
            ("2025-11-14 01:48:53", 0),
            ("2025-11-14 01:48:53 UTC", 0),
            ("2025/11/14 01:48:53", 0),
            ("2025-11-14T01:48:53.12Z", 120_000),
            ("2025-11-14T01:48:53.654480Z", 654_480),
            ("2025-11-14T01:48:53.6544801+00:00", 654_480),
            ("2025-11-14 01:48:53.983201900", 983_201),
            ("2025-11-14T09:48:53.5+08:00", 500_000),
            ("2025-11-13T20:48:53-0500", 0),
            ("11/14/2025 1:48:53 AM", 0),
            ("11/14/2025 01:48:53", 0),
            ("11/14/2025 01:48:53.25", 250_000),
            ("11/14/2025, 1:48:53.178 AM", 178_000),
            ("11/14/2025, 1:48:53.178\u{202f}AM", 178_000),
            ("\u{200e}11/14/2025 1:48:53 am", 0),
            ("11/14/2025 1:48:53 AM +00:00", 0),
            ("11/13/2025 08:48:53.1234567 PM -05:00", 123_456),
            ("14.11.2025 01:48:53", 0),
            ("Nov 14, 2025 1:48:53 AM", 0),
            ("November 14, 2025 01:48:53", 0),
            ("/Date(1763084933000)/", 0),
            ("/Date(1763084933000+0200)/", 0),
            ("  2025-11-14T01:48:53Z ", 0),
        ] {
            assert_eq!(read(text, MonthFirst), Some(second + micros), "{text}");
        }
    }

    #[test]
    fn the_short_way_reads_what_the_long_way_reads() {
        let long = |text: &str| super::spelled(text, MonthFirst);
        for year in [1969, 1970, 1972, 1999, 2000, 2024, 2026, 2100, 2400, 9999] {
            for month in 0..=13 {
                for day in 0..=32 {
                    let text = format!("{year}-{month:02}-{day:02}T23:59:60.1234567Z");
                    assert_eq!(plain(&text), long(&text), "{text}");
                }
            }
        }
        for text in ["2026-06-15T12:40:24Z", "2026-06-15T12:40:24.1Z", "2026-06-15T12:40:24.123456789+00:00"] {
            assert!(plain(text).is_some() && plain(text) == long(text), "{text}");
        }
        for text in [
            "2026-06-15T24:40:24Z",
            "2026-06-15T12:60:24Z",
            "2026-06-15T12:40:61Z",
            "2026-06-15T12:40:24.Z",
            "2026-06-15T12:40:24.1234567890Z",
            "2026-06-15T12:40:24",
            "2026-06-15T12:40:24+01:00",
            "2026-06-15T12:40:24Zebra",
            "2026-06-15T1x:40:24Z",
            "2026-06-15T12:40é:24Z",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    #[test]
    fn midnight_noon_and_missing_parts() {
        let midnight = 1_781_481_600_000_000; // 2026-06-15T00:00:00Z
        for (text, minutes) in [
            ("6/15/2026, 12:40:00.000 PM", 12 * 60 + 40),
            ("6/15/2026 12:05 AM", 5),
            ("6/15/2026 8:19", 8 * 60 + 19),
            ("2026-06-15T10:00Z", 600),
            ("2026-06-15", 0),
            ("2026-06-15T00:30:00+01:00", -30),
        ] {
            assert_eq!(read(text, MonthFirst), Some(midnight + minutes * 60_000_000), "{text}");
        }
        assert_eq!(read("15/6/2026", DayFirst), Some(midnight));
    }

    #[test]
    fn the_order_decides_what_is_ambiguous_and_only_that() {
        assert_eq!(read("1/9/2007 10:00", DayFirst), read("2007-09-01 10:00", MonthFirst));
        assert_eq!(read("1/9/2007 10:00", MonthFirst), read("2007-01-09 10:00", DayFirst));
        assert_eq!(ambiguous("1/9/2007 10:00"), Some((1, 9)));
        assert_eq!(ambiguous("15-06-2026"), Some((15, 6)));
        for settled in ["2007-01-09", "31.12.2026 10:00", "/Date(1)/", "", "yesterday"] {
            assert_eq!(ambiguous(settled), None, "{settled}");
        }
    }

    #[test]
    fn what_is_no_date_is_not_guessed() {
        for text in [
            "",
            "now",
            "2025-13-01",
            "2025-02-30T00:00:00Z",
            "13/13/2025",
            "2025-01-01T25:00:00Z",
            "1/2/25",
            "12:30",
            "Nov 14",
            "Nov 31, 2025 1:48:53 AM",
            "Nova 14, 2025",
            "2025-01-01T10:00:00.Z",
            "2025-01-01T10:00:00.1234567890Z",
            "2025-01-01T10:00:00Zebra",
            "0001-01-01T00:00:00Z",
            "13/1/2025 13:00 PM",
            "%CreatedDateTime%",
            "/Date(x)/",
            "2025-01-01T10:00:00+99:00",
            "20250101",
            "45678.5",
        ] {
            assert_eq!(read(text, MonthFirst), None, "{text}");
        }
    }
}
