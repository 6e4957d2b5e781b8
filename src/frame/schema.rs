//! The canonical columns: one list, which ingest fills and everything later reads.

macro_rules! columns {
    ($($(#[$doc:meta])* $column:ident = $name:literal,)+) => {
        /// A text column of the canonical frame. Missing, `null` and empty are all "not recorded" (FLD-1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Column {
            $($(#[$doc])* $column,)+
        }

        impl Column {
            /// Every column, in the order of the canonical files.
            pub const ALL: &'static [Column] = &[$(Column::$column,)+];

            /// The column's name in canonical files: Graph's name where Graph has one.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Column::$column => $name,)+
                }
            }
        }
    };
}

columns! {
    /// Request id: the key of a row (DUP-1).
    Id = "id",
    /// Chosen by the client; can span several attempts (trap 10).
    CorrelationId = "correlationId",
    /// Id of the first request of the attempt (GRP-1).
    OriginalRequestId = "originalRequestId",
    /// Object id of the user; all zeros is not recorded.
    UserId = "userId",
    /// As recorded; never a key (USR-5).
    UserPrincipalName = "userPrincipalName",
    /// `member` or `guest`, folded.
    UserType = "userType",
    /// `none`, `b2bCollaboration`, … folded.
    CrossTenantAccessType = "crossTenantAccessType",
    /// Tenant that the user comes from.
    HomeTenantId = "homeTenantId",
    /// Tenant that owns the resource.
    ResourceTenantId = "resourceTenantId",
    /// The client application.
    AppId = "appId",
    /// Its name.
    AppDisplayName = "appDisplayName",
    /// The resource asked for.
    ResourceId = "resourceId",
    /// Its name.
    ResourceDisplayName = "resourceDisplayName",
    /// Tenant that owns the resource's application (C11).
    ResourceOwnerTenantId = "resourceOwnerTenantId",
    /// What Conditional Access evaluated: a JSON list of application ids (APP-1).
    ConditionalAccessAudiences = "conditionalAccessAudiences",
    /// The client app as the log words it (2.3).
    ClientAppUsed = "clientAppUsed",
    /// User agent.
    UserAgent = "userAgent",
    /// One [`super::Device`] as JSON.
    DeviceDetail = "deviceDetail",
    /// One [`super::Place`] as JSON.
    Location = "location",
    /// Address that Entra saw.
    IpAddress = "ipAddress",
    /// JSON list of [`super::NetworkLocation`].
    NetworkLocationDetails = "networkLocationDetails",
    /// `true` or `false`.
    IsThroughGlobalSecureAccess = "isThroughGlobalSecureAccess",
    /// `interactiveUser`, `nonInteractiveUser`, `servicePrincipal`, `managedIdentity`, `adfs`: from the
    /// category, the event types, the table, or the name of an admin center download (10.1, C2).
    SignInEventType = "signInEventType",
    /// `true` or `false`, as recorded.
    IsInteractive = "isInteractive",
    /// One [`super::Status`] as JSON.
    Status = "status",
    /// `success`, `failure`, `notApplied`; integers are turned into words (FLD-3).
    ConditionalAccessStatus = "conditionalAccessStatus",
    /// JSON list of [`super::AppliedPolicy`].
    AppliedConditionalAccessPolicies = "appliedConditionalAccessPolicies",
    /// The level that Conditional Access saw (SIR-2).
    RiskLevelDuringSignIn = "riskLevelDuringSignIn",
    /// The level after offline detections (USK-2).
    RiskLevelAggregated = "riskLevelAggregated",
    /// As recorded; never filters anything (trap 5).
    RiskState = "riskState",
    /// As recorded.
    RiskDetail = "riskDetail",
    /// JSON list of detection names.
    RiskEventTypes = "riskEventTypes_v2",
    /// `singleFactorAuthentication`, `multiFactorAuthentication`.
    AuthenticationRequirement = "authenticationRequirement",
    /// JSON list of [`super::Step`].
    AuthenticationDetails = "authenticationDetails",
    /// JSON list of [`super::ContextReference`]; here an empty list `[]` is recorded (APP-10).
    AuthenticationContexts = "authenticationContextClassReferences",
    /// `deviceCode`, `oAuth2`, …
    AuthenticationProtocol = "authenticationProtocol",
    /// `none`, `deviceCodeFlow`, `authenticationTransfer`.
    OriginalTransferMethod = "originalTransferMethod",
    /// `none`, `primaryRefreshToken`, `refreshToken`, …
    IncomingTokenType = "incomingTokenType",
    /// Ties the rows of one browser or app session.
    SessionId = "sessionId",
    /// `AzureAD`, `ADFederationServices`, `NPSExtension`, …
    TokenIssuerType = "tokenIssuerType",
    /// `bound`, `unbound`, `none`: `tokenProtectionStatusDetails.signInSessionStatus`.
    TokenProtection = "signInSessionStatus",
    /// Highest level that a realtime detection of ID Protection gave this request (RSK-3), from a file beside the
    /// sign-ins: never what Conditional Access recorded.
    RealtimeDetection = "realtimeDetectionLevel",
    /// Service principal of a workload; a user row may carry one too (C2).
    ServicePrincipalId = "servicePrincipalId",
}
