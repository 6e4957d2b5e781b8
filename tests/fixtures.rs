//! The same tenant in every shape that exports have: read alike, and recognised.
//!
//! What a shape records is typed in [`recorded`], from section 9 of the reference on formats and the header rows of
//! real files; so is where a shape says less, or in fewer words, and why. The baseline is the frame of the Graph beta
//! page, which records everything.
//!
//! `FIXTURES=DIR` in the environment writes all fixtures below `DIR`, a folder each, so that `ca-impact inspect` can be
//! run over them: `FIXTURES=DIR cargo test --release --test main fixtures`.

mod companions;
mod compare;
mod packing;
mod recorded;
mod shuffled;
mod tenant;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ca_impact::frame::{Column, SignInFrame};
use ca_impact::ingest::{self, Ingested, MaxBadRows};
use rayon::prelude::*;

use crate::generator::formats::detections::Export;
use crate::generator::formats::{self, Shape, portal};
use crate::generator::world::Row;

/// A name and what is in it.
type File = (String, Vec<u8>);

/// Reads one fixture; nothing of it may be bad.
fn read(folder: &Path) -> Result<Ingested, String> {
    let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
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

/// The formats of the files that were read, in their order.
fn formats_of(ingested: &Ingested) -> Vec<&str> {
    ingested.inputs.iter().map(|input| &*input.format).collect()
}

fn rows_of(shape: Shape, tenant: &[Row]) -> Vec<Row> {
    let rows = tenant.iter().filter(|row| shape.holds(row)).cloned();
    let rows = if shape == Shape::PowerShellShortCsv { tenant::told_apart(rows) } else { rows.collect() };
    assert!(!rows.is_empty(), "the tenant has nothing for {shape:?}");
    rows
}

/// All rows of the tenant as Graph beta has them.
fn baseline() -> SignInFrame {
    read_files(&[("signIns.json", formats::write(Shape::GraphPage, &tenant::rows()))]).unwrap().frame
}

/// Asks every shape; shapes may be asked at the same time.
fn of_every_shape(ask: impl Fn(Shape, &[Row]) -> Vec<String> + Sync) {
    let tenant = tenant::rows();
    let said: Vec<String> = Shape::ALL
        .into_par_iter()
        .flat_map_iter(|shape| {
            let said = ask(shape, &rows_of(shape, &tenant));
            said.into_iter().map(move |line| format!("\n{shape:?}: {line}"))
        })
        .collect();
    assert!(said.is_empty(), "{}", said.concat());
}

/// Where the reader falls short of what is typed in [`recorded`]. Whoever mends one takes its line out: the test asks
/// for that.
const SHORTCOMINGS: &[(Shape, &str)] = &[];

/// Shortcomings too: columns that are read in another way where those of the file stand in another order. A list in a
/// list is put together only if the outer one has been met before.
const ORDER_MATTERS: &[(Shape, &str)] = &[];

#[test]
fn equal_content_gives_an_equal_frame() {
    let baseline = baseline();
    of_every_shape(|shape, rows| {
        let found = match read_files(&[(shape.file_name(), formats::write(shape, rows))]) {
            Ok(ingested) => compare::differences(shape, rows, &baseline, &ingested.frame),
            Err(error) => return vec![error],
        };
        let known = known(SHORTCOMINGS, shape);
        let mended = known.iter().filter(|what| found.iter().all(|(found, _)| found != *what));
        let mended: Vec<String> = mended.map(|what| format!("{what} is read well: no shortcoming any more")).collect();
        let new = found.into_iter().filter(|(what, _)| !known.contains(what)).map(|(_, said)| said);
        new.chain(mended).collect()
    });
}

#[test]
fn the_baseline_varies_in_every_signal() {
    let baseline = baseline();
    // Detections come from files of their own.
    for column in Column::ALL.iter().filter(|column| **column != Column::RealtimeDetection) {
        let texts: BTreeSet<_> = (0..baseline.rows()).map(|row| baseline.text(*column, row)).collect();
        assert!(texts.len() > 1, "{column:?} is {texts:?} in all rows");
    }
}

/// Neither the order of members nor the ending of a name decides what a file is and what it says.
#[test]
fn each_fixture_is_recognised_as_itself_and_only_itself() {
    of_every_shape(|shape, rows| {
        // Its beginning shows what a file is.
        let rows = &rows[..rows.len().min(40)];
        let bytes = formats::write(shape, rows);
        let wanted = [(shape.format(), rows.len() as u64, 0)];
        let mut said = Vec::new();
        let mut frames = Vec::new();
        for (how, name, bytes) in [
            ("as it is", shape.file_name(), &bytes),
            ("with members in another order", shape.file_name(), &shuffled::members(&bytes)),
            ("under another name", "export.dat", &bytes),
        ] {
            match read_files(&[(name, bytes.clone())]) {
                Err(error) => said.push(format!("{how}: {error}")),
                Ok(Ingested { inputs, frame, .. }) => {
                    let found: Vec<(&str, u64, u64)> =
                        inputs.iter().map(|input| (&*input.format, input.rows, input.bad_rows)).collect();
                    if found != wanted {
                        said.push(format!("{how}: {found:?}, not {wanted:?}"));
                    }
                    frames.push(frame);
                }
            }
        }
        if let [plain, shuffled, _] = &frames[..] {
            let (known, found) = (known(ORDER_MATTERS, shape), moved(shape, plain, shuffled));
            if found != known {
                said.push(format!("in another order: other values of {found:?}, not of {known:?}"));
            }
        }
        said
    });
}

/// Columns in which two readings of the same rows differ.
fn moved(shape: Shape, one: &SignInFrame, other: &SignInFrame) -> Vec<&'static str> {
    let differs = |column: Column| {
        let read = |frame: &SignInFrame, row: usize| {
            recorded::as_read(shape, column, frame.text(column, row).unwrap_or_default())
        };
        (0..one.rows().max(other.rows())).any(|row| read(one, row) != read(other, row))
    };
    Column::ALL.iter().copied().filter(|column| differs(*column)).map(Column::name).collect()
}

fn known(list: &[(Shape, &'static str)], shape: Shape) -> Vec<&'static str> {
    list.iter().filter(|(of, _)| *of == shape).map(|(_, what)| *what).collect()
}

/// Every fixture: a folder, and the files in it.
fn all() -> Vec<(String, Vec<File>)> {
    let tenant = tenant::rows();
    let file = |shape: Shape, rows: &[Row]| (shape.file_name().to_owned(), formats::write(shape, rows));
    let shapes =
        Shape::ALL.into_iter().map(|shape| (format!("{shape:?}"), vec![file(shape, &rows_of(shape, &tenant))]));
    let interactive = rows_of(Shape::PortalCsv, &tenant);
    let details = (companions::AUTH_DETAILS.to_owned(), portal::auth_details(&interactive).into_bytes());
    let details = ("WithAuthDetails".to_owned(), vec![file(Shape::PortalCsv, &interactive), details]);
    let (rows, detections) = companions::detected();
    let detected = Export::ALL.into_iter().map(|export| {
        let companion = (export.file_name().to_owned(), export.write(&detections).into_bytes());
        (format!("With{export:?}Detections"), vec![file(Shape::PortalCsv, &rows), companion])
    });
    let (name, bytes) = file(Shape::DiagnosticLines, &tenant);
    let packed =
        packing::packings(&name, &bytes).into_iter().map(|packed| (format!("Packed/{}", packed.0), vec![packed]));
    shapes.chain([details]).chain(detected).chain(packed).collect()
}

#[test]
fn fixtures_are_written_where_they_are_wanted() {
    let folder = tempfile::tempdir().unwrap();
    let wanted = std::env::var_os("FIXTURES");
    let folder = wanted.as_ref().map_or(folder.path(), Path::new);
    for (fixture, files) in all() {
        for (name, bytes) in files {
            let path = folder.join(&fixture).join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &bytes).unwrap();
            assert!(bytes.len() > 500, "{fixture} holds next to nothing");
        }
    }
}
