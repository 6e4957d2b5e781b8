//! Distinct people: whose attempts bear which signs, and so in which cells each person is met.

use std::ops::Range;

use rayon::prelude::*;

use crate::compile::Plan;
use crate::domain::Verdict;
use crate::impact::{BLOCKS, Breakdown, Impact, KeyCounts, Keys, ROWS, rows_of};

use super::fold::Folded;
use super::judged::Judged;
use super::lanes::{Lanes, Planes};
use super::sides::Sides;
use super::signs::Signs;

/// Cells of the matrix, certainly and possibly.
const SIDES: usize = BLOCKS * ROWS * 2;
/// Those, then rows of any block.
const CELLS: usize = SIDES + ROWS * 2;
/// People that a thread is worth.
const PEOPLE: usize = 4096;
/// Columns that are counted at a time.
const BATCH: usize = u64::BITS as usize;
/// Columns that a thread is worth: each of them goes over all people.
const COLUMNS: usize = 16;

/// A bit a cell fits a mask, and a cell fits a byte.
const _: () = assert!(SIDES <= u128::BITS as usize && CELLS <= u8::MAX as usize);

/// Counts people by cell, and their attempts by how they are touched.
pub(super) fn count(plan: &Plan, users: usize, keys: &Keys, folded: &Folded<'_>, judged: &Judged, impact: &mut Impact) {
    let sides: Vec<Sides> = folded.parts.par_iter().map(|part| Sides::of(part, users, plan, judged)).collect();
    let met = Met::of(&judged.signs);
    let codes = keys.codes(Breakdown::User);
    let range = users.div_ceil(rayon::current_num_threads()).max(PEOPLE);
    let ranges: Vec<Range<usize>> = (0..users).step_by(range).map(|first| first..users.min(first + range)).collect();
    let people: Vec<People> =
        ranges.into_par_iter().map(|range| People::of(range, &sides, codes, &met, &judged.signs)).collect();
    drop(sides);
    cells(&people, &judged.signs, impact);
    breakdown(&people, &judged.signs, impact);
}

/// In which cells each sign is met: by 64 columns, then sign, cells and the columns that meet it there.
struct Met {
    batches: Vec<Vec<Vec<(u8, u64)>>>,
    /// By 64 columns, then touch: the columns that are touched.
    touched: Vec<Vec<u64>>,
}

impl Met {
    fn of(signs: &Signs) -> Met {
        let batches = || (0..signs.columns).step_by(BATCH);
        let cells = |first: usize| {
            let of_sign = |sign: &super::signs::Sign| {
                let mut masks = [0_u64; ROWS * 2];
                for (place, verdict) in sign.verdicts.iter().skip(first).take(BATCH).enumerate() {
                    for (mask, is_met) in masks.iter_mut().zip(met_in(*verdict)) {
                        *mask |= u64::from(is_met) << place;
                    }
                }
                let cells = (0..).zip(masks).filter(|(_, mask)| *mask != 0);
                let base = u8::try_from(sign.block * ROWS * 2).unwrap_or(0);
                cells.map(|(side, mask): (u8, u64)| (base + side, mask)).collect()
            };
            signs.signs.iter().map(of_sign).collect()
        };
        let touched = |first: usize| {
            let mask = |touch: &Vec<u8>| {
                let here = touch.iter().skip(first).take(BATCH).enumerate();
                here.fold(0, |mask, (place, touch)| mask | u64::from(*touch != 0) << place)
            };
            signs.touches.iter().map(mask).collect()
        };
        Met { batches: batches().map(cells).collect(), touched: batches().map(touched).collect() }
    }
}

/// Whether a verdict is certainly, then possibly, in each row.
fn met_in(verdict: Verdict) -> impl Iterator<Item = bool> {
    rows_of(verdict).into_iter().flat_map(|(certain, possible)| [certain, possible])
}

/// Someone with attempts in scope.
struct Person {
    key: u32,
    attempts: u32,
    /// Where their attempts that touch somebody end, in [`People::touched`].
    end: usize,
}

/// Some people, counted.
struct People {
    people: Vec<Person>,
    /// Touches that are not of nobody, and how many attempts of a person have each.
    touched: Vec<(u32, u32)>,
    cells: Vec<Box<[Planes; CELLS]>>, // By 64 columns.
    /// By 64 columns: who is touched at all.
    of_column: Vec<Planes>,
}

impl People {
    fn of(range: Range<usize>, sides: &[Sides], keys: &[u32], met: &Met, signs: &Signs) -> People {
        let mut all = People {
            people: Vec::with_capacity(range.len()),
            touched: Vec::new(),
            cells: met.batches.iter().map(|_| Box::new([Planes::default(); CELLS])).collect(),
            of_column: vec![Planes::default(); met.batches.len()],
        };
        let (mut of_signs, mut of_touches) = (Times::new(signs.signs.len()), Times::new(signs.touches.len()));
        for user in range {
            let mut key = 0;
            for (met, place) in sides.iter().filter_map(|side| side.of_person(user)) {
                // All attempts of a person have the same key.
                key = keys.get(place).copied().unwrap_or(0);
                for sign in met {
                    of_signs.count(*sign, 1);
                }
            }
            if of_signs.met.is_empty() {
                continue;
            }
            all.cells(&of_signs.met, met);
            let mut attempts = 0;
            of_signs.take(|sign, times| {
                attempts += times;
                if let Some(sign) = signs.signs.get(sign as usize).filter(|sign| sign.touch != 0) {
                    of_touches.count(sign.touch, times);
                }
            });
            for (masks, counter) in met.touched.iter().zip(&mut all.of_column) {
                let masks = of_touches.met.iter().filter_map(|touch| masks.get(*touch as usize));
                counter.add(masks.fold(0, |all, mask| all | mask));
            }
            of_touches.take(|touch, times| all.touched.push((touch, times)));
            all.people.push(Person { key, attempts, end: all.touched.len() });
        }
        all
    }

    /// Counts a person in each cell that one of these signs is met in.
    fn cells(&mut self, signs: &[u32], met: &Met) {
        for (cells, counters) in met.batches.iter().zip(&mut self.cells) {
            let (mut seen, mut rows, mut touched) = ([0_u64; SIDES], [0_u64; ROWS * 2], 0_u128);
            for (cell, mask) in signs.iter().filter_map(|sign| cells.get(*sign as usize)).flatten() {
                if let Some(seen) = seen.get_mut(usize::from(*cell)) {
                    *seen |= mask;
                    touched |= 1 << cell;
                }
            }
            while touched != 0 {
                let cell = touched.trailing_zeros() as usize;
                touched &= touched - 1;
                let Some((seen, counter)) = seen.get(cell).zip(counters.get_mut(cell)) else { continue };
                counter.add(*seen);
                if let Some(row) = rows.get_mut(cell % (ROWS * 2)) {
                    *row |= seen;
                }
            }
            for (counter, row) in counters.iter_mut().skip(SIDES).zip(rows) {
                counter.add(row);
            }
        }
    }
}

/// How often each of some codes was met.
struct Times {
    times: Vec<u32>,
    met: Vec<u32>,
}

impl Times {
    fn new(codes: usize) -> Times {
        Times { times: vec![0; codes], met: Vec::new() }
    }

    fn count(&mut self, code: u32, times: u32) {
        if let Some(sum) = self.times.get_mut(code as usize) {
            if *sum == 0 {
                self.met.push(code);
            }
            *sum += times;
        }
    }

    /// Hands over what was met, and begins anew.
    fn take(&mut self, mut give: impl FnMut(u32, u32)) {
        for code in self.met.drain(..) {
            give(code, self.times.get_mut(code as usize).map_or(0, std::mem::take));
        }
    }
}

/// Adds people to every cell, then to the rows of any block.
fn cells(people: &[People], signs: &Signs, impact: &mut Impact) {
    let users: usize = people.iter().map(|people| people.people.len()).sum();
    let mut of_column = vec![[0_u64; CELLS]; signs.columns];
    for people in people {
        for (columns, cells) in of_column.chunks_mut(BATCH).zip(&people.cells) {
            for (cell, counter) in cells.iter().enumerate() {
                for (column, part) in counter.parts() {
                    if let Some(count) = columns.get_mut(column).and_then(|cells| cells.get_mut(cell)) {
                        *count += part;
                    }
                }
            }
        }
    }
    let policies = impact.rules.iter_mut().chain([&mut impact.combined]);
    for (of_rule, column) in policies.zip(signs.of_policy()) {
        of_rule.tally.users += users as u64;
        for (cell, counts) in of_column.get(*column).map_or(&[][..], |cells| cells).chunks(2).enumerate() {
            let (block, row) = (cell / ROWS, cell % ROWS);
            if let [least, most] = counts {
                of_rule.tally.count_people((block < BLOCKS).then_some(block), row, *least, *most);
            }
        }
    }
}

/// Counts attempts by person: for every column those whom it touches.
fn breakdown(people: &[People], signs: &Signs, impact: &mut Impact) {
    let population = people.iter().flat_map(|some| &some.people).map(|person| {
        let attempts = u64::from(person.attempts);
        (person.key, KeyCounts { attempts, ..KeyCounts::default() })
    });
    impact.population.add(Breakdown::User, population.collect());

    let mut of_column = vec![0_u64; signs.columns];
    for people in people {
        for (columns, counter) in of_column.chunks_mut(BATCH).zip(&people.of_column) {
            for (column, part) in counter.parts() {
                if let Some(count) = columns.get_mut(column) {
                    *count += part;
                }
            }
        }
    }
    // There may be as many lists as policies, each as long as there are people: none is ever moved to grow.
    let list = |people: &u64| Vec::with_capacity(usize::try_from(*people).unwrap_or(0));
    let mut touched: Vec<Vec<(u32, KeyCounts)>> = of_column.iter().map(list).collect();
    let columns = signs.columns.div_ceil(rayon::current_num_threads()).max(COLUMNS);
    touched.par_chunks_mut(columns).enumerate().for_each(|(chunk, lists)| {
        let first = chunk * columns;
        let lanes = Lanes::of(&signs.touches, first..first + lists.len());
        let mut sum = lanes.none();
        for people in people {
            let mut start = 0;
            for person in &people.people {
                let touched = people.touched.get(start..person.end).unwrap_or(&[]);
                start = person.end;
                if touched.is_empty() {
                    continue;
                }
                for (touch, attempts) in touched {
                    lanes.add(&mut sum, *touch, *attempts);
                }
                sum.take(person.key, lists);
            }
        }
    });
    let policies = impact.rules.iter_mut().chain([&mut impact.combined]);
    for (of_rule, touched) in policies.zip(signs.deal(touched)) {
        of_rule.breakdowns.add(Breakdown::User, touched);
    }
}
