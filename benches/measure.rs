//! What processes have used, as Linux tells it: the processor's time, which a busy machine does not change much, and
//! the most memory. Elsewhere there is no table, but all other benches.

#![allow(dead_code, unreachable_pub, reason = "`pub` marks what a bench may use; each uses a part")]

use std::fs;
use std::time::Duration;

/// Ticks of `/proc/*/stat`: one hundred a second on every machine that Linux runs on today.
const TICK: Duration = Duration::from_millis(10);

/// Time that this process has had, its ended threads included.
pub fn processor_time() -> Duration {
    ticks(11)
}

/// Time that its ended children have had.
pub fn processor_time_of_children() -> Duration {
    ticks(13)
}

/// Two fields of `/proc/self/stat`, user's and system's time, counted from behind the name, which may hold blanks.
fn ticks(first: usize) -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("tables are made on Linux");
    let (_, fields) = stat.rsplit_once(')').expect("the name stands in brackets");
    let fields = fields.split_whitespace().skip(first).take(2);
    fields.map(|ticks| TICK * ticks.parse::<u32>().expect("a number of ticks")).sum()
}

/// The most memory that a running process has held so far, in bytes; nothing once it has ended.
pub fn peak_memory(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}
