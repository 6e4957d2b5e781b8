//! Conditions on risk: levels, and controls that end a risk (semantics 2.6, 2.7, 4.2, 6.3).

use crate::diagnostic::Severity;
use crate::domain::{RiskLevel, Word, folded};
use crate::lint::Lint;
use crate::lint::finding::Found;
use crate::lint::subject::{RISKS, Subject, known};
use crate::policy::wire::Conditions;

const SIGN_IN: &str = "conditions.signInRiskLevels";
const USER: &str = "conditions.userRiskLevels";
const SERVICE_PRINCIPAL: &str = "conditions.servicePrincipalRiskLevels";
const INSIDER: &str = "conditions.insiderRiskLevels";

/// Levels are a set; the more severe ones are not in it by themselves.
pub(in crate::lint) const LEVEL_GAP: Lint = Lint {
    id: "risk-levels-are-no-threshold",
    severity: Severity::Warning,
    rule: "SIR-1",
    about: "a more severe risk level is not listed, so it is not matched",
    check: level_gap,
};

fn level_gap(subject: &Subject<'_>, found: &mut Found) {
    for (pointer, scale) in SCALES {
        let listed = levels(subject.conditions(), pointer);
        let is_listed = |level: &&&str| listed.iter().any(|one| folded(one) == **level);
        let Some(lowest) = scale.iter().find(is_listed) else { continue };
        let above = scale.iter().skip_while(|level| *level != lowest);
        let missing: Vec<&&str> = above.filter(|level| !is_listed(level)).collect();
        // Levels are often spread over several policies: one may block what another challenges.
        let elsewhere = |level: &&&str| {
            let mut others = subject.set.iter().flat_map(|other| levels(&other.policy.conditions, pointer));
            others.any(|one| folded(&one) == ***level)
        };
        if missing.iter().all(elsewhere) {
            continue;
        }
        let missing: Vec<String> = missing.into_iter().map(|level| format!("`{level}`")).collect();
        let missing = missing.join(" and ");
        found.at(
            pointer,
            format!("`{lowest}` is listed without {missing}: levels are a set, not a threshold, and {missing} is not matched"),
            format!("add {missing}, unless a policy that is not given here answers for it"),
        );
    }
}

/// The scales of risk, ascending.
const SCALES: [(&str, [&str; 3]); 4] = [
    (SIGN_IN, ["low", "medium", "high"]),
    (USER, ["low", "medium", "high"]),
    (SERVICE_PRINCIPAL, ["low", "medium", "high"]),
    (INSIDER, ["minor", "moderate", "elevated"]),
];

fn levels(conditions: &Conditions, pointer: &str) -> Vec<String> {
    let words = |list: &[Word<RiskLevel>]| list.iter().map(|word| word.text().to_owned()).collect();
    match pointer {
        SIGN_IN => words(&conditions.sign_in_risk_levels),
        USER => words(&conditions.user_risk_levels),
        SERVICE_PRINCIPAL => conditions.service_principal_risk_levels.clone(),
        _ => conditions.insider_risk_levels.clone(),
    }
}

/// Both risks in one policy.
pub(in crate::lint) const BOTH: Lint = Lint {
    id: "both-risks",
    severity: Severity::Warning,
    rule: "USK-4",
    about: "sign-in risk and user risk in one policy: it applies only where both are met",
    check: both,
};

fn both(subject: &Subject<'_>, found: &mut Found) {
    let conditions = subject.conditions();
    if !conditions.sign_in_risk_levels.is_empty() && !conditions.user_risk_levels.is_empty() {
        found.at(
            USER,
            "sign-in risk and user risk must both be met: a sign-in with one of them is let through",
            "write two policies, one for each risk",
        );
    }
}

/// Workload risk does not apply to users.
pub(in crate::lint) const WORKLOAD: Lint = Lint {
    id: "workload-risk-for-users",
    severity: Severity::Error,
    rule: "C17",
    about: "service principal risk in a policy that is not for workload identities: it never applies",
    check: workload,
};

fn workload(subject: &Subject<'_>, found: &mut Found) {
    if !subject.conditions().service_principal_risk_levels.is_empty() && !subject.is_for_workloads() {
        found.at(
            SERVICE_PRINCIPAL,
            "service principal risk belongs to workload identities: a policy for users never applies with it",
            "use `signInRiskLevels` or `userRiskLevels`, or name workload identities in `clientApplications`",
        );
    }
}

/// Without "every time", an older claim of MFA satisfies the policy.
pub(in crate::lint) const NO_EVERY_TIME: Lint = Lint {
    id: "risk-without-every-time",
    severity: Severity::Warning,
    rule: "4.2",
    about: "a risk policy without sign-in frequency every time: an MFA claim from before the risk satisfies it",
    check: no_every_time,
};

fn no_every_time(subject: &Subject<'_>, found: &mut Found) {
    let asks = subject.requires_mfa() || subject.requires("passwordChange");
    // Entra adds it to risk remediation by itself (1.8).
    let remediates = subject.requires("riskRemediation") || subject.has_unread_control();
    if subject.blocks() || !asks || remediates || subject.every_time() {
        return;
    }
    let Some(risk) = configured_risk(subject) else { return };
    let (pointer, now) = match subject.frequency() {
        Some(_) => ("sessionControls.signInFrequency", "sign-in frequency is not `everyTime`"),
        None => (risk, "sign-in frequency is missing"),
    };
    let so = if risk == USER {
        "Microsoft's policies on user risk ask every time"
    } else {
        "an MFA claim from before the risk satisfies the policy, and the risk stays"
    };
    found.at(
        pointer,
        format!("{now}: {so}"),
        "set `signInFrequency` with `frequencyInterval` `everyTime`, as Microsoft's templates do",
    );
}

/// The condition on a risk that is one; a policy on level `none` alone asks nothing of a risk.
fn configured_risk(subject: &Subject<'_>) -> Option<&'static str> {
    let conditions = subject.conditions();
    let names_a_risk = |list: &[Word<RiskLevel>]| known(list).any(|level| RISKS.contains(&level));
    if names_a_risk(&conditions.sign_in_risk_levels) {
        return Some(SIGN_IN);
    }
    names_a_risk(&conditions.user_risk_levels).then_some(USER)
}

/// Controls that let a risky user in and leave the risk.
pub(in crate::lint) const NOT_REMEDIATED: Lint = Lint {
    id: "risk-not-remediated",
    severity: Severity::Warning,
    rule: "6.3",
    about: "a risk policy whose controls can be satisfied without ending the risk",
    check: not_remediated,
};

fn not_remediated(subject: &Subject<'_>, found: &mut Found) {
    if subject.blocks() || subject.controls() == 0 || subject.has_unread_control() {
        return;
    }
    match configured_risk(subject) {
        Some(SIGN_IN) if !subject.surely_requires_strong() => found.at(
            "grantControls",
            "a risky sign-in can satisfy these controls without MFA: the risk stays, and so may the attacker",
            "require `mfa` or an authentication strength; a device, terms of use or a custom control end no risk",
        ),
        Some(USER) if !(subject.requires("passwordChange") || subject.requires("riskRemediation")) => found.at(
            "grantControls",
            "none of these controls ends a user risk: the user stays risky however often they are satisfied",
            "require `riskRemediation` with an authentication strength, or `passwordChange` and `mfa`, or block",
        ),
        _ => {}
    }
}
