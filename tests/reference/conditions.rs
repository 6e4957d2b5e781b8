//! Conditions (section 2, C8 … C17): whether a policy applies to an attempt.

use super::Tri;
use super::attempts::Attempt;
use super::device_filter::{filter_condition, legacy_device_state};
use super::rows::{Row, bool_member, bool_of, fold, ids_of, list_member, member, text_member, text_of, words_of};
use super::tenant::{Tenant, entry_folded, known_level};
use super::users::{is_empty, is_placeholder, users_condition};
use serde_json::Value;
use std::net::IpAddr;

pub struct Applies {
    pub answer: Tri,
    /// CON-5 names of the certainly false conditions, in its order.
    pub not_matched: Vec<&'static str>,
}

/// CON-2: all conditions are ANDed; an unconfigured one is T.
pub fn applies(attempt: &Attempt, tenant: &Tenant, own_tenant: Option<&str>, policy: &Value) -> Applies {
    let row = attempt.terminal();
    let conditions = &policy["conditions"];
    // In the order of CON-5.
    let all = [
        ("application", application(row, tenant, own_tenant, &conditions["applications"])),
        ("users", users_condition(row, tenant, conditions)),
        ("devicePlatform", platforms(row, &conditions["platforms"])),
        ("location", locations(row, tenant, &conditions["locations"])),
        ("clientType", client_types(row, &conditions["clientapptypes"])),
        ("signInRisk", risk(&conditions["signinrisklevels"], known_level(Some(attempt.risk_level)))),
        ("userRisk", risk(&conditions["userrisklevels"], user_risk(row, tenant))),
        ("deviceState", devices(row, tenant, conditions)),
        // C17: workload conditions are F for users.
        ("servicePrincipals", Tri::of(is_empty(&conditions["clientapplications"]))),
        ("servicePrincipalRisk", Tri::of(is_empty(&conditions["serviceprincipalrisklevels"]))),
        ("authenticationFlows", flows(row, &conditions["authenticationflows"])),
        ("insiderRisk", if is_empty(&conditions["insiderrisklevels"]) { Tri::Yes } else { Tri::Unknown }),
    ];
    // CON-1, C17. CHOICE: "U for the whole policy" is one more condition that is U, so a false one still decides.
    let unknown_member = if has_unknown_member(conditions) { Tri::Unknown } else { Tri::Yes };
    Applies {
        answer: all.iter().map(|(_, answer)| *answer).fold(unknown_member, Tri::and),
        not_matched: all.iter().filter(|(_, answer)| *answer == Tri::No).map(|(name, _)| *name).collect(),
    }
}

fn any(answers: impl Iterator<Item = Tri>) -> Tri {
    answers.fold(Tri::No, Tri::or)
}

fn user_risk(row: &Row, tenant: &Tenant) -> Option<&'static str> {
    tenant.user_risk(row.user_id().map(|id| fold(&id)).as_deref(), row.created)
}

/// SIR-1, SIR-3, SIR-4: set membership; an unknown level is U unless all four levels are listed.
fn risk(listed: &Value, level: Option<&str>) -> Tri {
    let listed = words_of(listed);
    if listed.is_empty() {
        return Tri::Yes;
    }
    let lists = |level: &str| listed.iter().any(|word| word == level);
    match level {
        Some(level) if lists(level) => Tri::Yes,
        // CHOICE: a listed level that is unreadable (`unknownFutureValue`) may be the row's.
        Some(_) if lists("unknownfuturevalue") => Tri::Unknown,
        Some(_) => Tri::No,
        None => match ["low", "medium", "high", "none"].iter().all(|level| lists(level)) {
            true => Tri::Yes,
            false => Tri::Unknown,
        },
    }
}

// ---------------------------------------------------------------- target resources (2.2, C11, C12)

const AZURE_PORTAL: &str = "c44b4083-3bb0-49c1-b47d-974e53cbdf3c";
const AZURE_MANAGEMENT: &str = "797f4846-ba00-4fd7-ba43-dac1f8f63013";
pub const INTUNE_ENROLLMENT: &str = "d4ebce55-015a-49b5-a083-c84d1797ae8c";

/// APP-6.
const OFFICE_IDS: [&str; 12] = [
    "00000002-0000-0ff1-ce00-000000000000",
    "00000003-0000-0ff1-ce00-000000000000",
    "00000004-0000-0ff1-ce00-000000000000",
    "00000005-0000-0ff1-ce00-000000000000",
    "00000006-0000-0ff1-ce00-000000000000",
    "00000007-0000-0ff1-ce00-000000000000",
    "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
    "7557eb47-c689-4224-abcf-aef9bd7573df",
    "905fcf26-4eb7-48a0-9ff0-8dcc7194b5ba",
    "c9a559d2-7aab-4f13-a6ed-e7e9c52aec87",
    "9199bf20-a13f-4107-85dc-02114787ef48",
    "4765445b-32c6-49b0-83e6-1d93765276ca",
];
const OFFICE_NAMES: [&str; 5] = [
    "exchange online",
    "sharepoint online",
    "office 365 exchange online",
    "office 365 sharepoint online",
    "microsoft teams",
];
/// C11: certainly not in Office365.
const NOT_OFFICE: [&str; 7] = [
    "00000003-0000-0000-c000-000000000000",
    "00000002-0000-0000-c000-000000000000",
    AZURE_MANAGEMENT,
    AZURE_PORTAL,
    "01cb2876-7ebd-4aa4-9cc9-d28bd4d359a9",
    INTUNE_ENROLLMENT,
    "0000000a-0000-0000-c000-000000000000",
];
/// APP-7.
const ADMIN_PORTALS: [&str; 4] = [
    "497effe9-df71-4043-a8bb-14cf78c4b63b",
    AZURE_PORTAL,
    "00000006-0000-0ff1-ce00-000000000000",
    "80ccca67-54bd-44ab-8625-4b79c4dc7775",
];

struct Targets<'a> {
    row: &'a Row,
    tenant: &'a Tenant,
    own_tenant: Option<&'a str>,
    resource: Option<String>,
    client: Option<String>,
    audiences: Vec<String>,
}

impl Targets<'_> {
    /// C11.
    fn office365(&self, audience: &str) -> Tri {
        let is_resource = self.resource.as_deref() == Some(audience);
        let name = self.row.folded("resourceDisplayName").filter(|_| is_resource);
        let inside = match &self.tenant.office365 {
            // The file replaces the list of what is in.
            Some(list) => list.iter().any(|entry| {
                entry_folded(entry, "appid").as_deref() == Some(audience)
                    || (name.is_some() && entry_folded(entry, "displayname") == name)
            }),
            None => OFFICE_IDS.contains(&audience) || name.as_deref().is_some_and(|name| OFFICE_NAMES.contains(&name)),
        };
        if inside {
            return Tri::Yes;
        }
        let owned = self.own_tenant.is_some()
            && self.tenant.service_principals.iter().flatten().any(|entry| {
                entry_folded(entry, "appid").as_deref() == Some(audience)
                    && entry_folded(entry, "appownerorganizationid").as_deref() == self.own_tenant
            });
        let foreign = is_resource
            && self.row.folded("resourceOwnerTenantId").is_some_and(|owner| {
                owner != "f8cdef31-a31e-4b4a-93e4-5f571e91255a" && owner != "72f988bf-86f1-41af-91ab-2d7cd011db47"
            });
        if NOT_OFFICE.contains(&audience) || owned || foreign { Tri::No } else { Tri::Unknown }
    }

    /// One token of a list of applications, for one audience.
    fn token(&self, token: &str, audience: &str) -> Tri {
        match token {
            "all" => Tri::Yes,
            "none" => Tri::No,
            "office365" => self.office365(audience),
            // C12: any audience or the client app id.
            // CHOICE: whether an audience counts as a portal because one beside it is one, is left open.
            "microsoftadminportals" => {
                if ADMIN_PORTALS.contains(&audience)
                    || self.client.as_deref().is_some_and(|client| ADMIN_PORTALS.contains(&client))
                {
                    Tri::Yes
                } else if self.audiences.iter().any(|other| ADMIN_PORTALS.contains(&other.as_str())) {
                    Tri::Unknown
                } else {
                    Tri::No
                }
            }
            // C8.
            "allagentidresources" => Tri::Unknown,
            AZURE_MANAGEMENT => Tri::of(audience == AZURE_MANAGEMENT || self.client.as_deref() == Some(AZURE_PORTAL)),
            _ if is_placeholder(token) => Tri::Unknown,
            _ => Tri::of(token == audience),
        }
    }

    fn tokens(&self, tokens: &[String], audience: &str) -> Tri {
        any(tokens.iter().map(|token| self.token(token, audience)))
    }
}

fn application(row: &Row, tenant: &Tenant, own_tenant: Option<&str>, applications: &Value) -> Tri {
    let include = ids_of(&applications["includeapplications"]);
    let exclude = ids_of(&applications["excludeapplications"]);
    let actions = ids_of(&applications["includeuseractions"]);
    let contexts = ids_of(&applications["includeauthenticationcontextclassreferences"]);
    let filter = &applications["applicationfilter"];
    // APP-11, C12: `applicationFilter`: U where it would add or take away.
    let filter_mode = if is_empty(filter) { None } else { Some(filter["mode"].as_str().map(fold).unwrap_or_default()) };
    let filter_adds = match filter_mode.as_deref() {
        None | Some("exclude") => Tri::No,
        Some(_) => Tri::Unknown,
    };
    let filter_takes = match filter_mode.as_deref() {
        None | Some("include") => Tri::No,
        Some(_) => Tri::Unknown,
    };
    // NUL-2, APP-3: nothing included targets nothing.
    if include.is_empty() && actions.is_empty() && contexts.is_empty() && filter_adds == Tri::No {
        return Tri::No;
    }
    // The targeting modes are ORed (CON-4).
    let besides = user_actions(row, &actions).or(authentication_contexts(row, &contexts)).or(filter_adds);

    // APP-1: the audiences that were evaluated: texts or {applicationId}.
    let recorded: Vec<String> = list_member(&row.value, "conditionalAccessAudiences")
        .iter()
        .filter_map(|entry| text_member(entry, "applicationId").or_else(|| text_of(entry)))
        .map(|id| fold(&id))
        .collect();
    let resource = row.folded("resourceId");
    let audiences = recorded.clone();
    let targets =
        Targets { row, tenant, own_tenant, resource: resource.clone(), client: row.folded("appId"), audiences };
    let included = |audience: &str| targets.tokens(&include, audience).or(besides);
    let excluded = |audience: &str| targets.tokens(&exclude, audience).or(filter_takes);
    let matches = |audience: &str| included(audience).and(excluded(audience).not());

    if !recorded.is_empty() {
        // C12: each audience by itself; the best over them.
        return any(recorded.iter().map(|audience| matches(audience)));
    }
    let Some(resource) = resource else {
        // C12: no resource at all: `All` → T, anything else that is not `None` → U.
        // CHOICE: this is said of every token, in the list to exclude as well.
        let token = |token: &String| match token.as_str() {
            "all" => Tri::Yes,
            "none" => Tri::No,
            _ => Tri::Unknown,
        };
        return any(include.iter().map(token)).or(besides).and(any(exclude.iter().map(token)).or(filter_takes).not());
    };
    let of_resource = matches(&resource);
    // C12: the client app of a Browser row is evaluated for its own ID token, which the row does not show.
    let Some(client) = targets.client.clone().filter(|_| client_type(row) == Some("browser")) else {
        return of_resource;
    };
    // CHOICE: a token that possibly includes the client possibly names it: doubt widens.
    let named = any(include.iter().filter(|token| *token != "all").map(|token| targets.token(token, &client)));
    if named == Tri::Yes {
        return of_resource.or(matches(&client));
    }
    // Otherwise, if exactly one of the two is excluded and the other would match, the condition is U.
    // CHOICE: an exclusion that is itself U possibly fulfils this, so it widens to U as well.
    let other_matches = |one: &str, other: &str| excluded(one).and(excluded(other).not()).and(matches(other));
    let open = other_matches(&resource, &client).or(other_matches(&client, &resource));
    let otherwise = if open == Tri::No { of_resource } else { Tri::Unknown };
    otherwise.or(named.and(matches(&client)))
}

/// (id, detail) of `authenticationContextClassReferences`; `None` if the field is absent.
fn context_references(row: &Row) -> Option<Vec<(String, Option<String>)>> {
    let Some(Value::Array(entries)) = member(&row.value, "authenticationContextClassReferences") else { return None };
    Some(
        entries
            .iter()
            .filter_map(|entry| {
                let id = text_member(entry, "id").or_else(|| text_of(entry))?;
                Some((fold(&id), text_member(entry, "detail").map(|detail| fold(&detail))))
            })
            .collect(),
    )
}

/// APP-9.
fn user_actions(row: &Row, actions: &[String]) -> Tri {
    if actions.is_empty() {
        return Tri::No;
    }
    match context_references(row) {
        // CHOICE: a missing or unreadable detail is unknown, as for authentication contexts.
        Some(references) => {
            any(references.iter().filter(|(id, _)| actions.contains(id)).map(|(_, detail)| match detail.as_deref() {
                Some("required" | "previouslysatisfied") => Tri::Yes,
                Some("notapplicable") => Tri::No,
                _ => Tri::Unknown,
            }))
        }
        None => {
            // Without the field: F, but U for the two applications in which these actions happen.
            let names: Vec<String> =
                ["appDisplayName", "resourceDisplayName"].iter().filter_map(|name| row.folded(name)).collect();
            let such = |name: &String| name == "my signins" || name == "microsoft app access panel";
            // CHOICE: where neither name is recorded it may be one of them.
            if names.is_empty() || names.iter().any(such) { Tri::Unknown } else { Tri::No }
        }
    }
}

/// APP-10: `required` or `previouslySatisfied` → T; absent field → U; empty → F.
fn authentication_contexts(row: &Row, contexts: &[String]) -> Tri {
    if contexts.is_empty() {
        return Tri::No;
    }
    match context_references(row) {
        None => Tri::Unknown,
        Some(references) => any(references.iter().filter(|(id, _)| contexts.contains(id)).map(|(_, detail)| {
            match detail.as_deref() {
                Some("required" | "previouslysatisfied") => Tri::Yes,
                Some("notapplicable") => Tri::No,
                // CHOICE: a missing or unreadable detail is unknown.
                _ => Tri::Unknown,
            }
        })),
    }
}

// ---------------------------------------------------------------- client apps (2.3)

/// The condition value of `clientAppUsed`, folded; `None` is unknown.
pub fn client_type(row: &Row) -> Option<&'static str> {
    Some(match row.folded("clientAppUsed")?.as_str() {
        "browser" => "browser",
        "mobile apps and desktop clients" | "modern clients" => "mobileappsanddesktopclients",
        "exchange activesync" | "exchange activesync (supported)" | "exchange activesync (unsupported)" => {
            "exchangeactivesync"
        }
        "authenticated smtp"
        | "smtp"
        | "autodiscover"
        | "exchange online powershell"
        | "exchange web services"
        | "imap4"
        | "imap"
        | "mapi over http"
        | "mapi"
        | "offline address book"
        | "outlook anywhere (rpc over http)"
        | "outlook anywhere"
        | "outlook service"
        | "pop3"
        | "pop"
        | "reporting web services"
        | "universal outlook"
        | "other clients"
        | "other clients; imap"
        | "other clients; pop"
        | "other clients; mapi"
        | "other clients; smtp"
        | "other clients; older office clients" => "other",
        _ => return None,
    })
}

/// 3.6.
pub fn is_legacy_client(row: &Row) -> bool {
    matches!(client_type(row), Some("other" | "exchangeactivesync"))
}

fn client_types(row: &Row, listed: &Value) -> Tri {
    let listed = words_of(listed);
    // CLI-1.
    if listed.is_empty() || listed.iter().any(|word| word == "all") {
        return Tri::Yes;
    }
    let Some(client) = client_type(row) else { return Tri::Unknown };
    any(listed.iter().map(|word| match word.as_str() {
        "browser" | "other" => Tri::of(client == word),
        "mobileappsanddesktopclients" | "modern" => Tri::of(client == "mobileappsanddesktopclients"),
        // C17: `easSupported`, `easUnsupported` = `exchangeActiveSync`.
        "exchangeactivesync" | "eassupported" | "easunsupported" => Tri::of(client == "exchangeactivesync"),
        _ => Tri::Unknown,
    }))
}

// ---------------------------------------------------------------- platforms (2.4, C14)

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    Named(&'static str),
    /// Known to be none of the platforms.
    NoneOfThem,
    Unknown,
}

pub fn platform_of(row: &Row) -> Platform {
    if let Some(system) = row.inner("deviceDetail", "operatingSystem") {
        let system: String = fold(&system).split_whitespace().collect();
        let prefixes = [
            ("windowsphone", "windowsphone"),
            ("windows", "windows"),
            ("macos", "macos"),
            ("osx", "macos"),
            ("ios", "ios"),
            ("ipados", "ios"),
            ("iphone", "ios"),
            ("ipad", "ios"),
            ("android", "android"),
            ("linux", "linux"),
            ("ubuntu", "linux"),
        ];
        let found = prefixes.iter().find(|(prefix, _)| system.starts_with(prefix));
        return found.map_or(Platform::NoneOfThem, |(_, name)| Platform::Named(name));
    }
    // C14: the first of these in the user agent (case matters: "Microsoft" holds "cros").
    let agent = row.text("userAgent").unwrap_or_default();
    let marks = [
        ("Windows Phone", Platform::Named("windowsphone")),
        ("Android", Platform::Named("android")),
        ("iPhone", Platform::Named("ios")),
        ("iPad", Platform::Named("ios")),
        ("Windows NT", Platform::Named("windows")),
        ("Macintosh", Platform::Named("macos")),
        ("CrOS", Platform::NoneOfThem),
        ("Linux", Platform::Named("linux")),
        ("X11", Platform::Named("linux")),
    ];
    marks.iter().find(|(mark, _)| agent.contains(mark)).map_or(Platform::Unknown, |(_, platform)| *platform)
}

fn platforms(row: &Row, configured: &Value) -> Tri {
    if is_empty(configured) {
        return Tri::Yes;
    }
    let platform = platform_of(row);
    let known = ["android", "ios", "windows", "windowsphone", "macos", "linux"];
    let side = |words: Vec<String>| {
        any(words.iter().map(|word| match platform {
            _ if word == "all" => Tri::Yes, // PLT-1
            _ if !known.contains(&word.as_str()) => Tri::Unknown,
            Platform::Named(name) => Tri::of(name == word),
            Platform::NoneOfThem => Tri::No, // PLT-2
            Platform::Unknown => Tri::Unknown,
        }))
    };
    let include = words_of(&configured["includeplatforms"]);
    // NUL-4: an empty include is `all`.
    let included = if include.is_empty() { Tri::Yes } else { side(include) };
    included.and(side(words_of(&configured["excludeplatforms"])).not())
}

// ---------------------------------------------------------------- locations (2.5, C15)

const COMPLIANT_NETWORK: &str = "3d46dbda-8382-466a-856d-eb00cbc6b910";
const MFA_TRUSTED_IPS: &str = "00000000-0000-0000-0000-000000000000";

fn locations(row: &Row, tenant: &Tenant, configured: &Value) -> Tri {
    let include = ids_of(&configured["includelocations"]);
    let exclude = ids_of(&configured["excludelocations"]);
    if include.is_empty() && exclude.is_empty() {
        return Tri::Yes;
    }
    // NUL-3: an empty include is `All`.
    let included =
        if include.is_empty() { Tri::Yes } else { any(include.iter().map(|token| location(row, tenant, token))) };
    included.and(any(exclude.iter().map(|token| location(row, tenant, token))).not())
}

fn location(row: &Row, tenant: &Tenant, token: &str) -> Tri {
    match token {
        "all" => Tri::Yes,
        "alltrusted" => all_trusted(row, tenant),
        COMPLIANT_NETWORK => compliant_network(row),
        // Needs the list, else U.
        MFA_TRUSTED_IPS => match &tenant.mfa_trusted_ips {
            Some(ranges) => in_mfa_trusted(row, ranges),
            None => Tri::Unknown,
        },
        _ => {
            // C15: an id missing from a supplied export, or no export: U.
            let found = tenant
                .named_locations
                .iter()
                .flatten()
                .find(|entry| entry_folded(entry, "id").as_deref() == Some(token));
            found.map_or(Tri::Unknown, |entry| named_location(row, entry))
        }
    }
}

fn compliant_network(row: &Row) -> Tri {
    Tri::of(bool_member(&row.value, "isThroughGlobalSecureAccess") == Some(true))
}

enum LocationKind {
    Ip,
    Country,
    Network,
    Unknown,
}

fn kind_of(entry: &Value) -> LocationKind {
    let kind = entry_folded(entry, "@odata.type").unwrap_or_default();
    match kind.trim_start_matches("#microsoft.graph.") {
        "ipnamedlocation" => LocationKind::Ip,
        "countrynamedlocation" => LocationKind::Country,
        "compliantnetworknamedlocation" => LocationKind::Network,
        "" if entry.get("ipranges").is_some() => LocationKind::Ip,
        "" if entry.get("countriesandregions").is_some() => LocationKind::Country,
        _ => LocationKind::Unknown,
    }
}

fn named_location(row: &Row, entry: &Value) -> Tri {
    match kind_of(entry) {
        LocationKind::Ip => in_ip_location(row, entry),
        LocationKind::Country => {
            match entry_folded(entry, "countrylookupmethod").as_deref() {
                None | Some("clientipaddress") => {}
                _ => return Tri::Unknown, // GPS is not replayable.
            }
            // LOC-3: empty or missing is "unknown country".
            match row.inner("location", "countryOrRegion") {
                Some(country) => Tri::of(ids_of(&entry["countriesandregions"]).contains(&fold(&country))),
                None => Tri::of(bool_of(&entry["includeunknowncountriesandregions"]) == Some(true)),
            }
        }
        LocationKind::Network => compliant_network(row),
        LocationKind::Unknown => Tri::Unknown,
    }
}

fn all_trusted(row: &Row, tenant: &Tenant) -> Tri {
    if let Some(locations) = &tenant.named_locations {
        // C15: trusted IP locations and `mfa-trusted-ips` (not supplied = none). LOC-6: not the compliant network.
        let trusted = locations
            .iter()
            .filter(|entry| matches!(kind_of(entry), LocationKind::Ip) && bool_of(&entry["istrusted"]) == Some(true));
        let named = any(trusted.map(|entry| in_ip_location(row, entry)));
        return named.or(tenant.mfa_trusted_ips.as_ref().map_or(Tri::No, |ranges| in_mfa_trusted(row, ranges)));
    }
    // LOC-4 (a): what the row recorded; missing or an empty list is U.
    let details = list_member(&row.value, "networkLocationDetails");
    if details.is_empty() {
        return Tri::Unknown;
    }
    Tri::of(details.iter().any(|detail| {
        let kind = text_member(detail, "networkType").map(|text| fold(&text));
        matches!(kind.as_deref(), Some("trustednamedlocation" | "trusted"))
    }))
}

/// LOC-2: strip a port or zone index; IPv4-mapped IPv6 is IPv4.
fn parse_address(text: &str) -> Option<IpAddr> {
    let mut text = text.trim();
    if let Some(rest) = text.strip_prefix('[') {
        text = rest.split(']').next()?;
    } else if text.matches(':').count() == 1 {
        text = text.split(':').next()?;
    }
    let text = text.split('%').next()?;
    text.parse::<IpAddr>().ok().map(|address| address.to_canonical())
}

/// Lowest and highest address of a CIDR text; a bare address is a single host.
fn cidr_ends(text: &str) -> Option<(IpAddr, IpAddr)> {
    let text = text.trim();
    let net = match text.parse::<ipnet::IpNet>() {
        Ok(net) => net,
        Err(_) => ipnet::IpNet::from(text.parse::<IpAddr>().ok()?),
    };
    Some((net.network().to_canonical(), net.broadcast().to_canonical()))
}

fn within(address: IpAddr, ends: (IpAddr, IpAddr)) -> bool {
    match (address, ends.0, ends.1) {
        (IpAddr::V4(address), IpAddr::V4(low), IpAddr::V4(high)) => low <= address && address <= high,
        (IpAddr::V6(address), IpAddr::V6(low), IpAddr::V6(high)) => low <= address && address <= high,
        _ => false,
    }
}

fn row_address(row: &Row) -> Option<IpAddr> {
    parse_address(&row.text("ipAddress")?)
}

fn in_ip_location(row: &Row, entry: &Value) -> Tri {
    // C15: unparsable or missing address: U.
    let Some(address) = row_address(row) else { return Tri::Unknown };
    let ranges = entry["ipranges"].as_array().cloned().unwrap_or_default();
    any(ranges.iter().map(|range| {
        let ends = match entry_folded(range, "cidraddress") {
            Some(cidr) => cidr_ends(&cidr),
            None => (|| {
                let end = |name: &str| parse_address(&entry_folded(range, name)?);
                Some((end("loweraddress")?, end("upperaddress")?))
            })(),
        };
        // CHOICE: a range that cannot be read may hold the address.
        ends.map_or(Tri::Unknown, |ends| Tri::of(within(address, ends)))
    }))
}

/// The legacy list; IPv4 only.
fn in_mfa_trusted(row: &Row, ranges: &[String]) -> Tri {
    if ranges.is_empty() {
        return Tri::No;
    }
    let Some(address) = row_address(row) else { return Tri::Unknown };
    any(ranges.iter().map(|range| match cidr_ends(range) {
        Some(ends) => Tri::of(address.is_ipv4() && within(address, ends)),
        None => Tri::Unknown,
    }))
}

// ---------------------------------------------------------------- devices (2.9, 2.11)

fn devices(row: &Row, tenant: &Tenant, conditions: &Value) -> Tri {
    let devices = &conditions["devices"];
    let states = &conditions["devicestates"];
    let filter = &devices["devicefilter"];
    let mut answer = if is_empty(filter) { Tri::Yes } else { filter_condition(row, tenant, filter) };
    let lists = [
        (&devices["includedevices"], &devices["excludedevices"]),
        (&devices["includedevicestates"], &devices["excludedevicestates"]),
        (&states["includestates"], &states["excludestates"]),
    ];
    for (include, exclude) in lists {
        let include = words_of(include);
        // 2.11: T unless the row's device is compliant or hybrid joined respectively.
        let included = if include.is_empty() || include.iter().any(|word| word == "all") {
            Tri::Yes
        } else {
            // CHOICE: no document says what an include list of anything but `All` holds.
            Tri::Unknown
        };
        let excluded = any(words_of(exclude).iter().map(|word| legacy_device_state(row, word)));
        answer = answer.and(included).and(excluded.not());
    }
    answer
}

// ---------------------------------------------------------------- authentication flows (2.10, C17)

/// Device code flow or authentication transfer, by either field. Both missing → U.
pub fn flow(row: &Row, word: &str) -> Tri {
    let protocol = row.folded("authenticationProtocol").filter(|text| text != "unknownfuturevalue");
    let transfer = row.folded("originalTransferMethod").filter(|text| text != "unknownfuturevalue");
    let by_protocol = if word == "devicecodeflow" { "devicecode" } else { word };
    if protocol.as_deref() == Some(by_protocol) || transfer.as_deref() == Some(word) {
        return Tri::Yes;
    }
    // CHOICE: one field recorded as anything else decides like one recorded as `none`.
    if protocol.is_none() && transfer.is_none() { Tri::Unknown } else { Tri::No }
}

fn flows(row: &Row, configured: &Value) -> Tri {
    // CHOICE: the flag `none` alone is "not configured".
    let words: Vec<String> =
        words_of(&configured["transfermethods"]).into_iter().filter(|word| word != "none").collect();
    if words.is_empty() {
        return Tri::Yes;
    }
    any(words.iter().map(|word| match word.as_str() {
        "devicecodeflow" | "authenticationtransfer" => flow(row, word),
        _ => Tri::Unknown,
    }))
}

// ---------------------------------------------------------------- unknown members (CON-1, C17)

/// A member of `conditions`, at any depth, that no rule here reads and that is neither null nor empty.
fn has_unknown_member(conditions: &Value) -> bool {
    let known: [(&str, &[&str]); 14] = [
        (
            "",
            &[
                "users",
                "clientapplications",
                "applications",
                "clientapptypes",
                "platforms",
                "locations",
                "signinrisklevels",
                "userrisklevels",
                "serviceprincipalrisklevels",
                "insiderrisklevels",
                "devices",
                "devicestates",
                "authenticationflows",
            ],
        ),
        (
            "users",
            &[
                "includeusers",
                "excludeusers",
                "includegroups",
                "excludegroups",
                "includeroles",
                "excluderoles",
                "includeguestsorexternalusers",
                "excludeguestsorexternalusers",
            ],
        ),
        ("users/includeguestsorexternalusers", &["guestorexternalusertypes", "externaltenants"]),
        ("users/excludeguestsorexternalusers", &["guestorexternalusertypes", "externaltenants"]),
        ("users/includeguestsorexternalusers/externaltenants", &["membershipkind", "members"]),
        ("users/excludeguestsorexternalusers/externaltenants", &["membershipkind", "members"]),
        (
            "applications",
            &[
                "includeapplications",
                "excludeapplications",
                "includeuseractions",
                "includeauthenticationcontextclassreferences",
                "applicationfilter",
            ],
        ),
        ("applications/applicationfilter", &["mode", "rule"]),
        ("platforms", &["includeplatforms", "excludeplatforms"]),
        ("locations", &["includelocations", "excludelocations"]),
        (
            "devices",
            &["devicefilter", "includedevices", "excludedevices", "includedevicestates", "excludedevicestates"],
        ),
        ("devices/devicefilter", &["mode", "rule"]),
        ("devicestates", &["includestates", "excludestates"]),
        ("authenticationflows", &["transfermethods"]),
    ];
    fn search(path: &str, value: &Value, known: &[(&str, &[&str])]) -> bool {
        // `clientApplications` is F for users as a whole, so its inside is not searched.
        let Some(names) = known.iter().find(|(at, _)| *at == path).map(|(_, names)| *names) else { return false };
        let Some(members) = value.as_object() else { return false };
        members.iter().any(|(key, member)| {
            if key.contains("@odata") {
                return false;
            }
            if !names.contains(&key.as_str()) {
                return !is_empty(member);
            }
            let inner = if path.is_empty() { key.clone() } else { format!("{path}/{key}") };
            search(&inner, member, known)
        })
    }
    search("", conditions, &known)
}
