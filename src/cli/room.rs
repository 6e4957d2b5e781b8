//! The memory that a run may take, and the folders for what does not fit.

use std::path::Path;

use crate::export::Form;
use crate::ingest::{Keeping, Spilling};
use crate::partition::PartitionError;

use super::Failure;
use super::args::Everywhere;
use super::output::{Output, cannot_write, reason};
use super::progress::Shown;
use super::reading::refused;
use super::temporary::Folder;

/// Of the memory that a run may take, the part for rows that are held: the rest is for those at hand.
const FOR_ROWS: u64 = 4;

/// Temporary folders of a run: they are gone with this.
#[derive(Debug)]
pub(super) struct Room {
    keeping: Keeping,
    _rows: Option<Folder>,
    listings: Option<Folder>,
}

impl Room {
    /// Makes room for rows that memory may not hold, and for verdicts beside the first file of them.
    pub(super) fn new(everywhere: &Everywhere, verdicts: &[(Form, Output)]) -> Result<Room, Failure> {
        let (mut keeping, mut rows) = (Keeping::IN_MEMORY, None);
        if let Some(memory) = everywhere.memory {
            let parent = std::env::temp_dir();
            let folder = Folder::new(&parent).map_err(|error| {
                let message = format!("a folder for temporary files cannot be made: {}", reason(&error));
                Failure::failed(&parent.display().to_string(), &message, "set `TMPDIR` to a folder that is yours")
            })?;
            keeping.spilling = Some(Spilling { at: memory / FOR_ROWS, folder: folder.path().to_owned() });
            rows = Some(folder);
        }
        let beside = |(_, output): &(Form, Output)| {
            let parent = output.path().parent().filter(|parent| !parent.as_os_str().is_empty());
            Folder::new(parent.unwrap_or(Path::new("."))).map_err(|error| cannot_write(output.path(), &reason(&error)))
        };
        Ok(Room { keeping, _rows: rows, listings: verdicts.first().map(beside).transpose()? })
    }

    /// How rows are kept.
    pub(super) fn keeping(&self) -> &Keeping {
        &self.keeping
    }

    /// Where each partition writes its verdicts, if they are wanted.
    pub(super) fn listings(&self) -> Option<&Path> {
        self.listings.as_ref().map(Folder::path)
    }

    /// What a person is told of partitions that cannot be judged.
    pub(super) fn refused(&self, error: PartitionError, progress: &Shown) -> Failure {
        match error {
            PartitionError::Rows(error) => refused(&error, progress),
            PartitionError::Write(error) => {
                progress.finish();
                cannot_write(self.listings().unwrap_or(Path::new("--verdicts")), &error.to_string())
            }
        }
    }
}
