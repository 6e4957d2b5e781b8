//! Why a row is in no attempt of the population: asked of single rows, once the population is made.

use super::group;
use super::population::{SetAside, why_not_reached};
use super::rows::Rows;

/// Why a row is not judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LeftOut {
    /// It was set aside before rows were grouped (C2).
    SetAside(SetAside),
    /// No row of its attempt reached Conditional Access (C5).
    NotReached {
        /// The rows of that attempt in their order.
        rows: Vec<usize>,
        /// The reason in the waterfall, by the last of them.
        why: &'static str,
    },
}

/// Why a row is left out; none if its attempt is in the population.
#[must_use]
pub fn left_out(facts: &Rows<'_>, one_row_each: bool, row: usize) -> Option<LeftOut> {
    if let Some(reason) = facts.set_aside(row) {
        return Some(LeftOut::SetAside(reason));
    }
    let rows = if one_row_each {
        vec![row]
    } else {
        // Attempts are of one person: the rows of others have no say.
        let of_one = |other: &usize| facts.user(*other) == facts.user(row) && facts.set_aside(*other).is_none();
        let rows: Vec<usize> = (0..facts.frame.rows()).filter(of_one).collect();
        let groups = group::group(facts, &rows);
        groups.iter().find(|rows| rows.contains(&row))?.to_vec()
    };
    if rows.iter().any(|row| facts.reached(*row)) {
        return None;
    }
    let why = why_not_reached(facts, &rows);
    Some(LeftOut::NotReached { rows, why })
}

#[cfg(test)]
mod tests {
    use super::{LeftOut, left_out};
    use crate::attempt::population::SetAside;
    use crate::attempt::rows::{Rows, people};
    use crate::attempt::{Options, gather};
    use crate::diagnostic::Diagnostics;
    use crate::frame::{Column, FrameBuilder, Row};
    use crate::tenant::RiskDetections;

    #[test]
    fn what_is_left_out_is_what_the_waterfall_counts() {
        let mut builder = FrameBuilder::default();
        for (id, user, minute, request, others) in [
            ("good", "u", 0, "q1", (Column::Status, r#"{"errorCode":0}"#)),
            ("wrong-1", "u", 1, "q2", (Column::Status, r#"{"errorCode":50126}"#)),
            ("wrong-2", "u", 2, "q2", (Column::Status, r#"{"errorCode":50053}"#)),
            ("machine", "", 3, "", (Column::ServicePrincipalId, "sp")),
        ] {
            let mut row = Row::new(minute * 60_000_000);
            row.set(Column::Id, id);
            row.set(Column::UserId, user);
            row.set(Column::OriginalRequestId, request);
            row.set(others.0, others.1);
            builder.push(&row);
        }
        let options = Options::default();
        let (detections, mut met) = (RiskDetections::default(), Diagnostics::default());
        let attempts = gather(builder.finish(), &detections, &options, &mut met);
        let people = people(&attempts.frame);
        let facts = Rows::read(&attempts.frame, &people, attempts.own_tenant.as_deref());
        let row = |id: &str| (0..facts.frame.rows()).find(|row| facts.id(*row) == id).unwrap();
        assert_eq!(left_out(&facts, false, row("good")), None);
        let rows = vec![row("wrong-1"), row("wrong-2")];
        let why = "wrongPasswordOrLocked";
        assert_eq!(
            left_out(&facts, false, row("wrong-1")),
            Some(LeftOut::NotReached { rows, why }),
            "the rows of its attempt, and no other"
        );
        let alone = LeftOut::NotReached { rows: vec![row("wrong-1")], why };
        assert_eq!(left_out(&facts, true, row("wrong-1")), Some(alone));
        assert_eq!(left_out(&facts, false, row("machine")), Some(LeftOut::SetAside(SetAside::ServicePrincipal)));
        let counted: Vec<_> = attempts.waterfall.iter().filter_map(|step| step.reason).collect();
        assert_eq!(counted, ["servicePrincipal", why]);
    }
}
