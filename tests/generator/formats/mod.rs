//! Rows as text, in each shape that exports have. Every writer writes every row it is given;
//! [`Shape::holds`] says which rows the real export would hold.

use serde_json::Value;

use super::world::Row;

mod diagnostic;
mod graph;
pub mod log_analytics;
mod portal;

/// A shape of exported sign-in logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// `{"@odata.context", "value": […]}`, beta
    GraphPage,
    /// the admin center's JSON download: an array, four blanks a level, missing text is `""`
    GraphArray,
    /// one Graph beta object a line
    GraphLines,
    /// a page of v1.0, which lacks half of the members
    GraphV1Page,
    /// diagnostic settings, one record a line
    DiagnosticLines,
    /// diagnostic settings through an Event Hub: batches of `records`
    EventHub,
    /// Log Analytics data export: one object of columns a line
    LogAnalyticsLines,
    /// Log Analytics query API: `tables`
    LogAnalyticsTables,
    /// Log Analytics in the portal, JSON compact in the cells
    LogAnalyticsCsv,
    /// the same with JSON over several lines in the cells
    LogAnalyticsPrettyCsv,
    /// the admin center's CSV download, 57 columns
    PortalCsv,
    /// `Get-MgBetaAuditLogSignIn | ConvertTo-Json`
    PowerShell,
}

impl Shape {
    /// All shapes.
    pub const ALL: [Shape; 12] = [
        Shape::GraphPage,
        Shape::GraphArray,
        Shape::GraphLines,
        Shape::GraphV1Page,
        Shape::DiagnosticLines,
        Shape::EventHub,
        Shape::LogAnalyticsLines,
        Shape::LogAnalyticsTables,
        Shape::LogAnalyticsCsv,
        Shape::LogAnalyticsPrettyCsv,
        Shape::PortalCsv,
        Shape::PowerShell,
    ];

    /// A file name as the export gives it; the admin center's CSV says only there that its rows are interactive.
    pub fn file_name(self) -> &'static str {
        match self {
            Shape::GraphPage => "signIns.json",
            Shape::GraphArray => "InteractiveSignIns_2026-10-01_2026-10-31.json",
            Shape::GraphLines => "signIns.ndjson",
            Shape::GraphV1Page => "signIns-v1.json",
            Shape::DiagnosticLines => "PT1H.json",
            Shape::EventHub => "eventhub.json",
            Shape::LogAnalyticsLines => "PT05M.json",
            Shape::LogAnalyticsTables => "query-result.json",
            Shape::LogAnalyticsCsv => "query_data.csv",
            Shape::LogAnalyticsPrettyCsv => "query_data_pretty.csv",
            Shape::PortalCsv => "InteractiveSignIns_2026-10-01_2026-10-31.csv",
            Shape::PowerShell => "signins-powershell.json",
        }
    }

    /// Would the real export hold this row? Some hold interactive users only.
    pub fn holds(self, row: &Row) -> bool {
        match self {
            Shape::GraphV1Page | Shape::PortalCsv => row.category == "SignInLogs",
            Shape::GraphPage
            | Shape::GraphArray
            | Shape::GraphLines
            | Shape::DiagnosticLines
            | Shape::EventHub
            | Shape::LogAnalyticsLines
            | Shape::LogAnalyticsTables
            | Shape::LogAnalyticsCsv
            | Shape::LogAnalyticsPrettyCsv
            | Shape::PowerShell => true,
        }
    }
}

/// The rows in a shape.
pub fn write(shape: Shape, rows: &[Row]) -> Vec<u8> {
    match shape {
        Shape::GraphPage => graph::page(rows),
        Shape::GraphArray => graph::array(rows),
        Shape::GraphLines => graph::lines(rows),
        Shape::GraphV1Page => graph::v1_page(rows),
        Shape::DiagnosticLines => diagnostic::lines(rows),
        Shape::EventHub => diagnostic::event_hub(rows),
        Shape::LogAnalyticsLines => log_analytics::lines(rows),
        Shape::LogAnalyticsTables => log_analytics::tables(rows),
        Shape::LogAnalyticsCsv => log_analytics::csv(rows, None),
        Shape::LogAnalyticsPrettyCsv => log_analytics::csv(rows, Some(2)),
        Shape::PortalCsv => portal::csv(rows),
        Shape::PowerShell => graph::power_shell(rows),
    }
    .into_bytes()
}

/// A member, or a member of a member: `deviceDetail.deviceId`.
fn at<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    let mut found = value;
    for name in path.split('.') {
        found = found.get(name)?;
    }
    Some(found)
}

/// A member as text: empty if it is missing or null.
fn text_at(value: &Value, path: &str) -> String {
    match at(value, path) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// The first letter as a capital: how diagnostic settings write `userType`.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
