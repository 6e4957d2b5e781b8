//! Counters of every policy side by side, so that one class is added to all of them at once.

use crate::impact::KeyCounts;

use super::signs::{BLOCKED_LEAST, BLOCKED_MOST, CHALLENGED_LEAST, CHALLENGED_MOST};

/// Counters of up to 64 policies: bit `p` of plane `i` is worth 2ⁱ for policy `p`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Planes([u64; u32::BITS as usize]);

impl Planes {
    /// Counts one for each policy of a mask.
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

    /// The count of a policy.
    pub(super) fn of(&self, policy: usize) -> u64 {
        self.0.iter().rev().fold(0, |count, plane| count << 1 | (plane >> policy & 1))
    }
}

/// The members of [`KeyCounts`], each with the bits of a touch that it counts.
const COUNTS: [u8; 5] =
    [CHALLENGED_LEAST, CHALLENGED_MOST, BLOCKED_LEAST, BLOCKED_MOST, CHALLENGED_MOST | BLOCKED_MOST];

/// What each way to be touched adds to the counts of a key, for every policy and all together.
#[derive(Debug)]
pub(super) struct Lanes {
    columns: usize,
    masks: Vec<u32>, // By touch, count and column: all bits, or none.
}

impl Lanes {
    /// The lanes of these touches, each with as many columns.
    pub(super) fn of(touches: &[Vec<u8>], columns: usize) -> Lanes {
        let mask = |is: bool| if is { u32::MAX } else { 0 };
        let masks = touches
            .iter()
            .flat_map(|touch| COUNTS.iter().flat_map(move |bits| touch.iter().map(move |one| mask(one & bits != 0))))
            .collect();
        Lanes { columns, masks }
    }

    /// Nothing counted yet.
    pub(super) fn none(&self) -> Sum {
        Sum(vec![0; self.columns * COUNTS.len()])
    }

    /// Adds attempts that are touched in one way.
    pub(super) fn add(&self, sum: &mut Sum, touch: u32, attempts: u32) {
        let width = sum.0.len();
        let start = touch as usize * width;
        let masks = self.masks.get(start..start + width).unwrap_or(&[]);
        for (sum, mask) in sum.0.iter_mut().zip(masks) {
            *sum += attempts & mask;
        }
    }

    /// Gives each touched column its counts of a key, and begins anew.
    pub(super) fn take(&self, sum: &mut Sum, key: u32, of_column: &mut [Vec<(u32, KeyCounts)>]) {
        let mut parts = sum.0.chunks_exact(self.columns.max(1));
        let mut next = || parts.next().unwrap_or(&[]);
        let (challenged_least, challenged_most) = (next(), next());
        let (blocked_least, blocked_most, attempts) = (next(), next(), next());
        let challenged = challenged_least.iter().zip(challenged_most);
        let blocked = blocked_least.iter().zip(blocked_most);
        for (to, ((challenged, blocked), attempts)) in of_column.iter_mut().zip(challenged.zip(blocked).zip(attempts)) {
            if *attempts > 0 {
                let counts = KeyCounts {
                    challenged_least: u64::from(*challenged.0),
                    challenged_most: u64::from(*challenged.1),
                    blocked_least: u64::from(*blocked.0),
                    blocked_most: u64::from(*blocked.1),
                    attempts: u64::from(*attempts),
                };
                to.push((key, counts));
            }
        }
        sum.0.fill(0);
    }
}

/// Counts of one key, for every column.
#[derive(Debug)]
pub(super) struct Sum(Vec<u32>);

#[cfg(test)]
mod tests {
    use super::Planes;

    #[test]
    fn each_policy_has_a_counter_of_its_own() {
        let mut planes = Planes::default();
        for time in 0..1000_u64 {
            planes.add(u64::from(time % 3 == 0) | u64::from(time % 7 == 0) << 63 | 1 << 20);
        }
        assert_eq!([0, 63, 20, 5].map(|policy| planes.of(policy)), [334, 143, 1000, 0]);
    }
}
