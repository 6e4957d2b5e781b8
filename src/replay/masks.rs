//! Up to 64 policies at a time: which surely match, and which possibly do, a bit each (design section 4).

use crate::compile::Plan;
use crate::compile::dimension::Dimension;
use crate::domain::Match;

use super::axis::{AXES, Axis};

/// Policies whose conditions match: surely, and possibly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Masks {
    pub(super) surely: u64,
    pub(super) possibly: u64, // INVARIANT: holds `surely`.
}

impl Masks {
    /// Both conditions: each bit by itself is a weakest answer (CON-2).
    fn and(self, other: Masks) -> Masks {
        Masks { surely: self.surely & other.surely, possibly: self.possibly & other.possibly }
    }

    fn answer(&mut self, bit: u64, answer: Match) {
        if answer != Match::Yes {
            self.surely &= !bit;
        }
        if answer == Match::No {
            self.possibly &= !bit;
        }
    }
}

/// The masks of 64 policies by class, one list a dimension.
#[derive(Debug)]
pub(super) struct Conditions {
    /// All of these policies.
    every: u64,
    by_class: [Vec<Masks>; Dimension::COUNT], // Empty where no policy reads the dimension.
}

impl Conditions {
    /// The masks of each 64 policies of a plan.
    pub(super) fn of(plan: &Plan, axes: &[Axis<'_>; AXES]) -> Vec<Conditions> {
        plan.rules
            .chunks(u64::BITS as usize)
            .map(|rules| {
                let every = u64::MAX >> (u64::BITS as usize - rules.len());
                let mut by_class: [Vec<Masks>; Dimension::COUNT] = Default::default();
                for (place, rule) in rules.iter().enumerate() {
                    for configured in &rule.conditions {
                        let dimension = configured.dimension as usize;
                        let Some((masks, axis)) = by_class.get_mut(dimension).zip(axes.get(dimension)) else {
                            continue;
                        };
                        if masks.is_empty() {
                            masks.resize(axis.classes(), Masks { surely: every, possibly: every });
                        }
                        for (masks, code) in masks.iter_mut().zip(&axis.stands_for) {
                            masks.answer(1 << place, configured.lookup.answer(*code));
                        }
                    }
                }
                Conditions { every, by_class }
            })
            .collect()
    }

    /// Which of these policies match a class.
    pub(super) fn matching(&self, class: &[u32; AXES]) -> Masks {
        let by_dimension = self.by_class.iter().zip(class);
        by_dimension.fold(Masks { surely: self.every, possibly: self.every }, |all, (masks, class)| {
            masks.get(*class as usize).map_or(all, |masks| all.and(*masks))
        })
    }
}

/// The places of the bits of a mask.
pub(super) fn bits(mut mask: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let place = (mask != 0).then(|| mask.trailing_zeros() as usize);
        mask &= mask.wrapping_sub(1);
        place
    })
}
