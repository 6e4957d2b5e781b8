//! Random device filter rules: valid ones of every operator and nesting, and now and then one that does not parse.

use super::cast::Device;
use super::dice::Dice;

/// A rule.
pub fn rule(dice: &mut Dice, devices: &[Device]) -> String {
    const BROKEN: &[&str] = &[
        "device.trustType -equals \"AzureAD\"",
        "device.isCompliant -eq",
        "(device.isCompliant -eq True",
        "device.shoeSize -eq \"44\"",
        "device.trustType -eq \"AzureAD\" -and",
    ];
    const REAL: &[&str] = &[
        "device.trustType -ne \"ServerAD\" -or device.isCompliant -ne True",
        "device.isCompliant -eq True",
        "device.isCompliant -ne True",
        "device.isCompliant -eq False",
        "device.extensionAttribute1 -eq \"SAW\"",
        "device.deviceOwnership -eq \"Company\"",
        "device.trustType -eq \"ServerAD\" -and device.isCompliant -eq True",
    ];
    match dice.below(12) {
        0 => (dice.one(BROKEN)).to_owned(),
        1..5 => (dice.one(REAL)).to_owned(),
        _ => any(dice, devices, 3),
    }
}

fn any(dice: &mut Dice, devices: &[Device], depth: usize) -> String {
    let terms: Vec<String> = (0..1 + dice.below(2)).map(|_| all(dice, devices, depth)).collect();
    terms.join(dice.one(&[" -or ", " -OR ", " or "]))
}

fn all(dice: &mut Dice, devices: &[Device], depth: usize) -> String {
    let terms: Vec<String> = (0..1 + dice.below(2)).map(|_| term(dice, devices, depth)).collect();
    terms.join(dice.one(&[" -and ", " -And ", " \u{2013}and "]))
}

fn term(dice: &mut Dice, devices: &[Device], depth: usize) -> String {
    match (depth, dice.below(7)) {
        (1.., 0) => format!("({})", any(dice, devices, depth - 1)),
        (1.., 1) => format!("-not ({})", any(dice, devices, depth - 1)),
        (1.., 2) => format!("-not {}", comparison(dice, devices)),
        _ => comparison(dice, devices),
    }
}

fn comparison(dice: &mut Dice, devices: &[Device]) -> String {
    const TEXT: &[&str] = &[
        "eq",
        "ne",
        "startsWith",
        "notStartsWith",
        "endsWith",
        "notEndsWith",
        "contains",
        "notContains",
        "in",
        "notIn",
    ];
    let dash = dice.one(&["-", "-", "-", "-", "", "\u{2013}", "\u{2212}"]);
    match dice.below(10) {
        0 | 1 => {
            let value = dice.one(&["True", "False", "\"True\"", "'False'", "true", "null"]);
            format!("device.isCompliant {dash}{} {value}", dice.pick(&["eq", "ne", "EQ", "Ne"]))
        }
        2 | 3 => {
            let value = dice.one(&["\"AzureAD\"", "\"ServerAD\"", "\"Workplace\"", "\"serverad\"", "null"]);
            format!("device.trustType {dash}{} {value}", dice.pick(&["eq", "ne"]))
        }
        4 => {
            let known = dice.pick(devices).id.clone();
            let other = dice.guid();
            match dice.below(3) {
                0 => format!("device.deviceid {dash}eq \"{}\"", known.to_uppercase()),
                1 => format!("device.deviceId {dash}notIn [\"{other}\",\"{known}\"]"),
                _ => format!("device.deviceId {dash}in [\"{known}\", \"{other}\"]"),
            }
        }
        5 => {
            let operator = dice.one(TEXT);
            let name = dice.one(&["LAPTOP", "laptop-", "-00", "KIOSK-03", "ws", "a`\"b"]);
            let value = if operator.ends_with('n') || operator.ends_with("In") {
                format!("[\"{name}\", 'pc-ws-01']")
            } else {
                format!("\"{name}\"")
            };
            format!("device.displayName {dash}{operator} {value}")
        }
        6 => format!(
            "device.operatingSystem {dash}{} \"{}\"",
            dice.pick(&["eq", "ne", "startsWith"]),
            dice.pick(&["Windows", "iOS"])
        ),
        7 => {
            let number = dice.one(&[1, 1, 7, 15]);
            let value = dice.one(&["\"SAW\"", "\"kiosk\"", "null"]);
            format!("device.extensionAttribute{number} {dash}{} {value}", dice.pick(&["eq", "ne"]))
        }
        8 => match dice.below(3) {
            0 => format!("device.physicalIds {dash}{} \"[ZTDId]\"", dice.pick(&["contains", "notContains"])),
            1 => format!("device.systemLabels {dash}contains \"AzureResource\""),
            _ => format!(
                "device.profileType {dash}{} \"{}\"",
                dice.pick(&["eq", "ne"]),
                dice.pick(&["RegisteredDevice", "IoT"])
            ),
        },
        _ => match dice.below(4) {
            0 => format!("device.deviceOwnership {dash}{} \"Company\"", dice.pick(&["eq", "ne"])),
            1 => format!("device.manufacturer {dash}startsWith \"Cont\""),
            2 => format!("device.model {dash}notContains \"Virtual\""),
            _ => format!("device.operatingSystemVersion {dash}notStartsWith \"10.0\""),
        },
    }
}
