//! People apart: however many partitions there are, in memory or in files, the answer is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use ca_impact::attempt::scope::Scope;
use ca_impact::diagnostic::Diagnostics;
use ca_impact::domain::{Effect, RiskLevel};
use ca_impact::export::{Form, Run};
use ca_impact::impact::{Breakdown, Breakdowns, Names, OfRule};
use ca_impact::ingest::{self, Keeping, Spilling};
use ca_impact::partition::{self, Making, Question, Replayed};
use ca_impact::policy;
use ca_impact::tenant::Tenant;

use crate::generator::formats::{self, Shape};
use crate::generator::world::{World, random_world};
use crate::program::Folder;

fn write(world: &World, folder: &Path) {
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    };
    let (first, second) = world.rows.split_at(world.rows.len() / 2);
    write("logs/a.ndjson", &formats::write(Shape::DiagnosticLines, first));
    write("logs/b.json", &formats::write(Shape::GraphPage, second));
    for (place, (_, policy)) in world.policies.iter().enumerate() {
        write(&format!("policies/{place:03}.json"), policy.to_string().as_bytes());
    }
    write("tenant/tenant.toml", b"");
    for (name, text) in &world.tenant {
        write(&format!("tenant/{name}"), text.as_bytes());
    }
}

/// Everything that a replay found out, in an order of its own.
fn told(folder: &Path, keeping: &Keeping, scope: &Scope) -> String {
    let typed = |name: &str| vec![folder.join(name).display().to_string()];
    let logs = typed("logs");
    let mut diagnostics = Diagnostics::default();
    let read = ingest::ingest_apart(&logs, &ingest::Options::default(), keeping, &()).unwrap();
    assert_eq!(read.partitions.are_spilled(), keeping.spilling.is_some());
    let (candidates, _) = policy::load(&typed("policies")).unwrap();
    let (tenant, _) = Tenant::load(&folder.join("tenant")).unwrap();
    let settled = partition::settle(&read.partitions, None, &logs, &mut diagnostics).unwrap();
    let listings = tempfile::tempdir().unwrap();
    let question = Question {
        candidates: &candidates,
        existing: &candidates,
        tenant: &tenant,
        scope,
        named: &BTreeSet::from(["nobody".to_owned()]),
        listings: Some(listings.path()),
    };
    let making = Making { detections: &tenant.risk_detections, one_row_each: false };
    let work = |place, attempts| Replayed::of(question, place, &attempts);
    let all = partition::each(&read.partitions, &settled, making, &work, &Replayed::and).unwrap();

    let mut listing = Vec::new();
    Run::merge(&all.listings, candidates.len() + 1, Form::Ndjson, &mut listing).unwrap();
    let Replayed { impact, names, steps, times, assumptions, proven, results, verification, .. } = &all;
    let mut told = format!(
        "{:?} {:?}\n{:?}\n{steps:?}\n{times:?}\n{assumptions:?} {proven}\n{results:?}\n{verification:?}\n",
        settled.own_tenant, settled.newest, diagnostics
    );
    writeln!(told, "{:?}", read.diagnostics).unwrap();
    writeln!(told, "{:?} {} {} {}", all.seen, all.attempts, all.with_risk, all.with_policies).unwrap();
    for rule in impact.rules.iter().chain([&impact.combined]) {
        let OfRule { tally, breakdowns, funnel, missing, open, reasons } = rule;
        writeln!(told, "{tally:?} {funnel:?} {missing:?} {open} {reasons:?}").unwrap();
        writeln!(told, "{:?}", by_name(names, breakdowns)).unwrap();
    }
    writeln!(told, "{:?} {:?}", by_name(names, &impact.population), impact.assumptions).unwrap();
    told + &String::from_utf8(listing).unwrap()
}

fn by_name(names: &Names, breakdowns: &Breakdowns) -> BTreeMap<(Breakdown, String), String> {
    let of = |breakdown: Breakdown| {
        breakdowns.of(breakdown).iter().map(move |(code, counts)| {
            let key = names.key(breakdown, *code).unwrap();
            ((breakdown, key.key.clone()), format!("{} {counts:?}", key.name))
        })
    };
    Breakdown::ALL.into_iter().flat_map(of).collect()
}

#[test]
fn neither_their_number_nor_where_they_lie_shows() {
    for seed in 0..6 {
        let world = random_world(seed, 120);
        let folder = tempfile::tempdir().unwrap();
        write(&world, folder.path());
        let scope = Scope {
            risk: if seed % 2 == 0 { Vec::new() } else { vec![RiskLevel::High, RiskLevel::None] },
            ..Scope::default()
        };
        let whole = told(folder.path(), &Keeping { partitions: Some(1), spilling: None }, &scope);
        assert!(whole.contains(Effect::Challenged.word()), "the worlds say something");
        for partitions in [2, 7, 64] {
            let apart = told(folder.path(), &Keeping { partitions: Some(partitions), spilling: None }, &scope);
            assert!(apart == whole, "seed {seed}: {partitions} partitions\n{apart}\n{whole}");
            let spill = tempfile::tempdir().unwrap();
            // Every file's rows are too many.
            let spilling = Some(Spilling { at: 1, folder: spill.path().to_owned() });
            let spilled = told(folder.path(), &Keeping { partitions: Some(partitions), spilling }, &scope);
            assert!(spilled == whole, "seed {seed}: {partitions} partitions in files\n{spilled}\n{whole}");
            assert!(fs::read_dir(spill.path()).unwrap().count() > 1);
        }
    }
}

#[test]
fn users_that_another_file_tells_bring_their_rows_home() {
    let folder = tempfile::tempdir().unwrap();
    let world = random_world(3, 60);
    write(&world, folder.path());
    // A table of chosen columns: its rows are copies of those above, without the user.
    let mut table =
        "\"CreatedDateTime\",\"Id\",\"AppDisplayName\",\"ClientAppUsed\",\"RiskLevelDuringSignIn\"\n".to_owned();
    for row in world.rows.iter().take(30) {
        let text = |name: &str| row.value[name].as_str().unwrap_or("").replace('"', "\"\"");
        writeln!(table, "\"{}\",\"{}\",\"App\",\"Browser\",\"none\"", text("createdDateTime"), text("id")).unwrap();
    }
    fs::write(folder.path().join("logs/c.csv"), table).unwrap();
    let whole = told(folder.path(), &Keeping { partitions: Some(1), spilling: None }, &Scope::default());
    let spill = tempfile::tempdir().unwrap();
    let spilling = Some(Spilling { at: 1, folder: spill.path().to_owned() });
    let spilled = told(folder.path(), &Keeping { partitions: Some(9), spilling }, &Scope::default());
    assert!(whole.contains("rows take the user id from another file's row of the same id"), "{whole}");
    assert!(spilled == whole, "{spilled}\n{whole}");
}

#[test]
fn a_budget_that_cannot_be_held_is_refused() {
    let folder = Folder::new().with("log.ndjson", "");
    let said = |arguments: &str| {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let little = said("replay log.ndjson --policy template:require-mfa-for-risky-sign-ins --memory 20MB");
    assert!(little.contains("`20MB` is too little to work in; give 256MiB or more"), "{little}");
    let mut nowhere = crate::program::program();
    nowhere.current_dir(folder.path("")).env("TMPDIR", "nowhere");
    let typed = "replay log.ndjson --policy template:require-mfa-for-risky-sign-ins --memory 256MiB";
    let output = nowhere.args(typed.split(' ')).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.starts_with("nowhere: error: a folder for temporary files cannot be made: its folder does"), "{told}");
    let elsewhere = said("inspect log.ndjson --memory 1GiB");
    assert!(
        elsewhere.starts_with("command line: error: `--memory` is for `replay` and `verify`\n  help: "),
        "{elsewhere}"
    );
}

#[test]
fn a_budget_changes_no_byte() {
    let folder = tempfile::tempdir().unwrap();
    write(&random_world(11, 200), folder.path());
    fs::create_dir(folder.path().join("tmp")).unwrap();
    let run = |budget: &[&str]| {
        let typed = "replay logs --policy policies --tenant tenant --format json --verdicts verdicts.csv -v";
        let mut command = crate::program::program();
        command.current_dir(folder.path()).env("TMPDIR", folder.path().join("tmp"));
        let output = command.args(typed.split(' ')).args(budget).output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        (output.stdout, output.stderr, fs::read(folder.path().join("verdicts.csv")).unwrap())
    };
    assert!(run(&["--memory", "256MiB"]) == run(&[]));
    assert_eq!(fs::read_dir(folder.path().join("tmp")).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_nothing_behind() {
    use std::process::{Command, Stdio};

    let folder = Folder::new().with("tmp/keep", "");
    let mut child = crate::program::program()
        .current_dir(folder.path(""))
        .env("TMPDIR", folder.path("tmp"))
        .args(["replay", "-", "--policy", "template:require-mfa-for-risky-sign-ins", "--memory", "256MiB"])
        .args(["--output", "report.json", "--verdicts", "verdicts.csv"])
        // Nothing ever comes: the run waits for it, with its outputs open.
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let count = || folder.files().len() + fs::read_dir(folder.path("tmp")).unwrap().count();
    let started = std::time::Instant::now();
    // tmp, two outputs and a folder beside them; in tmp what was there and a folder.
    while count() < 6 {
        assert!(started.elapsed().as_secs() < 60, "the run has not begun: {:?}", folder.files());
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folder.files(), ["tmp"]);
    assert_eq!(fs::read_dir(folder.path("tmp")).unwrap().count(), 1);
}
