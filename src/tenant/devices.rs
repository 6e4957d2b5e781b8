//! What the directory says of devices (C16): `devices.json`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::domain::folded;

use super::source::{Fault, Records, squeezed};

/// Registered devices by `deviceId`. A device that is not listed is unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Devices {
    devices: BTreeMap<String, BTreeMap<String, Value>>, // INVARIANT: ids and names folded.
}

impl Devices {
    /// The attributes of a device by folded name; the extension attributes are among them as
    /// `extensionattribute1` … `15`. An attribute that is not there is null (C16).
    #[must_use]
    pub fn find(&self, device_id: &str) -> Option<&BTreeMap<String, Value>> {
        self.devices.get(&folded(device_id))
    }

    pub(super) fn add(&mut self, records: &Records, diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        records.warn_if_cut(diagnostics);
        for record in &records.all {
            let attributes = self.devices.entry(record.id(&["deviceId"])?).or_default();
            for (name, value) in record.members() {
                match value {
                    Value::Object(extensions) if name == "extensionattributes" => {
                        attributes.extend(extensions.iter().map(|(name, value)| (squeezed(name), value.clone())));
                    }
                    _ => {
                        attributes.insert(name.clone(), value.clone());
                    }
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Devices;
    use crate::diagnostic::Diagnostics;
    use crate::tenant::source::Records;

    #[test]
    fn extension_attributes_are_attributes_like_the_others() {
        let text = br#"{"value": [{"id": "object", "deviceId": "D1", "isCompliant": true, "displayName": "PC",
            "extensionAttributes": {"extensionAttribute1": "SAW", "extensionAttribute2": null}}]}"#;
        let mut devices = Devices::default();
        devices.add(&Records::read("d.json", text).unwrap(), &mut Diagnostics::default()).unwrap();
        let device = devices.find("d1").unwrap();
        for (name, expected) in [
            ("iscompliant", Some(json!(true))),
            ("displayname", Some(json!("PC"))),
            ("extensionattribute1", Some(json!("SAW"))),
            ("extensionattribute2", Some(Value::Null)),
            ("extensionattribute3", None),
        ] {
            assert_eq!(device.get(name).cloned(), expected, "{name}");
        }
        assert_eq!(devices.find("object"), None, "joined on the device id, not on the object id");
    }
}
