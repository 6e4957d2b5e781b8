//! Which attempts are counted: by their terminal row, after all evidence is gathered.

use crate::domain::{RiskLevel, folded};
use crate::frame::{Column, Place, Time, parsed};

use super::{Attempt, Attempts};

/// What is asked of an attempt to be counted; nothing is asked where a list is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// From this moment on.
    pub from: Option<Time>,
    /// Up to this moment.
    pub to: Option<Time>,
    /// Folded ids and user principal names.
    pub users: Vec<String>,
    /// Folded ids and names of client applications.
    pub apps: Vec<String>,
    /// Folded countries.
    pub countries: Vec<String>,
    /// Levels during sign-in.
    pub risk: Vec<RiskLevel>,
    /// Interactive attempts alone, or only the others.
    pub interactive: Option<bool>,
}

impl Scope {
    /// The attempts in scope: places in the list, in its order.
    #[must_use]
    pub fn choose(&self, attempts: &Attempts) -> Vec<usize> {
        let users = Wanted::read(attempts, &self.users, &[Column::UserId, Column::UserPrincipalName]);
        let apps = Wanted::read(attempts, &self.apps, &[Column::AppId, Column::AppDisplayName]);
        let countries: Option<Vec<bool>> = (!self.countries.is_empty()).then(|| {
            let is_wanted = |text: &str| {
                let place: Place = parsed(text);
                place.country_or_region.is_some_and(|country| self.countries.contains(&folded(&country)))
            };
            attempts.frame.dictionary(Column::Location).iter().map(is_wanted).collect()
        });
        let in_country = |attempt: &Attempt| {
            let code = attempts.code(attempt, Column::Location) as usize;
            countries.as_ref().is_none_or(|countries| countries.get(code) == Some(&true))
        };
        let is_in = |attempt: &Attempt| {
            let time = attempts.created(attempt);
            self.from.is_none_or(|from| time >= from)
                && self.to.is_none_or(|to| time <= to)
                && users.holds(attempts, attempt)
                && apps.holds(attempts, attempt)
                && in_country(attempt)
                && (self.risk.is_empty() || self.risk.contains(&attempt.risk))
                && self.interactive.is_none_or(|interactive| attempt.interactive == interactive)
        };
        attempts.list.iter().enumerate().filter(|(_, attempt)| is_in(attempt)).map(|(place, _)| place).collect()
    }
}

/// Texts that any of some columns is to hold: decided once per distinct text.
struct Wanted(Vec<(Column, Vec<bool>)>); // INVARIANT: empty where nothing is asked.

impl Wanted {
    fn read(attempts: &Attempts, wanted: &[String], columns: &[Column]) -> Wanted {
        if wanted.is_empty() {
            return Wanted(Vec::new());
        }
        let of_column = |column: &Column| {
            let texts = attempts.frame.dictionary(*column).iter();
            (*column, texts.map(|text| !text.is_empty() && wanted.contains(&folded(text))).collect())
        };
        Wanted(columns.iter().map(of_column).collect())
    }

    fn holds(&self, attempts: &Attempts, attempt: &Attempt) -> bool {
        let is_wanted = |(column, wanted): &(Column, Vec<bool>)| {
            wanted.get(attempts.code(attempt, *column) as usize) == Some(&true)
        };
        self.0.is_empty() || self.0.iter().any(is_wanted)
    }
}
