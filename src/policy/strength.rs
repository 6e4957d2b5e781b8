//! The authentication strength that a policy carries in its own text.

use crate::domain::{MethodModes, Strength};

use super::wire::AuthenticationStrength;

impl Strength {
    /// The strength as the policy writes it out. None if it gives an id only: the tenant knows the rest.
    #[must_use]
    pub fn from_wire(wire: &AuthenticationStrength) -> Option<Strength> {
        let allowed = wire.allowed_combinations.iter().map(String::as_str);
        (!wire.allowed_combinations.is_empty()).then(|| Strength::read(allowed, restrictions(wire)))
    }

    /// Adds the restrictions that the policy writes out to those that are known of its strength (C32).
    #[must_use]
    pub fn restricted_by(mut self, wire: &AuthenticationStrength) -> Strength {
        self.configured.extend(Strength::read([], restrictions(wire)).configured);
        self
    }
}

/// The combinations under a restriction. One that names no combination may be on any of them.
fn restrictions(wire: &AuthenticationStrength) -> impl Iterator<Item = &str> {
    wire.combination_configurations.iter().flat_map(|each| match each.applies_to_combinations.as_slice() {
        [] => MethodModes::NAMES.to_vec(),
        named => named.iter().map(String::as_str).collect(),
    })
}

#[cfg(test)]
mod tests {
    use crate::domain::{MethodModes, Strength};
    use crate::policy::wire::AuthenticationStrength;

    #[test]
    fn a_strength_with_an_id_only_is_left_to_the_tenant() {
        let id_only: AuthenticationStrength = serde_json::from_str("{\"id\": \"4\"}").unwrap();
        assert_eq!(Strength::from_wire(&id_only), None);
        let text = "{\"allowedCombinations\": [\"password,sms\"],
            \"combinationConfigurations\": [{\"appliesToCombinations\": [\"fido2\"]}]}";
        let whole = Strength::from_wire(&serde_json::from_str(text).unwrap()).unwrap();
        assert!(whole.combinations[0].holds(MethodModes::named("sms").unwrap()));
        assert_eq!(whole.configured, [MethodModes::named("fido2").unwrap()]);
    }
}
