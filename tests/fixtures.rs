//! The same tenant in every shape that exports have: read alike, and recognised.
//!
//! What a shape records is typed in [`recorded`], from section 9 of the reference on formats and the header rows of
//! real files; so is where a shape says less, or in fewer words, and why. The baseline is the frame of the Graph beta
//! page, which records everything.
//!
//! `FIXTURES=DIR` in the environment writes all fixtures below `DIR`, a folder each, so that `ca-impact inspect` can be
//! run over them: `FIXTURES=/tmp/fixtures cargo test --release --test main fixtures`.

mod recorded;
mod shuffled;
mod tenant;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use ca_impact::frame::{Column, SignInFrame};
use ca_impact::ingest::{self, Ingested, MaxBadRows};
use rayon::prelude::*;

use crate::generator::formats::{self, Shape};
use crate::generator::world::Row;

/// Shapes whose reader is still being written.
const WAITING: &[Shape] = &[
    Shape::RiskySignIns,
    Shape::PortalCsvSavedAgain,
    Shape::LogAnalyticsExcel,
    Shape::LogAnalyticsLozenge,
    Shape::DefenderCsv,
    Shape::DefenderEntraCsv,
    Shape::DefenderArray,
    Shape::DefenderLines,
    Shape::PowerShellCsv,
    Shape::PowerShellShortCsv,
    Shape::SplunkLines,
    Shape::SplunkRawCsv,
    Shape::SplunkFieldsCsv,
    Shape::ElasticOriginal,
    Shape::ElasticLines,
    Shape::ElasticArray,
    Shape::SekoiaLines,
    Shape::SekoiaArray,
    Shape::Syslog,
];

/// Reads one fixture; nothing of it may be bad.
fn read(folder: &Path) -> Result<Ingested, String> {
    let options =
        ingest::Options { max_bad_rows: MaxBadRows::Rows(0), hash_inputs: false, dates: None, separator: None };
    ingest::ingest(&[folder.display().to_string()], &options, &()).map_err(|error| error.to_string())
}

/// Reads files of these names.
fn read_files(files: &[(&str, Vec<u8>)]) -> Result<Ingested, String> {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    read(folder.path())
}

fn rows_of(shape: Shape, tenant: &[Row]) -> Vec<Row> {
    let rows = tenant.iter().filter(|row| shape.holds(row)).cloned();
    let rows = if shape == Shape::PowerShellShortCsv { tenant::told_apart(rows) } else { rows.collect() };
    assert!(!rows.is_empty(), "the tenant has nothing for {shape:?}");
    rows
}

/// What tells a row from all others: its id, or when and who where no id is recorded.
fn key(shape: Shape, has_id: bool, frame: &SignInFrame, row: usize) -> String {
    if has_id {
        return frame.text(Column::Id, row).unwrap_or_default().to_owned();
    }
    let at = frame.created()[row] - frame.created()[row].rem_euclid(recorded::grain(shape));
    format!("{at} {}", frame.text(Column::UserPrincipalName, row).unwrap_or_default())
}

fn by_key(shape: Shape, frame: &SignInFrame) -> BTreeMap<String, usize> {
    let has_id = recorded::how(shape, Column::Id) == '=';
    (0..frame.rows()).map(|row| (key(shape, has_id, frame, row), row)).collect()
}

/// What differs between a fixture's frame and the baseline's, column by column.
fn differences(shape: Shape, rows: &[Row], baseline: &SignInFrame, frame: &SignInFrame) -> Vec<String> {
    let (expected, found) = (by_key(shape, baseline), by_key(shape, frame));
    let mut said = Vec::new();
    if frame.rows() != rows.len() || !expected.keys().eq(found.keys()) {
        said.push(format!("{} rows became {}, or others", rows.len(), frame.rows()));
        return said;
    }
    let pairs: Vec<(usize, usize)> = expected.values().copied().zip(found.values().copied()).collect();
    let grain = recorded::grain(shape);
    let cut = |time: i64| time - time.rem_euclid(grain);
    for &(at, row) in &pairs {
        // Graph does not record the delivery; the row does.
        let delivered = tenant::delivered(&rows[at]);
        let created = if recorded::records_only_delivery(shape) { delivered } else { baseline.created()[at] };
        let delivered = recorded::records_delivery(shape).then_some(cut(delivered));
        if frame.created()[row] != cut(created) || frame.delivered()[row] != delivered {
            let times = (frame.created()[row], frame.delivered()[row]);
            let id = baseline.text(Column::Id, at).unwrap_or_default();
            said.push(format!("times of {id}: {times:?}, not {:?}", (cut(created), delivered)));
            break;
        }
    }
    for column in Column::ALL {
        let how = recorded::how(shape, *column);
        let wanted = |at: usize| -> String {
            let text = recorded::cut(shape, *column, baseline.text(*column, at).unwrap_or_default());
            match how {
                '-' => String::new(),
                '~' => recorded::as_told(shape, *column, &text),
                _ => text,
            }
        };
        let got = |row: usize| -> String {
            let text = frame.text(*column, row).unwrap_or_default();
            let in_short = matches!(recorded::kind(shape), "xdr" | "xdr2") && *column == Column::DeviceDetail;
            if in_short && !text.is_empty() { recorded::as_told(shape, *column, text) } else { text.to_owned() }
        };
        if let Some((at, row)) = pairs.iter().copied().find(|(at, row)| wanted(*at) != got(*row)) {
            let count = pairs.iter().filter(|(at, row)| wanted(*at) != got(*row)).count();
            let id = baseline.text(Column::Id, at).unwrap_or_default();
            said.push(format!("{column:?} of {count} rows, as {id}: {:?}, not {:?}", got(row), wanted(at)));
        } else if how != '-' && pairs.iter().all(|(at, _)| wanted(*at).is_empty()) {
            said.push(format!("{column:?} is empty in all rows: nothing was compared"));
        }
    }
    said
}

/// Asks every shape; shapes may be asked at the same time.
fn of_every_shape(ask: impl Fn(Shape, &[Row]) -> Vec<String> + Sync) {
    let tenant = tenant::rows();
    let asked = Shape::ALL.into_par_iter().filter(|shape| !WAITING.contains(shape));
    let said: Vec<String> = asked
        .flat_map_iter(|shape| {
            let said = ask(shape, &rows_of(shape, &tenant));
            said.into_iter().map(move |line| format!("\n{shape:?}: {line}"))
        })
        .collect();
    assert!(said.is_empty(), "{}", said.concat());
}

#[test]
fn equal_content_gives_an_equal_frame() {
    of_every_shape(|shape, rows| {
        let baseline = read_files(&[("signIns.json", formats::write(Shape::GraphPage, rows))]).unwrap().frame;
        match read_files(&[(shape.file_name(), formats::write(shape, rows))]) {
            Ok(ingested) => differences(shape, rows, &baseline, &ingested.frame),
            Err(error) => vec![error],
        }
    });
}

#[test]
fn the_baseline_varies_in_every_signal() {
    let baseline = read_files(&[("signIns.json", formats::write(Shape::GraphPage, &tenant::rows()))]).unwrap().frame;
    for column in Column::ALL {
        let texts: BTreeSet<_> = (0..baseline.rows()).map(|row| baseline.text(*column, row)).collect();
        assert!(texts.len() > 1, "{column:?} is {texts:?} in all rows");
    }
}

/// Neither the order of members nor the ending of a name decides.
#[test]
fn each_fixture_is_recognised_as_itself_and_only_itself() {
    of_every_shape(|shape, rows| {
        let bytes = formats::write(shape, rows);
        let shuffled = shuffled::members(&bytes);
        let read = |how: &str, name: &str, bytes: &[u8]| {
            let found: Vec<(&str, u64, u64)> = match read_files(&[(name, bytes.to_vec())]) {
                Err(error) => return Some(format!("{how}: {error}")),
                Ok(Ingested { inputs, .. }) => {
                    inputs.iter().map(|input| (input.format, input.rows, input.bad_rows)).collect()
                }
            };
            let wanted = [(shape.format(), rows.len() as u64, 0)];
            (found != wanted).then(|| format!("{how}: {found:?}, not {wanted:?}"))
        };
        [
            read("as it is", shape.file_name(), &bytes),
            read("with members in another order", shape.file_name(), &shuffled),
            read("under another name", "export.dat", &bytes),
        ]
        .into_iter()
        .flatten()
        .collect()
    });
}

#[test]
fn fixtures_are_written_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = std::env::var_os("FIXTURES");
    let folder = wanted.as_ref().map_or(folder.path(), Path::new);
    let tenant = tenant::rows();
    for shape in Shape::ALL {
        let path = folder.join(format!("{shape:?}")).join(shape.file_name());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, formats::write(shape, &rows_of(shape, &tenant))).unwrap();
        assert!(fs::metadata(path).unwrap().len() > 500, "{shape:?} holds next to nothing");
    }
}
