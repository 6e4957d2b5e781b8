//! People are judged partition by partition, and what comes of it adds up (design, section 2).
//!
//! Whoever signed in is in one partition with all of their rows; nothing in a partition depends on the rows of another
//! but for what [`settle`] finds in a first pass: the own tenant (C2), the newest row, and ids that people share (C1).
//! [`each`] then does the same work for every partition, as many at a time as there are threads, whether rows lie in
//! memory or in files.

mod compared;
mod replayed;
mod seen;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use thiserror::Error;

pub use compared::{Compared, compare};
pub use replayed::{Question, Replayed};
pub use seen::Seen;

use crate::attempt::population::{self, OwnTenant};
use crate::attempt::{self, Attempts, Unique, copies};
use crate::diagnostic::Diagnostics;
use crate::frame::Time;
use crate::ingest::{self, IngestError, Joined, Partitions};
use crate::tenant::RiskDetections;

/// Why partitions cannot be judged.
#[derive(Debug, Error)]
pub enum PartitionError {
    /// Rows that lie in files cannot be read.
    #[error(transparent)]
    Rows(#[from] IngestError),
    /// What comes of a partition cannot be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

/// What holds for all partitions.
#[derive(Debug)]
pub struct Settled {
    /// Whose policies are judged.
    pub own_tenant: OwnTenant,
    /// When the newest row was.
    pub newest: Option<Time>,
    /// Rows whose copies are merged, where they stay in memory.
    kept: Vec<Mutex<Option<Unique>>>,
}

/// One partition after the first pass.
struct Pass {
    tenants: BTreeMap<String, u64>,
    newest: Option<Time>,
    joined: Joined,
    ids: Vec<u64>,
    kept: Mutex<Option<Unique>>,
}

/// Merges copies, and finds what no partition knows by itself.
///
/// # Errors
///
/// Rows that lie in files cannot be read.
pub fn settle(
    partitions: &Partitions,
    own_tenant: Option<&str>,
    logs: &[String],
    diagnostics: &mut Diagnostics,
) -> Result<Settled, PartitionError> {
    let pass = |place: usize| -> Result<Pass, IngestError> {
        let taken = partitions.take(place)?;
        let unique = attempt::unique(taken.frame);
        Ok(Pass {
            tenants: population::resource_tenants(&unique.frame),
            newest: unique.frame.created().iter().copied().max(),
            joined: taken.joined,
            ids: copies::ids(&unique.frame),
            kept: Mutex::new((!partitions.are_spilled()).then_some(unique)),
        })
    };
    let passes: Result<Vec<Pass>, IngestError> = (0..partitions.count()).into_par_iter().map(pass).collect();
    let (mut tenants, mut ids) = (BTreeMap::new(), Vec::new());
    let (mut newest, mut joined, mut kept) = (None, Joined::default(), Vec::new());
    for pass in passes? {
        for (tenant, rows) in pass.tenants {
            *tenants.entry(tenant).or_default() += rows;
        }
        newest = newest.max(pass.newest);
        joined = joined.and(pass.joined);
        ids.extend(pass.ids);
        kept.push(pass.kept);
    }
    ingest::tell_joined(logs, joined, diagnostics);
    copies::tell_shared_ids(&mut ids, diagnostics);
    Ok(Settled { own_tenant: OwnTenant::of(&tenants, own_tenant), newest, kept })
}

/// How rows become attempts.
#[derive(Clone, Copy, Debug)]
pub struct Making<'a> {
    /// Detections of the tenant folder.
    pub detections: &'a RiskDetections,
    /// One row is one attempt (GRP-7).
    pub one_row_each: bool,
}

/// Does this work for every partition, and joins what comes of it in the order of the partitions.
///
/// # Errors
///
/// Rows that lie in files cannot be read, or the work failed.
pub fn each<T: Send>(
    partitions: &Partitions,
    settled: &Settled,
    making: Making<'_>,
    work: &(dyn Fn(usize, Attempts) -> Result<T, PartitionError> + Sync),
    and: &(dyn Fn(T, T) -> T + Sync),
) -> Result<T, PartitionError> {
    let one = |place: usize| -> Result<T, PartitionError> {
        let kept = settled.kept.get(place).and_then(|kept| kept.lock().unwrap_or_else(PoisonError::into_inner).take());
        let unique = match kept {
            Some(unique) => unique,
            None => attempt::unique(partitions.take(place)?.frame),
        };
        let own_tenant = settled.own_tenant.clone();
        work(place, attempt::gather_unique(unique, own_tenant, making.detections, making.one_row_each))
    };
    let all = (0..partitions.count()).into_par_iter().map(one).try_reduce_with(|one, two| Ok(and(one, two)));
    // There is always one partition, if only an empty one.
    all.unwrap_or_else(|| one(0))
}
