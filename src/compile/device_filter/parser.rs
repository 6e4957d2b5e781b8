//! Tokens to an expression. Precedence, high to low: comparison, `-not`, `-and`, `-or` ({DYN}).

use std::fmt;

use super::lexer::{Kind, Token, tokens};

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// One of several.
    Or(Vec<Expression>),
    /// All of several.
    And(Vec<Expression>),
    /// The opposite.
    Not(Box<Expression>),
    /// One comparison.
    Compare(Comparison),
}

/// `device.attribute -operator value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What is compared.
    pub attribute: Attribute,
    /// How.
    pub operator: Operator,
    /// With what: one value, or those of a list.
    pub values: Vec<Literal>,
}

/// An attribute of a device that a filter may name, folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute(String);

const EQUALITY: &[Operator] = &[Operator::Eq, Operator::Ne];
const IDS: &[Operator] = &[Operator::Eq, Operator::Ne, Operator::In, Operator::NotIn];
const COLLECTION: &[Operator] = &[Operator::Contains, Operator::NotContains];
const TEXT: &[Operator] = &[
    Operator::Eq,
    Operator::Ne,
    Operator::StartsWith,
    Operator::NotStartsWith,
    Operator::EndsWith,
    Operator::NotEndsWith,
    Operator::Contains,
    Operator::NotContains,
    Operator::In,
    Operator::NotIn,
];

/// Attributes by their documented names, folded, and the operators each takes ({DEV}).
/// Extension attributes come besides; they are texts.
const ATTRIBUTES: [(&str, &[Operator]); 14] = [
    ("deviceid", IDS),
    ("displayname", TEXT),
    ("enrollmentprofilename", TEXT),
    ("manufacturer", TEXT),
    ("model", TEXT),
    ("operatingsystem", TEXT),
    ("operatingsystemversion", TEXT),
    ("deviceownership", EQUALITY),
    ("iscompliant", EQUALITY),
    ("mdmappid", IDS),
    ("physicalids", COLLECTION),
    ("systemlabels", COLLECTION),
    ("profiletype", EQUALITY),
    ("trusttype", EQUALITY),
];

impl Attribute {
    /// The folded names that are documented; `extensionAttribute1` … `15` come besides.
    pub fn documented() -> impl Iterator<Item = &'static str> {
        ATTRIBUTES.iter().map(|(name, _)| *name)
    }

    fn read(word: &str) -> Option<Attribute> {
        let name = word.strip_prefix("device.")?;
        let extension = name.strip_prefix("extensionattribute").and_then(|number| number.parse::<u8>().ok());
        let known = ATTRIBUTES.iter().any(|(known, _)| *known == name)
            || extension.is_some_and(|number| (1..=15).contains(&number));
        known.then(|| Attribute(name.to_owned()))
    }

    fn takes(&self, operator: Operator) -> bool {
        let operators = ATTRIBUTES.iter().find(|(known, _)| *known == self.0).map_or(TEXT, |(_, operators)| operators);
        operators.contains(&operator)
    }

    /// The folded name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// `extensionAttribute1` … `15`.
    #[must_use]
    pub fn is_extension(&self) -> bool {
        self.0.starts_with("extensionattribute")
    }
}

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `-eq`
    Eq,
    /// `-ne`
    Ne,
    /// `-startsWith`
    StartsWith,
    /// `-notStartsWith`
    NotStartsWith,
    /// `-endsWith`
    EndsWith,
    /// `-notEndsWith`
    NotEndsWith,
    /// `-contains`
    Contains,
    /// `-notContains`
    NotContains,
    /// `-in`
    In,
    /// `-notIn`
    NotIn,
}

impl Operator {
    fn read(word: &str) -> Option<Operator> {
        Some(match word {
            "eq" => Operator::Eq,
            "ne" => Operator::Ne,
            "startswith" => Operator::StartsWith,
            "notstartswith" => Operator::NotStartsWith,
            "endswith" => Operator::EndsWith,
            "notendswith" => Operator::NotEndsWith,
            "contains" => Operator::Contains,
            "notcontains" => Operator::NotContains,
            "in" => Operator::In,
            "notin" => Operator::NotIn,
            _ => return None,
        })
    }

    /// Whether an absent value satisfies it (DEV-3): the negative operators.
    #[must_use]
    pub fn is_negative(self) -> bool {
        matches!(
            self,
            Operator::Ne | Operator::NotStartsWith | Operator::NotEndsWith | Operator::NotContains | Operator::NotIn
        )
    }
}

/// A value of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Literal {
    /// A text, folded; booleans are texts too: `"True"` equals `True`.
    Text(String),
    /// `null`.
    Null,
}

/// Why a rule does not parse, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The character, counted from 1.
    pub at: usize,
    /// What is wrong there.
    pub what: String,
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.what, self.at)
    }
}

/// Deeper nesting than any portal writes is refused instead of followed.
const DEEPEST: usize = 64;

/// Parses a rule.
///
/// # Errors
///
/// The first place where the rule is not one.
pub fn parse(rule: &str) -> Result<Expression, FilterError> {
    let tokens = tokens(rule).map_err(|(at, what)| FilterError { at, what })?;
    let mut parser = Parser { tokens: &tokens, end: rule.chars().count() + 1 };
    let expression = parser.or(0)?;
    match parser.tokens.first() {
        None => Ok(expression),
        Some(token) => Err(FilterError { at: token.at, what: "something behind the end of the rule".to_owned() }),
    }
}

struct Parser<'a> {
    tokens: &'a [Token],
    end: usize,
}

impl Parser<'_> {
    fn error<T>(&self, what: &str) -> Result<T, FilterError> {
        Err(FilterError { at: self.tokens.first().map_or(self.end, |token| token.at), what: what.to_owned() })
    }

    fn take(&mut self) -> Option<&Kind> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(&first.kind)
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.tokens.first(), Some(Token { kind: Kind::Word(found), .. }) if found == word);
        if found {
            self.take();
        }
        found
    }

    fn or(&mut self, depth: usize) -> Result<Expression, FilterError> {
        let mut parts = vec![self.and(depth)?];
        while self.take_word("or") {
            parts.push(self.and(depth)?);
        }
        Ok(single(parts, Expression::Or))
    }

    fn and(&mut self, depth: usize) -> Result<Expression, FilterError> {
        let mut parts = vec![self.not(depth)?];
        while self.take_word("and") {
            parts.push(self.not(depth)?);
        }
        Ok(single(parts, Expression::And))
    }

    fn not(&mut self, depth: usize) -> Result<Expression, FilterError> {
        if depth > DEEPEST {
            return self.error("too many levels");
        }
        if self.take_word("not") {
            return Ok(Expression::Not(Box::new(self.not(depth + 1)?)));
        }
        if matches!(self.tokens.first(), Some(Token { kind: Kind::Open, .. })) {
            self.take();
            let inside = self.or(depth + 1)?;
            if !matches!(self.tokens.first(), Some(Token { kind: Kind::Close, .. })) {
                return self.error("a missing `)`");
            }
            self.take();
            return Ok(inside);
        }
        self.comparison().map(Expression::Compare)
    }

    fn comparison(&mut self) -> Result<Comparison, FilterError> {
        let attribute = match self.tokens.first() {
            Some(Token { kind: Kind::Word(word), .. }) => Attribute::read(word),
            _ => None,
        };
        let Some(attribute) = attribute else { return self.error("no attribute of a device") };
        self.take();
        let operator = match self.tokens.first() {
            Some(Token { kind: Kind::Word(word), .. }) => Operator::read(word),
            _ => None,
        };
        let Some(operator) = operator else { return self.error("no operator") };
        if !attribute.takes(operator) {
            return self.error("an operator that this attribute does not take");
        }
        self.take();
        let is_list = matches!(operator, Operator::In | Operator::NotIn);
        let values = if is_list { self.list()? } else { vec![self.value()?] };
        if values.contains(&Literal::Null) && !matches!(operator, Operator::Eq | Operator::Ne) {
            return self.error("`null` behind an operator other than `-eq` and `-ne`");
        }
        Ok(Comparison { attribute, operator, values })
    }

    fn value(&mut self) -> Result<Literal, FilterError> {
        let value = match self.tokens.first().map(|token| &token.kind) {
            Some(Kind::Text(text)) => Literal::Text(text.trim().to_lowercase()),
            Some(Kind::Word(word)) if word == "null" => Literal::Null,
            Some(Kind::Word(word)) if word == "true" || word == "false" => Literal::Text(word.clone()),
            _ => return self.error("no value"),
        };
        self.take();
        Ok(value)
    }

    fn list(&mut self) -> Result<Vec<Literal>, FilterError> {
        if !matches!(self.tokens.first(), Some(Token { kind: Kind::ListOpen, .. })) {
            return self.error("no list in `[ ]`");
        }
        self.take();
        let mut values = Vec::new();
        loop {
            values.push(self.value()?);
            match self.tokens.first().map(|token| &token.kind) {
                Some(Kind::Comma) => {
                    self.take();
                }
                Some(Kind::ListClose) => {
                    self.take();
                    return Ok(values);
                }
                _ => return self.error("a list that is not closed"),
            }
        }
    }
}

fn single(mut parts: Vec<Expression>, many: fn(Vec<Expression>) -> Expression) -> Expression {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (Some(last), false) => {
            parts.push(last);
            many(parts)
        }
        (None, _) => many(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expression, parse};

    #[test]
    fn and_binds_closer_than_or_and_not_closest() {
        let flat = parse(r#"device.model -eq "a" -or -not device.model -eq "b" -and device.model -eq "c""#).unwrap();
        let nested =
            parse(r#"device.model -eq "a" -or ((-not (device.model -eq "b")) -and device.model -eq "c")"#).unwrap();
        assert_eq!(flat, nested);
        assert!(matches!(flat, Expression::Or(parts) if parts.len() == 2));
    }

    #[test]
    fn real_spellings_parse() {
        for rule in [
            r#"device.trustType -ne "ServerAD" -or device.isCompliant -ne True"#,
            "device.isCompliant -eq True",
            "device.deviceid \u{2013}in [\"a\", 'b']",
            "device.ExtensionAttribute1 -EQ \u{201c}SAW\u{201d}",
            "device.displayName eq null",
            r#"(device.physicalIds -contains "[ZTDId]")"#,
            r#"device.model -startsWith "a`"b""#,
        ] {
            assert!(parse(rule).is_ok(), "{rule}: {:?}", parse(rule));
        }
    }

    #[test]
    fn a_rule_that_does_not_parse_names_the_place() {
        for (rule, at) in [
            ("", 1),
            ("device.colour -eq \"red\"", 1),
            ("device.model -like \"x\"", 14),
            ("device.model -eq", 17),
            ("(device.model -eq \"a\"", 22),
            ("device.model -eq \"a\" device.model -eq \"b\"", 22),
            ("device.model -eq \"a", 18),
            ("device.model -in \"a\"", 18),
            ("device.extensionAttribute16 -eq \"a\"", 1),
            ("device.trustType -startsWith \"Server\"", 18),
        ] {
            assert_eq!(parse(rule).unwrap_err().at, at, "{rule}");
        }
    }
}
