//! The edges of the program: what was typed, what will be done, and what the shell is told.
//!
//! Only this module reads the environment or the terminal. [`args`] is what was typed and opens
//! nothing; `job` is what will be done, with its outputs already open; `command` has one file
//! a subcommand.

pub mod args;
mod command;
mod evidence;
mod exit;
mod job;
mod limit;
mod output;
mod progress;
mod reading;
mod recorded;
mod room;
mod scope;
mod temporary;
mod when;

use std::fmt;
use std::io::{self, ErrorKind, Write};

use clap::Parser;

use args::{Args, Command};
pub use exit::Exit;

/// Runs the program: the whole of `main`.
#[must_use]
pub fn main() -> Exit {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Help and version are asked for; anything else is a wrong command line.
            if !error.use_stderr() {
                return if error.print().is_ok() { Exit::Done } else { Exit::Failed };
            }
            let _ = writeln!(io::stderr(), "{}", wrong_command_line(&error));
            return Exit::Usage;
        }
    };
    match run(&args, &mut io::stdout().lock()) {
        Ok(exit) => exit,
        Err(failure) if failure.is_broken_pipe() => Exit::Done,
        Err(failure) => {
            // A closed standard error must not turn a failure into a panic.
            let _ = writeln!(io::stderr(), "{failure}");
            failure.exit
        }
    }
}

/// What clap says, in the form of all our errors: one line, then help.
fn wrong_command_line(error: &clap::Error) -> Failure {
    if error.kind() == clap::error::ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let help = "write one, such as `ca-impact replay` or `ca-impact template list`; `ca-impact --help` shows all";
        return Failure::usage("command line", "no command is given", help);
    }
    let rendered = error.to_string();
    let mut paragraphs = rendered.split("\n\n");
    let first = paragraphs.next().unwrap_or("").trim_start_matches("error: ");
    let message = first.split_whitespace().collect::<Vec<_>>().join(" ").replace('\'', "`");
    // A tip to pass a mistyped option as a value (`-- --x`) misleads: no value of ours begins with dashes.
    let tips = paragraphs.flat_map(str::lines).filter_map(|line| line.trim().strip_prefix("tip: "));
    let hint = tips.filter(|tip| !tip.starts_with("to pass ")).map(|tip| tip.replace('\'', "`")).next();
    let pages = match error.kind() {
        clap::error::ErrorKind::UnknownArgument => "`ca-impact <subcommand> --help` shows every option",
        _ if hint.is_some() => "`ca-impact --help` shows every command",
        _ => "`ca-impact --help` shows every command, `ca-impact replay --help` every option",
    };
    let help = hint.map_or_else(|| pages.to_owned(), |hint| format!("{hint}; {pages}"));
    Failure::usage("command line", &message, &help)
}

fn run(args: &Args, out: &mut dyn Write) -> Result<Exit, Failure> {
    if let Some(scope) = args.command.scope() {
        scope::check(scope)?;
    }
    if args.everywhere.memory.is_some() && !args.command.holds_to_memory() {
        let help = "leave it out; a file that `convert` wrote takes less memory to read than its exports";
        return Err(Failure::usage("command line", "`--memory` is for `replay` and `verify`", help));
    }
    temporary::remove_if_interrupted();
    match &args.command {
        Command::Replay(replay) => command::replay::run(replay, &args.everywhere, out),
        Command::Verify(verify) => command::verify::run(verify, &args.everywhere, out),
        Command::Inspect(inspect) => command::inspect::run(inspect, &args.everywhere, out),
        Command::Explain(explain) => command::explain::run(explain, &args.everywhere, out),
        Command::Lint(lint) => command::lint::run(lint, &args.everywhere, out),
        Command::Convert(convert) => command::convert::run(convert, &args.everywhere, out),
        Command::Collect(collect) => command::collect::run(collect, &args.everywhere, out),
        Command::Template(template) => command::template::run(template, out),
        Command::Completions { shell } => command::completions::run(*shell, out),
        Command::Man => command::man::run(out),
    }
}

/// Why there is no report: lines for the terminal, and what the shell is told.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    lines: String,
    broken_pipe: bool,
}

impl Failure {
    /// The command line or a policy is wrong; nothing was replayed.
    fn usage(place: &str, message: &str, help: &str) -> Failure {
        Failure::new(Exit::Usage, place, message, help)
    }

    /// An input or an output cannot be used.
    fn failed(place: &str, message: &str, help: &str) -> Failure {
        Failure::new(Exit::Failed, place, message, help)
    }

    fn new(exit: Exit, place: &str, message: &str, help: &str) -> Failure {
        use crate::diagnostic::escaped;
        let lines = format!("{}: error: {}\n  help: {}", escaped(place), escaped(message), escaped(help));
        Failure { exit, lines, broken_pipe: false }
    }

    /// Several failures of one kind, one below the other.
    fn each(failures: impl Iterator<Item = Failure>) -> Failure {
        let mut lines: Vec<String> = Vec::new();
        let mut exit = Exit::Failed;
        for failure in failures {
            exit = failure.exit;
            lines.push(failure.lines);
        }
        Failure { exit, lines: lines.join("\n"), broken_pipe: false }
    }

    /// Lines that are already complete.
    fn lines(exit: Exit, lines: &dyn fmt::Display) -> Failure {
        Failure { exit, lines: lines.to_string(), broken_pipe: false }
    }

    /// `report | head` is not a failure: the reader has seen enough.
    fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }

    /// Writing to standard output failed.
    fn stdout(error: &io::Error) -> Failure {
        let mut failure =
            Failure::failed("standard output", &format!("cannot be written: {error}"), "write to a file with --output");
        failure.broken_pipe = error.kind() == ErrorKind::BrokenPipe;
        failure
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines)
    }
}
