//! The vocabulary of the product: three-valued answers, results and effects, and the field's words.
//!
//! No I/O, no serde, no polars: everything here is a value. The words themselves are those of
//! Microsoft Entra and Graph; [`spelling`] is the only place that knows how they are written.

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
    text.trim().to_lowercase()
}
