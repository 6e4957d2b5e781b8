//! Large logs for benches, streamed: a company's month of sign-ins, records of 3 to 4 kB with four policies each.
//! Written with format strings, because building a tree of values a row would cost more than what is measured.

use std::io::{self, Write};

use super::dice::{Dice, guid_of, october};
use super::formats::{Shape, cells::names, headers};

mod candidates;
mod csv;
mod json;
mod line;

#[allow(unused_imports, reason = "each bench uses a part")]
pub use candidates::{bulk_policies, bulk_tenant};
use line::{APPS, Line};

/// The shapes that [`bulk`] writes.
pub const SHAPES: [Shape; 4] = [Shape::DiagnosticLines, Shape::GraphPage, Shape::LogAnalyticsCsv, Shape::PortalCsv];

/// How a shape is written: what opens the file, one row, what stands between two rows, what closes the file.
struct Form {
    opening: String,
    row: fn(&mut String, &Line<'_>, &[&str]),
    between: &'static str,
    closing: &'static str,
    /// The names of its columns, if it has any.
    columns: Vec<&'static str>,
}

impl Form {
    fn of(shape: Shape) -> io::Result<Form> {
        let lines = |row| Form { opening: String::new(), row, between: "", closing: "", columns: Vec::new() };
        let form = match shape {
            Shape::DiagnosticLines => lines(json::diagnostic),
            Shape::GraphPage => {
                Form { opening: json::PAGE.to_owned(), between: ",", closing: "]}", ..lines(json::graph) }
            }
            Shape::LogAnalyticsCsv => Form {
                opening: headers::SIGN_IN_LOGS_2026.to_owned() + "\n",
                columns: names(headers::SIGN_IN_LOGS_2026)
                    .into_iter()
                    .map(|name| name.trim_end_matches(" [UTC]"))
                    .collect(),
                ..lines(csv::log_analytics)
            },
            Shape::PortalCsv => Form {
                opening: format!("\u{feff}{}\r\n", headers::PORTAL_2025),
                columns: names(headers::PORTAL_2025).into_iter().map(str::trim).collect(),
                ..lines(csv::portal)
            },
            other => return Err(io::Error::other(format!("bulk does not write {other:?}"))),
        };
        Ok(form)
    }
}

/// Writes a log of this many rows: a hundred a user, one in a hundred attempts risky, a third of them interactive.
/// JSON holds both kinds, CSV the interactive one.
pub fn bulk(seed: u64, rows: usize, out: &mut dyn Write, shape: Shape) -> io::Result<()> {
    let Form { opening, row, between, closing, columns } = Form::of(shape)?;
    let only_interactive = !columns.is_empty();
    out.write_all(opening.as_bytes())?;
    let mut dice = Dice::new(seed);
    let users = users(rows);
    let mut text = String::with_capacity(64 * 1024);
    let step = 30 * 86_400_000 / i64::try_from(rows.max(1)).unwrap_or(i64::MAX);
    let mut left = rows;
    while left > 0 {
        // Few users sign in often, many seldom.
        let user = (dice.below(users) * (1 + dice.below(users))) / users;
        let at = october(1, 0, 0, 0) + step.max(1) * i64::try_from(rows - left).unwrap_or(0) + dice.between(0, 400);
        let interactive = only_interactive || dice.chance(33);
        let codes: &[u32] = match (interactive, dice.below(100)) {
            (true, 0..78) | (false, 0..93) => &[0],
            (true, 78..90) => &[50074, 0],
            (true, 90..93) => &[50074, 500_121],
            (true, 93..98) => &[50126],
            (true, _) => &[53003],
            (false, 93..96) => &[50076],
            (false, _) => &[700_082],
        };
        let risk = match dice.below(1000) {
            0..3 => "high",
            3..10 => "medium",
            10..16 => "low",
            _ => "none",
        };
        let (original, correlation) = (dice.guid(), dice.guid());
        for (place, code) in codes.iter().take(left).enumerate() {
            let id = if place == 0 { original.clone() } else { dice.guid() };
            let line = Line {
                id: &id,
                original: &original,
                correlation: &correlation,
                at: at + 15_000 * i64::try_from(place).unwrap_or(0),
                delay: dice.between(60_000, 300_000),
                user,
                interactive,
                code: *code,
                asked: place > 0,
                risk,
                claim: dice.chance(40),
                app: dice.pick(APPS),
            };
            if left < rows || place > 0 {
                text.push_str(between);
            }
            row(&mut text, &line, &columns);
        }
        left -= codes.len().min(left);
        if text.len() > 48 * 1024 {
            out.write_all(text.as_bytes())?;
            text.clear();
        }
    }
    text.push_str(closing);
    out.write_all(text.as_bytes())
}

fn users(rows: usize) -> usize {
    (rows / 100).max(1)
}

fn user_id(user: usize) -> String {
    guid_of(0xb01c_0000_0000_4000_8000_0000_0000_0000 + user as u128)
}
