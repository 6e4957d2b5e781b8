//! The vocabulary of the product: three-valued answers, results and effects, and the field's words.
//!
//! No I/O, no serde, no polars: everything here is a value. The words themselves are those of
//! Microsoft Entra and Graph; [`spelling`] is the only place that knows how they are written.

use std::borrow::Cow;

mod answer;
mod history;
mod recorded;
mod signals;
pub mod spelling;
mod strength;
mod verdict;
mod words;

pub use answer::Match;
pub use history::History;
pub use recorded::RecordedResult;
pub use signals::{Ask, Condition, Reason};
pub use strength::Strength;
pub use verdict::{Effect, Outcome, Span, Verdict};
pub use words::{ClientApp, GuestType, MethodModes, Platform, RiskLevel, Spelled, TransferMethod, Word};

/// Text that is compared without regard to case: ids, names and words of other people's enums (C8).
#[must_use]
pub fn folded(text: &str) -> String {
    fold(text).into_owned()
}

/// The same, without a copy where the text is folded already: most ids are.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let trimmed = text.trim();
    if is_plain(trimmed) { Cow::Borrowed(trimmed) } else { Cow::Owned(trimmed.to_lowercase()) }
}

/// Whether folding leaves a text as it is; `false` also where finding out would cost more than folding.
#[must_use]
pub fn is_folded(text: &str) -> bool {
    is_plain(text) && text.trim().len() == text.len()
}

/// Whether nothing in a text has another case: ASCII without capitals. Without an early end it is a few wide steps.
fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & byte.is_ascii() & !byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::{fold, folded, is_folded};

    #[test]
    fn folding_is_the_same_with_and_without_a_copy() {
        for text in ["", " ", "a-1", "A-1", " a ", "a b", "\u{a0}a", "ÄÖ", "äö", "İ", "a\n", "\u{1f}a"] {
            let expected = text.trim().to_lowercase();
            assert_eq!(fold(text), expected, "{text:?}");
            assert_eq!(folded(text), expected, "{text:?}");
            assert!(!is_folded(text) || expected == text, "{text:?}");
        }
        assert!(is_folded("0a-b c") && is_folded("") && !is_folded("A") && !is_folded(" a"));
    }
}
