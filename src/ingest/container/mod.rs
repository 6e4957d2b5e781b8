//! From text to records, whatever format the records have: JSON documents, JSON lines, CSV.

mod csv;
mod elements;
mod json;
mod kept;
mod ndjson;
mod peek;
mod rows;

pub(crate) use csv::{Met, Table, header as csv_header, is_header_whole, read as read_csv, read_rows};
pub(crate) use elements::{Nesting, likely_record};
pub(crate) use json::{Broken, read as read_json};
#[cfg(test)]
pub(crate) use json::{read_plainly as read_json_plainly, record as read_record};
#[cfg(test)]
pub(crate) use ndjson::read_line as read_line_plainly;
pub(crate) use ndjson::{read as read_ndjson, read_piece as read_lines};
pub(crate) use peek::{SAMPLE, head, record_head};

/// How records lie in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// JSON documents: pages, lists, batches, single records, one after the other.
    Json,
    /// One record a line.
    Ndjson,
    /// A header and rows.
    Csv,
}

/// How a file begins: all that formats are recognised by.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) shape: Shape,
    /// Names of the first record's members or of the columns; of a page without records its own.
    pub(crate) keys: Vec<String>,
    /// Names inside the first record's `properties`.
    pub(crate) inner: Vec<String>,
    /// Whether the first record lies in a list, alone or inside an envelope.
    pub(crate) is_wrapped: bool,
    /// Whether the file is the result of a query: tables with columns and rows.
    pub(crate) is_tables: bool,
    /// Whether there is a list without a record in it.
    pub(crate) is_empty_list: bool,
    /// `category` of the first record.
    pub(crate) category: Option<String>,
    /// `@odata.context` of a page.
    pub(crate) context: Option<String>,
    /// What a column says about the time zone of its dates: `UTC` in `TimeGenerated [UTC]`.
    pub(crate) zone: Option<String>,
    /// The file stopped being JSON before its first record was over.
    pub(crate) broken: Option<Broken>,
}

impl Head {
    fn new(shape: Shape) -> Head {
        Head {
            shape,
            keys: Vec::new(),
            inner: Vec::new(),
            is_wrapped: false,
            is_tables: false,
            is_empty_list: false,
            category: None,
            context: None,
            zone: None,
            broken: None,
        }
    }

    /// Whether there is a member of this folded name.
    pub(crate) fn has(&self, folded: &str) -> bool {
        self.keys.iter().any(|key| key.to_lowercase() == folded)
    }

    /// Whether there is a member of this folded name inside `properties`.
    pub(crate) fn has_inside(&self, folded: &str) -> bool {
        self.inner.iter().any(|key| key.to_lowercase() == folded)
    }

    /// Whether there is a member that is written exactly so.
    pub(crate) fn is_written(&self, key: &str) -> bool {
        self.keys.iter().any(|written| written == key)
    }

    /// How many of these folded names there are.
    pub(crate) fn count(&self, folded: &[&str]) -> usize {
        folded.iter().filter(|name| self.has(name)).count()
    }
}
