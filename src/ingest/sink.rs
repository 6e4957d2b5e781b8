//! Where rows go as they are read: into one frame, or apart by people.

use std::ops::Range;

use super::error::IngestError;
use crate::frame::{FrameBuilder, SignInFrame};

/// Takes the rows of all files, in the order of the files and of their rows.
pub(crate) trait RowSink {
    /// Takes rows; whether they are of a table that may lack user ids, which other files may tell.
    fn take(&mut self, rows: SignInFrame, may_lack_ids: bool) -> Result<(), IngestError>;
}

/// All rows in one frame.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    builder: Option<FrameBuilder>,
    lacking: Vec<Range<usize>>,
}

impl Whole {
    /// The rows, and ranges of those that may lack user ids.
    pub(crate) fn finish(self) -> (FrameBuilder, Vec<Range<usize>>) {
        (self.builder.unwrap_or_default(), self.lacking)
    }
}

impl RowSink for Whole {
    fn take(&mut self, rows: SignInFrame, may_lack_ids: bool) -> Result<(), IngestError> {
        let start = self.builder.as_ref().map_or(0, FrameBuilder::rows);
        let end = start + rows.rows();
        match &mut self.builder {
            Some(builder) => builder.append(&rows),
            None => self.builder = Some(FrameBuilder::of(rows)),
        }
        if may_lack_ids {
            self.lacking.push(start..end);
        }
        Ok(())
    }
}
