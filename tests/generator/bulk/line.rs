//! What changes from row to row of a large log, and the texts that follow from it.

use std::fmt::Write as _;

use chrono::{Datelike as _, Timelike as _};

use super::super::dice::{guid_of, instant};
use super::user_id;

/// Applications with the resource they ask for: ids and names.
pub(super) const APPS: &[[&str; 4]] = &[
    [
        "1fec8e78-bce4-4aaf-ab1b-5451cc387264",
        "Microsoft Teams",
        "cc15fd57-2c6c-4117-a88c-83b1d56b4bbe",
        "Microsoft Teams Services",
    ],
    [
        "d3590ed6-52b3-4102-aeff-aad2292ab01c",
        "Microsoft Office",
        "00000003-0000-0000-c000-000000000000",
        "Microsoft Graph",
    ],
    [
        "9199bf20-a13f-4107-85dc-02114787ef48",
        "One Outlook Web",
        "00000002-0000-0ff1-ce00-000000000000",
        "Office 365 Exchange Online",
    ],
    [
        "08e18876-6177-487e-b8b5-cf950c1e598c",
        "SharePoint Online Web Client Extensibility",
        "00000003-0000-0ff1-ce00-000000000000",
        "Office 365 SharePoint Online",
    ],
    [
        "c44b4083-3bb0-49c1-b47d-974e53cbdf3c",
        "Azure Portal",
        "797f4846-ba00-4fd7-ba43-dac1f8f63013",
        "Windows Azure Service Management API",
    ],
    [
        "a9900000-0000-4000-8000-000000000001",
        "Contoso Expenses",
        "a9900000-0000-4000-8000-000000000001",
        "Contoso Expenses",
    ],
];

/// Operating systems with a user agent.
const SYSTEMS: &[[&str; 2]] = &[
    [
        "Windows10",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
    ],
    [
        "MacOs",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.2 Safari/605.1.15",
    ],
    [
        "Ios 18.2.1",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_2_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
    ],
    [
        "Android 14",
        "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
    ],
];

const COUNTRIES: &[&str] = &["FR", "FR", "FR", "FR", "DE", "DE", "NL", "US", "BR"];

/// What changes from row to row; the rest follows from the user.
pub(super) struct Line<'a> {
    pub(super) id: &'a str,
    pub(super) original: &'a str,
    pub(super) correlation: &'a str,
    pub(super) at: i64,
    pub(super) delay: i64,
    pub(super) user: usize,
    pub(super) interactive: bool,
    pub(super) code: u32,
    pub(super) asked: bool,
    pub(super) risk: &'a str,
    pub(super) claim: bool,
    pub(super) app: &'a [&'static str; 4],
}

/// In which of two ways a document says the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// As Graph says it: in words, nothing left out.
    InWords = 0,
    /// As diagnostic settings say it: conditions as flags, steps with numbers, nothing that is empty.
    InFlags = 1,
}

impl Line<'_> {
    pub(super) fn category(&self) -> &'static str {
        if self.interactive { "SignInLogs" } else { "NonInteractiveUserSignInLogs" }
    }

    pub(super) fn user_id(&self) -> String {
        user_id(self.user)
    }

    /// A session lasts a day.
    pub(super) fn session(&self) -> String {
        guid_of(0x5e55_0000_0000_4000_8000_0000_0000_0000 + self.user as u128 * 64 + u128::from(instant(self.at).day()))
    }

    pub(super) fn system(&self) -> &'static [&'static str; 2] {
        &SYSTEMS[self.user % SYSTEMS.len()]
    }

    pub(super) fn country(&self) -> &'static str {
        COUNTRIES[self.user % COUNTRIES.len()]
    }

    pub(super) fn address(&self) -> String {
        format!("203.0.113.{}", self.user % 250)
    }

    pub(super) fn multi(&self) -> bool {
        self.asked || matches!(self.code, 50074 | 500_121) || (self.claim && self.code == 0 && self.interactive)
    }

    pub(super) fn requirement(&self) -> &'static str {
        if self.multi() { "multiFactorAuthentication" } else { "singleFactorAuthentication" }
    }

    pub(super) fn client_app(&self) -> &'static str {
        match (self.interactive, self.user % 97) {
            (_, 0) => "IMAP4",
            (true, _) => "Browser",
            (false, _) => "Mobile Apps and Desktop clients",
        }
    }

    pub(super) fn token(&self) -> &'static str {
        if self.interactive { "none" } else { "refreshToken" }
    }

    pub(super) fn device(&self, said: Said) -> String {
        let system = self.system()[0];
        match (self.user % 3, said) {
            (0, _) => format!(
                r#"{{"deviceId":"{}","displayName":"CONTOSO-{:05}","operatingSystem":"{system}","browser":"Edge 140.0.0","isCompliant":true,"isManaged":true,"trustType":"Azure AD joined"}}"#,
                guid_of(0xde_0000_0000 + self.user as u128),
                self.user
            ),
            (_, Said::InFlags) => {
                format!(r#"{{"deviceId":"","operatingSystem":"{system}","browser":"Edge 140.0.0"}}"#)
            }
            (_, Said::InWords) => format!(
                r#"{{"deviceId":"","displayName":"","operatingSystem":"{system}","browser":"Edge 140.0.0","isCompliant":false,"isManaged":false,"trustType":""}}"#
            ),
        }
    }

    pub(super) fn location(&self) -> String {
        format!(
            r#"{{"city":"Springfield","state":"","countryOrRegion":"{}","geoCoordinates":{{"latitude":45.75,"longitude":4.85}}}}"#,
            self.country()
        )
    }

    /// What is said of MFA, if anything.
    pub(super) fn additional(&self) -> Option<&'static str> {
        match (self.code, self.claim, self.asked) {
            (0, _, true) => Some("MFA completed in Azure AD"),
            (0, true, _) => Some("MFA requirement satisfied by claim in the token"),
            _ => None,
        }
    }

    /// Why it failed, if it did.
    pub(super) fn reason(&self) -> Option<&'static str> {
        match self.code {
            0 => None,
            50126 => Some("Error validating credentials due to invalid username or password."),
            _ => Some("Strong Authentication is required."),
        }
    }

    pub(super) fn status(&self, said: Said) -> String {
        let mut text = format!(r#"{{"errorCode":{}"#, self.code);
        let (reason, additional) = match said {
            Said::InFlags => (self.reason(), self.additional()),
            Said::InWords => (self.reason().or(Some("Other.")), self.additional().or(Some("null"))),
        };
        if let Some(reason) = reason {
            let _ = write!(text, r#","failureReason":"{reason}""#);
        }
        match additional {
            Some("null") => text.push_str(r#","additionalDetails":null"#),
            Some(additional) => {
                let _ = write!(text, r#","additionalDetails":"{additional}""#);
            }
            None => {}
        }
        text.push('}');
        text
    }

    pub(super) fn conditional_access(&self) -> &'static str {
        if self.code == 0 { "notApplied" } else { "failure" }
    }

    pub(super) fn risk_state(&self) -> &'static str {
        if self.risk == "none" { "none" } else { "atRisk" }
    }

    pub(super) fn details(&self, said: Said) -> String {
        let mut text = String::from("[");
        if self.interactive {
            const PASSWORD: [&str; 3] = ["Password", "", "Primary authentication"];
            const PHONE: [&str; 3] = ["Mobile app notification", "", "Multifactor authentication"];
            const EARLIER: [&str; 3] = [
                "Previously satisfied",
                "MFA requirement satisfied by claim in the token",
                "Multifactor authentication",
            ];
            step(&mut text, said, self.at - 4_000, PASSWORD, self.code != 50126, 0);
            if self.asked {
                text.push(',');
                step(&mut text, said, self.at - 2_000, PHONE, self.code == 0, 1);
            } else if self.claim && self.code == 0 {
                text.push(',');
                step(&mut text, said, self.at - 2_000, EARLIER, true, 1);
            }
        }
        text.push(']');
        text
    }

    /// Four policies: MFA outside, closed countries, legacy clients, and one in report-only mode. Graph says conditions
    /// in words, diagnostic settings and Log Analytics as flags.
    pub(super) fn policies(&self, said: Said) -> String {
        let mfa = match (self.code, self.asked) {
            (50074 | 50076 | 500_121, _) => "failure",
            (0, true) => "success",
            _ => "notApplied",
        };
        let closed = if self.code == 53003 { "failure" } else { "notApplied" };
        let device = if self.user.is_multiple_of(3) { "reportOnlySuccess" } else { "reportOnlyFailure" };
        let mut text = String::from("[");
        let all = [r#""application,users,location,ipAddressSeenByAzureAD""#, "1035"];
        let [two, none] = [[r#""application,users""#, "3"], [r#""none""#, "0"]];
        let [place, client] = [[r#""location,ipAddressSeenByAzureAD""#, "1032"], [r#""clientType""#, "16"]];
        for (at, (name, grant, result, satisfied, missed)) in [
            ("CA001 MFA outside known networks", "Mfa", mfa, all, none),
            ("CA002 Closed countries", "Block", closed, two, place),
            ("CA003 Legacy clients", "Block", "notApplied", two, client),
            ("CA004 Compliant device", "RequireCompliantDevice", device, two, none),
        ]
        .into_iter()
        .enumerate()
        {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(
                text,
                r#"{comma}{{"id":"ca000000-0000-4000-8000-00000000000{}","displayName":"{name}","enforcedGrantControls":["{grant}"],"enforcedSessionControls":[],"result":"{result}","conditionsSatisfied":{},"conditionsNotSatisfied":{}}}"#,
                at + 1,
                satisfied[said as usize],
                missed[said as usize]
            );
        }
        text.push(']');
        text
    }
}

fn step(text: &mut String, said: Said, at: i64, step: [&str; 3], succeeded: bool, number: u32) {
    let [method, result, requirement] = step;
    text.push_str(r#"{"authenticationStepDateTime":""#);
    time(text, at, if said == Said::InWords { "Z" } else { "+00:00" });
    let _ = write!(
        text,
        r#"","authenticationMethod":"{method}","authenticationMethodDetail":"","succeeded":{succeeded},"authenticationStepResultDetail":"{result}","authenticationStepRequirement":"{requirement}""#
    );
    if said == Said::InFlags {
        let _ = write!(text, r#","StatusSequence":0,"RequestSequence":{number}"#);
    }
    text.push('}');
}

pub(super) fn time(text: &mut String, at: i64, zone: &str) {
    let at = instant(at);
    let _ = write!(
        text,
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}1234{zone}",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second(),
        at.timestamp_subsec_millis()
    );
}

/// `2026-10-05T08:05:09Z`
pub(super) fn seconds(text: &mut String, at: i64) {
    let at = instant(at);
    let _ = write!(
        text,
        "{}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        at.month(),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    );
}

/// `10/5/2026, 8:05:09.120 AM`
pub(super) fn american(text: &mut String, at: i64) {
    let at = instant(at);
    let (afternoon, hour) = at.hour12();
    let half = if afternoon { "PM" } else { "AM" };
    let _ = write!(
        text,
        "{}/{}/{}, {hour}:{:02}:{:02}.{:03} {half}",
        at.month(),
        at.day(),
        at.year(),
        at.minute(),
        at.second(),
        at.timestamp_subsec_millis()
    );
}
