//! What people and breakdowns are counted by: the effects of all policies on a class. Few distinct, however many classes.

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::domain::{Effect, Verdict};

/// Number of an effect that some verdict has: its range, and which effects are possible.
type EffectCode = u16;

/// The effects of every policy, and of all together, on attempts of one block of cells.
#[derive(Debug)]
pub(super) struct Sign {
    pub(super) block: usize,
    /// One verdict a policy, then that of all together: only its effect is looked at.
    pub(super) verdicts: Vec<Verdict>,
    /// Who is touched, without the block: a place in [`Signs::touches`].
    pub(super) touch: u32,
}

/// Distinct signs.
#[derive(Debug)]
pub(super) struct Signs {
    effects: Vec<Verdict>,
    index: HashMap<Vec<EffectCode>, u32, FxBuildHasher>,
    touch_index: HashMap<Vec<u8>, u32, FxBuildHasher>,
    /// Distinct signs.
    pub(super) signs: Vec<Sign>,
    /// Distinct ways to be touched, a set of bits a policy, then that of all together; the first touches nobody.
    pub(super) touches: Vec<Vec<u8>>,
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

impl Signs {
    /// Signs of this many columns: the policies, and all together.
    pub(super) fn new(columns: usize) -> Signs {
        let nobody = vec![0; columns];
        Signs {
            effects: Vec::new(),
            index: HashMap::default(),
            touch_index: [(nobody.clone(), 0)].into_iter().collect(),
            signs: Vec::new(),
            touches: vec![nobody],
        }
    }

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

    /// The number of a sign: the block of cells, then the effects of each column.
    pub(super) fn sign(&mut self, sign: &[EffectCode]) -> u32 {
        if let Some(known) = self.index.get(sign) {
            return *known;
        }
        let (block, effects) = sign.split_first().map_or((0, sign), |(block, effects)| (usize::from(*block), effects));
        let verdict =
            |effect: &EffectCode| self.effects.get(usize::from(*effect)).copied().unwrap_or(Verdict::UNTOUCHED);
        let verdicts: Vec<Verdict> = effects.iter().map(verdict).collect();
        let touches: Vec<u8> = verdicts.iter().copied().map(touch).collect();
        let touch = *self.touch_index.entry(touches).or_insert_with_key(|touches| {
            self.touches.push(touches.clone());
            u32::try_from(self.touches.len() - 1).unwrap_or(u32::MAX)
        });
        self.signs.push(Sign { block, verdicts, touch });
        let code = u32::try_from(self.signs.len() - 1).unwrap_or(u32::MAX);
        self.index.insert(sign.to_vec(), code);
        code
    }
}
