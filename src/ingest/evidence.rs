//! What companion files say about the sign-ins of other files, joined on the request id.
//!
//! The admin center writes the steps of authentication into a file beside the sign-ins; detections of ID
//! Protection carry the request they are about. Both only fill what a sign-in does not say itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::date::{self, DateOrder};
use super::record::{Fields, Member};
use crate::domain::{RiskLevel, Spelled, folded, spelling};
use crate::frame::{Column, FrameBuilder, Step, canonical};

/// Steps and detections by the folded id of the sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    steps: BTreeMap<String, Vec<Step>>,
    /// INVARIANT: never unknown.
    realtime: BTreeMap<String, RiskLevel>,
    /// Detections that Conditional Access need not have seen: offline, near-realtime, without a request or a level.
    pub(crate) later: u64,
}

impl Evidence {
    /// A detection: its level counts if it is known to have been found while the user signed in (RSK-3).
    pub(crate) fn add_detection(&mut self, fields: &Fields<'_>) {
        let get = |member: Member| fields.get(member).text();
        let in_real_time = get(Member::DetectionTiming).is_some_and(|timing| timing.eq_ignore_ascii_case("realtime"));
        let level = spelling::recorded_risk(get(Member::DetectedLevel).as_deref());
        match get(Member::RequestId) {
            Some(request) if in_real_time && level != RiskLevel::Unknown => {
                let highest = self.realtime.entry(folded(&request)).or_insert(level);
                *highest = level.max(*highest);
            }
            Some(_) | None => self.later += 1,
        }
    }

    /// A step of authentication. False without a request id.
    pub(crate) fn add_step(&mut self, fields: &Fields<'_>, order: DateOrder) -> bool {
        let get = |member: Member| fields.get(member).text().map(|text| text.into_owned());
        let Some(request) = get(Member::Id) else { return false };
        let time = get(Member::Created);
        let at = time.as_deref().and_then(|time| date::read(time, order));
        let step = Step {
            at,
            at_is_unread: time.is_some() && at.is_none(),
            method: get(Member::StepMethod).unwrap_or_default(),
            detail: get(Member::StepDetail).unwrap_or_default(),
            succeeded: fields.get(Member::StepSucceeded).flag(),
            result: get(Member::StepResult).unwrap_or_default(),
            requirement: get(Member::StepRequirement).unwrap_or_default(),
        };
        self.steps.entry(folded(&request)).or_default().push(step);
        true
    }

    /// Adds what a later file or piece said.
    pub(crate) fn append(&mut self, later: Evidence) {
        for (request, steps) in later.steps {
            self.steps.entry(request).or_default().extend(steps);
        }
        for (request, level) in later.realtime {
            let highest = self.realtime.entry(request).or_insert(level);
            *highest = level.max(*highest);
        }
        self.later += later.later;
    }

    /// Gives sign-ins the steps that they do not record; how many rows that were.
    pub(crate) fn join_steps(&self, builder: &mut FrameBuilder) -> u64 {
        if self.steps.is_empty() {
            return 0;
        }
        builder.fill(Column::AuthenticationDetails, &|id| {
            let steps = self.steps.get(&folded(id))?;
            // The same download given twice says nothing new.
            let mut met = BTreeSet::new();
            let distinct: Vec<&Step> = steps.iter().filter(|step| met.insert(canonical(step))).collect();
            Some(canonical(&distinct))
        })
    }

    /// Gives sign-ins the level of their detections, beside whatever they record themselves; how many rows without a
    /// level of their own got one.
    pub(crate) fn join_detections(&self, builder: &mut FrameBuilder) -> u64 {
        if self.realtime.is_empty() {
            return 0;
        }
        builder
            .fill(Column::RealtimeDetection, &|id| self.realtime.get(&folded(id)).map(|level| level.word().to_owned()));
        let frame = builder.frame();
        let is_open = |row: &usize| {
            frame.text(Column::RealtimeDetection, *row).is_some()
                && spelling::recorded_risk(frame.text(Column::RiskLevelDuringSignIn, *row)) == RiskLevel::Unknown
        };
        (0..frame.rows()).filter(is_open).count() as u64
    }
}

/// Rows in these ranges that lack a user id take that of a row elsewhere with the same request id, which is
/// unique: a table of chosen columns then holds copies, not other sign-ins. How many rows that were.
pub(crate) fn borrow_users(builder: &mut FrameBuilder, ranges: &[Range<usize>]) -> u64 {
    let frame = builder.frame();
    let id = |row: usize| frame.text(Column::Id, row).map(folded);
    let user = |row: usize| frame.text(Column::UserId, row);
    let wanted: BTreeSet<String> =
        ranges.iter().cloned().flatten().filter(|row| user(*row).is_none()).filter_map(id).collect();
    if wanted.is_empty() {
        return 0;
    }
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for row in 0..frame.rows() {
        let Some((id, user)) = id(row).filter(|id| wanted.contains(id)).zip(user(row)) else { continue };
        // The smallest of several users: the same, whatever the order of files.
        let found = known.entry(id).or_insert_with(|| user.to_owned());
        if user < found.as_str() {
            user.clone_into(found);
        }
    }
    builder.fill(Column::UserId, &|id| known.get(&folded(id)).cloned())
}

#[cfg(test)]
mod tests {
    use super::Evidence;
    use crate::frame::{Column, FrameBuilder, Row};
    use crate::ingest::date::DateOrder;
    use crate::ingest::record::{Cell, Fields, Member};

    fn fields<'a>(members: &[(Member, &'a str)]) -> Fields<'a> {
        let mut fields = Fields::default();
        for (member, text) in members {
            fields.set(*member, Cell::plain(text));
        }
        fields
    }

    #[test]
    fn detections_in_real_time_and_steps_fill_what_a_sign_in_does_not_say() {
        let mut evidence = Evidence::default();
        for (request, level, timing) in
            [("A", "low", "realtime"), ("a", "high", "Realtime"), ("b", "high", "offline"), ("c", "hidden", "realtime")]
        {
            let members =
                [(Member::RequestId, request), (Member::DetectedLevel, level), (Member::DetectionTiming, timing)];
            evidence.add_detection(&fields(&members));
        }
        evidence.add_detection(&fields(&[(Member::RequestId, "a"), (Member::DetectedLevel, "high")]));
        assert_eq!(evidence.later, 3);
        for _ in 0..2 {
            let members = [(Member::Id, "A"), (Member::StepMethod, "Password"), (Member::StepSucceeded, "Yes")];
            assert!(evidence.add_step(&fields(&members), DateOrder::MonthFirst));
        }
        let mut builder = FrameBuilder::default();
        for id in ["a", "b", "x"] {
            let mut row = Row::new(1);
            row.set(Column::Id, id);
            builder.push(&row);
        }
        assert_eq!((evidence.join_steps(&mut builder), evidence.join_detections(&mut builder)), (1, 1));
        let frame = builder.finish();
        assert_eq!(frame.text(Column::RealtimeDetection, 0), Some("high"));
        assert_eq!(frame.text(Column::RealtimeDetection, 1), None);
        assert!(frame.text(Column::AuthenticationDetails, 0).unwrap().contains("\"method\":\"Password\""));
    }
}
