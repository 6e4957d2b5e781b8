//! Chance, made repeatable: every draw of the generator comes from one seeded stream, and every instant from here.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A seeded stream of draws. Draws are made from `u64`, so that they do not depend on the machine's word.
#[derive(Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a seed.
    pub fn new(seed: u64) -> Dice {
        Dice(ChaCha8Rng::seed_from_u64(seed))
    }

    /// A number from 0 up to, and without, `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.random_range(0..end as u64) as usize
    }

    /// A number from `low` to `high`, both possible.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    /// True in `percent` of a hundred draws.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.random_range(0..100_u32) < percent
    }

    /// One of the items.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let at = self.below(items.len());
        &items[at]
    }

    /// One of the items, by value.
    pub fn one<T: Copy>(&mut self, items: &[T]) -> T {
        *self.pick(items)
    }

    /// One of the items, each as often as its weight says.
    pub fn weighted<T: Clone>(&mut self, items: &[(u32, T)]) -> T {
        let total: u32 = items.iter().map(|(weight, _)| weight).sum();
        let mut left = self.0.random_range(0..total);
        for (weight, item) in items {
            match left.checked_sub(*weight) {
                Some(rest) => left = rest,
                None => return item.clone(),
            }
        }
        unreachable!("a draw below the sum of the weights ends in one of them")
    }

    /// From one to `most` different items, in the order of the list.
    pub fn several<T: Clone>(&mut self, items: &[T], most: usize) -> Vec<T> {
        let wanted = 1 + self.below(most.min(items.len()));
        let mut taken: Vec<usize> = Vec::new();
        while taken.len() < wanted {
            let at = self.below(items.len());
            if !taken.contains(&at) {
                taken.push(at);
            }
        }
        taken.sort_unstable();
        taken.into_iter().map(|at| items[at].clone()).collect()
    }

    /// A random GUID in lower case.
    pub fn guid(&mut self) -> String {
        guid_of(self.0.random())
    }

    /// Some text of hexadecimal digits.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = String::with_capacity(digits);
        for _ in 0..digits {
            let _ = write!(text, "{:x}", self.0.random_range(0..16_u32));
        }
        text
    }
}

/// A number as GUID text: the same number is the same GUID.
pub fn guid_of(number: u128) -> String {
    let text = format!("{number:032x}");
    format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])
}

/// How an instant is spelled. Exporters differ in the digits and in how they say UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `2026-10-05T08:15:30Z`
    Seconds,
    /// `2026-10-05T08:15:30.120Z`
    Millis,
    /// `2026-10-05T08:15:30.1201234Z`, as Graph and the diagnostic settings do
    Ticks,
    /// `2026-10-05T08:15:30.1201234+00:00`
    Offset,
    /// `2026-10-05T08:15:30.120123`, no zone: UTC
    Bare,
}

/// Milliseconds since 1970 as text.
pub fn stamp(millis: i64, spelling: Spelling) -> String {
    let at = instant(millis);
    match spelling {
        Spelling::Seconds => at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
        Spelling::Millis => at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string(),
        Spelling::Ticks => at.format("%Y-%m-%dT%H:%M:%S%.3f1234Z").to_string(),
        Spelling::Offset => at.format("%Y-%m-%dT%H:%M:%S%.3f1234+00:00").to_string(),
        Spelling::Bare => at.format("%Y-%m-%dT%H:%M:%S%.3f123").to_string(),
    }
}

/// Milliseconds since 1970 as an instant.
pub fn instant(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).expect("the generator stays within the calendar")
}

/// An instant of October 2026, where everything that is generated happens: day, hour, minute, second.
pub fn october(day: i64, hour: i64, minute: i64, second: i64) -> i64 {
    /// 2026-10-01T00:00:00Z.
    const START: i64 = 1_790_812_800_000;
    START + ((((day - 1) * 24 + hour) * 60 + minute) * 60 + second) * 1000
}
