//! The distinct texts of a column and their codes.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Position of a text in the dictionary of one column: an array index, never printed or stored.
pub type Code = u32;

/// Code 0 of every dictionary.
pub const NOT_RECORDED: Code = 0;

/// Distinct texts in the order they were first met; code 0 is "not recorded".
#[derive(Clone, Debug)]
pub struct Dictionary {
    bytes: String,
    ends: Vec<usize>, // INVARIANT: one end for each code; the first is 0, for code 0.
    index: HashTable<Code>,
}

impl Default for Dictionary {
    fn default() -> Dictionary {
        Dictionary { bytes: String::new(), ends: vec![0], index: HashTable::new() }
    }
}

impl Dictionary {
    /// The code of a text; the empty text is "not recorded".
    ///
    /// # Panics
    ///
    /// If a column has more than four thousand million distinct texts.
    pub fn intern(&mut self, text: &str) -> Code {
        if text.is_empty() {
            return NOT_RECORDED;
        }
        let hash = FxBuildHasher.hash_one(text);
        if let Some(code) = self.index.find(hash, |code| self.text(*code) == text) {
            return *code;
        }
        let code = Code::try_from(self.ends.len()).unwrap_or(Code::MAX);
        assert!(code != Code::MAX, "a dictionary holds fewer than 2^32 texts");
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        let (bytes, ends) = (&self.bytes, &self.ends);
        self.index.insert_unique(hash, code, |code| FxBuildHasher.hash_one(slice(bytes, ends, *code)));
        code
    }

    /// The code of a text, if it is here.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Code> {
        if text.is_empty() {
            return None;
        }
        self.index.find(FxBuildHasher.hash_one(text), |code| self.text(*code) == text).copied()
    }

    /// The text of a code; the empty text for "not recorded".
    #[must_use]
    pub fn text(&self, code: Code) -> &str {
        slice(&self.bytes, &self.ends, code)
    }

    /// The text of a code, if it is recorded.
    #[must_use]
    pub fn recorded(&self, code: Code) -> Option<&str> {
        (code != NOT_RECORDED).then(|| self.text(code))
    }

    /// How many codes there are, "not recorded" included.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a dictionary always holds code 0")]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// All texts, one directly after another.
    #[must_use]
    pub fn joined(&self) -> &str {
        &self.bytes
    }

    /// All texts by code, beginning with the empty one of code 0.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.ends.len()).map(|code| self.text(Code::try_from(code).unwrap_or(Code::MAX)))
    }
}

fn slice<'a>(bytes: &'a str, ends: &[usize], code: Code) -> &'a str {
    let place = code as usize;
    let start = place.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(place).and_then(|end| bytes.get(start..*end)).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::{Dictionary, NOT_RECORDED};

    #[test]
    fn a_text_has_one_code_and_empty_is_not_recorded() {
        let mut dictionary = Dictionary::default();
        assert_eq!(dictionary.intern(""), NOT_RECORDED);
        let codes: Vec<u32> = ["a", "bc", "a", "d"].iter().map(|text| dictionary.intern(text)).collect();
        assert_eq!(codes, [1, 2, 1, 3]);
        assert_eq!(dictionary.text(2), "bc");
        assert_eq!(dictionary.recorded(0), None);
        assert_eq!(dictionary.find("d"), Some(3));
        assert_eq!(dictionary.find("e"), None);
        assert_eq!(dictionary.iter().collect::<Vec<_>>(), ["", "a", "bc", "d"]);
    }
}
