//! What was found out about a file while it was read: its line among the inputs, and what to tell about it.

use super::InputFile;
use super::container::Head;
use super::date::DateOrder;
use super::error::IngestError;
use super::file::{Input, ReadFile};
use super::format::{Format, Holds, Slashes};
use super::reader::{Met, Reader, Slashed};
use super::spelling;
use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Severity};

/// The other order of day and month, if the file's own dates ask for it. The first reading was month first.
pub(super) fn settled_order(
    input: &Input,
    slashed: &Slashed,
    format: &Format,
    diagnostics: &mut Diagnostics,
) -> Result<Option<DateOrder>, IngestError> {
    let path = || input.path.clone();
    let Some(example) = &slashed.any else { return Ok(None) };
    match (&slashed.month_first, &slashed.day_first) {
        (Some(_), Some(_)) => one_order(input, slashed).map(|()| None),
        (Some(_), None) => {
            diagnostics.note(Origin::file(&input.path), "dates are read month first, as a number above 12 shows");
            Ok(None)
        }
        (None, Some(_)) => {
            diagnostics.note(Origin::file(&input.path), "dates are read day first, as a number above 12 shows");
            Ok(Some(DateOrder::DayFirst))
        }
        (None, None) if format.slashes == Slashes::MustBeTold => {
            Err(IngestError::AmbiguousDates { path: path(), example: example.clone() })
        }
        (None, None) => {
            let message = "dates are assumed to be month first: no number above 12 shows it";
            let help = "`--dates day-first` reads them the other way";
            diagnostics.warn(Origin::file(&input.path), message, help);
            Ok(None)
        }
    }
}

/// No file may hold dates of both orders.
pub(super) fn one_order(input: &Input, slashed: &Slashed) -> Result<(), IngestError> {
    match slashed {
        Slashed { month_first: Some(month_first), day_first: Some(day_first), .. } => Err(IngestError::MixedDates {
            path: input.path.clone(),
            month_first: month_first.clone(),
            day_first: day_first.clone(),
        }),
        _ => Ok(()),
    }
}

pub(super) fn finished(
    input: &Input,
    head: &Head,
    wrapper: Option<String>,
    reader: Reader<'_>,
    mut diagnostics: Diagnostics,
) -> ReadFile {
    let format = reader.format();
    let origin = |row: Option<u64>| Origin { path: input.path.clone(), row };
    if let Some(wrapper) = &wrapper {
        diagnostics.note(origin(None), format!("sign-ins are read from inside another system's records: `{wrapper}`"));
    }
    if reader.unnamed > 0 {
        let message = format!(
            "{} rows without the id of the sign-in: copies of them are not found, and each counts by itself",
            reader.unnamed
        );
        diagnostics.warn(origin(None), message, "export the id too (`Id`, `Request ID`), or give a richer export");
    }
    if reader.is_partial {
        let help = "query a shorter time range and give the results together";
        diagnostics.warn(origin(None), "the query result says itself that it is not complete", help);
    }
    if reader.is_unfinished == Some(true) {
        let help = "export every page: ask for the address in `@odata.nextLink` until there is none";
        diagnostics.warn(origin(None), "the export ends before its last page (`@odata.nextLink`)", help);
    }
    for (flaw, met) in &reader.flaws {
        let message = format!("{}; skipped", flaw.message());
        let help = (!met.example.is_empty()).then(|| format!("the first one: `{}`", shortened(&met.example, 60)));
        diagnostics.append(counted(met, &origin(met.row), &message, help.as_deref()));
    }
    for (name, met) in &reader.others {
        let what = spelling::other_stream(name).unwrap_or("a category that this program does not know");
        let message = format!("record of `{name}` ({what}) is no sign-in; left out");
        diagnostics.append(counted(met, &origin(met.row), &message, None));
    }
    if reader.lost.count > 0 {
        let message = "record of which a nested value cannot be read: the export cut it off";
        let help = Some(
            "PowerShell: export again with `ConvertTo-Json -Depth 10`; Excel cuts long cells: do not save through it",
        );
        diagnostics.append(counted(&reader.lost, &origin(reader.lost.row), message, help));
    }
    if reader.evidence.later > 0 {
        let message = format!(
            "{} detections were not made in real time, or name no request: not the risk during a sign-in (RSK-3)",
            reader.evidence.later
        );
        diagnostics.note(origin(None), message);
    }
    if reader.rows == 0 && format.holds == Holds::SignIns && reader.evidence_records == 0 {
        diagnostics.warn(origin(None), "no sign-ins in this file", "check the time range of the export");
    }
    let first_bad = reader.flaws.iter().min_by_key(|(_, met)| met.row.unwrap_or(u64::MAX));
    let first_bad = first_bad.map(|(flaw, met)| {
        let example =
            if met.example.is_empty() { String::new() } else { format!(" (`{}`)", shortened(&met.example, 60)) };
        (origin(met.row), format!("{}{example}", flaw.message()))
    });
    let file = InputFile {
        path: input.path.clone(),
        format: format.name.into(),
        generation: (format.generation)(head).map(Into::into),
        wrapper,
        rows: reader.rows,
        evidence: reader.evidence_records,
        bad_rows: reader.flaws.values().map(|met| met.count).sum(),
        other_records: reader.others.values().map(|met| met.count).sum(),
        other_categories: reader.others.iter().map(|(name, met)| (name.clone(), met.count)).collect(),
        sha256: input.sha256.clone(),
        records_risk: format.records_risk || format.holds != Holds::SignIns,
        is_unfinished: reader.is_unfinished == Some(true) || reader.is_partial,
        converted_from: Vec::new(),
    };
    ReadFile {
        may_lack_ids: format.may_lack_ids,
        builder: reader.builder,
        evidence: reader.evidence,
        input: file,
        diagnostics,
        first_bad,
    }
}

/// One diagnostic with a count.
fn counted(met: &Met, origin: &Origin, message: &str, help: Option<&str>) -> Diagnostics {
    let mut all = Diagnostics::default();
    let (message, help) = (message.to_owned(), help.map(str::to_owned));
    all.push(Diagnostic { origin: origin.clone(), severity: Severity::Warning, message, help, count: met.count });
    all
}

pub(super) fn shortened(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest { text.to_owned() } else { text.chars().take(longest).chain(['…']).collect() }
}
