//! Records become rows of one file's frame; what cannot be used is counted with its first place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::mem;

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use super::date::{self, DateOrder};
use super::documents;
use super::evidence::Evidence;
use super::format::{Format, Holds};
use super::record::{Cell, Fields, Member};
use super::row::Rows;
use super::scan::{Cursor, Keys, Walker};
use super::spelling;
use crate::frame::{Column, FrameBuilder, NOT_RECORDED, Time};

/// How one file is read.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    pub(crate) format: &'static Format,
    pub(crate) order: DateOrder,
    /// What the name of the file, or its format, says about all rows.
    pub(crate) event_type: Option<&'static str>,
    /// Whether the file is a table about people without a column for devices: then whether a device is registered is
    /// not known, where an empty cell would say that it is not (DEV-5).
    pub(crate) lacks_devices: bool,
    /// What rows without an id are called by, with their number; nothing where a row without an id is a bad row.
    pub(crate) name_of_rows: Option<String>,
    /// Whether only the dates are looked at, to see in which order day and month are: no row is made.
    pub(crate) only_dates: bool,
}

/// Why a record cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    NoJson,
    NoObject,
    Cells,
    TooLong,
    Contradiction,
    Stranger,
    NoId,
    NoTime,
    UnreadableTime,
    NoRequest,
}

/// A longer record is no sign-in: the largest real ones, with results of hundreds of policies, have some hundred
/// thousand bytes.
pub(crate) const LONGEST: usize = 16 << 20;

impl Flaw {
    /// What is wrong, as a diagnostic says it.
    pub(crate) fn message(self) -> &'static str {
        match self {
            Flaw::NoJson => "line that is not JSON",
            Flaw::NoObject => "value where a record should be",
            Flaw::Cells => "row with too few or too many cells",
            Flaw::TooLong => "record of more than 16 MiB",
            Flaw::Contradiction => "record that says the same thing twice, differently",
            Flaw::Stranger => "record of another format than the first one",
            Flaw::NoId => "record without an id",
            Flaw::NoTime => "record without a time",
            Flaw::UnreadableTime => "record with a time that cannot be read",
            Flaw::NoRequest => "record without the request that it is about",
        }
    }
}

/// How often something was met, and where and as what first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Met {
    pub(crate) count: u64,
    pub(crate) row: Option<u64>,
    pub(crate) example: String,
}

impl Met {
    fn again(&mut self, later: Met) {
        if self.count == 0 {
            *self = later;
        } else {
            self.count += later.count;
        }
    }
}

/// What the dates with slashes of a file show: an example of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Slashed {
    pub(crate) any: Option<String>,
    pub(crate) month_first: Option<String>,
    pub(crate) day_first: Option<String>,
}

impl Slashed {
    /// Adds what later dates show.
    pub(crate) fn add(&mut self, later: &Slashed) {
        let Slashed { any, month_first, day_first } = later;
        self.any = self.any.take().or_else(|| any.clone());
        self.month_first = self.month_first.take().or_else(|| month_first.clone());
        self.day_first = self.day_first.take().or_else(|| day_first.clone());
    }

    /// Whether some date shows an order.
    pub(crate) fn shows_order(&self) -> bool {
        self.month_first.is_some() || self.day_first.is_some()
    }
}

/// What a file's names stand for, by how they were written: looked up once for each spelling.
#[derive(Debug, Default)]
struct Names(HashMap<Box<str>, Option<Member>, FxBuildHasher>);

impl Names {
    /// Spellings that are remembered: more than any format has, few enough for a hostile file.
    const REMEMBERED: usize = 4096;

    fn member(&mut self, key: &str, look_up: impl Fn(&str) -> Option<Member>) -> Option<Member> {
        if let Some(member) = self.0.get(key) {
            return *member;
        }
        let member = look_up(&key.trim().to_lowercase());
        if self.0.len() < Names::REMEMBERED {
            self.0.insert(key.into(), member);
        }
        member
    }
}

/// The names of a format, for one file.
#[derive(Debug)]
pub(super) struct NamesOf {
    format: &'static Format,
    members: Names,
    properties: Names,
}

impl Keys for NamesOf {
    fn member(&mut self, key: &str) -> Option<Member> {
        self.members.member(key, |folded| self.format.member(folded))
    }

    fn property(&mut self, key: &str) -> Option<Member> {
        self.properties.member(key, |folded| self.format.property(folded))
    }
}

/// Takes the records of one file, or of one piece of it.
#[derive(Debug)]
pub(crate) struct Reader<'s> {
    settings: &'s Settings,
    pub(super) names: NamesOf,
    walker: Walker,
    made: Rows,
    /// The last record, emptied: its memory is used again.
    spare: Fields<'static>,
    pub(crate) builder: FrameBuilder,
    pub(crate) rows: u64,
    /// Rows that were given a name in place of an id.
    pub(crate) unnamed: u64,
    pub(crate) flaws: BTreeMap<Flaw, Met>,
    /// Records of categories and tables that are no sign-ins, by name.
    pub(crate) others: BTreeMap<String, Met>,
    /// What records said about the sign-ins of other files.
    pub(crate) evidence: Evidence,
    /// How many records that were.
    pub(crate) evidence_records: u64,
    /// Nested values of which only the name of their type is left.
    pub(crate) lost: Met,
    pub(crate) slashed: Slashed,
    /// A time of delivery was read in an order of day and month that the file has not shown.
    pub(crate) is_undecided: bool,
    /// Rows of earlier pieces of the same file: rows without an id are called by their number in the file.
    pub(crate) rows_before: u64,
    /// The export says itself that it is not complete.
    pub(crate) is_partial: bool,
    /// Whether the last page says that another one follows; nothing if there was no page.
    pub(crate) is_unfinished: Option<bool>,
}

impl<'s> Reader<'s> {
    pub(crate) fn new(settings: &'s Settings) -> Reader<'s> {
        Reader {
            settings,
            names: NamesOf { format: settings.format, members: Names::default(), properties: Names::default() },
            walker: Walker::default(),
            made: Rows::default(),
            spare: Fields::default(),
            builder: FrameBuilder::default(),
            rows: 0,
            unnamed: 0,
            flaws: BTreeMap::new(),
            others: BTreeMap::new(),
            evidence: Evidence::default(),
            evidence_records: 0,
            lost: Met::default(),
            slashed: Slashed::default(),
            is_undecided: false,
            rows_before: 0,
            is_partial: false,
            is_unfinished: None,
        }
    }

    /// An empty one for the same file.
    pub(crate) fn another(&self) -> Reader<'s> {
        Reader::new(self.settings)
    }

    /// The format that is read.
    pub(crate) fn format(&self) -> &'static Format {
        self.settings.format
    }

    /// How the file is read.
    pub(crate) fn settings(&self) -> &'s Settings {
        self.settings
    }

    /// What a name of a record stands for.
    pub(crate) fn member(&mut self, key: &str) -> Option<Member> {
        self.names.member(key)
    }

    /// What a name inside the envelope stands for.
    pub(crate) fn property(&mut self, key: &str) -> Option<Member> {
        self.names.property(key)
    }

    /// Reads the record that comes next and takes it, if it is an ordinary one that ends as it should; otherwise
    /// nothing is taken, and `serde_json` is to read it. `line` is asked as in [`Reader::take`].
    pub(crate) fn walk<'t>(
        &mut self,
        cursor: &mut Cursor<'t>,
        is_over: impl FnOnce(&mut Cursor<'t>) -> bool,
        line: impl FnOnce(&Fields<'_>) -> Option<u64>,
    ) -> bool {
        if self.walker.is_full() {
            self.forget_known();
        }
        let mut fields = mem::take(&mut self.spare).emptied();
        let is_walked = self.walker.record(cursor, &mut self.names, &mut fields).is_some() && is_over(cursor);
        let texts = fields.take_texts();
        let is_taken = if is_walked && texts.is_empty() {
            self.take(&fields, || line(&fields));
            true
        } else {
            is_walked && self.walk_texts(&fields, &texts, line)
        };
        self.spare = fields.emptied();
        is_taken
    }

    /// A record whose envelope holds the sign-in as text.
    fn walk_texts(
        &mut self,
        envelope: &Fields<'_>,
        texts: &[String],
        line: impl FnOnce(&Fields<'_>) -> Option<u64>,
    ) -> bool {
        let mut whole = envelope.clone();
        for text in texts {
            let mut inside = Fields::default();
            if self.walker.text_inside(text, &mut self.names, &mut inside).is_none() {
                return false;
            }
            whole.absorb(&inside);
        }
        self.take(&whole, || line(&whole));
        true
    }

    /// From here on the numbers of known values stand for others than before.
    pub(crate) fn forget_known(&mut self) {
        self.walker.forget();
        self.made.forget_known();
    }

    /// Takes one record; `line` is asked only for the first one of its kind that cannot be used.
    pub(crate) fn take(&mut self, fields: &Fields<'_>, line: impl FnOnce() -> Option<u64>) {
        if !fields.get(Member::Stranger).is_missing() {
            return self.flaw(Flaw::Stranger, "", line);
        }
        if fields.is_contradicted() {
            return self.flaw(Flaw::Contradiction, "", line);
        }
        if fields.bytes() > LONGEST {
            return self.flaw(Flaw::TooLong, "", line);
        }
        match self.settings.format.holds {
            Holds::SignIns => {}
            Holds::Steps => return self.take_step(fields, line),
            Holds::Detections => return self.take_detection(fields),
        }
        match stream_of(fields) {
            Ok(stream_type) => self.take_sign_in(fields, stream_type, line),
            Err(name) if spelling::is_stream_of_detections(&name) => self.take_detection(fields),
            Err(name) => met(self.others.entry(name).or_default(), "", line),
        }
    }

    fn take_sign_in(
        &mut self,
        fields: &Fields<'_>,
        stream_type: Option<&'static str>,
        line: impl FnOnce() -> Option<u64>,
    ) {
        match self.times(fields) {
            Ok(_) if self.settings.only_dates => {}
            Ok((created, delivered)) => {
                let Settings { event_type, name_of_rows, .. } = self.settings;
                // A record that says its own type is believed; otherwise the file says it.
                let is_told = fields.get(Member::EventTypes).is_missing();
                let event_type = stream_type.or(event_type.filter(|_| is_told));
                let (mut codes, is_whole) = self.made.codes(fields, self.settings, event_type, &mut self.builder);
                self.rows += 1;
                if let (Some(code @ &mut NOT_RECORDED), Some(name)) = (codes.get_mut(Column::Id as usize), name_of_rows)
                {
                    *code = self.builder.intern(Column::Id, &format!("{name}#{}", self.rows_before + self.rows));
                    self.unnamed += 1;
                }
                self.builder.push_codes(created, delivered, &codes);
                if !is_whole {
                    met(&mut self.lost, "", line);
                }
            }
            Err((flaw, example)) => self.flaw(flaw, &example, line),
        }
    }

    fn take_step(&mut self, fields: &Fields<'_>, line: impl FnOnce() -> Option<u64>) {
        if let Some(time) = fields.get(Member::Created).text() {
            self.look_at_slashes(&time);
        }
        if self.evidence.add_step(fields, self.settings.order) {
            self.evidence_records += 1;
        } else {
            self.flaw(Flaw::NoRequest, "", line);
        }
    }

    fn take_detection(&mut self, fields: &Fields<'_>) {
        self.evidence.add_detection(fields);
        self.evidence_records += 1;
    }

    /// Counts something that cannot be used.
    pub(crate) fn flaw(&mut self, flaw: Flaw, example: &str, line: impl FnOnce() -> Option<u64>) {
        met(self.flaws.entry(flaw).or_default(), example, line);
    }

    /// Becomes what a text gave, or adds it to what others gave before.
    pub(crate) fn take_over(&mut self, read: Reader<'s>) {
        let is_untouched = self.rows == 0
            && self.flaws.is_empty()
            && self.others.is_empty()
            && self.evidence_records == 0
            && !self.is_partial
            && self.is_unfinished.is_none();
        if is_untouched {
            *self = read;
        } else {
            self.append(read);
        }
    }

    /// Adds what a later piece of the same file gave.
    pub(crate) fn append(&mut self, later: Reader<'_>) {
        let rows = self.absorb(later);
        self.builder.append(&rows.finish());
    }

    /// Adds what a later piece of the same file gave, but for its rows.
    pub(crate) fn absorb(&mut self, later: Reader<'_>) -> FrameBuilder {
        self.rows += later.rows;
        self.unnamed += later.unnamed;
        for (flaw, met) in later.flaws {
            self.flaws.entry(flaw).or_default().again(met);
        }
        for (name, met) in later.others {
            self.others.entry(name).or_default().again(met);
        }
        self.evidence.append(later.evidence);
        self.evidence_records += later.evidence_records;
        self.lost.again(later.lost);
        self.is_partial |= later.is_partial;
        self.is_unfinished = later.is_unfinished.or(self.is_unfinished);
        self.is_undecided |= later.is_undecided;
        self.slashed.add(&later.slashed);
        later.builder
    }

    /// Says of all places, which were counted from the beginning of a piece, where they are in the file.
    pub(crate) fn begin_at_line(&mut self, first_line: u64) {
        let mets = self.flaws.values_mut().chain(self.others.values_mut()).chain([&mut self.lost]);
        for row in mets.filter_map(|met| met.row.as_mut()) {
            *row += first_line.saturating_sub(1);
        }
    }

    /// When the sign-in was, and when this copy of it was delivered.
    fn times(&mut self, fields: &Fields<'_>) -> Result<(Time, Option<Time>), (Flaw, String)> {
        if fields.get(Member::Id).text().is_none() && self.settings.name_of_rows.is_none() {
            return Err((Flaw::NoId, String::new()));
        }
        let delivered = moment(fields.get(Member::Delivered));
        let Some(text) = moment(fields.get(Member::Created)).or_else(|| delivered.clone()) else {
            return Err((Flaw::NoTime, String::new()));
        };
        let is_ambiguous = |text: &str| date::plain(text).is_none() && date::ambiguous(text).is_some();
        self.is_undecided |= delivered.as_deref().is_some_and(is_ambiguous);
        let order = self.settings.order;
        let created = date::plain(&text).or_else(|| {
            self.look_at_slashes(&text);
            date::read(&text, order)
        });
        let Some(created) = created else { return Err((Flaw::UnreadableTime, text.into_owned())) };
        Ok((created, delivered.and_then(|text| date::read(&text, order))))
    }

    fn look_at_slashes(&mut self, text: &str) {
        let Some((first, second)) = date::ambiguous(text) else { return };
        let Slashed { any, month_first, day_first } = &mut self.slashed;
        any.get_or_insert_with(|| text.to_owned());
        if first > 12 && second <= 12 {
            day_first.get_or_insert_with(|| text.to_owned());
        } else if second > 12 && first <= 12 {
            month_first.get_or_insert_with(|| text.to_owned());
        }
    }
}

fn met(met: &mut Met, example: &str, line: impl FnOnce() -> Option<u64>) {
    if met.count == 0 {
        met.row = line();
        met.example = example.to_owned();
    }
    met.count += 1;
}

/// The event type that a record's table or category gives it; the name of a stream that holds no sign-ins.
fn stream_of(fields: &Fields<'_>) -> Result<Option<&'static str>, String> {
    let mut unknown = None;
    for member in [Member::Table, Member::Category] {
        if let Some(name) = fields.get(member).text() {
            if let Some(event_type) = spelling::event_type_of_stream(&name) {
                return Ok(Some(event_type));
            }
            unknown.get_or_insert(name.into_owned());
        }
    }
    unknown.map_or(Ok(None), Err)
}

/// The text of a time. Windows PowerShell sometimes wraps it: `{"value": "/Date(…)/", "DateTime": …}`.
fn moment<'a>(cell: Cell<'a>) -> Option<Cow<'a, str>> {
    cell.text().or_else(|| documents::member_text(&cell, "value").map(Cow::Owned))
}
