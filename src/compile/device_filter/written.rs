//! A comparison as people write it: what explaining shows of a rule, piece by piece.

use std::fmt;

use super::parser::{Attribute, Comparison, Expression, Literal, Operator};

/// Attributes in their documented spelling ({DEV}).
const SPELLINGS: [&str; 14] = [
    "deviceId",
    "displayName",
    "enrollmentProfileName",
    "manufacturer",
    "model",
    "operatingSystem",
    "operatingSystemVersion",
    "deviceOwnership",
    "isCompliant",
    "mdmAppId",
    "physicalIds",
    "systemLabels",
    "profileType",
    "trustType",
];

impl Expression {
    /// Every comparison in it, in the order of the rule.
    #[must_use]
    pub fn comparisons(&self) -> Vec<&Comparison> {
        match self {
            Expression::Or(parts) | Expression::And(parts) => parts.iter().flat_map(Expression::comparisons).collect(),
            Expression::Not(part) => part.comparisons(),
            Expression::Compare(comparison) => vec![comparison],
        }
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Comparison { attribute, operator, values } = self;
        write!(f, "device.{attribute} -{operator} ")?;
        if !matches!(operator, Operator::In | Operator::NotIn) {
            return values.iter().try_for_each(|value| write!(f, "{value}"));
        }
        let values: Vec<String> = values.iter().map(Literal::to_string).collect();
        write!(f, "[{}]", values.join(", "))
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(number) = self.name().strip_prefix("extensionattribute") {
            return write!(f, "extensionAttribute{number}");
        }
        let known = SPELLINGS.iter().find(|spelling| spelling.eq_ignore_ascii_case(self.name()));
        f.write_str(known.copied().unwrap_or(self.name()))
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Operator::Eq => "eq",
            Operator::Ne => "ne",
            Operator::StartsWith => "startsWith",
            Operator::NotStartsWith => "notStartsWith",
            Operator::EndsWith => "endsWith",
            Operator::NotEndsWith => "notEndsWith",
            Operator::Contains => "contains",
            Operator::NotContains => "notContains",
            Operator::In => "in",
            Operator::NotIn => "notIn",
        })
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => f.write_str("null"),
            Literal::Text(text) if text == "true" => f.write_str("True"),
            Literal::Text(text) if text == "false" => f.write_str("False"),
            // A backtick escapes what would end the text, and itself.
            Literal::Text(text) => write!(f, "\"{}\"", text.replace('`', "``").replace('"', "`\"")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::{Expression, SPELLINGS};

    #[test]
    fn a_comparison_that_is_written_reads_the_same() {
        let others = [
            r#"device.model -notIn ["a", 'b"`'c']"#,
            "device.displayName -eq null",
            r#"device.extensionAttribute7 -notStartsWith "x""#,
            "device.isCompliant -ne True",
        ];
        let rules = SPELLINGS.iter().map(|name| {
            let operator = if ["physicalIds", "systemLabels"].contains(name) { "contains" } else { "eq" };
            format!(r#"device.{name} -{operator} "a b""#)
        });
        for rule in rules.chain(others.map(str::to_owned)) {
            let Expression::Compare(comparison) = parse(&rule).unwrap() else { panic!("{rule}") };
            let written = comparison.to_string();
            assert_eq!(parse(&written), Ok(Expression::Compare(comparison)), "{rule} as {written}");
        }
    }

    #[test]
    fn every_comparison_of_a_rule_is_found_in_its_order() {
        let rule = r#"-not (device.model -eq "a" -or device.isCompliant -ne True) -and device.trustType -eq "x""#;
        let rule = parse(rule).unwrap();
        let written: Vec<String> = rule.comparisons().into_iter().map(ToString::to_string).collect();
        assert_eq!(written, [r#"device.model -eq "a""#, "device.isCompliant -ne True", r#"device.trustType -eq "x""#]);
    }
}
