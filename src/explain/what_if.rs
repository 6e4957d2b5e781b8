//! The What If request that asks a tenant the same question (semantics 8.4): Graph's `evaluate`.
//!
//! Only what is known is a member of the body; what is left out, and why, is said beside it. What If knows only
//! policies that are stored in the tenant, and says which of them apply, never whether their controls are satisfied.

use crate::attempt::Attempt;
use crate::compile::condition::person::{Kind, kinds};
use crate::compile::device_filter::TrustType;
use crate::compile::dimension::{Dimension, PLATFORMS, Person};
use crate::domain::spelling::RecordedPlatform;
use crate::domain::{GuestType, RiskLevel, Spelled, TransferMethod, folded};
use crate::frame::{Column, ContextReference, Device, Place as Location, parsed};

use super::conditions::user_risk;
use super::model::{Absent, Body, Value, WhatIf};
use super::sight::Sight;

const URL: &str = "https://graph.microsoft.com/v1.0/identity/conditionalAccess/evaluate";

/// User actions, folded, and Graph's words for them here.
const ACTIONS: [(&str, &str); 2] = [
    ("urn:user:registersecurityinfo", "registerSecurityInformation"),
    ("urn:user:registerdevice", "registerOrJoinDevices"),
];

/// One request for each thing that was asked for: the resource, and user actions and authentication contexts besides.
pub(super) fn requests(sight: &Sight<'_>, attempt: &Attempt, place: usize) -> Vec<WhatIf> {
    let mut asked = Asked { sight, attempt, place, left_out: Vec::new() };
    let identity = asked.identity();
    let contexts = asked.contexts();
    let conditions = asked.conditions();
    let left_out = asked.left_out;
    contexts
        .into_iter()
        .map(|context| {
            let mut body = Body::default();
            body.add("signInIdentity", Some(Value::Object(identity.clone())));
            body.add("signInContext", context.map(Value::Object));
            body.add("signInConditions", Some(Value::Object(conditions.clone())));
            body.add("appliedPoliciesOnly", Some(Value::Flag(false)));
            WhatIf { method: "POST", url: URL, body, left_out: left_out.clone() }
        })
        .collect()
}

impl Body {
    fn add(&mut self, name: &str, value: Option<Value>) {
        self.0.extend(value.map(|value| (name.to_owned(), value)));
    }

    fn text(&mut self, name: &str, value: Option<impl Into<String>>) {
        self.add(name, value.map(|value| Value::Text(value.into())));
    }
}

/// Reads one attempt; what is not known is noted.
struct Asked<'a> {
    sight: &'a Sight<'a>,
    attempt: &'a Attempt,
    place: usize,
    left_out: Vec<Absent>,
}

impl Asked<'_> {
    fn absent(&mut self, member: &'static str, why: impl Into<String>) {
        self.left_out.push(Absent { member, why: why.into() });
    }

    fn recorded(&self, column: Column) -> Option<&str> {
        self.sight.text(column, self.attempt.terminal)
    }

    fn code(&self, dimension: Dimension) -> usize {
        self.sight.given.plan.dimensions.code(dimension, self.place) as usize
    }

    fn identity(&mut self) -> Body {
        let mut identity = Body::default();
        identity.text("@odata.type", Some("#microsoft.graph.userSignIn"));
        let user = self.recorded(Column::UserId).map(str::to_owned);
        if user.is_none() {
            self.absent("signInIdentity.userId", "no user id is recorded");
        }
        identity.text("userId", user);
        let nobody = Person::default();
        let person = self.sight.given.plan.dimensions.people.get(self.code(Dimension::Person)).unwrap_or(&nobody);
        match kinds(person, self.sight.given.tenant).as_slice() {
            [Kind::Member] => {}
            [Kind::Guest(kind)] => {
                identity.text("externalUserType", Some(kind.word()));
                if *kind != GuestType::InternalGuest {
                    match self.recorded(Column::HomeTenantId).map(str::to_owned) {
                        Some(home) => identity.text("externalTenantId", Some(home)),
                        None => self.absent("signInIdentity.externalTenantId", "no home tenant is recorded"),
                    }
                }
            }
            // An ordinary member is by far the most frequent one: only where a guest is likely is it worth a word.
            open if open.contains(&Kind::Member) => {
                self.absent("signInIdentity.externalUserType", "whether the user is a guest is not recorded");
            }
            _ => self.absent("signInIdentity.externalUserType", "which kind of guest the user is is not recorded"),
        }
        identity
    }

    /// What was asked for: at least one entry, which is none if nothing is known.
    fn contexts(&mut self) -> Vec<Option<Body>> {
        let mut contexts = Vec::new();
        let targets = &self.sight.given.plan.dimensions.targets;
        let target = targets.get(self.code(Dimension::Target));
        let applications: Vec<String> = match target {
            Some(target) if !target.audiences.is_empty() => target.audiences.clone(),
            Some(target) => target.resource.clone().into_iter().collect(),
            None => Vec::new(),
        };
        if !applications.is_empty() {
            let mut context = Body::default();
            context.text("@odata.type", Some("#microsoft.graph.applicationContext"));
            context.add("includeApplications", Some(Value::Texts(applications)));
            contexts.push(Some(context));
        }
        let references: Vec<ContextReference> = target.and_then(|target| target.contexts.clone()).unwrap_or_default();
        let counts = |reference: &&ContextReference| {
            ["required", "previouslysatisfied"].contains(&folded(&reference.detail).as_str())
        };
        for reference in references.iter().filter(counts) {
            let mut context = Body::default();
            match ACTIONS.iter().find(|(urn, _)| *urn == folded(&reference.id)) {
                Some((_, action)) => {
                    context.text("@odata.type", Some("#microsoft.graph.userActionContext"));
                    context.text("userAction", Some(*action));
                }
                None => {
                    context.text("@odata.type", Some("#microsoft.graph.authContext"));
                    context.text("authenticationContextValue", Some(reference.id.clone()));
                }
            }
            contexts.push(Some(context));
        }
        if contexts.is_empty() {
            self.absent("signInContext", "neither audiences nor a resource is recorded: fill in what was asked for");
            contexts.push(None);
        }
        contexts
    }

    fn conditions(&mut self) -> Body {
        let mut conditions = Body::default();
        conditions.text("clientAppType", self.client());
        conditions.text("devicePlatform", self.platform());
        let location: Location = parsed(self.recorded(Column::Location).unwrap_or(""));
        let country = location.country_or_region.filter(|country| !country.trim().is_empty());
        if country.is_none() {
            self.absent("signInConditions.country", "no country is recorded");
        }
        conditions.text("country", country);
        let address = self.recorded(Column::IpAddress).map(str::to_owned);
        if address.is_none() {
            self.absent("signInConditions.ipAddress", "no address is recorded");
        }
        conditions.text("ipAddress", address);
        let level = |level: RiskLevel| (level != RiskLevel::Unknown).then(|| level.word());
        let (sign_in, user) = (level(self.attempt.risk), level(user_risk(self.sight, self.place)));
        if sign_in.is_none() {
            self.absent("signInConditions.signInRiskLevel", "no level is recorded, or it is hidden");
        }
        conditions.text("signInRiskLevel", sign_in);
        if user.is_none() {
            self.absent("signInConditions.userRiskLevel", "no history of the user's risk is supplied");
        }
        conditions.text("userRiskLevel", user);
        self.absent("signInConditions.insiderRiskLevel", "no log records it");
        conditions.add("authenticationFlow", self.flow().map(Value::Object));
        conditions.add("deviceInfo", self.device().map(Value::Object));
        conditions
    }

    fn client(&mut self) -> Option<&'static str> {
        let clients = &self.sight.given.plan.dimensions.clients;
        let client = clients.get(self.code(Dimension::Client)).copied().flatten();
        if client.is_none() {
            let why = match self.recorded(Column::ClientAppUsed) {
                Some(used) => format!("`{used}` is not a client app that is known"),
                None => "no client app is recorded".to_owned(),
            };
            self.absent("signInConditions.clientAppType", why);
        }
        client.map(Spelled::word)
    }

    fn platform(&mut self) -> Option<&'static str> {
        match PLATFORMS.get(self.code(Dimension::Platform)) {
            Some(RecordedPlatform::Named(platform)) => Some(platform.word()),
            Some(RecordedPlatform::Unlisted) => {
                self.absent("signInConditions.devicePlatform", "the system is none that a policy can name");
                None
            }
            Some(RecordedPlatform::NotRecorded) | None => {
                self.absent("signInConditions.devicePlatform", "neither system nor user agent is recorded");
                None
            }
        }
    }

    fn flow(&mut self) -> Option<Body> {
        let flows = &self.sight.given.plan.dimensions.flows;
        let flow = flows.get(self.code(Dimension::Flow)).cloned().unwrap_or_default();
        let (protocol, method) = (flow.protocol.as_deref(), flow.transfer_method.as_deref());
        let method = match (protocol, method) {
            (None, None) => {
                self.absent("signInConditions.authenticationFlow", "neither protocol nor transfer method is recorded");
                return None;
            }
            (Some("devicecode"), _) => TransferMethod::DeviceCodeFlow,
            (Some("authenticationtransfer"), _) => TransferMethod::AuthenticationTransfer,
            (_, method) => method.and_then(TransferMethod::spelled).unwrap_or(TransferMethod::None),
        };
        let mut body = Body::default();
        body.text("transferMethod", Some(method.word()));
        Some(body)
    }

    fn device(&mut self) -> Option<Body> {
        let device: Device = parsed(self.recorded(Column::DeviceDetail).unwrap_or(""));
        if device.is_unread {
            self.absent("signInConditions.deviceInfo", "the recorded device cannot be read");
            return None;
        }
        let Some(id) = device.device_id.filter(|id| !id.trim().is_empty()) else {
            self.absent("signInConditions.deviceInfo", "no device id is recorded: an unregistered device");
            return None;
        };
        let mut body = Body::default();
        body.text("deviceId", Some(id));
        body.text("displayName", device.display_name);
        if device.is_compliant.is_none() {
            self.absent("signInConditions.deviceInfo.isCompliant", "compliance is not recorded");
        }
        body.add("isCompliant", device.is_compliant.map(Value::Flag));
        let trust = device.trust_type.as_deref().and_then(TrustType::read);
        if trust.is_none() {
            self.absent("signInConditions.deviceInfo.trustType", "how the device is joined is not recorded");
        }
        body.text(
            "trustType",
            trust.map(|trust| match trust {
                TrustType::AzureAd => "AzureAD",
                TrustType::ServerAd => "ServerAD",
                TrustType::Workplace => "Workplace",
            }),
        );
        Some(body)
    }
}
