//! The command from end to end: what a person waits for.
//!
//!     cargo bench --bench whole                     criterion: how long
//!     cargo bench --bench whole -- table [ROWS]     time, the processor's time and the most memory of each command

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench without its data is no bench; criterion's main has no docs"
)]

use std::fs::{self, File};
use std::io::{BufWriter, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group};

#[path = "../tests/generator/mod.rs"]
mod generator;
mod measure;

use generator::bulk::{bulk, bulk_policies, bulk_tenant};
use generator::formats::Shape;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ca-impact");

fn main() {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["table"] => table(250_000),
        ["table", rows] => table(rows.parse().expect("a number of rows")),
        _ => {
            all();
            Criterion::default().configure_from_args().final_summary();
        }
    }
}

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

/// A replay of what [`world`] has written, of its log or of another file in that folder.
fn replay(log: &str) -> [&str; 6] {
    ["replay", log, "--policy", "policies", "--tenant", "tenant"]
}

fn run(folder: &Path, arguments: &[&str]) {
    let status = command(folder, arguments).status().expect("the program");
    assert!(status.success());
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    command
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
            bench.iter(|| run(folder.path(), &replay("log.ndjson")));
        });
    }
    group.finish();
}

criterion_group!(all, benches);

/// What one run of a command took.
struct Used {
    wall: Duration,
    processor: Duration,
    memory: u64,
}

/// The limits that the README names: short commands many times, long ones once.
fn table(rows: usize) {
    const FEW: usize = 1_000;
    println!("{:<44}{:>10}{:>10}{:>10}", "command", "wall s", "CPU-s", "peak MB");
    let small = tempfile::tempdir().expect("a temporary folder");
    world(small.path(), FEW, 1);
    line("--help", &used(small.path(), &["--help"], 50));
    let least = used(small.path(), &replay("log.ndjson"), 50);
    line(&format!("replay {FEW} rows, 1 policy"), &least);
    drop(small);

    let folder = tempfile::tempdir().expect("a temporary folder");
    let bytes = world(folder.path(), rows, 16);
    let threads = |command: &[&'static str], number| [command, &["--threads", number]].concat();
    let mut memory = Vec::new();
    for number in ["1", "2"] {
        let read = used(folder.path(), &threads(&["inspect", "log.ndjson"], number), 1);
        line(&format!("inspect {rows} rows, {number} threads"), &read);
        let whole = used(folder.path(), &threads(&replay("log.ndjson"), number), 1);
        line(&format!("replay {rows} rows, 16 policies, {number} threads"), &whole);
        memory.push((number, whole.memory));
    }
    let within = used(folder.path(), &[replay("log.ndjson").as_slice(), &["--memory", "1GiB"]].concat(), 1);
    line(&format!("replay {rows} rows, --memory 1GiB"), &within);
    line("convert to Parquet", &used(folder.path(), &["convert", "log.ndjson", "--output", "log.parquet"], 1));
    line("replay the Parquet file, 16 policies", &used(folder.path(), &replay("log.parquet"), 3));

    println!("\n{rows} rows are {:.0} MB of NDJSON", bytes as f64 / 1e6);
    for (number, most) in memory {
        let of_a_row = most.saturating_sub(least.memory) as f64 / (rows - FEW) as f64;
        let of_a_gibibyte = f64::from(1 << 30) / of_a_row / 1e6;
        println!("memory, {number} threads: {of_a_row:.0} bytes a row, {of_a_gibibyte:.2} million rows a GiB");
    }
    println!("start to first progress: {}", first_progress(folder.path()));
}

fn line(name: &str, used: &Used) {
    let [wall, processor] = [used.wall, used.processor].map(|time| time.as_secs_f64());
    println!("{name:<44}{wall:>10.4}{processor:>10.4}{:>10.1}", used.memory as f64 / 1e6);
}

/// Runs a command so often, and tells the mean of the times and the most of the memory.
fn used(folder: &Path, arguments: &[&str], times: u32) -> Used {
    let (before, begun) = (measure::processor_time_of_children(), Instant::now());
    for _ in 0..times {
        run(folder, arguments);
    }
    let wall = begun.elapsed() / times;
    let processor = (measure::processor_time_of_children() - before) / times;
    // A short run may be over before it is asked the second time: the most of several is what it takes.
    let memory = (0..times.min(10)).map(|_| most_memory(folder, arguments)).max();
    Used { wall, processor, memory: memory.unwrap_or(0) }
}

/// The most memory of one more run. The system forgets it when the process ends, so it is asked for all the while: what
/// is added in the last fraction of a millisecond is missed.
fn most_memory(folder: &Path, arguments: &[&str]) -> u64 {
    let mut process = command(folder, arguments).spawn().expect("the program");
    let mut most = 0;
    while process.try_wait().expect("a process").is_none() {
        most = measure::peak_memory(process.id()).map_or(most, |now| now.max(most));
        thread::sleep(Duration::from_micros(200));
    }
    most
}

/// How long nothing is to be seen. Progress is drawn for terminals only; `script` lends one.
fn first_progress(folder: &Path) -> String {
    let arguments = replay("log.ndjson").join(" ");
    let begun = Instant::now();
    let process = Command::new("script")
        .args(["-q", "-e", "-f", "-c", &format!("{PROGRAM} {arguments} --progress always >/dev/null"), "/dev/null"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut process) = process else { return "not measured, there is no `script` here".to_owned() };
    let mut first = [0; 1];
    let shown = process.stdout.take().expect("a pipe").read(&mut first).expect("a terminal's text");
    let waited = begun.elapsed();
    process.kill().expect("a process");
    process.wait().expect("a process");
    if shown == 0 { format!("done after {waited:.1?}, none was shown") } else { format!("{waited:.1?}") }
}
