//! Progress bars on standard error, for anything over a second.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ingest;

use super::args::{Everywhere, Progress};

/// How long nothing is shown.
const PATIENCE: Duration = Duration::from_secs(1);

/// Bytes read, of bytes to read.
#[derive(Debug)]
pub(super) struct Reading {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
    wanted: bool,
}

impl Reading {
    pub(super) fn new(everywhere: &Everywhere) -> Reading {
        let wanted = match everywhere.progress {
            Progress::Auto => io::stderr().is_terminal() && !everywhere.quiet,
            Progress::Always => true,
            Progress::Never => false,
        };
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("reading {bytes} of {total_bytes} {wide_bar} {eta}") {
            bar.set_style(style);
        }
        Reading { bar, started: Instant::now(), shown: AtomicBool::new(false), wanted }
    }

    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl ingest::Progress for Reading {
    fn total_bytes(&self, bytes: u64) {
        self.bar.inc_length(bytes);
    }

    fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
        if self.wanted && self.started.elapsed() >= PATIENCE && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}
