//! Rows apart by people, in memory or, where they outgrow what they may take, in temporary files.
//!
//! What one file says about the sign-ins of another is joined when a partition is taken up: by then every file was
//! read, wherever its rows went.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::error::IngestError;
use super::evidence::Evidence;
use super::sink::RowSink;
use super::spill::Spill;
use crate::domain::folded;
use crate::frame::{Column, FrameBuilder, NOT_RECORDED, SignInFrame, rows_by_partition};

/// Where rows go that memory does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spilling {
    /// Bytes that rows may take before they are written to files.
    pub at: u64,
    /// An empty folder for the files, which is its owner's to remove.
    pub folder: PathBuf,
}

/// How rows are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// How many partitions; none lets the size of the inputs decide.
    pub partitions: Option<usize>,
    /// When and where rows are written to files; none keeps all of them in memory.
    pub spilling: Option<Spilling>,
}

impl Keeping {
    /// All rows in memory.
    pub const IN_MEMORY: Keeping = Keeping { partitions: None, spilling: None };

    /// How many partitions inputs of this size make: enough to keep threads busy, few enough that what people share
    /// is not held over and over; where memory is short, so many that a few of them at once fit.
    pub(crate) fn partitions(&self, expected: u64) -> usize {
        const EACH: u64 = 8 << 20;
        const SHARE: u64 = 4;
        let wanted = match &self.spilling {
            None => (expected / EACH).clamp(1, 32),
            Some(Spilling { at, .. }) => (expected / (*at / SHARE).max(1)).clamp(16, 1024),
        };
        self.partitions.unwrap_or(usize::try_from(wanted).unwrap_or(1))
    }
}

/// What other files said about the sign-ins of a partition: rows that took it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Joined {
    /// Authentication details from a companion file.
    pub steps: u64,
    /// A risk level from a detection in real time (RSK-3), where none is recorded.
    pub detections: u64,
}

impl Joined {
    /// The sums of both.
    #[must_use]
    pub fn and(self, other: Joined) -> Joined {
        Joined { steps: self.steps + other.steps, detections: self.detections + other.detections }
    }
}

/// The rows of some people.
#[derive(Debug)]
pub struct Partition {
    /// Their rows, in the order in which they were read.
    pub frame: SignInFrame,
    /// What was joined to them.
    pub joined: Joined,
}

/// All rows, apart by people.
#[derive(Debug)]
pub struct Partitions {
    held: Vec<Mutex<FrameBuilder>>,
    spill: Option<Spill>,
    evidence: Evidence,
}

impl Partitions {
    /// How many there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.held.len()
    }

    /// Whether partitions are read from files: then each can be taken more than once.
    #[must_use]
    pub fn are_spilled(&self) -> bool {
        self.spill.is_some()
    }

    /// One partition. What is in memory is taken out: it is there once.
    ///
    /// # Errors
    ///
    /// Its temporary files cannot be read.
    pub fn take(&self, place: usize) -> Result<Partition, IngestError> {
        let mut builder = match (&self.spill, self.held.get(place)) {
            (Some(spill), _) => spill.read(place)?,
            (None, Some(held)) => std::mem::take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner)),
            (None, None) => FrameBuilder::default(),
        };
        let joined = Joined {
            steps: self.evidence.join_steps(&mut builder),
            detections: self.evidence.join_detections(&mut builder),
        };
        Ok(Partition { frame: builder.finish(), joined })
    }
}

/// Rows on their way into partitions.
#[derive(Debug)]
pub(crate) struct Scatter {
    builders: Vec<FrameBuilder>,
    spilling: Option<Spilling>,
    spill: Option<Spill>,
    /// Rows whose user another file may tell: nobody knows yet where they belong.
    lacking: FrameBuilder,
}

impl Scatter {
    /// Keeps rows in this many partitions.
    pub(crate) fn new(partitions: usize, spilling: Option<Spilling>) -> Scatter {
        let builders = std::iter::repeat_with(FrameBuilder::default).take(partitions.max(1)).collect();
        Scatter { builders, spilling, spill: None, lacking: FrameBuilder::default() }
    }

    fn scatter(&mut self, rows: &SignInFrame) -> Result<(), IngestError> {
        let homes = rows_by_partition(rows, self.builders.len());
        self.builders.par_iter_mut().zip(homes).for_each(|(builder, homes)| builder.append_some(rows, &homes));
        let Some(Spilling { at, folder }) = &self.spilling else { return Ok(()) };
        let held: usize = self.builders.iter().map(|builder| builder.frame().bytes()).sum();
        if held as u64 > *at {
            let folder: &Path = folder;
            self.spill.get_or_insert_with(|| Spill::new(folder, self.builders.len())).write(&mut self.builders)?;
        }
        Ok(())
    }

    /// The partitions, and how many rows took the user id from another file's row of the same id.
    pub(crate) fn finish(mut self, evidence: Evidence) -> Result<(Partitions, u64), IngestError> {
        let borrowed = self.settle_lacking()?;
        let Scatter { mut builders, spill, .. } = self;
        let spill = match spill {
            // What is read from files is read from files alone.
            Some(mut spill) => {
                spill.write(&mut builders)?;
                Some(spill)
            }
            None => None,
        };
        let held = builders.into_iter().map(Mutex::new).collect();
        Ok((Partitions { held, spill, evidence }, borrowed))
    }

    /// Finds the users of rows that lack them, and sends all of these rows home.
    fn settle_lacking(&mut self) -> Result<u64, IngestError> {
        let mut lacking = std::mem::take(&mut self.lacking);
        if lacking.rows() == 0 {
            return Ok(0);
        }
        let ids = lacking.frame().dictionary(Column::Id);
        // The smallest of several users: the same, whatever the order of files.
        let mut wanted: BTreeMap<String, Option<String>> = ids.iter().skip(1).map(|id| (folded(id), None)).collect();
        for place in 0..self.builders.len() {
            if let Some(spill) = &self.spill {
                look_up(spill.read(place)?.frame(), &mut wanted);
            }
            if let Some(builder) = self.builders.get(place) {
                look_up(builder.frame(), &mut wanted);
            }
        }
        let borrowed = lacking.fill(Column::UserId, &|id| wanted.get(&folded(id)).cloned().flatten());
        self.scatter(&lacking.finish())?;
        Ok(borrowed)
    }
}

/// Notes the users of the rows that have a wanted id.
fn look_up(frame: &SignInFrame, wanted: &mut BTreeMap<String, Option<String>>) {
    for (row, user) in frame.codes(Column::UserId).iter().enumerate().filter(|(_, user)| **user != NOT_RECORDED) {
        let Some(found) = frame.text(Column::Id, row).and_then(|id| wanted.get_mut(&folded(id))) else { continue };
        let user = frame.dictionary(Column::UserId).text(*user);
        if found.as_deref().is_none_or(|known| user < known) {
            *found = Some(user.to_owned());
        }
    }
}

impl RowSink for Scatter {
    fn take(&mut self, rows: FrameBuilder, may_lack_ids: bool) -> Result<(), IngestError> {
        let rows = rows.finish();
        if !may_lack_ids {
            return self.scatter(&rows);
        }
        let users = rows.codes(Column::UserId);
        let of = |is_lacking: bool| -> Vec<u32> {
            (0_u32..)
                .zip(users)
                .filter(|(_, user)| (**user == NOT_RECORDED) == is_lacking)
                .map(|(row, _)| row)
                .collect()
        };
        self.lacking.append_some(&rows, &of(true));
        let mut known = FrameBuilder::default();
        known.append_some(&rows, &of(false));
        self.scatter(&known.finish())
    }
}
