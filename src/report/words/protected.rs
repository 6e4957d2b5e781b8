//! What would happen to a protected account, in a sentence.

use super::of;
use crate::report::model::Count;
use crate::report::protected::{Protected, ProtectedBy};

/// Who it is, why it is protected, what would happen how often, and by which policies.
pub(in crate::report) fn sentence(row: &Protected) -> String {
    let Protected { key, name, is_emergency, roles, challenged, blocked, by } = row;
    let who = if name.is_empty() { key.clone() } else { format!("{name} ({key})") };
    let why: Vec<String> = is_emergency
        .then(|| "emergency account".to_owned())
        .into_iter()
        .chain(roles.iter().map(|role| format!("holds the privileged role {role}")))
        .collect();
    // Only the policies that would do it: the first line of a report is acted on.
    let policies = |of: fn(&ProtectedBy) -> Count| {
        let names = by.iter().filter(|one| of(one).most > 0).map(|one| format!("`{}`", one.policy));
        names.collect::<Vec<String>>().join(", ")
    };
    let parts = [
        part(*blocked, "blocked", &policies(|one| one.blocked)),
        part(*challenged, "challenged", &policies(|one| one.challenged)),
    ];
    let what: Vec<String> = parts.into_iter().flatten().collect();
    format!("{who}, {}: {}", why.join(", "), what.join(" and "))
}

fn part(count: Count, verb: &str, policies: &str) -> Option<String> {
    match (count.least, count.most) {
        (_, 0) => None,
        (0, most) => {
            let attempts = of(Count::new(most, most), "attempt", "attempts");
            Some(format!("may be {verb} in up to {attempts} by {policies}"))
        }
        _ => Some(format!("would be {verb} in {} by {policies}", of(count, "attempt", "attempts"))),
    }
}

#[cfg(test)]
mod tests {
    use super::sentence;
    use crate::report::model::Count;
    use crate::report::protected::{Protected, ProtectedBy};

    #[test]
    fn an_account_is_named_with_why_it_is_protected_how_often_and_by_whom() {
        let by = |policy: &str, challenged: Count, blocked: Count| ProtectedBy {
            policy: policy.to_owned(),
            policy_id: None,
            challenged,
            blocked,
        };
        let none = Count::default();
        let mut row = Protected {
            key: "u1".to_owned(),
            name: "ann@contoso.example".to_owned(),
            is_emergency: true,
            roles: vec!["r1".to_owned()],
            challenged: Count::new(0, 3),
            blocked: Count::new(1, 1),
            by: vec![by("A", Count::new(0, 3), none), by("B", none, Count::new(1, 1))],
        };
        assert_eq!(
            sentence(&row),
            "ann@contoso.example (u1), emergency account, holds the privileged role r1: would be blocked in 1 attempt \
             by `B` and may be challenged in up to 3 attempts by `A`"
        );
        row = Protected { name: String::new(), is_emergency: false, challenged: Count::default(), ..row };
        assert_eq!(sentence(&row), "u1, holds the privileged role r1: would be blocked in 1 attempt by `B`");
    }
}
