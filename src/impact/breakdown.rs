//! Who and what is touched most: counts by person, application, country, client, day, hour, …

use std::collections::BTreeMap;

use crate::attempt::Attempts;
use crate::domain::{Effect, Verdict};
use crate::frame::Time;

use super::read_keys::{self, ReadKeys};

/// A breakdown of the report (contract section 5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Breakdown {
    /// By person.
    User,
    /// By client application.
    Application,
    /// By resource.
    Resource,
    /// By country.
    Country,
    /// By client app.
    ClientApp,
    /// By operating system.
    OperatingSystem,
    /// By risk detection; an attempt counts under each of its detections.
    RiskEventType,
    /// By day, UTC.
    Day,
    /// By hour of the week, UTC, Monday 00 first.
    HourOfWeek,
}

impl Breakdown {
    /// All, in the order of the contract.
    pub const ALL: [Breakdown; 9] = [
        Breakdown::User,
        Breakdown::Application,
        Breakdown::Resource,
        Breakdown::Country,
        Breakdown::ClientApp,
        Breakdown::OperatingSystem,
        Breakdown::RiskEventType,
        Breakdown::Day,
        Breakdown::HourOfWeek,
    ];

    /// The member of the JSON report.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Breakdown::User => "user",
            Breakdown::Application => "application",
            Breakdown::Resource => "resource",
            Breakdown::Country => "country",
            Breakdown::ClientApp => "clientApp",
            Breakdown::OperatingSystem => "operatingSystem",
            Breakdown::RiskEventType => "riskEventType",
            Breakdown::Day => "day",
            Breakdown::HourOfWeek => "hourOfWeek",
        }
    }
}

/// The key of a thing, and the name that people know it by: each as the earliest attempt spells it, of several
/// at one time the smallest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// Id or text; empty when not recorded.
    pub key: String,
    /// Display name; empty when there is none besides the key.
    pub name: String,
    /// When it was spelled so, and when named so.
    since: (Time, Time),
}

impl Key {
    pub(super) fn new(key: &str, name: &str, at: Time) -> Key {
        Key { key: key.to_owned(), name: name.to_owned(), since: (at, at) }
    }

    /// The same thing in other attempts.
    pub(super) fn met(&mut self, key: &str, name: &str, (spelled, named): (Time, Time)) {
        if (spelled, key) < (self.since.0, self.key.as_str()) {
            key.clone_into(&mut self.key);
            self.since.0 = spelled;
        }
        if !name.is_empty() {
            self.named(name, named);
        }
    }

    /// It has this name at this time.
    pub(super) fn named(&mut self, name: &str, at: Time) {
        if self.name.is_empty() || (at, name) < (self.since.1, self.name.as_str()) {
            name.clone_into(&mut self.name);
            self.since.1 = at;
        }
    }

    pub(super) fn also(&mut self, other: &Key) {
        self.met(&other.key, &other.name, other.since);
    }
}

/// Codes of every attempt for every breakdown, made once.
#[derive(Debug)]
pub struct Keys(ReadKeys);

/// A day as `YYYY-MM-DD`.
#[must_use]
pub fn day(time: Time) -> String {
    chrono::DateTime::from_timestamp_micros(time).map(|time| time.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

impl Keys {
    /// Reads the keys of every attempt from its terminal row.
    #[must_use]
    pub fn read(attempts: &Attempts) -> Keys {
        Keys(read_keys::read(attempts))
    }

    /// The names of a breakdown, by code.
    pub(super) fn names(&self, breakdown: Breakdown) -> &[Key] {
        self.0.names.get(breakdown as usize).map_or(&[], Vec::as_slice)
    }

    /// The key and name of a code.
    #[must_use]
    pub fn key(&self, breakdown: Breakdown, code: u32) -> Option<&Key> {
        self.0.names.get(breakdown as usize).and_then(|names| names.get(code as usize))
    }

    /// Whether the resource of an attempt is one that low-privilege scopes map to (APP-5).
    #[must_use]
    pub fn is_low_privilege_resource(&self, attempt: usize) -> bool {
        let [_, _, resources, ..] = &self.0.columns;
        let resource = resources.get(attempt).and_then(|code| self.0.low_privilege.get(*code as usize));
        resource == Some(&true)
    }

    /// The codes of an attempt, each with its breakdown.
    fn codes(&self, attempt: usize) -> impl Iterator<Item = (Breakdown, u32)> {
        let all = Breakdown::ALL.into_iter().zip(&self.0.columns);
        all.flat_map(move |(breakdown, column)| {
            let code = column.get(attempt).copied();
            let (single, set) = match breakdown {
                Breakdown::RiskEventType => (None, code.and_then(|set| self.0.detections.get(set as usize))),
                _ => (code, None),
            };
            single.into_iter().chain(set.into_iter().flatten().copied()).map(move |code| (breakdown, code))
        })
    }

    /// Counts attempts by key, whatever their verdict.
    pub fn count_population(&self, attempts: &[usize], population: &mut Breakdowns) {
        for attempt in attempts {
            for (breakdown, code) in self.codes(*attempt) {
                population.counts(breakdown, code).attempts += 1;
            }
        }
    }
}

/// Counts of one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCounts {
    /// Attempts certainly challenged.
    pub challenged_least: u64,
    /// Attempts possibly challenged.
    pub challenged_most: u64,
    /// Attempts certainly blocked.
    pub blocked_least: u64,
    /// Attempts possibly blocked.
    pub blocked_most: u64,
    /// Attempts.
    pub attempts: u64,
}

/// Counts by key for every breakdown; only keys that were met.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Breakdowns {
    counts: [BTreeMap<u32, KeyCounts>; Breakdown::ALL.len()],
}

impl Breakdowns {
    fn counts(&mut self, breakdown: Breakdown, code: u32) -> &mut KeyCounts {
        // A breakdown is its own index.
        #[expect(clippy::indexing_slicing, reason = "a breakdown is its own index")]
        self.counts[breakdown as usize].entry(code).or_default()
    }

    /// Counts one attempt under its keys, if it may be challenged or blocked.
    pub fn add(&mut self, keys: &Keys, attempt: usize, verdict: Verdict) {
        if !verdict.may_be(Effect::Challenged) && !verdict.may_be(Effect::Blocked) {
            return;
        }
        for (breakdown, code) in keys.codes(attempt) {
            let counts = self.counts(breakdown, code);
            counts.challenged_least += u64::from(verdict.is_certainly(Effect::Challenged));
            counts.challenged_most += u64::from(verdict.may_be(Effect::Challenged));
            counts.blocked_least += u64::from(verdict.is_certainly(Effect::Blocked));
            counts.blocked_most += u64::from(verdict.may_be(Effect::Blocked));
            counts.attempts += 1;
        }
    }

    /// The same counts under other codes.
    pub(super) fn recoded(self, code: &dyn Fn(Breakdown, u32) -> u32) -> Breakdowns {
        let mut counts = self.counts.into_iter();
        let recode = |breakdown: Breakdown| {
            let of_one = counts.next().into_iter().flatten();
            of_one.map(|(known, counts)| (code(breakdown, known), counts)).collect()
        };
        Breakdowns { counts: Breakdown::ALL.map(recode) }
    }

    /// Adds the counts of other attempts.
    pub fn merge(&mut self, other: Breakdowns) {
        for (mine, theirs) in self.counts.iter_mut().zip(other.counts) {
            for (code, counts) in theirs {
                let sum = mine.entry(code).or_default();
                sum.challenged_least += counts.challenged_least;
                sum.challenged_most += counts.challenged_most;
                sum.blocked_least += counts.blocked_least;
                sum.blocked_most += counts.blocked_most;
                sum.attempts += counts.attempts;
            }
        }
    }

    /// The counts of a breakdown by code.
    #[must_use]
    pub fn of(&self, breakdown: Breakdown) -> &BTreeMap<u32, KeyCounts> {
        #[expect(clippy::indexing_slicing, reason = "a breakdown is its own index")]
        &self.counts[breakdown as usize]
    }
}
