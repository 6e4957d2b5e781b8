//! The canonical frame of sign-in rows: dense columns of small codes with their dictionaries.
//!
//! Every export becomes this, whatever its shape. Code 0 of every dictionary is "not recorded";
//! nothing here decides what that means.

mod dictionary;
mod document;
mod partition;
mod read_column;
mod schema;
mod sign_ins;
mod steps;

pub use dictionary::{Code, Dictionary, NOT_RECORDED};
pub use document::{AppliedPolicy, ContextReference, Device, NetworkLocation, Place, Status, Step, canonical, parsed};
pub use partition::{Coded, rows_by_partition};
pub use read_column::ReadColumn;
pub use schema::Column;
pub use sign_ins::{Appended, Codes, FrameBuilder, Row, SignInFrame, Time};
pub use steps::{StepCode, StepReader, Steps, TimedStep};
