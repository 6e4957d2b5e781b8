//! Who and what is touched most: counts by person, application, country, client, day, hour, …

use crate::attempt::Attempts;
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

/// Codes of every attempt for every breakdown, made once: a column each.
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

    /// How many keys a breakdown has.
    #[must_use]
    pub fn len(&self, breakdown: Breakdown) -> usize {
        self.0.names.get(breakdown as usize).map_or(0, Vec::len)
    }

    /// The codes of all attempts; of [`Breakdown::RiskEventType`] codes of sets ([`Keys::detections`]).
    #[must_use]
    pub fn codes(&self, breakdown: Breakdown) -> &[u32] {
        self.0.columns.get(breakdown as usize).map_or(&[], Vec::as_slice)
    }

    /// The sets of detections: sorted codes of [`Breakdown::RiskEventType`], each once.
    #[must_use]
    pub fn detections(&self) -> &[Vec<u32>] {
        &self.0.detections
    }

    /// Whether a resource, by its code, is one that low-privilege scopes map to (APP-5).
    #[must_use]
    pub fn low_privilege(&self) -> &[bool] {
        &self.0.low_privilege
    }
}
