//! Guests: what they cannot do here, and filters on them that say nothing (semantics 2.1, 6.5, DVC-4).

use crate::diagnostic::Severity;
use crate::domain::{GuestType, folded};
use crate::lint::Lint;
use crate::lint::subject::{GUEST_TYPES, Subject, holds, known};

const INCLUDE: &str = "conditions.users.includeGuestsOrExternalUsers";

/// Guests whose account is at home elsewhere: those that are in the directory.
const INVITED: [GuestType; 2] = [GuestType::B2bCollaborationGuest, GuestType::B2bCollaborationMember];

/// Whether guests are named, and not only part of everybody.
fn names_guests(subject: &Subject<'_>) -> bool {
    let users = subject.users();
    let guests = users.include_guests_or_external_users.as_ref();
    let types = guests.map(|guests| known(&guests.guest_or_external_user_types).collect::<Vec<_>>());
    holds(&users.include_users, "GuestsOrExternalUsers")
        || types
            .is_some_and(|types| types.iter().any(|kind| *kind != GuestType::None && *kind != GuestType::InternalGuest))
}

/// A password change that guests cannot do.
pub(in crate::lint) const CANNOT_REMEDIATE: Lint = Lint {
    id: "guests-cannot-remediate",
    severity: Severity::Warning,
    rule: "6.5",
    about: "guests are in scope of a password change or risk remediation, which they cannot do here: they are blocked",
    check: |subject, found| {
        let asks = subject.requires("passwordChange") || subject.requires("riskRemediation");
        let excluded = INVITED.into_iter().all(|kind| subject.excludes_guest(kind));
        let included = names_guests(subject) || subject.includes_all_users();
        if asks && included && !excluded && !subject.is_or() {
            found.at(
                if names_guests(subject) { INCLUDE } else { "conditions.users" },
                "guests are in scope and can end their user risk only at home: they are blocked here until they have",
                "exclude guests and external users, and require MFA of them in another policy",
            );
        }
    },
};

/// Controls on apps that guests do not have.
pub(in crate::lint) const NO_APP_CONTROLS: Lint = Lint {
    id: "guests-have-no-app-controls",
    severity: Severity::Warning,
    rule: "DVC-4",
    about: "a policy for guests that requires an approved or protected app, which guests do not have",
    check: |subject, found| {
        let is_app = |word: &String| matches!(folded(word).as_str(), "approvedapplication" | "compliantapplication");
        let apps = subject.grant().built_in_controls.iter().filter(|word| is_app(word)).count();
        let needed = if subject.is_or() { apps == subject.controls() } else { apps > 0 };
        if names_guests(subject) && apps > 0 && needed {
            found.at(
                "grantControls.builtInControls",
                "approved and protected apps are not available to guests: the policy blocks them",
                "require something that guests can satisfy, such as `mfa`",
            );
        }
    },
};

/// A list of tenants that names none.
pub(in crate::lint) const NO_TENANT: Lint = Lint {
    id: "guests-of-no-tenant",
    severity: Severity::Error,
    rule: "USR-4",
    about: "guests of enumerated tenants, and no tenant is named",
    check: |subject, found| {
        let users = subject.users();
        for (pointer, guests) in [
            ("conditions.users.includeGuestsOrExternalUsers.externalTenants", &users.include_guests_or_external_users),
            ("conditions.users.excludeGuestsOrExternalUsers.externalTenants", &users.exclude_guests_or_external_users),
        ] {
            let tenants = guests.as_ref().and_then(|guests| guests.external_tenants.as_ref());
            let enumerates = |kind: &String| folded(kind) == "enumerated";
            if tenants.is_some_and(|it| it.members.is_empty() && it.membership_kind.as_ref().is_some_and(enumerates)) {
                found.at(
                    pointer,
                    "guests of enumerated tenants, and `members` names no tenant: nobody is meant",
                    "name tenants by their ids, or write `membershipKind` `all`",
                );
            }
        }
    },
};

/// Tenants of guests who are at home here.
pub(in crate::lint) const TENANTS_OF_INTERNAL: Lint = Lint {
    id: "tenants-of-internal-guests",
    severity: Severity::Warning,
    rule: "C9",
    about: "a list of tenants for internal guests, whom it does not restrict",
    check: |subject, found| {
        let Some(guests) = &subject.users().include_guests_or_external_users else { return };
        let names_tenants = guests.external_tenants.as_ref().is_some_and(|tenants| !tenants.members.is_empty());
        let types: Vec<GuestType> = known(&guests.guest_or_external_user_types).collect();
        if names_tenants && types.contains(&GuestType::InternalGuest) {
            found.at(
                INCLUDE,
                "internal guests belong to this tenant: the list of tenants does not restrict them",
                "leave `internalGuest` out, or the list of tenants",
            );
        }
    },
};

/// Direct connect reaches collaboration, and the other way round.
pub(in crate::lint) const DIRECT_CONNECT: Lint = Lint {
    id: "direct-connect-reaches-further",
    severity: Severity::Note,
    rule: "USR-6",
    about: "a policy for direct connect users also reaches collaboration users of Teams, which is not replayed",
    check: |subject, found| {
        let Some(guests) = &subject.users().include_guests_or_external_users else { return };
        let types: Vec<GuestType> =
            known(&guests.guest_or_external_user_types).filter(|kind| GUEST_TYPES.contains(kind)).collect();
        let direct = types.contains(&GuestType::B2bDirectConnectUser);
        let collaboration = INVITED.iter().any(|kind| types.contains(kind));
        if direct && !collaboration {
            found.at(
                INCLUDE,
                "a policy for direct connect users also reaches collaboration users of Teams and SharePoint; the replay \
                 takes the type as written",
                "name the collaboration types too if they are meant",
            );
        }
    },
};
