//! Version 1 of the inspection as JSON. Frozen: members are only ever added.
//!
//! Every structure is filled by full destructuring, so that a new member must be decided on here.

use std::io::{self, Write};

use serde::Serialize;

use crate::ingest::InputFile;
use crate::report::{Complaint, Gap, Tool, Window, instant, write_json};

use super::abilities::{ABILITIES, Ability};
use super::found::{Found, Share};
use super::kinds::{Category, Level};
use super::signals::{SIGNALS, Signal};
use super::words::know_first;
use super::{FileFound, Inspection};

/// The member `schemaVersion`.
pub const VERSION: &str = "1.0";

/// Writes the inspection.
pub(super) fn render(inspection: &Inspection, out: &mut dyn Write) -> io::Result<()> {
    write_json(&InspectionV1::from(inspection), out)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InspectionV1<'a> {
    schema_version: &'static str,
    tool: ToolV1,
    know_first: Vec<String>,
    signals: Vec<SignalV1>,
    abilities: Vec<AbilityV1>,
    own_tenant: Option<&'a str>,
    inputs: Vec<FileV1<'a>>,
    all: FoundV1,
    diagnostics: Vec<DiagnosticV1<'a>>,
}

impl<'a> From<&'a Inspection> for InspectionV1<'a> {
    fn from(inspection: &'a Inspection) -> InspectionV1<'a> {
        let Inspection { files, all, own_tenant, diagnostics } = inspection;
        let Tool { name, version } = Tool::THIS;
        InspectionV1 {
            schema_version: VERSION,
            tool: ToolV1 { name, version },
            know_first: know_first(inspection),
            signals: SIGNALS.iter().map(SignalV1::from).collect(),
            abilities: ABILITIES.iter().map(AbilityV1::from).collect(),
            own_tenant: own_tenant.as_deref(),
            inputs: files.iter().map(FileV1::from).collect(),
            all: FoundV1::from(all),
            diagnostics: diagnostics.iter().map(DiagnosticV1::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct ToolV1 {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FileV1<'a> {
    #[serde(flatten)]
    input: InputV1<'a>,
    converted_in: Option<&'a str>,
    #[serde(flatten)]
    found: FoundV1,
}

impl<'a> From<&'a FileFound> for FileV1<'a> {
    fn from(file: &'a FileFound) -> FileV1<'a> {
        let FileFound { input, converted_in, found } = file;
        FileV1 { input: InputV1::from(input), converted_in: converted_in.as_deref(), found: FoundV1::from(found) }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputV1<'a> {
    path: &'a str,
    format: &'a str,
    generation: Option<&'a str>,
    wrapper: Option<&'a str>,
    sha256: Option<&'a str>,
    is_unfinished: bool,
    evidence_records: u64,
    bad_records: u64,
    other_records: u64,
    other_categories: Vec<OtherV1<'a>>,
}

impl<'a> From<&'a InputFile> for InputV1<'a> {
    fn from(input: &'a InputFile) -> InputV1<'a> {
        // Rows are counted in what was found; whether the format can record risk shows in the signals; exports that a
        // file was made from stand for it.
        let InputFile {
            path,
            format,
            generation,
            wrapper,
            rows: _,
            evidence,
            bad_rows,
            other_records,
            other_categories,
            sha256,
            records_risk: _,
            is_unfinished,
            converted_from: _,
        } = input;
        InputV1 {
            path,
            format,
            generation: generation.as_deref(),
            wrapper: wrapper.as_deref(),
            sha256: sha256.as_deref(),
            is_unfinished: *is_unfinished,
            evidence_records: *evidence,
            bad_records: *bad_rows,
            other_records: *other_records,
            other_categories: other_categories
                .iter()
                .map(|(name, records)| OtherV1 { name, records: *records })
                .collect(),
        }
    }
}

#[derive(Serialize)]
struct OtherV1<'a> {
    name: &'a str,
    records: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FoundV1 {
    rows: u64,
    judged_rows: u64,
    set_aside_rows: u64,
    other_tenant_rows: u64,
    copies: u64,
    users: u64,
    applications: u64,
    window: WindowV1,
    categories: Vec<CategoryV1>,
    risk_during_sign_in: Vec<LevelV1>,
    signals: Vec<RecordedV1>,
    abilities: Vec<AnswerV1>,
}

impl From<&Found> for FoundV1 {
    fn from(found: &Found) -> FoundV1 {
        let Found { rows, set_aside, other_tenant, copies, users, apps, window, categories, levels, signals, decided } =
            found;
        FoundV1 {
            rows: rows.rows,
            judged_rows: rows.judged,
            set_aside_rows: *set_aside,
            other_tenant_rows: *other_tenant,
            copies: *copies,
            users: *users,
            applications: *apps,
            window: WindowV1::from(window),
            categories: Category::ALL
                .into_iter()
                .zip(categories)
                .map(|(category, rows)| CategoryV1 { category: category.word(), rows: *rows })
                .collect(),
            risk_during_sign_in: Level::ALL
                .into_iter()
                .zip(levels)
                .map(|(level, rows)| LevelV1 { level: level.word(), rows: *rows })
                .collect(),
            signals: SIGNALS.iter().zip(signals).map(|(signal, share)| RecordedV1::new(signal, *share)).collect(),
            abilities: ABILITIES
                .iter()
                .zip(decided)
                .map(|(ability, decided)| AnswerV1::new(ability, *decided, rows.judged))
                .collect(),
        }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WindowV1 {
    from: Option<String>,
    to: Option<String>,
    days: u64,
    days_without_rows: u64,
    gaps: Vec<GapV1>,
}

impl From<&Window> for WindowV1 {
    fn from(window: &Window) -> WindowV1 {
        let Window { from_micros, to_micros, days, gaps } = window;
        WindowV1 {
            from: from_micros.map(instant),
            to: to_micros.map(instant),
            days: *days,
            days_without_rows: window.days_without_rows(),
            gaps: gaps.iter().map(GapV1::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct GapV1 {
    first: String,
    last: String,
    days: u64,
}

impl From<&Gap> for GapV1 {
    fn from(gap: &Gap) -> GapV1 {
        let Gap { first, last, days } = gap;
        GapV1 { first: first.clone(), last: last.clone(), days: *days }
    }
}

#[derive(Serialize)]
struct CategoryV1 {
    category: &'static str,
    rows: u64,
}

#[derive(Serialize)]
struct LevelV1 {
    level: &'static str,
    rows: u64,
}

/// A signal: what it is called, and which exports record it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignalV1 {
    signal: &'static str,
    about: &'static str,
    recorded_by: Vec<&'static str>,
}

impl From<&Signal> for SignalV1 {
    fn from(signal: &Signal) -> SignalV1 {
        let Signal { mark: _, name, group, exports } = *signal;
        SignalV1 { signal: name, about: group.name(), recorded_by: exports.names() }
    }
}

/// How many rows record a signal.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RecordedV1 {
    signal: &'static str,
    rows: u64,
    judged_rows: u64,
}

impl RecordedV1 {
    fn new(signal: &Signal, share: Share) -> RecordedV1 {
        let Share { rows, judged } = share;
        RecordedV1 { signal: signal.name, rows, judged_rows: judged }
    }
}

/// A condition or control: which tenant facts it needs, and which exports record the rest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AbilityV1 {
    kind: &'static str,
    ability: String,
    name: &'static str,
    part: Option<&'static str>,
    needs: &'static [&'static str],
    may_need: &'static [&'static str],
    recorded_by: Vec<&'static str>,
    remark: Option<&'static str>,
}

impl From<&Ability> for AbilityV1 {
    fn from(ability: &Ability) -> AbilityV1 {
        let Ability { kind, name, part, decided: _, needs, may_need, settled_by: _, remark } = *ability;
        let said = |text: &'static str| (!text.is_empty()).then_some(text);
        AbilityV1 {
            kind: kind.word(),
            ability: ability.title(),
            name,
            part: said(part),
            needs,
            may_need,
            recorded_by: ability.recorded_by().names(),
            remark: said(remark),
        }
    }
}

/// How many judged rows decide a condition or control.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct AnswerV1 {
    ability: String,
    /// `yes`: all of them; `partly`; `no`: none; null where no row is judged.
    answer: Option<&'static str>,
    judged_rows: u64,
}

impl AnswerV1 {
    fn new(ability: &Ability, decided: u64, judged: u64) -> AnswerV1 {
        let answer = match decided {
            0 => "no",
            all if all == judged => "yes",
            _ => "partly",
        };
        AnswerV1 { ability: ability.title(), answer: (judged > 0).then_some(answer), judged_rows: decided }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DiagnosticV1<'a> {
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    count: u64,
    first_at: &'a str,
}

impl<'a> From<&'a Complaint> for DiagnosticV1<'a> {
    fn from(complaint: &'a Complaint) -> DiagnosticV1<'a> {
        let Complaint { severity, message, help, count, first_at } = complaint;
        DiagnosticV1 { severity: severity.word(), message, help: help.as_deref(), count: *count, first_at }
    }
}
