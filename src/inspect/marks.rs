//! What a row records, one bit a thing.
//!
//! Everything is decided once per distinct text of a column, so that a row costs a look-up a column. The first marks
//! are the signals that people are shown ([`super::signals`]); the others say of a recorded value what decides a
//! control ([`super::abilities`]).

/// One thing that a row may record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// `userId`.
    UserId,
    /// `userType`: member or guest.
    UserType,
    /// `crossTenantAccessType`.
    CrossTenantAccessType,
    /// `homeTenantId`.
    HomeTenant,
    /// `resourceTenantId`.
    ResourceTenant,
    /// `appId`.
    App,
    /// `resourceId`.
    Resource,
    /// `resourceOwnerTenantId`.
    ResourceOwner,
    /// `conditionalAccessAudiences`.
    Audiences,
    /// `authenticationContextClassReferences`: here an empty list says something (APP-10).
    Contexts,
    /// `riskLevelDuringSignIn`: a level; `hidden` is none (trap 30, SIR-4).
    Risk,
    /// `riskLevelAggregated`: a level.
    RiskAggregated,
    /// `riskState`.
    RiskState,
    /// A detection in real time for this request, from a file beside the sign-ins (RSK-3).
    RealtimeDetection,
    /// `riskEventTypes_v2`: at least one detection.
    RiskEventTypes,
    /// `deviceDetail.deviceId`.
    DeviceId,
    /// `deviceDetail.isCompliant` of a device with an id (DEV-5).
    Compliance,
    /// `deviceDetail.isManaged` of a device with an id.
    Management,
    /// `deviceDetail.trustType` of a device with an id, in words that we know (DEV-6).
    TrustType,
    /// `deviceDetail.operatingSystem`.
    OperatingSystem,
    /// `deviceDetail.browser`.
    Browser,
    /// `userAgent`.
    UserAgent,
    /// `clientAppUsed`, in words that we know (trap 35).
    ClientApp,
    /// `ipAddress`, readable (LOC-2).
    IpAddress,
    /// `location.countryOrRegion`.
    Country,
    /// `networkLocationDetails`: at least one network; an empty list says nothing (C15).
    Networks,
    /// `isThroughGlobalSecureAccess`.
    GlobalSecureAccess,
    /// `authenticationRequirement`.
    Requirement,
    /// `authenticationDetails`: at least one step.
    Steps,
    /// What shows that MFA was done, was claimed, or was not (F1–F7, C28).
    MfaEvidence,
    /// `incomingTokenType`.
    IncomingToken,
    /// `sessionId`.
    Session,
    /// `authenticationProtocol`.
    Protocol,
    /// `originalTransferMethod`.
    TransferMethod,
    /// `signInSessionStatus`: bound or unbound; `none` says nothing (4.3).
    TokenBinding,
    /// `status.errorCode`.
    ErrorCode,
    /// `conditionalAccessStatus`.
    Outcome,
    /// `appliedConditionalAccessPolicies`: at least one; an empty list is no evidence (trap 18, POP-3).
    Policies,
    /// Which conditions of them were satisfied.
    PolicyConditions,
    /// Which rules of them included or excluded the sign-in.
    PolicyRules,
    /// `isInteractive`, or an event type that says so.
    Interactive,
    /// `originalRequestId` (GRP-1).
    OriginalRequest,
    /// `correlationId`.
    Correlation,
    /// `tokenIssuerType`.
    TokenIssuer,
    /// `servicePrincipalId`.
    ServicePrincipal,

    /// A cross-tenant access type other than `none`: an external user (C9).
    ExternalAccess,
    /// Home and resource tenant are recorded and differ, and no access type says otherwise (C9).
    TenantsDiffer,
    /// A platform that a policy can name, or one that none can (C14).
    Platform,
    /// A platform that is certainly not Windows.
    NotWindows,
    /// A platform that is certainly neither iOS nor Android.
    NotMobile,
    /// The client is a browser.
    BrowserClient,
    /// The client is known and no browser.
    NativeClient,
    /// The client is a legacy client (3.6).
    LegacyClient,
    /// Device code flow (FLO-6).
    DeviceCode,
    /// A device that can be read and has no id: unregistered (DEV-5).
    Unregistered,
    /// A recorded policy asked for device state (C21).
    DeviceAsked,
    /// A recorded policy with a compliant device alone came to a result (C28).
    ComplianceSucceeded,
    /// It failed, which on a device challenge says nothing (DVC-2).
    ComplianceFailed,
    /// The same for a hybrid joined device.
    HybridJoinSucceeded,
    /// The same for a hybrid joined device.
    HybridJoinFailed,
    /// The row is not the challenge for a device itself.
    NoDeviceChallenge,
    /// A recorded policy with an approved app alone succeeded (C22).
    ApprovedApp,
    /// A recorded policy with an app protection policy alone succeeded (C22).
    ProtectedApp,
    /// The MFA state decides an authentication strength (C20).
    StrengthEvidence,
    /// The MFA state decides "every time" with MFA (C23).
    FreshnessEvidence,
    /// A step was performed, and when (C23).
    PerformedStep,
    /// The session token is bound to the device (4.3).
    BoundToken,
}

/// A set of marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Marks(u128);

impl Marks {
    /// No mark.
    pub const NONE: Marks = Marks(0);

    /// These and one more.
    #[must_use]
    pub fn with(self, mark: Mark) -> Marks {
        Marks(self.0 | 1 << mark as u8)
    }

    /// These and one more, if that holds.
    #[must_use]
    pub fn with_if(self, holds: bool, mark: Mark) -> Marks {
        if holds { self.with(mark) } else { self }
    }

    /// All of both.
    #[must_use]
    pub fn and(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// Whether a mark is here.
    #[must_use]
    pub fn has(self, mark: Mark) -> bool {
        self.0 & 1 << mark as u8 != 0
    }

    /// Whether every mark of the list is here.
    #[must_use]
    pub fn have(self, marks: &[Mark]) -> bool {
        marks.iter().all(|mark| self.has(*mark))
    }
}

impl From<Mark> for Marks {
    fn from(mark: Mark) -> Marks {
        Marks::NONE.with(mark)
    }
}
