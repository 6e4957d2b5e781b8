//! Text of a filter rule to tokens, with the place of each.

/// A token and the character it begins at, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Open,
    Close,
    ListOpen,
    ListClose,
    Comma,
    /// A bare word, the hyphen of an operator dropped, folded.
    Word(String),
    /// A quoted text.
    Text(String),
}

/// Splits a rule into tokens; the error is the place of the first character that fits nowhere.
pub(super) fn tokens(rule: &str) -> Result<Vec<Token>, (usize, String)> {
    let mut tokens = Vec::new();
    let mut rest = rule.chars().enumerate().peekable();
    while let Some((place, character)) = rest.next() {
        let at = place + 1;
        let kind = match character {
            _ if character.is_whitespace() => continue,
            '(' => Kind::Open,
            ')' => Kind::Close,
            '[' => Kind::ListOpen,
            ']' => Kind::ListClose,
            ',' => Kind::Comma,
            '"' | '\'' | '\u{201c}' | '\u{201d}' | '\u{2018}' | '\u{2019}' => {
                let closes = |c: char| match character {
                    '\u{201c}' | '\u{201d}' => matches!(c, '\u{201c}' | '\u{201d}'),
                    '\u{2018}' | '\u{2019}' => matches!(c, '\u{2018}' | '\u{2019}'),
                    _ => c == character,
                };
                let mut text = String::new();
                loop {
                    match rest.next() {
                        // A backtick escapes the character behind it ({DYN}).
                        Some((_, '`')) => match rest.next() {
                            Some((_, escaped)) => text.push(escaped),
                            None => return Err((at, "a text that is not closed".to_owned())),
                        },
                        Some((_, c)) if closes(c) => break Kind::Text(text),
                        Some((_, c)) => text.push(c),
                        None => return Err((at, "a text that is not closed".to_owned())),
                    }
                }
            }
            // Typographic dashes come with copy and paste.
            '-' | '\u{2010}' | '\u{2011}' | '\u{2013}' | '\u{2014}' | '\u{2212}' => {
                let word = word(&mut rest, None);
                if word.is_empty() {
                    return Err((at, "a dash without an operator".to_owned()));
                }
                Kind::Word(word)
            }
            _ if character.is_alphanumeric() || character == '_' => Kind::Word(word(&mut rest, Some(character))),
            other => return Err((at, format!("an unexpected `{other}`"))),
        };
        tokens.push(Token { kind, at });
    }
    Ok(tokens)
}

fn word(rest: &mut std::iter::Peekable<impl Iterator<Item = (usize, char)>>, first: Option<char>) -> String {
    let mut word = String::from_iter(first);
    while let Some((_, character)) = rest.next_if(|(_, c)| c.is_alphanumeric() || matches!(c, '_' | '.')) {
        word.push(character);
    }
    word.to_lowercase()
}
