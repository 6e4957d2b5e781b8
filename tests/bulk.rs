//! Large logs are what they say they are, in every shape: benches measure nothing else.

use ca_impact::diagnostic::Severity;
use ca_impact::frame::{Column, SignInFrame};
use ca_impact::ingest::{self, MaxBadRows, Options};

use crate::generator::bulk::{SHAPES, bulk};
use crate::generator::formats::Shape;

const ROWS: usize = 500;

/// A large log, but for its size, as it is read.
fn read(shape: Shape) -> SignInFrame {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(shape.file_name());
    let mut bytes = Vec::new();
    bulk(7, ROWS, &mut bytes, shape).unwrap();
    std::fs::write(&path, bytes).unwrap();
    let options = Options { max_bad_rows: MaxBadRows::Rows(0), ..Options::default() };
    let ingested = ingest::ingest(&[path.display().to_string()], &options, &()).unwrap();
    let formats: Vec<_> = ingested.inputs.iter().map(|input| input.format.to_string()).collect();
    assert_eq!(formats, [shape.format()]);
    let met: Vec<_> = ingested.diagnostics.iter().filter(|met| met.severity != Severity::Note).collect();
    assert!(met.is_empty(), "{shape:?}: {met:?}");
    ingested.frame
}

#[test]
fn every_shape_of_a_large_log_is_read_whole() {
    for shape in SHAPES {
        assert_eq!(read(shape).rows(), ROWS, "{shape:?}");
    }
}

#[test]
fn a_large_log_says_the_same_as_a_page_of_graph_and_as_diagnostic_settings() {
    let [page, lines] = [Shape::GraphPage, Shape::DiagnosticLines].map(read);
    assert_eq!(page.created(), lines.created());
    let differing: Vec<&Column> = Column::ALL
        .iter()
        .filter(|column| (0..ROWS).any(|row| page.text(**column, row) != lines.text(**column, row)))
        .collect();
    // Graph says that a device nobody registered is not compliant, and gives a reason for success.
    assert_eq!(differing, [&Column::DeviceDetail, &Column::Status]);
}
