//! Sixteen bytes at a time: where in them a string may end or break.
//!
//! No intrinsics, and so nothing unsafe: the comparison of sixteen bytes with four constants is written so that the
//! compiler makes vector instructions of it, whatever the processor.

use std::array;

/// How many bytes are looked at together.
pub(super) const WIDTH: usize = 16;

/// The place of the first quote, backslash or control character; [`WIDTH`] if there is none.
pub(super) fn first_special(block: &[u8; WIDTH]) -> usize {
    let marks: [u8; WIDTH] = array::from_fn(|place| {
        let byte = block.get(place).copied().unwrap_or_default();
        // Without short cuts: every byte is compared with everything.
        if (byte == b'"') | (byte == b'\\') | (byte < 0x20) { u8::MAX } else { 0 }
    });
    u128::from_le_bytes(marks).trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, first_special};

    #[test]
    fn each_byte_is_told_from_the_others_in_every_place() {
        for byte in 0..=u8::MAX {
            let is_special = byte < 0x20 || byte == b'"' || byte == b'\\';
            for place in 0..WIDTH {
                for around in [b'a', 0x20, 0x7f, 0x80, 0xff] {
                    let mut block = [around; WIDTH];
                    block[place] = byte;
                    let expected = if is_special { place } else { WIDTH };
                    assert_eq!(first_special(&block), expected, "{byte} at {place} among {around}");
                    block[place..].fill(byte);
                    assert_eq!(first_special(&block), expected, "{byte} from {place} on after {around}");
                }
            }
        }
    }
}
