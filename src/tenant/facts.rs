//! The list of facts: for the manual, for `inspect`, for `collect`, and for the column `missing`.

/// A fact by its name in the program. Adding one breaks every `match` until it is answered for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactName {
    /// Named locations.
    NamedLocations,
    /// Members of groups.
    Groups,
    /// Holders of directory roles.
    Roles,
    /// Users of the directory.
    Users,
    /// The registration report.
    Registration,
    /// Risk of users over time.
    RiskyUserHistory,
    /// Risk of users now.
    RiskyUsers,
    /// Risk detections.
    RiskDetections,
    /// Devices of the directory.
    Devices,
    /// Authentication strengths.
    Strengths,
    /// Owners of applications.
    ServicePrincipals,
    /// Acceptances of terms of use.
    Agreements,
    /// What stands behind `Office365`.
    Office365Apps,
    /// The own tenant, and who is to be watched in it.
    TenantId,
    /// Addresses of the legacy MFA settings.
    MfaTrustedIps,
    /// Whose MFA claims are trusted.
    InboundMfaTrust,
    /// Whose device claims are trusted.
    InboundDeviceTrust,
    /// Whether a new password reaches the directory on premises.
    PasswordWriteback,
}

/// One fact that a tenant folder can supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which one it is.
    pub name: FactName,
    /// Where it is read from, in the folder. `<id>` stands for any id; several files are alternatives.
    pub files: &'static [&'static str],
    /// What it holds, and where that comes from.
    pub holds: &'static str,
    /// Its name in the column `missing` (contract section 4). `<id>` is filled in.
    pub missing: &'static str,
}

/// Every fact, in the order of the contract.
pub const FACTS: &[Fact] = &[
    Fact {
        name: FactName::NamedLocations,
        files: &["namedLocations.json"],
        holds: "GET /identity/conditionalAccess/namedLocations",
        missing: "namedLocations",
    },
    Fact {
        name: FactName::Groups,
        files: &["groups/<id>.json", "groups.csv"],
        holds: "GET /groups/{id}/transitiveMembers, or columns groupId,userId; every group named is complete",
        missing: "group:<id>",
    },
    Fact {
        name: FactName::Roles,
        files: &["roles/<id>.json", "roles.csv"],
        holds: "active members of directory roles, or columns roleTemplateId,userId; every role named is complete",
        missing: "role:<id>",
    },
    Fact {
        name: FactName::Users,
        files: &["users.json", "users.csv"],
        holds: "id, userPrincipalName, userType, creationType, externalUserState, onPremisesSyncEnabled",
        missing: "users",
    },
    Fact {
        name: FactName::Registration,
        files: &["userRegistrationDetails.json", "userRegistrationDetails.csv"],
        holds: "GET /reports/authenticationMethods/userRegistrationDetails, or the admin center's CSV",
        missing: "userRegistrationDetails",
    },
    Fact {
        name: FactName::RiskyUserHistory,
        files: &["riskyUserHistory.json"],
        holds: "GET /identityProtection/riskyUsers/{id}/history",
        missing: "riskyUserHistory",
    },
    Fact {
        name: FactName::RiskyUsers,
        files: &["riskyUsers.json"],
        holds: "GET /identityProtection/riskyUsers",
        missing: "riskyUsers",
    },
    Fact {
        name: FactName::RiskDetections,
        files: &["riskDetections.json"],
        holds: "GET /identityProtection/riskDetections",
        missing: "riskDetections",
    },
    Fact { name: FactName::Devices, files: &["devices.json"], holds: "GET /devices", missing: "devices" },
    Fact {
        name: FactName::Strengths,
        files: &["authenticationStrengthPolicies.json"],
        holds: "GET /policies/authenticationStrengthPolicies",
        missing: "authenticationStrengthPolicies",
    },
    Fact {
        name: FactName::ServicePrincipals,
        files: &["servicePrincipals.json"],
        holds: "GET /servicePrincipals: appId, appOwnerOrganizationId",
        missing: "servicePrincipals",
    },
    Fact {
        name: FactName::Agreements,
        files: &["agreementAcceptances.json"],
        holds: "acceptances of terms of use: agreementId, userId, state",
        missing: "agreementAcceptances",
    },
    Fact {
        name: FactName::Office365Apps,
        files: &["office365Apps.csv"],
        holds: "appId,displayName: replaces the built-in list behind Office365",
        missing: "office365Apps",
    },
    Fact {
        name: FactName::TenantId,
        files: &["tenant.toml"],
        holds: "tenant-id and break-glass, privileged-roles",
        missing: "tenant-id",
    },
    Fact {
        name: FactName::MfaTrustedIps,
        files: &["tenant.toml"],
        holds: "mfa-trusted-ips: addresses of the legacy MFA settings",
        missing: "mfa-trusted-ips",
    },
    Fact {
        name: FactName::InboundMfaTrust,
        files: &["tenant.toml"],
        holds: "inbound-mfa-trust: \"all\", \"none\" or home tenants",
        missing: "inbound-mfa-trust",
    },
    Fact {
        name: FactName::InboundDeviceTrust,
        files: &["tenant.toml"],
        holds: "inbound-device-trust: \"all\", \"none\" or home tenants",
        missing: "inbound-device-trust",
    },
    Fact {
        name: FactName::PasswordWriteback,
        files: &["tenant.toml"],
        holds: "password-writeback: true or false",
        missing: "password-writeback",
    },
];
