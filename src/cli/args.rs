//! What was typed. Nothing here opens a file or asks the environment.

use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, RangedU64ValueParser, TypedValueParser};
use clap::{ArgAction, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::collect::MOST_DAYS;
use crate::domain::{Effect, Outcome, RiskLevel, Spelled};
use crate::explain::Sought;
use crate::ingest::{DateOrder, MaxBadRows};
use crate::report::{Format, PageFormat};

use super::limit::Limit;
use super::when::When;

/// Replays exported Microsoft Entra sign-in logs against candidate Conditional Access policies.
#[derive(Debug, Parser)]
#[command(name = "ca-impact", version, about, max_term_width = 100, propagate_version = true, after_help = EXIT_STATUS)]
pub struct Args {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Options of every command.
    #[command(flatten)]
    pub everywhere: Everywhere,
}

const EXIT_STATUS: &str = "Exit status: 0 done, within limits; 1 an input or output could not be used; \
2 the command line or a policy is wrong, nothing was replayed; 3 report written, a limit was crossed.";

/// One subcommand each.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Who would be challenged or blocked by these policies, had they been on
    Replay(Box<Replay>),
    /// Replayed against recorded results, policy by policy: how far the replay can be trusted in this tenant
    Verify(Box<Verify>),
    /// What an export holds, and what can be replayed from it
    ///
    /// For each file and for all: format, rows, copies, window and days without rows, categories, users and
    /// applications, risk levels, how often each signal is recorded. So: which conditions and controls can be replayed
    /// from it, which tenant facts they need besides, and which export records what is missing. No policy is read.
    Inspect(Inspect),
    /// Why: every row, condition and control of one sign-in, and how they became its verdict
    ///
    /// One attempt by the id of any of its rows, or a sample by what would come of it. For each: the rows and copies it was
    /// made from and which of them is evaluated; what every condition of every candidate saw, in which field of which
    /// file, and its answer; each control with the evidence for or against it; how the result became the effect; which
    /// facts would narrow it; the rule of the reference behind each step; and the What If request that asks the tenant
    /// the same question.
    Explain(Box<Explain>),
    /// Mistakes in policies, before any log is read
    Lint(Lint),
    /// Any export as one file of canonical columns, to replay often or to query
    Convert(Convert),
    /// A PowerShell script that exports exactly what these policies need, and only reads
    Collect(Collect),
    /// Microsoft's policy templates and managed policies, ready to replay
    Template(Template),
    /// A completion script for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// The manual page
    Man,
}

impl Command {
    /// Whether it can hold to `--memory`: it needs only some people's rows at a time.
    #[must_use]
    pub fn holds_to_memory(&self) -> bool {
        matches!(self, Command::Replay(_) | Command::Verify(_))
    }

    /// Which attempts it is about, where it is about attempts.
    #[must_use]
    pub fn scope(&self) -> Option<&Scope> {
        match self {
            Command::Replay(replay) => Some(&replay.scope),
            Command::Verify(verify) => Some(&verify.scope),
            Command::Explain(explain) => Some(&explain.scope),
            _ => None,
        }
    }
}

/// Options of every command.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct Everywhere {
    /// Worker threads [default: one a core]; never changes a number
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    pub threads: Option<u16>,
    /// Memory that `replay` and `verify` may take, such as `2GiB`; rows beyond it go to temporary files [default: all]
    #[arg(long, global = true, value_name = "BYTES", value_parser = memory)]
    pub memory: Option<u64>,
    /// Say nothing but errors on standard error
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Say notes too on standard error
    #[arg(long, short, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    pub verbose: u8,
    /// Accepted for scripts: nothing is said by colour (`NO_COLOR` holds too)
    #[arg(long, global = true)]
    pub no_color: bool,
    /// Progress bars on standard error, for anything over a second
    #[arg(long, global = true, value_name = "WHEN", value_enum, default_value_t = Progress::Auto)]
    pub progress: Progress,
}

/// When progress is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Progress {
    /// If standard error is a terminal.
    Auto,
    /// In any case.
    Always,
    /// Not at all.
    Never,
}

/// `ca-impact replay`.
#[derive(Debug, clap::Args)]
pub struct Replay {
    /// Sign-in exports: files, folders (searched recursively), globs, or `-` for standard input
    #[arg(required = true, value_name = "LOGS")]
    pub logs: Vec<String>,
    /// A candidate: Graph policy JSON (file or folder), or `template:NAME`; repeatable
    #[arg(long = "policy", required = true, value_name = "P", action = ArgAction::Append)]
    pub policies: Vec<String>,
    /// Policies that were enforced while the log was written; repeatable
    #[arg(long, value_name = "P", action = ArgAction::Append)]
    pub existing: Vec<String>,
    /// Folder with the facts that a log lacks: groups, roles, registration details, named locations, …
    #[arg(long, value_name = "DIR")]
    pub tenant: Option<PathBuf>,
    /// Which attempts are counted.
    #[command(flatten)]
    pub scope: Scope,
    /// What is written.
    #[command(flatten)]
    pub reports: Reports,
    /// How exports are read.
    #[command(flatten)]
    pub reading: Reading,
}

/// `ca-impact verify`.
#[derive(Debug, clap::Args)]
pub struct Verify {
    /// Sign-in exports: files, folders (searched recursively), globs, or `-` for standard input
    #[arg(required = true, value_name = "LOGS")]
    pub logs: Vec<String>,
    /// Policies as they were while the log was written, with their ids: Graph JSON (file or folder); repeatable
    #[arg(long = "policy", required = true, value_name = "P", action = ArgAction::Append)]
    pub policies: Vec<String>,
    /// Policies whose recorded rules prove membership and locations; none proves anything for itself; repeatable
    #[arg(long, value_name = "P", action = ArgAction::Append)]
    pub existing: Vec<String>,
    /// Folder with the facts that a log lacks: groups, roles, registration details, named locations, …
    #[arg(long, value_name = "DIR")]
    pub tenant: Option<PathBuf>,
    /// Which attempts are compared.
    #[command(flatten)]
    pub scope: Scope,
    /// Form of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Reports", value_parser = PossibleValuesParser::new(PageFormat::ALL.map(PageFormat::word)).map(page_format))]
    pub format: PageFormat,
    /// Also write the report to a file: `.json` or `.md`; repeatable
    #[arg(long, value_name = "FILE", action = ArgAction::Append, help_heading = "Reports")]
    pub output: Vec<PathBuf>,
    /// How exports are read.
    #[command(flatten)]
    pub reading: Reading,
}

/// `ca-impact inspect`.
#[derive(Debug, clap::Args)]
pub struct Inspect {
    /// Sign-in exports: files, folders (searched recursively), globs, or `-` for standard input
    #[arg(required = true, value_name = "LOGS")]
    pub logs: Vec<String>,
    /// Form of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Reports", value_parser = PossibleValuesParser::new(PageFormat::ALL.map(PageFormat::word)).map(page_format))]
    pub format: PageFormat,
    /// Also write the report to a file: `.json` or `.md`; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Reports", action = ArgAction::Append)]
    pub output: Vec<PathBuf>,
    /// How exports are read.
    #[command(flatten)]
    pub reading: Reading,
}

/// `ca-impact explain`.
#[derive(Debug, clap::Args)]
pub struct Explain {
    /// Sign-in exports: files, folders (searched recursively), globs, or `-` for standard input
    #[arg(required = true, value_name = "LOGS")]
    pub logs: Vec<String>,
    /// A candidate: Graph policy JSON (file or folder), or `template:NAME`; repeatable
    #[arg(long = "policy", required = true, value_name = "P", action = ArgAction::Append)]
    pub policies: Vec<String>,
    /// Policies that were enforced while the log was written, whose recorded rules prove membership; repeatable
    #[arg(long, value_name = "P", action = ArgAction::Append)]
    pub existing: Vec<String>,
    /// Folder with the facts that a log lacks: groups, roles, registration details, named locations, …
    #[arg(long, value_name = "DIR")]
    pub tenant: Option<PathBuf>,
    /// A sign-in by the id of any of its rows, whatever the scope; repeatable
    #[arg(long, value_name = "ID", action = ArgAction::Append, value_parser = sign_in_id, conflicts_with_all = ["effect", "result", "limit"])]
    pub sign_in: Vec<String>,
    /// A sample with this effect of all candidates together; `undetermined`: the two ends differ, together or by one
    #[arg(long, value_name = "EFFECT", value_parser = sought(Effect::ALL, Effect::word))]
    pub effect: Option<Sought<Effect>>,
    /// A sample with this result of all candidates together, or `undetermined`
    #[arg(long, value_name = "RESULT", value_parser = sought(Outcome::ALL, Outcome::word))]
    pub result: Option<Sought<Outcome>>,
    /// How many sign-ins a sample shows
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    pub limit: usize,
    /// Which attempts a sample is taken from.
    #[command(flatten)]
    pub scope: Scope,
    /// Form of the explanation on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Reports", value_parser = PossibleValuesParser::new(PageFormat::ALL.map(PageFormat::word)).map(page_format))]
    pub format: PageFormat,
    /// Also write the explanation to a file: `.json` or `.md`; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Reports", action = ArgAction::Append)]
    pub output: Vec<PathBuf>,
    /// How exports are read.
    #[command(flatten)]
    pub reading: Reading,
}

/// Which attempts are counted, by their terminal row, after all evidence is gathered.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Scope")]
pub struct Scope {
    /// From this time on: RFC 3339, a date, or `7d`/`24h` before the newest row
    #[arg(long, value_name = "T")]
    pub from: Option<When>,
    /// Up to this time; a date includes its whole day
    #[arg(long, value_name = "T")]
    pub to: Option<When>,
    /// A user, by id or user principal name; repeatable
    #[arg(long, value_name = "USER", action = ArgAction::Append)]
    pub user: Vec<String>,
    /// A client application, by id or name; repeatable
    #[arg(long, value_name = "APP", action = ArgAction::Append)]
    pub app: Vec<String>,
    /// A country as recorded, such as `DE`; repeatable
    #[arg(long, value_name = "CC", action = ArgAction::Append)]
    pub country: Vec<String>,
    /// A level during sign-in: high, medium, low, none, unknown; repeatable
    #[arg(long, value_name = "LEVEL", action = ArgAction::Append, value_parser = risk_level)]
    pub risk: Vec<RiskLevel>,
    /// Interactive attempts alone, too, or not at all
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Interactive::Also)]
    pub interactive: Interactive,
    /// One row is one attempt, as Microsoft's workbooks count
    #[arg(long)]
    pub rows: bool,
    /// The tenant whose policies these are [default: `tenant-id` of tenant.toml, else the most frequent one]
    #[arg(long, value_name = "ID")]
    pub own_tenant: Option<String>,
}

/// Which attempts by interactivity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Interactive {
    /// Interactive attempts only.
    Only,
    /// Interactive attempts and the others.
    Also,
    /// Only the others.
    Not,
}

/// What is written.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reports")]
pub struct Reports {
    /// Form of the report on standard output
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::word)).map(format))]
    pub format: Format,
    /// Also write the report to a file: `.json`, `.md` or `.csv`; repeatable
    #[arg(long, value_name = "FILE", action = ArgAction::Append)]
    pub output: Vec<PathBuf>,
    /// One line an attempt and candidate: `.csv`, `.ndjson`, `.parquet` or `.arrow`; repeatable
    #[arg(long, value_name = "FILE", action = ArgAction::Append)]
    pub verdicts: Vec<PathBuf>,
    /// How many users, applications, … the breakdowns show
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub top: usize,
    /// Exit with status 3 if a figure crosses a limit, such as `blocked-users>0`; repeatable
    #[arg(long, value_name = "NAME>N", action = ArgAction::Append)]
    pub fail_on: Vec<Limit>,
}

/// How exports are read.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Reading")]
pub struct Reading {
    /// How dates like 1/9/2026 are read, where a file does not say
    #[arg(long, value_name = "ORDER", value_parser = date_order)]
    pub dates: Option<DateOrder>,
    /// The separator of CSV files [default: a comma, or what makes sense of the header]
    #[arg(long, value_name = "C", value_parser = separator)]
    pub separator: Option<char>,
    /// Bad records that are skipped before the run is refused: a number, or a share [default: 1%; `inspect` goes on]
    #[arg(long, value_name = "N|P%", value_parser = max_bad_rows)]
    pub max_bad_rows: Option<MaxBadRows>,
    /// Bytes that one packed file may come to, such as `20GiB` [default: 8GiB, and 300 times its size]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    pub max_unpacked: Option<u64>,
    /// Put the SHA-256 of every input into the JSON report
    #[arg(long)]
    pub hash_inputs: bool,
}

/// `ca-impact lint`.
#[derive(Debug, clap::Args)]
pub struct Lint {
    /// A policy: Graph policy JSON (file or folder), or `template:NAME`; repeatable
    #[arg(long = "policy", required = true, value_name = "P", action = ArgAction::Append)]
    pub policies: Vec<String>,
    /// Folder with facts of the tenant, to check ids, trusted locations and emergency access accounts against
    #[arg(long, value_name = "DIR")]
    pub tenant: Option<PathBuf>,
    /// Form of the findings on standard output
    #[arg(long, value_name = "FORMAT", help_heading = "Reports", default_value = "table", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::word)).map(format))]
    pub format: Format,
    /// Also write the findings to a file: `.json`, `.md` or `.csv`; repeatable
    #[arg(long, value_name = "FILE", help_heading = "Reports", action = ArgAction::Append)]
    pub output: Vec<PathBuf>,
    /// Exit with status 3 if there is a finding of this severity or a worse one
    #[arg(long, value_name = "SEVERITY", help_heading = "Reports", value_enum)]
    pub deny: Option<Deny>,
}

/// The mildest finding that counts as a crossed limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Deny {
    /// What Entra would refuse, or what cannot work.
    Error,
    /// What is very likely not meant, too.
    Warning,
    /// Everything.
    Note,
}

/// `ca-impact convert`.
#[derive(Debug, clap::Args)]
pub struct Convert {
    /// Sign-in exports: files, folders (searched recursively), globs, or `-` for standard input
    #[arg(required = true, value_name = "LOGS")]
    pub logs: Vec<String>,
    /// The file: `.parquet` or `.arrow`
    #[arg(long, required = true, value_name = "FILE")]
    pub output: PathBuf,
    /// How exports are read.
    #[command(flatten)]
    pub reading: Reading,
}

/// `ca-impact collect`.
#[derive(Debug, clap::Args)]
pub struct Collect {
    /// A policy to be replayed: Graph policy JSON (file or folder), or `template:NAME`; repeatable
    #[arg(long = "policy", required = true, value_name = "P", action = ArgAction::Append)]
    pub policies: Vec<String>,
    /// How many days of sign-ins, today included; Microsoft Entra keeps them for 30
    #[arg(long, value_name = "DAYS", default_value_t = MOST_DAYS, value_parser = clap::value_parser!(u16).range(1..=i64::from(MOST_DAYS)))]
    pub since: u16,
    /// Write the script to a file, `.ps1`, and not to standard output
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `ca-impact template`.
#[derive(Debug, clap::Args)]
pub struct Template {
    /// What to do with templates.
    #[command(subcommand)]
    pub action: TemplateAction,
}

/// What to do with templates.
#[derive(Debug, Subcommand)]
pub enum TemplateAction {
    /// All templates by name
    List,
    /// The policy JSON of a template
    Show {
        /// Its name or GUID
        name: String,
    },
    /// Write the policy JSON of a template to a file
    Write {
        /// Its name or GUID
        name: String,
        /// The file
        file: PathBuf,
    },
}

#[expect(clippy::needless_pass_by_value, reason = "clap hands over the text")]
fn format(text: String) -> Format {
    // Only words of the list get here.
    Format::ALL.into_iter().find(|format| format.word() == text).unwrap_or(Format::Table)
}

#[expect(clippy::needless_pass_by_value, reason = "clap hands over the text")]
fn page_format(text: String) -> PageFormat {
    // Only words of the list get here.
    PageFormat::ALL.into_iter().find(|format| format.word() == text).unwrap_or(PageFormat::Table)
}

/// Reads one of these words, or `undetermined`.
fn sought<T: Copy + Send + Sync + 'static, const N: usize>(
    all: [T; N],
    word: fn(T) -> &'static str,
) -> impl TypedValueParser<Value = Sought<T>> {
    let words = all.into_iter().map(word).chain([UNDETERMINED]);
    PossibleValuesParser::new(words)
        .map(move |text| all.into_iter().find(|one| word(*one) == text).map_or(Sought::Undetermined, Sought::Certainly))
}

const UNDETERMINED: &str = "undetermined";

fn sign_in_id(text: &str) -> Result<String, String> {
    if text.trim().is_empty() { Err("write the id of a sign-in".to_owned()) } else { Ok(text.to_owned()) }
}

fn risk_level(text: &str) -> Result<RiskLevel, String> {
    RiskLevel::spelled(text)
        .ok_or_else(|| format!("`{text}` is not a level; write one of high, medium, low, none, unknown"))
}

fn date_order(text: &str) -> Result<DateOrder, String> {
    match text {
        "month-first" => Ok(DateOrder::MonthFirst),
        "day-first" => Ok(DateOrder::DayFirst),
        _ => Err(format!("`{text}` is not an order; write `month-first` or `day-first`")),
    }
}

fn separator(text: &str) -> Result<char, String> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(character), None) if !character.is_alphanumeric() && character != '"' => Ok(character),
        _ if text == "tab" || text == "\\t" => Ok('\t'),
        _ => Err(format!("`{text}` is not a separator; write one character such as `;`, or `tab`")),
    }
}

/// `20GiB`, `500MB`, `1048576`: binary units with an `i`, decimal ones without.
fn bytes(text: &str) -> Result<u64, String> {
    const UNITS: [(&str, u64); 10] = [
        ("kib", 1 << 10),
        ("mib", 1 << 20),
        ("gib", 1 << 30),
        ("tib", 1 << 40),
        ("kb", 1_000),
        ("mb", 1_000_000),
        ("gb", 1_000_000_000),
        ("tb", 1_000_000_000_000),
        ("b", 1),
        ("", 1),
    ];
    let folded = text.trim().to_ascii_lowercase();
    let (number, unit) = folded.split_at(folded.find(|at: char| !at.is_ascii_digit()).unwrap_or(folded.len()));
    let factor = UNITS.iter().find(|(name, _)| *name == unit.trim()).map(|(_, factor)| *factor);
    let number = number.parse::<u64>().ok().filter(|number| *number > 0);
    number
        .zip(factor)
        .and_then(|(number, factor)| number.checked_mul(factor))
        .ok_or_else(|| format!("`{text}` is not a size; write one like `20GiB`, `500MB` or a number of bytes"))
}

/// The program itself and the pieces at hand take about half of the least that is allowed.
const LEAST_MEMORY: u64 = 256 << 20;

fn memory(text: &str) -> Result<u64, String> {
    let given = bytes(text)?;
    if given < LEAST_MEMORY {
        return Err(format!("`{text}` is too little to work in; give 256MiB or more"));
    }
    Ok(given)
}

fn max_bad_rows(text: &str) -> Result<MaxBadRows, String> {
    let wrong = || format!("`{text}` is not a number of rows; write one like `20`, or a share like `1%`");
    match text.strip_suffix('%') {
        Some(share) => {
            let share: f64 = share.trim().parse().map_err(|_| wrong())?;
            if (0.0..=100.0).contains(&share) { Ok(MaxBadRows::Share(share)) } else { Err(wrong()) }
        }
        None => text.trim().parse().map(MaxBadRows::Rows).map_err(|_| wrong()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{Args, bytes, max_bad_rows, separator};
    use crate::ingest::MaxBadRows;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_wrong_argument_shows_a_right_one() {
        assert_eq!(max_bad_rows("2.5%").unwrap(), MaxBadRows::Share(2.5));
        assert_eq!(max_bad_rows("7").unwrap(), MaxBadRows::Rows(7));
        assert!(max_bad_rows("many").unwrap_err().contains("`1%`"));
        assert_eq!((separator(";").unwrap(), separator("❖").unwrap(), separator("tab").unwrap()), (';', '❖', '\t'));
        assert_eq!((bytes("20GiB").unwrap(), bytes("5 MB").unwrap(), bytes("7").unwrap()), (20 << 30, 5_000_000, 7));
        assert!(bytes("0").is_err() && bytes("much").unwrap_err().contains("`20GiB`"));
        assert!(separator("ab").unwrap_err().contains("`;`"));
    }
}
