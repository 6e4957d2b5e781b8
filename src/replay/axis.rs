//! Codes that no rule tells apart are one class: of people, places, targets, devices, evidence, ….

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::compile::Plan;
use crate::compile::dimension::Dimension;
use crate::compile::lookup::FactSet;
use crate::domain::Verdict;
use crate::impact::{Breakdown, Keys, ReasonSet};

/// The axis of the evidence, after those of the dimensions.
pub(super) const EVIDENCE: usize = Dimension::COUNT;
/// The axis of the marks.
pub(super) const MARK: usize = Dimension::COUNT + 1;
/// The axis of resources that low-privilege scopes map to (APP-5).
pub(super) const LOW_PRIVILEGE: usize = Dimension::COUNT + 2;
/// How many axes there are.
pub(super) const AXES: usize = Dimension::COUNT + 3;

/// Classes so many are told apart without a hash table.
const DENSE: usize = 1 << 16;

/// A column of codes, and the class of each code.
#[derive(Debug)]
pub(super) struct Axis<'a> {
    /// The code of every attempt in the list.
    pub(super) codes: &'a [u32],
    /// The class of each code.
    pub(super) class_of: Vec<u32>,
    /// A code of each class, which stands for all of them.
    pub(super) stands_for: Vec<u32>,
}

impl<'a> Axis<'a> {
    /// All codes are one class, until something tells them apart.
    fn new(codes: &'a [u32], distinct: usize) -> Axis<'a> {
        Axis { codes, class_of: vec![0; distinct], stands_for: vec![0] }
    }

    /// Every code is a class.
    fn apart(codes: &'a [u32], distinct: usize) -> Axis<'a> {
        let class_of: Vec<u32> = (0..).take(distinct).collect();
        Axis { codes, stands_for: class_of.clone(), class_of }
    }

    /// How many classes there are.
    pub(super) fn classes(&self) -> usize {
        self.stands_for.len()
    }

    /// A code of a class.
    pub(super) fn code(&self, class: usize) -> u32 {
        self.stands_for.get(class).copied().unwrap_or(0)
    }

    /// Codes of one class stay in one only if they are of the same kind.
    fn tell_apart(&mut self, kind_of: &[u32], kinds: usize) {
        if kinds <= 1 {
            return;
        }
        let before = self.classes();
        let mut dense: Vec<u32> = vec![u32::MAX; if before * kinds <= DENSE { before * kinds } else { 0 }];
        let mut sparse: HashMap<usize, u32, FxBuildHasher> = HashMap::default();
        self.stands_for.clear();
        for (code, (class, kind)) in (0..).zip(self.class_of.iter_mut().zip(kind_of)) {
            let pair = *class as usize * kinds + *kind as usize;
            let known = match dense.get_mut(pair) {
                Some(known) => known,
                None => sparse.entry(pair).or_insert(u32::MAX),
            };
            if *known == u32::MAX {
                *known = u32::try_from(self.stands_for.len()).unwrap_or(u32::MAX);
                self.stands_for.push(code);
            }
            *class = *known;
        }
        if self.stands_for.is_empty() {
            self.stands_for.push(0);
        }
    }
}

/// The axes of a plan: one a dimension, then evidence, marks and low privilege.
pub(super) fn axes<'a>(plan: &'a Plan, keys: &'a Keys) -> [Axis<'a>; AXES] {
    std::array::from_fn(|place| match place {
        EVIDENCE => of_evidence(plan),
        MARK => Axis::apart(&plan.marks.codes, plan.marks.values.len()),
        LOW_PRIVILEGE => {
            let is_low: Vec<u32> = keys.low_privilege().iter().map(|is_low| u32::from(*is_low)).collect();
            let mut axis = Axis::new(keys.codes(Breakdown::Resource), is_low.len());
            if plan.rules.iter().any(|rule| rule.excludes_applications) {
                axis.tell_apart(&is_low, 2);
            }
            axis
        }
        _ => of_dimension(plan, place),
    })
}

fn of_dimension(plan: &Plan, place: usize) -> Axis<'_> {
    let conditions = plan.rules.iter().flat_map(|rule| &rule.conditions);
    let here: Vec<_> = conditions.filter(|configured| configured.dimension as usize == place).collect();
    let Some(first) = here.first() else { return Axis::new(&[], 0) };
    let mut axis = Axis::new(plan.dimensions.codes(first.dimension), first.lookup.kind_of().len());
    // Many policies ask the same of people or applications: kinds are numbered as they come, so equal lists say it.
    let mut asked: Vec<&[u32]> = Vec::new();
    for lookup in here.iter().map(|configured| &configured.lookup) {
        if lookup.kinds().len() > 1 && !asked.contains(&lookup.kind_of()) {
            axis.tell_apart(lookup.kind_of(), lookup.kinds().len());
            asked.push(lookup.kind_of());
        }
    }
    axis
}

/// All of a way to settle that is counted.
type Counted<'a> = (Verdict, Verdict, ReasonSet, FactSet, &'a [&'static str]);

fn of_evidence(plan: &Plan) -> Axis<'_> {
    let mut axis = Axis::new(&plan.evidence.codes, plan.evidence.values.len());
    for rule in &plan.rules {
        let mut index: HashMap<Counted<'_>, u32, FxBuildHasher> = HashMap::default();
        let mut kinds = 0;
        let ways: Vec<u32> = rule
            .settled
            .ways
            .iter()
            .map(|way| {
                let reasons = ReasonSet::of(&way.reasons).denying();
                let counted = (way.matched, way.perhaps, reasons, way.missing, way.assumptions.as_slice());
                *index.entry(counted).or_insert_with(|| {
                    kinds += 1;
                    kinds - 1
                })
            })
            .collect();
        if kinds > 1 {
            let kind_of: Vec<u32> =
                rule.settled.way_of.iter().map(|way| ways.get(*way as usize).copied().unwrap_or(0)).collect();
            axis.tell_apart(&kind_of, kinds as usize);
        }
    }
    axis
}

#[cfg(test)]
mod tests {
    use super::Axis;

    #[test]
    fn codes_are_apart_if_anything_tells_them_apart() {
        let mut axis = Axis::new(&[], 6);
        axis.tell_apart(&[0, 0, 1, 1, 0, 1], 2);
        axis.tell_apart(&[0, 0, 0, 0, 0, 0], 1);
        axis.tell_apart(&[0, 1, 0, 0, 0, 70_000], 70_001);
        assert_eq!(axis.class_of, [0, 1, 2, 2, 0, 3]);
        assert_eq!(axis.stands_for, [0, 1, 2, 5]);
    }
}
