//! The distinct values that conditions read: whole tuples, one code each (design section 4).

use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;

use crate::attempt::{Attempt, Attempts};
use crate::domain::spelling::{RecordedPlatform, recorded_client, recorded_platform};
use crate::domain::{ClientApp, Platform, RiskLevel, folded};
use crate::frame::{Code, Column, ContextReference, Device, NOT_RECORDED, NetworkLocation, Place as Location, parsed};
use crate::tenant::{OfUser, Tenant, UserRisk, parse_address};

use super::recorded::{Fact, Of, Recorded};

/// What a condition reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// [`Person`].
    Person,
    /// [`Target`].
    Target,
    /// The client app.
    Client,
    /// The platform.
    Platform,
    /// [`Place`].
    Place,
    /// Sign-in risk.
    SignInRisk,
    /// User risk.
    UserRisk,
    /// The device.
    Device,
    /// [`Flow`].
    Flow,
}

impl Dimension {
    /// How many dimensions there are.
    pub const COUNT: usize = 9;
}

/// Who signed in: all that a users condition can read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Person {
    /// Folded object id.
    pub user_id: Option<String>,
    /// Folded user principal name: joins the admin center's registration report only.
    pub user_principal_name: Option<String>,
    /// Folded `userType`.
    pub user_type: Option<String>,
    /// Folded `crossTenantAccessType`.
    pub cross_tenant_access_type: Option<String>,
    /// Folded home tenant.
    pub home_tenant: Option<String>,
    /// Folded resource tenant.
    pub resource_tenant: Option<String>,
    /// What recorded policies prove of groups and roles (CON-7).
    pub proven: Vec<Fact>,
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Folded ids that Conditional Access evaluated; empty when not recorded (APP-1).
    pub audiences: Vec<String>,
    /// Folded resource id.
    pub resource: Option<String>,
    /// Folded name of the resource.
    pub resource_name: Option<String>,
    /// Folded tenant that owns the resource's application.
    pub resource_owner: Option<String>,
    /// Folded id of the client application.
    pub client: Option<String>,
    /// Folded name of the client application.
    pub client_name: Option<String>,
    /// A web client is evaluated for its own ID token too (C12).
    pub is_browser: bool,
    /// Authentication contexts and user actions; none when not recorded (APP-9, APP-10).
    pub contexts: Option<Vec<ContextReference>>,
}

/// Where from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The address, normalised; none when missing or unreadable (LOC-2).
    pub address: Option<std::net::IpAddr>,
    /// Folded country; none is the unknown country (LOC-3).
    pub country: Option<String>,
    /// Recorded networks (LOC-4); empty when not recorded.
    pub networks: Vec<NetworkLocation>,
    /// Recorded use of Global Secure Access.
    pub through_global_secure_access: bool,
    /// What recorded policies prove of locations (CON-7).
    pub proven: Vec<Fact>,
}

/// How it was authenticated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// Folded `authenticationProtocol`.
    pub protocol: Option<String>,
    /// Folded `originalTransferMethod`.
    pub transfer_method: Option<String>,
}

/// Every distinct value by dimension, and the code of each attempt.
#[derive(Debug)]
pub struct Dimensions {
    codes: [Vec<u32>; Dimension::COUNT], // INVARIANT: each as long as the list of attempts.
    /// Values of [`Dimension::Person`].
    pub people: Vec<Person>,
    /// Values of [`Dimension::Target`].
    pub targets: Vec<Target>,
    /// Values of [`Dimension::Client`].
    pub clients: Vec<Option<ClientApp>>,
    /// Values of [`Dimension::Place`].
    pub places: Vec<Place>,
    /// Values of [`Dimension::Device`].
    pub devices: Vec<Device>,
    /// Values of [`Dimension::Flow`].
    pub flows: Vec<Flow>,
}

/// Values of [`Dimension::Platform`].
pub const PLATFORMS: [RecordedPlatform; 8] = [
    RecordedPlatform::NotRecorded,
    RecordedPlatform::Unlisted,
    RecordedPlatform::Named(Platform::Android),
    RecordedPlatform::Named(Platform::Ios),
    RecordedPlatform::Named(Platform::Windows),
    RecordedPlatform::Named(Platform::WindowsPhone),
    RecordedPlatform::Named(Platform::MacOs),
    RecordedPlatform::Named(Platform::Linux),
];

/// Values of [`Dimension::SignInRisk`] and [`Dimension::UserRisk`], by severity.
pub const LEVELS: [RiskLevel; 5] =
    [RiskLevel::Unknown, RiskLevel::None, RiskLevel::Low, RiskLevel::Medium, RiskLevel::High];

/// Gives a code to each distinct tuple of codes.
#[derive(Debug)]
struct Interner<const N: usize> {
    index: HashMap<[Code; N], u32, FxBuildHasher>,
    tuples: Vec<[Code; N]>,
    /// By the first of a tuple: what it was last. Mostly it is that again, and nothing is searched.
    last: Vec<u32>,
}

impl<const N: usize> Interner<N> {
    /// For tuples of which the first code is of a dictionary of this length.
    fn new(firsts: usize) -> Interner<N> {
        Interner { index: HashMap::default(), tuples: Vec::new(), last: vec![u32::MAX; firsts] }
    }

    fn intern(&mut self, tuple: [Code; N]) -> u32 {
        let first = tuple.first().map_or(0, |first| *first as usize);
        let last = self.last.get(first).copied().unwrap_or(u32::MAX);
        if self.tuples.get(last as usize) == Some(&tuple) {
            return last;
        }
        let code = *self.index.entry(tuple).or_insert_with(|| {
            self.tuples.push(tuple);
            u32::try_from(self.tuples.len() - 1).unwrap_or(u32::MAX)
        });
        if let Some(last) = self.last.get_mut(first) {
            *last = code;
        }
        code
    }
}

const PERSON: [Column; 6] = [
    Column::UserId,
    Column::UserPrincipalName,
    Column::UserType,
    Column::CrossTenantAccessType,
    Column::HomeTenantId,
    Column::ResourceTenantId,
];
const TARGET: [Column; 8] = [
    Column::ConditionalAccessAudiences,
    Column::ResourceId,
    Column::ResourceDisplayName,
    Column::ResourceOwnerTenantId,
    Column::AppId,
    Column::AppDisplayName,
    Column::ClientAppUsed,
    Column::AuthenticationContexts,
];
const PLACE: [Column; 4] =
    [Column::IpAddress, Column::Location, Column::NetworkLocationDetails, Column::IsThroughGlobalSecureAccess];
const FLOW: [Column; 2] = [Column::AuthenticationProtocol, Column::OriginalTransferMethod];

impl Dimensions {
    /// Codes every attempt by its terminal row (GRP-5).
    #[must_use]
    pub fn read(attempts: &Attempts, tenant: &Tenant, recorded: &Recorded) -> Dimensions {
        let frame = &attempts.frame;
        let devices: Vec<Device> = frame.dictionary(Column::DeviceDetail).iter().map(parsed).collect();
        let firsts = |columns: &[Column]| columns.first().map_or(0, |first| frame.dictionary(*first).len());
        let (mut people, mut targets) = (Interner::<7>::new(firsts(&PERSON)), Interner::<8>::new(firsts(&TARGET)));
        let (mut places, mut flows) = (Interner::<5>::new(firsts(&PLACE)), Interner::<2>::new(firsts(&FLOW)));
        let (of_person, of_target) =
            (PERSON.map(|column| frame.codes(column)), TARGET.map(|column| frame.codes(column)));
        let (of_place, of_flow) = (PLACE.map(|column| frame.codes(column)), FLOW.map(|column| frame.codes(column)));
        let mut user_risk = OfUsers::new(attempts, tenant);
        let (about_people, about_places) =
            (recorded.part(|of| of != Of::Location), recorded.part(|of| of == Of::Location));
        // By device and user agent: mostly a device keeps its agent.
        let mut agents = Interner::<2>::new(devices.len());
        let mut platforms: Vec<u32> = Vec::new();
        let mut codes: [Vec<u32>; Dimension::COUNT] = std::array::from_fn(|_| Vec::with_capacity(attempts.list.len()));
        for (place, attempt) in attempts.list.iter().enumerate() {
            let device = attempts.code(attempt, Column::DeviceDetail);
            let agent = attempts.code(attempt, Column::UserAgent);
            let pair = agents.intern([device, agent]) as usize;
            let platform = platforms.get(pair).copied().unwrap_or_else(|| {
                let system = devices.get(device as usize).and_then(|device| device.operating_system.as_deref());
                let platform = recorded_platform(system, attempts.text(attempt, Column::UserAgent));
                platforms.push(position(&PLATFORMS, platform));
                platforms.last().copied().unwrap_or_default()
            });
            let row = attempt.terminal;
            let row = [
                people.intern(with(tuple(&of_person, row), about_people.code(place))),
                targets.intern(tuple(&of_target, row)),
                attempts.code(attempt, Column::ClientAppUsed),
                platform,
                places.intern(with(tuple(&of_place, row), about_places.code(place))),
                position(&LEVELS, attempt.risk),
                position(&LEVELS, user_risk.at(attempt)),
                device,
                flows.intern(tuple(&of_flow, row)),
            ];
            for (codes, code) in codes.iter_mut().zip(row) {
                codes.push(code);
            }
        }
        let text = |column: Column, code: Code| frame.dictionary(column).recorded(code).map(folded);
        Dimensions {
            codes,
            people: people
                .tuples
                .iter()
                .map(|[user, name, user_type, cross, home, resource, proven]| Person {
                    user_id: text(Column::UserId, *user),
                    user_principal_name: text(Column::UserPrincipalName, *name),
                    user_type: text(Column::UserType, *user_type),
                    cross_tenant_access_type: text(Column::CrossTenantAccessType, *cross),
                    home_tenant: text(Column::HomeTenantId, *home),
                    resource_tenant: text(Column::ResourceTenantId, *resource),
                    proven: about_people.facts(*proven).to_vec(),
                })
                .collect(),
            targets: targets
                .tuples
                .iter()
                .map(|[audiences, resource, name, owner, client, client_name, used, contexts]| Target {
                    audiences: parsed::<Vec<String>>(
                        frame.dictionary(Column::ConditionalAccessAudiences).text(*audiences),
                    )
                    .iter()
                    .map(|id| folded(id))
                    .collect(),
                    resource: text(Column::ResourceId, *resource),
                    resource_name: text(Column::ResourceDisplayName, *name),
                    resource_owner: text(Column::ResourceOwnerTenantId, *owner),
                    client: text(Column::AppId, *client),
                    client_name: text(Column::AppDisplayName, *client_name),
                    is_browser: recorded_client(frame.dictionary(Column::ClientAppUsed).recorded(*used))
                        == Some(ClientApp::Browser),
                    contexts: frame.dictionary(Column::AuthenticationContexts).recorded(*contexts).map(parsed),
                })
                .collect(),
            clients: frame
                .dictionary(Column::ClientAppUsed)
                .iter()
                .map(|used| recorded_client(Some(used).filter(|used| !used.is_empty())))
                .collect(),
            places: places
                .tuples
                .iter()
                .map(|[address, location, networks, through, proven]| Place {
                    address: text(Column::IpAddress, *address).and_then(|address| parse_address(&address)),
                    country: parsed::<Location>(frame.dictionary(Column::Location).text(*location))
                        .country_or_region
                        .map(|country| folded(&country))
                        .filter(|country| !country.is_empty()),
                    networks: parsed(frame.dictionary(Column::NetworkLocationDetails).text(*networks)),
                    through_global_secure_access: text(Column::IsThroughGlobalSecureAccess, *through).as_deref()
                        == Some("true"),
                    proven: about_places.facts(*proven).to_vec(),
                })
                .collect(),
            flows: flows
                .tuples
                .iter()
                .map(|[protocol, method]| Flow {
                    protocol: text(Column::AuthenticationProtocol, *protocol).filter(is_readable),
                    transfer_method: text(Column::OriginalTransferMethod, *method).filter(is_readable),
                })
                .collect(),
            devices,
        }
    }

    /// The values of one attempt alone, which is attempt 0 of what comes out: so little is explained again at will.
    #[must_use]
    pub fn only(&self, attempt: usize) -> Dimensions {
        fn one<T: Clone>(values: &[T], code: u32) -> Vec<T> {
            values.get(code as usize).cloned().into_iter().collect()
        }
        let Dimensions { codes: _, people, targets, clients, places, devices, flows } = self;
        let code = |dimension| self.code(dimension, attempt);
        // Platforms and levels are the same in every run.
        let mut codes: [Vec<u32>; Dimension::COUNT] = std::array::from_fn(|_| vec![0]);
        for dimension in [Dimension::Platform, Dimension::SignInRisk, Dimension::UserRisk] {
            if let Some(codes) = codes.get_mut(dimension as usize) {
                *codes = vec![code(dimension)];
            }
        }
        Dimensions {
            codes,
            people: one(people, code(Dimension::Person)),
            targets: one(targets, code(Dimension::Target)),
            clients: one(clients, code(Dimension::Client)),
            places: one(places, code(Dimension::Place)),
            devices: one(devices, code(Dimension::Device)),
            flows: one(flows, code(Dimension::Flow)),
        }
    }

    /// The code of an attempt, by its place in the list.
    #[must_use]
    pub fn code(&self, dimension: Dimension, attempt: usize) -> u32 {
        self.codes(dimension).get(attempt).copied().unwrap_or(0)
    }

    /// The codes of all attempts.
    #[must_use]
    pub fn codes(&self, dimension: Dimension) -> &[u32] {
        self.codes.get(dimension as usize).map_or(&[], Vec::as_slice)
    }
}

/// Graph's word for one that the export could not show (POL-4): nothing is recorded then.
fn is_readable(word: &String) -> bool {
    word != "unknownfuturevalue"
}

fn tuple<const N: usize>(columns: &[&[Code]; N], row: usize) -> [Code; N] {
    columns.map(|codes| codes.get(row).copied().unwrap_or(NOT_RECORDED))
}

/// A tuple of codes with one more.
fn with<const N: usize, const M: usize>(tuple: [Code; N], more: Code) -> [Code; M] {
    std::array::from_fn(|place| tuple.get(place).copied().unwrap_or(more))
}

fn position<T: PartialEq>(values: &[T], value: T) -> u32 {
    values.iter().position(|known| *known == value).and_then(|place| u32::try_from(place).ok()).unwrap_or(0)
}

/// The users' risk at the moment of each terminal row (C10).
struct OfUsers<'a> {
    attempts: &'a Attempts,
    risk: &'a UserRisk,
    /// By code of the user id; nothing where the tenant folder does not tell.
    known: Vec<Option<OfUser<'a>>>,
}

impl<'a> OfUsers<'a> {
    fn new(attempts: &'a Attempts, tenant: &'a Tenant) -> OfUsers<'a> {
        let risk = &tenant.user_risk;
        let users = if risk.is_supplied() { attempts.frame.dictionary(Column::UserId).len() } else { 0 };
        OfUsers { attempts, risk, known: vec![None; users] }
    }

    fn at(&mut self, attempt: &Attempt) -> RiskLevel {
        let user = self.attempts.code(attempt, Column::UserId);
        let (Some(known), Some(id)) =
            (self.known.get_mut(user as usize), self.attempts.frame.dictionary(Column::UserId).recorded(user))
        else {
            return RiskLevel::Unknown;
        };
        let known = known.get_or_insert_with(|| self.risk.of(id));
        known.at(self.attempts.created(attempt)).unwrap_or(RiskLevel::Unknown)
    }
}
