//! Authentication strengths: which sets of method modes are enough (semantics 1.8).

use super::words::MethodModes;

/// What an authentication strength accepts, in method modes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    /// Combinations that are enough, each a set of modes that belong together.
    pub combinations: Vec<MethodModes>,
    /// Combinations with a mode that we do not know, as written: they may be enough.
    pub unread: Vec<String>,
    /// Combinations with a further restriction that no log records: at best unknown (C32).
    pub configured: Vec<MethodModes>,
}

impl Strength {
    /// Reads `allowedCombinations`, and the `appliesToCombinations` of all `combinationConfigurations`.
    #[must_use]
    pub fn read<'t>(
        allowed: impl IntoIterator<Item = &'t str>,
        configured: impl IntoIterator<Item = &'t str>,
    ) -> Strength {
        let mut strength = Strength::default();
        for text in allowed {
            match modes(text) {
                Some(modes) => strength.combinations.push(modes),
                None => strength.unread.push(text.trim().to_owned()),
            }
        }
        strength.configured.extend(configured.into_iter().filter_map(modes));
        strength
    }

    /// The strengths that every tenant has, with their fixed ids (semantics 1.8).
    pub const BUILT_IN: [(&'static str, &'static [&'static str]); 3] = [
        ("00000000-0000-0000-0000-000000000002", MULTIFACTOR),
        ("00000000-0000-0000-0000-000000000003", PASSWORDLESS),
        ("00000000-0000-0000-0000-000000000004", PHISHING_RESISTANT),
    ];
}

/// The set of one comma-joined combination, if we know every mode in it and there is one.
fn modes(text: &str) -> Option<MethodModes> {
    let mut set = MethodModes::NONE;
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        set = set.with(MethodModes::named(name)?);
    }
    (!set.is_empty()).then_some(set)
}

const MULTIFACTOR: &[&str] = &[
    "windowsHelloForBusiness",
    "fido2",
    "x509CertificateMultiFactor",
    "deviceBasedPush",
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "password,microsoftAuthenticatorPush",
    "password,softwareOath",
    "password,hardwareOath",
    "password,x509CertificateSingleFactor",
    "password,x509CertificateMultiFactor",
    "password,sms",
    "password,voice",
    "federatedMultiFactor",
    "microsoftAuthenticatorPush,federatedSingleFactor",
    "softwareOath,federatedSingleFactor",
    "hardwareOath,federatedSingleFactor",
    "sms,federatedSingleFactor",
    "voice,federatedSingleFactor",
];

const PASSWORDLESS: &[&str] = &["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor", "deviceBasedPush"];

const PHISHING_RESISTANT: &[&str] = &["windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor"];

#[cfg(test)]
mod tests {
    use super::Strength;
    use crate::domain::MethodModes;

    #[test]
    fn combinations_are_sets_and_unknown_modes_are_kept_as_written() {
        let strength = Strength::read(["sms, Password", "fido2", "brainwave,password"], ["fido2"]);
        let password_and_sms = MethodModes::named("password").unwrap().with(MethodModes::named("sms").unwrap());
        let fido2 = MethodModes::named("fido2").unwrap();
        assert_eq!(strength.combinations, [password_and_sms, fido2]);
        assert_eq!(strength.unread, ["brainwave,password"]);
        assert_eq!(strength.configured, [fido2]);
    }

    #[test]
    fn every_mode_of_the_built_in_strengths_is_known() {
        for (id, allowed) in Strength::BUILT_IN {
            let strength = Strength::read(allowed.iter().copied(), []);
            assert!(strength.unread.is_empty(), "{id}: {:?}", strength.unread);
            assert_eq!(strength.combinations.len(), allowed.len(), "{id}");
        }
    }
}
