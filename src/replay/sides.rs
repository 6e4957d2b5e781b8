//! Whose signs are whose: those of one person side by side, by counting them first.

use crate::compile::Plan;

use super::fold::{Block, Part};
use super::judged::Judged;

/// The signs of some attempts, those of one person side by side.
pub(super) struct Sides {
    /// Where those of each person end.
    ends: Vec<u32>,
    signs: Vec<u32>,
    /// An attempt of each person who is here, by its place in the list.
    places: Vec<usize>,
}

impl Sides {
    pub(super) fn of(part: &Part<'_>, users: usize, plan: &Plan, judged: &Judged) -> Sides {
        let mut buffer = Vec::new();
        let mut ends = vec![0_u32; users];
        for block in Block::cut(part.places) {
            for user in block.of(&plan.marks.users, &mut buffer) {
                if let Some(attempts) = ends.get_mut(*user as usize) {
                    *attempts += 1;
                }
            }
        }
        // From how many to where they begin; placing them moves each to where they end.
        let mut before = 0;
        for end in &mut ends {
            before += std::mem::replace(end, before);
        }
        let (mut signs, mut places) = (vec![0; part.places.len()], vec![0; users]);
        let mut rest = part.classes.as_slice();
        for block in Block::cut(part.places) {
            let users = block.of(&plan.marks.users, &mut buffer);
            let (classes, later) = rest.split_at(users.len().min(rest.len()));
            rest = later;
            for ((user, class), place) in users.iter().zip(classes).zip(block.places) {
                let user = *user as usize;
                let Some((end, known)) = ends.get_mut(user).zip(places.get_mut(user)) else { continue };
                if let Some((to, sign)) = signs.get_mut(*end as usize).zip(judged.sign_of.get(*class as usize)) {
                    *to = *sign;
                }
                *end += 1;
                *known = *place;
            }
        }
        Sides { ends, signs, places }
    }

    /// The signs of a person, and the place of one attempt of theirs; nothing for who is not here.
    pub(super) fn of_person(&self, user: usize) -> Option<(&[u32], usize)> {
        let first = user.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(user).copied().unwrap_or(first);
        let signs = self.signs.get(first as usize..end as usize).filter(|signs| !signs.is_empty())?;
        Some((signs, self.places.get(user).copied()?))
    }
}
