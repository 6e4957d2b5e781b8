//! The report as Markdown, as GitHub reads it: for a change request or a wiki.

use std::io::{self, Write};

use super::blocks::{Block, Table};
use super::model::Report;
use super::page::page;

/// Writes the report.
///
/// # Errors
///
/// The writer failed.
pub(super) fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    draw(&page(report), out)
}

/// Draws any page.
pub(super) fn draw(page: &[Block], out: &mut dyn Write) -> io::Result<()> {
    for (place, block) in page.iter().enumerate() {
        if place > 0 {
            writeln!(out)?;
        }
        match block {
            Block::Heading(level, text) => writeln!(out, "{} {}", "#".repeat(usize::from(*level)), escaped(text))?,
            Block::Paragraph(text) => writeln!(out, "{}", escaped(text))?,
            Block::List(items) => {
                for item in items {
                    writeln!(out, "- {}", escaped(item))?;
                }
            }
            Block::Table(table) => draw_table(table, out)?,
            Block::Code(language, lines) => draw_code(language, lines, out)?,
        }
    }
    Ok(())
}

/// A fence that is longer than any run of backticks in it, so that nothing inside ends it.
fn draw_code(language: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    let run = |line: &String| line.split(|one| one != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(lines.iter().map(run).max().unwrap_or(0).max(2) + 1);
    writeln!(out, "{fence}{language}")?;
    for line in lines {
        writeln!(out, "{}", crate::diagnostic::escaped(line))?;
    }
    writeln!(out, "{fence}")
}

fn draw_table(table: &Table, out: &mut dyn Write) -> io::Result<()> {
    for (title, _) in &table.titles {
        write!(out, "| {} ", escaped(title))?;
    }
    writeln!(out, "|")?;
    for (_, right) in &table.titles {
        write!(out, "|{}", if *right { " ---: " } else { " --- " })?;
    }
    writeln!(out, "|")?;
    for row in &table.rows {
        for text in row {
            write!(out, "| {} ", escaped(text))?;
        }
        writeln!(out, "|")?;
    }
    Ok(())
}

/// Text that Markdown takes as text: no markup, no table borders, no HTML, no links, one line.
fn escaped(text: &str) -> String {
    let text = crate::diagnostic::escaped(text);
    let mut harmless = String::with_capacity(text.len());
    let rest = text.trim_start();
    // Four blanks would begin a block of code.
    for _ in 0..text.len() - rest.len() {
        harmless.push_str("&#32;");
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    for (place, character) in rest.char_indices() {
        let is_markup =
            matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '~' | '&' | '!' | '$');
        // A list, a heading, a quotation or a rule begins so.
        let begins_a_block = place == 0 && matches!(character, '#' | '+' | '-' | '=' | ':');
        let numbers_a_list = place == digits
            && digits > 0
            && matches!(character, '.' | ')')
            && rest.get(place + 1..).is_none_or(|after| after.is_empty() || after.starts_with(' '));
        let before = |length: usize| place.checked_sub(length).and_then(|start| rest.get(start..place));
        let makes_a_link = (character == ':' && rest.get(place..).is_some_and(|here| here.starts_with("://")))
            || (character == '.' && before(3).is_some_and(|word| word.eq_ignore_ascii_case("www")));
        if is_markup || begins_a_block || numbers_a_list || makes_a_link {
            harmless.push('\\');
        }
        harmless.push(character);
    }
    harmless
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn text_stays_text() {
        for (text, expected) in [
            ("a|b`c`", r"a\|b\`c\`"),
            ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
            ("[click](https://evil.example)", r"\[click\](https\://evil.example)"),
            ("WWW.evil.example", r"WWW\.evil.example"),
            ("# no heading", r"\# no heading"),
            ("- no item", r"\- no item"),
            ("12. no item", r"12\. no item"),
            ("33.33 %", "33.33 %"),
            ("two\nlines", r"two\\u{a}lines"),
            ("  led", "&#32;&#32;led"),
            ("2026-10-03", "2026-10-03"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }
}
