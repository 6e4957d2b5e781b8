//! What people and breakdowns are counted by: the effects of all policies on a class. Few distinct, however many classes.
//! Policies that never touch anybody, or all the same people, have the same effects on every class: one column for all of them.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::domain::{Effect, Verdict};

/// Number of an effect that some verdict has: its range, and which effects are possible.
type EffectCode = u16;

/// The effects of every column on attempts of one block of cells.
#[derive(Debug)]
pub(super) struct Sign {
    pub(super) block: usize,
    /// One verdict a column: only its effect is looked at.
    pub(super) verdicts: Vec<Verdict>,
    /// Who is touched, without the block: a place in [`Signs::touches`].
    pub(super) touch: u32,
}

/// Distinct signs of all classes. Policies whose effects are the same on every class share a column.
#[derive(Debug)]
pub(super) struct Signs {
    pub(super) signs: Vec<Sign>,
    /// Distinct ways to be touched, a set of bits a column; the first touches nobody.
    pub(super) touches: Vec<Vec<u8>>,
    /// How many columns there are.
    pub(super) columns: usize,
    /// The column of each policy, then that of all together.
    of_policy: Vec<usize>,
}

impl Signs {
    /// Gives each policy, then all together, what its column adds up to.
    pub(super) fn deal<T: Clone>(&self, mut of_column: Vec<Vec<T>>) -> Vec<Vec<T>> {
        let mut owners = vec![0_usize; self.columns];
        for column in &self.of_policy {
            if let Some(owners) = owners.get_mut(*column) {
                *owners += 1;
            }
        }
        let mut give = |column: &usize| {
            let Some((list, owners)) = of_column.get_mut(*column).zip(owners.get_mut(*column)) else {
                return Vec::new();
            };
            *owners -= 1;
            // The last one gets the list itself.
            if *owners == 0 { std::mem::take(list) } else { list.clone() }
        };
        self.of_policy.iter().map(&mut give).collect()
    }

    /// The column of each policy, then that of all together.
    pub(super) fn of_policy(&self) -> &[usize] {
        &self.of_policy
    }
}

/// The bits of a touch.
pub(super) const CHALLENGED_LEAST: u8 = 1;
pub(super) const CHALLENGED_MOST: u8 = 2;
pub(super) const BLOCKED_LEAST: u8 = 4;
pub(super) const BLOCKED_MOST: u8 = 8;

fn touch(verdict: Verdict) -> u8 {
    let bit = |is: bool, bit: u8| if is { bit } else { 0 };
    bit(verdict.is_certainly(Effect::Challenged), CHALLENGED_LEAST)
        | bit(verdict.may_be(Effect::Challenged), CHALLENGED_MOST)
        | bit(verdict.is_certainly(Effect::Blocked), BLOCKED_LEAST)
        | bit(verdict.may_be(Effect::Blocked), BLOCKED_MOST)
}

/// Signs while classes are judged.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    effects: Vec<Verdict>,
    index: HashMap<Vec<EffectCode>, u32, FxBuildHasher>,
    found: Vec<Vec<EffectCode>>,
}

impl Gathered {
    /// The number of a verdict's effect.
    pub(super) fn effect(&mut self, verdict: Verdict) -> EffectCode {
        let same = |known: &Verdict| known.effect == verdict.effect && known.possible == verdict.possible;
        let place = self.effects.iter().position(same).unwrap_or_else(|| {
            self.effects.push(verdict);
            self.effects.len() - 1
        });
        // Fifteen ranges of five effects with 31 sets of them.
        EffectCode::try_from(place).unwrap_or(EffectCode::MAX)
    }

    /// The number of a sign: the block of cells, then the effects of each policy and of all together.
    pub(super) fn sign(&mut self, sign: &[EffectCode]) -> u32 {
        if let Some(known) = self.index.get(sign) {
            return *known;
        }
        let code = u32::try_from(self.found.len()).unwrap_or(u32::MAX);
        self.found.push(sign.to_vec());
        self.index.insert(sign.to_vec(), code);
        code
    }

    /// The signs of this many policies and all together, when all classes are judged.
    pub(super) fn finish(self, policies: usize) -> Signs {
        let Gathered { effects, found, .. } = self;
        let mut index: HashMap<Vec<EffectCode>, usize, FxBuildHasher> = HashMap::default();
        let mut stands_for = Vec::new(); // A policy of each column.
        let of_policy = (0..=policies)
            .map(|policy| {
                let column: Vec<EffectCode> =
                    found.iter().map(|sign| sign.get(policy + 1).copied().unwrap_or(0)).collect();
                *index.entry(column).or_insert_with(|| {
                    stands_for.push(policy);
                    stands_for.len() - 1
                })
            })
            .collect();
        let columns = stands_for.len();
        let nobody = vec![0; columns];
        let mut touch_index: HashMap<Vec<u8>, u32, FxBuildHasher> = [(nobody.clone(), 0)].into_iter().collect();
        let mut touches = vec![nobody];
        let of_effects = |sign: &Vec<EffectCode>| {
            let effect = |policy: &usize| sign.get(policy + 1).and_then(|effect| effects.get(usize::from(*effect)));
            let verdicts: Vec<Verdict> =
                stands_for.iter().map(|policy| effect(policy).copied().unwrap_or(Verdict::UNTOUCHED)).collect();
            let touch = *touch_index.entry(verdicts.iter().copied().map(touch).collect()).or_insert_with_key(|way| {
                touches.push(way.clone());
                u32::try_from(touches.len() - 1).unwrap_or(u32::MAX)
            });
            Sign { block: sign.first().copied().map_or(0, usize::from), verdicts, touch }
        };
        let signs = found.iter().map(of_effects).collect();
        Signs { signs, touches, columns, of_policy }
    }
}

#[cfg(test)]
mod tests {
    use super::Gathered;
    use crate::domain::{Effect, Outcome, Span, Verdict};

    #[test]
    fn policies_of_the_same_effects_share_a_column() {
        let blocked = Verdict {
            outcome: Span::certain(Outcome::Failure),
            effect: Span::certain(Effect::Blocked),
            possible: Effect::Blocked.bit(),
        };
        let mut gathered = Gathered::default();
        let (none, block) = (gathered.effect(Verdict::UNTOUCHED), gathered.effect(blocked));
        let given = [[0, none, none, block, block], [1, none, none, block, block], [1, block, none, block, block]]
            .map(|sign| gathered.sign(&sign));
        assert_eq!((given, gathered.sign(&[1, none, none, block, block])), ([0, 1, 2], 1));
        let signs = gathered.finish(3);
        assert_eq!((signs.columns, signs.touches.len()), (3, 3));
        assert_eq!(signs.deal(vec![vec!['a'], vec![], vec!['c']]), [vec!['a'], vec![], vec!['c'], vec!['c']]);
    }
}
