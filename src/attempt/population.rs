//! Which rows count: error codes as a table (7.2), what is set aside (C2), what reached
//! Conditional Access (POP-1 … POP-7, C6, C29).

use std::collections::BTreeMap;

use crate::domain::{fold, folded};
use crate::frame::{AppliedPolicy, Code, Column, NOT_RECORDED, SignInFrame};

use super::rows::Rows;

/// Class of an error code (POP-1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Success.
    Ok,
    /// Stopped by Conditional Access.
    CaBlock,
    /// An interrupt raised by Conditional Access or another requirement of MFA.
    CaInt,
    /// After Conditional Access or beside it; the first factor was fine.
    Post,
    /// First factor not passed, or the request was invalid.
    Pre,
    /// Undecided without evidence; also every code that is not listed.
    Ambig,
}

impl Class {
    /// Where rows of one moment stand: other codes before blocks before success (C5).
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Class::Ok => 2,
            Class::CaBlock => 1,
            Class::CaInt | Class::Post | Class::Pre | Class::Ambig => 0,
        }
    }

    /// The word of the reference.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Class::Ok => "OK",
            Class::CaBlock => "CA_BLOCK",
            Class::CaInt => "CA_INT",
            Class::Post => "POST",
            Class::Pre => "PRE",
            Class::Ambig => "AMBIG",
        }
    }
}

/// Error codes and their classes, as semantics 7.2 lists them. Data, to be corrected without code.
#[rustfmt::skip]
const CODES: &[(Class, &[i64])] = &[
    (Class::Ok, &[0]),
    (Class::CaBlock, &[
        50005, 50131, 50155, 50177, 50178, 50187, 53000, 53001, 53002, 53003, 53004, 53008, 53009, 53010, 53011,
        530_003, 530_004, 530_021, 530_031, 530_032, 530_034, 530_035, 530_036,
    ]),
    (Class::CaInt, &[
        50072, 50074, 50076, 50078, 50079, 50097, 50127, 50129, 50135, 50142, 50158, 50161, 70043, 70044, 500_121,
    ]),
    (Class::Post, &[50125, 50140, 50199, 65001, 65004, 90094, 90095]),
    (Class::Pre, &[
        16000, 16001, 16003, 50011, 50012, 50013, 50014, 50020, 50034, 50053, 50055, 50056, 50057, 50058, 50059,
        50064, 50085, 50126, 50128, 50132, 50133, 50143, 50144, 50173, 50192, 50194, 51004, 51006, 500_011, 500_012,
        500_133, 650_052, 650_056, 650_057, 70000, 70002, 70008, 700_003, 700_005, 700_016, 700_082, 700_084,
        7_000_112, 7_000_215, 7_000_218, 7_000_222, 90002, 90014, 90019, 900_144, 90072, 135_010,
    ]),
    (Class::Ambig, &[29200, 50019, 50089, 50105, 50168, 50196, 52004, 500_212, 500_213, 165_100]),
];

/// Ranges of the table: pass-through agents and seamless SSO.
const PRE_RANGES: [std::ops::RangeInclusive<i64>; 2] = [80001..=80014, 81004..=81014];

/// The class of an error code; a code that is not recorded or not listed is ambiguous (POP-4).
#[must_use]
pub fn class(code: Option<i64>) -> Class {
    let Some(code) = code else { return Class::Ambig };
    if PRE_RANGES.iter().any(|range| range.contains(&code)) {
        return Class::Pre;
    }
    CODES.iter().find(|(_, codes)| codes.contains(&code)).map_or(Class::Ambig, |(class, _)| *class)
}

/// Why a row is set aside before grouping (C2), in the order in which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SetAside {
    /// Service principal rows.
    ServicePrincipal,
    /// Managed identity rows.
    ManagedIdentity,
    /// Issued by AD FS.
    Adfs,
    /// Issued by the NPS extension.
    Nps,
    /// The resource belongs to another tenant (USR-3).
    OtherTenant,
    /// Cross-tenant access type `passthrough`.
    Passthrough,
    /// Windows sign-in, which Conditional Access does not cover (APP-12).
    WindowsSignIn,
}

impl SetAside {
    /// All reasons in the order of the waterfall.
    pub const ALL: [SetAside; 7] = [
        SetAside::ServicePrincipal,
        SetAside::ManagedIdentity,
        SetAside::Adfs,
        SetAside::Nps,
        SetAside::OtherTenant,
        SetAside::Passthrough,
        SetAside::WindowsSignIn,
    ];

    /// The word in the waterfall.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            SetAside::ServicePrincipal => "servicePrincipal",
            SetAside::ManagedIdentity => "managedIdentity",
            SetAside::Adfs => "adfs",
            SetAside::Nps => "nps",
            SetAside::OtherTenant => "otherTenant",
            SetAside::Passthrough => "passthrough",
            SetAside::WindowsSignIn => "windowsSignIn",
        }
    }
}

const WINDOWS_SIGN_IN: &str = "38aa3b87-a06d-4817-b275-7a389988d93b";

/// Why rows are set aside, by the texts that say so.
#[derive(Debug)]
pub struct SetAsides {
    by_event: Vec<Event>,
    by_issuer: Vec<Option<SetAside>>,
    is_other_tenant: Vec<bool>,
    is_passthrough: Vec<bool>,
    is_windows: [Vec<bool>; 2],
}

/// What the event of a row says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Event {
    ManagedIdentity,
    ServicePrincipal,
    Adfs,
    Other,
}

impl SetAsides {
    /// Reads every distinct text.
    #[must_use]
    pub fn read(frame: &SignInFrame, own_tenant: Option<&str>) -> SetAsides {
        let is = |column: Column, word: &str| -> Vec<bool> {
            frame.dictionary(column).iter().map(|text| text.eq_ignore_ascii_case(word)).collect()
        };
        let event = |text: &str| {
            let words = [
                ("managedIdentity", Event::ManagedIdentity),
                ("servicePrincipal", Event::ServicePrincipal),
                ("adfs", Event::Adfs),
            ];
            words.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map_or(Event::Other, |(_, event)| *event)
        };
        let issuer = |text: &str| {
            let issuer = fold(text);
            if issuer.starts_with("adfederationservices") {
                Some(SetAside::Adfs)
            } else {
                (issuer == "npsextension").then_some(SetAside::Nps)
            }
        };
        let is_other_tenant = |text: &str| !text.is_empty() && own_tenant != Some(&*fold(text));
        SetAsides {
            by_event: frame.dictionary(Column::SignInEventType).iter().map(event).collect(),
            by_issuer: frame.dictionary(Column::TokenIssuerType).iter().map(issuer).collect(),
            is_other_tenant: frame.dictionary(Column::ResourceTenantId).iter().map(is_other_tenant).collect(),
            is_passthrough: is(Column::CrossTenantAccessType, "passthrough"),
            is_windows: [is(Column::AppId, WINDOWS_SIGN_IN), is(Column::AppDisplayName, "Windows Sign In")],
        }
    }

    /// Whether and why a row is set aside.
    #[must_use]
    pub fn of(&self, frame: &SignInFrame, row: usize, has_user: bool) -> Option<SetAside> {
        fn at<T: Copy>(list: &[T], code: Code) -> Option<T> {
            list.get(code as usize).copied()
        }
        let is = |list: &[bool], column: Column| at(list, frame.code(column, row)) == Some(true);
        let event = at(&self.by_event, frame.code(Column::SignInEventType, row)).unwrap_or(Event::Other);
        let issuer = at(&self.by_issuer, frame.code(Column::TokenIssuerType, row)).flatten();
        let [app, name] = &self.is_windows;
        if event == Event::ManagedIdentity {
            Some(SetAside::ManagedIdentity)
        } else if event == Event::ServicePrincipal
            || (!has_user && frame.code(Column::ServicePrincipalId, row) != NOT_RECORDED)
        {
            Some(SetAside::ServicePrincipal)
        } else if event == Event::Adfs {
            Some(SetAside::Adfs)
        } else if issuer.is_some() {
            issuer
        } else if is(&self.is_other_tenant, Column::ResourceTenantId) {
            Some(SetAside::OtherTenant)
        } else if is(&self.is_passthrough, Column::CrossTenantAccessType) {
            Some(SetAside::Passthrough)
        } else if is(app, Column::AppId) || is(name, Column::AppDisplayName) {
            Some(SetAside::WindowsSignIn)
        } else {
            None
        }
    }
}

/// Rows by folded resource tenant, for those that record it: adds up over the rows of different people.
#[must_use]
pub fn resource_tenants(unique: &SignInFrame) -> BTreeMap<String, u64> {
    let names: Vec<String> = unique.dictionary(Column::ResourceTenantId).iter().map(folded).collect();
    let mut rows = vec![0_u64; names.len()];
    for code in unique.codes(Column::ResourceTenantId) {
        if let Some(rows) = rows.get_mut(*code as usize) {
            *rows += 1;
        }
    }
    let mut tenants = BTreeMap::new();
    for (name, rows) in names.into_iter().zip(rows).filter(|(name, rows)| !name.is_empty() && *rows > 0) {
        *tenants.entry(name).or_default() += rows;
    }
    tenants
}

/// Whose policies are judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnTenant {
    /// Folded; none if nobody says so and no row records a resource tenant.
    pub id: Option<String>,
    /// Where it comes from, in words.
    pub source: &'static str,
}

impl OwnTenant {
    /// As given, else the most frequent resource tenant of all rows (C2).
    #[must_use]
    pub fn of(tenants: &BTreeMap<String, u64>, given: Option<&str>) -> OwnTenant {
        if let Some(given) = given {
            return OwnTenant { id: Some(folded(given)), source: "as given" };
        }
        // Ties: the smallest text, which a map in order meets first.
        let mut most: Option<(&str, u64)> = None;
        for (name, count) in tenants {
            if most.is_none_or(|(_, best)| *count > best) {
                most = Some((name, *count));
            }
        }
        match most {
            Some((name, _)) => OwnTenant { id: Some(name.to_owned()), source: "the most frequent resource tenant" },
            None => OwnTenant { id: None, source: "not recorded" },
        }
    }
}

/// Evidence that a row reached Conditional Access, whatever its code (POP-2).
#[must_use]
pub fn evaluated(applied: &[AppliedPolicy], status: Option<&str>) -> bool {
    Results::of(applied).show_evaluation(status.is_some_and(is_decided))
}

/// Whether `conditionalAccessStatus` says that policies came to a result.
#[must_use]
pub fn is_decided(status: &str) -> bool {
    matches!(&*fold(status), "success" | "failure")
}

/// What the results of a list of policies say about whether the row reached Conditional Access.
#[derive(Clone, Copy, Debug, Default)]
pub struct Results {
    any_switched_on: bool,
    any_decided: bool,
}

impl Results {
    /// Reads a list.
    #[must_use]
    pub fn of(applied: &[AppliedPolicy]) -> Results {
        let decided = ["success", "failure", "reportonlysuccess", "reportonlyfailure", "reportonlyinterrupted"];
        let mut results = Results::default();
        for policy in applied {
            let result = fold(&policy.result);
            results.any_switched_on |= result != "notenabled";
            results.any_decided |= decided.contains(&&*result);
        }
        results
    }

    /// POP-2, given what `conditionalAccessStatus` says.
    #[must_use]
    pub fn show_evaluation(self, status_is_decided: bool) -> bool {
        self.any_switched_on && (status_is_decided || self.any_decided)
    }
}

/// Whether a row reached Conditional Access (POP-1 … POP-4, C6, C29).
#[must_use]
pub fn reached(class: Class, results: Results, status_is_decided: bool) -> bool {
    match class {
        Class::Ok | Class::CaBlock | Class::CaInt => true,
        // C29: a consent prompt shows `notApplied` for users in scope: it was stopped before the end.
        Class::Post => !results.any_switched_on || results.show_evaluation(status_is_decided),
        Class::Pre | Class::Ambig => results.show_evaluation(status_is_decided),
    }
}

/// Why an attempt is outside the population, by its last row.
#[must_use]
pub fn why_not_reached(facts: &Rows<'_>, rows: &[usize]) -> &'static str {
    let Some(last) = rows.last().copied() else { return "empty" };
    match facts.class(last) {
        // POP-7: most risky failures are wrong passwords, stopped before any policy.
        Class::Pre if matches!(facts.error_code(last), Some(50126 | 50053)) => "wrongPasswordOrLocked",
        Class::Pre => "beforeConditionalAccess",
        Class::Post => "stoppedBeforeTheEnd",
        Class::Ok | Class::CaBlock | Class::CaInt | Class::Ambig => "ambiguousCode",
    }
}

#[cfg(test)]
mod tests {
    use super::{Class, Results, class, evaluated, is_decided};
    use crate::frame::AppliedPolicy;

    fn applied(results: &[&str]) -> Vec<AppliedPolicy> {
        results
            .iter()
            .map(|result| AppliedPolicy { result: (*result).to_owned(), ..AppliedPolicy::default() })
            .collect()
    }

    #[test]
    fn codes_are_classed_as_the_table_says_and_strangers_are_ambiguous() {
        for (code, expected) in [
            (0, Class::Ok),
            (50126, Class::Pre),
            (53003, Class::CaBlock),
            (50074, Class::CaInt),
            (50140, Class::Post),
            (50105, Class::Ambig),
            (80007, Class::Pre),
            (81010, Class::Pre),
            (123_456, Class::Ambig),
        ] {
            assert_eq!(class(Some(code)), expected, "{code}");
        }
        assert_eq!(class(None), Class::Ambig);
    }

    #[test]
    fn evidence_overrides_the_class_but_switched_off_policies_are_none() {
        assert!(evaluated(&applied(&["reportOnlyInterrupted"]), None));
        assert!(evaluated(&applied(&["notApplied"]), Some("success")));
        assert!(!evaluated(&applied(&["notApplied"]), Some("notApplied")));
        assert!(!evaluated(&applied(&["notEnabled"]), Some("success")));
        assert!(!evaluated(&[], Some("success")));
    }

    fn reached(class: Class, applied: &[AppliedPolicy], status: Option<&str>) -> bool {
        super::reached(class, Results::of(applied), status.is_some_and(is_decided))
    }

    #[test]
    fn a_consent_prompt_with_policies_not_applied_was_stopped_before_the_end() {
        assert!(!reached(Class::Post, &applied(&["notApplied"]), Some("notApplied")));
        assert!(reached(Class::Post, &[], Some("notApplied")));
        assert!(reached(Class::Post, &applied(&["success"]), Some("notApplied")));
    }
}
