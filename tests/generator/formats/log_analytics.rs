//! Log Analytics: the columns of the sign-in tables, and their renderings.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::text;
use super::super::world::Row;
use super::cells::{american, names, table};
use super::{at, diagnostic, headers, text_at};

/// Columns that are objects in SigninLogs and texts in the other table: a union of the two has each of them twice.
const CLASHING: &[&str] = &["ConditionalAccessPolicies", "DeviceDetail", "LocationDetails", "MfaDetail", "Status"];

/// One object of columns a line, as data export writes them; an empty column is left out.
pub fn lines(rows: &[Row]) -> String {
    rows.iter()
        .map(|row| {
            let properties = diagnostic::properties(&row.value);
            let cells: Map<String, Value> = columns(std::slice::from_ref(row))
                .into_iter()
                .map(|name| {
                    let cell = cell(row, &properties, &name);
                    (name, cell)
                })
                .filter(|(_, cell)| !matches!(cell, Value::Null) && cell != "")
                .collect();
            text::compact(&Value::Object(cells)) + "\n"
        })
        .collect()
}

/// The answer of the query API: a dynamic column is JSON text in its cell.
pub fn tables(rows: &[Row]) -> String {
    let names = columns(rows);
    let columns: Vec<Value> = names.iter().map(|name| json!({"name": name, "type": kind(name)})).collect();
    let lines: Vec<Value> = rows
        .iter()
        .map(|row| {
            let properties = diagnostic::properties(&row.value);
            let cells: Vec<Value> = names
                .iter()
                .map(|name| match cell(row, &properties, name) {
                    nested @ (Value::Object(_) | Value::Array(_)) => text::compact(&nested).into(),
                    plain => plain,
                })
                .collect();
            Value::Array(cells)
        })
        .collect();
    text::compact(&json!({"tables": [{"name": "PrimaryResult", "columns": columns, "rows": lines}]}))
}

/// What the CSV of a portal or of a spreadsheet looks like.
#[derive(Clone, Copy, Debug)]
pub struct Csv<'a> {
    header: &'a str,
    separator: &'a str,
    end: &'a str,
    /// Blanks a level, where JSON stands on several lines.
    indent: Option<usize>,
    /// Whether Excel saved it: truth values in capitals, `1` for `1.0`.
    is_excel: bool,
}

impl<'a> Csv<'a> {
    const fn of(header: &'a str) -> Csv<'a> {
        Csv { header, separator: ",", end: "\n", indent: None, is_excel: false }
    }
}

pub const LOGS_2021: Csv<'_> = Csv { indent: Some(2), ..Csv::of(headers::SIGN_IN_LOGS_2021) };
pub const LOGS_2023: Csv<'_> = Csv { end: "\r\n", is_excel: true, ..Csv::of(headers::SIGN_IN_LOGS_2023) };
pub const LOGS_2026: Csv<'_> = Csv::of(headers::SIGN_IN_LOGS_2026);
pub const NON_INTERACTIVE: Csv<'_> = Csv::of(headers::NON_INTERACTIVE_2026);
pub const SERVICE_PRINCIPALS: Csv<'_> = Csv::of(headers::SERVICE_PRINCIPALS_2023);
pub const UNION: Csv<'_> = Csv { indent: Some(2), is_excel: true, ..Csv::of(headers::UNION_2021) };
pub const LOZENGES: Csv<'_> = Csv { separator: "❖", ..LOGS_2026 };

/// With semicolons, and a line for Excel that says so.
pub fn excel(rows: &[Row]) -> String {
    let layout = Csv { separator: ";", end: "\r\n", is_excel: true, ..LOGS_2026 };
    format!("\u{feff}sep=;\r\n{}", layout.csv(rows))
}

/// The portal's CSV with the columns of the table the rows are in, or of the union of their tables.
pub fn csv(rows: &[Row], indent: Option<usize>) -> String {
    let zoned = |name: &String| if kind(name) == "datetime" { format!("{name} [UTC]") } else { name.clone() };
    let header: Vec<String> = columns(rows).iter().map(zoned).collect();
    Csv { indent, ..Csv::of(&header.join(",")) }.csv(rows)
}

impl Csv<'_> {
    pub fn csv(&self, rows: &[Row]) -> String {
        let names = names(self.header);
        let lines = rows.iter().map(|row| {
            let properties = diagnostic::properties(&row.value);
            names.iter().map(|name| self.cell(row, &properties, name)).collect()
        });
        table(self.header, lines, self.separator, self.end)
    }

    /// A zone in the name of a column means the words of an American browser.
    fn cell(&self, row: &Row, properties: &Value, name: &str) -> String {
        let (column, is_zoned) = name.strip_suffix(" [UTC]").map_or((name, false), |column| (column, true));
        match (column, cell(row, properties, column)) {
            (_, Value::Null) => String::new(),
            ("OperationVersion", _) if self.is_excel => "1".into(),
            (_, Value::String(time)) if is_zoned => american(&time),
            (_, Value::String(text)) => match (self.indent, serde_json::from_str::<Value>(&text)) {
                (Some(indent), Ok(nested @ (Value::Object(_) | Value::Array(_)))) => text::pretty(&nested, indent),
                _ => text,
            },
            (_, Value::Bool(flag)) if self.is_excel => flag.to_string().to_uppercase(),
            (_, nested @ (Value::Object(_) | Value::Array(_))) => match self.indent {
                Some(indent) => text::pretty(&nested, indent),
                None => text::compact(&nested),
            },
            (_, other) => other.to_string(),
        }
    }
}

/// What `az monitor log-analytics query` prints: objects, in which a dynamic column is JSON text.
pub fn array(rows: &[Row]) -> String {
    let names = columns(rows);
    let list = rows.iter().map(|row| {
        let properties = diagnostic::properties(&row.value);
        let cell = |name: &String| match cell(row, &properties, name) {
            nested @ (Value::Object(_) | Value::Array(_)) => text::compact(&nested).into(),
            plain => plain,
        };
        let mut cells: Map<String, Value> = names.iter().map(|name| (name.clone(), cell(name))).collect();
        cells.insert("TableName".into(), "PrimaryResult".into());
        Value::Object(cells)
    });
    text::pretty(&list.collect(), 2)
}

/// The columns of the table the rows are in; of the union, if they are in several.
fn columns(rows: &[Row]) -> Vec<String> {
    let categories: BTreeSet<&str> = rows.iter().map(|row| row.category).collect();
    let own = |header| names(header).into_iter().map(|name| name.trim_end_matches(" [UTC]").to_owned()).collect();
    let (interactive, other): (Vec<String>, Vec<String>) =
        (own(headers::SIGN_IN_LOGS_2026), own(headers::NON_INTERACTIVE_2026));
    match (categories.contains("SignInLogs"), categories.len()) {
        (true, 1) => interactive,
        (_, 0 | 1) => other,
        _ => {
            let mut names = interactive;
            for name in other {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
            names
                .iter()
                .flat_map(|name| {
                    if CLASHING.contains(&name.as_str()) {
                        vec![format!("{name}_dynamic"), format!("{name}_string")]
                    } else {
                        vec![name.clone()]
                    }
                })
                .collect()
        }
    }
}

fn kind(column: &str) -> &'static str {
    match column {
        "TimeGenerated" | "CreatedDateTime" => "datetime",
        "IsInteractive" | "IsRisky" | "FlaggedForReview" | "IsTenantRestricted" => "bool",
        "DurationMs" | "ProcessingTimeInMilliseconds" | "ProcessingTimeInMs" => "long",
        name if CLASHING.contains(&name.trim_end_matches("_dynamic")) || name == "ConditionalAccessPoliciesV2" => {
            "dynamic"
        }
        _ => "string",
    }
}

/// A cell: nested values are JSON in the dynamic columns of SigninLogs, and JSON text in all others.
fn cell(row: &Row, properties: &Value, column: &str) -> Value {
    let interactive = row.category == "SignInLogs";
    let (name, wanted) = match column.rsplit_once('_') {
        Some((name, "dynamic")) => (name, Some(true)),
        Some((name, "string")) => (name, Some(false)),
        _ => (column, None),
    };
    if wanted.is_some_and(|dynamic| dynamic != interactive) {
        return Value::Null;
    }
    let value = content(row, properties, name);
    let dynamic = (interactive && CLASHING.contains(&name)) || name == "ConditionalAccessPoliciesV2";
    match value {
        nested @ (Value::Object(_) | Value::Array(_)) if !dynamic => text::compact(&nested).into(),
        other => other,
    }
}

fn content(row: &Row, properties: &Value, column: &str) -> Value {
    let value = &row.value;
    let member = |path: &str| at(properties, path).cloned().unwrap_or(Value::Null);
    let interactive = row.category == "SignInLogs";
    match column {
        "TimeGenerated" => row.delivered.clone().unwrap_or_else(|| text_at(value, "createdDateTime")).into(),
        "CreatedDateTime" => member("createdDateTime"),
        "IPAddress" => member("ipAddress"),
        "TenantId" => "7c759f10-0000-4000-8000-00000000000a".into(),
        "SourceSystem" => "Azure AD".into(),
        "ResourceId" => format!("/tenants/{}/providers/Microsoft.aadiam", text_at(value, "resourceTenantId")).into(),
        "AADTenantId" => member("resourceTenantId"),
        "OperationName" => "Sign-in activity".into(),
        "OperationVersion" => "1.0".into(),
        "Category" => row.category.into(),
        "ResultType" => text_at(value, "status.errorCode").into(),
        "ResultSignature" => "None".into(),
        "ResultDescription" => text_at(properties, "status.failureReason").into(),
        "DurationMs" => 0.into(),
        "Resource" | "ResourceGroup" if interactive => "Microsoft.aadiam".into(),
        "Identity" | "UserDisplayName" => member("userDisplayName"),
        "Level" => "4".into(),
        "Location" => member("location.countryOrRegion"),
        "LocationDetails" => member("location"),
        "ConditionalAccessPolicies" => member("appliedConditionalAccessPolicies"),
        "ConditionalAccessPoliciesV2" if !interactive => member("appliedConditionalAccessPolicies"),
        "AppliedConditionalAccessPolicies" | "RiskLevel" | "IsRisky" => Value::Null,
        "ResourceIdentity" => member("resourceId"),
        "RiskEventTypes_V2" | "RiskEventTypes" => member("riskEventTypes_v2"),
        "SignInEventTypes" => at(value, "signInEventTypes").cloned().unwrap_or(Value::Null),
        "ProcessingTimeInMilliseconds" | "ProcessingTimeInMs" => member("processingTimeInMilliseconds"),
        "AutonomousSystemNumber" => text_at(value, "autonomousSystemNumber").into(),
        "Type" => match row.category {
            "SignInLogs" => "SigninLogs",
            "NonInteractiveUserSignInLogs" => "AADNonInteractiveUserSignInLogs",
            "ServicePrincipalSignInLogs" => "AADServicePrincipalSignInLogs",
            "ManagedIdentitySignInLogs" => "AADManagedIdentitySignInLogs",
            other => other,
        }
        .into(),
        name => {
            let mut letters = name.chars();
            let camel: String =
                letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect();
            member(&camel)
        }
    }
}
