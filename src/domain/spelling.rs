//! How Microsoft writes our words ([`RiskLevel`], [`Platform`], [`ClientApp`] …), in policies and in logs.
//! One table a word.

use super::recorded::RecordedResult;
use super::words::{ClientApp, GuestType, Platform, RiskLevel, Spelled, TransferMethod};

impl Spelled for RiskLevel {
    const SPELLINGS: &'static [(&'static str, RiskLevel)] = &[
        ("high", RiskLevel::High),
        ("medium", RiskLevel::Medium),
        ("low", RiskLevel::Low),
        ("none", RiskLevel::None),
        ("unknown", RiskLevel::Unknown),
    ];
}

/// The level that a log recorded. `hidden`, empty and unread words are unknown (SIR-4, SIR-5).
#[must_use]
pub fn recorded_risk(text: Option<&str>) -> RiskLevel {
    text.and_then(RiskLevel::spelled).unwrap_or(RiskLevel::Unknown)
}

impl Spelled for Platform {
    const SPELLINGS: &'static [(&'static str, Platform)] = &[
        ("android", Platform::Android),
        ("iOS", Platform::Ios),
        ("windows", Platform::Windows),
        ("windowsPhone", Platform::WindowsPhone),
        ("macOS", Platform::MacOs),
        ("linux", Platform::Linux),
        ("all", Platform::All),
    ];
}

/// Prefixes of `operatingSystem`, blanks and case aside (semantics 2.4). Order matters.
const SYSTEM_PREFIXES: &[(&str, Platform)] = &[
    ("windowsphone", Platform::WindowsPhone),
    ("windows", Platform::Windows),
    ("macos", Platform::MacOs),
    ("osx", Platform::MacOs),
    ("ios", Platform::Ios),
    ("ipados", Platform::Ios),
    ("iphone", Platform::Ios),
    ("ipad", Platform::Ios),
    ("android", Platform::Android),
    ("linux", Platform::Linux),
    ("ubuntu", Platform::Linux),
];

/// Marks in a user agent, tried in this order (C14). `None` is a system that is no platform of a policy.
/// With their case: "Microsoft" holds a "cros".
const AGENT_MARKS: &[(&str, Option<Platform>)] = &[
    ("Windows Phone", Some(Platform::WindowsPhone)),
    ("Android", Some(Platform::Android)),
    ("iPhone", Some(Platform::Ios)),
    ("iPad", Some(Platform::Ios)),
    ("Windows NT", Some(Platform::Windows)),
    ("Macintosh", Some(Platform::MacOs)),
    ("CrOS", None),
    ("Linux", Some(Platform::Linux)),
    ("X11", Some(Platform::Linux)),
];

/// What a row says about the platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RecordedPlatform {
    /// Neither the operating system nor the user agent says anything.
    NotRecorded,
    /// A system that no policy can name: the "unknown platform" of PLT-2.
    Unlisted,
    /// A platform that policies name.
    Named(Platform),
}

/// The platform of a row: from the operating system, else from the user agent (C14, PLT-3).
#[must_use]
pub fn recorded_platform(operating_system: Option<&str>, user_agent: Option<&str>) -> RecordedPlatform {
    if let Some(system) = operating_system {
        let squeezed: String = system.to_lowercase().split_whitespace().collect();
        if !squeezed.is_empty() {
            let found = SYSTEM_PREFIXES.iter().find(|(prefix, _)| squeezed.starts_with(prefix));
            return found.map_or(RecordedPlatform::Unlisted, |(_, platform)| RecordedPlatform::Named(*platform));
        }
    }
    let agent = user_agent.unwrap_or_default();
    match AGENT_MARKS.iter().find(|(mark, _)| agent.contains(mark)) {
        Some((_, Some(platform))) => RecordedPlatform::Named(*platform),
        Some((_, None)) => RecordedPlatform::Unlisted,
        None => RecordedPlatform::NotRecorded,
    }
}

impl Spelled for ClientApp {
    const SPELLINGS: &'static [(&'static str, ClientApp)] = &[
        ("browser", ClientApp::Browser),
        ("mobileAppsAndDesktopClients", ClientApp::MobileAppsAndDesktopClients),
        ("modern", ClientApp::MobileAppsAndDesktopClients),
        ("exchangeActiveSync", ClientApp::ExchangeActiveSync),
        ("easSupported", ClientApp::ExchangeActiveSync),
        ("easUnsupported", ClientApp::ExchangeActiveSync),
        ("other", ClientApp::Other),
        ("all", ClientApp::All),
    ];
}

/// `clientAppUsed` of a log (semantics 2.3), folded.
const CLIENT_APPS_USED: &[(&str, ClientApp)] = &[
    ("browser", ClientApp::Browser),
    ("mobile apps and desktop clients", ClientApp::MobileAppsAndDesktopClients),
    ("modern clients", ClientApp::MobileAppsAndDesktopClients),
    ("exchange activesync", ClientApp::ExchangeActiveSync),
    ("exchange activesync (supported)", ClientApp::ExchangeActiveSync),
    ("exchange activesync (unsupported)", ClientApp::ExchangeActiveSync),
    ("authenticated smtp", ClientApp::Other),
    ("smtp", ClientApp::Other),
    ("autodiscover", ClientApp::Other),
    ("exchange online powershell", ClientApp::Other),
    ("exchange web services", ClientApp::Other),
    ("imap4", ClientApp::Other),
    ("imap", ClientApp::Other),
    ("mapi over http", ClientApp::Other),
    ("mapi", ClientApp::Other),
    ("offline address book", ClientApp::Other),
    ("outlook anywhere (rpc over http)", ClientApp::Other),
    ("outlook anywhere", ClientApp::Other),
    ("outlook service", ClientApp::Other),
    ("pop3", ClientApp::Other),
    ("pop", ClientApp::Other),
    ("reporting web services", ClientApp::Other),
    ("universal outlook", ClientApp::Other),
    ("other clients", ClientApp::Other),
    ("other clients; imap", ClientApp::Other),
    ("other clients; pop", ClientApp::Other),
    ("other clients; mapi", ClientApp::Other),
    ("other clients; smtp", ClientApp::Other),
    ("other clients; older office clients", ClientApp::Other),
];

/// The client that a log recorded; `None` for `Unknown`, nothing, and strings that are not listed.
#[must_use]
pub fn recorded_client(text: Option<&str>) -> Option<ClientApp> {
    let text = text?.trim();
    CLIENT_APPS_USED.iter().find(|(spelling, _)| spelling.eq_ignore_ascii_case(text)).map(|(_, client)| *client)
}

impl Spelled for GuestType {
    const SPELLINGS: &'static [(&'static str, GuestType)] = &[
        ("internalGuest", GuestType::InternalGuest),
        ("b2bCollaborationGuest", GuestType::B2bCollaborationGuest),
        ("b2bCollaborationMember", GuestType::B2bCollaborationMember),
        ("b2bDirectConnectUser", GuestType::B2bDirectConnectUser),
        ("otherExternalUser", GuestType::OtherExternalUser),
        ("serviceProvider", GuestType::ServiceProvider),
        ("none", GuestType::None),
    ];
}

impl Spelled for TransferMethod {
    const SPELLINGS: &'static [(&'static str, TransferMethod)] = &[
        ("deviceCodeFlow", TransferMethod::DeviceCodeFlow),
        ("authenticationTransfer", TransferMethod::AuthenticationTransfer),
        ("none", TransferMethod::None),
    ];
}

impl Spelled for RecordedResult {
    const SPELLINGS: &'static [(&'static str, RecordedResult)] = &[
        ("notApplied", RecordedResult::NotApplied),
        ("reportOnlyNotApplied", RecordedResult::ReportOnlyNotApplied),
        ("success", RecordedResult::Success),
        ("reportOnlySuccess", RecordedResult::ReportOnlySuccess),
        ("reportOnlyInterrupted", RecordedResult::ReportOnlyInterrupted),
        ("failure", RecordedResult::Failure),
        ("reportOnlyFailure", RecordedResult::ReportOnlyFailure),
        ("notEnabled", RecordedResult::NotEnabled),
        ("unknown", RecordedResult::Unknown),
        ("unknownFutureValue", RecordedResult::UnknownFutureValue),
    ];
}

#[cfg(test)]
mod tests {
    use super::{RecordedPlatform, recorded_client, recorded_platform, recorded_risk};
    use crate::domain::{ClientApp, Platform, RiskLevel};

    #[test]
    fn hidden_and_empty_risk_are_unknown_not_none() {
        for text in [Some("hidden"), Some(""), None, Some("unknownFutureValue"), Some("-")] {
            assert_eq!(recorded_risk(text), RiskLevel::Unknown, "{text:?}");
        }
        assert_eq!(recorded_risk(Some("None")), RiskLevel::None);
        assert_eq!(recorded_risk(Some("HIGH")), RiskLevel::High);
    }

    #[test]
    fn operating_systems_map_by_prefix() {
        for (system, expected) in [
            ("Windows10", RecordedPlatform::Named(Platform::Windows)),
            ("Windows Phone 8", RecordedPlatform::Named(Platform::WindowsPhone)),
            ("Ios 18.2.1", RecordedPlatform::Named(Platform::Ios)),
            ("Mac OS X", RecordedPlatform::Named(Platform::MacOs)),
            ("ChromeOS", RecordedPlatform::Unlisted),
            ("", RecordedPlatform::NotRecorded),
        ] {
            assert_eq!(recorded_platform(Some(system), None), expected, "{system}");
        }
        let agent = Some("Mozilla/5.0 (X11; CrOS x86_64) Chrome/120");
        assert_eq!(recorded_platform(None, agent), RecordedPlatform::Unlisted);
        assert_eq!(recorded_platform(None, Some("Microsoft Office/16.0")), RecordedPlatform::NotRecorded);
    }

    #[test]
    fn an_unlisted_client_is_not_a_legacy_client() {
        assert_eq!(recorded_client(Some("Some New Client")), None);
        assert_eq!(recorded_client(Some("Unknown")), None);
        assert_eq!(recorded_client(Some(" imap4 ")), Some(ClientApp::Other));
    }
}
