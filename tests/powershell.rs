//! As much of PowerShell's grammar as tells whether quotation marks, comments and brackets close.

/// Where a quotation mark, a comment or a bracket is open that should be closed. Strings of several lines are not ours.
pub(crate) fn unclosed(script: &str) -> Option<String> {
    let letters: Vec<char> = script.chars().collect();
    let at = |place: usize| letters.get(place).copied().unwrap_or('\0');
    let line = |place: usize| letters[..place.min(letters.len())].iter().filter(|letter| **letter == '\n').count() + 1;
    let mut open: Vec<(char, usize)> = Vec::new();
    let mut place = 0;
    while place < letters.len() {
        let letter = letters[place];
        if open.last().is_some_and(|(kind, _)| *kind == '"') {
            match letter {
                '`' => place += 1,
                '"' if at(place + 1) == '"' => place += 1,
                '"' => drop(open.pop()),
                '$' if at(place + 1) == '(' => {
                    open.push(('(', place));
                    place += 1;
                }
                '\n' => return Some(format!("a string is open at the end of line {}", line(place))),
                _ => {}
            }
            place += 1;
            continue;
        }
        let begins_a_word = place == 0 || at(place - 1).is_whitespace() || "({;,".contains(at(place - 1));
        match letter {
            '<' if at(place + 1) == '#' => {
                let rest: String = letters[place..].iter().collect();
                let Some(end) = rest.find("#>") else { return Some("a comment".to_owned()) };
                place += rest[..end].chars().count() + 1;
            }
            '#' if begins_a_word => {
                while place + 1 < letters.len() && at(place + 1) != '\n' {
                    place += 1;
                }
            }
            '\'' => loop {
                place += 1;
                match at(place) {
                    '\'' if at(place + 1) == '\'' => place += 1,
                    '\'' => break,
                    '\0' | '\n' => return Some(format!("a string is open at the end of line {}", line(place))),
                    _ => {}
                }
            },
            '"' => open.push(('"', place)),
            '`' => place += 1,
            '(' | '[' | '{' => open.push((letter, place)),
            ')' | ']' | '}' => match (open.pop(), letter) {
                (Some(('(', _)), ')') | (Some(('[', _)), ']') | (Some(('{', _)), '}') => {}
                (other, _) => return Some(format!("`{letter}` in line {} closes {other:?}", line(place))),
            },
            _ => {}
        }
        place += 1;
    }
    open.pop().map(|(kind, place)| format!("`{kind}` of line {} is open", line(place)))
}

#[test]
fn what_is_open_is_noticed() {
    for (text, closes) in [
        ("'a''b' \"c `\" $(d 'e') \"\"f\" # don't (\n<# it's ( #> @{ a = 1 }", true),
        ("\"${a}: $($b.c[0])\"", true),
        ("'a", false),
        ("'a\n'", false),
        ("\"a $(b\"", false),
        ("function f { (1 }", false),
        ("a)", false),
        ("<# a", false),
    ] {
        assert_eq!(unclosed(text).is_none(), closes, "{text}");
    }
}
