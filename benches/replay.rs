//! Attempts a second, over policies × rows: compilation, replay and counting, without reading.
//!
//! `cargo bench --bench replay -- table` prints nanoseconds of CPU an attempt instead, over policies × attempts × people;
//! `-- profile ROWS PEOPLE POLICIES...` prints some lines of it.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a bench without its data is no bench, and prints what it measured; criterion's group has no docs"
)]

use std::fs::{self, File};
use std::io::BufWriter;
use std::time::{Duration, Instant};

use ca_impact::attempt::{self, Attempts};
use ca_impact::compile;
use ca_impact::diagnostic::Diagnostics;
use ca_impact::frame::{Column, FrameBuilder, Row, SignInFrame};
use ca_impact::impact::{Breakdown, Keys};
use ca_impact::ingest::{self, MaxBadRows};
use ca_impact::policy::{self, Candidate};
use ca_impact::replay;
use ca_impact::tenant::Tenant;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group};

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::bulk::{bulk, bulk_policies, bulk_tenant};
use generator::formats::Shape;

const ROWS: usize = 100_000;

fn read_frame(folder: &std::path::Path) -> SignInFrame {
    let path = folder.join("log.ndjson");
    let mut file = BufWriter::new(File::create(&path).expect("a temporary file"));
    bulk(7, ROWS, &mut file, Shape::DiagnosticLines).expect("a log");
    drop(file);
    let options = ingest::Options { max_bad_rows: MaxBadRows::Rows(0), ..ingest::Options::default() };
    ingest::ingest(&[path.display().to_string()], &options, &()).expect("a readable log").frame
}

fn gather(frame: SignInFrame) -> Attempts {
    let options = attempt::Options::default();
    attempt::gather(frame, &Tenant::empty().risk_detections, &options, &mut Diagnostics::default())
}

/// A log of this many rows and people in memory: rows of the log again, as sign-ins of other people.
fn grown(frame: &SignInFrame, rows: usize, people: &[&str]) -> Attempts {
    let mut builder = FrameBuilder::default();
    for number in 0..rows {
        let (copy, row) = (number / frame.rows(), number % frame.rows());
        let mut grown = Row::new(frame.created()[row]);
        for column in Column::ALL.iter().copied() {
            if let Some(text) = frame.text(column, row) {
                grown.set(column, text);
            }
        }
        // All rows of an attempt are of one person.
        let request = frame.text(Column::OriginalRequestId, row).unwrap_or("");
        let mixed =
            request.bytes().fold(copy as u64, |mixed, byte| (mixed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let person = (mixed >> 20) as usize % people.len();
        let renamed = |column| format!("{}-{copy}", frame.text(column, row).unwrap_or(""));
        for column in [Column::Id, Column::OriginalRequestId, Column::CorrelationId] {
            grown.set(column, renamed(column));
        }
        grown.set(Column::SessionId, format!("{}-{person}", frame.text(Column::SessionId, row).unwrap_or("")));
        grown.set(Column::UserId, people[person]);
        grown.set(Column::UserPrincipalName, format!("user{person:05}@contoso.example"));
        builder.push(&grown);
    }
    gather(builder.finish())
}

/// The time that all threads of this process have had a core; the clock's time where the system does not say.
fn cpu(start: Instant) -> Duration {
    let threads = fs::read_dir("/proc/self/task").into_iter().flatten().flatten();
    let ran = |thread: fs::DirEntry| {
        let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    let all: u64 = threads.filter_map(ran).sum();
    if all == 0 { start.elapsed() } else { Duration::from_nanos(all) }
}

/// The least of three tries: other programs can only add to it. Each is long beside the system's clock for threads.
fn least_cpu(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    let mut again = || {
        let (before, mut times) = (cpu(start), 0);
        loop {
            work();
            times += 1;
            let spent = cpu(start).saturating_sub(before);
            if spent > Duration::from_millis(400) {
                return spent / times;
            }
        }
    };
    (0..3).map(|_| again()).min().unwrap_or_default()
}

/// Policies × attempts × people, in nanoseconds of CPU an attempt.
fn table(worlds: &[(usize, usize)], policies: &[usize]) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let frame = read_frame(folder.path());
    println!("| attempts | people | policies | replay | keys | compile |");
    println!("|---:|---:|---:|---:|---:|---:|");
    for (rows, users) in worlds.iter().copied() {
        let named = folder.path().join(format!("tenant-{users}"));
        fs::create_dir_all(&named).expect("a folder");
        let files = bulk_tenant(users * 100);
        for (name, text) in &files {
            fs::write(named.join(name), text).expect("a tenant file");
        }
        let (tenant, _) = Tenant::load(&named).expect("a readable tenant");
        let listed = files["userRegistrationDetails.csv"].lines().skip(1);
        let people: Vec<&str> = listed.map(|line| line.split(',').next().expect("an id")).collect();
        let attempts = grown(&frame, rows, &people);
        let scope: Vec<usize> = (0..attempts.list.len()).collect();
        let each = |time: Duration| time.as_nanos() as f64 / scope.len() as f64;
        let keys = Keys::read(&attempts);
        let reading = least_cpu(|| assert!(Keys::read(&attempts).key(Breakdown::User, 0).is_some()));
        for policies in policies.iter().copied() {
            let candidates = candidates(folder.path(), policies);
            let start = Instant::now();
            let before = cpu(start);
            let plan = compile::compile(&candidates, &attempts, &tenant, &mut Diagnostics::default());
            let compiling = cpu(start).saturating_sub(before);
            let replaying = least_cpu(|| {
                let impact = replay::replay(&plan, &attempts, &keys, &scope);
                assert_eq!(impact.combined.tally.population(), scope.len() as u64);
            });
            println!(
                "| {} | {} | {policies} | {:.1} | {:.0} | {:.0} |",
                scope.len(),
                attempts.users,
                each(replaying),
                each(reading),
                each(compiling)
            );
        }
    }
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
    let attempts = gather(read_frame(folder.path()));
    let keys = Keys::read(&attempts);
    let scope: Vec<usize> = (0..attempts.list.len()).collect();
    let mut group = criterion.benchmark_group("replay");
    group.sample_size(10).throughput(Throughput::Elements(attempts.list.len() as u64));
    for policies in [1, 16, 64, 256] {
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

fn main() {
    let typed: Vec<String> = std::env::args().collect();
    if typed.iter().any(|arg| arg == "table") {
        table(&[(110_000, 1_000), (1_100_000, 10_000), (1_100_000, 250_000), (2_200_000, 20_000)], &[1, 16, 64, 256]);
    } else if let Some(at) = typed.iter().position(|arg| arg == "profile") {
        let numbers: Vec<usize> = typed.iter().skip(at + 1).filter_map(|arg| arg.parse().ok()).collect();
        let (world, policies) = numbers.split_at_checked(2).expect("rows, people and policies");
        table(&[(world[0], world[1])], policies);
    } else {
        all();
        Criterion::default().configure_from_args().final_summary();
    }
}
