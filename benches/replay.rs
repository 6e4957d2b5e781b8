//! Attempts a second, over policies × rows: compilation, replay and counting, without reading.

#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "a bench without its data is no bench; criterion's main has no docs"
)]

use std::fs::{self, File};
use std::io::BufWriter;

use ca_impact::attempt::{self, Attempts};
use ca_impact::compile;
use ca_impact::diagnostic::Diagnostics;
use ca_impact::impact::Keys;
use ca_impact::ingest::{self, MaxBadRows};
use ca_impact::policy::{self, Candidate};
use ca_impact::replay;
use ca_impact::tenant::Tenant;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::bulk::{bulk, bulk_policies, bulk_tenant};
use generator::formats::Shape;

const ROWS: usize = 100_000;

fn read(folder: &std::path::Path) -> Attempts {
    let path = folder.join("log.ndjson");
    let mut file = BufWriter::new(File::create(&path).expect("a temporary file"));
    bulk(7, ROWS, &mut file, Shape::DiagnosticLines).expect("a log");
    drop(file);
    let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
    let ingested = ingest::ingest(&[path.display().to_string()], &options, &()).expect("a readable log");
    let options = attempt::Options::default();
    attempt::gather(ingested.frame, &Tenant::empty().risk_detections, &options, &mut Diagnostics::default())
}

fn candidates(folder: &std::path::Path, policies: usize) -> Vec<Candidate> {
    let folder = folder.join(format!("policies-{policies}"));
    fs::create_dir_all(&folder).expect("a folder");
    for (place, (_, policy)) in bulk_policies(policies).iter().enumerate() {
        fs::write(folder.join(format!("{place:03}.json")), policy.to_string()).expect("a policy");
    }
    policy::load(&[folder.display().to_string()]).expect("readable policies").0
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (name, text) in bulk_tenant(ROWS) {
        let path = folder.path().join("tenant").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a tenant file");
    }
    let (tenant, _) = Tenant::load(&folder.path().join("tenant")).expect("a readable tenant");
    let attempts = read(folder.path());
    let keys = Keys::read(&attempts);
    let scope: Vec<usize> = (0..attempts.list.len()).collect();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).throughput(Throughput::Elements(attempts.list.len() as u64));
    for policies in [1, 16, 64] {
        let candidates = candidates(folder.path(), policies);
        let plan = compile::compile(&candidates, &attempts, &tenant, &mut Diagnostics::default());
        group.bench_function(BenchmarkId::new("look up and count", policies), |bench| {
            bench.iter(|| {
                let impact = replay::replay(&plan, &attempts, &keys, &scope);
                assert_eq!(impact.combined.tally.population(), attempts.list.len() as u64);
            });
        });
        group.bench_function(BenchmarkId::new("compile", policies), |bench| {
            bench.iter(|| {
                let plan = compile::compile(&candidates, &attempts, &tenant, &mut Diagnostics::default());
                assert_eq!(plan.rules.len(), policies);
            });
        });
    }
    group.finish();
}

criterion_group!(all, benches);
criterion_main!(all);
