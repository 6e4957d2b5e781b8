//! Behaviour in an administrator's words: every `*.txt` beside this file, replayed by the program as a black box.
//!
//! A case is a block of lines; blank lines part cases. `language.rs` reads it, `world.rs` (which lists the defaults of a
//! sign-in) writes the files, this file runs `ca-impact replay` and compares. Nothing here knows how Conditional Access
//! behaves. `CASES=risk.txt:12` in the environment runs only the cases whose place contains it.
//!
//! ```text
//! # Trap 1: a comment line names the example, trap or clarification, and the rules.
//! policy   R  sign-in-risk=high,medium  require=mfa  every-time
//! user     ann  member  mfa-capable=no
//! sign-in  s1  user=ann  risk=medium  => R: interrupted, blocked  reasons=mfaNotRegistered
//! sign-in  s2  user=bob  risk=low     => R: notApplied, unaffected  not_matched=signInRisk
//!                                     => attempts 2
//!                                     => report R: users effect=blocked people=1..1
//! ```
//!
//! Statements: `policy`, `existing` (a policy for `--existing`), `group`, `role`, `location`, `user`, `risky-user`, `risk-history`, `device`, `tenant KEY = VALUE`
//! (a line of `tenant.toml`), `file NAME TEXT` (any tenant file), `given v1.0|diagnostic`, `with --option` (of `replay`),
//! `sign-in`, `then` (the next row of that attempt: its fields, a new id, 30 s later or `after=`), `copy of`.
//! An expectation stands on the row that it takes for the terminal row. `a to b` is a range, `column=x` the whole cell,
//! `column~x` one item of it (`missing` always so), `column=` nothing. `outside` = no verdict for that row.

#![expect(clippy::expect_used, reason = "a case that cannot be run is a failed test")]
#![expect(clippy::panic, reason = "all failures are told at once, as places and texts")]

mod language;
mod world;

use std::collections::BTreeSet;
use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use serde_json::Value;

use language::{Case, Column, Expected, Statement, Word};

#[test]
fn every_case_answers_as_it_says() {
    let wanted = std::env::var("CASES").unwrap_or_default();
    let cases = cases();
    let cases: Vec<&Case> = cases.iter().filter(|case| place(case, case.line).contains(&wanted)).collect();
    let (next, failures) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, NonZero::get) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = run(case).unwrap_or_else(|error| vec![(case.line, error)]);
                    let told = found.into_iter().map(|(line, message)| (case.file.clone(), line, message));
                    failures.lock().expect("no thread panics with the lock").extend(told);
                }
            });
        }
    });
    let mut failures = failures.into_inner().expect("no thread panicked");
    failures.sort();
    let told: Vec<String> = failures.iter().map(|(file, line, message)| format!("{file}:{line}: {message}")).collect();
    assert!(told.is_empty(), "{} expectations of {} cases fail:\n{}", told.len(), cases.len(), told.join("\n"));
}

#[test]
fn every_case_is_written_in_the_language_and_names_what_it_shows() {
    for case in cases() {
        let at = place(&case, case.line);
        assert!(!case.headings.is_empty(), "{at}: a case begins with a comment that says what it shows");
        if let Err(error) = world::files(&case) {
            panic!("{error}");
        }
        let mut names = BTreeSet::new();
        for name in case.statements.iter().filter_map(world::row_name) {
            assert!(names.insert(name.to_owned()), "{at}: two rows are called {name}");
        }
        let expectations: usize = case.statements.iter().map(|s| s.expected.len()).sum();
        assert!(expectations > 0, "{at}: nothing is expected");
    }
}

#[test]
fn every_example_trap_and_clarification_has_a_case() {
    let cases = cases();
    let headings: Vec<&str> = cases.iter().flat_map(|case| case.headings.iter().map(String::as_str)).collect();
    let missing: Vec<String> = (1..=25)
        .map(|n| format!("Example {n} "))
        .chain((1..=65).map(|n| format!("Trap {n}: ")))
        .chain((1..=35).map(|n| format!("C{n}")))
        .filter(|wanted| {
            !headings.iter().any(|heading| match wanted.strip_prefix('C') {
                Some(_) => heading.split(|c: char| !c.is_alphanumeric()).any(|word| word == wanted),
                None => heading.starts_with(wanted.as_str()),
            })
        })
        .collect();
    assert!(missing.is_empty(), "no case for {missing:?}");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

fn place(case: &Case, line: usize) -> String {
    format!("{}:{line}", case.file)
}

fn cases() -> Vec<Case> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder())
        .expect("the folder of cases")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(&path).expect("a case file is text");
        match language::parse(&format!("tests/cases/{name}"), &text) {
            Ok(found) => cases.extend(found),
            Err(error) => panic!("{error}"),
        }
    }
    cases
}

/// What the program said about one case.
struct Answer {
    verdicts: Vec<Value>,
    report: Option<Value>,
}

/// Runs one case and tells each expectation that fails, with its line.
fn run(case: &Case) -> Result<Vec<(usize, String)>, String> {
    let answer = replay(case)?;
    let mut failures = Vec::new();
    for statement in &case.statements {
        for (line, expected) in &statement.expected {
            if let Err(message) = check(&answer, statement, expected) {
                let title = case.headings.first().map_or("", String::as_str);
                failures.push((*line, format!("{message}\n    {title}")));
            }
        }
    }
    Ok(failures)
}

fn replay(case: &Case) -> Result<Answer, String> {
    let folder = tempfile::tempdir().map_err(|e| e.to_string())?;
    let in_folder = |path: &str| folder.path().join(path);
    fs::create_dir_all(in_folder("tenant")).map_err(|e| e.to_string())?;
    for (path, text) in world::files(case)? {
        let path = in_folder(&path);
        let parent = path.parent().unwrap_or(folder.path());
        fs::create_dir_all(parent).and_then(|()| fs::write(&path, text)).map_err(|e| e.to_string())?;
    }
    let wants_report = |statement: &Statement| {
        let mut expected = statement.expected.iter();
        expected.any(|(_, expected)| matches!(expected, Expected::Report { .. }))
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_ca-impact"));
    command
        .env_clear()
        .current_dir(folder.path())
        .args(["replay", "logs", "--policy", "policies", "--tenant", "tenant"]);
    command.args(["--verdicts", "out.ndjson", "--quiet"]);
    let with_report = case.statements.iter().any(wants_report);
    if with_report {
        command.args(["--output", "report.json"]);
    }
    if case.statements.iter().any(|statement| statement.verb == "existing") {
        command.args(["--existing", "existing"]);
    }
    for with in case.statements.iter().filter(|s| s.verb == "with") {
        command.args(with.text.split_whitespace());
    }
    let output = command.output().map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
    }
    let read = |path: &str| fs::read_to_string(in_folder(path)).map_err(|e| format!("{path}: {e}"));
    let parse = |text: &str| serde_json::from_str::<Value>(text).map_err(|e| format!("{e} in {text}"));
    Ok(Answer {
        verdicts: read("out.ndjson")?.lines().map(parse).collect::<Result<_, _>>()?,
        report: if with_report { Some(parse(&read("report.json")?)?) } else { None },
    })
}

fn check(answer: &Answer, statement: &Statement, expected: &Expected) -> Result<(), String> {
    let row = world::row_name(statement).unwrap_or_default();
    // C1: ids are folded; which spelling is printed is not for a case to know.
    let of_row = |verdict: &&Value| text(verdict.get("sign_in_id")).eq_ignore_ascii_case(row);
    match expected {
        Expected::Outside => match answer.verdicts.iter().find(of_row) {
            Some(found) => Err(format!("{row} is outside, but got {found}")),
            None => Ok(()),
        },
        Expected::Attempts(count) => {
            let together = |verdict: &&Value| text(verdict.get("policy")) == "*";
            let got = answer.verdicts.iter().filter(together).count();
            if got == *count { Ok(()) } else { Err(format!("expected {count} attempts, got {got}")) }
        }
        Expected::Verdict { policy, columns } => {
            let mut found = answer.verdicts.iter().filter(of_row).filter(|v| text(v.get("policy")) == *policy);
            let verdict =
                found.next().ok_or_else(|| format!("no verdict has {row} as its terminal row with policy {policy}"))?;
            if found.next().is_some() {
                return Err(format!("two verdicts for {row} and {policy}"));
            }
            let wrong: Vec<String> = columns.iter().filter_map(|column| differs(verdict, column)).collect();
            if wrong.is_empty() {
                Ok(())
            } else {
                Err(format!("{row} {policy}: {}\n    verdict {verdict}", wrong.join("; ")))
            }
        }
        Expected::Report { candidate, list, words } => {
            let report = answer.report.as_ref().ok_or("no report")?;
            entry(report, candidate.as_deref(), list, words)
        }
    }
}

fn differs(verdict: &Value, column: &Column) -> Option<String> {
    let Some(cell) = verdict.get(&column.name) else {
        return Some(format!("there is no column {}", column.name));
    };
    let got = text(Some(cell));
    let holds = if column.contains {
        column.value.split(',').all(|wanted| got.split(',').any(|item| item == wanted))
    } else {
        got == column.value
    };
    let relation = if column.contains { "in " } else { "" };
    (!holds).then(|| format!("{}: expected {relation}`{}`, got `{got}`", column.name, column.value))
}

/// `matrix risk=high effect=blocked interactive=yes attempts=1..1 users=1..2`, `users effect=blocked people=1..1`,
/// `waterfall step=uniqueRows rows=1`: words the entry has as a member choose it, `a..b` and numbers are compared.
fn entry(report: &Value, candidate: Option<&str>, list: &str, words: &[Word]) -> Result<(), String> {
    let matrix = matches!(list, "matrix" | "users");
    let owner = match candidate {
        None if matrix => report.get("combined"),
        None => Some(report),
        Some(name) => report
            .get("candidates")
            .and_then(Value::as_array)
            .and_then(|all| all.iter().find(|one| text(one.get("policy")) == name)),
    };
    let found = owner.and_then(|owner| owner.get(list)).ok_or_else(|| format!("the report has no {list}"))?;
    let value_of = |key: &str| words.iter().find(|word| word.key == key).and_then(|word| word.value.clone());
    let chosen: Vec<&Value> = match found {
        Value::Object(members) => members.get(&value_of("effect").unwrap_or_default()).into_iter().collect(),
        Value::Array(entries) => entries.iter().filter(|entry| words.iter().all(|word| matches(entry, word))).collect(),
        _ => Vec::new(),
    };
    let [chosen] = chosen.as_slice() else {
        return Err(format!("{} entries of {list} fit {words:?}", chosen.len()));
    };
    for word in words.iter().filter(|word| is_figure(word)) {
        let expected = word.value.clone().unwrap_or_default();
        let ends = match expected.split_once("..") {
            None => vec![(word.key.clone(), expected)],
            Some((least, most)) if word.key == "people" => {
                vec![("least".to_owned(), least.to_owned()), ("most".to_owned(), most.to_owned())]
            }
            Some((least, most)) => {
                vec![(format!("{}_least", word.key), least.to_owned()), (format!("{}_most", word.key), most.to_owned())]
            }
        };
        for (member, expected) in ends {
            let got = text(chosen.get(&member));
            if got != expected {
                return Err(format!("{list} {member}: expected {expected}, got {got} in {chosen}"));
            }
        }
    }
    Ok(())
}

fn is_figure(word: &Word) -> bool {
    word.value.as_deref().is_some_and(|value| value.starts_with(|c: char| c.is_ascii_digit()))
}

fn matches(entry: &Value, word: &Word) -> bool {
    is_figure(word) || word.value.as_deref().is_some_and(|value| text(entry.get(&word.key)) == value)
}

/// A cell as a case writes it: nothing is empty, booleans are `yes` and `no`.
fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "no".to_owned(),
        Some(other) => other.to_string(),
    }
}
