//! The report on a terminal: tables of a given width, no colour, nothing that a log can command.

use std::io::{self, Write};

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ColumnConstraint, ContentArrangement, Width};

use crate::diagnostic::escaped;

use super::blocks::{Block, Table};
use super::model::Report;
use super::page::page;

/// How wide tables are unless told otherwise.
pub const WIDTH: u16 = 100;

/// Narrower than this no table of ours can be read.
const NARROWEST: u16 = 40;

/// A word longer than this is an id or a path.
const LONG_WORD: usize = 24;

/// Writes the report in tables of this many columns.
///
/// # Errors
///
/// The writer failed.
pub fn render(report: &Report, width: u16, out: &mut dyn Write) -> io::Result<()> {
    draw(&page(report), width, out)
}

/// Draws any page.
pub(super) fn draw(page: &[Block], width: u16, out: &mut dyn Write) -> io::Result<()> {
    let width = width.max(NARROWEST);
    let before = [None].into_iter().chain(page.iter().map(Some));
    for (before, block) in before.zip(page) {
        let sentences_follow =
            matches!((before, block), (Some(Block::Paragraph(_) | Block::List(_)), Block::Paragraph(_)));
        if sentences_follow || (before.is_some() && matches!(block, Block::Heading(_, _))) {
            writeln!(out)?;
        }
        match block {
            Block::Heading(level, text) => heading(*level, &escaped(text), out)?,
            Block::Paragraph(text) => {
                for line in wrapped(&escaped(text), usize::from(width)) {
                    writeln!(out, "{line}")?;
                }
            }
            Block::List(items) => {
                for item in items {
                    for (number, line) in wrapped(&escaped(item), usize::from(width) - 2).iter().enumerate() {
                        writeln!(out, "{} {line}", if number == 0 { "-" } else { " " })?;
                    }
                }
            }
            Block::Table(table) => writeln!(out, "{}", drawn(table, width))?,
            Block::Code(_, lines) => {
                for line in lines {
                    writeln!(out, "  {}", escaped(line))?;
                }
            }
        }
    }
    Ok(())
}

fn heading(level: u8, text: &str, out: &mut dyn Write) -> io::Result<()> {
    let underline = match level {
        1 => "═",
        2 => "─",
        _ => return writeln!(out, "{text}"),
    };
    writeln!(out, "{text}\n{}", underline.repeat(text.chars().count()))
}

fn drawn(table: &Table, width: u16) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn
        .load_preset(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width)
        .force_no_tty();
    let cell = |text: &str, on_the_right: bool| {
        let side = if on_the_right { CellAlignment::Right } else { CellAlignment::Left };
        Cell::new(escaped(text)).set_alignment(side)
    };
    // Numbers are short: the words of their titles stand below each other.
    let broken = |title: &str, right: bool| if right { title.replace(' ', "\n") } else { title.to_owned() };
    drawn.set_header(table.titles.iter().map(|(title, right)| {
        let side = if *right { CellAlignment::Right } else { CellAlignment::Left };
        Cell::new(broken(&escaped(title), *right)).set_alignment(side)
    }));
    for row in &table.rows {
        drawn.add_row(row.iter().zip(&table.titles).map(|(text, (_, right))| cell(text, *right)));
    }
    // An id that is cut in two cannot be copied: the first column is as wide as its longest word.
    let words = table.rows.iter().filter_map(|row| row.first()).flat_map(|text| text.split(' '));
    let longest = words.map(|word| escaped(word).chars().count()).max().unwrap_or(0).min(usize::from(width) / 2);
    if longest > LONG_WORD
        && let Some(column) = drawn.column_mut(0)
    {
        let padded = u16::try_from(longest + 2).unwrap_or(NARROWEST);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(padded)));
    }
    drawn.to_string()
}

/// Lines of at most this many characters, cut between words; a longer word stands alone.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let Some(line) = lines.last_mut() else { break };
        if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_cut_between_words() {
        assert_eq!(wrapped("one two three", 7), ["one two", "three"]);
        assert_eq!(wrapped("incomprehensible one", 5), ["incomprehensible", "one"]);
        assert_eq!(wrapped("", 5), [""]);
    }
}
