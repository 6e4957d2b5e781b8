//! Who has an attempt in scope.

use std::collections::BTreeSet;

use crate::attempt::{Attempt, Attempts};
use crate::domain::folded;
use crate::frame::{Column, NOT_RECORDED};

/// Users with an attempt in scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Folded ids.
    pub ids: BTreeSet<String>,
    /// Folded user principal names.
    pub names: BTreeSet<String>,
    /// Attempts that record no user id: they may be anybody's.
    pub without_user: u64,
}

impl Seen {
    /// Of the attempts in scope (places in the list); who they are only if that is asked.
    #[must_use]
    pub fn read(attempts: &Attempts, scoped: &[usize], by_name: bool) -> Seen {
        let chosen = || scoped.iter().filter_map(|place| attempts.list.get(*place));
        let texts = |column: Column| -> BTreeSet<String> {
            if !by_name {
                return BTreeSet::new();
            }
            let dictionary = attempts.frame.dictionary(column);
            let mut met = vec![false; dictionary.len()];
            for attempt in chosen() {
                if let Some(met) = met.get_mut(attempts.code(attempt, column) as usize) {
                    *met = true;
                }
            }
            let texts = dictionary.iter().zip(met).filter(|(text, met)| *met && !text.is_empty());
            texts.map(|(text, _)| folded(text)).collect()
        };
        let is_unnamed = |attempt: &&Attempt| attempts.code(attempt, Column::UserId) == NOT_RECORDED;
        Seen {
            ids: texts(Column::UserId),
            names: texts(Column::UserPrincipalName),
            without_user: chosen().filter(is_unnamed).count() as u64,
        }
    }

    /// Of both.
    #[must_use]
    pub fn and(mut self, other: Seen) -> Seen {
        self.ids.extend(other.ids);
        self.names.extend(other.names);
        self.without_user += other.without_user;
        self
    }
}
