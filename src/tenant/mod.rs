//! Facts that a log lacks (contract section 3): one file a fact, every file optional.
//!
//! A fact that is not supplied is *unknown*, never *empty*: whoever asks gets `None`. Ids and
//! names are folded (C8). Adding a fact is a module, a field of [`Tenant`], a [`FactName`] and a line of [`FACTS`].

mod agreements;
mod devices;
mod facts;
mod folder;
mod memberships;
mod named_locations;
mod office365;
mod registration;
mod risk_detections;
mod service_principals;
mod settings;
mod source;
mod strengths;
mod user_risk;
mod users;

pub use agreements::Agreements;
pub use devices::Devices;
pub use facts::{FACTS, Fact, FactName};
pub use folder::TenantErrors;
pub use memberships::Memberships;
pub use named_locations::{IpRange, LocationKind, NamedLocation, NamedLocations, parse_address};
pub use office365::Office365Apps;
pub use registration::{Details, Registration};
pub use risk_detections::RiskDetections;
pub use service_principals::ServicePrincipals;
pub use settings::{Settings, Trust};
pub use strengths::Strengths;
pub use user_risk::{OfUser, UserRisk};
pub use users::{User, UserType, Users};

/// Everything that `--tenant DIR` says. `None` is "no such file".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tenant {
    /// Named locations.
    pub named_locations: Option<NamedLocations>,
    /// Members of groups.
    pub groups: Memberships,
    /// Holders of directory roles.
    pub roles: Memberships,
    /// Users of the directory.
    pub users: Option<Users>,
    /// The registration report.
    pub registration: Option<Registration>,
    /// Risk of users over time.
    pub user_risk: UserRisk,
    /// Realtime risk detections.
    pub risk_detections: RiskDetections,
    /// Devices of the directory.
    pub devices: Option<Devices>,
    /// Authentication strengths, the built-in ones always.
    pub strengths: Strengths,
    /// Owners of applications.
    pub service_principals: Option<ServicePrincipals>,
    /// Acceptances of terms of use.
    pub agreements: Option<Agreements>,
    /// The tenant's own list behind `Office365`; else [`Office365Apps::built_in`] holds.
    pub office365: Option<Office365Apps>,
    /// `tenant.toml`.
    pub settings: Settings,
    /// The files that were read, as typed plus what the folder adds, sorted.
    pub files: Vec<String>,
}

impl Tenant {
    /// A tenant of which nothing is known.
    #[must_use]
    pub fn empty() -> Tenant {
        Tenant::default()
    }
}
