//! Each kind of wrapping around the same record, and what is no wrapping.

use super::{Unwrapped, unwrapped};
use crate::ingest::container::head;

const RECORD: &str = r#"{"time":"2026-01-02T03:04:05Z","category":"SignInLogs","properties":{"id":"a","createdDateTime":"2026-01-02T03:04:05Z","appId":"x"}}"#;

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap()
}

fn cell(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

fn open(text: &str) -> Option<Unwrapped> {
    unwrapped(text, &head(text, b','), b',').unwrap()
}

#[test]
fn records_are_found_wherever_they_were_put() {
    let in_text = quoted(RECORD);
    let splunk = format!("{{\"preview\":false,\"result\":{{\"_raw\":{in_text},\"host\":\"h\"}}}}");
    let sekoia = format!("{{\"input\":{{\"message\":{in_text}}},\"expected\":{{}}}}");
    let elastic = format!("{{\"_source\":{{\"event\":{{\"original\":{in_text}}},\"azure\":{{\"signinlogs\":{{}}}}}}}}");
    let object = format!("{{\"result\":{RECORD}}}");
    let syslog = format!("2025-02-02T00:27:59+08:00 HOST {RECORD}");
    let raw_syslog = format!("{{\"_raw\":{}}}", quoted(&syslog));
    for (text, wrapper) in [
        (format!("{splunk}\n{splunk}\n"), "result._raw"),
        (format!("{sekoia}\n\n{sekoia}"), "input.message"),
        (format!("[\n{sekoia},\n{sekoia}\n]"), "input.message"),
        (format!("{elastic}\n{elastic}\n"), "_source.event.original"),
        (format!("{{\"hits\":{{\"hits\":[{elastic},{elastic}]}}}}"), "hits.hits[]._source.event.original"),
        (format!("{object}\n{object}\n"), "result"),
        (format!("{raw_syslog}\n{raw_syslog}\n"), "_raw"),
        (format!("{syslog}\n{syslog}\n"), "lines with a header"),
        (format!("_time,_raw\n1,{0}\n2,{0}\n", cell(RECORD)), "_raw"),
    ] {
        let found = open(&text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(found.wrapper, wrapper);
        assert_eq!(found.text.matches(RECORD).count(), 2, "{}", found.text);
    }
}

#[test]
fn records_stay_on_their_lines() {
    let text = format!("[\n  {{\n \"_raw\":{0}}},\n\n{{\"_raw\":{0}}}]", quoted(RECORD));
    let inner = open(&text).unwrap().text;
    let lines: Vec<usize> =
        (1..).zip(inner.lines()).filter(|(_, line)| line.contains("time")).map(|(at, _)| at).collect();
    assert_eq!(lines, [2, 5], "{inner}");
    let table = format!("a,_raw\nx,{0}\n\"two\nlines\",{0}\nz,none\n", cell(RECORD));
    let inner = open(&table).unwrap().text;
    let lines: Vec<&str> = inner.lines().collect();
    assert_eq!(lines.iter().position(|line| line.contains("time")), Some(1));
    assert_eq!(lines.last(), Some(&"{}"));
    assert_eq!(lines.len(), 5);
}

#[test]
fn elastic_keeps_the_address_outside() {
    let record = r#"{"@timestamp":"2026-01-01T00:00:00Z","source":{"ip":"192.0.2.1"},"azure":{"signinlogs":{"category":"SignInLogs","properties":{"id":"a","created_at":"2026-01-01T00:00:00Z","app_id":"x"}}}}"#;
    let found = open(&format!("{record}\n{record}\n")).unwrap();
    assert_eq!(found.wrapper, "azure.signinlogs");
    let expected = "{\"source_ip\":\"192.0.2.1\",\"timestamp\":\"2026-01-01T00:00:00Z\",\"category\"";
    assert!(found.text.starts_with(expected), "{}", found.text);
}

#[test]
fn dotted_columns_become_objects_and_torn_lists_are_lost() {
    let header = "category,properties.id,properties.createdDateTime,properties.appId,properties.appliedConditionalAccessPolicies{}.id,properties.appliedConditionalAccessPolicies{}.result";
    let row = |results: &str| format!("SignInLogs,a,2026-01-02T03:04:05Z,x,\"p\nq\",\"{results}\"");
    let inner = open(&format!("{header}\n{}\n{}\n", row("success\nfailure"), row("success"))).unwrap().text;
    let records: Vec<serde_json::Value> =
        inner.lines().filter(|line| !line.is_empty()).map(|line| serde_json::from_str(line).unwrap()).collect();
    let list = &records[0]["properties"]["appliedConditionalAccessPolicies"];
    assert_eq!(*list, serde_json::json!([{"id": "p", "result": "success"}, {"id": "q", "result": "failure"}]));
    assert_eq!(records[1]["properties"]["appliedConditionalAccessPolicies"], "[");
}

#[test]
fn what_holds_no_sign_in_is_left_alone() {
    for text in [
        "{\"a\":1}\n{\"a\":2}\n",
        "[{\"a\":{\"b\":\"{\\\"c\\\":1}\"}}]",
        "name,_raw\nx,{}\n",
        "a.b,c.d\n1,2\n",
        "hello {world}\n",
        "{}",
    ] {
        assert!(open(text).is_none(), "{text}");
    }
}
