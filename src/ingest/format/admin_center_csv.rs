//! The Entra admin center's CSV downloads. No header generation records risk or policies.
//!
//! Names are compared trimmed and with single blanks; of the two columns `Incoming token type` the
//! first holds the enum. Values are words for people in some columns.

use super::{Format, Names, ORDINARY, Slashes, risky_sign_ins};
use crate::ingest::container::{Head, Shape};
use crate::ingest::record::Member;
use crate::ingest::spelling;

const COLUMNS: Names = &[
    ("date (utc)", Member::Created),
    ("request id", Member::Id),
    ("correlation id", Member::CorrelationId),
    ("user agent", Member::UserAgent),
    ("user id", Member::UserId),
    ("username", Member::UserPrincipalName),
    ("user type", Member::UserType),
    ("cross tenant access type", Member::CrossTenantAccessType),
    ("incoming token type", Member::IncomingTokenType),
    ("authentication protocol", Member::AuthenticationProtocol),
    ("original transfer method", Member::OriginalTransferMethod),
    ("token protection - sign in session", Member::TokenProtection),
    ("application", Member::AppDisplayName),
    ("application id", Member::AppId),
    ("resource", Member::ResourceDisplayName),
    ("resource id", Member::ResourceId),
    ("resource tenant id", Member::ResourceTenantId),
    ("resource owner tenant id", Member::ResourceOwnerTenantId),
    ("home tenant id", Member::HomeTenantId),
    ("ip address", Member::IpAddress),
    ("location", Member::Location),
    ("status", Member::StatusWord),
    ("sign-in error code", Member::ErrorCode),
    ("failure reason", Member::FailureReason),
    ("multifactor authentication result", Member::AdditionalDetails),
    ("client app", Member::ClientAppUsed),
    ("device id", Member::DeviceId),
    ("browser", Member::Browser),
    ("operating system", Member::OperatingSystem),
    ("compliant", Member::IsCompliant),
    ("managed", Member::IsManaged),
    ("join type", Member::TrustType),
    ("authentication requirement", Member::AuthenticationRequirement),
    ("session id", Member::SessionId),
    ("through global secure access", Member::ThroughGlobalSecureAccess),
    ("token issuer type", Member::TokenIssuerType),
    ("conditional access", Member::ConditionalAccessStatus),
    ("service principal id", Member::ServicePrincipalId),
];

pub(super) const USERS: Format = Format {
    name: "admin-center-csv",
    recognises: |head| is_download(head) && head.has("user id"),
    generation,
    members: &[COLUMNS],
    records_risk: false,
    slashes: Slashes::MustBeTold,
    is_download: true,
    word,
    ..ORDINARY
};

/// Applications and managed identities: the same columns, only the name of the file tells which.
pub(super) const WORKLOADS: Format = Format {
    name: "admin-center-workload-csv",
    recognises: |head| is_download(head) && head.has("service principal id") && !head.has("user id"),
    event_type: Some("servicePrincipal"),
    generation: |_| None,
    ..USERS
};

fn is_download(head: &Head) -> bool {
    head.shape == Shape::Csv
        && head.has("date (utc)")
        && head.has("request id")
        && !head.has("authentication method")
        && !risky_sign_ins::has_levels(head)
}

/// Columns were only ever added (formats, section 1).
fn generation(head: &Head) -> Option<&'static str> {
    const SINCE: [(&str, &str); 3] = [
        ("app owner tenant id", "header of 2025-12"),
        ("user agent", "header of 2024-10"),
        ("incoming token type", "header of 2023"),
    ];
    let newest = SINCE.into_iter().find(|(column, _)| head.has(column));
    Some(newest.map_or("header of 2020-2022", |(_, generation)| generation))
}

const REQUIREMENTS: &[(&str, &str)] = &[
    ("multifactorauthentication", "multiFactorAuthentication"),
    ("singlefactorauthentication", "singleFactorAuthentication"),
];

pub(super) const STATUSES: &[(&str, &str)] =
    &[("success", "success"), ("failure", "failure"), ("notapplied", "notApplied")];

const PROTOCOLS: &[(&str, &str)] = &[
    ("none", "none"),
    ("oauth2", "oAuth2"),
    ("oauth20", "oAuth2"),
    ("ropc", "ropc"),
    ("resourceownerpasswordcredential", "ropc"),
    ("resourceownerpasswordcredentials", "ropc"),
    ("wsfederation", "wsFederation"),
    ("wsfed", "wsFederation"),
    ("saml20", "saml20"),
    ("devicecode", "deviceCode"),
    ("devicecodeflow", "deviceCode"),
    ("authenticationtransfer", "authenticationTransfer"),
    ("nativeauth", "nativeAuth"),
    ("nativeauthentication", "nativeAuth"),
];

const TRANSFERS: &[(&str, &str)] = &[
    ("none", "none"),
    ("devicecodeflow", "deviceCodeFlow"),
    ("devicecode", "deviceCodeFlow"),
    ("authenticationtransfer", "authenticationTransfer"),
];

const TOKENS: &[(&str, &str)] = &[
    ("none", "none"),
    ("primaryrefreshtoken", "primaryRefreshToken"),
    ("refreshtoken", "refreshToken"),
    ("saml11", "saml11"),
    ("saml20", "saml20"),
    ("remotedesktoptoken", "remoteDesktopToken"),
];

const BINDINGS: &[(&str, &str)] = &[("bound", "bound"), ("unbound", "unbound"), ("none", "none")];

const ISSUERS: &[(&str, &str)] = &[
    ("azuread", "AzureAD"),
    ("microsoftentraid", "AzureAD"),
    ("adfederationservices", "ADFederationServices"),
    ("adfs", "ADFederationServices"),
    ("azureadbackupauth", "AzureADBackupAuth"),
    ("npsextension", "NPSExtension"),
];

const ACCESS_TYPES: &[(&str, &str)] = &[
    ("none", "none"),
    ("b2bcollaboration", "b2bCollaboration"),
    ("b2bdirectconnect", "b2bDirectConnect"),
    ("microsoftsupport", "microsoftSupport"),
    ("serviceprovider", "serviceProvider"),
    ("passthrough", "passthrough"),
];

/// Graph's word for a friendly one; a word that we do not know stays as it is.
fn word(member: Member, text: &str) -> Option<&'static str> {
    let table = match member {
        Member::AuthenticationRequirement => REQUIREMENTS,
        Member::ConditionalAccessStatus => STATUSES,
        Member::AuthenticationProtocol => PROTOCOLS,
        Member::OriginalTransferMethod => TRANSFERS,
        Member::IncomingTokenType => TOKENS,
        Member::TokenProtection => BINDINGS,
        Member::TokenIssuerType => ISSUERS,
        Member::CrossTenantAccessType => ACCESS_TYPES,
        _ => return None,
    };
    let squeezed: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    spelling::find(table, &squeezed)
}
