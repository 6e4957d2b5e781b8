//! Words of the field as types. How they are written is in [`super::spelling`].

/// A word of ours, with every way that Microsoft writes it in logs and in policies.
pub trait Spelled: Copy + Eq + 'static {
    /// Spellings, compared without case; the first one of a value is the one we print.
    const SPELLINGS: &'static [(&'static str, Self)];

    /// The value that this text spells, if we know the word.
    #[must_use]
    fn spelled(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::SPELLINGS.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text)).map(|(_, word)| *word)
    }

    /// How we print this value.
    #[must_use]
    fn word(self) -> &'static str {
        Self::SPELLINGS.iter().find(|(_, word)| *word == self).map_or("", |(spelling, _)| spelling)
    }
}

/// A value from someone else's enum: ours if we know the word, theirs verbatim if we do not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Word<T> {
    /// A word we have a rule for.
    Known(T),
    /// Their word; it widens whatever it takes part in.
    Other(String),
}

impl<T: Spelled> Word<T> {
    /// Reads a word.
    #[must_use]
    pub fn read(text: &str) -> Word<T> {
        T::spelled(text).map_or_else(|| Word::Other(text.trim().to_owned()), Word::Known)
    }

    /// The value, if it is one of ours.
    #[must_use]
    pub fn known(&self) -> Option<T> {
        match self {
            Word::Known(word) => Some(*word),
            Word::Other(_) => None,
        }
    }

    /// The text, as we print it or as they wrote it.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Word::Known(word) => word.word(),
            Word::Other(text) => text,
        }
    }
}

/// A risk level, ordered by severity (the schema's numbers are not: `none` is 4 there, trap 7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RiskLevel {
    /// Hidden, missing, empty or unreadable: never the same as no risk (SIR-4, SIR-5).
    Unknown,
    /// Assessed, and no risk found.
    None,
    /// Low.
    Low,
    /// Medium.
    Medium,
    /// High.
    High,
}

impl RiskLevel {
    /// All levels in the order of the report: severest first, unknown last.
    pub const REPORTED: [RiskLevel; 5] =
        [RiskLevel::High, RiskLevel::Medium, RiskLevel::Low, RiskLevel::None, RiskLevel::Unknown];
}

/// A device platform of a policy (semantics 2.4). "Unknown platform" is `None` of an `Option`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Platform {
    /// Android.
    Android,
    /// iOS and iPadOS.
    Ios,
    /// Windows.
    Windows,
    /// Windows Phone.
    WindowsPhone,
    /// macOS.
    MacOs,
    /// Linux.
    Linux,
    /// Every platform, the unknown one included (PLT-1).
    All,
}

/// A client app of a policy (semantics 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ClientApp {
    /// Browsers and confidential web clients.
    Browser,
    /// Modern native clients.
    MobileAppsAndDesktopClients,
    /// Exchange ActiveSync, supported or not (C17).
    ExchangeActiveSync,
    /// Legacy protocols other than Exchange ActiveSync (CLI-2).
    Other,
    /// Every client (CLI-1).
    All,
}

impl ClientApp {
    /// Whether such a client can neither answer a challenge nor present a device (3.6).
    #[must_use]
    pub fn is_legacy(self) -> bool {
        matches!(self, ClientApp::ExchangeActiveSync | ClientApp::Other)
    }
}

/// A kind of guest or external user of a policy (semantics 2.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GuestType {
    /// Home credentials, user type guest.
    InternalGuest,
    /// External identity, user type guest.
    B2bCollaborationGuest,
    /// External identity, user type member.
    B2bCollaborationMember,
    /// Shared channel user without an object here.
    B2bDirectConnectUser,
    /// Authenticates externally and is none of the others.
    OtherExternalUser,
    /// Partner user.
    ServiceProvider,
    /// The flag that stands for no type at all.
    None,
}

/// An authentication flow of a policy (semantics 2.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TransferMethod {
    /// Device code flow.
    DeviceCodeFlow,
    /// Authentication transfer.
    AuthenticationTransfer,
    /// Neither.
    None,
}

/// A set of authentication method modes (semantics 1.8), as in `allowedCombinations`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MethodModes(u32);

impl MethodModes {
    /// No method.
    pub const NONE: MethodModes = MethodModes(0);

    /// Every mode by its name in Graph; a mode's bit is its place in this list.
    pub const NAMES: [&'static str; 17] = [
        "password",
        "voice",
        "hardwareOath",
        "softwareOath",
        "sms",
        "fido2",
        "windowsHelloForBusiness",
        "microsoftAuthenticatorPush",
        "deviceBasedPush",
        "temporaryAccessPassOneTime",
        "temporaryAccessPassMultiUse",
        "email",
        "x509CertificateSingleFactor",
        "x509CertificateMultiFactor",
        "federatedSingleFactor",
        "federatedMultiFactor",
        "qrCodePin",
    ];

    /// The set that holds the one mode of this name, if we know it.
    #[must_use]
    pub fn named(name: &str) -> Option<MethodModes> {
        let name = name.trim();
        Self::NAMES.iter().position(|known| known.eq_ignore_ascii_case(name)).map(|bit| MethodModes(1 << bit))
    }

    /// All modes of either set.
    #[must_use]
    pub fn with(self, other: MethodModes) -> MethodModes {
        MethodModes(self.0 | other.0)
    }

    /// Whether every mode of `other` is here.
    #[must_use]
    pub fn holds(self, other: MethodModes) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether any mode of `other` is here.
    #[must_use]
    pub fn meets(self, other: MethodModes) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}
