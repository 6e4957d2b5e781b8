//! Every renderer over the shared runs.

use super::fixture::{self, Case, HOSTILE};
use super::{Format, SCHEMA, Window, render};

fn rendered(case: &Case, format: Format) -> String {
    let mut bytes = Vec::new();
    render(&case.report(), format, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_terminal_report_of_one_candidate() {
    insta::assert_snapshot!(rendered(&fixture::single(), Format::Table), @r"
    ca-impact 0.1.0: impact of 1 candidate policy
    ═════════════════════════════════════════════

    Protected accounts may be affected
    ──────────────────────────────────
    - u-glass, emergency account: may be blocked in up to 1 attempt by `Require MFA for risky sign-ins`
      and may be challenged in up to 1 attempt by `Require MFA for risky sign-ins`

    What these inputs cannot answer
    ───────────────────────────────
    - User risk: no export holds its history.

    Evidence
    ────────
    - Days: the log has rows on 2 of the 5 days asked for.
    - Emergency account u-none: not seen in this log, so these numbers prove nothing about it.
    - 1 attempt records no user: anybody's, even of those who count as never seen.

    Read
    ────
    ┌───────────────────────┬───────────┬──────┬──────────────┐
    │ File                  ┆ Format    ┆ Rows ┆ Records risk │
    ╞═══════════════════════╪═══════════╪══════╪══════════════╡
    │ logs/interactive.json ┆ graphJson ┆    7 ┆ yes          │
    └───────────────────────┴───────────┴──────┴──────────────┘
    Window: 2026-10-03 08:00 to 2026-10-06 08:02 UTC, 4 days, 2 without rows: 2026-10-04 to 2026-10-05.
    Own tenant: t-own (the most frequent resource tenant).
    ┌──────────────────────────────────────┬──────┬──────────┬───────┐
    │ Step                                 ┆ Rows ┆ Attempts ┆ Users │
    ╞══════════════════════════════════════╪══════╪══════════╪═══════╡
    │ rows read                            ┆    7 ┆          ┆     5 │
    │ after merging copies                 ┆    7 ┆          ┆     5 │
    │ rows of users                        ┆    7 ┆          ┆     5 │
    │ grouped into attempts                ┆    7 ┆        7 ┆     5 │
    │ not judged: wrong password or locked ┆   −1 ┆       −1 ┆     1 │
    │ population                           ┆    6 ┆        6 ┆     5 │
    └──────────────────────────────────────┴──────┴──────────┴───────┘

    Require MFA for risky sign-ins (p-1)
    ────────────────────────────────────
    Would challenge 0–3 attempts of 0–3 users and block 0–3 attempts of 0–3 users (in the background:
    0–1 challenged, 0–1 blocked). Of 6 attempts, 3–6 would notice nothing; 3 are undetermined.

    Lint: 1 error, 1 note; `ca-impact lint` lists them.

    A cell is attempts (users). A range is certainly–possibly; · is none. Undetermined attempts are
    those that what was read does not decide: with the certain ones they add up to all.

    Interactive sign-ins
    ┌─────────┬─────┬────────────┬────────────┬─────────┬────────────┬───────────┬──────────────┐
    │ risk    ┆ all ┆ unaffected ┆    already ┆ already ┆ challenged ┆   blocked ┆ undetermined │
    │         ┆     ┆            ┆ challenged ┆ blocked ┆            ┆           ┆              │
    ╞═════════╪═════╪════════════╪════════════╪═════════╪════════════╪═══════════╪══════════════╡
    │ high    ┆   1 ┆  0–1 (0–1) ┆          · ┆       · ┆  0–1 (0–1) ┆ 0–1 (0–1) ┆        1 (1) │
    │ none    ┆   3 ┆      3 (3) ┆          · ┆       · ┆          · ┆         · ┆            · │
    │ unknown ┆   1 ┆  0–1 (0–1) ┆          · ┆       · ┆  0–1 (0–1) ┆ 0–1 (0–1) ┆        1 (1) │
    └─────────┴─────┴────────────┴────────────┴─────────┴────────────┴───────────┴──────────────┘
    No attempts with risk medium, low.

    Background sign-ins (non-interactive)
    ┌────────┬─────┬────────────┬────────────┬─────────┬────────────┬───────────┬──────────────┐
    │ risk   ┆ all ┆ unaffected ┆    already ┆ already ┆ challenged ┆   blocked ┆ undetermined │
    │        ┆     ┆            ┆ challenged ┆ blocked ┆            ┆           ┆              │
    ╞════════╪═════╪════════════╪════════════╪═════════╪════════════╪═══════════╪══════════════╡
    │ medium ┆   1 ┆  0–1 (0–1) ┆          · ┆       · ┆  0–1 (0–1) ┆ 0–1 (0–1) ┆        1 (1) │
    └────────┴─────┴────────────┴────────────┴─────────┴────────────┴───────────┴──────────────┘
    No attempts with risk high, low, none, unknown.

    Why blocked
    ┌──────────────────────────────────────────────────────────────────┬──────────┐
    │ Reason                                                           ┆ Attempts │
    ╞══════════════════════════════════════════════════════════════════╪══════════╡
    │ not registered for MFA, and a risky session cannot register      ┆      0–2 │
    │ a legacy client can neither answer a challenge nor show a device ┆      0–1 │
    └──────────────────────────────────────────────────────────────────┴──────────┘

    Users challenged or blocked: 3
    ┌─────────────────────┬─────────┬────────────┬──────────┐
    │ User                ┆ Blocked ┆ Challenged ┆      All │
    │                     ┆         ┆            ┆ attempts │
    ╞═════════════════════╪═════════╪════════════╪══════════╡
    │ ann@contoso.example ┆     0–1 ┆        0–1 ┆        2 │
    │ bob@contoso.example ┆     0–1 ┆        0–1 ┆        1 │
    │ u-glass             ┆     0–1 ┆        0–1 ┆        1 │
    └─────────────────────┴─────────┴────────────┴──────────┘

    Applications challenged or blocked: 1
    ┌─────────────┬─────────┬────────────┬──────────┐
    │ Application ┆ Blocked ┆ Challenged ┆      All │
    │             ┆         ┆            ┆ attempts │
    ╞═════════════╪═════════╪════════════╪══════════╡
    │ Portal      ┆     0–3 ┆        0–3 ┆        5 │
    └─────────────┴─────────┴────────────┴──────────┘

    Countries challenged or blocked: 1
    ┌─────────┬─────────┬────────────┬──────────┐
    │ Country ┆ Blocked ┆ Challenged ┆      All │
    │         ┆         ┆            ┆ attempts │
    ╞═════════╪═════════╪════════════╪══════════╡
    │ NO      ┆     0–3 ┆        0–3 ┆        5 │
    └─────────┴─────────┴────────────┴──────────┘

    Evidence
    - Verdicts that are ranges, in their result or their effect: 3 of 6 (50.00 %).
    - Users never seen: of the 9 listed users certainly included, 5 have no attempt in scope; for 1
      listed user it is not known whether they are included.
    - Every sign-in met the condition application.
    - Whether any sign-in met the condition users is not known.

    What is unknown, and what would settle it
    ┌─────────────────────────┬──────────┬─────────┬───────────────────────────────────────────────────┐
    │ Unknown                 ┆ Attempts ┆   Share ┆ Settled by                                        │
    ╞═════════════════════════╪══════════╪═════════╪═══════════════════════════════════════════════════╡
    │ group:g-exempt          ┆        3 ┆ 50.00 % ┆ tenant/groups/g-exempt.json                       │
    │ userRegistrationDetails ┆        2 ┆ 33.33 % ┆ tenant/userRegistrationDetails.json with these    │
    │                         ┆          ┆         ┆ users in it                                       │
    │ riskLevelDuringSignIn   ┆        1 ┆ 16.67 % ┆ an export that records risk during sign-in: Graph │
    │                         ┆          ┆         ┆ or diagnostic settings, with a P2 licence; or     │
    │                         ┆          ┆         ┆ tenant/riskDetections.json                        │
    │ sessionId               ┆        1 ┆ 16.67 % ┆ an export with sessionId, and a longer one: the   │
    │                         ┆          ┆         ┆ MFA may have been done before it begins           │
    └─────────────────────────┴──────────┴─────────┴───────────────────────────────────────────────────┘

    Assumptions that decided something
    ──────────────────────────────────
    ┌──────┬──────────┬────────────────────────────────────────────────────────────────────────────────┐
    │ Rule ┆ Attempts ┆ Assumed                                                                        │
    ╞══════╪══════════╪════════════════════════════════════════════════════════════════════════════════╡
    │ F9   ┆        1 ┆ Nothing about MFA is recorded for an interactive sign-in that went through:    │
    │      ┆          ┆ taken as done without MFA.                                                     │
    │ U10  ┆        1 ┆ An MFA claim may hide behind a sign-in that required one factor only: both are │
    │      ┆          ┆ counted where no earlier sign-in of the session tells.                         │
    │ U2   ┆        1 ┆ A legacy client under a control it cannot answer fails; it is not interrupted. │
    └──────┴──────────┴────────────────────────────────────────────────────────────────────────────────┘

    Limits
    ──────
    ┌──────────────────┬────────────────────┬─────────┐
    │ Limit            ┆              Value ┆ Crossed │
    ╞══════════════════╪════════════════════╪═════════╡
    │ blocked-users>0  ┆                  2 ┆ yes     │
    │ unknown-share>5% ┆            33.33 % ┆ yes     │
    │ agreement<99%    ┆ cannot be computed ┆ yes     │
    └──────────────────┴────────────────────┴─────────┘
    ");
}

#[test]
fn several_candidates_stand_side_by_side_first() {
    let text = rendered(&fixture::ordinary(), Format::Table);
    let (before, after) = text.split_once("Interactive sign-ins").unwrap();
    let (_, together) = before.split_once("All candidates together").unwrap();
    insta::assert_snapshot!(together, @r"
    ───────────────────────
    Would challenge 0–2 attempts of 0–2 users and block 2–4 attempts of 2–4 users (in the background:
    0–1 challenged, 0–1 blocked). Of 6 attempts, 2–4 would notice nothing; 2 are undetermined.

    A cell is attempts (users). A range is certainly–possibly; · is none. Undetermined attempts are
    those that what was read does not decide: with the certain ones they add up to all.
    ┌─────────────────┬───────────┬────────────┬────────────┬─────────┬────────────┬──────────────┐
    │ Policy          ┆   Blocked ┆ Challenged ┆    Already ┆ Already ┆ Unaffected ┆ Undetermined │
    │                 ┆           ┆            ┆ challenged ┆ blocked ┆            ┆              │
    ╞═════════════════╪═══════════╪════════════╪════════════╪═════════╪════════════╪══════════════╡
    │ Require MFA for ┆ 0–3 (0–3) ┆  0–3 (0–3) ┆          · ┆       · ┆  3–6 (3–5) ┆        3 (3) │
    │ risky sign-ins  ┆           ┆            ┆            ┆         ┆            ┆              │
    │ Block legacy    ┆     2 (2) ┆          · ┆          · ┆       · ┆      4 (3) ┆            · │
    │ authentication  ┆           ┆            ┆            ┆         ┆            ┆              │
    └─────────────────┴───────────┴────────────┴────────────┴─────────┴────────────┴──────────────┘
    ");
    assert!(after.contains("Require MFA for risky sign-ins (p-1)\n"));
}

#[test]
fn nothing_read_is_said_in_one_sentence() {
    insta::assert_snapshot!(rendered(&fixture::empty(), Format::Markdown), @r"
    # ca-impact 0.1.0: impact of 1 candidate policy

    ## What these inputs cannot answer

    - User risk: no export holds its history.

    ## Evidence

    - Days: the log has rows on 2 of the 5 days asked for.
    - Emergency account u-none: not seen in this log, so these numbers prove nothing about it.
    - 1 attempt records no user: anybody's, even of those who count as never seen.

    ## Read

    | File | Format | Rows | Records risk |
    | --- | --- | ---: | --- |
    | logs/empty.json | graphJson | 0 | yes |

    Window: no rows in scope. Own tenant: unknown (not recorded).

    | Step | Rows | Attempts | Users |
    | --- | ---: | ---: | ---: |
    | rows read | 0 |  | 0 |
    | after merging copies | 0 |  | 0 |
    | rows of users | 0 |  | 0 |
    | grouped into attempts | 0 | 0 | 0 |
    | population | 0 | 0 | 0 |

    ## Require MFA for risky sign-ins

    No attempt is in scope: there is nothing to judge.

    Lint: 1 error, 1 note; \`ca-impact lint\` lists them.

    ## Limits

    | Limit | Value | Crossed |
    | --- | ---: | --- |
    | blocked-users\>0 | 2 | yes |
    | unknown-share\>5% | 33.33 % | yes |
    | agreement\<99% | cannot be computed | yes |
    ");
}

#[test]
fn tables_keep_to_the_width() {
    for (case, width) in [(fixture::ordinary(), 100), (fixture::ordinary(), 80), (fixture::hostile(), 120)] {
        let mut bytes = Vec::new();
        super::render_table(&case.report(), width, &mut bytes).unwrap();
        for line in String::from_utf8(bytes).unwrap().lines().filter(|line| line.starts_with(['│', '┌'])) {
            assert!(line.chars().count() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn hostile_text_commands_no_terminal() {
    let text = rendered(&fixture::hostile(), Format::Table);
    let hostile = |character: char| (character.is_control() && character != '\n') || character == '\u{202e}';
    assert!(!text.contains(hostile), "{text}");
    assert!(text.contains("\\u{1b}[2J"), "{text}");
    assert!(text.contains("\\u{202e}txt.exe"), "{text}");
}

#[test]
fn hostile_text_makes_no_markdown() {
    let text = rendered(&fixture::hostile(), Format::Markdown);
    assert!(!text.contains("<script>") && !text.contains("](https://"), "{text}");
    assert!(text.contains("## a\\|b\\`c\\`\\\\u{a}# \\[click\\](https\\://evil.example)\n"), "{text}");
    // The borders of every table row are ours: as many as its header has.
    let borders = |line: &str| line.replace("\\\\", "").replace("\\|", "").matches('|').count();
    let mut expected = None;
    for line in text.lines() {
        if line.starts_with('|') {
            assert_eq!(borders(line), *expected.get_or_insert(borders(line)), "{line}");
        } else {
            expected = None;
        }
    }
}

#[test]
fn hostile_text_is_no_formula() {
    let text = rendered(&fixture::hostile(), Format::Csv);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let policies: Vec<String> = reader.records().map(|record| record.unwrap()[0].to_owned()).collect();
    assert!(policies.iter().all(|policy| !policy.trim_start().starts_with(['=', '@', '+', '-'])), "{policies:?}");
    assert!(policies.contains(&"'=cmd|' /C calc'!A0".to_owned()));
    // A report on standard output reaches terminals too.
    assert!(policies.contains(&crate::diagnostic::escaped(HOSTILE[3])));
    assert!(policies.iter().all(|policy| !policy.contains(crate::diagnostic::is_hostile)), "{policies:?}");
}

#[test]
fn the_matrix_as_csv_adds_up_to_the_population() {
    let text = rendered(&fixture::ordinary(), Format::Csv);
    assert_eq!(
        text.lines().next(),
        Some("policy,risk,interactive,effect,attempts_least,attempts_most,users_least,users_most")
    );
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let lines: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 3 * 60);
    assert_eq!(
        &lines[0].iter().collect::<Vec<_>>()[..4],
        ["Require MFA for risky sign-ins", "high", "true", "unaffected"]
    );
    for policy in ["Require MFA for risky sign-ins", "Block legacy authentication", "*"] {
        let of_policy = lines.iter().filter(|line| &line[0] == policy);
        assert_eq!(of_policy.map(|line| line[4].parse::<u64>().unwrap()).sum::<u64>(), 6, "{policy}");
    }
}

#[test]
fn json_satisfies_its_schema_whatever_was_read() {
    let schema: serde_json::Value = serde_json::from_str(SCHEMA).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for case in [fixture::ordinary(), fixture::single(), fixture::empty(), fixture::hostile()] {
        let report: serde_json::Value = serde_json::from_str(&rendered(&case, Format::Json)).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&report).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({"schemaVersion": "2.0"})));
}

/// Members at the left edge of an object that is indented by so many blanks, in their order.
fn members(text: &str, blanks: usize) -> Vec<&str> {
    let edge = format!("{}\"", " ".repeat(blanks));
    text.lines().filter_map(|line| line.strip_prefix(&edge)?.split('"').next()).collect()
}

#[test]
fn json_has_the_members_of_the_contract_in_its_order() {
    let text = rendered(&fixture::ordinary(), Format::Json);
    assert_eq!(
        members(&text, 2),
        [
            "schemaVersion",
            "tool",
            "inputs",
            "window",
            "waterfall",
            "candidates",
            "combined",
            "verification",
            "assumptions",
            "diagnostics",
            "limits",
            "protected",
            "evidence"
        ]
    );
    let (_, combined) = text.split_once("\n  \"combined\": {").unwrap();
    let (combined, _) = combined.split_once("\n  }").unwrap();
    assert_eq!(
        members(combined, 4),
        ["policy", "policyId", "sha256", "matrix", "users", "breakdowns", "funnel", "missing", "lint", "evidence"]
    );
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["window"]["from"], "2026-10-03T08:00:00.123456Z");
    assert_eq!(report["window"]["days"], 4);
    assert_eq!(report["window"]["daysWithoutRows"], 2);
    let combined = &report["combined"];
    assert_eq!(combined["policyId"], serde_json::Value::Null);
    assert_eq!(combined["users"]["blocked"], serde_json::json!({"least": 2, "most": 4}));
    assert_eq!(combined["breakdowns"]["keys"]["user"], 4);
    assert_eq!(combined["breakdowns"]["user"].as_array().map(Vec::len), Some(3));
    assert_eq!(
        report["candidates"][0]["missing"][0],
        serde_json::json!({"fact": "group:g-exempt", "attempts": 3, "share": 50.0})
    );
    assert_eq!(report["candidates"][0]["funnel"][2]["condition"], "signInRisk");
    assert_eq!(report["candidates"][0]["lint"][0]["lint"], "not-an-id");
    assert_eq!(report["candidates"][0]["lint"][0]["pointer"], "conditions.users.excludeGroups");
    assert_eq!(combined["lint"], serde_json::Value::Null);
    assert_eq!(report["limits"][2]["value"], serde_json::Value::Null);
}

#[test]
fn a_format_is_known_by_the_ending_of_a_file() {
    for (ending, format) in
        [("json", Some(Format::Json)), ("MD", Some(Format::Markdown)), ("csv", Some(Format::Csv)), ("html", None)]
    {
        assert_eq!(Format::of_ending(ending), format, "{ending}");
    }
}

#[test]
fn days_without_rows_are_named() {
    const DAY: i64 = 86_400_000_000;
    let window = Window::of([5 * DAY, 0, 1, DAY]);
    assert_eq!((window.days, window.days_without_rows()), (6, 3));
    assert_eq!((window.gaps[0].first.as_str(), window.gaps[0].last.as_str()), ("1970-01-03", "1970-01-05"));
    assert_eq!(Window::of([]), Window::default());
}
