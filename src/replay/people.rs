//! Distinct people: whose attempts bear which signs, and so in which cells each person is met.

use std::ops::Range;

use rayon::prelude::*;

use crate::compile::Plan;
use crate::domain::Verdict;
use crate::impact::{BLOCKS, Breakdown, Impact, KeyCounts, Keys, ROWS, Tally, rows_of};

use super::fold::{Block, Folded, Part};
use super::judged::Judged;
use super::lanes::{Lanes, Planes, Sum};
use super::masks::bits;

/// Cells of the matrix, certainly and possibly, then rows of any block.
const CELLS: usize = (BLOCKS + 1) * ROWS * 2;
/// People that a thread is worth.
const PEOPLE: usize = 4096;

/// Counts people by cell, and their attempts by how they are touched.
pub(super) fn count(plan: &Plan, users: usize, keys: &Keys, folded: &Folded<'_>, judged: &Judged, impact: &mut Impact) {
    let sides: Vec<Sides> = folded.parts.par_iter().map(|part| Sides::of(part, users, plan, keys, judged)).collect();
    let met = Met::of(plan.rules.len(), judged);
    let lanes = Lanes::of(&judged.signs.touches, plan.rules.len() + 1);
    let range = users.div_ceil(rayon::current_num_threads()).max(PEOPLE);
    let ranges: Vec<Range<usize>> = (0..users).step_by(range).map(|first| first..users.min(first + range)).collect();
    let sums: Vec<Sums> = ranges.into_par_iter().map(|people| Sums::of(people, &sides, &met, &lanes, judged)).collect();
    for sums in sums {
        sums.add_to(impact);
    }
}

/// The signs of some attempts, those of one person side by side.
struct Sides {
    /// Where those of each person end.
    ends: Vec<u32>,
    signs: Vec<u32>,
    /// The key of each person who is here: all attempts of a person have the same ([`Keys::read`]).
    keys: Vec<u32>,
}

impl Sides {
    fn of(part: &Part<'_>, users: usize, plan: &Plan, keys: &Keys, judged: &Judged) -> Sides {
        let (mut one, mut two) = (Vec::new(), Vec::new());
        let (mut ends, mut key_of) = (vec![0_u32; users], vec![0_u32; users]);
        for block in Block::cut(part.places) {
            let (users, keys) =
                (block.of(&plan.marks.users, &mut one), block.of(keys.codes(Breakdown::User), &mut two));
            for (user, key) in users.iter().zip(keys) {
                if let Some((attempts, known)) = ends.get_mut(*user as usize).zip(key_of.get_mut(*user as usize)) {
                    *attempts += 1;
                    *known = *key;
                }
            }
        }
        // From how many to where they begin; placing them moves each to where they end.
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let mut signs = vec![0; part.places.len()];
        let mut rest = part.classes.as_slice();
        for block in Block::cut(part.places) {
            let users = block.of(&plan.marks.users, &mut one);
            let (classes, later) = rest.split_at(users.len().min(rest.len()));
            rest = later;
            for (user, class) in users.iter().zip(classes) {
                let Some(end) = ends.get_mut(*user as usize) else { continue };
                if let Some((to, sign)) = signs.get_mut(*end as usize).zip(judged.sign_of.get(*class as usize)) {
                    *to = *sign;
                }
                *end += 1;
            }
        }
        Sides { ends, signs, keys: key_of }
    }

    fn of_person(&self, user: usize) -> &[u32] {
        let first = user.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(user).copied().unwrap_or(first);
        self.signs.get(first as usize..end as usize).unwrap_or(&[])
    }
}

/// In which cells each sign is met.
struct Met {
    /// By 64 policies, then sign: cells and the policies that meet it.
    cells: Vec<Vec<Vec<(u8, u64)>>>,
    /// By sign: the cells that all policies together meet, certainly and possibly.
    together: Vec<(u64, u64)>,
    policies: usize,
}

/// A bit a cell fits a mask, and a cell fits a byte.
const _: () = assert!(BLOCKS * ROWS <= u64::BITS as usize && CELLS <= u8::MAX as usize);

impl Met {
    fn of(policies: usize, judged: &Judged) -> Met {
        let batch = |first: usize| {
            let of_sign = |sign: &super::signs::Sign| {
                let mut masks = [0_u64; ROWS * 2];
                let here = sign.verdicts.get(first..policies.min(first + u64::BITS as usize)).unwrap_or(&[]);
                for (place, verdict) in here.iter().enumerate() {
                    for (mask, is_met) in masks.iter_mut().zip(sides(*verdict)) {
                        *mask |= u64::from(is_met) << place;
                    }
                }
                let cells = (0..).zip(masks).filter(|(_, mask)| *mask != 0);
                let base = u8::try_from(sign.block * ROWS * 2).unwrap_or(0);
                cells.map(|(side, mask): (u8, u64)| (base + side, mask)).collect()
            };
            judged.signs.signs.iter().map(of_sign).collect()
        };
        let together = |sign: &super::signs::Sign| {
            let verdict = sign.verdicts.last().copied().unwrap_or(Verdict::UNTOUCHED);
            let of_row = |(row, (certain, possible))| {
                let cell = sign.block * ROWS + row;
                (u64::from(certain) << cell, u64::from(possible) << cell)
            };
            let rows = rows_of(verdict).into_iter().enumerate().map(of_row);
            rows.fold((0, 0), |all: (u64, u64), one| (all.0 | one.0, all.1 | one.1))
        };
        Met {
            cells: (0..policies).step_by(u64::BITS as usize).map(batch).collect(),
            together: judged.signs.signs.iter().map(together).collect(),
            policies,
        }
    }
}

/// Whether a verdict is certainly, then possibly, in each row.
fn sides(verdict: Verdict) -> impl Iterator<Item = bool> {
    rows_of(verdict).into_iter().flat_map(|(certain, possible)| [certain, possible])
}

/// Some people, counted.
struct Sums {
    users: u64,
    policies: usize,
    cells: Vec<Box<[Planes; CELLS]>>, // By 64 policies.
    /// All together: cells certainly and possibly, then rows certainly and possibly.
    together: [Planes; 4],
    touched: Vec<Vec<(u32, KeyCounts)>>, // By policy, then all together.
    population: Vec<(u32, KeyCounts)>,
}

impl Sums {
    fn of(people: Range<usize>, sides: &[Sides], met: &Met, lanes: &Lanes, judged: &Judged) -> Sums {
        let mut sums = Sums {
            users: 0,
            policies: met.policies,
            cells: met.cells.iter().map(|_| Box::new([Planes::default(); CELLS])).collect(),
            together: [Planes::default(); 4],
            touched: vec![Vec::new(); met.policies + 1],
            population: Vec::with_capacity(people.len()),
        };
        let mut person = Person::new(judged.signs.signs.len(), lanes.none());
        for user in people {
            let mut key = 0;
            for side in sides {
                let signs = side.of_person(user);
                if !signs.is_empty() {
                    key = side.keys.get(user).copied().unwrap_or(0);
                    person.see(signs);
                }
            }
            if person.met.is_empty() {
                continue;
            }
            sums.users += 1;
            sums.add(key, &mut person, met, lanes, judged);
        }
        sums
    }

    fn add(&mut self, key: u32, person: &mut Person, met: &Met, lanes: &Lanes, judged: &Judged) {
        for (cells, counters) in met.cells.iter().zip(&mut self.cells) {
            let (mut touched, mut rows) = (0_u128, [0_u64; ROWS * 2]);
            for sign in &person.met {
                for (cell, mask) in cells.get(*sign as usize).into_iter().flatten() {
                    if let Some(seen) = person.cells.get_mut(usize::from(*cell)) {
                        *seen |= mask;
                        touched |= 1 << cell;
                    }
                }
            }
            while touched != 0 {
                let cell = touched.trailing_zeros() as usize;
                touched &= touched - 1;
                let Some(seen) = person.cells.get_mut(cell).map(std::mem::take) else { continue };
                if let Some(row) = rows.get_mut(cell % (ROWS * 2)) {
                    *row |= seen;
                }
                if let Some(counter) = counters.get_mut(cell) {
                    counter.add(seen);
                }
            }
            for (counter, row) in counters.iter_mut().skip(BLOCKS * ROWS * 2).zip(rows) {
                counter.add(row);
            }
        }
        let (mut certain, mut possible, mut attempts) = (0, 0, 0);
        let mut is_touched = false;
        for sign in person.met.drain(..) {
            let place = sign as usize;
            let times = person.times.get_mut(place).map(std::mem::take).unwrap_or(0);
            attempts += times;
            if let Some((least, most)) = met.together.get(place) {
                certain |= least;
                possible |= most;
            }
            let touch = judged.signs.signs.get(place).map_or(0, |sign| sign.touch);
            if touch != 0 {
                lanes.add(&mut person.sum, touch, times);
                is_touched = true;
            }
        }
        for (counter, mask) in
            self.together.iter_mut().zip([certain, possible, any_block(certain), any_block(possible)])
        {
            counter.add(mask);
        }
        if is_touched {
            lanes.take(&mut person.sum, key, &mut self.touched);
        }
        self.population.push((key, KeyCounts { attempts: u64::from(attempts), ..KeyCounts::default() }));
    }

    fn add_to(self, impact: &mut Impact) {
        let Sums { users, policies, cells, together, touched, population } = self;
        for (place, (of_rule, touched)) in
            impact.rules.iter_mut().chain([&mut impact.combined]).zip(touched).enumerate()
        {
            of_rule.tally.users += users;
            of_rule.breakdowns.add(Breakdown::User, touched);
            if place < policies {
                let (batch, bit) = (place / u64::BITS as usize, place % u64::BITS as usize);
                let Some(cells) = cells.get(batch) else { continue };
                people(&mut of_rule.tally, |side| cells.get(side).map_or(0, |counter| counter.of(bit)));
            } else {
                people(&mut of_rule.tally, |side| {
                    let (cell, is_most) = (side / 2, side % 2);
                    let (counter, bit) =
                        if cell < BLOCKS * ROWS { (is_most, cell) } else { (2 + is_most, cell - BLOCKS * ROWS) };
                    together.get(counter).map_or(0, |counter| counter.of(bit))
                });
            }
        }
        impact.population.add(Breakdown::User, population);
    }
}

/// Adds people to every cell, then to the rows of any block.
fn people(tally: &mut Tally, of: impl Fn(usize) -> u64) {
    for cell in 0..(BLOCKS + 1) * ROWS {
        let (block, row) = (cell / ROWS, cell % ROWS);
        tally.count_people((block < BLOCKS).then_some(block), row, of(cell * 2), of(cell * 2 + 1));
    }
}

/// The rows of cells, whatever the block.
fn any_block(cells: u64) -> u64 {
    bits(cells).fold(0, |rows, cell| rows | 1 << (cell % ROWS))
}

/// The attempts of one person, by sign.
struct Person {
    times: Vec<u32>,
    met: Vec<u32>,
    cells: [u64; CELLS],
    sum: Sum,
}

impl Person {
    fn new(signs: usize, sum: Sum) -> Person {
        Person { times: vec![0; signs], met: Vec::new(), cells: [0; CELLS], sum }
    }

    fn see(&mut self, signs: &[u32]) {
        for sign in signs {
            if let Some(times) = self.times.get_mut(*sign as usize) {
                if *times == 0 {
                    self.met.push(*sign);
                }
                *times += 1;
            }
        }
    }
}
