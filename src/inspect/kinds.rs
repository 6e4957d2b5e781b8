//! What kind of row it is, and at what risk.

use crate::attempt::population::SetAside;
use crate::attempt::rows::Rows;
use crate::domain::spelling::recorded_risk;
use crate::domain::{RiskLevel, folded};

/// What kind of sign-in a row is (10.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// A person, at the screen.
    Interactive,
    /// A client in a person's name.
    NonInteractive,
    /// A service principal.
    ServicePrincipal,
    /// A managed identity.
    ManagedIdentity,
    /// AD FS.
    Adfs,
    /// The NPS extension.
    Nps,
    /// Nothing says; replay takes it as interactive (C2).
    NotSaid,
}

impl Category {
    /// All categories in their order.
    pub const ALL: [Category; 7] = [
        Category::Interactive,
        Category::NonInteractive,
        Category::ServicePrincipal,
        Category::ManagedIdentity,
        Category::Adfs,
        Category::Nps,
        Category::NotSaid,
    ];

    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Category::Interactive => "interactiveUser",
            Category::NonInteractive => "nonInteractiveUser",
            Category::ServicePrincipal => "servicePrincipal",
            Category::ManagedIdentity => "managedIdentity",
            Category::Adfs => "adfs",
            Category::Nps => "npsExtension",
            Category::NotSaid => "notSaid",
        }
    }

    /// Whether such rows are sign-ins of people at Entra itself.
    #[must_use]
    pub fn is_of_users(self) -> bool {
        match self {
            Category::Interactive | Category::NonInteractive | Category::NotSaid => true,
            Category::ServicePrincipal | Category::ManagedIdentity | Category::Adfs | Category::Nps => false,
        }
    }

    pub(super) fn of(facts: &Rows<'_>, row: usize) -> Category {
        match facts.set_aside(row) {
            Some(SetAside::ServicePrincipal) => Category::ServicePrincipal,
            Some(SetAside::ManagedIdentity) => Category::ManagedIdentity,
            Some(SetAside::Adfs) => Category::Adfs,
            Some(SetAside::Nps) => Category::Nps,
            Some(SetAside::OtherTenant | SetAside::Passthrough | SetAside::WindowsSignIn) | None => {
                match (facts.interactive_assumed(row), facts.interactive(row)) {
                    (true, _) => Category::NotSaid,
                    (false, true) => Category::Interactive,
                    (false, false) => Category::NonInteractive,
                }
            }
        }
    }
}

/// What a row records as its risk during sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// High.
    High,
    /// Medium.
    Medium,
    /// Low.
    Low,
    /// Assessed, and no risk found.
    None,
    /// `hidden`: no licence for a level (SIR-4).
    Hidden,
    /// A word that is no level.
    Unread,
    /// Nothing.
    NotRecorded,
}

impl Level {
    /// All in their order: severest first.
    pub const ALL: [Level; 7] =
        [Level::High, Level::Medium, Level::Low, Level::None, Level::Hidden, Level::Unread, Level::NotRecorded];

    /// The word in JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::High => "high",
            Level::Medium => "medium",
            Level::Low => "low",
            Level::None => "none",
            Level::Hidden => "hidden",
            Level::Unread => "unread",
            Level::NotRecorded => "notRecorded",
        }
    }

    pub(super) fn of(text: &str) -> Level {
        match recorded_risk(Some(text)) {
            RiskLevel::High => Level::High,
            RiskLevel::Medium => Level::Medium,
            RiskLevel::Low => Level::Low,
            RiskLevel::None => Level::None,
            RiskLevel::Unknown if text.is_empty() => Level::NotRecorded,
            RiskLevel::Unknown if folded(text) == "hidden" => Level::Hidden,
            RiskLevel::Unknown => Level::Unread,
        }
    }
}
