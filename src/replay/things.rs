//! What attempts are about: counts by application, country, day, …, by how attempts are touched and not by policy.

use hashbrown::HashMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use crate::impact::{Breakdown, Impact, KeyCounts, Keys};

use super::fold::{Block, Folded, Part};
use super::judged::Judged;
use super::lanes::Lanes;
use super::signs::Signs;

/// Breakdowns by what an attempt is about, two columns a pass.
const COLUMNS: [[Breakdown; 2]; 4] = [
    [Breakdown::Application, Breakdown::Resource],
    [Breakdown::Country, Breakdown::ClientApp],
    [Breakdown::OperatingSystem, Breakdown::RiskEventType],
    [Breakdown::Day, Breakdown::HourOfWeek],
];

/// Keys and touches so many have a counter each; of more only those that were met.
const DENSE: usize = 1 << 20;

/// Counts attempts by key.
pub(super) fn count(keys: &Keys, folded: &Folded<'_>, judged: &Judged, impact: &mut Impact) {
    let touch_of: Vec<u32> =
        judged.sign_of.iter().map(|sign| judged.signs.signs.get(*sign as usize).map_or(0, |sign| sign.touch)).collect();
    let touches = judged.signs.touches.len();
    let count = |part: &Part<'_>| count_part(keys, part, &touch_of, touches);
    let tables = folded.parts.par_iter().map(count).reduce_with(|one, two| {
        let pairs = one.into_iter().zip(two);
        pairs.map(|([one, two], [third, fourth])| [one.add(third), two.add(fourth)]).collect()
    });
    let lanes = Lanes::of(&judged.signs.touches, 0..judged.signs.columns);
    for (breakdowns, tables) in COLUMNS.into_iter().zip(tables.into_iter().flatten()) {
        for (breakdown, table) in breakdowns.into_iter().zip(tables) {
            spread(keys, breakdown, &table, &lanes, &judged.signs, impact);
        }
    }
}

/// From touches to policies.
fn spread(keys: &Keys, breakdown: Breakdown, table: &Table, lanes: &Lanes, signs: &Signs, impact: &mut Impact) {
    let mut touched = vec![Vec::new(); signs.columns];
    let mut population = Vec::new();
    let mut sum = lanes.none();
    for of_key in table.met(keys, breakdown).chunk_by(|one, two| one.key == two.key) {
        let Some(key) = of_key.first().map(|first| first.key) else { continue };
        let attempts = of_key.iter().map(|one| u64::from(one.attempts)).sum();
        population.push((key, KeyCounts { attempts, ..KeyCounts::default() }));
        for one in of_key.iter().filter(|one| one.touch != 0) {
            lanes.add(&mut sum, one.touch, one.attempts);
        }
        sum.take(key, &mut touched);
    }
    let rules = impact.rules.iter_mut().chain([&mut impact.combined]);
    for (of_rule, touched) in rules.zip(signs.deal(touched)) {
        of_rule.breakdowns.add(breakdown, touched);
    }
    impact.population.add(breakdown, population);
}

fn count_part(keys: &Keys, part: &Part<'_>, touch_of: &[u32], touches: usize) -> Vec<[Table; 2]> {
    let mut tables: Vec<[Table; 2]> =
        COLUMNS.iter().map(|pair| pair.map(|breakdown| Table::new(codes(keys, breakdown), touches))).collect();
    let (mut one, mut two, mut touch) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = part.classes.as_slice();
    for block in Block::cut(part.places) {
        let (classes, later) = rest.split_at(block.places.len().min(rest.len()));
        rest = later;
        touch.clear();
        touch.extend(classes.iter().map(|class| touch_of.get(*class as usize).copied().unwrap_or(0)));
        for (pair, tables) in COLUMNS.iter().zip(&mut tables) {
            let [first, second] = *pair;
            let columns = [block.of(keys.codes(first), &mut one), block.of(keys.codes(second), &mut two)];
            add(tables, columns, &touch);
        }
    }
    tables
}

/// How many codes a column may hold.
fn codes(keys: &Keys, breakdown: Breakdown) -> usize {
    if breakdown == Breakdown::RiskEventType { keys.detections().len() } else { keys.len(breakdown) }
}

fn add(tables: &mut [Table; 2], columns: [&[u32]; 2], touch: &[u32]) {
    let [one, two] = columns;
    match tables {
        [Table::Dense { touches, cells }, Table::Dense { touches: _, cells: others }] => {
            let touches = *touches;
            for ((one, two), touch) in one.iter().zip(two).zip(touch) {
                if let Some(cell) = cells.get_mut(*one as usize * touches + *touch as usize) {
                    *cell += 1;
                }
                if let Some(cell) = others.get_mut(*two as usize * touches + *touch as usize) {
                    *cell += 1;
                }
            }
        }
        [first, second] => {
            for ((one, two), touch) in one.iter().zip(two).zip(touch) {
                first.count(*one, *touch, 1);
                second.count(*two, *touch, 1);
            }
        }
    }
}

/// Attempts by code and touch.
enum Table {
    Dense { touches: usize, cells: Vec<u32> },
    Sparse(HashMap<(u32, u32), u32, FxBuildHasher>),
}

/// Attempts of a key that are touched in one way.
struct Touched {
    key: u32,
    touch: u32,
    attempts: u32,
}

impl Table {
    fn new(codes: usize, touches: usize) -> Table {
        match codes.checked_mul(touches).filter(|cells| *cells <= DENSE) {
            Some(cells) => Table::Dense { touches, cells: vec![0; cells] },
            None => Table::Sparse(HashMap::default()),
        }
    }

    fn count(&mut self, code: u32, touch: u32, attempts: u32) {
        match self {
            Table::Dense { touches, cells } => {
                if let Some(cell) = cells.get_mut(code as usize * *touches + touch as usize) {
                    *cell += attempts;
                }
            }
            Table::Sparse(counts) => *counts.entry((code, touch)).or_default() += attempts,
        }
    }

    fn add(mut self, other: Table) -> Table {
        for (code, touch, attempts) in other.cells() {
            self.count(code, touch, attempts);
        }
        self
    }

    /// Code, touch and attempts of what was met, sorted.
    fn cells(&self) -> Vec<(u32, u32, u32)> {
        match self {
            Table::Dense { touches, cells } => {
                let of_code = (0..).zip(cells.chunks(*touches));
                let of_cell =
                    of_code.flat_map(|(code, cells)| (0..).zip(cells).map(move |(touch, cell)| (code, touch, *cell)));
                of_cell.filter(|(_, _, attempts)| *attempts > 0).collect()
            }
            Table::Sparse(counts) => {
                let mut met: Vec<_> =
                    counts.iter().map(|((code, touch), attempts)| (*code, *touch, *attempts)).collect();
                met.sort_unstable();
                met
            }
        }
    }

    /// What was met, sorted by key; an attempt with several detections counts under each.
    fn met(&self, keys: &Keys, breakdown: Breakdown) -> Vec<Touched> {
        let met = self.cells().into_iter();
        if breakdown != Breakdown::RiskEventType {
            return met.map(|(key, touch, attempts)| Touched { key, touch, attempts }).collect();
        }
        let of_set = met.flat_map(|(set, touch, attempts)| {
            let detections = keys.detections().get(set as usize).into_iter().flatten();
            detections.map(move |key| Touched { key: *key, touch, attempts })
        });
        let mut met: Vec<Touched> = of_set.collect();
        met.sort_unstable_by_key(|one| one.key);
        met
    }
}
