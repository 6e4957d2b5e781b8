//! All files, one after the other where they are large, several at once where they are small.

use std::ops::Range;

use rayon::prelude::*;

use super::InputFile;
use super::blocks::{self, Reading, Sizes};
use super::error::IngestError;
use super::evidence::Evidence;
use super::file::{self, Input, Outcome, ReadFile};
use super::sink::RowSink;
use super::source::Source;
use super::unpack::Budget;
use crate::diagnostic::{Diagnostics, Origin};
use crate::frame::FrameBuilder;

/// What is known of the files that were read so far, beside their rows.
pub(crate) struct Gathered<'s> {
    sink: &'s mut dyn RowSink,
    /// The sink takes no more.
    is_over: bool,
    pub(crate) evidence: Evidence,
    pub(crate) has_sign_ins: bool,
    pub(crate) inputs: Vec<InputFile>,
    pub(crate) diagnostics: Diagnostics,
    /// Where the first bad record is, and what is wrong with it.
    pub(crate) first_bad: Option<(Origin, String)>,
}

impl<'s> Gathered<'s> {
    pub(crate) fn new(sink: &'s mut dyn RowSink) -> Gathered<'s> {
        Gathered {
            sink,
            is_over: false,
            evidence: Evidence::default(),
            has_sign_ins: false,
            inputs: Vec::new(),
            diagnostics: Diagnostics::default(),
            first_bad: None,
        }
    }

    /// Hands on rows of the file that is being read.
    pub(crate) fn rows(&mut self, rows: FrameBuilder, may_lack_ids: bool) -> Result<(), IngestError> {
        if rows.rows() == 0 {
            return Ok(());
        }
        let taken = self.sink.take(rows, may_lack_ids);
        self.is_over |= taken.is_err();
        taken
    }

    /// Takes what became of a file; rows that have not been handed on yet come with it.
    pub(crate) fn outcome(&mut self, outcome: Outcome) -> Result<(), IngestError> {
        match outcome {
            Outcome::Skipped(line) => self.diagnostics.append(line),
            Outcome::Read(file) => {
                let ReadFile { builder, evidence, may_lack_ids, input, diagnostics, first_bad } = *file;
                self.rows(builder, may_lack_ids)?;
                self.has_sign_ins |= input.rows > 0 || input.evidence == 0;
                self.evidence.append(evidence);
                self.diagnostics.append(diagnostics);
                self.inputs.push(input);
                self.first_bad = self.first_bad.take().or(first_bad);
            }
        }
        Ok(())
    }

    /// Reads small things at once and takes what became of them in their order; what went wrong.
    pub(crate) fn read_together<T: Sync>(
        &mut self,
        things: &[T],
        read: &(dyn Fn(&T) -> Result<Vec<Outcome>, IngestError> + Sync),
        mut skipped: Option<&mut Diagnostics>,
    ) -> Vec<IngestError> {
        let outcomes: Vec<Result<Vec<Outcome>, IngestError>> = things.par_iter().map(read).collect();
        let mut errors = Vec::new();
        for outcome in outcomes {
            match outcome {
                Err(error) => errors.push(error),
                Ok(outcomes) => {
                    for outcome in outcomes {
                        if let (Some(skipped), Outcome::Skipped(line)) = (&mut skipped, &outcome) {
                            skipped.append(line.clone());
                        }
                        errors.extend(self.outcome(outcome).err());
                    }
                }
            }
        }
        errors
    }
}

impl Sizes {
    /// Runs of things by their weights: small ones that are read together, and large ones by themselves.
    pub(crate) fn windows(self, weights: &[u64]) -> Vec<(bool, Range<usize>)> {
        let mut windows: Vec<(bool, Range<usize>)> = Vec::new();
        let mut together = 0_u64;
        for (place, weight) in weights.iter().enumerate() {
            let is_small = *weight <= self.small;
            match windows.last_mut() {
                Some((true, range)) if is_small && together.saturating_add(*weight) <= self.together => {
                    together += weight;
                    range.end = place + 1;
                }
                _ => {
                    together = *weight;
                    windows.push((is_small, place..place + 1));
                }
            }
        }
        windows
    }
}

/// Reads all files.
pub(crate) fn read(sources: &[Source], reading: Reading<'_>, into: &mut Gathered<'_>) -> Result<(), IngestError> {
    let Reading { options, sizes, progress } = reading;
    let weights: Vec<u64> = sources.par_iter().map(Source::weight).collect();
    let mut errors = Vec::new();
    for (is_small, range) in sizes.windows(&weights) {
        let sources = sources.get(range).unwrap_or_default();
        if is_small {
            errors.extend(into.read_together(sources, &|source| file::read(source, options, progress), None));
        } else {
            errors.extend(sources.iter().filter_map(|source| large(source, reading, into).err()));
        }
        if into.is_over {
            break;
        }
    }
    IngestError::none_of(errors)
}

/// Reads a file by itself.
fn large(source: &Source, reading: Reading<'_>, into: &mut Gathered<'_>) -> Result<(), IngestError> {
    let store = source.store()?;
    let budget = Budget::of(&source.path, store.size(), reading.options.unpacking);
    blocks::read(Input::of(source), &store, &budget, 0, reading, into)
}
