//! The list of templates. A new one is a JSON file and an entry here, in the order of names.

use super::Template;

const fn template(
    name: &'static str,
    id: Option<&'static str>,
    title: &'static str,
    description: &'static str,
    json: &'static str,
) -> Template {
    Template { name, id, title, description, json: Some(json), unavailable: None }
}

const fn unavailable(
    name: &'static str,
    id: Option<&'static str>,
    title: &'static str,
    description: &'static str,
    why: &'static str,
) -> Template {
    Template { name, id, title, description, json: None, unavailable: Some(why) }
}

pub(super) const TEMPLATES: &[Template] = &[
    template(
        "account-recovery-with-verified-id-preview",
        Some("6acdf4c3-6815-485c-a57d-2c349d517ba0"),
        "Account recovery with verified ID (preview)",
        "asks members of the tenant for a verified ID when they recover their account",
        include_str!("account-recovery-with-verified-id-preview.json"),
    ),
    template(
        "block-access-for-unknown-or-unsupported-device-platform",
        Some("4e39a309-931e-4cb1-a371-e2beea168002"),
        "Block access for unknown or unsupported device platform",
        "blocks devices that name no platform or one that no policy can name",
        include_str!("block-access-for-unknown-or-unsupported-device-platform.json"),
    ),
    template(
        "block-access-for-users-with-insider-risk",
        Some("16aaa400-bfdf-4756-a420-ad2245d4cde8"),
        "Block access for users with insider risk",
        "blocks Office 365 for users whose insider risk is elevated",
        include_str!("block-access-for-users-with-insider-risk.json"),
    ),
    unavailable(
        "block-all-agent-identities-from-accessing-resources",
        Some("c5bf9137-a43c-48e1-9d13-8258b31b855d"),
        "Block all agent identities from accessing resources",
        "blocks agents",
        "it is not in this program's reference, and concerns agents only",
    ),
    unavailable(
        "block-all-agent-users-from-accessing-resources",
        Some("376d9923-7f15-40c2-830b-3312120f1eed"),
        "Block all agent users from accessing resources",
        "blocks agents that have a user account",
        "it is not in this program's reference, and concerns agents only",
    ),
    template(
        "block-high-risk-agent-identities",
        Some("6bdcbbb7-ebd1-4f8f-a02f-652db0e3665d"),
        "Block high risk agent identities",
        "blocks agents of high risk; people are not touched",
        include_str!("block-high-risk-agent-identities.json"),
    ),
    template(
        "block-legacy-authentication",
        Some("0b2282f9-2862-4178-88b5-d79340b36cb8"),
        "Block legacy authentication",
        "blocks clients that cannot answer a challenge",
        include_str!("block-legacy-authentication.json"),
    ),
    template(
        "microsoft-managed-block-device-code-flow",
        None,
        "Microsoft-managed: Block device code flow",
        "blocks signing in with a device code",
        include_str!("microsoft-managed-block-device-code-flow.json"),
    ),
    template(
        "microsoft-managed-block-legacy-authentication",
        None,
        "Microsoft-managed: Block legacy authentication",
        "blocks clients that cannot answer a challenge",
        include_str!("microsoft-managed-block-legacy-authentication.json"),
    ),
    template(
        "microsoft-managed-multifactor-authentication-and-reauthentication-for-risky-sign-ins",
        None,
        "Microsoft-managed: Multifactor authentication and reauthentication for risky sign-ins",
        "asks for a fresh MFA when the sign-in risk is high; guests are left out",
        include_str!("microsoft-managed-multifactor-authentication-and-reauthentication-for-risky-sign-ins.json"),
    ),
    template(
        "microsoft-managed-multifactor-authentication-for-admins-accessing-microsoft-admin-portals",
        None,
        "Microsoft-managed: Multifactor authentication for admins accessing Microsoft Admin Portals",
        "asks holders of 14 administrative roles for MFA at the admin portals",
        include_str!("microsoft-managed-multifactor-authentication-for-admins-accessing-microsoft-admin-portals.json"),
    ),
    template(
        "microsoft-managed-multifactor-authentication-for-all-users",
        None,
        "Microsoft-managed: Multifactor authentication for all users",
        "asks everyone for MFA",
        include_str!("microsoft-managed-multifactor-authentication-for-all-users.json"),
    ),
    unavailable(
        "microsoft-managed-multifactor-authentication-for-per-user-mfa-users",
        None,
        "Microsoft-managed: Multifactor authentication for per-user MFA users",
        "asks the users of per-user MFA for MFA",
        "it names users of one tenant: export it from the tenant",
    ),
    unavailable(
        "microsoft-managed-security-defaults-replacements",
        None,
        "Microsoft-managed: Security defaults replacements",
        "take the place of security defaults",
        "it stands for four policies: `block-legacy-authentication`, `require-mfa-for-azure-management`, `require-mfa-for-admins`, `require-mfa-for-all-users`",
    ),
    template(
        "no-persistent-browser-session",
        Some("62e51ccc-c9c3-4554-ac70-066172c81007"),
        "No persistent browser session",
        "ends browser sessions on unmanaged devices and asks for a fresh sign-in every hour",
        include_str!("no-persistent-browser-session.json"),
    ),
    template(
        "require-compliant-or-hybrid-joined-device-for-admins",
        Some("c26a510a-3b8b-4023-8c44-d4f4c854e9f9"),
        "Require compliant or hybrid joined device for admins",
        "lets holders of 14 administrative roles in from managed devices only",
        include_str!("require-compliant-or-hybrid-joined-device-for-admins.json"),
    ),
    template(
        "require-compliant-or-hybrid-joined-device-or-mfa-for-all-users",
        Some("927c884e-7888-4e81-abc4-bd56ded28985"),
        "Require compliant or hybrid joined device or MFA for all users",
        "asks everyone for MFA or a managed device, but for directory synchronization accounts",
        include_str!("require-compliant-or-hybrid-joined-device-or-mfa-for-all-users.json"),
    ),
    template(
        "require-mdm-enrolled-and-compliant-device-for-all-users",
        Some("a297dd1a-21fe-4016-99a0-ba43ba64378c"),
        "Require MDM-enrolled and compliant device for all users",
        "lets everyone in from compliant devices only, but for directory synchronization accounts",
        include_str!("require-mdm-enrolled-and-compliant-device-for-all-users.json"),
    ),
    template(
        "require-mfa-for-admins",
        Some("c7503427-338e-4c5e-902d-abe252abfb43"),
        "Require MFA for admins",
        "asks holders of 14 administrative roles for MFA everywhere",
        include_str!("require-mfa-for-admins.json"),
    ),
    template(
        "require-mfa-for-all-users",
        Some("a3d0a415-b068-4326-9251-f9cdf9feeb64"),
        "Require MFA for all users",
        "asks everyone for MFA, but for directory synchronization accounts",
        include_str!("require-mfa-for-all-users.json"),
    ),
    template(
        "require-mfa-for-azure-management",
        Some("d8c51a9a-e6b1-454d-86af-554e7872e2c1"),
        "Require MFA for Azure management",
        "asks everyone for MFA at the Azure management API",
        include_str!("require-mfa-for-azure-management.json"),
    ),
    template(
        "require-mfa-for-guest-access",
        Some("a4072ac0-722b-4991-981b-7f9755daef14"),
        "Require MFA for guest access",
        "asks guests and external users for MFA",
        include_str!("require-mfa-for-guest-access.json"),
    ),
    template(
        "require-mfa-for-microsoft-admin-portals",
        Some("6364131e-bc4a-47c4-a20b-33492d1fff6c"),
        "Require MFA for Microsoft admin portals",
        "asks holders of 14 administrative roles for MFA at the admin portals",
        include_str!("require-mfa-for-microsoft-admin-portals.json"),
    ),
    template(
        "require-mfa-for-risky-sign-ins",
        Some("6b619f55-792e-45dc-9711-d83ec9d7ae90"),
        "Require MFA for risky sign-ins",
        "asks for a fresh MFA when the sign-in risk is medium or high",
        include_str!("require-mfa-for-risky-sign-ins.json"),
    ),
    template(
        "require-password-change-for-high-risk-users",
        Some("634b6de7-c38d-4357-a2c7-3842706eedd7"),
        "Require password change for high-risk users",
        "asks for MFA and a new password when the user risk is high",
        include_str!("require-password-change-for-high-risk-users.json"),
    ),
    template(
        "require-phishing-resistant-mfa-for-admins",
        Some("76c03f19-ea37-4656-a772-a183b4ddb81d"),
        "Require phishing-resistant MFA for admins",
        "asks holders of 19 administrative roles for phishing-resistant MFA",
        include_str!("require-phishing-resistant-mfa-for-admins.json"),
    ),
    template(
        "securing-security-info-registration",
        Some("b8bda7f8-6584-4446-bce9-d871480e53fa"),
        "Securing security info registration",
        "asks for MFA when security information is registered outside trusted locations",
        include_str!("securing-security-info-registration.json"),
    ),
    template(
        "use-application-enforced-restrictions-for-o365-apps",
        Some("81fd2072-4876-42b6-8157-c6000693046b"),
        "Use application enforced restrictions for O365 apps",
        "lets Office 365 applications limit sessions on unmanaged devices",
        include_str!("use-application-enforced-restrictions-for-o365-apps.json"),
    ),
];
