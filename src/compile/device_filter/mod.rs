//! The device filter language (2.9): `device.trustType -ne "ServerAD" -or device.isCompliant -ne True`.
//!
//! A rule that does not parse decides nothing; it is never false (C16).

mod evaluate;
mod lexer;
mod parser;
mod written;

pub use evaluate::{Subject, TrustType, asks_directory, evaluate};
pub use parser::{Attribute, Comparison, Expression, FilterError, Literal, Operator, parse};
