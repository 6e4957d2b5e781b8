//! Replayed against recorded results (CON-8): the strongest check that the replay is right about a tenant.
//!
//! [`verify()`] compares, on the terminal row of each attempt, what the replay says of a policy with what Entra wrote
//! beside it, groups what differs by the condition at fault, and names the recorded rules that contradict the tenant
//! folder (CON-7). Policies are joined by id and by nothing else.

mod apart;
mod compare;
mod contradictions;
mod faults;
mod lists;
mod model;
mod replayed;
mod sum;

pub use compare::{Given, verify};
pub use model::{
    Cell, ConditionName, Contradiction, Disagreement, Fault, FaultyCondition, LeftOut, NotGiven, NotRecorded, Nothing,
    Totals, Verification, Verified,
};
pub use replayed::{Agreement, Replayed};
pub use sum::Examples;
