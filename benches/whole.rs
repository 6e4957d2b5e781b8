//! The command from end to end: what a person waits for.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a bench without its data is no bench; criterion's main has no docs"
)]

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::process::{Command, Stdio};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::bulk::{bulk, bulk_policies, bulk_tenant};
use generator::formats::Shape;

fn world(folder: &Path, rows: usize, policies: usize) -> u64 {
    let log = folder.join("log.ndjson");
    let mut file = BufWriter::new(File::create(&log).expect("a temporary file"));
    bulk(7, rows, &mut file, Shape::DiagnosticLines).expect("a log");
    drop(file);
    for (place, (_, policy)) in bulk_policies(policies).iter().enumerate() {
        let path = folder.join("policies").join(format!("{place:03}.json"));
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, policy.to_string()).expect("a policy");
    }
    for (name, text) in bulk_tenant(rows) {
        let path = folder.join("tenant").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a tenant file");
    }
    fs::metadata(&log).expect("a log").len()
}

fn run(folder: &Path, arguments: &[&str]) {
    let status = Command::new(env!("CARGO_BIN_EXE_ca-impact"))
        .current_dir(folder)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("the program");
    assert!(status.success());
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("whole");
    group.sample_size(10);
    let folder = tempfile::tempdir().expect("a temporary folder");
    group.bench_function("--help", |bench| bench.iter(|| run(folder.path(), &["--help"])));
    for (rows, policies) in [(1_000, 1), (50_000, 16)] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let bytes = world(folder.path(), rows, policies);
        group.throughput(Throughput::Bytes(bytes));
        group.bench_function(format!("replay {rows} rows, {policies} policies"), |bench| {
            bench.iter(|| run(folder.path(), &["replay", "log.ndjson", "--policy", "policies", "--tenant", "tenant"]));
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
