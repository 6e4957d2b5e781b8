//! Bytes become text window by window, as if they were read at once.

use encoding_rs::UTF_8;

/// Decodes UTF-8.
#[derive(Debug, Default)]
pub(crate) struct Decoder {
    /// The beginning of a character whose end has not been met.
    begun: Vec<u8>,
}

impl Decoder {
    /// The text of what comes next, and whether some bytes were no text.
    pub(super) fn text(&mut self, mut bytes: Vec<u8>, is_end: bool) -> (String, bool) {
        if !self.begun.is_empty() {
            bytes.splice(..0, self.begun.drain(..));
        }
        if !is_end {
            self.begun = bytes.split_off(bytes.len() - begun(&bytes));
        }
        match String::from_utf8(bytes) {
            Ok(text) => (text, false),
            Err(error) => {
                let (text, has_replacements) = UTF_8.decode_without_bom_handling(error.as_bytes());
                (text.into_owned(), has_replacements)
            }
        }
    }
}

/// How many bytes at the end begin a character that is not over.
pub(super) fn begun(bytes: &[u8]) -> usize {
    let last = bytes.iter().rev().take(3);
    for (place, byte) in last.enumerate() {
        let length = match byte {
            0b1000_0000..=0b1011_1111 => continue,
            0b1100_0000..=0b1101_1111 => 2,
            0b1110_0000..=0b1110_1111 => 3,
            0b1111_0000..=0b1111_0111 => 4,
            _ => return 0,
        };
        return if place + 1 < length { place + 1 } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use super::Decoder;

    #[test]
    fn text_is_the_same_wherever_it_is_cut() {
        for bytes in ["aé€😀z".as_bytes(), b"\xe9\xf0\x9f\x98", b"\xf0\x9f\x98\x80\xff\xe2\x82", b"\x80\x80\x80\x80"]
        {
            let expected = String::from_utf8_lossy(bytes).into_owned();
            for first in 0..=bytes.len() {
                for second in first..=bytes.len() {
                    let mut decoder = Decoder::default();
                    let mut text = String::new();
                    let mut has_replacements = false;
                    for (piece, is_end) in
                        [(&bytes[..first], false), (&bytes[first..second], false), (&bytes[second..], true)]
                    {
                        let (more, replaced) = decoder.text(piece.to_vec(), is_end);
                        text.push_str(&more);
                        has_replacements |= replaced;
                    }
                    assert_eq!(text, expected, "{bytes:?} cut at {first} and {second}");
                    assert_eq!(has_replacements, std::str::from_utf8(bytes).is_err());
                }
            }
        }
    }
}
