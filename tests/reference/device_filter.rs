//! The device filter (2.9, C16): lexer, parser and evaluator of the rule.

use super::Tri;
use super::rows::{Row, fold, text_of};
use super::tenant::{Tenant, entry_folded};
use serde_json::Value;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    /// An attribute, operator, logical word, boolean or null; folded.
    Word(String),
    Text(String),
    Open,
    Close,
    ListOpen,
    ListClose,
    Comma,
}

fn lex(rule: &str) -> Option<Vec<Token>> {
    let letters: Vec<char> = rule.chars().collect();
    let mut tokens = Vec::new();
    let mut position = 0;
    while position < letters.len() {
        let letter = letters[position];
        position += 1;
        match letter {
            _ if letter.is_whitespace() => {}
            '(' => tokens.push(Token::Open),
            ')' => tokens.push(Token::Close),
            '[' => tokens.push(Token::ListOpen),
            ']' => tokens.push(Token::ListClose),
            ',' => tokens.push(Token::Comma),
            '"' | '\'' => {
                let mut text = String::new();
                loop {
                    match letters.get(position) {
                        None => return None, // the text is not closed
                        // A quote inside a text is escaped by a backtick.
                        Some('`')
                            if letters
                                .get(position + 1)
                                .is_some_and(|next| *next == '"' || *next == '\'' || *next == '`') =>
                        {
                            text.push(letters[position + 1]);
                            position += 2;
                        }
                        Some(next) if *next == letter => {
                            position += 1;
                            break;
                        }
                        Some(next) => {
                            text.push(*next);
                            position += 1;
                        }
                    }
                }
                tokens.push(Token::Text(text));
            }
            _ => {
                // The hyphen before an operator is optional; hyphen, en dash and minus are accepted.
                let mut word = String::new();
                if is_dash(letter) {
                    if !letters.get(position).is_some_and(|next| next.is_alphabetic()) {
                        return None;
                    }
                } else if letter.is_alphanumeric() {
                    word.push(letter);
                } else {
                    return None;
                }
                while let Some(next) =
                    letters.get(position).filter(|next| next.is_alphanumeric() || **next == '.' || **next == '_')
                {
                    word.push(*next);
                    position += 1;
                }
                tokens.push(Token::Word(fold(&word)));
            }
        }
    }
    Some(tokens)
}

fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2013}' | '\u{2212}')
}

#[derive(Debug)]
enum Expression {
    Compare { attribute: String, operator: String, values: Vec<String>, null: bool },
    Not(Box<Expression>),
    And(Box<Expression>, Box<Expression>),
    Or(Box<Expression>, Box<Expression>),
}

struct Parser {
    tokens: Vec<Token>,
    position: usize,
}

impl Parser {
    fn next(&mut self) -> Option<Token> {
        let token = self.tokens.get(self.position).cloned();
        self.position += 1;
        token
    }
    fn take_word(&mut self, word: &str) -> bool {
        let found = self.tokens.get(self.position) == Some(&Token::Word(word.to_string()));
        if found {
            self.position += 1;
        }
        found
    }
    // Precedence, high to low: comparison, -not, -and, -or.
    fn or(&mut self, depth: u32) -> Option<Expression> {
        let mut left = self.and(depth)?;
        while self.take_word("or") {
            left = Expression::Or(Box::new(left), Box::new(self.and(depth)?));
        }
        Some(left)
    }
    fn and(&mut self, depth: u32) -> Option<Expression> {
        let mut left = self.not(depth)?;
        while self.take_word("and") {
            left = Expression::And(Box::new(left), Box::new(self.not(depth)?));
        }
        Some(left)
    }
    fn not(&mut self, depth: u32) -> Option<Expression> {
        if depth > 200 {
            return None;
        }
        if self.take_word("not") {
            return Some(Expression::Not(Box::new(self.not(depth + 1)?)));
        }
        if self.tokens.get(self.position) == Some(&Token::Open) {
            self.position += 1;
            let inside = self.or(depth + 1)?;
            return (self.next()? == Token::Close).then_some(inside);
        }
        self.comparison()
    }
    fn comparison(&mut self) -> Option<Expression> {
        let Token::Word(name) = self.next()? else { return None };
        let attribute = name.strip_prefix("device.")?.to_string();
        let Token::Word(operator) = self.next()? else { return None };
        // CHOICE: an unknown attribute, or an operator that its attribute does not have, is a rule that does not parse.
        if !operators_of(&attribute)?.contains(&operator.as_str()) {
            return None;
        }
        let list = operator == "in" || operator == "notin";
        let (values, null) = if list { (self.list()?, false) } else { self.value(&operator)? };
        if attribute == "iscompliant" && !null && values.iter().any(|value| value != "true" && value != "false") {
            return None;
        }
        Some(Expression::Compare { attribute, operator, values, null })
    }
    fn value(&mut self, operator: &str) -> Option<(Vec<String>, bool)> {
        match self.next()? {
            Token::Text(text) => Some((vec![text.to_lowercase()], false)),
            // Quoted booleans equal unquoted ones; `null` only unquoted, and only with eq and ne.
            Token::Word(word) if word == "true" || word == "false" => Some((vec![word], false)),
            Token::Word(word) if word == "null" && (operator == "eq" || operator == "ne") => Some((Vec::new(), true)),
            _ => None,
        }
    }
    fn list(&mut self) -> Option<Vec<String>> {
        if self.next()? != Token::ListOpen {
            return None;
        }
        let mut values = Vec::new();
        if self.tokens.get(self.position) == Some(&Token::ListClose) {
            self.position += 1;
            return Some(values);
        }
        loop {
            let Token::Text(text) = self.next()? else { return None };
            values.push(text.to_lowercase());
            match self.next()? {
                Token::Comma => {}
                Token::ListClose => return Some(values),
                _ => return None,
            }
        }
    }
}

/// The table of attributes and operators of 2.9.
fn operators_of(attribute: &str) -> Option<&'static [&'static str]> {
    let extension = attribute.strip_prefix("extensionattribute").and_then(|number| number.parse::<u8>().ok());
    Some(match attribute {
        "deviceid" | "mdmappid" => &["eq", "ne", "in", "notin"],
        "displayname"
        | "enrollmentprofilename"
        | "manufacturer"
        | "model"
        | "operatingsystem"
        | "operatingsystemversion" => TEXT_OPERATORS,
        _ if extension.is_some_and(|number| (1..=15).contains(&number)) => TEXT_OPERATORS,
        "deviceownership" | "iscompliant" | "profiletype" | "trusttype" => &["eq", "ne"],
        "physicalids" | "systemlabels" => &["contains", "notcontains"],
        _ => return None,
    })
}

const TEXT_OPERATORS: &[&str] =
    &["eq", "ne", "startswith", "notstartswith", "endswith", "notendswith", "contains", "notcontains", "in", "notin"];

fn parse(rule: &str) -> Option<Expression> {
    let mut parser = Parser { tokens: lex(rule)?, position: 0 };
    let expression = parser.or(0)?;
    (parser.position == parser.tokens.len()).then_some(expression)
}

/// What is known of one attribute.
enum Attribute {
    Unknown,
    Null,
    Text(String),
    Collection(Vec<String>),
}

/// DEV-6: the row's trust type in the words of the filter, folded.
pub fn trust_type(row: &Row) -> Option<&'static str> {
    match row.inner("deviceDetail", "trustType").map(|text| fold(&text)).as_deref() {
        Some("azure ad joined" | "microsoft entra joined" | "azuread") => Some("azuread"),
        Some("hybrid azure ad joined" | "microsoft entra hybrid joined" | "serverad") => Some("serverad"),
        Some("azure ad registered" | "microsoft entra registered" | "workplace") => Some("workplace"),
        _ => None, // empty or not understood: unknown
    }
}

fn attribute_of(row: &Row, tenant: &Tenant, name: &str) -> Attribute {
    // DEV-5: no device id: unregistered, all attributes are null.
    let Some(device_id) = row.device_id().map(|id| fold(&id)) else { return Attribute::Null };
    let text = |text: Option<String>| text.map_or(Attribute::Unknown, Attribute::Text);
    match name {
        "deviceid" => Attribute::Text(device_id),
        "iscompliant" => text(row.inner_bool("deviceDetail", "isCompliant").map(|flag| flag.to_string())),
        "trusttype" => text(trust_type(row).map(str::to_string)),
        "displayname" => text(row.inner("deviceDetail", "displayName").map(|name| name.to_lowercase())),
        _ => {
            // C16: the rest from devices.json; a device not in it is U, one without the attribute has null.
            let listed = tenant
                .devices
                .iter()
                .flatten()
                .find(|device| entry_folded(device, "deviceid").as_deref() == Some(device_id.as_str()));
            let Some(device) = listed else { return Attribute::Unknown };
            let value = if name.starts_with("extensionattribute") {
                let nested = &device["extensionattributes"][name];
                if nested.is_null() { &device[name] } else { nested }
            } else {
                &device[name]
            };
            match value {
                Value::Array(items) => {
                    Attribute::Collection(items.iter().filter_map(text_of).map(|item| item.to_lowercase()).collect())
                }
                other => text_of(other).map_or(Attribute::Null, |text| Attribute::Text(text.to_lowercase())),
            }
        }
    }
}

fn compare(row: &Row, tenant: &Tenant, name: &str, operator: &str, values: &[String], null: bool) -> Tri {
    let attribute = attribute_of(row, tenant, name);
    let positive = matches!(operator, "eq" | "startswith" | "endswith" | "contains" | "in");
    let matched = match &attribute {
        Attribute::Unknown => None,
        // DEV-3: every positive comparison with null is F and every negative one T; `-eq null` T, `-ne null` F.
        Attribute::Null => Some(null),
        Attribute::Text(_) | Attribute::Collection(_) if null => Some(false),
        Attribute::Text(text) => {
            let of = |value: &String| match operator {
                "eq" | "ne" | "in" | "notin" => text == value,
                "startswith" | "notstartswith" => text.starts_with(value.as_str()),
                "endswith" | "notendswith" => text.ends_with(value.as_str()),
                _ => text.contains(value.as_str()),
            };
            Some(values.iter().any(of))
        }
        // A collection contains an element that equals the value.
        Attribute::Collection(items) => Some(values.iter().any(|value| items.contains(value))),
    };
    let answer = matched.map_or(Tri::Unknown, |matched| Tri::of(matched == positive));
    // C16: extension attributes on a registered device count only as far as it is managed, compliant or hybrid joined.
    if name.starts_with("extensionattribute") && row.device_id().is_some() {
        let flag = |name: &str| row.inner_bool("deviceDetail", name).map_or(Tri::Unknown, Tri::of);
        let hybrid = trust_type(row).map_or(Tri::Unknown, |trust| Tri::of(trust == "serverad"));
        return answer.and(flag("isManaged").or(flag("isCompliant")).or(hybrid));
    }
    answer
}

fn evaluate(row: &Row, tenant: &Tenant, expression: &Expression) -> Tri {
    match expression {
        Expression::Compare { attribute, operator, values, null } => {
            compare(row, tenant, attribute, operator, values, *null)
        }
        Expression::Not(inner) => evaluate(row, tenant, inner).not(),
        Expression::And(left, right) => evaluate(row, tenant, left).and(evaluate(row, tenant, right)),
        Expression::Or(left, right) => evaluate(row, tenant, left).or(evaluate(row, tenant, right)),
    }
}

/// DEV-1: include: T iff the rule is T; exclude: T iff the rule is F.
pub fn filter_condition(row: &Row, tenant: &Tenant, filter: &Value) -> Tri {
    // C16: a rule that does not parse is U (a rule that is missing does not parse either).
    let Some(expression) = filter["rule"].as_str().and_then(parse) else { return Tri::Unknown };
    let answer = evaluate(row, tenant, &expression);
    match filter["mode"].as_str().map(fold).as_deref() {
        Some("include") => answer,
        Some("exclude") => answer.not(),
        _ => Tri::Unknown,
    }
}

/// 2.11: the word of a legacy device list, `Compliant` or `DomainJoined`, like the filter it stands for.
pub fn legacy_device_state(row: &Row, word: &str) -> Tri {
    if row.device_id().is_none() && matches!(word, "compliant" | "domainjoined") {
        return Tri::No;
    }
    match word {
        "compliant" => row.inner_bool("deviceDetail", "isCompliant").map_or(Tri::Unknown, Tri::of),
        "domainjoined" => trust_type(row).map_or(Tri::Unknown, |trust| Tri::of(trust == "serverad")),
        _ => Tri::Unknown,
    }
}
