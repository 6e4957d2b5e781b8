//! A record's members become the canonical columns of a row.
//!
//! Values stay as recorded but for what the columns fold; what several places of a record say is
//! taken from the best of them (formats, section 9).

use std::borrow::Cow;

use super::date::DateOrder;
use super::documents::{self, Documents, Ending, Kind};
use super::format::Format;
use super::record::{Cell, Fields, Member};
use super::spelling;
use crate::frame::{Column, Row};

/// Columns that hold a text as it was recorded, and the places of a record it may be in, best first.
const TEXTS: &[(Column, &[Member])] = &[
    (Column::Id, &[Member::Id]),
    (Column::CorrelationId, &[Member::CorrelationId, Member::EnvelopeCorrelationId]),
    (Column::OriginalRequestId, &[Member::OriginalRequestId]),
    (Column::UserPrincipalName, &[Member::UserPrincipalName]),
    (Column::HomeTenantId, &[Member::HomeTenantId]),
    (Column::ResourceTenantId, &[Member::ResourceTenantId]),
    (Column::AppId, &[Member::AppId]),
    (Column::AppDisplayName, &[Member::AppDisplayName]),
    (Column::ResourceId, &[Member::ResourceId]),
    (Column::ResourceDisplayName, &[Member::ResourceDisplayName]),
    (Column::ResourceOwnerTenantId, &[Member::ResourceOwnerTenantId]),
    (Column::ClientAppUsed, &[Member::ClientAppUsed]),
    (Column::UserAgent, &[Member::UserAgent]),
    (Column::IpAddress, &[Member::IpAddress, Member::CallerIpAddress]),
    (Column::RiskLevelDuringSignIn, &[Member::RiskLevelDuringSignIn]),
    (Column::RiskLevelAggregated, &[Member::RiskLevelAggregated]),
    (Column::RiskState, &[Member::RiskState]),
    (Column::RiskDetail, &[Member::RiskDetail]),
    (Column::AuthenticationRequirement, &[Member::AuthenticationRequirement]),
    (Column::AuthenticationProtocol, &[Member::AuthenticationProtocol]),
    (Column::OriginalTransferMethod, &[Member::OriginalTransferMethod]),
    (Column::IncomingTokenType, &[Member::IncomingTokenType]),
    (Column::SessionId, &[Member::SessionId]),
    (Column::TokenIssuerType, &[Member::TokenIssuerType]),
];

/// Fills a row. `event_type` is what the record's category, its table or its file said. False if some nested value
/// that conditions or controls read could not be read.
pub(super) fn fill<'r>(
    row: &mut Row<'r>,
    fields: &'r Fields<'_>,
    format: &Format,
    order: DateOrder,
    event_type: Option<&'static str>,
    documents: &'r mut Documents,
) -> bool {
    let word = |member: Member| -> Option<Cow<'r, str>> {
        let text = fields.get(member).text()?;
        Some((format.word)(member, &text).map_or(text, Cow::Borrowed))
    };
    for (column, members) in TEXTS {
        if let Some(text) = members.iter().find_map(|member| word(*member)) {
            row.set(*column, text);
        }
    }
    for (column, member) in [(Column::UserId, Member::UserId), (Column::ServicePrincipalId, Member::ServicePrincipalId)]
    {
        if let Some(id) = word(member).filter(|id| !spelling::is_nobody(id)) {
            row.set(column, id);
        }
    }
    for (column, member) in
        [(Column::UserType, Member::UserType), (Column::CrossTenantAccessType, Member::CrossTenantAccessType)]
    {
        if let Some(text) = word(member) {
            row.set(column, lower(text));
        }
    }
    if let Some(is_guest) = fields.get(Member::IsGuest).flag() {
        row.set(Column::UserType, if is_guest { "guest" } else { "member" });
    }
    for (column, member) in [
        (Column::IsInteractive, Member::IsInteractive),
        (Column::IsThroughGlobalSecureAccess, Member::ThroughGlobalSecureAccess),
    ] {
        if let Some(flag) = fields.get(member).flag() {
            row.set(column, if flag { "true" } else { "false" });
        }
    }
    if let Some(status) = word(Member::ConditionalAccessStatus) {
        row.set(Column::ConditionalAccessStatus, spelling::conditional_access_status(&status).to_owned());
    }
    if let Some(binding) = documents::member_text(fields.get(Member::TokenProtectionDetails), "signInSessionStatus") {
        row.set(Column::TokenProtection, binding);
    } else if let Some(binding) = word(Member::TokenProtection) {
        row.set(Column::TokenProtection, binding);
    }
    if let Some(event_type) = event_type.or_else(|| event_type_of(fields)) {
        row.set(Column::SignInEventType, event_type);
    }
    let (steps, steps_are_whole) = documents::steps(fields.get(Member::AuthenticationDetails), order);
    row.set(Column::AuthenticationDetails, steps);
    fill_documents(row, fields, format, documents) && steps_are_whole
}

/// The first event type that we know.
fn event_type_of(fields: &Fields<'_>) -> Option<&'static str> {
    let types = fields.get(Member::EventTypes);
    if types.is_missing() {
        return None;
    }
    documents::words(types).iter().find_map(|word| spelling::event_type(word))
}

/// The columns that hold documents: all are made first, then lent to the row.
fn fill_documents<'r>(
    row: &mut Row<'r>,
    fields: &'r Fields<'_>,
    format: &Format,
    documents: &'r mut Documents,
) -> bool {
    let get = |member: Member| fields.get(member);
    let trust = get(Member::TrustType);
    let in_words = trust.text().and_then(|text| (format.word)(Member::TrustType, &text));
    let in_words = in_words.map(|word| Cell::Text(Cow::Borrowed(word)));
    let trust = in_words.as_ref().unwrap_or(trust);
    let whole_device = get(Member::Device);
    let device_columns = [
        Member::DeviceId,
        Member::OperatingSystem,
        Member::Browser,
        Member::IsCompliant,
        Member::IsManaged,
        Member::DeviceName,
    ]
    .map(get);
    let [id, system, browser, compliant, managed, name] = device_columns;
    let device_columns = [id, system, browser, compliant, managed, trust, name];
    let device = if whole_device.is_missing() {
        documents.made_from(Kind::Device, &device_columns, || documents::device_of_columns(device_columns))
    } else {
        documents.made_from(Kind::Device, &[whole_device], || documents::device(whole_device, format.absent_is_false))
    };
    let place = [Member::Location, Member::Country, Member::State, Member::City].map(get);
    let policies = [Member::Policies, Member::PoliciesV2, Member::PoliciesOther].map(get);
    let detections = [Member::RiskEventTypesV2, Member::RiskEventTypes].map(get);
    let networks = get(Member::Networks);
    let contexts = get(Member::AuthenticationContexts);
    let audiences = get(Member::Audiences);
    let ending = Ending {
        status: get(Member::Status),
        error_code: get(Member::ErrorCode),
        failure_reason: get(Member::FailureReason),
        additional_details: get(Member::AdditionalDetails),
        status_word: get(Member::StatusWord),
        result_type: get(Member::ResultType),
        result_signature: get(Member::ResultSignature),
        result_description: get(Member::ResultDescription),
    };
    let made = [
        (Column::DeviceDetail, device),
        (Column::Location, documents.made_from(Kind::Place, &place, || documents::place(place))),
        (Column::Status, documents.made_from(Kind::Status, &ending.cells(), || documents::status(ending))),
        (
            Column::NetworkLocationDetails,
            documents.made_from(Kind::Networks, &[networks], || documents::networks(networks)),
        ),
        (
            Column::AppliedConditionalAccessPolicies,
            documents.made_from(Kind::Policies, &policies, || documents::policies(policies)),
        ),
        (
            Column::AuthenticationContexts,
            documents.made_from(Kind::Contexts, &[contexts], || documents::contexts(contexts)),
        ),
        (
            Column::ConditionalAccessAudiences,
            documents.made_from(Kind::Audiences, &[audiences], || documents::audiences(audiences)),
        ),
        (Column::RiskEventTypes, documents.made_from(Kind::Texts, &detections, || documents::texts(detections))),
    ];
    let documents: &'r Documents = documents;
    let mut is_whole = true;
    for (column, document) in made {
        row.set(column, documents.text(document));
        is_whole &= !is_missed(column) || !documents.is_unread(document);
    }
    is_whole
}

/// Columns without which an answer is wider.
fn is_missed(column: Column) -> bool {
    matches!(
        column,
        Column::DeviceDetail
            | Column::Location
            | Column::Status
            | Column::AppliedConditionalAccessPolicies
            | Column::AuthenticationContexts
    )
}

fn lower(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.chars().any(char::is_uppercase) { Cow::Owned(text.to_lowercase()) } else { text }
}
