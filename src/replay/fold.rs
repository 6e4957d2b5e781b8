//! Attempts of the same class on every axis are one class: each is judged once, however many attempts it has.

use std::ops::Range;

use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::axis::{AXES, Axis};

/// Attempts that are worked on at a time: their columns stay in the nearest cache.
const BLOCK: usize = 2048;
/// Combinations so many are found in a table of their own, more of them by hash.
const DIRECT: u64 = 1 << 20;
/// But a table is not worth more than so many places an attempt: its memory is new, and costs where it is touched.
const PLACES: u64 = 4;
/// Attempts that a thread is worth.
const PART: usize = 1 << 17;

/// Some attempts in scope.
#[derive(Debug)]
pub(super) struct Part<'a> {
    /// Their places in the list.
    pub(super) places: &'a [usize],
    /// The class of each.
    pub(super) classes: Vec<u32>,
}

/// Attempts by class.
#[derive(Debug)]
pub(super) struct Folded<'a> {
    /// All attempts in scope.
    pub(super) parts: Vec<Part<'a>>,
    /// The class of each class on each axis.
    pub(super) classes: Vec<[u32; AXES]>,
    /// How many attempts each class has.
    pub(super) attempts: Vec<u64>,
}

/// A stretch of places and, if they follow one another, where they lie.
pub(super) struct Block<'a> {
    pub(super) places: &'a [usize],
    run: Option<Range<usize>>,
}

impl<'a> Block<'a> {
    /// Cuts places into blocks.
    pub(super) fn cut(places: &'a [usize]) -> impl Iterator<Item = Block<'a>> {
        places.chunks(BLOCK).map(|places| {
            let first = places.first().copied().unwrap_or(0);
            let follow = places.iter().zip(first..).all(|(place, next)| *place == next);
            Block { places, run: follow.then(|| first..first + places.len()) }
        })
    }

    /// The block's part of a column.
    pub(super) fn of<'c>(&self, column: &'c [u32], buffer: &'c mut Vec<u32>) -> &'c [u32] {
        if let Some(run) = self.run.clone().and_then(|run| column.get(run)) {
            return run;
        }
        buffer.clear();
        buffer.extend(self.places.iter().map(|place| column.get(*place).copied().unwrap_or(0)));
        buffer
    }
}

/// Folds the axes into one class an attempt.
pub(super) fn fold<'a>(axes: &[Axis<'_>; AXES], scope: &'a [usize]) -> Folded<'a> {
    let threads = rayon::current_num_threads().min(scope.len().div_ceil(PART)).max(1);
    fold_in(axes, scope, scope.len().div_ceil(threads).max(1), u64::MAX - 1)
}

/// As many axes at a time as their combinations fit a number.
fn fold_in<'a>(axes: &[Axis<'_>; AXES], scope: &'a [usize], part: usize, most: u64) -> Folded<'a> {
    let mut folded = Folded {
        parts: scope.chunks(part).map(|places| Part { places, classes: vec![0; places.len()] }).collect(),
        classes: vec![[0; AXES]],
        attempts: vec![scope.len() as u64],
    };
    let mut left = axes.iter().enumerate().filter(|(_, axis)| axis.classes() > 1).peekable();
    while left.peek().is_some() {
        let (mut steps, mut combinations) = (Vec::new(), folded.classes.len() as u64);
        while let Some((place, axis)) = left.peek() {
            // Two numbers of 32 bits always fit: each round takes one axis at the least.
            let product = combinations.saturating_mul(axis.classes() as u64);
            if product > most && !steps.is_empty() {
                break;
            }
            steps.push(Step { place: *place, axis, stride: combinations });
            combinations = product;
            left.next();
        }
        folded.step(&steps, combinations);
    }
    folded
}

/// One axis of a fold.
struct Step<'s> {
    place: usize,
    axis: &'s Axis<'s>,
    stride: u64,
}

impl Folded<'_> {
    fn step(&mut self, steps: &[Step<'_>], combinations: u64) {
        let before = std::mem::take(&mut self.classes);
        let met: Vec<Met> =
            self.parts.par_iter_mut().map(|part| fold_part(part, steps, before.len(), combinations)).collect();
        let mut index: HashMap<u64, u32, FxBuildHasher> = HashMap::default();
        let mut combined = Vec::new();
        self.attempts.clear();
        for (part, met) in self.parts.iter_mut().zip(met) {
            let codes: Vec<u32> = met
                .combinations
                .iter()
                .zip(met.attempts)
                .map(|(combination, attempts)| {
                    let code = *index.entry(*combination).or_insert_with(|| {
                        combined.push(*combination);
                        self.attempts.push(0);
                        code(combined.len() - 1)
                    });
                    if let Some(sum) = self.attempts.get_mut(code as usize) {
                        *sum += u64::from(attempts);
                    }
                    code
                })
                .collect();
            if !codes.iter().zip(0..).all(|(code, own)| *code == own) {
                for class in &mut part.classes {
                    *class = codes.get(*class as usize).copied().unwrap_or(0);
                }
            }
        }
        let split = |combination: u64| {
            let mut class = usize::try_from(combination % before.len().max(1) as u64)
                .ok()
                .and_then(|earlier| before.get(earlier))
                .copied()
                .unwrap_or([0; AXES]);
            for step in steps {
                if let Some(class) = class.get_mut(step.place) {
                    *class = u32::try_from(combination / step.stride % step.axis.classes() as u64).unwrap_or(0);
                }
            }
            class
        };
        self.classes = combined.into_iter().map(split).collect();
    }
}

fn code(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

/// Replaces the classes of a part by those of the combinations.
fn fold_part(part: &mut Part<'_>, steps: &[Step<'_>], before: usize, combinations: u64) -> Met {
    let mut met = Met::new(combinations, part.places.len() as u64);
    let mut numbers: Vec<u64> = Vec::with_capacity(BLOCK);
    let mut buffers: [Vec<u32>; 4] = Default::default();
    for (block, classes) in Block::cut(part.places).zip(part.classes.chunks_mut(BLOCK)) {
        numbers.clear();
        if before > 1 {
            numbers.extend(classes.iter().map(|class| u64::from(*class)));
        } else {
            numbers.resize(classes.len(), 0);
        }
        let [one, two, three, four] = &mut buffers;
        for steps in steps.chunks(4) {
            if let [first, second, third, fourth] = steps {
                let codes = (block.of(first.axis.codes, one), block.of(second.axis.codes, two));
                let more = (block.of(third.axis.codes, three), block.of(fourth.axis.codes, four));
                let codes = codes.0.iter().zip(codes.1).zip(more.0).zip(more.1);
                for (number, (((one, two), three), four)) in numbers.iter_mut().zip(codes) {
                    *number += first.of(*one) + second.of(*two) + third.of(*three) + fourth.of(*four);
                }
                continue;
            }
            for step in steps {
                for (number, code) in numbers.iter_mut().zip(block.of(step.axis.codes, one)) {
                    *number += step.of(*code);
                }
            }
        }
        met.classes(&numbers, classes);
    }
    met
}

impl Step<'_> {
    /// What a code adds to the number of a combination.
    fn of(&self, code: u32) -> u64 {
        u64::from(self.axis.class_of.get(code as usize).copied().unwrap_or(0)) * self.stride
    }
}

/// The combinations that were met, numbered as they came.
struct Met {
    combinations: Vec<u64>,
    attempts: Vec<u32>,
    /// By combination: its number and one, 0 where it was not met.
    direct: Vec<u32>,
    /// Else by hash: combination, and its number and one.
    slots: Vec<(u64, u32)>,
}

impl Met {
    fn new(combinations: u64, attempts: u64) -> Met {
        let direct =
            if combinations <= DIRECT.min(attempts * PLACES) { usize::try_from(combinations).unwrap_or(0) } else { 0 };
        let slots = if direct == 0 { vec![(0, 0); 1024] } else { Vec::new() };
        Met { combinations: Vec::new(), attempts: Vec::new(), direct: vec![0; direct], slots }
    }

    /// The class of each combination.
    fn classes(&mut self, numbers: &[u64], classes: &mut [u32]) {
        if self.direct.is_empty() {
            for (number, class) in numbers.iter().zip(classes) {
                *class = self.hashed(*number);
                self.count(*class);
            }
        } else {
            for (number, class) in numbers.iter().zip(classes) {
                *class = self.direct(*number);
                self.count(*class);
            }
        }
    }

    fn count(&mut self, class: u32) {
        if let Some(attempts) = self.attempts.get_mut(class as usize) {
            *attempts += 1;
        }
    }

    fn direct(&mut self, number: u64) -> u32 {
        let place = usize::try_from(number).unwrap_or(usize::MAX);
        let Some(known) = self.direct.get_mut(place) else { return 0 };
        if *known == 0 {
            self.combinations.push(number);
            self.attempts.push(0);
            *known = code(self.combinations.len());
        }
        *known - 1
    }

    fn hashed(&mut self, number: u64) -> u32 {
        let mask = self.slots.len() - 1; // INVARIANT: a power of two, at most half of them taken.
        let mut at = spread(number, mask);
        while let Some((known, next)) = self.slots.get(at) {
            if *next == 0 {
                break;
            }
            if *known == number {
                return *next - 1;
            }
            at = (at + 1) & mask;
        }
        self.combinations.push(number);
        self.attempts.push(0);
        let next = code(self.combinations.len());
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = (number, next);
        }
        if self.combinations.len() * 2 > self.slots.len() {
            self.grow();
        }
        next - 1
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        let mut slots = vec![(0, 0); mask + 1];
        for (number, next) in self.combinations.iter().zip(1..) {
            let mut at = spread(*number, mask);
            while slots.get(at).is_some_and(|(_, taken)| *taken != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = slots.get_mut(at) {
                *slot = (*number, next);
            }
        }
        self.slots = slots;
    }
}

/// The place to look first: the upper half of a product, which every bit of the number reaches.
fn spread(number: u64, mask: usize) -> usize {
    let product = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(product >> 32).unwrap_or(0) & mask
}

#[cfg(test)]
mod tests {
    use super::{AXES, Axis, fold_in};

    #[test]
    fn however_it_is_cut_each_attempt_keeps_its_class_on_every_axis() {
        let columns: Vec<Vec<u32>> = (0..AXES as u32)
            .map(|axis| (0..5000).map(|place| (place * (axis + 3) + place / 7) % (axis + 2)).collect())
            .collect();
        let axes: [Axis<'_>; AXES] = std::array::from_fn(|axis| {
            let class_of: Vec<u32> = (0..axis as u32 + 2).collect();
            Axis { codes: &columns[axis], stands_for: class_of.clone(), class_of }
        });
        let scope: Vec<usize> = (0..5000).filter(|place| place % 11 != 3).collect();
        for (part, most) in [(5000, u64::MAX), (700, u64::MAX), (700, 1 << 20), (5000, 1 << 14)] {
            let folded = fold_in(&axes, &scope, part, most);
            let mut attempts = vec![0; folded.classes.len()];
            let given = folded.parts.iter().flat_map(|part| part.places.iter().zip(&part.classes));
            for (place, class) in given {
                let expected: Vec<u32> = columns.iter().map(|column| column[*place]).collect();
                assert_eq!(folded.classes[*class as usize].to_vec(), expected);
                attempts[*class as usize] += 1;
            }
            assert_eq!(folded.attempts, attempts);
        }
    }
}
