//! Rows as text, in each shape that exports have. Every writer writes every row it is given;
//! [`Shape::holds`] says which rows the real export would hold.
//!
//! A new shape is a line of the list below and a writer. What is written comes from the reference on formats alone
//! and from header rows of real files, never from the readers.

use serde_json::Value;

use super::world::Row;

pub mod cells;
mod defender;
pub mod detections;
mod diagnostic;
mod elastic;
mod graph;
pub mod headers;
mod log_analytics;
pub mod packed;
pub mod portal;
mod power_shell;
mod risky_sign_ins;
mod splunk;
mod wrapped;

macro_rules! shapes {
    ($($(#[$doc:meta])* $shape:ident: $format:literal, $file:literal, $holds:expr, $write:expr;)+) => {
        /// A shape of exported sign-in logs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Shape {
            $($(#[$doc])* $shape,)+
        }

        impl Shape {
            /// All shapes.
            pub const ALL: [Shape; [$(stringify!($shape)),+].len()] = [$(Shape::$shape),+];

            /// What `inspect` calls the format.
            pub fn format(self) -> &'static str {
                match self {
                    $(Shape::$shape => $format,)+
                }
            }

            /// A file name as the export gives it. The admin center's CSV says only there which rows it holds.
            pub fn file_name(self) -> &'static str {
                match self {
                    $(Shape::$shape => $file,)+
                }
            }

            /// Would the real export hold this row?
            pub fn holds(self, row: &Row) -> bool {
                match self {
                    $(Shape::$shape => ($holds)(row),)+
                }
            }
        }

        /// The rows in a shape.
        pub fn write(shape: Shape, rows: &[Row]) -> Vec<u8> {
            match shape {
                $(Shape::$shape => $write(rows).into(),)+
            }
        }
    };
}

// Shape: format, file name, rows, writer.
shapes! {
    /// `{"@odata.context", "value": […]}`, beta
    GraphPage: "graph-json", "signIns.json", everyone, graph::page;
    /// the admin center's JSON download: an array, four blanks a level, missing text is `""`
    GraphArray: "graph-json", "InteractiveSignIns_2026-10-01_2026-10-31.json", everyone, graph::array;
    /// one Graph beta object a line
    GraphLines: "graph-ndjson", "signIns.ndjson", everyone, graph::lines;
    /// a page of v1.0, which lacks half of the members
    GraphV1Page: "graph-json", "signIns-v1.json", interactive, graph::v1_page;
    /// diagnostic settings, one record a line
    DiagnosticLines: "diagnostic-ndjson", "PT1H.json", everyone, diagnostic::lines;
    /// diagnostic settings through an Event Hub: batches of `records`
    EventHub: "diagnostic-json", "eventhub.json", everyone, diagnostic::event_hub;
    /// Log Analytics data export: one object of columns a line
    LogAnalyticsLines: "log-analytics-ndjson", "PT05M.json", everyone, log_analytics::lines;
    /// Log Analytics query API: `tables`
    LogAnalyticsTables: "log-analytics-tables", "query-result.json", everyone, log_analytics::tables;
    /// Log Analytics in the portal, JSON compact in the cells
    LogAnalyticsCsv: "log-analytics-csv", "query_data.csv", everyone, |rows: &[Row]| log_analytics::csv(rows, None);
    /// the same with JSON over several lines in the cells
    LogAnalyticsPrettyCsv:
        "log-analytics-csv", "query_data_pretty.csv", everyone, |rows: &[Row]| log_analytics::csv(rows, Some(2));
    /// the admin center's CSV download of 2025, 57 columns
    PortalCsv:
        "admin-center-csv", "InteractiveSignIns_2026-10-01_2026-10-31.csv", interactive,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_2025);
    /// `Get-MgBetaAuditLogSignIn | ConvertTo-Json`
    PowerShell: "powershell-json", "signins-powershell.json", everyone, power_shell::json;
    /// several pages in one file
    GraphPages: "graph-json", "signIns-all.json", everyone, graph::pages;
    /// an array of pages
    GraphArrayOfPages: "graph-json", "signIns-pages.json", everyone, graph::array_of_pages;
    /// the admin center's first CSV
    PortalCsv2020:
        "admin-center-csv", "InteractiveSignIns_2020-10-01_2020-10-31.csv", interactive,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_2020);
    /// that of 2023: 44 columns
    PortalCsv2023:
        "admin-center-csv", "InteractiveSignIns_2023-10-01_2023-10-31.csv", interactive,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_2023);
    /// that of October 2024: 55 columns, the header in quotes
    PortalCsv2024:
        "admin-center-csv", "InteractiveSignIns_2024-10-01_2024-10-31.csv", interactive,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_2024);
    /// that of 2023 saved again by a spreadsheet: semicolons and its own dates
    PortalCsvSavedAgain:
        "admin-center-csv", "InteractiveSignIns_2023-10-01_2023-10-31 (1).csv", interactive, portal::saved_again;
    /// the file beside the interactive one
    PortalCsvNonInteractive:
        "admin-center-csv", "NonInteractiveSignIns_2026-10-01_2026-10-31.csv", non_interactive,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_2025);
    /// the admin center's file of service principals
    PortalCsvApplications:
        "admin-center-workload-csv", "ApplicationSignIns_2026-10-01_2026-10-31.csv", applications,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_WORKLOADS);
    /// and that of managed identities, which only its name tells from the other
    PortalCsvManagedIdentities:
        "admin-center-workload-csv", "MSISignIns_2026-10-01_2026-10-31.csv", managed_identities,
        |rows: &[Row]| portal::csv(rows, headers::PORTAL_WORKLOADS);
    /// ID Protection's report of risky sign-ins
    RiskySignIns:
        "risky-sign-ins-csv", "RiskySignIns_2026-10-31.csv", risky, risky_sign_ins::csv;
    /// SigninLogs of 2021, 66 columns: UTF-16 with the big end first, JSON over several lines
    LogAnalytics2021:
        "log-analytics-csv", "query_data_2021.csv", interactive,
        |rows: &[Row]| cells::utf_16(&log_analytics::LOGS_2021.csv(rows), u16::to_be_bytes);
    /// SigninLogs of 2023, 76 columns, saved by Excel: `TRUE`, `FALSE`
    LogAnalytics2023:
        "log-analytics-csv", "query_data_2023.csv", interactive, |rows: &[Row]| log_analytics::LOGS_2023.csv(rows);
    /// SigninLogs of 2026, 94 columns
    LogAnalytics2026:
        "log-analytics-csv", "query_data_2026.csv", interactive, |rows: &[Row]| log_analytics::LOGS_2026.csv(rows);
    /// AADNonInteractiveUserSignInLogs, 85 columns
    LogAnalyticsNonInteractive:
        "log-analytics-csv", "query_data_noninteractive.csv", non_interactive,
        |rows: &[Row]| log_analytics::NON_INTERACTIVE.csv(rows);
    /// AADServicePrincipalSignInLogs and its twin for managed identities, 34 columns
    LogAnalyticsServicePrincipals:
        "log-analytics-csv", "query_data_serviceprincipals.csv", workloads,
        |rows: &[Row]| log_analytics::SERVICE_PRINCIPALS.csv(rows);
    /// a union of tables: columns of the same name with `_dynamic` and `_string` behind it
    LogAnalyticsUnion:
        "log-analytics-csv", "query_data_union.csv", users, |rows: &[Row]| log_analytics::UNION.csv(rows);
    /// saved by a European Excel: semicolons, and a first line that says so
    LogAnalyticsExcel:
        "log-analytics-csv", "query_data_excel.csv", interactive, |rows: &[Row]| log_analytics::excel(rows);
    /// a data set for researchers: `❖` between the cells
    LogAnalyticsLozenge:
        "log-analytics-csv", "signinlogs.csv", interactive, |rows: &[Row]| log_analytics::LOZENGES.csv(rows);
    /// `az monitor log-analytics query`: an array of objects
    LogAnalyticsArray: "log-analytics-json", "az-query.json", everyone, log_analytics::array;
    /// Defender XDR: `AADSignInEventsBeta` as CSV
    DefenderCsv:
        "defender-csv", "AADSignInEventsBeta.csv", users, |rows: &[Row]| defender::csv(rows, headers::DEFENDER_BETA);
    /// Defender XDR: `EntraIdSignInEvents` as CSV
    DefenderEntraCsv:
        "defender-csv", "EntraIdSignInEvents.csv", users, |rows: &[Row]| defender::csv(rows, headers::DEFENDER_ENTRA);
    /// the older table as an array of objects
    DefenderArray:
        "defender-json", "AADSignInEventsBeta.json", users,
        |rows: &[Row]| defender::array(rows, headers::DEFENDER_BETA);
    /// the newer one, an object a line
    DefenderLines:
        "defender-ndjson", "EntraIdSignInEvents.ndjson", users,
        |rows: &[Row]| defender::lines(rows, headers::DEFENDER_ENTRA);
    /// Windows PowerShell 5.1: UTF-16 with the little end first, `/Date(…)/`
    WindowsPowerShell: "powershell-json", "signins-5.1.json", everyone, power_shell::json_of_windows;
    /// `Export-Csv`: of nested members nothing is left but their types
    PowerShellCsv: "powershell-csv", "signins-powershell.csv", everyone, power_shell::csv;
    /// fifteen columns, none of them an id
    PowerShellShortCsv: "powershell-csv", "signins-15-columns.csv", users, power_shell::short_csv;
    /// Splunk's JSON export: the event as text in `result._raw`
    SplunkLines: "diagnostic-ndjson", "splunk.json", everyone, splunk::lines;
    /// Splunk's CSV export with the event as text in `_raw`
    SplunkRawCsv: "diagnostic-ndjson", "splunk-raw.csv", everyone, splunk::raw_csv;
    /// Splunk's CSV export of extracted fields: dotted names, `{}`, several values in a cell
    SplunkFieldsCsv: "diagnostic-ndjson", "splunk-fields.csv", everyone, splunk::fields_csv;
    /// Elastic with the record kept in `event.original`
    ElasticOriginal: "diagnostic-ndjson", "elastic-original.ndjson", everyone, elastic::original;
    /// Elastic without it: snake case, one hit a line
    ElasticLines: "elastic-ndjson", "elastic.ndjson", everyone, elastic::lines;
    /// the same as an array of documents
    ElasticArray: "elastic-json", "elastic.json", everyone, elastic::array;
    /// Sumo Logic: a Graph object and `_logType`
    Sumo: "graph-ndjson", "sumo.json", everyone, wrapped::sumo;
    /// Panther: a diagnostic record, `p_` members, and its own spelling of times
    Panther: "diagnostic-ndjson", "panther.json", everyone, wrapped::panther;
    /// SEKOIA: a diagnostic record as text in `input.message`, one a line
    SekoiaLines: "diagnostic-ndjson", "sekoia.ndjson", everyone, wrapped::sekoia_lines;
    /// the same as an array
    SekoiaArray: "diagnostic-json", "sekoia.json", everyone, wrapped::sekoia_array;
    /// syslog: a time and a host before each record
    Syslog: "diagnostic-ndjson", "signins.log", everyone, wrapped::syslog;
}

fn everyone(_: &Row) -> bool {
    true
}

fn interactive(row: &Row) -> bool {
    row.category == "SignInLogs"
}

fn non_interactive(row: &Row) -> bool {
    row.category == "NonInteractiveUserSignInLogs"
}

fn users(row: &Row) -> bool {
    interactive(row) || non_interactive(row)
}

fn applications(row: &Row) -> bool {
    row.category == "ServicePrincipalSignInLogs"
}

fn managed_identities(row: &Row) -> bool {
    row.category == "ManagedIdentitySignInLogs"
}

fn workloads(row: &Row) -> bool {
    applications(row) || managed_identities(row)
}

/// Sign-ins of users with a risk of their own.
fn risky(row: &Row) -> bool {
    users(row) && ["low", "medium", "high"].contains(&text_at(&row.value, "riskLevelDuringSignIn").as_str())
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
