//! From a file to the canonical frame, by format.
//!
//!     cargo bench --bench ingest                           criterion: bytes a second
//!     cargo bench --bench ingest -- table                  one thread: bytes and rows a second of the processor's time
//!     cargo bench --bench ingest -- counts FILE [THREADS]  what `benches/compare` asks every tool, as JSON

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench without its data is no bench; criterion's main has no docs"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use ca_impact::frame::{self, Column, SignInFrame, Status};
use ca_impact::ingest::{self, MaxBadRows};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};
use serde_json::{Value, json};

#[path = "../tests/generator/mod.rs"]
mod generator;
mod measure;

use generator::bulk::{self, bulk};
use generator::formats::{Shape, write};
use generator::world::{Row, random_world};

const ROWS: usize = 20_000;

/// One shape of each way of reading, for criterion; the table has all.
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

fn main() {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["table"] => table(),
        ["counts", file] => println!("{}", counts(&read(Path::new(file)))),
        ["counts", file, threads] => {
            let threads = threads.parse().expect("a number of threads");
            rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("worker threads");
            println!("{}", counts(&read(Path::new(file))));
        }
        _ => {
            all();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}

fn read(path: &Path) -> SignInFrame {
    let options = ingest::Options { max_bad_rows: MaxBadRows::ORDINARY, ..ingest::Options::default() };
    let ingested = ingest::ingest(&[path.display().to_string()], &options, &()).expect("a readable log");
    assert!(ingested.frame.rows() > 0, "{} holds no sign-ins", path.display());
    ingested.frame
}

/// A log in a shape: a large one where the generator writes such, otherwise the rows of `world` that it holds.
fn log(shape: Shape, world: &[Row]) -> Vec<u8> {
    if bulk::SHAPES.contains(&shape) {
        let mut bytes = Vec::new();
        bulk(7, ROWS, &mut bytes, shape).expect("a log");
        return bytes;
    }
    let rows: Vec<Row> = world.iter().filter(|row| shape.holds(row)).cloned().collect();
    write(shape, &rows)
}

fn benches(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let world = random_world(7, ROWS / 10).rows;
    let mut group = criterion.benchmark_group("ingest");
    group.sample_size(10);
    for shape in SHAPES {
        let bytes = log(shape, &world);
        let path = folder.path().join(shape.file_name());
        fs::write(&path, &bytes).expect("a temporary file");
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        group.bench_function(BenchmarkId::from_parameter(format!("{shape:?}")), |bench| bench.iter(|| read(&path)));
    }
    group.finish();
}

criterion_group!(all, benches);

/// Every shape that holds sign-ins, read over and over until the processor's time can be told.
fn table() {
    const LEAST: Duration = Duration::from_millis(1000);
    rayon::ThreadPoolBuilder::new().num_threads(1).build_global().expect("a worker thread");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let world = random_world(7, ROWS / 5).rows;
    println!(
        "{:<31}{:<26}{:>8}{:>9}{:>8}{:>10}{:>12}{:>8}",
        "shape", "format", "MB", "rows", "CPU-s", "MB/CPU-s", "krows/CPU-s", "wall"
    );
    for shape in Shape::ALL {
        let bytes = log(shape, &world);
        let path = folder.path().join(shape.file_name());
        fs::write(&path, &bytes).expect("a temporary file");
        let rows = read(&path).rows();
        let (before, begun) = (measure::processor_time(), Instant::now());
        let mut times = 0_u32;
        while measure::processor_time() - before < LEAST {
            assert_eq!(read(&path).rows(), rows);
            times += 1;
        }
        let [processor, wall] =
            [measure::processor_time() - before, begun.elapsed()].map(|time| time.as_secs_f64() / f64::from(times));
        let (megabytes, thousands) = (bytes.len() as f64 / 1e6, rows as f64 / 1e3);
        println!(
            "{:<31}{:<26}{megabytes:>8.2}{rows:>9}{processor:>8.4}{:>10.0}{:>12.0}{wall:>8.4}",
            format!("{shape:?}"),
            shape.format(),
            megabytes / processor,
            thousands / processor
        );
        fs::remove_file(&path).expect("the temporary file");
    }
}

/// What `benches/compare` asks every tool about a log.
fn counts(frame: &SignInFrame) -> Value {
    let code = |text: &str| frame::parsed::<Status>(text).error_code.map_or_else(String::new, |code| code.to_string());
    let users: BTreeSet<String> =
        frame.dictionary(Column::UserId).iter().filter(|id| !id.is_empty()).map(str::to_lowercase).collect();
    let mut applications: Vec<(String, u64)> = by(frame, Column::AppDisplayName, str::to_owned).into_iter().collect();
    applications.sort_by(|(name, rows), (other, others)| others.cmp(rows).then_with(|| name.cmp(other)));
    applications.truncate(10);
    json!({
        "rows": frame.rows(),
        "users": users.len(),
        "risk": by(frame, Column::RiskLevelDuringSignIn, str::to_owned),
        "code": by(frame, Column::Status, code),
        "conditionalAccess": by(frame, Column::ConditionalAccessStatus, str::to_owned),
        "applications": applications,
        "interactive": by(frame, Column::IsInteractive, str::to_owned),
    })
}

/// Rows by what a column says; what is not recorded is the empty text.
fn by(frame: &SignInFrame, column: Column, word: impl Fn(&str) -> String) -> BTreeMap<String, u64> {
    let mut rows = vec![0_u64; frame.dictionary(column).len()];
    for code in frame.codes(column) {
        *rows.get_mut(*code as usize).expect("codes are in their dictionary") += 1;
    }
    let mut words = BTreeMap::new();
    for (text, rows) in frame.dictionary(column).iter().zip(rows).filter(|(_, rows)| *rows > 0) {
        *words.entry(word(text)).or_default() += rows;
    }
    words
}
