//! Names that verdict lines are made of: conditions, what a user is asked, why something is so.

/// A condition of a policy, in the order of CON-5, by the name that Entra records it under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Condition {
    /// Target resources, user actions and authentication contexts.
    Application,
    /// Users, groups, roles, guests.
    Users,
    /// Device platforms.
    DevicePlatform,
    /// Named locations.
    Location,
    /// Client apps.
    ClientType,
    /// Sign-in risk.
    SignInRisk,
    /// User risk.
    UserRisk,
    /// Times (unsupported: U).
    Time,
    /// Device filter and device states.
    DeviceState,
    /// Workload identities.
    ServicePrincipals,
    /// Workload identity risk.
    ServicePrincipalRisk,
    /// Authentication flows.
    AuthenticationFlows,
    /// Insider risk.
    InsiderRisk,
    /// Anything that no rule of ours covers (CON-1).
    Unmodelled,
}

impl Condition {
    /// All conditions in the order of CON-5.
    pub const ALL: [Condition; 14] = [
        Condition::Application,
        Condition::Users,
        Condition::DevicePlatform,
        Condition::Location,
        Condition::ClientType,
        Condition::SignInRisk,
        Condition::UserRisk,
        Condition::Time,
        Condition::DeviceState,
        Condition::ServicePrincipals,
        Condition::ServicePrincipalRisk,
        Condition::AuthenticationFlows,
        Condition::InsiderRisk,
        Condition::Unmodelled,
    ];

    /// The name in CON-5.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Condition::Application => "application",
            Condition::Users => "users",
            Condition::DevicePlatform => "devicePlatform",
            Condition::Location => "location",
            Condition::ClientType => "clientType",
            Condition::SignInRisk => "signInRisk",
            Condition::UserRisk => "userRisk",
            Condition::Time => "time",
            Condition::DeviceState => "deviceState",
            Condition::ServicePrincipals => "servicePrincipals",
            Condition::ServicePrincipalRisk => "servicePrincipalRisk",
            Condition::AuthenticationFlows => "authenticationFlows",
            Condition::InsiderRisk => "insiderRisk",
            Condition::Unmodelled => "unmodelled",
        }
    }
}

/// What a user would be asked for (contract section 4, column `challenge`), in its order there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ask {
    /// Multifactor authentication.
    Mfa,
    /// An authentication strength.
    AuthenticationStrength,
    /// A new password.
    PasswordChange,
    /// Risk remediation.
    RiskRemediation,
    /// Terms of use.
    TermsOfUse,
    /// A custom control.
    Custom,
    /// Verified ID.
    VerifiedId,
    /// A fresh sign-in.
    Reauthenticate,
}

impl Ask {
    /// All asks in the order of the contract.
    pub const ALL: [Ask; 8] = [
        Ask::Mfa,
        Ask::AuthenticationStrength,
        Ask::PasswordChange,
        Ask::RiskRemediation,
        Ask::TermsOfUse,
        Ask::Custom,
        Ask::VerifiedId,
        Ask::Reauthenticate,
    ];

    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Ask::Mfa => "mfa",
            Ask::AuthenticationStrength => "authenticationStrength",
            Ask::PasswordChange => "passwordChange",
            Ask::RiskRemediation => "riskRemediation",
            Ask::TermsOfUse => "termsOfUse",
            Ask::Custom => "custom",
            Ask::VerifiedId => "verifiedId",
            Ask::Reauthenticate => "reauthenticate",
        }
    }
}

/// Why the severest end is what it is (contract section 4, column `reasons`), in its order there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The policy blocks.
    Block,
    /// A legacy client cannot answer (3.6).
    LegacyClient,
    /// Re-authentication every time.
    EveryTime,
    /// A sign-in older than the frequency allows.
    SignInFrequency,
    /// Not registered for MFA in a risky session: AADSTS53004 (6.4).
    MfaNotRegistered,
    /// No registered method that the strength allows.
    StrengthNotRegistered,
    /// The password cannot be changed here (6.5).
    PasswordChangeImpossible,
    /// The device is not compliant.
    DeviceNotCompliant,
    /// The device is not hybrid joined.
    DeviceNotHybridJoined,
    /// Not an approved client app.
    AppNotApproved,
    /// No app protection policy.
    AppNotProtected,
    /// Terms of use not accepted.
    TermsOfUse,
    /// The session token is not bound to the device.
    TokenProtection,
    /// A control that we do not know.
    UnknownControl,
    /// The level comes from an earlier row of the attempt (C31).
    SiblingRisk,
    /// Report-only does not evaluate user actions (C13).
    UserAction,
}

impl Reason {
    /// All reasons in the order of the contract.
    pub const ALL: [Reason; 16] = [
        Reason::Block,
        Reason::LegacyClient,
        Reason::EveryTime,
        Reason::SignInFrequency,
        Reason::MfaNotRegistered,
        Reason::StrengthNotRegistered,
        Reason::PasswordChangeImpossible,
        Reason::DeviceNotCompliant,
        Reason::DeviceNotHybridJoined,
        Reason::AppNotApproved,
        Reason::AppNotProtected,
        Reason::TermsOfUse,
        Reason::TokenProtection,
        Reason::UnknownControl,
        Reason::SiblingRisk,
        Reason::UserAction,
    ];

    /// Whether this alone can deny access; the others ask for something, or say how the verdict came about.
    #[must_use]
    pub fn denies(self) -> bool {
        !matches!(self, Reason::EveryTime | Reason::SignInFrequency | Reason::SiblingRisk | Reason::UserAction)
    }

    /// The word of the contract.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Reason::Block => "block",
            Reason::LegacyClient => "legacyClient",
            Reason::EveryTime => "everyTime",
            Reason::SignInFrequency => "signInFrequency",
            Reason::MfaNotRegistered => "mfaNotRegistered",
            Reason::StrengthNotRegistered => "strengthNotRegistered",
            Reason::PasswordChangeImpossible => "passwordChangeImpossible",
            Reason::DeviceNotCompliant => "deviceNotCompliant",
            Reason::DeviceNotHybridJoined => "deviceNotHybridJoined",
            Reason::AppNotApproved => "appNotApproved",
            Reason::AppNotProtected => "appNotProtected",
            Reason::TermsOfUse => "termsOfUse",
            Reason::TokenProtection => "tokenProtection",
            Reason::UnknownControl => "unknownControl",
            Reason::SiblingRisk => "siblingRisk",
            Reason::UserAction => "userAction",
        }
    }
}
