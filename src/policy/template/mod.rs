//! Microsoft's policy templates and managed policies, embedded (semantics 9.1, 9.3).
//!
//! One JSON file a template, as Graph writes templates: the policy is in `details`. Graph's
//! placeholder for the creating administrator is left out: it is no id and excludes nobody.

mod list;

use crate::domain::folded;

use list::TEMPLATES;

/// A policy that comes with the program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The name on the command line: its title in kebab-case.
    pub name: &'static str,
    /// Microsoft's id of it; the managed policies have none.
    pub id: Option<&'static str>,
    /// Its display name.
    pub title: &'static str,
    /// What it does, after its title.
    pub description: &'static str,
    /// The template as JSON; none if it is not available.
    pub json: Option<&'static str>,
    /// Why it is not available.
    pub unavailable: Option<&'static str>,
}

/// Every template, sorted by name.
#[must_use]
pub fn templates() -> &'static [Template] {
    TEMPLATES
}

/// The template of this name or id, without regard to case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Template> {
    let name = folded(name);
    TEMPLATES.iter().find(|template| template.name == name || template.id == Some(name.as_str()))
}

/// Up to three names that someone may have meant, the closest first.
#[must_use]
pub fn close_names(typed: &str) -> Vec<&'static str> {
    let typed = folded(typed).replace([' ', '_'], "-");
    if typed.is_empty() {
        return Vec::new();
    }
    let near = |name: &str| {
        let distance = distance(&typed, name);
        let part = typed.len() >= 4 && name.contains(&typed);
        (part || distance <= typed.len() / 3).then_some((!part, distance))
    };
    let mut close: Vec<_> = TEMPLATES.iter().filter_map(|it| near(it.name).map(|rank| (rank, it.name))).collect();
    close.sort_unstable();
    close.into_iter().take(3).map(|(_, name)| name).collect()
}

/// How many letters have to be put in, taken out or changed.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut above: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.chars().enumerate() {
        let mut line = Vec::with_capacity(above.len());
        let mut left = row + 1;
        line.push(left);
        for (pair, letter_there) in above.windows(2).zip(&other) {
            let [diagonal, up] = pair else { continue };
            left = (left + 1).min(up + 1).min(diagonal + usize::from(letter != *letter_there));
            line.push(left);
        }
        above = line;
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
