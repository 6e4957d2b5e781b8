//! Progress on standard error, for anything over a second: a bar while reading, then the stage at hand.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ingest;

use super::args::{Everywhere, Progress};

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often a stage shows that it is alive.
const TICK: Duration = Duration::from_millis(120);

/// Bytes read of bytes to read, then stages by name.
#[derive(Debug)]
pub(super) struct Shown {
    bar: ProgressBar,
    started: Instant,
    is_drawn: AtomicBool,
    wanted: bool,
}

impl Shown {
    pub(super) fn new(everywhere: &Everywhere) -> Shown {
        let wanted = match everywhere.progress {
            Progress::Auto => io::stderr().is_terminal() && !everywhere.quiet,
            Progress::Always => true,
            Progress::Never => false,
        };
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("reading {bytes} of {total_bytes} {wide_bar} {eta}") {
            bar.set_style(style);
        }
        Shown { bar, started: Instant::now(), is_drawn: AtomicBool::new(false), wanted }
    }

    /// The next stage has begun; its length is not known.
    pub(super) fn stage(&self, name: &'static str) {
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg}") {
            self.bar.set_style(style);
        }
        self.bar.set_message(name);
        self.draw_if_late();
        self.bar.enable_steady_tick(TICK);
    }

    /// Nothing is left of it: the report comes next.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn draw_if_late(&self) {
        if self.wanted && self.started.elapsed() >= PATIENCE && !self.is_drawn.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

impl ingest::Progress for Shown {
    fn total_bytes(&self, bytes: u64) {
        self.bar.inc_length(bytes);
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        self.draw_if_late();
    }
}
