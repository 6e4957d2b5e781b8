//! Where rows go while files are read.

use std::ops::Range;

use rayon::prelude::*;

use super::error::IngestError;
use crate::frame::{Appended, FrameBuilder};

/// Takes the rows of all files.
pub(crate) trait RowSink {
    /// Takes rows, in the order of the files and of the rows in them. Rows of a table that people chose the columns of
    /// may lack what tells people and sign-ins apart.
    ///
    /// # Errors
    ///
    /// The rows cannot be kept.
    fn take(&mut self, rows: FrameBuilder, may_lack_ids: bool) -> Result<(), IngestError>;
}

/// Keeps all rows in one frame.
#[derive(Debug, Default)]
pub(crate) struct Together {
    pub(crate) builder: Option<FrameBuilder>,
    /// Rows of tables that may lack user ids: sign-ins of other files may tell them.
    pub(crate) lacking: Vec<Range<usize>>,
}

impl RowSink for Together {
    fn take(&mut self, rows: FrameBuilder, may_lack_ids: bool) -> Result<(), IngestError> {
        let start = self.builder.as_ref().map_or(0, FrameBuilder::rows);
        let end = start + rows.rows();
        match &mut self.builder {
            Some(builder) => builder.append_by(&rows.finish(), |columns| {
                columns.into_par_iter().for_each(Appended::append);
            }),
            None => self.builder = Some(rows),
        }
        if may_lack_ids {
            self.lacking.push(start..end);
        }
        Ok(())
    }
}
