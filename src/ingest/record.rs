//! One record on its way into a row: its members, still in the text of the export.
//!
//! A container fills [`Fields`] with the help of a format's key table; nothing is decoded before
//! somebody asks, so members that no column reads cost nothing but their bytes.

use std::borrow::Cow;
use std::mem;

/// What a key or a column of an export stands for. Each format has a table from its names to these.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    /// A list of records: `value`, `records`.
    List,
    /// The result tables of a Log Analytics query.
    Tables,
    /// The sign-in inside the envelope of a diagnostic record.
    Properties,
    /// What went wrong beside a result: `PartialError`.
    Error,
    /// `@odata.nextLink`: another page follows this one.
    NextLink,
    // From here on each member has a cell in `Fields`.
    Id,
    Created,
    Delivered,
    Category,
    Table,
    CorrelationId,
    EnvelopeCorrelationId,
    OriginalRequestId,
    UserId,
    UserPrincipalName,
    UserType,
    CrossTenantAccessType,
    HomeTenantId,
    ResourceTenantId,
    AppId,
    AppDisplayName,
    ResourceId,
    ResourceDisplayName,
    ResourceOwnerTenantId,
    Audiences,
    ClientAppUsed,
    UserAgent,
    Device,
    DeviceId,
    OperatingSystem,
    Browser,
    IsCompliant,
    IsManaged,
    TrustType,
    Location,
    Country,
    IpAddress,
    CallerIpAddress,
    Networks,
    ThroughGlobalSecureAccess,
    EventTypes,
    IsInteractive,
    Status,
    ErrorCode,
    FailureReason,
    AdditionalDetails,
    StatusWord,
    ResultType,
    ResultSignature,
    ResultDescription,
    ConditionalAccessStatus,
    Policies,
    PoliciesV2,
    PoliciesOther,
    RiskLevelDuringSignIn,
    RiskLevelAggregated,
    RiskState,
    RiskDetail,
    RiskEventTypesV2,
    RiskEventTypes,
    AuthenticationRequirement,
    AuthenticationDetails,
    AuthenticationContexts,
    AuthenticationProtocol,
    OriginalTransferMethod,
    IncomingTokenType,
    SessionId,
    TokenIssuerType,
    TokenProtectionDetails,
    TokenProtection,
    ServicePrincipalId,
    /// What no record of this format has: it is of another format than the file's first one.
    Stranger,
    State,
    City,
    DeviceName,
    IsGuest,
    // What companion files say about sign-ins of other files.
    RequestId,
    DetectedLevel,
    DetectionTiming,
    StepMethod,
    StepDetail,
    StepSucceeded,
    StepResult,
    StepRequirement,
}

const MEMBERS: usize = Member::StepRequirement as usize + 1;

impl Member {
    /// Whether it is a value of a record, and not something around or inside of one.
    pub(crate) fn has_cell(self) -> bool {
        self as usize > Member::NextLink as usize
    }
}

/// A raw value that the walker has met before under the same key; [`Known::NOT`] for every other one.
///
/// Equal numbers stand for equal text under one key, for as long as the walker remembers: what was once made of such
/// a value need not be made again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Known(u32);

impl Known {
    /// A value that nobody remembers.
    pub(crate) const NOT: Known = Known(0);

    /// The first one, the second one, … counted from 1.
    pub(crate) fn new(number: u32) -> Known {
        Known(number)
    }

    /// Its number, if it is known.
    pub(crate) fn number(self) -> Option<usize> {
        (self != Known::NOT).then_some(self.0 as usize)
    }
}

/// The value of a member as the export wrote it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Cell<'a> {
    /// The export says nothing, or says so with an empty text or `null`.
    #[default]
    Missing,
    /// A JSON value, as JSON.
    Json(&'a str),
    /// Plain text: the cell of a CSV file, trimmed and not empty.
    Text(&'a str),
}

impl<'a> Cell<'a> {
    /// A JSON value; `null` and the empty text are missing (FLD-1).
    pub(crate) fn json(raw: &'a str) -> Cell<'a> {
        if raw == "null" || raw == "\"\"" { Cell::Missing } else { Cell::Json(raw) }
    }

    /// The cell of a CSV file; fillers are missing (trap 8).
    pub(crate) fn plain(text: &'a str) -> Cell<'a> {
        let text = trimmed(text);
        // Some producers guard cells that a spreadsheet would take for a formula.
        let text = match text.strip_prefix('\'') {
            Some(guarded) if guarded.starts_with(['=', '+', '-', '@']) => guarded,
            Some(_) | None => text,
        };
        if is_filler(text) { Cell::Missing } else { Cell::Text(text) }
    }

    /// Whether the export says nothing.
    pub(crate) fn is_missing(self) -> bool {
        matches!(self, Cell::Missing)
    }

    /// The value as it stands in the export: equal values have equal text.
    pub(crate) fn raw(self) -> &'a str {
        match self {
            Cell::Missing => "",
            Cell::Json(text) | Cell::Text(text) => text,
        }
    }

    /// A text, a number or a truth value as trimmed text; objects, lists and empty text are missing.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        let text = match self {
            Cell::Missing => return None,
            // Trimmed, and no filler.
            Cell::Text(text) => return Some(Cow::Borrowed(text)),
            Cell::Json(raw) => match raw.as_bytes().first() {
                Some(b'"') => unquoted(raw),
                Some(b'{' | b'[' | b'n') | None => return None,
                Some(_) => Cow::Borrowed(raw),
            },
        };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(trimmed(text)),
            Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        (!is_filler(&text)).then_some(text)
    }

    /// An object or a list as JSON, also where the export wrote it as text (FLD-1).
    pub(crate) fn document(self) -> Option<Cow<'a, str>> {
        let text = match self {
            Cell::Missing => return None,
            Cell::Text(text) => Cow::Borrowed(text.trim_start()),
            Cell::Json(raw) if raw.starts_with('"') => unquoted(raw),
            Cell::Json(raw) => Cow::Borrowed(raw),
        };
        text.trim_start().starts_with(['{', '[']).then_some(text)
    }

    /// A truth value, however it is spelled (trap 6).
    pub(crate) fn flag(self) -> Option<bool> {
        spelled_flag(&self.text()?)
    }

    /// A whole number.
    pub(crate) fn integer(self) -> Option<i64> {
        self.text()?.parse().ok()
    }
}

/// [`str::trim`], for texts that mostly have nothing to trim.
fn trimmed(text: &str) -> &str {
    match text.as_bytes() {
        [b'!'..=b'~', .., b'!'..=b'~'] => text,
        _ => text.trim(),
    }
}

/// Whether a trimmed text only fills its place (trap 8).
pub(crate) fn is_filler(text: &str) -> bool {
    // The longest filler has four bytes.
    text.len() <= 4 && (matches!(text, "" | "-" | "--" | "–" | "—" | "null") || text.eq_ignore_ascii_case("n/a"))
}

/// `true`, `TRUE`, `Yes`, `1` and their opposites.
pub(crate) fn spelled_flag(text: &str) -> Option<bool> {
    const YES: [&str; 3] = ["true", "yes", "1"];
    const NO: [&str; 3] = ["false", "no", "0"];
    let text = text.trim();
    if YES.iter().any(|yes| text.eq_ignore_ascii_case(yes)) {
        Some(true)
    } else {
        NO.iter().any(|no| text.eq_ignore_ascii_case(no)).then_some(false)
    }
}

/// The text that a JSON string stands for.
pub(crate) fn unquoted(raw: &str) -> Cow<'_, str> {
    let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')).unwrap_or(raw);
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Cow::Borrowed(inner);
    }
    // A lone half of a surrogate pair is no text; such a name is kept as it was written.
    serde_json::from_str::<String>(raw).map_or(Cow::Borrowed(inner), Cow::Owned)
}

/// One member of a record.
#[derive(Clone, Copy, Debug, Default)]
struct Entry<'a> {
    cell: Cell<'a>,
    known: Known,
}

/// The members of one record: only those that it says something about take any room.
#[derive(Clone, Debug)]
pub(crate) struct Fields<'a> {
    /// For each member the number of its entry, counted from 1; 0 where nothing is said.
    places: [u8; MEMBERS],
    entries: Vec<Entry<'a>>,
    /// Members that are written as the text of an object, not yet read.
    texts: Vec<String>,
    anchor: Option<usize>,
    /// A member was said twice, differently: nobody knows which of the two holds (formats, trap 19).
    is_contradicted: bool,
}

impl Default for Fields<'_> {
    fn default() -> Self {
        Fields { places: [0; MEMBERS], entries: Vec::new(), texts: Vec::new(), anchor: None, is_contradicted: false }
    }
}

impl<'a> Fields<'a> {
    /// Records a member. Saying nothing takes nothing back.
    pub(crate) fn set(&mut self, member: Member, cell: Cell<'a>) {
        self.set_known(member, cell, Known::NOT);
    }

    /// Records a member whose value may be one that was met before.
    pub(crate) fn set_known(&mut self, member: Member, cell: Cell<'a>, known: Known) {
        let Some(place) = self.places.get_mut(member as usize).filter(|_| !cell.is_missing()) else { return };
        let entry = Entry { cell, known };
        match usize::from(*place).checked_sub(1).and_then(|place| self.entries.get_mut(place)) {
            Some(before) => {
                self.is_contradicted |= before.cell.raw() != cell.raw();
                *before = entry;
            }
            None => {
                self.entries.push(entry);
                *place = u8::try_from(self.entries.len()).unwrap_or_default();
            }
        }
    }

    /// Whether a member was said twice, differently.
    pub(crate) fn is_contradicted(&self) -> bool {
        self.is_contradicted
    }

    /// How many bytes of the export the record's members take.
    pub(crate) fn bytes(&self) -> usize {
        self.entries.iter().map(|entry| entry.cell.raw().len()).sum()
    }

    /// Remembers where in the file's text this record is.
    pub(crate) fn anchor_at(&mut self, piece: &str) {
        self.anchor.get_or_insert(piece.as_ptr().addr());
    }

    /// The line of `text`, counted from 1, on which this record was met.
    pub(crate) fn line_in(&self, text: &str) -> Option<u64> {
        let before = text.as_bytes().get(..self.anchor?.checked_sub(text.as_ptr().addr())?)?;
        Some(1 + memchr::memchr_iter(b'\n', before).count() as u64)
    }

    /// All members as they stand in the text.
    #[cfg(test)]
    pub(crate) fn all(&self) -> Vec<&'a str> {
        self.places.iter().map(|place| self.entry(*place).cell.raw()).collect()
    }

    /// The value of a member.
    pub(crate) fn get(&self, member: Member) -> Cell<'a> {
        self.find(member).0
    }

    /// The value of a member, and whether it was met before.
    pub(crate) fn find(&self, member: Member) -> (Cell<'a>, Known) {
        let Entry { cell, known } = self.entry(self.places.get(member as usize).copied().unwrap_or_default());
        (cell, known)
    }

    fn entry(&self, place: u8) -> Entry<'a> {
        usize::from(place).checked_sub(1).and_then(|place| self.entries.get(place)).copied().unwrap_or_default()
    }

    /// Keeps the text of an object whose members are members of this record.
    pub(crate) fn keep_text(&mut self, text: String) {
        self.texts.push(text);
    }

    /// The texts that were kept.
    pub(crate) fn take_texts(&mut self) -> Vec<String> {
        mem::take(&mut self.texts)
    }

    /// Takes over the members that another text says, which lives as long as what borrows from both.
    pub(crate) fn absorb(&mut self, other: &Fields<'a>) {
        self.is_contradicted |= other.is_contradicted;
        for (place, theirs) in self.places.iter_mut().zip(other.places) {
            let Some(entry) = usize::from(theirs).checked_sub(1).and_then(|place| other.entries.get(place)) else {
                continue;
            };
            match usize::from(*place).checked_sub(1).and_then(|place| self.entries.get_mut(place)) {
                Some(before) => {
                    self.is_contradicted |= before.cell.raw() != entry.cell.raw();
                    *before = *entry;
                }
                None => {
                    self.entries.push(*entry);
                    *place = u8::try_from(self.entries.len()).unwrap_or_default();
                }
            }
        }
    }

    /// Empties a record, so that the next one needs no memory of its own.
    pub(crate) fn emptied<'b>(self) -> Fields<'b> {
        let Fields { mut places, mut entries, .. } = self;
        places.fill(0);
        entries.clear();
        // Nothing is collected, so nothing of the old text is left; the memory is the same.
        let entries = entries.into_iter().map(|_| Entry::default()).collect();
        Fields { places, entries, texts: Vec::new(), anchor: None, is_contradicted: false }
    }
}

#[cfg(test)]
mod tests {
    use super::Cell;

    #[test]
    fn a_cell_is_decoded_as_what_it_is_asked_for() {
        assert_eq!(Cell::json(r#""  a\u0041 ""#).text().as_deref(), Some("aA"));
        assert_eq!(Cell::json("50126").integer(), Some(50126));
        assert_eq!(Cell::json(r#""{\"a\":1}""#).document().as_deref(), Some(r#"{"a":1}"#));
        assert_eq!(Cell::json(r#""Microsoft.Graph.Model""#).document(), None);
        assert_eq!(Cell::json("null").text(), None);
        assert_eq!(Cell::json(r#"" ""#).text(), None);
        assert_eq!(Cell::plain("TRUE").flag(), Some(true));
        assert_eq!(Cell::plain(" - ").text(), None);
        assert_eq!(Cell::plain("'-Ab").text().as_deref(), Some("-Ab"));
    }
}
