//! Reads the keys of attempts: every key is named once a distinct text, an attempt is a few look-ups.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::{Attempt, Attempts};
use crate::domain::{fold, folded};
use crate::frame::{Code, Column, Device, Place, Time, parsed};

use super::breakdown::{Breakdown, Key, day};

/// Keys of attempts as they are read.
#[derive(Debug, Default)]
pub(super) struct ReadKeys {
    /// One column a breakdown; that of the detections holds codes of sets.
    pub(super) columns: [Vec<u32>; Breakdown::ALL.len()], // INVARIANT: each as long as the list of attempts.
    /// Sets of detections: sorted, each once.
    pub(super) detections: Vec<Vec<u32>>,
    /// Keys by code.
    pub(super) names: [Vec<Key>; Breakdown::ALL.len()],
    /// By code of the resource: whether low-privilege scopes map to it (APP-5).
    pub(super) low_privilege: Vec<bool>,
}

/// Resources that low-privilege scopes map to (APP-5).
const LOW_PRIVILEGE: [&str; 2] = ["00000003-0000-0000-c000-000000000000", "00000002-0000-0000-c000-000000000000"];

const MICROSECONDS_A_DAY: Time = 86_400_000_000;

/// What is not named yet.
const UNREAD: u32 = u32::MAX;

/// Gives codes to keys that are the same without regard to case; the first spelling is printed.
#[derive(Default)]
struct Namer {
    index: HashMap<String, u32, FxBuildHasher>,
    names: Vec<Key>,
}

impl Namer {
    fn code(&mut self, key: &str) -> u32 {
        let folded_key = fold(key);
        if let Some(code) = self.index.get(&*folded_key) {
            return *code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.index.insert(folded_key.into_owned(), code);
        self.names.push(Key { key: key.to_owned(), name: String::new() });
        code
    }

    fn is_unnamed(&self, code: u32) -> bool {
        self.names.get(code as usize).is_some_and(|key| key.name.is_empty())
    }

    fn name(&mut self, code: u32, name: &str) {
        if let Some(key) = self.names.get_mut(code as usize) {
            name.clone_into(&mut key.name);
        }
    }
}

/// Keys of a breakdown that is a column of the frame, or part of one.
struct ByText<'a> {
    attempts: &'a Attempts,
    namer: Namer,
    column: Column,
    /// Keys by code of the column, where they are not its texts.
    keys: Option<Vec<String>>,
    /// The column that names what the key stands for.
    name: Option<Column>,
    known: Vec<u32>,
}

impl<'a> ByText<'a> {
    fn new(attempts: &'a Attempts, column: Column) -> ByText<'a> {
        let known = vec![UNREAD; attempts.frame.dictionary(column).len()];
        ByText { attempts, namer: Namer::default(), column, keys: None, name: None, known }
    }

    fn named(attempts: &'a Attempts, column: Column, name: Column) -> ByText<'a> {
        ByText { name: Some(name), ..ByText::new(attempts, column) }
    }

    fn part(attempts: &'a Attempts, column: Column, read: fn(&str) -> Option<String>) -> ByText<'a> {
        let keys = attempts.frame.dictionary(column).iter().map(|text| read(text).unwrap_or_default()).collect();
        ByText { keys: Some(keys), ..ByText::new(attempts, column) }
    }

    fn code(&mut self, attempt: &Attempt) -> u32 {
        let code = self.attempts.code(attempt, self.column);
        let known = match self.known.get(code as usize).copied() {
            Some(known) if known != UNREAD => known,
            _ => self.read(code),
        };
        self.names(attempt, known)
    }

    fn read(&mut self, code: Code) -> u32 {
        let texts = self.attempts.frame.dictionary(self.column);
        let key = match &self.keys {
            Some(keys) => keys.get(code as usize).map_or("", String::as_str),
            None => texts.text(code),
        };
        let read = self.namer.code(key);
        if let Some(known) = self.known.get_mut(code as usize) {
            *known = read;
        }
        read
    }

    /// The first name that is recorded beside a key is printed.
    fn names(&mut self, attempt: &Attempt, key: u32) -> u32 {
        if let Some(column) = self.name
            && self.namer.is_unnamed(key)
            && let Some(name) = self.attempts.text(attempt, column)
        {
            self.namer.name(key, name);
        }
        key
    }
}

/// Keys of a breakdown by time.
struct ByTime {
    namer: Namer,
    unit: Time,
    word: fn(Time) -> String,
    last: Option<(Time, u32)>,
}

impl ByTime {
    fn new(unit: Time, word: fn(Time) -> String) -> ByTime {
        ByTime { namer: Namer::default(), unit, word, last: None }
    }

    /// Attempts are in the order of time: mostly it is the same unit again.
    fn code(&mut self, time: Time) -> u32 {
        let unit = time.div_euclid(self.unit);
        match self.last {
            Some((last, code)) if last == unit => code,
            _ => {
                let code = self.namer.code(&(self.word)(time));
                self.last = Some((unit, code));
                code
            }
        }
    }
}

/// Reads the keys of every attempt from its terminal row.
pub(super) fn read(attempts: &Attempts) -> ReadKeys {
    let frame = &attempts.frame;
    let mut user = ByText::named(attempts, Column::UserId, Column::UserPrincipalName);
    let mut application = ByText::named(attempts, Column::AppId, Column::AppDisplayName);
    let mut resource = ByText::named(attempts, Column::ResourceId, Column::ResourceDisplayName);
    let mut country = ByText::part(attempts, Column::Location, |text| parsed::<Place>(text).country_or_region);
    let mut client = ByText::new(attempts, Column::ClientAppUsed);
    let mut system = ByText::part(attempts, Column::DeviceDetail, |text| parsed::<Device>(text).operating_system);
    let (mut by_day, mut by_hour) = (ByTime::new(MICROSECONDS_A_DAY, day), ByTime::new(3_600_000_000, hour_of_week));
    let (mut detection, mut sets) = (Namer::default(), Vec::new());
    let mut set_of = vec![UNREAD; frame.dictionary(Column::RiskEventTypes).len()];
    let mut columns: [Vec<u32>; Breakdown::ALL.len()] =
        std::array::from_fn(|_| Vec::with_capacity(attempts.list.len()));
    for attempt in &attempts.list {
        let time = attempts.created(attempt);
        // The detections of a row are one text: its code is as good as those that it lists.
        let code = attempts.code(attempt, Column::RiskEventTypes);
        let set = match set_of.get_mut(code as usize) {
            Some(set) if *set != UNREAD => *set,
            known => {
                let listed: Vec<String> = parsed(frame.dictionary(Column::RiskEventTypes).text(code));
                let mut found: Vec<u32> = listed.iter().map(|name| detection.code(name)).collect();
                found.sort_unstable();
                found.dedup();
                sets.push(found);
                let set = u32::try_from(sets.len() - 1).unwrap_or(UNREAD);
                if let Some(known) = known {
                    *known = set;
                }
                set
            }
        };
        let row = [
            match attempts.text(attempt, Column::UserId) {
                Some(_) => user.code(attempt),
                // A row without a user id is a person of its own (C3): its row id tells it from the others.
                None => {
                    let id = attempts.text(attempt, Column::Id).unwrap_or("");
                    let unnamed = user.namer.code(&format!("row {id}"));
                    user.names(attempt, unnamed)
                }
            },
            application.code(attempt),
            resource.code(attempt),
            country.code(attempt),
            client.code(attempt),
            system.code(attempt),
            set,
            by_day.code(time),
            by_hour.code(time),
        ];
        for (column, code) in columns.iter_mut().zip(row) {
            column.push(code);
        }
    }
    let namers = [
        user.namer,
        application.namer,
        resource.namer,
        country.namer,
        client.namer,
        system.namer,
        detection,
        by_day.namer,
        by_hour.namer,
    ];
    let names = namers.map(|namer| namer.names);
    let [_, _, resources, ..] = &names;
    let low_privilege = resources.iter().map(|one| LOW_PRIVILEGE.contains(&folded(&one.key).as_str())).collect();
    ReadKeys { columns, detections: sets, names, low_privilege }
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
