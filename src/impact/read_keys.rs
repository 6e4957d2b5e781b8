//! Reads the keys of attempts: every key is named once a distinct text, an attempt is a few look-ups.

use std::borrow::Cow;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::Attempts;
use crate::domain::fold;
use crate::frame::{Code, Column, Device, NOT_RECORDED, Place, SignInFrame, Time, parsed};

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

/// Gives codes to keys that are the same without regard to case.
#[derive(Default)]
struct Namer {
    index: HashMap<String, u32, FxBuildHasher>,
    names: Vec<Key>,
    /// Keys without a name.
    unnamed: usize,
}

impl Namer {
    fn code(&mut self, key: &str, at: Time) -> u32 {
        let folded_key = fold(key);
        if let Some(code) = self.index.get(&*folded_key) {
            if let Some(known) = self.names.get_mut(*code as usize) {
                known.met(key, "", (at, at));
            }
            return *code;
        }
        let code = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.index.insert(folded_key.into_owned(), code);
        self.names.push(Key::new(key, "", at));
        self.unnamed += 1;
        code
    }

    fn name(&mut self, code: u32, name: &str, at: Time) {
        if let Some(key) = self.names.get_mut(code as usize)
            && !name.is_empty()
        {
            self.unnamed -= usize::from(key.name.is_empty());
            key.named(name, at);
        }
    }
}

/// A breakdown: the code of each attempt, and the keys.
type Read = (Vec<u32>, Vec<Key>);

/// Terminal rows, of which keys are read.
struct Terminals<'a> {
    frame: &'a SignInFrame,
    rows: Vec<usize>,
}

impl<'a> Terminals<'a> {
    /// The codes of a column.
    fn codes(&self, column: Column) -> impl Iterator<Item = Code> {
        let codes = self.frame.codes(column);
        self.rows.iter().map(move |row| codes.get(*row).copied().unwrap_or(NOT_RECORDED))
    }

    fn time_of(&self, row: usize) -> Time {
        self.frame.created().get(row).copied().unwrap_or_default()
    }

    /// Asks once for each distinct code of a column, with the time of the first attempt that has it.
    fn once(&self, column: Column, mut read: impl FnMut(Code, Time) -> u32) -> Vec<u32> {
        let mut known = vec![UNREAD; self.frame.dictionary(column).len()];
        let of_code = |(code, row): (Code, &usize)| match known.get_mut(code as usize) {
            Some(known) if *known != UNREAD => *known,
            Some(free) => {
                *free = read(code, self.time_of(*row));
                *free
            }
            None => read(NOT_RECORDED, self.time_of(*row)),
        };
        self.codes(column).zip(&self.rows).map(of_code).collect()
    }

    /// Keys that are part of the texts of a column.
    fn part(&self, column: Column, part: fn(&'a str) -> Cow<'a, str>) -> Read {
        let (texts, mut namer) = (self.frame.dictionary(column), Namer::default());
        let codes = self.once(column, |code, at| namer.code(&part(texts.text(code)), at));
        (codes, namer.names)
    }

    /// Keys that are the texts of a column, with names of another one; `unrecorded` codes rows without a key.
    fn named(&self, column: Column, name: Column, unrecorded: impl Fn(&mut Namer, usize) -> u32) -> Read {
        let (texts, names) = (self.frame.dictionary(column), self.frame.dictionary(name));
        let mut namer = Namer::default();
        let mut known = vec![UNREAD; texts.len()];
        let mut before = None;
        let of_attempt = |((code, name), row): ((Code, Code), &usize)| {
            let at = self.time_of(*row);
            let key = match known.get_mut(code as usize) {
                _ if code == NOT_RECORDED => unrecorded(&mut namer, *row),
                Some(known) if *known != UNREAD => *known,
                free => {
                    let key = namer.code(texts.text(code), at);
                    if let Some(free) = free {
                        *free = key;
                    }
                    key
                }
            };
            // Of attempts at the same time any may tell the name.
            if namer.unnamed > 0 || before == Some(at) {
                namer.name(key, names.text(name), at);
            }
            before = Some(at);
            key
        };
        let codes = self.codes(column).zip(self.codes(name)).zip(&self.rows).map(of_attempt).collect();
        (codes, namer.names)
    }

    /// Keys that are stretches of time, of this length.
    fn time(&self, length: Time, word: fn(Time) -> String) -> Read {
        let mut namer = Namer::default();
        // Attempts are in the order of time: mostly it is the same stretch again.
        let mut last: Option<(Time, u32)> = None;
        let times = self.rows.iter().map(|row| self.time_of(*row));
        let of_time = |time: Time| {
            let stretch = time.div_euclid(length);
            match last {
                Some((known, code)) if known == stretch => code,
                _ => {
                    let code = namer.code(&word(time), time);
                    last = Some((stretch, code));
                    code
                }
            }
        };
        (times.map(of_time).collect(), namer.names)
    }

    /// Sets of detections: those of a row are one text, whose code is as good as those that it lists.
    fn sets(&self) -> (Vec<u32>, Vec<Vec<u32>>, Vec<Key>) {
        let (texts, mut namer, mut sets) =
            (self.frame.dictionary(Column::RiskEventTypes), Namer::default(), Vec::new());
        let codes = self.once(Column::RiskEventTypes, |code, at| {
            let listed: Vec<String> = parsed(texts.text(code));
            let mut found: Vec<u32> = listed.iter().map(|name| namer.code(name, at)).collect();
            found.sort_unstable();
            found.dedup();
            sets.push(found);
            u32::try_from(sets.len() - 1).unwrap_or(u32::MAX)
        });
        (codes, sets, namer.names)
    }
}

/// Reads the keys of every attempt from its terminal row.
pub(super) fn read(attempts: &Attempts) -> ReadKeys {
    let frame = &*attempts.frame;
    let terminals = Terminals { frame, rows: attempts.list.iter().map(|attempt| attempt.terminal).collect() };
    let user = terminals.named(Column::UserId, Column::UserPrincipalName, |namer, row| {
        // A row without a user id is a person of its own (C3): its row id tells it from the others.
        namer.code(&format!("row {}", frame.text(Column::Id, row).unwrap_or("")), terminals.time_of(row))
    });
    let nothing = |namer: &mut Namer, row| namer.code("", terminals.time_of(row));
    let application = terminals.named(Column::AppId, Column::AppDisplayName, nothing);
    let resource = terminals.named(Column::ResourceId, Column::ResourceDisplayName, nothing);
    let country = terminals
        .part(Column::Location, |text| Cow::Owned(parsed::<Place>(text).country_or_region.unwrap_or_default()));
    let client = terminals.part(Column::ClientAppUsed, Cow::Borrowed);
    let system = terminals
        .part(Column::DeviceDetail, |text| Cow::Owned(parsed::<Device>(text).operating_system.unwrap_or_default()));
    let (of_detections, detections, detection) = terminals.sets();
    let by_day = terminals.time(MICROSECONDS_A_DAY, day);
    let by_hour = terminals.time(3_600_000_000, hour_of_week);
    let is_low = |one: &Key| LOW_PRIVILEGE.contains(&&*fold(&one.key));
    let low_privilege = resource.1.iter().map(is_low).collect();
    // In the order of `Breakdown::ALL`.
    let all = [user, application, resource, country, client, system, (of_detections, detection), by_day, by_hour];
    let mut read = ReadKeys { detections, low_privilege, ..ReadKeys::default() };
    for ((columns, names), (codes, keys)) in read.columns.iter_mut().zip(&mut read.names).zip(all) {
        (*columns, *names) = (codes, keys);
    }
    read
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
