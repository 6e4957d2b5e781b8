//! Which export records what: the columns of formats, section 9, and what Graph v1.0 leaves out (formats, 4).

/// A kind of export, as somebody would ask for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Export {
    /// `GET /v1.0/auditLogs/signIns`.
    GraphV1,
    /// `GET /beta/auditLogs/signIns`.
    GraphBeta,
    /// "Download JSON" in the admin center: the objects of Graph beta.
    AdminCenterJson,
    /// Diagnostic settings: storage account or event hub.
    DiagnosticSettings,
    /// Log Analytics and Sentinel.
    LogAnalytics,
    /// "Download CSV" in the admin center.
    AdminCenterCsv,
    /// Advanced hunting in Defender XDR.
    DefenderXdr,
    /// The AuthDetails file that comes beside the admin center's CSV.
    AuthDetails,
    /// The risky sign-ins of ID Protection, as CSV.
    RiskySignIns,
}

impl Export {
    /// Every kind, in the order in which they are named.
    pub const ALL: [Export; 9] = [
        Export::GraphV1,
        Export::GraphBeta,
        Export::AdminCenterJson,
        Export::DiagnosticSettings,
        Export::LogAnalytics,
        Export::AdminCenterCsv,
        Export::DefenderXdr,
        Export::AuthDetails,
        Export::RiskySignIns,
    ];

    /// Its name for people and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Export::GraphV1 => "Graph v1.0",
            Export::GraphBeta => "Graph beta",
            Export::AdminCenterJson => "admin center JSON",
            Export::DiagnosticSettings => "diagnostic settings",
            Export::LogAnalytics => "Log Analytics",
            Export::AdminCenterCsv => "admin center CSV",
            Export::DefenderXdr => "Defender XDR",
            Export::AuthDetails => "admin center AuthDetails CSV",
            Export::RiskySignIns => "risky sign-ins CSV",
        }
    }
}

/// A set of exports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exports(u16);

impl Exports {
    /// None at all.
    pub const NONE: Exports = Exports(0);
    /// Every one that is made to hold whole sign-ins.
    pub const ALL: Exports = Exports::GRAPH.with(Export::AdminCenterCsv).with(Export::DefenderXdr);
    /// Every one, those that hold a part of sign-ins too.
    pub const EVERY: Exports = Exports::ALL.with(Export::AuthDetails).with(Export::RiskySignIns);
    /// Those that hold Graph's beta objects in one form or another.
    pub const BETA: Exports = Exports::NONE
        .with(Export::GraphBeta)
        .with(Export::AdminCenterJson)
        .with(Export::DiagnosticSettings)
        .with(Export::LogAnalytics);
    /// What [`Exports::phrase`] calls those; a page that uses the name explains it.
    pub const RICH: &str = "rich exports";
    /// And Graph v1.0.
    pub const GRAPH: Exports = Exports::BETA.with(Export::GraphV1);

    /// These and one more.
    #[must_use]
    pub const fn with(self, export: Export) -> Exports {
        Exports(self.0 | 1 << export as u8)
    }

    /// Those in both.
    #[must_use]
    pub fn and(self, other: Exports) -> Exports {
        Exports(self.0 & other.0)
    }

    /// Those in either.
    #[must_use]
    pub fn or(self, other: Exports) -> Exports {
        Exports(self.0 | other.0)
    }

    /// Their names for a sentence; [`Exports::BETA`] by one name.
    #[must_use]
    pub fn phrase(self) -> String {
        if self.and(Exports::ALL) == Exports::ALL {
            return "every export".to_owned();
        }
        let is_rich = self.and(Exports::BETA) == Exports::BETA;
        let besides = if is_rich { Exports(self.0 & !Exports::BETA.0) } else { self };
        let names = is_rich.then_some(Exports::RICH).into_iter().chain(besides.names());
        names.collect::<Vec<_>>().join(", ")
    }

    /// Their names, in the order of [`Export::ALL`].
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        Export::ALL.into_iter().filter(|export| self.0 & 1 << *export as u8 != 0).map(Export::name).collect()
    }
}
