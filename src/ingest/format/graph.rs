//! Microsoft Graph sign-ins as JSON: pages, lists, single objects, lines. The admin center's JSON
//! download is a list of the same objects.

use super::{Format, Names, ORDINARY, is_graph_sign_in, is_json, is_ndjson};
use crate::ingest::container::Head;
use crate::ingest::record::Member;

/// Names that Graph, diagnostic records and Log Analytics share.
pub(super) const COMMON: Names = &[
    ("id", Member::Id),
    ("createddatetime", Member::Created),
    ("correlationid", Member::CorrelationId),
    ("originalrequestid", Member::OriginalRequestId),
    ("userid", Member::UserId),
    ("userprincipalname", Member::UserPrincipalName),
    ("usertype", Member::UserType),
    ("crosstenantaccesstype", Member::CrossTenantAccessType),
    ("hometenantid", Member::HomeTenantId),
    ("resourcetenantid", Member::ResourceTenantId),
    ("appid", Member::AppId),
    ("appdisplayname", Member::AppDisplayName),
    ("resourcedisplayname", Member::ResourceDisplayName),
    ("resourceownertenantid", Member::ResourceOwnerTenantId),
    ("conditionalaccessaudiences", Member::Audiences),
    ("clientappused", Member::ClientAppUsed),
    ("useragent", Member::UserAgent),
    ("devicedetail", Member::Device),
    ("ipaddress", Member::IpAddress),
    ("networklocationdetails", Member::Networks),
    ("isthroughglobalsecureaccess", Member::ThroughGlobalSecureAccess),
    ("signineventtypes", Member::EventTypes),
    ("isinteractive", Member::IsInteractive),
    ("status", Member::Status),
    ("conditionalaccessstatus", Member::ConditionalAccessStatus),
    ("risklevelduringsignin", Member::RiskLevelDuringSignIn),
    ("risklevelaggregated", Member::RiskLevelAggregated),
    ("riskstate", Member::RiskState),
    ("riskdetail", Member::RiskDetail),
    ("riskeventtypes_v2", Member::RiskEventTypesV2),
    ("riskeventtypesv2", Member::RiskEventTypesV2),
    ("riskeventtypes", Member::RiskEventTypes),
    ("authenticationrequirement", Member::AuthenticationRequirement),
    ("authenticationdetails", Member::AuthenticationDetails),
    ("authenticationcontextclassreferences", Member::AuthenticationContexts),
    ("authenticationprotocol", Member::AuthenticationProtocol),
    ("originaltransfermethod", Member::OriginalTransferMethod),
    ("incomingtokentype", Member::IncomingTokenType),
    ("sessionid", Member::SessionId),
    ("tokenissuertype", Member::TokenIssuerType),
    ("tokenprotectionstatusdetails", Member::TokenProtectionDetails),
    ("signintokenprotectionstatus", Member::TokenProtection),
    ("serviceprincipalid", Member::ServicePrincipalId),
];

/// A sign-in as Graph names it; also the inside of a diagnostic record.
pub(super) const SIGN_IN: Names = &[
    ("resourceid", Member::ResourceId),
    ("location", Member::Location),
    ("appliedconditionalaccesspolicies", Member::Policies),
    ("conditionalaccesspolicies", Member::PoliciesOther),
];

/// Columns of Log Analytics: there `ResourceId` is a path and `Location` a country.
pub(super) const STRANGERS: Names = &[("timegenerated", Member::Stranger), ("resourceidentity", Member::Stranger)];

/// A page of a list.
pub(super) const PAGE: Names = &[("value", Member::List), ("@odata.nextlink", Member::NextLink)];

pub(super) const JSON: Format = Format {
    name: "graph-json",
    recognises: |head| is_json(head) && (is_camel_case(head) || is_empty_page(head)),
    generation,
    members: &[PAGE, SIGN_IN, COMMON, STRANGERS],
    is_download: true,
    ..ORDINARY
};

pub(super) const NDJSON: Format =
    Format { name: "graph-ndjson", recognises: |head| is_ndjson(head) && is_camel_case(head), ..JSON };

/// Members that only beta has (formats, section 4).
const BETA: [&str; 4] =
    ["authenticationrequirement", "authenticationdetails", "signineventtypes", "networklocationdetails"];

fn generation(head: &Head) -> Option<&'static str> {
    match (head.keys.is_empty() || is_empty_page(head), head.count(&BETA)) {
        (true, _) => None,
        (false, 0) => Some("v1.0"),
        (false, _) => Some("beta"),
    }
}

fn is_camel_case(head: &Head) -> bool {
    is_graph_sign_in(head) && !head.is_written("CreatedDateTime")
}

/// A list without rows is an answer too, unless it says that it is about something else.
fn is_empty_page(head: &Head) -> bool {
    let is_about_sign_ins = |context: &String| context.to_lowercase().contains("signins");
    head.is_empty_list && !head.has("records") && head.context.as_ref().is_none_or(is_about_sign_ins)
}
