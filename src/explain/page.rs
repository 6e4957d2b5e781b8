//! The explanation as a page: what a person reads, from the rows to the request that checks it.

use crate::report::{Block, Table, json_text};

use super::model::{
    Because, Candidate, Condition, Difference, End, Explanation, Part, Place, Reached, Reading, Recorded, Row, Seen,
    SignIn, WhatIf,
};

/// Characters of a recorded document that a person is shown; the JSON has all of it.
const SHOWN: usize = 80;
/// Parts of a condition that are shown whatever they answer; of more, only those that do not answer no.
const PARTS: usize = 6;

/// The whole page.
pub(super) fn page(explanation: &Explanation) -> Vec<Block> {
    let Explanation { schema_version: _, tool, inputs: _, selection, sign_ins, diagnostics: _ } = explanation;
    let mut page = vec![Block::Heading(1, format!("{} {}: why", tool.name, tool.version))];
    let more = if selection.shown < selection.matching { "; `--limit N` shows more" } else { "" };
    page.push(Block::Paragraph(match selection.matching {
        0 => format!("No {}: nothing to explain.", selection.text),
        matching => format!("{} of {matching} {}{more}.", selection.shown, selection.text),
    }));
    for one in sign_ins {
        sign_in(one, &mut page);
    }
    page
}

fn sign_in(one: &SignIn, page: &mut Vec<Block>) {
    let headline = match (&one.left_out, one.together) {
        (Some(_), _) => "not judged".to_owned(),
        (None, Some(together)) => span(together.effect_least, together.effect_most),
        (None, None) => "no candidate".to_owned(),
    };
    page.push(Block::Heading(2, format!("Sign-in {}: {headline}", one.sign_in_id)));
    page.push(Block::Paragraph(introduction(one)));
    if let Some(why) = &one.left_out {
        page.push(Block::Paragraph(format!("Not judged ({}, {}): {}.", why.step, why.reason, said(&why.because))));
    }
    rows(one, page);
    if one.left_out.is_some() {
        page.push(Block::Heading(3, "What is recorded".to_owned()));
        let mut numbers: Vec<&str> = one.recorded.iter().filter_map(number).collect();
        numbers.dedup();
        let field = |one: &Recorded| {
            let from = number(one).filter(|_| numbers.len() > 1).map(|number| format!(" (row {number})"));
            format!("{}: {}{}", one.field, one.value, from.unwrap_or_default())
        };
        page.push(Block::List(one.recorded.iter().map(field).collect()));
        return;
    }
    log(one, page);
    for candidate in &one.candidates {
        self::candidate(candidate, page);
    }
    if let (Some(all), true) = (one.together, one.candidates.len() > 1) {
        page.push(Block::Heading(3, "All candidates together".to_owned()));
        page.push(Block::Paragraph(format!(
            "Result {}, effect {}: of each the severest (C27).",
            span(all.result_least, all.result_most),
            span(all.effect_least, all.effect_most)
        )));
    }
    if !one.notes.is_empty() {
        page.push(Block::Heading(3, "Worth knowing".to_owned()));
        page.push(Block::List(one.notes.iter().map(said).collect()));
    }
    for request in &one.what_if {
        what_if(request, page);
    }
}

/// `challenged`, or `unaffected to challenged`.
fn span(least: &str, most: &str) -> String {
    if least == most { least.to_owned() } else { format!("{least} to {most}") }
}

/// A sentence and its rules: `it went through (C7)`.
fn said(because: &Because) -> String {
    if because.rules.is_empty() { because.text.clone() } else { format!("{} ({})", because.text, tags(&because.rules)) }
}

fn tags(rules: &[&'static str]) -> String {
    rules.join(", ")
}

fn introduction(one: &SignIn) -> String {
    let nobody = "no user recorded".to_owned();
    let who = match (&one.user_principal_name, &one.user_id) {
        (Some(name), Some(id)) => format!("{name} (user {id})"),
        (Some(name), None) => name.clone(),
        (None, Some(id)) => format!("user {id}"),
        (None, None) => nobody,
    };
    let to = one.resource.as_ref().map(|resource| format!(" to {resource}")).unwrap_or_default();
    let with = one.app.as_ref().map(|app| format!(" with {app}")).unwrap_or_default();
    let how = if one.interactive { "interactive" } else { "in the background" };
    format!("{}: {who}{to}{with}, {how}.", one.created_at)
}

fn table(titles: &[(&str, bool)], rows: Vec<Vec<String>>) -> Block {
    Block::Table(Table { titles: titles.iter().map(|(title, right)| ((*title).to_owned(), *right)).collect(), rows })
}

fn rows(one: &SignIn, page: &mut Vec<Block>) {
    page.push(Block::Heading(3, "Rows and copies".to_owned()));
    let cells = |row: &Row| {
        let code = row.error_code.map_or_else(|| "not recorded".to_owned(), |code| code.to_string());
        let reached = row.reached.as_ref().map_or("·", |reached| if reached.is { "yes" } else { "no" });
        let copies = row.copies.len().to_string();
        vec![
            row.number.to_string(),
            row.created_at.clone(),
            code,
            row.class.to_owned(),
            reached.to_owned(),
            row.risk_level.clone(),
            copies,
            role(row.role).to_owned(),
        ]
    };
    let titles = [
        ("row", true),
        ("time", false),
        ("error code", true),
        ("class", false),
        ("reached", false),
        ("risk", false),
        ("copies", true),
        ("role", false),
    ];
    page.push(table(&titles, one.rows.iter().map(cells).collect()));
    let mut lines: Vec<String> = Vec::new();
    for row in &one.rows {
        let copies: Vec<String> = row.copies.iter().map(|place| copy(place, row.copies.len())).collect();
        lines.push(format!("row {}, id {}: {}", row.number, row.sign_in_id, copies.join("; ")));
        lines.extend(row.reached.as_ref().map(|Reached { is, because }| {
            let reached = if *is { "reached" } else { "did not reach" };
            format!("row {} {reached} Conditional Access: {}", row.number, said(because))
        }));
        lines.extend(row.differences.iter().map(|one| difference(row.number, one)));
    }
    lines.extend(one.grouping.as_ref().map(|grouping| format!("one attempt: {}", said(grouping))));
    if let Some(terminal) = &one.terminal {
        lines.push(format!("row {} is evaluated: {}", terminal.row, said(&terminal.because)));
    }
    page.push(Block::List(lines));
}

fn role(role: &str) -> &str {
    if role == "notJudged" { "not judged" } else { role }
}

/// `logs/a.json, row 7`; of several copies `2a logs/a.json, row 7`.
fn copy(place: &Place, of: usize) -> String {
    let number = place.number.as_ref().filter(|_| of > 1).map(|number| format!("{number} ")).unwrap_or_default();
    let row = place.row.map(|row| format!(", row {row}")).unwrap_or_default();
    format!("{number}{}{row}", place.file)
}

fn difference(number: usize, one: &Difference) -> String {
    let values: Vec<String> = one
        .values
        .iter()
        .map(|copy| format!("{} {}", copy.number, copy.value.as_deref().map_or_else(|| "nothing".to_owned(), short)))
        .collect();
    let chosen = one.chosen.as_deref().map_or_else(|| "nothing".to_owned(), short);
    format!("row {number}, {}: {}; so {chosen}: {}", one.field, values.join(", "), said(&one.because))
}

/// A recorded text that may be a long document.
fn short(text: &str) -> String {
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    format!("{}…", text.chars().take(SHOWN).collect::<String>())
}

/// The number of the copy that records a field.
fn number(one: &Recorded) -> Option<&str> {
    one.from.as_ref().and_then(|place| place.number.as_deref())
}

/// What the log says, without any candidate.
fn log(one: &SignIn, page: &mut Vec<Block>) {
    page.push(Block::Heading(3, "What the log says".to_owned()));
    let mut facts = Vec::new();
    let mut fact = |what: &str, value: &str, because: &Because| {
        facts.push(vec![what.to_owned(), value.to_owned(), because.text.clone(), tags(&because.rules)]);
    };
    if let Some(history) = &one.history {
        fact("what happened", history.history, &history.because);
    }
    if let Some(risk) = &one.risk {
        fact("risk during sign-in", risk.level, &risk.because);
    }
    if let Some(mfa) = &one.mfa {
        fact("MFA", mfa.state, &mfa.because);
    }
    page.push(table(&[("Fact", false), ("Value", false), ("Because", false), ("Rule", false)], facts));
    if let Some(risk) = one.risk.as_ref().filter(|risk| !risk.besides.is_empty()) {
        let besides: Vec<String> =
            risk.besides.iter().map(|one| format!("{} {}", one.field, short(&one.value))).collect();
        page.push(Block::Paragraph(format!("Recorded besides, and never decides (C10): {}.", besides.join(", "))));
    }
    if let Some(mfa) = one.mfa.as_ref().filter(|mfa| !mfa.steps.is_empty()) {
        let cells = |step: &super::model::Step| {
            vec![
                step.row.to_string(),
                step.at.clone().unwrap_or_else(|| "·".to_owned()),
                step.method.clone(),
                step.succeeded.map_or("·", |succeeded| if succeeded { "yes" } else { "no" }).to_owned(),
                step.result.clone(),
                step.requirement.clone(),
            ]
        };
        let titles = [
            ("row", true),
            ("step at", false),
            ("method", false),
            ("succeeded", false),
            ("result", false),
            ("requirement", false),
        ];
        page.push(table(&titles, mfa.steps.iter().map(cells).collect()));
    }
    recorded_policies(one, page);
}

fn recorded_policies(one: &SignIn, page: &mut Vec<Block>) {
    if one.recorded_policies.is_empty() {
        return;
    }
    let quiet = ["notapplied", "notenabled", "reportonlynotapplied"];
    let is_quiet = |result: &str| quiet.contains(&crate::domain::folded(result).as_str());
    let said: Vec<String> = one
        .recorded_policies
        .iter()
        .filter(|policy| !is_quiet(&policy.result))
        .map(|policy| format!("{} {}", policy.policy, policy.result))
        .collect();
    let others = one.recorded_policies.len() - said.len();
    let others = if others > 0 { vec![format!("{others} that did not apply")] } else { Vec::new() };
    let all: Vec<String> = said.into_iter().chain(others).collect();
    page.push(Block::Paragraph(format!("Policies that the log records: {}.", all.join(", "))));
}

fn candidate(one: &Candidate, page: &mut Vec<Block>) {
    let id = if one.policy_id.is_empty() { String::new() } else { format!(" ({})", one.policy_id) };
    let verdict = &one.verdict;
    let (result, effect) =
        (span(verdict.result_least, verdict.result_most), span(verdict.effect_least, verdict.effect_most));
    page.push(Block::Heading(3, format!("Candidate {}{id}", one.policy)));
    page.push(Block::Paragraph(format!("Result {result}, effect {effect}. Read from {}.", one.file)));
    let titles = [("Condition", false), ("Answer", false), ("Seen", false), ("From", false), ("Rule", false)];
    page.push(table(&titles, one.conditions.iter().map(condition).collect()));
    let parts: Vec<String> = one.conditions.iter().flat_map(asked).collect();
    if !parts.is_empty() {
        page.push(Block::List(parts));
    }
    if !one.not_configured.is_empty() {
        page.push(Block::Paragraph(format!(
            "Not configured, so anything matches (NUL-1): {}.",
            one.not_configured.join(", ")
        )));
    }
    page.push(Block::Paragraph(format!(
        "Conditions together: {}. {}.",
        one.applies,
        capital(&verdict.because.iter().map(said).collect::<Vec<_>>().join("; "))
    )));
    if one.applies != "no" {
        for reading in &one.readings {
            self::reading(reading, one, page);
        }
    }
    // Reasons and challenge are those of the severest end (C26): a fact only where there is no milder one.
    let is_open = verdict.result_least != verdict.result_most || verdict.effect_least != verdict.effect_most;
    let (why, asked) = if is_open {
        ("Why, at the severest", "The user might be asked for")
    } else {
        ("Why", "The user would be asked for")
    };
    if !one.reasons.is_empty() {
        let reasons: Vec<String> =
            one.reasons.iter().map(|reason| format!("{} ({})", reason.text, reason.reason)).collect();
        page.push(Block::Paragraph(format!("{why}: {}.", reasons.join("; "))));
    }
    if !one.challenge.is_empty() {
        page.push(Block::Paragraph(format!("{asked}: {}.", one.challenge.join(", "))));
    }
    if !one.missing.is_empty() {
        page.push(Block::Paragraph("What would narrow it:".to_owned()));
        page.push(Block::List(
            one.missing.iter().map(|missing| format!("{}: {}", missing.fact, missing.help)).collect(),
        ));
    }
}

fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

fn condition(one: &Condition) -> Vec<String> {
    let seen = |seen: &Seen| {
        let value = seen.value.as_deref().map_or_else(|| "not recorded".to_owned(), short);
        format!("{}: {value}", seen.field)
    };
    let from = |place: &Place| match &place.number {
        Some(number) => format!("row {number}"),
        None => place.file.clone(),
    };
    let mut places: Vec<String> = one.seen.iter().filter_map(|seen| seen.from.as_ref()).map(from).collect();
    places.dedup();
    vec![
        one.condition.to_owned(),
        one.answer.to_owned(),
        one.seen.iter().map(seen).collect::<Vec<_>>().join("; "),
        places.join(", "),
        tags(&one.rules),
    ]
}

/// What a condition asks for, part by part.
fn asked(one: &Condition) -> Vec<String> {
    let mut lines = Vec::new();
    if !one.wants.is_empty() {
        lines.push(format!("{} asks for {}", one.condition, one.wants));
    }
    let is_shown = |part: &&Part| one.parts.len() <= PARTS || part.answer != "no";
    let shown: Vec<&Part> = one.parts.iter().filter(is_shown).collect();
    let alike = |one: &&Part, two: &&Part| (one.member, one.answer, &one.rules) == (two.member, two.answer, &two.rules);
    for parts in shown.chunk_by(alike) {
        match parts {
            [first, second, third, rest @ ..] if one.parts.len() > PARTS && !rest.is_empty() => {
                let values = [first, second, third].map(|part| part.value.as_str()).join(", ");
                let all = parts.len();
                lines.push(format!(
                    "{}: {} {values} and {} more: {} of all {all} ({})",
                    one.condition,
                    first.member,
                    rest.len(),
                    first.answer,
                    tags(&first.rules)
                ));
            }
            _ => lines.extend(parts.iter().map(|part| part_alone(one, part))),
        }
    }
    let hidden = one.parts.iter().filter(|part| !is_shown(part)).count();
    if hidden > 0 {
        lines.push(format!("{}: {hidden} more, none of which it is in", one.condition));
    }
    lines
}

fn part_alone(of: &Condition, part: &Part) -> String {
    let name = part.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let from = part.from.as_ref().map(|file| format!(", by {file}")).unwrap_or_default();
    let missing =
        if part.missing.is_empty() { String::new() } else { format!(", for want of {}", part.missing.join(", ")) };
    let (condition, member, value, answer) = (of.condition, part.member, &part.value, part.answer);
    format!("{condition}: {member} {value}{name}: {answer}{from}{missing} ({})", tags(&part.rules))
}

fn reading(one: &Reading, of: &Candidate, page: &mut Vec<Block>) {
    if of.readings.len() > 1 {
        let taken = if one.external { "Taken as an external user:" } else { "Taken as a user of this tenant:" };
        page.push(Block::Paragraph(taken.to_owned()));
    }
    if !one.controls.is_empty() {
        let cells = |control: &super::model::Control| {
            vec![
                control.control.clone(),
                span(control.least, control.most),
                control.evidence.join("; "),
                tags(&control.rules),
            ]
        };
        let titles = [("Control", false), ("Stands", false), ("Evidence", false), ("Rule", false)];
        page.push(table(&titles, one.controls.iter().map(cells).collect()));
    }
    // The mildest end of unknown conditions has no steps: nothing applies (C26).
    let (how, and) = if of.applies == "unknown" {
        let otherwise = "otherwise the result is notApplied and the effect unaffected";
        (
            format!("If the policy applies ({otherwise}), how the result became the effect"),
            "And, if it applies, with everything else unknown at its severest",
        )
    } else {
        ("How the result became the effect".to_owned(), "And with everything unknown at its severest")
    };
    if one.least == one.most {
        page.push(Block::Paragraph(format!("{how}:")));
        page.push(steps(&one.least));
    } else {
        let unknown = if of.applies == "unknown" { "everything else unknown" } else { "everything unknown" };
        page.push(Block::Paragraph(format!("{how}, with {unknown} at its mildest:")));
        page.push(steps(&one.least));
        page.push(Block::Paragraph(format!("{and}:")));
        page.push(steps(&one.most));
    }
}

fn steps(end: &End) -> Block {
    Block::List(end.because.iter().map(said).collect())
}

fn what_if(request: &WhatIf, page: &mut Vec<Block>) {
    page.push(Block::Heading(3, "What If request".to_owned()));
    page.push(Block::Paragraph(format!(
        "{} {} with this body asks the tenant which of its stored policies apply. It says nothing of controls.",
        request.method, request.url
    )));
    let body = json_text(&request.body).unwrap_or_default();
    page.push(Block::Code("json", body.lines().map(str::to_owned).collect()));
    if !request.left_out.is_empty() {
        page.push(Block::Paragraph("Left out:".to_owned()));
        page.push(Block::List(request.left_out.iter().map(|one| format!("{}: {}", one.member, one.why)).collect()));
    }
}
