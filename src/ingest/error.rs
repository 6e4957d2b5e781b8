//! Why there can be no frame at all. What is wrong with single records is a diagnostic.

use std::io;

use thiserror::Error;

use crate::diagnostic::Diagnostics;

/// Why logs cannot be used: `place: error: message`, and a line of help.
#[derive(Debug, Error)]
pub enum IngestError {
    /// Nothing of this name.
    #[error("no such file or folder")]
    NotFound {
        /// As typed.
        path: String,
    },
    /// A folder or a pattern that gives no file.
    #[error("no file here")]
    NoFiles {
        /// As typed.
        path: String,
    },
    /// The operating system said no.
    #[error("cannot be read: {source}")]
    Unreadable {
        /// As typed, plus what a folder adds.
        path: String,
        /// Its reason.
        source: io::Error,
    },
    /// A file without a single character.
    #[error("the file is empty")]
    Empty {
        /// As typed.
        path: String,
    },
    /// A file that holds something else, which we recognise.
    #[error("this file holds {what}, not sign-ins")]
    SomethingElse {
        /// As typed.
        path: String,
        /// What it holds.
        what: String,
    },
    /// A file that we do not recognise.
    #[error("not a sign-in export that this program knows: {looks}")]
    Unknown {
        /// As typed.
        path: String,
        /// How it begins.
        looks: String,
    },
    /// JSON that breaks off or is none.
    #[error("{reason}; nothing of this file was used")]
    Broken {
        /// As typed, plus what a folder adds.
        path: String,
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What the reader of JSON says.
        reason: String,
    },
    /// A packed file that cannot be unpacked.
    #[error("{reason}; nothing of this file was used")]
    Packed {
        /// As typed, plus what a folder or an archive adds.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A packed file that holds more than the limits allow.
    #[error("{packed} packed bytes hold more than {allowed}; nothing of this file was used")]
    TooLarge {
        /// As typed, plus what a folder adds.
        path: String,
        /// Its own size.
        packed: u64,
        /// The bytes that it may come to.
        allowed: u64,
    },
    /// An archive with a name that leads out of it.
    #[error("the archive holds a path that leads out of it: `{name}`")]
    Climbs {
        /// As typed, plus what a folder adds.
        path: String,
        /// The name.
        name: String,
    },
    /// A file of canonical columns that says something no reader of exports would.
    #[error("{reason}; nothing of this file was used")]
    NotCanonical {
        /// As typed, plus what a folder adds.
        path: String,
        /// What is wrong, and where.
        reason: String,
    },
    /// Dates like `1/9/2026`, and nothing in the file that says which number is the month.
    #[error("dates like `{example}` can be read in two ways")]
    AmbiguousDates {
        /// As typed, plus what a folder adds.
        path: String,
        /// One of them.
        example: String,
    },
    /// Times of the zone that somebody's browser was in, which the file does not tell.
    #[error("times are in the zone `{zone}`, and nothing says how far that is from UTC")]
    LocalTimes {
        /// As typed, plus what a folder adds.
        path: String,
        /// What the column's label says.
        zone: String,
    },
    /// Dates that need both orders.
    #[error("in dates like `{month_first}` the month comes first, in dates like `{day_first}` the day")]
    MixedDates {
        /// As typed, plus what a folder adds.
        path: String,
        /// A date that can only be month first.
        month_first: String,
        /// A date that can only be day first.
        day_first: String,
    },
    /// Dates that show their order too late: times of delivery were read the other way, and handed on.
    #[error("only far into the file do dates like `{example}` show that the day comes first")]
    LateDates {
        /// As typed, plus what a folder adds.
        path: String,
        /// The first date that tells.
        example: String,
    },
    /// More bad records than allowed.
    #[error("{bad} of {records} records cannot be used, more than {allowed}; the first: {reason}")]
    TooManyBadRows {
        /// `path:row` of the first one.
        place: String,
        /// How many.
        bad: u64,
        /// Of how many.
        records: u64,
        /// What is allowed, in words.
        allowed: String,
        /// What is wrong with the first one.
        reason: String,
    },
    /// Several inputs that cannot be used, each for its own reason.
    #[error("{} inputs cannot be used", errors.len())]
    Several {
        /// INVARIANT: more than one, none of them several.
        errors: Vec<IngestError>,
    },
    /// Rows that memory may not hold cannot be written to temporary files, or read back.
    #[error("temporary files cannot be written or read: {reason}")]
    Spill {
        /// The folder of the temporary files.
        folder: String,
        /// What is wrong.
        reason: String,
    },
    /// Nothing but files that are no sign-in exports.
    #[error("no sign-in export among these files")]
    NothingRecognised {
        /// All that was typed.
        path: String,
        /// A line for each file that was left out.
        skipped: Diagnostics,
    },
}

impl IngestError {
    /// One error of what went wrong, or each of several.
    ///
    /// # Errors
    ///
    /// If anything went wrong at all.
    pub(crate) fn none_of(mut errors: Vec<IngestError>) -> Result<(), IngestError> {
        match (errors.pop(), errors.is_empty()) {
            (None, _) => Ok(()),
            (Some(only), true) => Err(only),
            (Some(last), false) => {
                errors.push(last);
                Err(IngestError::Several { errors })
            }
        }
    }

    /// Each thing that went wrong, for a line of its own.
    #[must_use]
    pub fn each(&self) -> Vec<&IngestError> {
        match self {
            IngestError::Several { errors } => errors.iter().collect(),
            one => vec![one],
        }
    }

    /// Where: a path as typed, with line and column if known.
    #[must_use]
    pub fn place(&self) -> String {
        match self {
            IngestError::Broken { path, line, column, .. } => format!("{path}:{line}:{column}"),
            IngestError::TooManyBadRows { place, .. } => place.clone(),
            IngestError::NotFound { path }
            | IngestError::NoFiles { path }
            | IngestError::Unreadable { path, .. }
            | IngestError::Empty { path }
            | IngestError::SomethingElse { path, .. }
            | IngestError::Unknown { path, .. }
            | IngestError::Packed { path, .. }
            | IngestError::TooLarge { path, .. }
            | IngestError::Climbs { path, .. }
            | IngestError::NotCanonical { path, .. }
            | IngestError::AmbiguousDates { path, .. }
            | IngestError::MixedDates { path, .. }
            | IngestError::LateDates { path, .. }
            | IngestError::LocalTimes { path, .. }
            | IngestError::NothingRecognised { path, .. } => path.clone(),
            IngestError::Spill { folder, .. } => folder.clone(),
            IngestError::Several { errors } => errors.iter().map(IngestError::place).collect::<Vec<_>>().join(", "),
        }
    }

    /// What to do about it, in one line.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            IngestError::Several { .. } => "each has a line of its own",
            IngestError::NotFound { .. } => "check the spelling; a pattern such as `logs/*.json` works too",
            IngestError::NoFiles { .. } => "name a folder or a pattern with exported sign-in logs in it",
            IngestError::Unreadable { .. } => "check that the file may be read",
            IngestError::Empty { .. } => "export it again; an export without rows still has a header or brackets",
            IngestError::SomethingElse { .. } => {
                "export the sign-in logs: Entra admin center, Graph `auditLogs/signIns`, diagnostic settings, or Log Analytics"
            }
            IngestError::Unknown { .. } => {
                "give sign-ins from the Entra admin center, Graph, diagnostic settings, Log Analytics or Defender, packed or not; `--separator` for a CSV file with an odd one"
            }
            IngestError::Broken { reason, .. } if reason.contains("breaks off") => {
                "a download that was cut off ends like this: export it again"
            }
            IngestError::Broken { .. } => "mend the file at this place, or export it again",
            IngestError::Packed { reason, .. } if reason.contains("breaks off") => {
                "a download that was cut off ends like this: get it again"
            }
            IngestError::Packed { .. } => "unpack it with another program, and give the files in it",
            IngestError::TooLarge { .. } => {
                "if you trust it, `--max-unpacked` allows more, such as `--max-unpacked 40GiB`"
            }
            IngestError::Spill { .. } => {
                "free space there, set `TMPDIR` to a folder with more, or give more `--memory`"
            }
            IngestError::Climbs { .. } => "no exporter writes such names: find out where the archive is from",
            IngestError::NotCanonical { .. } => {
                "convert the export again; do not change the columns of the converted file"
            }
            IngestError::AmbiguousDates { .. } => "say which: `--dates month-first` or `--dates day-first`",
            IngestError::LocalTimes { .. } => "set the time zone of Log Analytics to UTC and export again",
            IngestError::MixedDates { .. } => "export again without changing the dates, or split the file in two",
            IngestError::LateDates { .. } => "say so: `--dates day-first`",
            IngestError::TooManyBadRows { .. } => "`--max-bad-rows` allows more, as a number or a share such as `5%`",
            IngestError::NothingRecognised { .. } => {
                "give exports of sign-in logs; each file that was skipped has a line of its own"
            }
        }
    }
}
