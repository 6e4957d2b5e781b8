//! What people read, whatever the medium: headings, sentences, lists and tables in the order of reading.
//!
//! Every command that shows something to a person makes a page of these and lets [`draw`] write it. Nothing here is
//! escaped: each medium escapes for itself.

use std::io::{self, Write};

use super::{markdown, terminal};

/// A part of the page.
#[derive(Debug)]
pub enum Block {
    /// A heading: 1 the title, 2 a chapter, 3 a table's.
    Heading(u8, String),
    /// Sentences.
    Paragraph(String),
    /// One line each.
    List(Vec<String>),
    /// A table.
    Table(Table),
    /// Lines of a language, to be copied as they are: never cut to the width.
    Code(&'static str, Vec<String>),
}

/// A table of texts.
#[derive(Debug)]
pub struct Table {
    /// Headers, and whether the column stands on the right.
    pub titles: Vec<(String, bool)>,
    /// Rows, each as long as the titles.
    pub rows: Vec<Vec<String>>,
}

/// Where a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Medium {
    /// A terminal, or a file shown on one: [`terminal::WIDTH`] columns.
    Terminal,
    /// Markdown, as GitHub reads it.
    Markdown,
}

/// How a page is written, or the data behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageFormat {
    /// Tables for a terminal.
    Table,
    /// JSON.
    Json,
    /// Markdown, as GitHub reads it.
    Markdown,
}

impl PageFormat {
    /// All formats.
    pub const ALL: [PageFormat; 3] = [PageFormat::Table, PageFormat::Json, PageFormat::Markdown];

    /// The word of `--format`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            PageFormat::Table => "table",
            PageFormat::Json => "json",
            PageFormat::Markdown => "markdown",
        }
    }

    /// The format of a file with this ending (without the dot), in any case.
    #[must_use]
    pub fn of_ending(ending: &str) -> Option<PageFormat> {
        match ending.to_ascii_lowercase().as_str() {
            "json" => Some(PageFormat::Json),
            "md" => Some(PageFormat::Markdown),
            _ => None,
        }
    }
}

/// Writes a page.
///
/// # Errors
///
/// The writer failed.
pub fn draw(page: &[Block], medium: Medium, out: &mut dyn Write) -> io::Result<()> {
    match medium {
        Medium::Terminal => terminal::draw(page, terminal::WIDTH, out),
        Medium::Markdown => markdown::draw(page, out),
    }
}
