//! Large logs are what they say they are, in every shape: benches measure nothing else.

use ca_impact::ingest::{self, MaxBadRows, Options};

use crate::generator::bulk::{SHAPES, bulk};

#[test]
fn every_shape_of_a_large_log_is_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    for shape in SHAPES {
        let path = folder.path().join(shape.file_name());
        let mut bytes = Vec::new();
        bulk(7, 500, &mut bytes, shape).unwrap();
        std::fs::write(&path, bytes).unwrap();
        let options = Options { max_bad_rows: MaxBadRows::Rows(0), ..Options::default() };
        let ingested = ingest::ingest(&[path.display().to_string()], &options, &()).unwrap();
        let formats: Vec<_> = ingested.inputs.iter().map(|input| input.format.to_string()).collect();
        assert_eq!(formats, [shape.format()]);
        assert_eq!(ingested.frame.rows(), 500, "{shape:?}");
        let met: Vec<String> = ingested.diagnostics.iter().map(ToString::to_string).collect();
        assert!(met.is_empty(), "{shape:?}: {met:?}");
    }
}
