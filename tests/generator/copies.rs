//! Copies of one row, as exports hold them: delivered again, and changed in between.

use serde_json::{Value, json};

use super::dice::{Dice, Spelling, october, stamp};
use super::evidence;
use super::world::Row;

/// Adds copies of some rows and puts all rows in another order.
pub fn copies(dice: &mut Dice, rows: Vec<Row>) -> Vec<Row> {
    let mut all = Vec::with_capacity(rows.len() * 5 / 4);
    for row in rows {
        if dice.chance(14) {
            for _ in 0..1 + dice.below(3) {
                all.push(copy(dice, &row));
            }
        }
        all.push(row);
    }
    if dice.chance(80) {
        for at in (1..all.len()).rev() {
            all.swap(at, dice.below(at + 1));
        }
    }
    all
}

fn copy(dice: &mut Dice, row: &Row) -> Row {
    let mut copy = row.clone();
    copy.delivered = match dice.below(5) {
        0 => row.delivered.clone(),
        1 => None,
        _ => Some(stamp(october(22, dice.between(0, 5), dice.between(0, 2), 0), Spelling::Ticks)),
    };
    let Value::Object(members) = &mut copy.value else { return copy };
    for _ in 0..dice.below(4) {
        match dice.below(14) {
            0 | 1 => match evidence::risk(dice) {
                Some(level) => drop(members.insert("riskLevelDuringSignIn".into(), level.into())),
                None => drop(members.remove("riskLevelDuringSignIn")),
            },
            2 => drop(
                members.insert("riskState".into(), (dice.one(&["none", "remediated", "dismissed", "atRisk"])).into()),
            ),
            3 => drop(members.insert("riskLevelAggregated".into(), (dice.one(&["none", "low", "high"])).into())),
            4 => drop(members.insert(
                "originalTransferMethod".into(),
                (dice.one(&["none", "deviceCodeFlow", "authenticationTransfer"])).into(),
            )),
            5 | 6 => shorten(members.get_mut("authenticationDetails"), dice),
            7 => shorten(members.get_mut("appliedConditionalAccessPolicies"), dice),
            8 => drop(members.remove(dice.one(&[
                "status",
                "deviceDetail",
                "location",
                "clientAppUsed",
                "userType",
                "sessionId",
                "ipAddress",
            ]))),
            9 => drop(members.insert(
                "status".into(),
                json!({"errorCode": dice.one(&[0, 50074, 53003]), "additionalDetails": "MFA completed in Azure AD"}),
            )),
            10 => drop(members.insert("authenticationRequirement".into(), "multiFactorAuthentication".into())),
            11 => drop(members.insert("clientAppUsed".into(), (dice.one(&["Browser", "IMAP4"])).into())),
            12 => {
                if let Some(Value::String(id)) = members.get("id").cloned() {
                    members.insert("id".into(), id.to_uppercase().into());
                }
            }
            _ => {
                if dice.chance(20) {
                    members.insert("userId".into(), dice.guid().into());
                }
            }
        }
    }
    copy
}

/// Takes an entry off a list, or turns its order round.
fn shorten(list: Option<&mut Value>, dice: &mut Dice) {
    if let Some(Value::Array(items)) = list {
        if dice.chance(60) {
            items.pop();
        } else {
            items.reverse();
        }
    }
}
