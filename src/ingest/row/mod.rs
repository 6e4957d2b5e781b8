//! A record's members become the canonical columns of a row.
//!
//! Values stay as recorded but for what the columns fold; what several places of a record say is
//! taken from the best of them (formats, section 9). A value that was met before is not read again: what it came to
//! is remembered, and so a row is mostly made of codes without a look at any text.

mod memory;

use std::borrow::Cow;

use super::documents::{self, Ending};
use super::reader::Settings;
use super::record::{Cell, Fields, Known, Member};
use super::spelling;
use crate::frame::{Code, Codes, Column, FrameBuilder, NOT_RECORDED};
use memory::{Made, Memory, TOGETHER};

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

/// Turns records into rows, and remembers what their values came to.
#[derive(Debug, Default)]
pub(super) struct Rows {
    memory: Memory,
    /// The text of steps on its way into the dictionary.
    steps: String,
}

impl Rows {
    /// Forgets what was made of known values: from here on their numbers stand for others.
    pub(super) fn forget_known(&mut self) {
        self.memory.forget_known();
    }

    /// The codes of a row. `event_type` is what the record's category, its table or its file said. False if some
    /// nested value that conditions or controls read could not be read.
    pub(super) fn codes(
        &mut self,
        fields: &Fields<'_>,
        settings: &Settings,
        event_type: Option<&'static str>,
        builder: &mut FrameBuilder,
    ) -> (Codes, bool) {
        let codes = [NOT_RECORDED; Column::ALL.len()];
        let mut row = Filling { rows: self, fields, settings, builder, codes, is_whole: true };
        row.texts(event_type);
        row.steps();
        row.device();
        row.documents();
        (row.codes, row.is_whole)
    }
}

/// A row that is being made.
struct Filling<'f, 'a> {
    rows: &'f mut Rows,
    fields: &'f Fields<'a>,
    settings: &'f Settings,
    builder: &'f mut FrameBuilder,
    codes: Codes,
    is_whole: bool,
}

impl<'a> Filling<'_, 'a> {
    fn set(&mut self, column: Column, code: Code) {
        if let Some(place) = self.codes.get_mut(column as usize) {
            *place = code;
        }
    }

    /// Sets a column to a text, if there is one.
    fn set_text(&mut self, column: Column, text: &str) {
        let code = self.builder.intern(column, text);
        self.set(column, code);
    }

    /// Sets a column to what a member says, if it says anything.
    fn take(&mut self, column: Column, member: Member, read: impl FnOnce(Cell<'a>) -> Option<Cow<'a, str>>) -> bool {
        let (cell, known) = self.fields.find(member);
        if cell.is_missing() {
            return false;
        }
        let code = match self.rows.memory.of_known(known) {
            Some(made) => made.code,
            None => {
                let code = read(cell).map_or(NOT_RECORDED, |text| self.builder.intern(column, &text));
                self.rows.memory.keep_known(known, Made { code, is_unread: false });
                code
            }
        };
        if code != NOT_RECORDED {
            self.set(column, code);
        }
        code != NOT_RECORDED
    }

    /// Sets a column to the text of a member, in Graph's words.
    fn take_word(&mut self, column: Column, member: Member) -> bool {
        let word = self.settings.format.word;
        self.take(column, member, |cell| in_words(word, member, cell))
    }

    fn texts(&mut self, event_type: Option<&'static str>) {
        let word = self.settings.format.word;
        for (column, members) in TEXTS {
            let _ = members.iter().any(|member| self.take_word(*column, *member));
        }
        for (column, member) in
            [(Column::UserId, Member::UserId), (Column::ServicePrincipalId, Member::ServicePrincipalId)]
        {
            self.take(column, member, |cell| in_words(word, member, cell).filter(|id| !spelling::is_nobody(id)));
        }
        let cross_tenant = Member::CrossTenantAccessType;
        self.take(Column::CrossTenantAccessType, cross_tenant, |cell| in_words(word, cross_tenant, cell).map(lower));
        if let Some(is_guest) = self.fields.get(Member::IsGuest).flag() {
            self.set_text(Column::UserType, if is_guest { "guest" } else { "member" });
        } else {
            self.take(Column::UserType, Member::UserType, |cell| in_words(word, Member::UserType, cell).map(lower));
        }
        for (column, member) in [
            (Column::IsInteractive, Member::IsInteractive),
            (Column::IsThroughGlobalSecureAccess, Member::ThroughGlobalSecureAccess),
        ] {
            self.take(column, member, |cell| Some(Cow::Borrowed(if cell.flag()? { "true" } else { "false" })));
        }
        let status = Member::ConditionalAccessStatus;
        self.take(Column::ConditionalAccessStatus, status, |cell| {
            let status = in_words(word, status, cell)?;
            Some(Cow::Owned(spelling::conditional_access_status(&status).to_owned()))
        });
        let binding = |cell: Cell<'a>| documents::member_text(&cell, "signInSessionStatus").map(Cow::Owned);
        if !self.take(Column::TokenProtection, Member::TokenProtectionDetails, binding) {
            self.take_word(Column::TokenProtection, Member::TokenProtection);
        }
        match event_type {
            Some(event_type) => self.set_text(Column::SignInEventType, event_type),
            None => {
                self.take(Column::SignInEventType, Member::EventTypes, |types| {
                    documents::words(&types).iter().find_map(|word| spelling::event_type(word)).map(Cow::Borrowed)
                });
            }
        }
    }

    /// `authenticationDetails`: hardly two rows have the same.
    fn steps(&mut self) {
        let (cell, known) = self.fields.find(Member::AuthenticationDetails);
        let Rows { memory, steps } = self.rows;
        let made = memory.of_known(known).unwrap_or_else(|| {
            let is_whole = documents::steps(&cell, self.settings.order, steps);
            let code = self.builder.intern(Column::AuthenticationDetails, steps);
            let made = Made { code, is_unread: !is_whole };
            memory.keep_known(known, made);
            made
        });
        self.set(Column::AuthenticationDetails, made.code);
        self.is_whole &= !made.is_unread;
    }

    /// Sets a column to the document that is made of these members, which was mostly made before.
    fn take_document<const N: usize>(
        &mut self,
        column: Column,
        members: [Member; N],
        make: impl FnOnce([&Cell<'a>; N]) -> String,
    ) {
        const { assert!(N <= TOGETHER, "members that are remembered together have a place each") }
        let fields = self.fields;
        let found = members.map(|member| fields.find(member));
        let mut present = found.iter().filter(|(cell, _)| !cell.is_missing());
        let Some((_, only)) = present.next() else { return };
        let only = if present.next().is_none() { *only } else { Known::NOT };
        let is_known = found.iter().all(|(cell, known)| cell.is_missing() || *known != Known::NOT);
        let mut together = [Known::NOT; TOGETHER];
        together.iter_mut().zip(found).for_each(|(place, (_, known))| *place = known);
        let cells = found.map(|(cell, _)| cell);
        let memory = &mut self.rows.memory;
        let remembered = match (only, is_known) {
            (Known::NOT, true) => memory.of_together(column, &together),
            (Known::NOT, false) => memory.of_texts(column, &cells),
            (only, _) => memory.of_known(only),
        };
        let made = remembered.unwrap_or_else(|| {
            let text = make(cells.each_ref());
            let is_unread = is_missed(column) && cells.iter().any(documents::is_unread);
            let made = Made { code: self.builder.intern(column, &text), is_unread };
            match (only, is_known) {
                (Known::NOT, true) => memory.keep_together(column, together, made),
                (Known::NOT, false) => memory.keep_texts(column, made),
                (only, _) => memory.keep_known(only, made),
            }
            made
        });
        self.set(column, made.code);
        self.is_whole &= !made.is_unread;
    }

    fn device(&mut self) {
        let Settings { format, lacks_devices, .. } = self.settings;
        // Where nobody exported whether a device is registered, no device is without doubt (DEV-5).
        let known = |device: String| if *lacks_devices { documents::unknown_device(&device) } else { device };
        if !self.fields.get(Member::Device).is_missing() {
            self.take_document(Column::DeviceDetail, [Member::Device], |[device]| {
                known(documents::device(device, format.absent_is_false))
            });
            return;
        }
        let columns = [
            Member::DeviceId,
            Member::OperatingSystem,
            Member::Browser,
            Member::IsCompliant,
            Member::IsManaged,
            Member::TrustType,
            Member::DeviceName,
        ];
        if *lacks_devices && columns.iter().all(|column| self.fields.get(*column).is_missing()) {
            self.set_text(Column::DeviceDetail, &documents::unknown_device(""));
        }
        self.take_document(Column::DeviceDetail, columns, |[id, system, browser, compliant, managed, trust, name]| {
            let in_words = trust.text().and_then(|text| (format.word)(Member::TrustType, &text));
            let in_words = in_words.map(Cell::Text);
            let trust = in_words.as_ref().unwrap_or(trust);
            known(documents::device_of_columns([id, system, browser, compliant, managed, trust, name]))
        });
    }

    fn documents(&mut self) {
        let place = [Member::Location, Member::Country, Member::State, Member::City];
        self.take_document(Column::Location, place, documents::place);
        let ending = [
            Member::Status,
            Member::ErrorCode,
            Member::FailureReason,
            Member::AdditionalDetails,
            Member::StatusWord,
            Member::ResultType,
            Member::ResultSignature,
            Member::ResultDescription,
        ];
        self.take_document(Column::Status, ending, |cells| documents::status(Ending::of(cells)));
        self.take_document(Column::NetworkLocationDetails, [Member::Networks], |[cell]| documents::networks(cell));
        let policies = [Member::Policies, Member::PoliciesV2, Member::PoliciesOther];
        self.take_document(Column::AppliedConditionalAccessPolicies, policies, documents::policies);
        let contexts = [Member::AuthenticationContexts];
        self.take_document(Column::AuthenticationContexts, contexts, |[cell]| documents::contexts(cell));
        self.take_document(Column::ConditionalAccessAudiences, [Member::Audiences], |[cell]| {
            documents::audiences(cell)
        });
        let detections = [Member::RiskEventTypesV2, Member::RiskEventTypes];
        self.take_document(Column::RiskEventTypes, detections, documents::texts);
    }
}

/// A text in Graph's words.
fn in_words<'a>(
    word: fn(Member, &str) -> Option<&'static str>,
    member: Member,
    cell: Cell<'a>,
) -> Option<Cow<'a, str>> {
    let text = cell.text()?;
    Some(word(member, &text).map_or(text, Cow::Borrowed))
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
