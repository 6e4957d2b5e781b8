//! Every form over the shared runs.

use std::io::Cursor;

use ::arrow::array::{Array, AsArray};
use ::arrow::datatypes::{DataType as ArrowType, Int64Type, TimestampMicrosecondType};
use ::arrow::ipc::reader::FileReader;
use polars::prelude::{AnyValue, ParquetReader, SerReader};

use super::{Form, Run, columns, write, write_in_batches};
use crate::report::fixture::{self, Case};
use crate::report::instant;

fn written(case: &Case, form: Form) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(form, &case.attempts, &case.plan, &case.scope(), &mut bytes).unwrap();
    bytes
}

/// Header and lines as texts; nothing is empty.
type Texts = (Vec<String>, Vec<Vec<String>>);

fn from_csv(bytes: &[u8]) -> Texts {
    let mut reader = csv::Reader::from_reader(bytes);
    let names = reader.headers().unwrap().iter().map(str::to_owned).collect();
    (names, reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect())
}

fn from_ndjson(bytes: &[u8]) -> Texts {
    let text = std::str::from_utf8(bytes).unwrap();
    let mut lines = Vec::new();
    for line in text.lines() {
        let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(line).unwrap();
        let value = |name: &str| match &object[name] {
            serde_json::Value::Null => String::new(),
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        assert_eq!(object.len(), columns().count());
        lines.push(columns().map(value).collect());
    }
    (columns().map(str::to_owned).collect(), lines)
}

fn from_parquet(bytes: &[u8]) -> Texts {
    let frame = ParquetReader::new(Cursor::new(bytes)).finish().unwrap();
    let value = |value: AnyValue<'_>| match value {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.to_owned(),
        AnyValue::Datetime(time, _, _) => instant(time),
        other => other.to_string(),
    };
    let line = |row: usize| frame.columns().iter().map(|column| value(column.get(row).unwrap())).collect();
    let names = frame.get_column_names().iter().map(|name| name.to_string()).collect();
    (names, (0..frame.height()).map(line).collect())
}

fn from_arrow(bytes: &[u8]) -> Texts {
    let reader = FileReader::try_new(Cursor::new(bytes), None).unwrap();
    let names = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
    let value = |array: &dyn Array, row: usize| match array.data_type() {
        _ if array.is_null(row) => String::new(),
        ArrowType::LargeUtf8 => array.as_string::<i64>().value(row).to_owned(),
        ArrowType::Timestamp(_, Some(zone)) => {
            assert_eq!(&**zone, "UTC");
            instant(array.as_primitive::<TimestampMicrosecondType>().value(row))
        }
        ArrowType::Boolean => array.as_boolean().value(row).to_string(),
        ArrowType::Int64 => array.as_primitive::<Int64Type>().value(row).to_string(),
        other => panic!("{other}"),
    };
    let mut lines = Vec::new();
    for batch in reader {
        let batch = batch.unwrap();
        for row in 0..batch.num_rows() {
            lines.push(batch.columns().iter().map(|array| value(array.as_ref(), row)).collect());
        }
    }
    (names, lines)
}

fn read(form: Form, bytes: &[u8]) -> Texts {
    match form {
        Form::Csv => from_csv(bytes),
        Form::Ndjson => from_ndjson(bytes),
        Form::Parquet => from_parquet(bytes),
        Form::Arrow => from_arrow(bytes),
    }
}

#[test]
fn every_form_holds_the_same_columns_and_lines() {
    for case in [fixture::ordinary(), fixture::single(), fixture::empty()] {
        let expected = read(Form::Csv, &written(&case, Form::Csv));
        assert_eq!(expected.0, columns().collect::<Vec<_>>());
        assert_eq!(expected.1.len(), case.attempts.list.len() * (case.plan.rules.len() + 1));
        for form in Form::ALL {
            assert_eq!(read(form, &written(&case, form)), expected, "{form:?}");
        }
    }
}

#[test]
fn batches_do_not_show() {
    let case = fixture::ordinary();
    for form in Form::ALL {
        let mut bytes = Vec::new();
        write_in_batches(form, &case.attempts, &case.plan, &case.scope(), 1, &mut bytes).unwrap();
        assert_eq!(read(form, &bytes), read(form, &written(&case, form)), "{form:?}");
    }
}

#[test]
fn runs_of_some_attempts_each_are_merged_into_the_listing_of_all() {
    let case = fixture::ordinary();
    let folder = tempfile::tempdir().unwrap();
    for parts in [1, 2, 3] {
        let runs: Vec<Run> = (0..parts)
            .map(|part| {
                let some: Vec<usize> = case.scope().into_iter().filter(|place| place % parts == part).collect();
                let path = folder.path().join(format!("{parts}-{part}"));
                Run::write(&path, &case.attempts, &case.plan, &some).unwrap()
            })
            .collect();
        for form in Form::ALL {
            let mut bytes = Vec::new();
            Run::merge(&runs, case.plan.rules.len() + 1, form, &mut bytes).unwrap();
            assert_eq!(bytes, written(&case, form), "{form:?} in {parts}");
        }
    }
}

#[test]
fn the_columns_are_those_of_the_contract() {
    insta::assert_snapshot!(columns().collect::<Vec<_>>().join("\n"), @r"
    sign_in_id
    created_at
    user_id
    user_principal_name
    user_type
    app_id
    app_display_name
    resource_id
    resource_display_name
    ip_address
    country
    client_app
    operating_system
    risk_level
    risk_level_aggregated
    risk_state
    risk_event_types
    interactive
    error_code
    rows
    history
    policy
    policy_id
    result_least
    result_most
    effect_least
    effect_most
    challenge
    not_matched
    unmet
    reasons
    missing
    ");
}

#[test]
fn an_open_verdict_names_what_would_narrow_it() {
    let case = fixture::ordinary();
    let mut bytes = Vec::new();
    let risky =
        case.scope().into_iter().filter(|place| case.attempts.list[*place].risk == crate::domain::RiskLevel::High);
    write(Form::Ndjson, &case.attempts, &case.plan, &risky.collect::<Vec<_>>(), &mut bytes).unwrap();
    insta::assert_snapshot!(String::from_utf8(bytes).unwrap().lines().next().unwrap().replace(",\"", ",\n\""), @r#"
    {"sign_in_id":"r2",
    "created_at":"2026-10-03T08:01:00.123456Z",
    "user_id":"u-bob",
    "user_principal_name":"bob@contoso.example",
    "user_type":"member",
    "app_id":"app-portal",
    "app_display_name":"Portal",
    "resource_id":"res-files",
    "resource_display_name":"Files",
    "ip_address":"192.0.2.1",
    "country":"NO",
    "client_app":"Browser",
    "operating_system":"Windows10",
    "risk_level":"high",
    "risk_level_aggregated":"high",
    "risk_state":"atRisk",
    "risk_event_types":"unfamiliarFeatures,anonymizedIPAddress",
    "interactive":true,
    "error_code":0,
    "rows":1,
    "history":"succeeded",
    "policy":"Require MFA for risky sign-ins",
    "policy_id":"p-1",
    "result_least":"notApplied",
    "result_most":"interrupted",
    "effect_least":"unaffected",
    "effect_most":"blocked",
    "challenge":"mfa,reauthenticate",
    "not_matched":null,
    "unmet":"mfa,signInFrequency",
    "reasons":"everyTime,mfaNotRegistered",
    "missing":"group:g-exempt,userRegistrationDetails"}
    "#);
}

#[test]
fn all_together_is_the_maximum_and_the_union() {
    let case = fixture::ordinary();
    let (names, lines) = read(Form::Csv, &written(&case, Form::Csv));
    let column = |name: &str| names.iter().position(|other| other == name).unwrap();
    let of_glass: Vec<&Vec<String>> = lines.iter().filter(|line| line[column("user_id")] == "u-glass").collect();
    let cells = |name: &str| of_glass.iter().map(|line| line[column(name)].as_str()).collect::<Vec<_>>();
    assert_eq!(cells("policy"), ["Require MFA for risky sign-ins", "Block legacy authentication", "*"]);
    assert_eq!(cells("policy_id"), ["p-1", "", ""]);
    assert_eq!(cells("effect_least"), ["unaffected", "blocked", "blocked"]);
    assert_eq!(cells("effect_most"), ["blocked", "blocked", "blocked"]);
    assert_eq!(cells("result_least"), ["notApplied", "failure", "failure"]);
    assert_eq!(cells("reasons"), ["legacyClient", "block", "block,legacyClient"]);
    assert_eq!(cells("missing"), ["group:g-exempt,riskLevelDuringSignIn", "", ""]);
    let of_ann: Vec<&Vec<String>> = lines.iter().filter(|line| line[column("sign_in_id")] == "r1").collect();
    let not_matched: Vec<&str> = of_ann.iter().map(|line| line[column("not_matched")].as_str()).collect();
    assert_eq!(not_matched, ["signInRisk", "clientType", "clientType,signInRisk"]);
}

#[test]
fn hostile_text_is_no_formula_in_csv_and_is_kept_elsewhere() {
    let case = fixture::hostile();
    let (names, lines) = read(Form::Csv, &written(&case, Form::Csv));
    let app = names.iter().position(|name| name == "app_display_name").unwrap();
    let begins = |cell: &String| cell.trim_start().starts_with(['=', '+', '-', '@']);
    assert!(!lines.iter().flatten().any(begins), "{lines:?}");
    assert_eq!(lines[0][app], "'=cmd|' /C calc'!A0");
    for form in [Form::Ndjson, Form::Parquet, Form::Arrow] {
        let lines = read(form, &written(&case, form)).1;
        assert_eq!(lines[0][app], fixture::HOSTILE[0], "{form:?}");
        assert_eq!(lines[21][app], fixture::HOSTILE[3], "{form:?}");
    }
}

#[test]
fn a_form_is_known_by_the_ending_of_a_file() {
    for form in Form::ALL {
        assert_eq!(Form::of_ending(&form.ending().to_uppercase()), Some(form));
    }
    assert_eq!(Form::of_ending("json"), None);
}

#[test]
fn what_an_attempt_says_comes_before_what_a_candidate_says() {
    let of_verdict = |column: &super::columns::Column| matches!(column.value, super::columns::Value::OfVerdict(_));
    assert!(super::columns::COLUMNS.iter().is_sorted_by_key(of_verdict));
}
