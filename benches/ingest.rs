//! Bytes a second from a file to the canonical frame, by format.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a bench without its data is no bench; criterion's main has no docs"
)]

use std::fs;

use ca_impact::ingest::{self, MaxBadRows};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::bulk::bulk;
use generator::formats::{Shape, write};
use generator::world::random_world;

const ROWS: usize = 20_000;

/// One shape of each way of reading; the others are read like one of these.
const SHAPES: [Shape; 9] = [
    Shape::GraphPage,
    Shape::GraphLines,
    Shape::DiagnosticLines,
    Shape::EventHub,
    Shape::LogAnalyticsTables,
    Shape::LogAnalyticsCsv,
    Shape::PortalCsv,
    Shape::DefenderCsv,
    Shape::SplunkLines,
];

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rows = random_world(7, ROWS / 10).rows;
    let mut group = criterion.benchmark_group("ingest");
    group.sample_size(10);
    for shape in SHAPES {
        let mut bytes = Vec::new();
        if matches!(shape, Shape::DiagnosticLines | Shape::LogAnalyticsCsv) {
            bulk(7, ROWS, &mut bytes, shape).expect("a log");
        } else {
            bytes = write(shape, &rows);
        }
        let path = folder.path().join(shape.file_name());
        fs::write(&path, &bytes).expect("a temporary file");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let options = ingest::Options { max_bad_rows: MaxBadRows::ORDINARY, ..ingest::Options::default() };
        let logs = [path.display().to_string()];
        group.bench_function(BenchmarkId::from_parameter(format!("{shape:?}")), |bench| {
            bench.iter(|| {
                let ingested = ingest::ingest(&logs, &options, &()).expect("a readable log");
                assert!(ingested.frame.rows() > 0);
            });
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
