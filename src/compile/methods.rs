//! Which authentication methods the recorded steps show, and whether they hold what a strength asks for (3.7, C20).

use crate::attempt::mfa::comparable;
use crate::domain::{Match, MethodModes, Strength, folded};
use crate::frame::{Step, StepCode};

/// An MFA claim that the user's own identity provider gave.
pub(super) fn is_external_claim(text: &str) -> bool {
    comparable(text).contains("satisfied by claim provided by external provider")
}

/// The modes that a performed step may have used, one set a reading (3.7).
enum Used {
    /// One of these modes, for certain.
    OneOf(Vec<MethodModes>),
    /// A method that we do not know: it may have been any.
    Any,
}

fn used(step: &Step) -> Used {
    let method = folded(&step.method);
    let text = folded(&format!("{} {} {}", step.method, step.detail, step.requirement));
    let names: &[&str] = match method.as_str() {
        "password" => &["password"],
        "federated" => &["federatedSingleFactor"],
        _ if method.contains("sms") || method.contains("text message") => &["sms"],
        _ if method.contains("voice") || method.contains("phone call") => &["voice"],
        _ if method.contains("passwordless phone") => &["deviceBasedPush"],
        // Entra words hardware and software tokens alike ({SLD}).
        _ if method.contains("oath") || method.contains("verification code") => &["softwareOath", "hardwareOath"],
        _ if method.contains("mobile app notification") || method.contains("authenticator app") => {
            &["microsoftAuthenticatorPush"]
        }
        _ if method.contains("fido2") || method.contains("passkey") => &["fido2"],
        _ if method.contains("windows hello") => &["windowsHelloForBusiness"],
        _ if method.contains("x.509") || method.contains("certificate") => {
            if text.contains("multi") {
                &["x509CertificateMultiFactor"]
            } else if text.contains("single") {
                &["x509CertificateSingleFactor"]
            } else {
                &["x509CertificateSingleFactor", "x509CertificateMultiFactor"]
            }
        }
        _ if method.contains("temporary access pass") => &["temporaryAccessPassOneTime", "temporaryAccessPassMultiUse"],
        _ => return Used::Any,
    };
    Used::OneOf(names.iter().filter_map(|name| MethodModes::named(name)).collect())
}

/// What every distinct wording of a step says of the methods used.
pub(super) struct Methods {
    used: Vec<Used>,
    is_external_claim: Vec<bool>,
}

impl Methods {
    pub(super) fn read(wordings: &[Step]) -> Methods {
        Methods {
            used: wordings.iter().map(used).collect(),
            is_external_claim: wordings.iter().map(|step| is_external_claim(&step.result)).collect(),
        }
    }

    /// Whether a step is a claim that the user's own identity provider gave.
    pub(super) fn is_external_claim(&self, step: StepCode) -> bool {
        self.is_external_claim.get(step as usize) == Some(&true)
    }

    /// Whether the methods used hold a combination: in every reading, in some reading, or in none (C20).
    pub(super) fn meet(&self, strength: &Strength, performed: &[StepCode], external_claim: bool) -> Match {
        if performed.is_empty() {
            return Match::Unknown;
        }
        let mut readings = vec![MethodModes::NONE];
        let mut any_method = false;
        for step in performed {
            match self.used.get(*step as usize) {
                None | Some(Used::Any) => any_method = true,
                Some(Used::OneOf(modes)) => {
                    readings = readings.iter().flat_map(|held| modes.iter().map(|mode| held.with(*mode))).collect();
                    readings.sort_unstable();
                    readings.dedup();
                }
            }
        }
        if external_claim {
            // Beside a federated step such a claim is federated MFA; without one it may be (3.7).
            let named = |name| MethodModes::named(name).unwrap_or_default();
            let with: Vec<MethodModes> = readings.iter().map(|held| held.with(named("federatedMultiFactor"))).collect();
            let federated = readings.iter().all(|held| held.holds(named("federatedSingleFactor")));
            readings = if federated { with } else { [readings, with].concat() };
        }
        let met = Match::agreed(readings.iter().map(|held| strength.met_by(*held)));
        if met == Match::No && any_method { Match::Unknown } else { met }
    }
}
