//! The one integration binary: polars is linked once.
//!
//! * [`cases`]: behaviour in an administrator's words; a new rule of Conditional Access goes there first;
//! * [`differential`]: the replay against the slow evaluator of [`reference`], over random tenants of [`generator`].

mod differential;
mod generator;
mod reference;
