//! The windows of a text, one after the other: a record that lies in two of them is read in one between them.
//!
//! What a window leaves is the beginning of a record. It is not copied before the next window, which is long, but read
//! together with the beginning of that.

use crate::ingest::error::IngestError;

/// How to get more text: none behind the end, and whether it is the last.
type Receive<'r> = dyn FnMut() -> Result<Option<(String, bool)>, IngestError> + 'r;

/// How much of the next window is read together with what is left of the one before, at first.
const BETWEEN: usize = 16 << 10;

/// Longer beginnings of records are put before the next window.
const LONG: usize = 1 << 20;

/// Where reading is.
#[derive(Clone, Debug)]
pub(super) struct Windows {
    text: String,
    /// What was read of it.
    from: usize,
    is_end: bool,
    between: Option<Between>,
}

/// The end of one window and the beginning of the next.
#[derive(Clone, Debug)]
struct Between {
    text: String,
    /// How much of it is of the window before.
    left: usize,
}

impl Windows {
    /// Begins with a window that is not the last.
    pub(super) fn new(text: String) -> Windows {
        Windows { text, from: 0, is_end: false, between: None }
    }

    /// What is to be read next, and whether the file ends with it.
    pub(super) fn window(&self) -> (&str, bool) {
        match &self.between {
            Some(between) => (&between.text, self.is_end && between.text.len() == between.left + self.text.len()),
            None => (self.text.get(self.from..).unwrap_or_default(), self.is_end),
        }
    }

    /// Goes on behind what was read of the window; a text that is not needed any more.
    pub(super) fn advance(&mut self, used: usize, more: &mut Receive<'_>) -> Result<Option<String>, IngestError> {
        if let Some(between) = self.between.take() {
            if used >= between.left {
                self.from = used - between.left;
                return Ok(None);
            }
            return Ok(self.widen(between, used));
        }
        self.from += used;
        self.next(more)
    }

    /// What is between two windows needs more of the second one.
    fn widen(&mut self, between: Between, used: usize) -> Option<String> {
        let Between { mut text, left } = between;
        let taken = text.len() - left;
        // Even so, something of it may have been read.
        text.drain(..used);
        let left = left - used;
        let wanted = self.text.ceil_char_boundary((taken * 2).min(self.text.len()));
        text.push_str(self.text.get(taken..wanted).unwrap_or_default());
        if wanted < self.text.len() {
            self.between = Some(Between { text, left });
            return None;
        }
        self.from = 0;
        Some(std::mem::replace(&mut self.text, text))
    }

    fn next(&mut self, more: &mut Receive<'_>) -> Result<Option<String>, IngestError> {
        let rest = self.text.get(self.from..).unwrap_or_default().to_owned();
        // What begins and does not end needs more, and soon much more.
        let wanted = if self.from == 0 { rest.len().saturating_mul(2) } else { 0 };
        let Some((text, is_end)) = more()? else {
            self.is_end = true;
            return Ok(None);
        };
        let spare = std::mem::replace(&mut self.text, text);
        (self.from, self.is_end) = (0, is_end);
        if rest.is_empty() {
            return Ok(Some(spare));
        }
        if rest.len() <= LONG {
            let beginning = self.text.ceil_char_boundary(BETWEEN.min(self.text.len()));
            let left = rest.len();
            let text = rest + self.text.get(..beginning).unwrap_or_default();
            self.between = Some(Between { text, left });
            return Ok(Some(spare));
        }
        self.text.insert_str(0, &rest);
        while self.text.len() < wanted && !self.is_end {
            match more()? {
                Some((text, is_end)) => {
                    self.text.push_str(&text);
                    self.is_end = is_end;
                }
                None => self.is_end = true,
            }
        }
        Ok(Some(spare))
    }
}

#[cfg(test)]
mod tests {
    use super::Windows;

    /// Reads lines through windows of these lengths; what is shorter than a line is left.
    fn lines(text: &str, length: usize) -> Vec<String> {
        let mut rest = text;
        let mut next = || {
            let cut = rest.ceil_char_boundary(length.min(rest.len()));
            let (window, behind) = rest.split_at(cut);
            rest = behind;
            (window.to_owned(), behind.is_empty())
        };
        let (first, mut is_over) = next();
        let mut windows = Windows::new(first);
        let mut lines = Vec::new();
        loop {
            let (window, is_end) = windows.window();
            let used = if is_end { window.len() } else { window.rfind('\n').map_or(0, |newline| newline + 1) };
            lines.extend(window.get(..used).unwrap().lines().map(str::to_owned));
            if is_end {
                return lines;
            }
            let mut more = || {
                Ok((!is_over).then(|| {
                    let (text, is_end) = next();
                    is_over = is_end;
                    (text, is_end)
                }))
            };
            windows.advance(used, &mut more).unwrap();
        }
    }

    #[test]
    fn every_record_is_met_once_however_the_text_is_cut() {
        let long = "x".repeat(3 * super::BETWEEN);
        let text = format!("a\nbé\n\n{long}\n{long}é{long}\nlast");
        for length in [1, 2, 3, 7, 4096, super::BETWEEN, 50_000, 1 << 20] {
            if length < 7 && text.len() / length > 100_000 {
                continue;
            }
            assert!(lines(&text, length).into_iter().eq(text.lines()), "{length}");
        }
        let long = "y".repeat(3 * super::LONG);
        let text = format!("a\n{long}\nb\n");
        for length in [1000, super::LONG + 5, 2 * super::LONG] {
            assert!(lines(&text, length).into_iter().eq(text.lines()), "{length}");
        }
    }
}
