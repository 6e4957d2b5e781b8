//! Counters of every column of policies side by side, so that one class is added to all of them at once.

use std::ops::Range;

use crate::impact::KeyCounts;

use super::masks::bits;
use super::signs::{BLOCKED_LEAST, BLOCKED_MOST, CHALLENGED_LEAST, CHALLENGED_MOST};

/// Counters of up to 64 columns: bit `p` of plane `i` is worth 2ⁱ for column `p`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Planes([u64; u32::BITS as usize]);

impl Planes {
    /// Counts one for each column of a mask.
    pub(super) fn add(&mut self, mask: u64) {
        let mut carry = mask;
        for plane in &mut self.0 {
            let next = *plane & carry;
            *plane ^= carry;
            carry = next;
            if carry == 0 {
                return;
            }
        }
    }

    /// Each column that was counted, with a part of its count.
    pub(super) fn parts(&self) -> impl Iterator<Item = (usize, u64)> {
        let planes = self.0.iter().zip(0_u32..).filter(|(plane, _)| **plane != 0);
        planes.flat_map(|(plane, power)| bits(*plane).map(move |policy| (policy, 1 << power)))
    }
}

/// The members of [`KeyCounts`], each with the bits of a touch that it counts.
const COUNTS: [u8; 5] =
    [CHALLENGED_LEAST, CHALLENGED_MOST, BLOCKED_LEAST, BLOCKED_MOST, CHALLENGED_MOST | BLOCKED_MOST];

/// Counts of a column are fields of one number, so wide.
const WIDTH: u32 = 12;
const FIELD: u64 = (1 << WIDTH) - 1;
/// A one in every field.
const ONES: u64 = 1 | 1 << WIDTH | 1 << (2 * WIDTH) | 1 << (3 * WIDTH) | 1 << (4 * WIDTH);
const _: () = assert!(COUNTS.len() == 5 && WIDTH * 5 <= u64::BITS);

/// What each way to be touched adds to the counts of a key, for every column.
#[derive(Debug)]
pub(super) struct Lanes {
    width: usize,
    masks: Vec<u64>, // By touch and column: all bits of each field that it counts in.
}

impl Lanes {
    /// The lanes of these columns.
    pub(super) fn of(touches: &[Vec<u8>], columns: Range<usize>) -> Lanes {
        let mask = |touch: &u8| {
            let fields = COUNTS.iter().zip(0_u32..).filter(|(bits, _)| touch & **bits != 0);
            fields.fold(0, |mask, (_, field)| mask | FIELD << (field * WIDTH))
        };
        let here = |touch: &Vec<u8>| touch.get(columns.clone()).unwrap_or(&[]).iter().map(mask).collect::<Vec<u64>>();
        Lanes { width: columns.len(), masks: touches.iter().flat_map(here).collect() }
    }

    /// Nothing counted yet.
    pub(super) fn none(&self) -> Sum {
        Sum { fields: vec![0; self.width], room: FIELD, full: Vec::new() }
    }

    /// Adds attempts that are touched in one way.
    pub(super) fn add(&self, sum: &mut Sum, touch: u32, attempts: u32) {
        let start = touch as usize * self.width;
        let masks = self.masks.get(start..start + self.width).unwrap_or(&[]);
        let mut left = u64::from(attempts);
        while left > 0 {
            if sum.room == 0 {
                sum.empty();
            }
            let now = left.min(sum.room);
            for (fields, mask) in sum.fields.iter_mut().zip(masks) {
                *fields += (now * ONES) & mask;
            }
            sum.room -= now;
            left -= now;
        }
    }
}

/// Counts of one key, for every column.
#[derive(Debug)]
pub(super) struct Sum {
    fields: Vec<u64>,
    /// No field of any column overflows within so many attempts.
    room: u64,
    /// What fields held when they were full; empty as long as they never were.
    full: Vec<KeyCounts>,
}

impl Sum {
    /// Gives each touched column its counts of a key, and begins anew.
    pub(super) fn take(&mut self, key: u32, of_column: &mut [Vec<(u32, KeyCounts)>]) {
        if !self.full.is_empty() {
            self.empty();
            for (to, counts) in of_column.iter_mut().zip(self.full.drain(..)) {
                if counts.attempts > 0 {
                    to.push((key, counts));
                }
            }
            return;
        }
        for (to, fields) in of_column.iter_mut().zip(&mut self.fields) {
            if *fields != 0 {
                to.push((key, counts(*fields)));
                *fields = 0;
            }
        }
        self.room = FIELD;
    }

    fn empty(&mut self) {
        self.full.resize(self.fields.len(), KeyCounts::default());
        for (full, fields) in self.full.iter_mut().zip(&mut self.fields) {
            full.add(counts(std::mem::take(fields)));
        }
        self.room = FIELD;
    }
}

fn counts(fields: u64) -> KeyCounts {
    let field = |place: u32| fields >> (place * WIDTH) & FIELD;
    KeyCounts {
        challenged_least: field(0),
        challenged_most: field(1),
        blocked_least: field(2),
        blocked_most: field(3),
        attempts: field(4),
    }
}

#[cfg(test)]
mod tests {
    use super::{Lanes, Planes};
    use crate::impact::KeyCounts;

    #[test]
    fn each_policy_has_a_counter_of_its_own() {
        let mut planes = Planes::default();
        for time in 0..1000_u64 {
            planes.add(u64::from(time % 3 == 0) | u64::from(time % 7 == 0) << 63 | 1 << 20);
        }
        let mut counts = [0; 64];
        for (policy, part) in planes.parts() {
            counts[policy] += part;
        }
        assert_eq!([0, 63, 20, 5].map(|policy| counts[policy]), [334, 143, 1000, 0]);
    }

    #[test]
    fn a_key_may_have_more_attempts_than_a_field_holds() {
        let lanes = Lanes::of(&[vec![0, 0, 0], vec![9, 3, 0], vec![9, 0, 2]], 1..3);
        let (mut sum, mut met) = (lanes.none(), vec![Vec::new(); 2]);
        for (key, attempts) in [(7, 3), (8, 1_000_000), (9, 4_095)] {
            lanes.add(&mut sum, 1, attempts);
            lanes.add(&mut sum, 2, 1);
            sum.take(key, &mut met);
        }
        let challenged = |least, most| KeyCounts {
            challenged_least: least,
            challenged_most: most,
            attempts: most,
            ..KeyCounts::default()
        };
        let each = [3, 1_000_000, 4_095].map(|attempts| challenged(attempts, attempts));
        assert_eq!(met[0], [(7, each[0]), (8, each[1]), (9, each[2])]);
        assert_eq!(met[1], [7, 8, 9].map(|key| (key, challenged(0, 1))));
    }
}
