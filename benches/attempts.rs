//! Nanoseconds of CPU a row between reading and the replay: merging copies, grouping, compiling, keys.
//!
//! `cargo bench --bench attempts -- [ROWS] [--write FOLDER]`; with a folder, the log, the policies and the tenant that
//! were measured are left there for the program itself. Figures are means over some runs, of the CPU time of the one
//! thread that works: other work on the machine matters little.

#![allow(
    clippy::expect_used,
    clippy::print_stdout,
    missing_docs,
    reason = "a bench without its data is no bench, and printing is what it does"
)]

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::time::Instant;

use ca_impact::attempt::population::OwnTenant;
use ca_impact::attempt::rows::{self, Rows};
use ca_impact::attempt::{self, population};
use ca_impact::compile::recorded::Recorded;
use ca_impact::compile::{self, Sources};
use ca_impact::diagnostic::Diagnostics;
use ca_impact::impact::Keys;
use ca_impact::ingest;
use ca_impact::policy;
use ca_impact::tenant::Tenant;

#[path = "../tests/generator/mod.rs"]
mod generator;

use generator::bulk::{bulk, bulk_policies, bulk_tenant};
use generator::formats::Shape;

const RUNS: u32 = 5;
const MOST_RUNS: u32 = 100;
const ENOUGH: f64 = 0.5e9;
const POLICIES: [usize; 3] = [1, 16, 64];

fn write(folder: &Path, rows: usize) {
    let mut log = BufWriter::new(File::create(folder.join("log.ndjson")).expect("a file"));
    bulk(7, rows, &mut log, Shape::DiagnosticLines).expect("a log");
    for policies in POLICIES {
        let folder = folder.join(format!("policies-{policies}"));
        fs::create_dir_all(&folder).expect("a folder");
        for (place, (_, policy)) in bulk_policies(policies).iter().enumerate() {
            fs::write(folder.join(format!("{place:03}.json")), policy.to_string()).expect("a policy");
        }
    }
    for (name, text) in bulk_tenant(rows) {
        let path = folder.join("tenant").join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a tenant file");
    }
}

/// CPU nanoseconds of this thread; on systems that do not tell them, those of the clock.
fn cpu(start: Instant) -> f64 {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let cpu = told.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    cpu.unwrap_or_else(|| start.elapsed().as_secs_f64() * 1e9)
}

/// Prints what a stage takes, and hands over what it makes.
fn measured<In, Out>(stage: &str, rows: usize, mut given: impl FnMut() -> In, mut work: impl FnMut(In) -> Out) -> Out {
    let start = Instant::now();
    let (mut spent, mut runs) = (0.0, 0);
    loop {
        let given = given();
        let before = cpu(start);
        let out = work(given);
        spent += cpu(start) - before;
        runs += 1;
        // Some systems tell the time in steps of milliseconds: many runs even them out.
        if runs >= RUNS && (spent >= ENOUGH || runs >= MOST_RUNS) {
            println!("{stage:<24}{:>8.1} ns a row", spent / f64::from(runs) / rows as f64);
            return out;
        }
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let rows = arguments.first().and_then(|rows| rows.parse().ok()).unwrap_or(150_000);
    let kept = arguments.iter().position(|argument| argument == "--write").and_then(|at| arguments.get(at + 1));
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let folder = kept.map_or(temporary.path(), Path::new);
    fs::create_dir_all(folder).expect("a folder");
    write(folder, rows);

    let log = folder.join("log.ndjson").display().to_string();
    let frame = ingest::ingest(&[log], &ingest::Options::default(), &()).expect("a readable log").frame;
    let (tenant, _) = Tenant::load(&folder.join("tenant")).expect("a readable tenant");
    let rows = frame.rows();
    println!("{rows} rows");
    let unique = || attempt::unique(frame.clone());
    measured("merge copies", rows, || frame.clone(), attempt::unique);
    let own_tenant = OwnTenant::of(&population::resource_tenants(&frame), None);
    let attempts = measured("read rows and group", rows, unique, |unique| {
        attempt::gather_unique(unique, own_tenant.clone(), &tenant.risk_detections, false)
    });
    let people = rows::people(&attempts.frame);
    let own_tenant = attempts.own_tenant.as_deref();
    let facts = measured("read rows again", rows, || (), |()| Rows::read(&attempts.frame, &people, own_tenant));
    for policies in POLICIES {
        let folder = folder.join(format!("policies-{policies}"));
        let (candidates, _) = policy::load(&[folder.display().to_string()]).expect("readable policies");
        measured(
            &format!("compile {policies}"),
            rows,
            || (),
            |()| {
                let recorded = Recorded::read(&[], &attempts, &facts);
                let sources = Sources { attempts: &attempts, rows: &facts, tenant: &tenant, recorded: &recorded };
                compile::compile_from(&candidates, sources, &mut Diagnostics::default())
            },
        );
    }
    measured("keys", rows, || (), |()| Keys::read(&attempts));
}
