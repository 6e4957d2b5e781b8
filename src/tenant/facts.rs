//! The list of facts: for the manual, for `inspect`, and for the column `missing`.

/// One fact that a tenant folder can supply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
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
        files: &["namedLocations.json"],
        holds: "GET /identity/conditionalAccess/namedLocations",
        missing: "namedLocations",
    },
    Fact {
        files: &["groups/<id>.json", "groups.csv"],
        holds: "GET /groups/{id}/transitiveMembers, or columns groupId,userId; every group named is complete",
        missing: "group:<id>",
    },
    Fact {
        files: &["roles/<id>.json", "roles.csv"],
        holds: "active members of directory roles, or columns roleTemplateId,userId; every role named is complete",
        missing: "role:<id>",
    },
    Fact {
        files: &["users.json", "users.csv"],
        holds: "id, userPrincipalName, userType, creationType, externalUserState, onPremisesSyncEnabled",
        missing: "users",
    },
    Fact {
        files: &["userRegistrationDetails.json", "userRegistrationDetails.csv"],
        holds: "GET /reports/authenticationMethods/userRegistrationDetails, or the admin center's CSV",
        missing: "userRegistrationDetails",
    },
    Fact {
        files: &["riskyUserHistory.json"],
        holds: "GET /identityProtection/riskyUsers/{id}/history",
        missing: "riskyUserHistory",
    },
    Fact { files: &["riskyUsers.json"], holds: "GET /identityProtection/riskyUsers", missing: "riskyUsers" },
    Fact {
        files: &["riskDetections.json"],
        holds: "GET /identityProtection/riskDetections",
        missing: "riskDetections",
    },
    Fact { files: &["devices.json"], holds: "GET /devices", missing: "devices" },
    Fact {
        files: &["authenticationStrengthPolicies.json"],
        holds: "GET /policies/authenticationStrengthPolicies",
        missing: "authenticationStrengthPolicies",
    },
    Fact {
        files: &["servicePrincipals.json"],
        holds: "GET /servicePrincipals: appId, appOwnerOrganizationId",
        missing: "servicePrincipals",
    },
    Fact {
        files: &["agreementAcceptances.json"],
        holds: "acceptances of terms of use: agreementId, userId, state",
        missing: "agreementAcceptances",
    },
    Fact {
        files: &["office365Apps.csv"],
        holds: "appId,displayName: replaces the built-in list behind Office365",
        missing: "office365Apps",
    },
    Fact { files: &["tenant.toml"], holds: "tenant-id and break-glass, privileged-roles", missing: "tenant-id" },
    Fact {
        files: &["tenant.toml"],
        holds: "mfa-trusted-ips: addresses of the legacy MFA settings",
        missing: "mfa-trusted-ips",
    },
    Fact {
        files: &["tenant.toml"],
        holds: "inbound-mfa-trust: \"all\", \"none\" or home tenants",
        missing: "inbound-mfa-trust",
    },
    Fact {
        files: &["tenant.toml"],
        holds: "inbound-device-trust: \"all\", \"none\" or home tenants",
        missing: "inbound-device-trust",
    },
    Fact { files: &["tenant.toml"], holds: "password-writeback: true or false", missing: "password-writeback" },
];
