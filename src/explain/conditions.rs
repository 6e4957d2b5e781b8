//! Every condition of a candidate: its answer by the look-ups of the replay, and the values that it looked at.

use crate::attempt::Attempt;
use crate::compile::condition::person::{Kind, kinds};
use crate::compile::condition::unmodelled;
use crate::compile::dimension::{Dimension, LEVELS};
use crate::compile::rule::Rule;
use crate::domain::spelling::recorded_risk;
use crate::domain::{self, Match, RiskLevel, Spelled, Word, folded};
use crate::frame::{Column, Device, NetworkLocation, Place as Location, parsed};
use crate::policy::wire::{Filter, Policy};

use super::model::{Condition, Place, Seen};
use super::parts;
use super::rules;
use super::sight::Sight;

/// A configured condition is explained from the same look-ups that replay reads.
pub(super) fn conditions(sight: &Sight<'_>, policy: &Policy, rule: &Rule, place: usize) -> Vec<Condition> {
    let plan = sight.given.plan;
    let Some(attempt) = sight.given.attempts.list.get(place) else { return Vec::new() };
    let only = plan.dimensions.only(place);
    rule.conditions
        .iter()
        .map(|configured| {
            let code = plan.dimensions.code(configured.dimension, place);
            let missing = plan.facts.facts(configured.lookup.missing(code)).to_vec();
            let condition = configured.condition;
            Condition {
                condition: condition.word(),
                answer: answer(configured.lookup.answer(code)),
                wants: wants(condition, policy),
                seen: seen(sight, condition, policy, attempt, place),
                parts: parts::of(sight, condition, policy, &only),
                missing,
                rules: tags(sight, condition, attempt, place),
            }
        })
        .collect()
}

/// The word of an answer.
pub(super) fn answer(answer: Match) -> &'static str {
    match answer {
        Match::Yes => "yes",
        Match::No => "no",
        Match::Unknown => "unknown",
    }
}

/// Conditions that are not configured: they match everything (NUL-1).
pub(super) fn not_configured(rule: &Rule) -> Vec<&'static str> {
    let shown = domain::Condition::ALL.into_iter().filter(|condition| {
        // No policy for users has these; nothing is said of what is not there.
        !matches!(
            condition,
            domain::Condition::Time
                | domain::Condition::ServicePrincipals
                | domain::Condition::ServicePrincipalRisk
                | domain::Condition::Unmodelled
        )
    });
    let is_configured = |condition: &domain::Condition| rule.conditions.iter().any(|one| one.condition == *condition);
    shown.filter(|condition| !is_configured(condition)).map(domain::Condition::word).collect()
}

/// What the policy asks for, where the parts do not say it.
fn wants(condition: domain::Condition, policy: &Policy) -> String {
    let conditions = &policy.conditions;
    match condition {
        domain::Condition::ClientType => listed(&conditions.client_app_types),
        domain::Condition::SignInRisk => listed(&conditions.sign_in_risk_levels),
        domain::Condition::UserRisk => listed(&conditions.user_risk_levels),
        domain::Condition::AuthenticationFlows => listed(&conditions.authentication_flows.transfer_methods),
        domain::Condition::InsiderRisk => conditions.insider_risk_levels.join(" or "),
        domain::Condition::ServicePrincipalRisk => conditions.service_principal_risk_levels.join(" or "),
        domain::Condition::ServicePrincipals => "workload identities".to_owned(),
        domain::Condition::Time => "certain times, which no rule here covers".to_owned(),
        domain::Condition::Unmodelled => {
            let names: Vec<String> = unmodelled(policy).into_iter().filter(|name| name != "times").collect();
            format!("{}, which no rule here covers", names.join(" and "))
        }
        domain::Condition::DeviceState => {
            let filter = conditions.devices.device_filter.as_ref();
            let text = |filter: &Filter| {
                let rule = filter.rule.as_deref().unwrap_or("no rule");
                match filter.mode.as_deref().map(folded).as_deref() {
                    Some("include") => format!("devices that match: {rule}"),
                    Some("exclude") => format!("devices that do not match: {rule}"),
                    _ => format!("devices by a filter without a mode that is known: {rule}"),
                }
            };
            filter.map(text).unwrap_or_default()
        }
        domain::Condition::Application
        | domain::Condition::Users
        | domain::Condition::DevicePlatform
        | domain::Condition::Location => String::new(),
    }
}

fn listed<T: Spelled>(words: &[Word<T>]) -> String {
    words.iter().map(Word::text).collect::<Vec<_>>().join(" or ")
}

/// The rules of a condition, and those that its value calls in.
fn tags(sight: &Sight<'_>, condition: domain::Condition, attempt: &Attempt, place: usize) -> Vec<&'static str> {
    let mut tags = rules::of_condition(condition).to_vec();
    if condition == domain::Condition::SignInRisk {
        let own = recorded_risk(sight.text(Column::RiskLevelDuringSignIn, attempt.terminal));
        if attempt.risk == RiskLevel::Unknown {
            tags.push("SIR-4");
        } else if attempt.risk_from_sibling {
            tags.push("C31");
        } else if own == RiskLevel::Unknown {
            tags.push("RSK-3");
        }
    }
    if condition == domain::Condition::UserRisk && user_risk(sight, place) == RiskLevel::Unknown {
        tags.push("SIR-4");
    }
    tags
}

/// The values that a condition looked at, with where each stands.
fn seen(
    sight: &Sight<'_>,
    condition: domain::Condition,
    policy: &Policy,
    attempt: &Attempt,
    place: usize,
) -> Vec<Seen> {
    let see = Look { sight, attempt };
    match condition {
        domain::Condition::Users => see.users(place),
        domain::Condition::Application => see.application(policy),
        domain::Condition::DevicePlatform => see.platform(),
        domain::Condition::Location => see.location(),
        domain::Condition::ClientType => vec![see.column(Column::ClientAppUsed)],
        domain::Condition::SignInRisk => vec![see.risk()],
        domain::Condition::UserRisk => {
            let level = user_risk(sight, place);
            let value = (level != RiskLevel::Unknown).then(|| level.word().to_owned());
            let file = sight.tenant_file(&["riskyUserHistory.json", "riskyUsers.json"]).filter(|_| value.is_some());
            vec![Seen { field: "risk of the user at that time".to_owned(), value, from: file.map(of_file) }]
        }
        domain::Condition::DeviceState => see.device(),
        domain::Condition::AuthenticationFlows => {
            vec![see.column(Column::AuthenticationProtocol), see.column(Column::OriginalTransferMethod)]
        }
        domain::Condition::InsiderRisk => {
            vec![Seen { field: "insider risk".to_owned(), value: None, from: None }]
        }
        domain::Condition::ServicePrincipals | domain::Condition::ServicePrincipalRisk => {
            vec![Seen { field: "identity".to_owned(), value: Some("a user".to_owned()), from: None }]
        }
        domain::Condition::Time | domain::Condition::Unmodelled => Vec::new(),
    }
}

/// The user's risk as the plan reads it (C10).
pub(super) fn user_risk(sight: &Sight<'_>, place: usize) -> RiskLevel {
    let code = sight.given.plan.dimensions.code(Dimension::UserRisk, place);
    LEVELS.get(code as usize).copied().unwrap_or(RiskLevel::Unknown)
}

fn of_file(file: String) -> Place {
    Place { file, row: None, number: None }
}

/// Looks at the rows of one attempt.
struct Look<'a> {
    sight: &'a Sight<'a>,
    attempt: &'a Attempt,
}

impl Look<'_> {
    /// A column of the terminal row.
    fn column(&self, column: Column) -> Seen {
        let value = self.sight.text(column, self.attempt.terminal);
        self.seen(column.name().to_owned(), column, value.map(str::to_owned))
    }

    /// A value made of a column of the terminal row.
    fn seen(&self, field: String, column: Column, value: Option<String>) -> Seen {
        let number = self.attempt.before_terminal + 1;
        let from = value.is_some().then(|| self.sight.place(column, number, self.attempt.terminal)).flatten();
        Seen { field, value, from }
    }

    /// Those of the columns that are recorded; the first in any case.
    fn recorded(&self, columns: &[Column]) -> Vec<Seen> {
        let all = columns.iter().map(|column| self.column(*column)).enumerate();
        all.filter(|(place, seen)| *place == 0 || seen.value.is_some()).map(|(_, seen)| seen).collect()
    }

    fn users(&self, place: usize) -> Vec<Seen> {
        let mut seen = self.recorded(&[Column::UserId, Column::UserType, Column::CrossTenantAccessType]);
        // The home tenant tells something only of those who come from elsewhere.
        let home = self.column(Column::HomeTenantId);
        if home.value.as_deref().is_some_and(|home| Some(home) != self.text(Column::ResourceTenantId)) {
            seen.push(home);
        }
        let dimensions = &self.sight.given.plan.dimensions;
        let person = dimensions.people.get(dimensions.code(Dimension::Person, place) as usize);
        let open = person.map(|person| kinds(person, self.sight.given.tenant)).unwrap_or_default();
        // An ordinary member is nothing to speak of.
        if open != [Kind::Member] {
            let word = |kind: &Kind| match kind {
                Kind::Member => "member",
                Kind::Guest(guest) => guest.word(),
            };
            let value = open.iter().map(word).collect::<Vec<_>>().join(" or ");
            seen.push(Seen { field: "taken as (C9)".to_owned(), value: Some(value), from: None });
        }
        seen
    }

    fn application(&self, policy: &Policy) -> Vec<Seen> {
        let audiences: Vec<String> = self.document(Column::ConditionalAccessAudiences);
        let mut seen = if audiences.is_empty() {
            let mut seen = self.recorded(&[Column::ResourceId, Column::ResourceDisplayName]);
            if self.text(Column::ClientAppUsed).is_some_and(|client| client.eq_ignore_ascii_case("browser")) {
                seen.extend(self.recorded(&[Column::AppId]));
            }
            seen
        } else {
            let column = Column::ConditionalAccessAudiences;
            vec![self.seen(column.name().to_owned(), column, Some(audiences.join(", ")))]
        };
        let applications = &policy.conditions.applications;
        if !applications.include_user_actions.is_empty()
            || !applications.include_authentication_context_class_references.is_empty()
        {
            seen.push(self.column(Column::AuthenticationContexts));
        }
        seen
    }

    fn platform(&self) -> Vec<Seen> {
        let device: Device = self.document(Column::DeviceDetail);
        let system = device.operating_system.filter(|system| !system.trim().is_empty());
        if system.is_none() && self.text(Column::UserAgent).is_some() {
            return vec![self.column(Column::UserAgent)];
        }
        vec![self.seen("deviceDetail.operatingSystem".to_owned(), Column::DeviceDetail, system)]
    }

    fn location(&self) -> Vec<Seen> {
        let location: Location = self.document(Column::Location);
        let country = location.country_or_region.filter(|country| !country.trim().is_empty());
        let mut seen = vec![
            self.column(Column::IpAddress),
            self.seen("location.countryOrRegion".to_owned(), Column::Location, country),
        ];
        let networks: Vec<NetworkLocation> = self.document(Column::NetworkLocationDetails);
        if self.sight.given.tenant.named_locations.is_none() && !networks.is_empty() {
            let types: Vec<&str> = networks.iter().map(|network| network.network_type.as_str()).collect();
            let column = Column::NetworkLocationDetails;
            seen.push(self.seen(column.name().to_owned(), column, Some(types.join(", "))));
        }
        if self.text(Column::IsThroughGlobalSecureAccess).is_some_and(|through| through.eq_ignore_ascii_case("true")) {
            seen.push(self.column(Column::IsThroughGlobalSecureAccess));
        }
        seen
    }

    fn risk(&self) -> Seen {
        let Attempt { risk, terminal, .. } = *self.attempt;
        let column = Column::RiskLevelDuringSignIn;
        let level = (risk != RiskLevel::Unknown).then(|| risk.word().to_owned());
        if self.attempt.risk_from_sibling {
            let rows = self.sight.rows_of(self.attempt).iter().enumerate().take(self.attempt.before_terminal);
            let detections = &self.sight.given.tenant.risk_detections;
            let mut siblings = rows.filter(|(_, row)| {
                self.sight.facts.reached(**row) && self.sight.facts.risk(**row, detections).level == risk
            });
            let from = siblings.next().and_then(|(place, row)| self.sight.place(column, place + 1, *row));
            return Seen { field: format!("{} of an earlier row", column.name()), value: level, from };
        }
        if recorded_risk(self.text(column)) == RiskLevel::Unknown && level.is_some() {
            let files: Vec<&str> = self.sight.given.sources.companions().collect();
            let folder = self.sight.tenant_file(&["riskDetections.json"]);
            let among_logs = self.sight.text(Column::RealtimeDetection, terminal).is_some();
            let file = if among_logs { Some(files.join(", ")) } else { folder };
            return Seen { field: "a realtime risk detection".to_owned(), value: level, from: file.map(of_file) };
        }
        // What is recorded and not read, such as `hidden`, is shown as it is.
        self.column(column)
    }

    fn device(&self) -> Vec<Seen> {
        let device: Device = self.document(Column::DeviceDetail);
        let see = |member: &str, value: Option<String>| {
            self.seen(format!("deviceDetail.{member}"), Column::DeviceDetail, value)
        };
        let id = device.device_id.filter(|id| !id.trim().is_empty());
        if device.is_unread {
            return vec![Seen { field: "deviceDetail".to_owned(), value: None, from: None }];
        }
        let Some(id) = id else {
            let mut seen = see("deviceId", Some("none: an unregistered device".to_owned()));
            seen.from = self.sight.place(Column::DeviceDetail, self.attempt.before_terminal + 1, self.attempt.terminal);
            return vec![seen];
        };
        let listed = self.sight.given.tenant.devices.as_ref().is_some_and(|devices| devices.find(&id).is_some());
        let mut seen = vec![
            see("deviceId", Some(id)),
            see("isCompliant", device.is_compliant.map(|is| is.to_string())),
            see("trustType", device.trust_type),
        ];
        if listed {
            let from = self.sight.tenant_file(&["devices.json"]).map(of_file);
            seen.push(Seen { field: "its other attributes".to_owned(), value: Some("listed".to_owned()), from });
        }
        seen
    }

    fn text(&self, column: Column) -> Option<&str> {
        self.sight.text(column, self.attempt.terminal)
    }

    fn document<T: serde::de::DeserializeOwned + Default>(&self, column: Column) -> T {
        parsed(self.text(column).unwrap_or(""))
    }
}
