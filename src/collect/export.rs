//! How each fact of a tenant is exported: the one place that knows where Microsoft Graph keeps it.
//!
//! Closed over [`FactName`]: whoever adds a fact says here when it is needed and how it is had, or why it
//! cannot be. The files and shapes are those that [`crate::tenant`] reads.

use std::collections::BTreeSet;

use crate::tenant::FactName;

use super::quote::list;
use super::reads::Reads;

/// The export of one fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Export {
    /// What it is: stands over the statement and beside the permissions.
    pub(super) what: &'static str,
    /// Permissions of Microsoft Graph: to read, and the least that do.
    pub(super) scopes: &'static [&'static str],
    /// Functions that the statement calls.
    pub(super) functions: &'static [&'static str],
    /// What goes into the script.
    pub(super) statement: Statement,
}

/// What goes into the script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Statement {
    /// Writes files of its own.
    Files(String),
    /// Gives a line of `tenant.toml`.
    Setting(String),
}

/// Sign-ins, which every replay needs.
pub(super) fn sign_ins() -> Export {
    let statement = Statement::Files(include_str!("part/sign_ins.ps1").to_owned());
    Export { what: "sign-ins", scopes: &["AuditLog.Read.All"], functions: &[], statement }
}

/// The policies there are: the permission to read them also tells which of them each sign-in records (POP-3).
pub(super) fn policies() -> Export {
    let statement = "Save-File 'policies.json' { Get-Pages 'beta/identity/conditionalAccess/policies' }\n";
    Export {
        what: "the policies there are, and those that sign-ins record",
        scopes: &["Policy.Read.All"],
        functions: &[],
        statement: Statement::Files(statement.to_owned()),
    }
}

const IDS: &str = include_str!("part/ids.ps1");
const ROLE_HOLDERS: &str = include_str!("part/role_holders.ps1");
const RISKY_USER_HISTORY: &str = include_str!("part/risky_user_history.ps1");
const TRUST: &str = include_str!("part/trust.ps1");

/// Every attribute that a device filter may name, by Graph's name, and what joins a device to its rows.
///
/// All of them, whatever these policies name: an attribute that an export lacks is null and not unknown (C16),
/// and the next policy would be told so.
const DEVICE: &[&str] = &[
    "deviceId",
    "displayName",
    "deviceOwnership",
    "enrollmentProfileName",
    "extensionAttributes",
    "isCompliant",
    "manufacturer",
    "mdmAppId",
    "model",
    "operatingSystem",
    "operatingSystemVersion",
    "physicalIds",
    "profileType",
    "systemLabels",
    "trustType",
];

/// How a fact is exported for policies that read this. None: not needed, or Microsoft Graph does not have it.
pub(super) fn export(fact: FactName, reads: &Reads) -> Option<Export> {
    match fact {
        FactName::NamedLocations => reads.named_locations.then(|| {
            let uri = "v1.0/identity/conditionalAccess/namedLocations";
            one("named locations", &["Policy.Read.All"], "namedLocations.json", uri)
        }),
        FactName::Groups => (!reads.groups.is_empty()).then(|| Export {
            what: "members of the groups that the policies name",
            scopes: &["GroupMember.Read.All"],
            functions: &[],
            statement: Statement::Files(each(
                "group",
                &reads.groups,
                "Save-File \"tenant/groups/$group.json\" \
                 { Get-Pages ('v1.0/groups/{0}/transitiveMembers?$select=id&$top=999' -f $group) }",
            )),
        }),
        FactName::Roles => (!reads.roles.is_empty()).then(|| Export {
            what: "holders of the roles that the policies name",
            // A role may be held by a group (USR-11).
            scopes: &["RoleManagement.Read.Directory", "GroupMember.Read.All"],
            functions: &[IDS, ROLE_HOLDERS],
            statement: Statement::Files(each(
                "role",
                &reads.roles,
                "Save-File \"tenant/roles/$role.json\" { Get-RoleHolders $role }",
            )),
        }),
        FactName::Users if reads.passwords => {
            let uri = "v1.0/users?$top=999&$select=\
                       id,userPrincipalName,userType,creationType,externalUserState,onPremisesSyncEnabled";
            Some(anew(one("users, and whether they come from a directory on premises", USERS, "users.json", uri)))
        }
        FactName::Users => reads.guests.then(|| {
            let uri = "v1.0/users?$top=999&$filter=userType%20eq%20%27Guest%27&$select=\
                       id,userPrincipalName,userType,creationType,externalUserState,onPremisesSyncEnabled";
            anew(one("guests, and of which kind they are", USERS, "users.json", uri))
        }),
        FactName::Registration => reads.registration.then(|| {
            let uri = "v1.0/reports/authenticationMethods/userRegistrationDetails";
            let what = "which authentication methods users have registered";
            one(what, &["AuditLog.Read.All"], "userRegistrationDetails.json", uri)
        }),
        FactName::RiskyUserHistory => reads.user_risk.then(|| Export {
            what: "the risk of users over time",
            scopes: RISKY_USERS,
            functions: &[IDS, RISKY_USER_HISTORY],
            statement: Statement::Files("Save-File 'tenant/riskyUserHistory.json' { Get-RiskyUserHistory }\n".into()),
        }),
        // Of use where the history could not be had (C10).
        FactName::RiskyUsers => reads.user_risk.then(|| {
            let uri = "v1.0/identityProtection/riskyUsers?$top=500";
            one("the risk of users now", RISKY_USERS, "riskyUsers.json", uri)
        }),
        FactName::RiskDetections => reads.sign_in_risk.then(|| Export {
            what: "risk detections, where a sign-in hides its risk",
            scopes: &["IdentityRiskEvent.Read.All"],
            functions: &[],
            statement: Statement::Files(
                "$from = $today.AddDays(1 - $Since)\
                 .ToString('yyyy-MM-dd', [cultureinfo]::InvariantCulture)\n\
                 Save-File 'tenant/riskDetections.json' \
                 { Get-Pages \"v1.0/identityProtection/riskDetections?`$top=500\
                 &`$filter=detectedDateTime%20ge%20${from}T00:00:00Z\" }\n"
                    .into(),
            ),
        }),
        FactName::Devices => reads.devices.then(|| {
            let uri = format!("v1.0/devices?$top=999&$select={}", DEVICE.join(","));
            one("what a device filter may ask of a device", &["Device.Read.All"], "devices.json", &uri)
        }),
        FactName::Strengths => reads.strengths.then(|| {
            let uri = "v1.0/policies/authenticationStrengthPolicies";
            one("authentication strengths", &["Policy.Read.All"], "authenticationStrengthPolicies.json", uri)
        }),
        FactName::ServicePrincipals => reads.owners.then(|| {
            let uri = "v1.0/servicePrincipals?$top=999&$select=id,appId,displayName,appOwnerOrganizationId";
            let what = "owners of applications, which tell what is not in Office365";
            one(what, &["Application.Read.All"], "servicePrincipals.json", uri)
        }),
        // Whoever is not listed has not accepted: a list for other terms would say so of everybody.
        FactName::Agreements => (!reads.agreements.is_empty()).then(|| Export {
            what: "who accepted the terms of use that the policies name",
            scopes: &["AgreementAcceptance.Read.All"],
            functions: &[],
            statement: Statement::Files(format!(
                "$agreements = {}\nSave-File 'tenant/agreementAcceptances.json' -Anew {{\n    \
                 foreach ($agreement in $agreements) {{\n        \
                 Get-Pages ('v1.0/identityGovernance/termsOfUse/agreements/{{0}}/acceptances' -f $agreement)\n    \
                 }}\n}}\n",
                list(reads.agreements.iter().map(String::as_str))
            )),
        }),
        // Nobody has such a list but Microsoft; the built-in one holds.
        FactName::Office365Apps => None,
        FactName::TenantId => Some(setting(
            "if ((Get-MgContext).TenantId -match $anId) { 'tenant-id = \"' + (Get-MgContext).TenantId + '\"' }",
        )),
        FactName::MfaTrustedIps => reads.trusted_ips.then(|| {
            setting(
                "'# The trusted addresses of the legacy MFA settings, which Microsoft Graph does not tell.'\n\
                 '# mfa-trusted-ips = [\"203.0.113.0/24\"]'",
            )
        }),
        FactName::InboundMfaTrust => reads.mfa_trust.then(|| Export {
            what: "other tenants whose claims are trusted",
            scopes: &["Policy.Read.All"],
            functions: &[TRUST],
            statement: Statement::Setting("Get-TrustLine 'inbound-mfa-trust' 'isMfaAccepted'\n".into()),
        }),
        FactName::InboundDeviceTrust => {
            let claims = match (reads.compliance_trust, reads.hybrid_trust) {
                (true, true) => "'isCompliantDeviceAccepted', 'isHybridAzureADJoinedDeviceAccepted'",
                (true, false) => "'isCompliantDeviceAccepted'",
                (false, true) => "'isHybridAzureADJoinedDeviceAccepted'",
                (false, false) => return None,
            };
            Some(Export {
                what: "other tenants whose claims are trusted",
                scopes: &["Policy.Read.All"],
                functions: &[TRUST],
                statement: Statement::Setting(format!("Get-TrustLine 'inbound-device-trust' {claims}\n")),
            })
        }
        FactName::PasswordWriteback => reads.passwords.then(|| {
            setting(
                "'# Whether a password that is changed in the cloud reaches the directory on premises.'\n\
                 '# password-writeback = true'",
            )
        }),
    }
}

const USERS: &[&str] = &["User.Read.All"];
const RISKY_USERS: &[&str] = &["IdentityRiskyUser.Read.All"];

/// One file that holds all pages of one request.
fn one(what: &'static str, scopes: &'static [&'static str], file: &str, uri: &str) -> Export {
    let statement = format!("Save-File 'tenant/{file}' {{ Get-Pages '{uri}' }}\n");
    Export { what, scopes, functions: &[], statement: Statement::Files(statement) }
}

/// A file whose contents depend on the policies: one that was written for others must not be taken for it.
fn anew(export: Export) -> Export {
    let statement = match export.statement {
        Statement::Files(statement) => Statement::Files(statement.replacen(" {", " -Anew {", 1)),
        setting @ Statement::Setting(_) => setting,
    };
    Export { statement, ..export }
}

/// A file for each id.
fn each(name: &str, ids: &BTreeSet<String>, body: &str) -> String {
    let ids = list(ids.iter().map(String::as_str));
    format!("foreach (${name} in {ids}) {{\n    {body}\n}}\n")
}

fn setting(lines: &str) -> Export {
    Export { what: "", scopes: &[], functions: &[], statement: Statement::Setting(format!("{lines}\n")) }
}
