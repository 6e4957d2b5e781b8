//! The language of the case files: blank-line separated cases, one statement a line, expectations behind `=>`.

use std::iter::Peekable;
use std::str::Chars;

/// One case: its heading comments and its statements.
#[derive(Debug)]
pub(crate) struct Case {
    /// `tests/cases/risk.txt`
    pub(crate) file: String,
    pub(crate) line: usize,
    pub(crate) headings: Vec<String>,
    pub(crate) statements: Vec<Statement>,
}

/// One line: `policy R sign-in-risk=high`, and what it expects.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) line: usize,
    pub(crate) verb: String,
    /// Everything after the verb as typed, for `tenant` and `file`.
    pub(crate) text: String,
    pub(crate) words: Vec<Word>,
    pub(crate) expected: Vec<(usize, Expected)>,
}

/// `block`, `risk=high` or `missing~users`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) key: String,
    pub(crate) value: Option<String>,
    pub(crate) contains: bool,
}

/// What a case says the program must answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Expected {
    /// No verdict has this row as its terminal row.
    Outside,
    /// Attempts in the population.
    Attempts(usize),
    /// Columns of the verdict of this row and one policy (`*` is all of them together).
    Verdict { policy: String, columns: Vec<Column> },
    /// One entry of a list of the JSON report: of one candidate, of `combined`, or of the report itself.
    Report { candidate: Option<String>, list: String, words: Vec<Word> },
}

/// One column of a verdict and what it must hold.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) value: String,
    /// Each comma-separated item must be in the list; otherwise the whole cell must be equal.
    pub(crate) contains: bool,
}

const RESULTS: [&str; 4] = ["notApplied", "success", "interrupted", "failure"];
const EFFECTS: [&str; 5] = ["unaffected", "alreadyChallenged", "alreadyBlocked", "challenged", "blocked"];
/// Columns of contract section 4 that a case may name; `risk` is short for `risk_level`.
const COLUMNS: [&str; 22] = [
    "user_id",
    "user_principal_name",
    "user_type",
    "risk_level_aggregated",
    "risk_state",
    "risk_event_types",
    "operating_system",
    "app_id",
    "resource_id",
    "country",
    "client_app",
    "risk_level",
    "interactive",
    "error_code",
    "rows",
    "history",
    "challenge",
    "not_matched",
    "unmet",
    "reasons",
    "missing",
    "created_at",
];

/// All cases of one file, or the first line that cannot be read.
pub(crate) fn parse(file: &str, text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    let mut open = false;
    for (index, raw) in text.lines().enumerate() {
        let line = index + 1;
        let at = |message: String| format!("{file}:{line}: {message}");
        let trimmed = raw.trim();
        if trimmed.is_empty() {
            open = false;
            continue;
        }
        if !open {
            cases.push(Case { file: file.to_owned(), line, headings: Vec::new(), statements: Vec::new() });
            open = true;
        }
        let Some(case) = cases.last_mut() else {
            continue;
        };
        if let Some(heading) = trimmed.strip_prefix('#') {
            case.headings.push(heading.trim().to_owned());
            continue;
        }
        let mut parts = trimmed.split("=>");
        let statement = parts.next().unwrap_or_default().trim();
        if !statement.is_empty() {
            let (verb, rest) = statement.split_once(char::is_whitespace).unwrap_or((statement, ""));
            let verbatim = matches!(verb, "tenant" | "file" | "with");
            case.statements.push(Statement {
                line,
                verb: verb.to_owned(),
                text: rest.trim().to_owned(),
                words: if verbatim { Vec::new() } else { words(rest).map_err(at)? },
                expected: Vec::new(),
            });
        }
        for part in parts {
            let expected = expectation(part.trim()).map_err(at)?;
            case.statements
                .last_mut()
                .ok_or_else(|| at("an expectation before any statement".to_owned()))?
                .expected
                .push((line, expected));
        }
    }
    // A block of comments alone is an introduction to the file, not a case.
    cases.retain(|case| !case.statements.is_empty());
    Ok(cases)
}

fn expectation(text: &str) -> Result<Expected, String> {
    if text == "outside" {
        return Ok(Expected::Outside);
    }
    if let Some(count) = text.strip_prefix("attempts ") {
        let count = count.trim().parse();
        return count.map(Expected::Attempts).map_err(|e| e.to_string());
    }
    let (subject, rest) = text
        .split_once(": ")
        .ok_or_else(|| format!("`{text}`: expected `POLICY: …`, `outside`, `attempts N` or `report: …`"))?;
    if let Some(candidate) = subject.strip_prefix("report") {
        let mut words = words(rest)?;
        if words.is_empty() {
            return Err(format!("`{text}` names no list of the report"));
        }
        let list = words.remove(0).key;
        return Ok(Expected::Report {
            candidate: Some(candidate.trim().to_owned()).filter(|name| !name.is_empty()),
            list,
            words,
        });
    }
    let mut columns = Vec::new();
    let mut plain: Vec<String> = Vec::new();
    for word in words(rest)? {
        let Some(value) = word.value else {
            plain.push(word.key.trim_end_matches(',').to_owned());
            continue;
        };
        let name = match word.key.as_str() {
            "risk" => "risk_level",
            name => name,
        };
        if !COLUMNS.contains(&name) {
            return Err(format!("no verdict column is called `{name}`"));
        }
        columns.push(Column {
            contains: word.contains || name == "missing" && !value.is_empty(),
            name: name.to_owned(),
            value,
        });
    }
    let mut plain = plain.into_iter().peekable();
    while let Some(least) = plain.next() {
        let mut most = least.clone();
        if plain.peek().is_some_and(|word| word == "to") {
            plain.next();
            most = plain.next().ok_or("nothing follows `to`")?;
        }
        let is = |words: &[&str]| words.contains(&least.as_str()) && words.contains(&most.as_str());
        let kind = match () {
            () if is(&RESULTS) => "result",
            () if is(&EFFECTS) => "effect",
            () => return Err(format!("`{least}` … `{most}` is neither a result nor an effect")),
        };
        for (end, value) in [("least", least), ("most", most)] {
            columns.push(Column { name: format!("{kind}_{end}"), value, contains: false });
        }
    }
    if columns.is_empty() {
        return Err(format!("`{text}` expects nothing"));
    }
    Ok(Expected::Verdict { policy: subject.trim().to_owned(), columns })
}

/// Splits at blanks outside of quotes and of JSON brackets; a quote or a bracket may begin a value.
pub(crate) fn words(text: &str) -> Result<Vec<Word>, String> {
    let mut chars = text.chars().peekable();
    let mut words = Vec::new();
    loop {
        while chars.next_if(|c| c.is_whitespace()).is_some() {}
        if chars.peek().is_none() {
            return Ok(words);
        }
        let mut key = String::new();
        while let Some(c) = chars.next_if(|c| !c.is_whitespace() && !matches!(c, '=' | '~')) {
            key.push(c);
        }
        let sign = chars.next_if(|c| matches!(c, '=' | '~'));
        words.push(Word { value: sign.map(|_| value(&mut chars)).transpose()?, contains: sign == Some('~'), key });
    }
}

fn value(chars: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let mut value = String::new();
    if let Some(quote) = chars.next_if(|c| matches!(c, '"' | '\'')) {
        for c in chars.by_ref() {
            if c == quote {
                return Ok(value);
            }
            value.push(c);
        }
        return Err(format!("a {quote} is not closed"));
    }
    if chars.peek().is_some_and(|c| matches!(c, '{' | '[')) {
        return json(chars);
    }
    while let Some(c) = chars.next_if(|c| !c.is_whitespace()) {
        value.push(c);
    }
    Ok(value)
}

fn json(chars: &mut Peekable<Chars<'_>>) -> Result<String, String> {
    let (mut value, mut depth, mut quoted, mut escaped) = (String::new(), 0_usize, false, false);
    for c in chars {
        value.push(c);
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => quoted = !quoted,
            '{' | '[' if !quoted => depth += 1,
            '}' | ']' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Ok(value);
                }
            }
            _ => {}
        }
    }
    Err(format!("`{value}` is not closed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(key: &str, value: Option<&str>) -> Word {
        Word { key: key.to_owned(), value: value.map(str::to_owned), contains: false }
    }

    #[test]
    fn words_keep_quotes_and_json_together() {
        for (text, expected) in [
            ("R  block", vec![word("R", None), word("block", None)]),
            ("os='Windows 10'", vec![word("os", Some("Windows 10"))]),
            (r#"json={"a": ["} x"]} b="#, vec![word("json", Some(r#"{"a": ["} x"]}"#)), word("b", Some(""))]),
        ] {
            assert_eq!(words(text).as_deref(), Ok(expected.as_slice()), "{text}");
        }
        assert!(words("os='Windows").is_err());
        assert!(words("json={[}").is_err());
    }

    #[test]
    fn a_range_is_two_words_and_a_single_word_is_both_ends() {
        let Ok(Expected::Verdict { policy, columns }) =
            expectation("R: success to interrupted, blocked  missing=users")
        else {
            unreachable!("it is a verdict")
        };
        let columns: Vec<_> = columns.iter().map(|c| (c.name.as_str(), c.value.as_str(), c.contains)).collect();
        assert_eq!(policy, "R");
        assert_eq!(
            columns,
            [
                ("missing", "users", true),
                ("result_least", "success", false),
                ("result_most", "interrupted", false),
                ("effect_least", "blocked", false),
                ("effect_most", "blocked", false),
            ]
        );
    }

    #[test]
    fn a_misspelt_expectation_is_named_with_its_line() {
        for text in ["R: chalenged", "R: reason=block", "R:", "outsid"] {
            let case = format!("# C1\nsign-in s1 => {text}");
            let error = parse("x.txt", &case).err();
            assert!(error.is_some_and(|e| e.starts_with("x.txt:2: ")), "{text}");
        }
    }
}
