//! The distinct texts of a column and their codes.

use std::hash::{BuildHasher, Hasher};

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;

/// Position of a text in the dictionary of one column: an array index, never printed or stored.
pub type Code = u32;

/// Code 0 of every dictionary.
pub const NOT_RECORDED: Code = 0;

/// Bytes of texts that are many.
const MANY: usize = 1 << 20;

/// Distinct texts in the order they were first met; code 0 is "not recorded".
#[derive(Clone, Debug)]
pub struct Dictionary {
    bytes: String,
    /// Where each text ends, without the bits above the lowest 32.
    ends: Vec<u32>, // INVARIANT: one end for each code; the first is 0, for code 0.
    /// The first code beyond each 4 GiB of text: few have any.
    wraps: Vec<Code>,
    index: HashTable<Entry>,
}

/// A code with the hash of its text, so that a table that grows need not read any.
#[derive(Clone, Copy, Debug)]
struct Entry {
    hash: u32,
    code: Code,
}

impl Default for Dictionary {
    fn default() -> Dictionary {
        Dictionary { bytes: String::new(), ends: vec![0], wraps: Vec::new(), index: HashTable::new() }
    }
}

impl Dictionary {
    /// The code of a text; the empty text is "not recorded".
    ///
    /// # Panics
    ///
    /// If a column has more than four thousand million distinct texts.
    pub fn intern(&mut self, text: &str) -> Code {
        if text.is_empty() { NOT_RECORDED } else { self.intern_hashed(text, hash(text)) }
    }

    fn intern_hashed(&mut self, text: &str, hash: u32) -> Code {
        if let Some(code) = self.find_hashed(text, hash) {
            return code;
        }
        let code = Code::try_from(self.ends.len()).unwrap_or(Code::MAX);
        assert!(code != Code::MAX, "a dictionary holds fewer than 2^32 texts");
        // Most of a frame is texts: where there are many, they grow by a quarter and not to twice their size.
        if self.bytes.len() > MANY && self.bytes.capacity() - self.bytes.len() < text.len() {
            self.bytes.reserve_exact(text.len().max(self.bytes.len() / 4));
        }
        self.bytes.push_str(text);
        if self.bytes.len() >> u32::BITS > self.wraps.len() {
            self.wraps.push(code);
        }
        #[expect(clippy::cast_possible_truncation, reason = "`wraps` holds the rest")]
        self.ends.push(self.bytes.len() as u32);
        self.index.insert_unique(spread(hash), Entry { hash, code }, |entry| spread(entry.hash));
        code
    }

    fn find_hashed(&self, text: &str, hash: u32) -> Option<Code> {
        let is_it = |entry: &Entry| entry.hash == hash && self.text(entry.code) == text;
        self.index.find(spread(hash), is_it).map(|entry| entry.code)
    }

    /// The code of a text, if it is here.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<Code> {
        if text.is_empty() { None } else { self.find_hashed(text, hash(text)) }
    }

    /// The text of a code; the empty text for "not recorded".
    #[must_use]
    pub fn text(&self, code: Code) -> &str {
        let Some(before) = code.checked_sub(1) else { return "" };
        self.bytes.get(self.end(before)..self.end(code)).unwrap_or("")
    }

    fn end(&self, code: Code) -> usize {
        let low = self.ends.get(code as usize).copied().unwrap_or_default() as usize;
        if self.wraps.is_empty() {
            return low;
        }
        low | self.wraps.partition_point(|first| *first <= code) << u32::BITS
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

    /// Bytes that this takes in memory, about.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.capacity() + self.ends.capacity() * size_of::<u32>() + self.index.allocation_size()
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

    /// Takes over the texts of another dictionary: their codes here, by their codes there.
    pub(super) fn take_over(&mut self, other: &Dictionary) -> Vec<Code> {
        if self.len() == 1 {
            self.clone_from(other);
            return (0..).take(other.len()).collect();
        }
        let mut hashes = vec![0; other.len()];
        for entry in &other.index {
            if let Some(place) = hashes.get_mut(entry.code as usize) {
                *place = entry.hash;
            }
        }
        let texts = other.iter().zip(hashes).skip(1);
        std::iter::once(NOT_RECORDED).chain(texts.map(|(text, hash)| self.intern_hashed(text, hash))).collect()
    }
}

fn hash(text: &str) -> u32 {
    let mut hasher = FxBuildHasher.build_hasher();
    hasher.write(text.as_bytes());
    let hash = hasher.finish();
    #[expect(clippy::cast_possible_truncation, reason = "both halves are in it")]
    let folded = (hash ^ hash >> 32) as u32;
    folded
}

/// A table looks at the highest bits of a hash and at the lowest ones.
fn spread(hash: u32) -> u64 {
    u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
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

    #[test]
    fn taken_over_texts_keep_their_order_and_their_codes_if_they_are_the_first() {
        let (mut first, mut second) = (Dictionary::default(), Dictionary::default());
        for number in 0..5000 {
            second.intern(&number.to_string());
        }
        assert_eq!(first.take_over(&second), (0..5001).collect::<Vec<_>>());
        let mut third = Dictionary::default();
        for text in ["4999", "new", "0"] {
            third.intern(text);
        }
        assert_eq!(first.take_over(&third), [0, 5000, 5001, 1]);
        assert_eq!((first.text(5001), first.find("new"), first.len()), ("new", Some(5001), 5002));
    }

    #[test]
    fn texts_beyond_four_gibibytes_are_found() {
        // Ends as they would be, without the text: no test should need the memory.
        let dictionary = Dictionary { ends: vec![0, u32::MAX, 5, 9, 2], wraps: vec![2, 4], ..Dictionary::default() };
        let ends: Vec<usize> = (0..5).map(|code| dictionary.end(code)).collect();
        assert_eq!(ends, [0, 0xffff_ffff, 0x1_0000_0005, 0x1_0000_0009, 0x2_0000_0002]);
    }
}
