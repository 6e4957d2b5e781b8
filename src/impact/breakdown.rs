//! Who and what is touched most: counts by person, application, country, client, day, hour, …

use std::collections::BTreeMap;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::Attempts;
use crate::domain::{Effect, Verdict, folded};
use crate::frame::{Column, Device, Place, Time, parsed};

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
        if !name.is_empty() && (self.name.is_empty() || (named, name) < (self.since.1, self.name.as_str())) {
            name.clone_into(&mut self.name);
            self.since.1 = named;
        }
    }

    pub(super) fn also(&mut self, other: &Key) {
        self.met(&other.key, &other.name, other.since);
    }
}

/// Codes of every attempt for every breakdown, made once.
#[derive(Debug)]
pub struct Keys {
    of_attempt: Vec<[u32; Breakdown::ALL.len() - 1]>,
    detections: Vec<Vec<u32>>,
    names: [Vec<Key>; Breakdown::ALL.len()],
    low_privilege: Vec<bool>,
}

/// Resources that low-privilege scopes map to (APP-5).
const LOW_PRIVILEGE: [&str; 2] = ["00000003-0000-0000-c000-000000000000", "00000002-0000-0000-c000-000000000000"];

/// Gives codes to keys that are the same without regard to case; the first spelling is printed.
#[derive(Default)]
struct Namer {
    index: HashMap<String, u32, FxBuildHasher>,
    names: Vec<Key>,
}

impl Namer {
    fn code(&mut self, key: &str, name: &str, at: Time) -> u32 {
        let folded_key = folded(key);
        if let Some(code) = self.index.get(&folded_key) {
            if let Some(known) = self.names.get_mut(*code as usize) {
                known.met(key, name, (at, at));
            }
            return *code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.index.insert(folded_key, code);
        self.names.push(Key::new(key, name, at));
        code
    }
}

const MICROSECONDS_A_DAY: Time = 86_400_000_000;

/// A day as `YYYY-MM-DD`.
#[must_use]
pub fn day(time: Time) -> String {
    chrono::DateTime::from_timestamp_micros(time).map(|time| time.format("%Y-%m-%d").to_string()).unwrap_or_default()
}

impl Keys {
    /// Reads the keys of every attempt from its terminal row.
    #[must_use]
    pub fn read(attempts: &Attempts) -> Keys {
        let frame = &attempts.frame;
        let countries: Vec<String> = frame
            .dictionary(Column::Location)
            .iter()
            .map(|text| parsed::<Place>(text).country_or_region.unwrap_or_default())
            .collect();
        let systems: Vec<String> = frame
            .dictionary(Column::DeviceDetail)
            .iter()
            .map(|text| parsed::<Device>(text).operating_system.unwrap_or_default())
            .collect();
        let detections: Vec<Vec<String>> = frame.dictionary(Column::RiskEventTypes).iter().map(parsed).collect();
        let mut namers: [Namer; Breakdown::ALL.len()] = std::array::from_fn(|_| Namer::default());
        let mut keys = Keys {
            of_attempt: Vec::new(),
            detections: Vec::new(),
            names: Default::default(),
            low_privilege: Vec::new(),
        };
        for attempt in &attempts.list {
            let text = |column: Column| attempts.text(attempt, column).unwrap_or("");
            let by_code = |texts: &[String], column: Column| {
                texts.get(attempts.code(attempt, column) as usize).cloned().unwrap_or_default()
            };
            let time = attempts.created(attempt);
            let [user, application, resource, country, client, system, detection, by_day, by_hour] = &mut namers;
            // A row without a user id is a person of its own (C3): its row id tells it from the others.
            let unnamed = format!("row {}", text(Column::Id));
            let user_key = if text(Column::UserId).is_empty() { unnamed.as_str() } else { text(Column::UserId) };
            keys.of_attempt.push([
                user.code(user_key, text(Column::UserPrincipalName), time),
                application.code(text(Column::AppId), text(Column::AppDisplayName), time),
                resource.code(text(Column::ResourceId), text(Column::ResourceDisplayName), time),
                country.code(&by_code(&countries, Column::Location), "", time),
                client.code(text(Column::ClientAppUsed), "", time),
                system.code(&by_code(&systems, Column::DeviceDetail), "", time),
                by_day.code(&day(time), "", time),
                by_hour.code(&hour_of_week(time), "", time),
            ]);
            let mut found: Vec<u32> = detections
                .get(attempts.code(attempt, Column::RiskEventTypes) as usize)
                .into_iter()
                .flatten()
                .map(|name| detection.code(name, "", time))
                .collect();
            found.sort_unstable();
            found.dedup();
            keys.detections.push(found);
            keys.low_privilege.push(LOW_PRIVILEGE.contains(&folded(text(Column::ResourceId)).as_str()));
        }
        keys.names = namers.map(|namer| namer.names);
        keys
    }

    /// The names of a breakdown, by code.
    pub(super) fn names(&self, breakdown: Breakdown) -> &[Key] {
        self.names.get(breakdown as usize).map_or(&[], Vec::as_slice)
    }

    /// The key and name of a code.
    #[must_use]
    pub fn key(&self, breakdown: Breakdown, code: u32) -> Option<&Key> {
        self.names.get(breakdown as usize).and_then(|names| names.get(code as usize))
    }

    /// Whether the resource of an attempt is one that low-privilege scopes map to (APP-5).
    #[must_use]
    pub fn is_low_privilege_resource(&self, attempt: usize) -> bool {
        self.low_privilege.get(attempt) == Some(&true)
    }

    /// The codes of an attempt, each with its breakdown.
    fn codes(&self, attempt: usize) -> impl Iterator<Item = (Breakdown, u32)> {
        let single = Breakdown::ALL.into_iter().filter(|breakdown| *breakdown != Breakdown::RiskEventType);
        let codes = self.of_attempt.get(attempt).into_iter().flatten().copied();
        let detections = self.detections.get(attempt).into_iter().flatten().copied();
        single.zip(codes).chain(detections.map(|code| (Breakdown::RiskEventType, code)))
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

/// `Mon 00` … `Sun 23`, led by the day's number so that text order is the order of the week.
fn hour_of_week(time: Time) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    // 1970-01-01 was a Thursday.
    let days = time.div_euclid(MICROSECONDS_A_DAY);
    let weekday = usize::try_from((days + 3).rem_euclid(7)).unwrap_or(0);
    let hour = time.rem_euclid(MICROSECONDS_A_DAY) / 3_600_000_000;
    format!("{} {} {hour:02}", weekday + 1, DAYS.get(weekday).copied().unwrap_or(""))
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
