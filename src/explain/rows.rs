//! The rows and copies that a sign-in was made from, which of them is evaluated, and why.

use crate::attempt::copies::chosen_by;
use crate::attempt::left_out::LeftOut;
use crate::attempt::population::{Class, SetAside, evaluated};
use crate::attempt::{Attempt, rows::Rows};
use crate::domain::{Spelled, folded};
use crate::frame::{Column, NOT_RECORDED};
use crate::report::instant;

use super::model::{self, Because, CopyValue, Difference, Reached, Recorded, Row, Terminal};
use super::sight::Sight;

/// The rows, by their roles.
pub(super) fn rows(sight: &Sight<'_>, rows: &[usize], before_terminal: Option<usize>) -> Vec<Row> {
    let role = |place: usize| match before_terminal {
        None => "notJudged",
        Some(terminal) if place < terminal => "earlier",
        Some(terminal) if place == terminal => "terminal",
        Some(_) => "later",
    };
    rows.iter().enumerate().map(|(place, row)| one(sight, place + 1, *row, role(place))).collect()
}

fn one(sight: &Sight<'_>, number: usize, row: usize, role: &'static str) -> Row {
    let facts = sight.facts;
    let copies = sight.copies_of(row).iter().enumerate().map(|(copy, original)| {
        let place = sight.given.sources.place(*original);
        model::Place { number: Some(sight.number(number, row, copy)), ..place }
    });
    Row {
        number,
        sign_in_id: facts.id(row).to_owned(),
        created_at: instant(facts.created(row)),
        error_code: facts.error_code(row),
        class: facts.class(row).word(),
        reached: facts
            .set_aside(row)
            .is_none()
            .then(|| Reached { is: facts.reached(row), because: why_reached(facts, row) }),
        risk_level: facts.risk(row, &sight.given.tenant.risk_detections).level.word().to_owned(),
        role,
        copies: copies.collect(),
        differences: differences(sight, number, row),
    }
}

/// Fields in which the copies of a row differ, and what came of it.
fn differences(sight: &Sight<'_>, number: usize, row: usize) -> Vec<Difference> {
    let (copies, sources) = (sight.copies_of(row), sight.given.sources);
    let differ = |column: &&Column| {
        let mut codes = copies.iter().map(|copy| sources.code(**column, *copy));
        let first = codes.next();
        codes.any(|code| Some(code) != first)
    };
    let difference = |column: &Column| Difference {
        field: column.name(),
        values: copies
            .iter()
            .enumerate()
            .map(|(copy, original)| CopyValue {
                number: sight.number(number, row, copy),
                value: sources.text(*column, *original).map(str::to_owned),
            })
            .collect(),
        chosen: sight.text(*column, row).map(str::to_owned),
        because: Because::new(
            if copies.iter().filter(|copy| sources.code(*column, **copy) != NOT_RECORDED).count() < 2 {
                "only one copy records it"
            } else {
                chosen_by(*column)
            },
            &["C1"],
        ),
    };
    Column::ALL.iter().filter(differ).map(difference).collect()
}

/// Whether a row reached Conditional Access, in words.
fn why_reached(facts: &Rows<'_>, row: usize) -> Because {
    let class = facts.class(row);
    let code = facts.error_code(row).map_or_else(|| "no error code".to_owned(), |code| format!("code {code}"));
    let proven = evaluated(facts.applied(row), facts.frame.text(Column::ConditionalAccessStatus, row));
    match class {
        Class::Ok | Class::CaBlock | Class::CaInt => {
            Because::new(format!("{code} is written by or after Conditional Access"), &["POP-1"])
        }
        Class::Post if facts.reached(row) && !proven => Because::new(
            format!("{code} comes after the first factor, and no recorded policy says otherwise"),
            &["C29"],
        ),
        Class::Post if proven => Because::new("its recorded policies came to results", &["POP-2", "C29"]),
        Class::Post => {
            Because::new(format!("{code}: it was stopped before any recorded policy came to a result"), &["C29"])
        }
        Class::Pre | Class::Ambig if proven => {
            Because::new(format!("{code} does not tell, but its recorded policies came to results"), &["POP-2"])
        }
        Class::Pre => Because::new(format!("{code}: it failed before Conditional Access"), &["POP-1", "POP-4"]),
        Class::Ambig => Because::new(format!("{code} does not tell, and no recorded policy does"), &["POP-4"]),
    }
}

/// Why these rows are one attempt.
pub(super) fn grouping(sight: &Sight<'_>, rows: &[usize]) -> Because {
    let facts = sight.facts;
    let (Some(first), several) = (rows.first().copied(), rows.len() > 1) else {
        return Because::new("no rows", &[]);
    };
    let request = facts.original_request(first);
    if sight.given.one_row_each {
        return Because::new("one row is one attempt, as was asked for", &["GRP-7"]);
    }
    if !facts.has_user_id(first) {
        return Because::new("the row does not say whose it is and stands alone", &["C3"]);
    }
    if request.is_some() {
        let one_request = rows.iter().all(|row| facts.original_request(*row) == request);
        return match (several, one_request) {
            (false, _) => Because::new("no other row of this user has its original request id", &["GRP-1", "C3"]),
            (true, true) => Because::new("the rows of this user with one original request id", &["GRP-1", "C3"]),
            (true, false) => Because::new(
                "rows of one original request that ended with an interrupt, continued within ten minutes by a request \
                 of the same correlation id and application",
                &["GRP-2", "C3"],
            ),
        };
    }
    match (facts.correlation(first).is_some(), several) {
        (false, _) => Because::new("the row has neither an original request nor a correlation id", &["C4"]),
        (true, false) => Because::new("no other row of this user and time has its correlation id", &["GRP-2", "C4"]),
        (true, true) => Because::new(
            "the rows of this user with one correlation id, without a gap of thirty minutes or a success between them",
            &["GRP-2", "C4"],
        ),
    }
}

/// Which row is evaluated, and why.
pub(super) fn terminal(sight: &Sight<'_>, attempt: &Attempt) -> Terminal {
    let rows = sight.rows_of(attempt);
    let text = match (rows.len(), attempt.before_terminal + 1 < rows.len()) {
        (1, _) => "the only row",
        (_, false) => "the last row, and it reached Conditional Access",
        (_, true) => "the last row that reached Conditional Access; the later ones did not",
    };
    Terminal { row: attempt.before_terminal + 1, because: Because::new(text, &["C5", "GRP-5"]) }
}

/// Why nothing was judged.
pub(super) fn left_out(reason: &LeftOut) -> model::LeftOut {
    match reason {
        LeftOut::SetAside(reason) => {
            let (text, rules): (&str, &[&'static str]) = match reason {
                SetAside::ServicePrincipal => ("a service principal signed in, not a user", &["C2", "C17"]),
                SetAside::ManagedIdentity => ("a managed identity signed in, not a user", &["C2", "C17"]),
                SetAside::Adfs => ("AD FS issued the token, without Conditional Access of Entra", &["C2"]),
                SetAside::Nps => ("the NPS extension issued the token, without Conditional Access", &["C2", "APP-12"]),
                SetAside::OtherTenant => {
                    ("the resource belongs to another tenant, whose policies decide", &["C2", "USR-3"])
                }
                SetAside::Passthrough => ("it only passed through to another tenant", &["C2", "USR-3"]),
                SetAside::WindowsSignIn => {
                    ("Windows sign-in, which Conditional Access does not cover", &["C2", "APP-12"])
                }
            };
            model::LeftOut { step: "setAside", reason: reason.word(), because: Because::new(text, rules) }
        }
        LeftOut::NotReached { why, .. } => {
            let (text, rules): (&str, &[&'static str]) = match *why {
                "wrongPasswordOrLocked" => {
                    ("no row reached Conditional Access: a wrong password, or a locked account", &["C5", "POP-7"])
                }
                "beforeConditionalAccess" => ("no row reached Conditional Access: it failed before", &["C5", "POP-4"]),
                "stoppedBeforeTheEnd" => {
                    ("no row reached Conditional Access: it was stopped before the end", &["C5", "C29"])
                }
                _ => ("no row certainly reached Conditional Access: its code does not tell", &["C5", "POP-4"]),
            };
            model::LeftOut { step: "notReached", reason: why, because: Because::new(text, rules) }
        }
    }
}

/// Every recorded field of a row.
pub(super) fn recorded(sight: &Sight<'_>, number: usize, row: usize) -> Vec<Recorded> {
    let field = |column: &Column| {
        let value = sight.text(*column, row)?;
        Some(Recorded { field: column.name(), value: value.to_owned(), from: sight.place(*column, number, row) })
    };
    Column::ALL.iter().filter_map(field).collect()
}

/// What else is recorded about risk: shown, and never decides (C10, USK-2).
pub(super) fn other_risk(sight: &Sight<'_>, number: usize, row: usize) -> Vec<Recorded> {
    let columns = [Column::RiskLevelAggregated, Column::RiskState, Column::RiskDetail, Column::RiskEventTypes];
    let says = |one: &Recorded| !["", "[]", "none"].contains(&folded(&one.value).as_str());
    recorded(sight, number, row)
        .into_iter()
        .filter(|one| columns.iter().any(|column| column.name() == one.field) && says(one))
        .collect()
}
