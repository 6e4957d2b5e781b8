//! Who and what is touched most: counts by person, application, country, client, day, hour, …

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::Attempts;
use crate::domain::folded;
use crate::frame::{Code, Column, Device, Place, Time, parsed};

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

/// The key of a thing, and the name that people know it by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Key {
    /// Id or text; empty when not recorded.
    pub key: String,
    /// Display name; empty when there is none besides the key.
    pub name: String,
}

/// Codes of every attempt for every breakdown, made once: a column each.
#[derive(Debug)]
pub struct Keys {
    columns: [Vec<u32>; Breakdown::ALL.len()], // INVARIANT: each as long as the list of attempts.
    /// The codes that each code of the column of [`Breakdown::RiskEventType`] stands for.
    detections: Vec<Vec<u32>>,
    names: [Vec<Key>; Breakdown::ALL.len()],
    low_privilege: Vec<bool>, // INVARIANT: as long as the names of resources.
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
    fn code(&mut self, key: &str, name: &str) -> u32 {
        let folded_key = folded(key);
        if let Some(code) = self.index.get(&folded_key) {
            if let Some(known) = self.names.get_mut(*code as usize)
                && known.name.is_empty()
            {
                name.clone_into(&mut known.name);
            }
            return *code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.index.insert(folded_key, code);
        self.names.push(Key { key: key.to_owned(), name: name.to_owned() });
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
        let mut columns: [Vec<u32>; Breakdown::ALL.len()] = Default::default();
        let (mut sets, mut set_of): (Vec<Vec<u32>>, HashMap<Code, u32, FxBuildHasher>) = Default::default();
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
            // The detections of a row are one text: its code is as good as those that it lists.
            let code = attempts.code(attempt, Column::RiskEventTypes);
            let set = *set_of.entry(code).or_insert_with(|| {
                let listed = detections.get(code as usize).into_iter().flatten();
                let mut found: Vec<u32> = listed.map(|name| detection.code(name, "")).collect();
                found.sort_unstable();
                found.dedup();
                sets.push(found);
                u32::try_from(sets.len() - 1).unwrap_or(u32::MAX)
            });
            let row = [
                user.code(user_key, text(Column::UserPrincipalName)),
                application.code(text(Column::AppId), text(Column::AppDisplayName)),
                resource.code(text(Column::ResourceId), text(Column::ResourceDisplayName)),
                country.code(&by_code(&countries, Column::Location), ""),
                client.code(text(Column::ClientAppUsed), ""),
                system.code(&by_code(&systems, Column::DeviceDetail), ""),
                set,
                by_day.code(&day(time), ""),
                by_hour.code(&hour_of_week(time), ""),
            ];
            for (column, code) in columns.iter_mut().zip(row) {
                column.push(code);
            }
        }
        let names = namers.map(|namer| namer.names);
        let [_, _, resources, ..] = &names;
        let low_privilege = resources.iter().map(|one| LOW_PRIVILEGE.contains(&folded(&one.key).as_str())).collect();
        Keys { columns, detections: sets, names, low_privilege }
    }

    /// The key and name of a code.
    #[must_use]
    pub fn key(&self, breakdown: Breakdown, code: u32) -> Option<&Key> {
        self.names.get(breakdown as usize).and_then(|names| names.get(code as usize))
    }

    /// How many keys a breakdown has.
    #[must_use]
    pub fn len(&self, breakdown: Breakdown) -> usize {
        self.names.get(breakdown as usize).map_or(0, Vec::len)
    }

    /// The codes of all attempts; of [`Breakdown::RiskEventType`] codes of sets ([`Keys::detections`]).
    #[must_use]
    pub fn codes(&self, breakdown: Breakdown) -> &[u32] {
        self.columns.get(breakdown as usize).map_or(&[], Vec::as_slice)
    }

    /// The sets of detections: sorted codes of [`Breakdown::RiskEventType`], each once.
    #[must_use]
    pub fn detections(&self) -> &[Vec<u32>] {
        &self.detections
    }

    /// Whether a resource, by its code, is one that low-privilege scopes map to (APP-5).
    #[must_use]
    pub fn low_privilege(&self) -> &[bool] {
        &self.low_privilege
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
