//! A tenant file as records: JSON in any wrapping, or CSV with a header, member names folded.
//!
//! The facts read records and know nothing of encodings, pages or separators.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diagnostic::{Diagnostics, Origin};
use crate::domain::folded;
use crate::pages;

/// Why a tenant file cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line, counted from 1, where one is known.
    pub(super) line: Option<u64>,
    /// What is wrong.
    pub(super) message: String,
    /// What to do about it.
    pub(super) help: &'static str,
}

impl Fault {
    pub(super) fn at(line: u64, message: impl Into<String>, help: &'static str) -> Fault {
        Fault { line: Some(line), message: message.into(), help }
    }
}

/// The contents of one tenant file.
#[derive(Clone, Debug, Default)]
pub(super) struct Records {
    /// The path as typed, plus the file's name in the folder.
    pub(super) path: String,
    /// The records, in the order of the file.
    pub(super) all: Vec<Record>,
    /// Column names of a CSV, squeezed; none for JSON.
    pub(super) columns: Option<BTreeSet<String>>,
    /// The last page links to another one.
    unfinished: bool,
}

/// One object or row.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Record {
    /// The line it begins on, counted from 1.
    pub(super) line: u64,
    members: BTreeMap<String, Value>, // INVARIANT: names are squeezed.
}

const MEND: &str = "mend the file, or export it again";

impl Records {
    /// Reads a file by its ending: CSV, else JSON.
    pub(super) fn read(path: &str, bytes: &[u8]) -> Result<Records, Fault> {
        let text = pages::decode(bytes).map_err(|error| Fault {
            line: error.line,
            message: error.to_string(),
            help: "save the file as UTF-8",
        })?;
        if text.trim().is_empty() {
            let message = "the file is empty: that is not the same as nobody and nothing";
            return Err(Fault {
                line: None,
                message: message.to_owned(),
                help: "export it again; nothing at all is `[]`",
            });
        }
        let mut records = match folded(path).ends_with(".csv") {
            true => Records::csv(&text)?,
            false => Records::json(&text)?,
        };
        path.clone_into(&mut records.path);
        Ok(records)
    }

    fn json(text: &str) -> Result<Records, Fault> {
        let pages = pages::unwrap(text).map_err(|error| Fault::at(error.line, error.to_string(), MEND))?;
        let mut records = Records { unfinished: pages.unfinished, ..Records::default() };
        for piece in &pages.pieces {
            let value = serde_json::from_str(piece.raw.get()).map_err(|error| {
                let error = pages::SyntaxError::new(&error, piece.line);
                Fault::at(error.line, error.to_string(), MEND)
            })?;
            let members = match value {
                Value::Object(members) if members.contains_key("error") && members.len() <= 2 => {
                    let message = "this is an error message of Microsoft Graph, not its answer".to_owned();
                    return Err(Fault {
                        line: Some(piece.line),
                        message,
                        help: "export it again, with the permission to read it",
                    });
                }
                Value::Object(members) => members.into_iter().map(|(name, value)| (squeezed(&name), value)).collect(),
                // A plain list of ids is a list of objects with an id.
                Value::String(id) => BTreeMap::from([("id".to_owned(), Value::String(id))]),
                _ => return Err(Fault::at(piece.line, "an object belongs here", MEND)),
            };
            records.all.push(Record { line: piece.line, members });
        }
        Ok(records)
    }

    fn csv(text: &str) -> Result<Records, Fault> {
        let header = text.lines().next().unwrap_or_default();
        let count = |separator: char| header.chars().filter(|letter| *letter == separator).count();
        let separator = [',', ';', '\t'].into_iter().rev().max_by_key(|separator| count(*separator)).unwrap_or(',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(u8::try_from(separator).unwrap_or(b','))
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let broken = |error: &csv::Error| {
            let line = error.position().map(|position| pages::Lines::new(text).line_at(start(text, position)));
            let message = match error.kind() {
                csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                    format!("{len} cells under {expected_len} columns")
                }
                _ => "not CSV".to_owned(),
            };
            Fault { line, message, help: MEND }
        };
        let columns: Vec<String> = reader.headers().map_err(|error| broken(&error))?.iter().map(squeezed).collect();
        let mut records = Records { columns: Some(columns.iter().cloned().collect()), ..Records::default() };
        let mut lines = pages::Lines::new(text);
        for row in reader.records() {
            let row = row.map_err(|error| broken(&error))?;
            let cells = row.iter().map(|cell| Value::String(cell.to_owned()));
            let line = row.position().map_or(1, |position| lines.line_at(start(text, position)));
            records.all.push(Record { line, members: columns.iter().cloned().zip(cells).collect() });
        }
        Ok(records)
    }

    /// Refuses an export that stops before its last page: whoever is missing would count as not there.
    pub(super) fn whole(&self) -> Result<(), Fault> {
        if self.unfinished {
            let message = "the export ends before its last page (`@odata.nextLink`): who is missing is not known";
            return Err(Fault { line: None, message: message.to_owned(), help: "export every page" });
        }
        Ok(())
    }

    /// Warns of such an export where a missing entry is simply unknown.
    pub(super) fn warn_if_cut(&self, diagnostics: &mut Diagnostics) {
        if self.unfinished {
            let message = "the export ends before its last page (`@odata.nextLink`): the rest is unknown";
            diagnostics.warn(Origin::file(&self.path), message, "export every page");
        }
    }

    /// Requires columns of a CSV; JSON objects answer for themselves.
    pub(super) fn needs(&self, names: &[&str]) -> Result<(), Fault> {
        let Some(columns) = &self.columns else { return Ok(()) };
        match names.iter().find(|name| !columns.contains(&squeezed(name))) {
            Some(name) => Err(Fault::at(1, format!("no column `{name}`"), "the first line names the columns")),
            None => Ok(()),
        }
    }
}

impl Record {
    /// Whether there is such a member or column, whatever it says.
    pub(super) fn has(&self, name: &str) -> bool {
        self.members.contains_key(&squeezed(name))
    }

    /// A member of any kind.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.members.get(&squeezed(name))
    }

    /// All members, by folded name.
    pub(super) fn members(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.members.iter()
    }

    /// A text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.value(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The first of these members that is a text.
    pub(super) fn first_text(&self, names: &[&str]) -> Option<&str> {
        names.iter().find_map(|name| self.text(name))
    }

    /// An id, folded (C8); without one the file cannot be used.
    pub(super) fn id(&self, names: &[&str]) -> Result<String, Fault> {
        self.first_text(names).map(folded).ok_or_else(|| {
            let name = names.first().copied().unwrap_or_default();
            Fault::at(self.line, format!("no `{name}` here"), MEND)
        })
    }

    /// Yes or no, in the words of Graph and of the admin center. None where nothing is said.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Fault> {
        let text = match self.value(name) {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::Bool(flag)) => return Ok(Some(*flag)),
            Some(other) => other.as_str().map_or_else(|| other.to_string(), folded),
        };
        match text.as_str() {
            "" | "-" => Ok(None),
            "true" | "yes" | "1" | "capable" | "registered" | "enabled" => Ok(Some(true)),
            "false" | "no" | "0" | "not capable" | "not registered" | "not enabled" | "disabled" => Ok(Some(false)),
            _ => Err(Fault::at(self.line, format!("`{name}` is `{text}`: neither `true` nor `false`"), MEND)),
        }
    }

    /// Texts of a list: a JSON array, an array in a cell, or words between commas.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let texts = |items: &[Value]| items.iter().filter_map(Value::as_str).map(|it| it.trim().to_owned()).collect();
        let list: Vec<String> = match self.value(name) {
            Some(Value::Array(items)) => texts(items),
            Some(Value::String(text)) => match serde_json::from_str(text) {
                Ok(Value::Array(items)) => texts(&items),
                _ => text.split([',', ';']).map(|word| word.trim().to_owned()).collect(),
            },
            _ => Vec::new(),
        };
        list.into_iter().filter(|text| !text.is_empty()).collect()
    }
}

/// Where a row begins: its position may be before the line break that ends the row above.
fn start(text: &str, position: &csv::Position) -> usize {
    let offset = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let rest = text.as_bytes().get(offset..).unwrap_or_default();
    offset.saturating_add(rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count())
}

/// A member or column name as it is compared: case, blanks and punctuation of friendly headers aside.
pub(super) fn squeezed(name: &str) -> String {
    if name.contains('@') {
        return folded(name);
    }
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::Records;

    fn ids(path: &str, text: &str) -> Vec<(String, u64)> {
        let records = Records::read(path, text.as_bytes()).unwrap();
        records.all.iter().map(|record| (record.id(&["id"]).unwrap(), record.line)).collect()
    }

    #[test]
    fn json_and_csv_give_the_same_records() {
        let expected = [("a".to_owned(), 2), ("b".to_owned(), 3)];
        for (path, text) in [
            ("x.json", "[\n{\"id\": \"A\"},\n{\"Id\": \"b\"}]"),
            ("x.json", "{\"value\":\n[{\"id\": \"a\"}]}\n{\"id\": \"b\"}"),
            ("x.json", "[\n\"a\",\n\"b\"]"),
            ("x.csv", "Id,name\nA,x\nb,y\n"),
            ("x.csv", "\u{feff}name;ID\nx;a\r\ny; b \r\n"),
            ("X.CSV", "\"i d\"\ta\na\tx\nb\ty"),
        ] {
            assert_eq!(ids(path, text), expected, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_read_has_its_line() {
        for (path, text, line, message) in [
            ("x.json", "[\n3]", 2, "an object belongs here"),
            ("x.json", "{\"id\": 1,\n]", 2, "not JSON at column 1: key must be a string"),
            ("x.csv", "a,b\r\n1,2\r\n\r\n3", 4, "1 cells under 2 columns"),
        ] {
            let fault = Records::read(path, text.as_bytes()).unwrap_err();
            assert_eq!((fault.line, fault.message.as_str()), (Some(line), message), "{text}");
        }
        let records = Records::read("x.csv", b"a\n1").unwrap();
        assert_eq!(records.needs(&["groupId"]).unwrap_err().message, "no column `groupId`");
        assert_eq!(records.all[0].id(&["groupId"]).unwrap_err().line, Some(2));
    }

    #[test]
    fn lists_and_flags_are_read_from_json_and_from_cells() {
        let csv = "L,Y,N,E,X\n\"[\"\"a\"\",\"\"b\"\"]\",True,Not Capable,,maybe\n\"a, b\",1,0,-,maybe\n";
        let records = Records::read("x.csv", csv.as_bytes()).unwrap();
        for record in &records.all {
            assert_eq!(record.list("l"), ["a", "b"]);
            assert_eq!(record.flag("y"), Ok(Some(true)));
            assert_eq!(record.flag("n"), Ok(Some(false)));
            assert_eq!(record.flag("e"), Ok(None));
            assert!(record.flag("x").is_err());
        }
        let records = Records::read("x.json", b"{\"l\": [\"a\", \"b\"], \"y\": true, \"e\": null}").unwrap();
        assert_eq!(records.all[0].list("l"), ["a", "b"]);
        assert_eq!((records.all[0].flag("y"), records.all[0].flag("e")), (Ok(Some(true)), Ok(None)));
    }

    #[test]
    fn an_export_cut_short_says_so() {
        let records = Records::read("x.json", b"{\"value\": [], \"@odata.nextLink\": \"https://x\"}").unwrap();
        assert!(records.whole().is_err());
    }
}
