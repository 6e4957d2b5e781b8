//! User risk over time (C10, USK-1): `riskyUserHistory.json`, `riskyUsers.json`.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDateTime};
use serde_json::Value;

use crate::domain::{RiskLevel, fold, spelling};

use super::source::{Fault, Record, Records};

/// What is known of the risk of users.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserRisk {
    history: Option<BTreeMap<String, Timeline>>,
    snapshot: Option<BTreeMap<String, Risky>>,
}

/// A user in `riskyUsers.json`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Risky {
    level: Option<RiskLevel>,
    updated: Option<i64>,
    history: Option<Timeline>, // Where the export expanded it.
}

/// Levels from their microsecond on. Two that differ at the same time are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Timeline(BTreeMap<i64, Option<RiskLevel>>);

impl Timeline {
    fn insert(&mut self, time: i64, level: Option<RiskLevel>) {
        self.0.entry(time).and_modify(|earlier| *earlier = earlier.filter(|it| Some(*it) == level)).or_insert(level);
    }

    fn at(&self, time: i64) -> Option<RiskLevel> {
        self.0.range(..=time).next_back().map_or(Some(RiskLevel::None), |(_, level)| *level)
    }
}

/// What is known of the risk of one user.
#[derive(Clone, Copy, Debug)]
pub struct OfUser<'a>(Known<'a>);

#[derive(Clone, Copy, Debug)]
enum Known<'a> {
    Nothing,
    NoRisk,
    History(&'a Timeline),
    Snapshot(&'a Risky),
}

impl OfUser<'_> {
    /// The level at a time in microseconds since 1970; `None` is unknown (C10).
    #[must_use]
    pub fn at(self, time_micros: i64) -> Option<RiskLevel> {
        match self.0 {
            Known::Nothing => None,
            Known::NoRisk => Some(RiskLevel::None),
            Known::History(timeline) => timeline.at(time_micros),
            // What it was before its last change is not recorded.
            Known::Snapshot(user) => user.updated.filter(|updated| *updated <= time_micros).and(user.level),
        }
    }
}

impl UserRisk {
    /// The level of a user at a time in microseconds since 1970; `None` is unknown (C10).
    #[must_use]
    pub fn at(&self, user_id: &str, time_micros: i64) -> Option<RiskLevel> {
        self.of(user_id).at(time_micros)
    }

    /// What is known of one user.
    ///
    /// The history decides alone where it is supplied. Somebody whom neither file names has no risk,
    /// since both list everybody who ever had any.
    #[must_use]
    pub fn of(&self, user_id: &str) -> OfUser<'_> {
        let id = fold(user_id);
        OfUser(match (&self.history, &self.snapshot) {
            (Some(history), _) => history.get(&*id).map_or(Known::NoRisk, Known::History),
            (None, Some(snapshot)) => match snapshot.get(&*id) {
                None => Known::NoRisk,
                Some(user) => user.history.as_ref().map_or(Known::Snapshot(user), Known::History),
            },
            (None, None) => Known::Nothing,
        })
    }

    /// Whether either file is there.
    #[must_use]
    pub fn is_supplied(&self) -> bool {
        self.history.is_some() || self.snapshot.is_some()
    }

    pub(super) fn add_history(&mut self, records: &Records) -> Result<(), Fault> {
        records.whole()?;
        let history = self.history.get_or_insert_default();
        for record in &records.all {
            let id = record.id(&["userId", "id"])?;
            let Some(time) = time(record.text("riskLastUpdatedDateTime"), record.line)? else {
                return Err(Fault::at(record.line, "no `riskLastUpdatedDateTime` here", TIME_HELP));
            };
            history.entry(id).or_default().insert(time, level(record.text("riskLevel")));
        }
        Ok(())
    }

    pub(super) fn add_users(&mut self, records: &Records) -> Result<(), Fault> {
        records.whole()?;
        let snapshot = self.snapshot.get_or_insert_default();
        for record in &records.all {
            let user = Risky {
                level: level(record.text("riskLevel")),
                updated: time(record.text("riskLastUpdatedDateTime"), record.line)?,
                history: expanded(record)?,
            };
            snapshot.insert(record.id(&["id", "userId"])?, user);
        }
        Ok(())
    }
}

/// The list `history` of an export with `$expand=history`.
fn expanded(record: &Record) -> Result<Option<Timeline>, Fault> {
    let Some(Value::Array(items)) = record.value("history") else { return Ok(None) };
    let mut timeline = Timeline::default();
    for item in items {
        let text = |name: &str| item.get(name).and_then(Value::as_str);
        if let Some(time) = time(text("riskLastUpdatedDateTime"), record.line)? {
            timeline.insert(time, level(text("riskLevel")));
        }
    }
    Ok(Some(timeline))
}

/// The recorded level, whatever became of it (`remediated`, `dismissed`); hidden and unreadable ones are unknown.
fn level(text: Option<&str>) -> Option<RiskLevel> {
    Some(spelling::recorded_risk(text)).filter(|level| *level != RiskLevel::Unknown)
}

const TIME_HELP: &str = "times are written as 2026-03-01T08:30:00Z";

pub(super) fn time(text: Option<&str>, line: u64) -> Result<Option<i64>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.timestamp_micros());
    // Graph's times are UTC even where a tool cut the mark off.
    let naive = || text.parse::<NaiveDateTime>().map(|time| time.and_utc().timestamp_micros());
    match zoned.or_else(|_| naive()) {
        Ok(time) => Ok(Some(time)),
        Err(_) => Err(Fault::at(line, format!("`{text}` is no time"), TIME_HELP)),
    }
}

#[cfg(test)]
mod tests {
    use super::{UserRisk, time};
    use crate::domain::RiskLevel::{self, High, Low, Medium, None as NoRisk};
    use crate::tenant::source::Records;

    fn at(risk: &UserRisk, user: &str, text: &str) -> Option<RiskLevel> {
        risk.at(user, time(Some(text), 1).unwrap().unwrap())
    }

    fn records(text: &str) -> Records {
        Records::read("x.json", text.as_bytes()).unwrap()
    }

    const USERS: &str = r#"{"value": [
        {"id": "Ann", "riskLevel": "high", "riskState": "atRisk", "riskLastUpdatedDateTime": "2026-03-10T00:00:00Z"},
        {"id": "bob", "riskLevel": "hidden", "riskLastUpdatedDateTime": "2026-03-10T00:00:00Z"},
        {"id": "cem", "riskLevel": "low", "riskLastUpdatedDateTime": null},
        {"id": "dan", "riskLevel": "none", "riskLastUpdatedDateTime": "2026-03-10T00:00:00Z", "history": [
            {"riskLevel": "medium", "riskLastUpdatedDateTime": "2026-03-05T00:00:00Z"}]}]}"#;

    #[test]
    fn without_any_file_risk_is_unknown() {
        let risk = UserRisk::default();
        assert_eq!((risk.is_supplied(), risk.at("ann", 0)), (false, None));
    }

    #[test]
    fn the_last_entry_at_or_before_the_row_counts() {
        let mut risk = UserRisk::default();
        let history = r#"[
            {"id": "x", "userId": "Ann", "riskLevel": "high", "riskLastUpdatedDateTime": "2026-03-02T10:00:00.1234567Z"},
            {"userId": "ann", "riskLevel": "medium", "riskLastUpdatedDateTime": "2026-03-01T10:00:00Z"},
            {"userId": "ann", "riskLevel": "low", "riskState": "remediated", "riskLastUpdatedDateTime": "2026-03-03T10:00:00+01:00"},
            {"id": "bob", "riskLevel": "hidden", "riskLastUpdatedDateTime": "2026-03-01T10:00:00"},
            {"id": "cem", "riskLevel": "low", "riskLastUpdatedDateTime": "2026-03-01T10:00:00Z"},
            {"id": "cem", "riskLevel": "high", "riskLastUpdatedDateTime": "2026-03-01T10:00:00Z"}]"#;
        risk.add_history(&records(history)).unwrap();
        risk.add_users(&records(USERS)).unwrap();
        for (user, when, expected) in [
            ("ann", "2026-03-01T09:59:59Z", Some(NoRisk)),
            ("ANN", "2026-03-01T10:00:00Z", Some(Medium)),
            ("ann", "2026-03-02T10:00:00.123456Z", Some(High)),
            ("ann", "2026-03-03T09:00:00Z", Some(Low)),
            ("bob", "2026-03-01T09:00:00Z", Some(NoRisk)),
            ("bob", "2026-03-02T00:00:00Z", None),
            ("cem", "2026-03-02T00:00:00Z", None),
            ("dan", "2026-04-01T00:00:00Z", Some(NoRisk)),
            ("nobody", "2026-03-02T00:00:00Z", Some(NoRisk)),
        ] {
            assert_eq!(at(&risk, user, when), expected, "{user} at {when}");
        }
    }

    #[test]
    fn a_snapshot_knows_nothing_of_the_time_before_it() {
        let mut risk = UserRisk::default();
        risk.add_users(&records(USERS)).unwrap();
        for (user, when, expected) in [
            ("ann", "2026-03-09T23:59:59Z", None),
            ("ann", "2026-03-10T00:00:00Z", Some(High)),
            ("bob", "2026-03-11T00:00:00Z", None),
            ("cem", "2026-03-11T00:00:00Z", None),
            ("dan", "2026-03-04T00:00:00Z", Some(NoRisk)),
            ("dan", "2026-03-06T00:00:00Z", Some(Medium)),
            ("nobody", "2026-03-04T00:00:00Z", Some(NoRisk)),
        ] {
            assert_eq!(at(&risk, user, when), expected, "{user} at {when}");
        }
    }

    #[test]
    fn a_time_that_is_none_breaks_the_file() {
        for text in [
            r#"[{"userId": "a", "riskLevel": "low"}]"#,
            r#"[{"userId": "a", "riskLevel": "low", "riskLastUpdatedDateTime": "yesterday"}]"#,
            r#"[{"riskLevel": "low", "riskLastUpdatedDateTime": "2026-03-10T00:00:00Z"}]"#,
        ] {
            assert!(UserRisk::default().add_history(&records(text)).is_err(), "{text}");
        }
    }
}
