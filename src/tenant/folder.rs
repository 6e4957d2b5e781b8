//! Reading a tenant folder: which file is which fact. Everything broken is reported in one run.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, Diagnostics, Origin, Severity, write_all};
use crate::domain::folded;
use crate::pages;

use super::Tenant;
use super::facts::FACTS;
use super::settings::Settings;
use super::source::{Fault, Records};

/// Everything in a tenant folder that cannot be used. There is no report (exit status 1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TenantErrors {
    /// One for each file, in the order of paths. INVARIANT: not empty when returned.
    pub errors: Vec<Diagnostic>,
}

impl fmt::Display for TenantErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_all(&self.errors, f)
    }
}

impl std::error::Error for TenantErrors {}

impl TenantErrors {
    fn add(&mut self, path: &str, fault: Fault) {
        let origin = Origin { path: path.to_owned(), row: fault.line };
        let help = Some(fault.help.to_owned());
        self.errors.push(Diagnostic { origin, severity: Severity::Error, message: fault.message, help, count: 1 });
    }
}

impl Tenant {
    /// Reads a folder of tenant facts (contract section 3).
    ///
    /// # Errors
    ///
    /// The folder is not there, or a file in it that this program knows is broken.
    pub fn load(folder: &Path) -> Result<(Tenant, Diagnostics), TenantErrors> {
        let mut errors = TenantErrors::default();
        let (mut tenant, mut diagnostics) = (Tenant::empty(), Diagnostics::default());
        for (path, inner) in files_in(folder, &mut errors) {
            let shown = path.display().to_string();
            let Some(file) = File::named(&inner) else {
                let message = format!("`{inner}` is not a file of tenant facts: ignored");
                diagnostics.warn(Origin::file(&shown), message, &format!("known files: {}", known_files()));
                continue;
            };
            let read = fs::read(&path).map_err(|error| Fault {
                line: None,
                message: match error.kind() {
                    io::ErrorKind::NotFound => "no such folder".to_owned(),
                    kind => format!("cannot be read: {kind}"),
                },
                help: "check who may read it",
            });
            match read.and_then(|bytes| tenant.add(file, &shown, &bytes, &mut diagnostics)) {
                Ok(()) => tenant.files.push(shown),
                Err(fault) => errors.add(&shown, fault),
            }
        }
        if errors.errors.is_empty() { Ok((tenant, diagnostics)) } else { Err(errors) }
    }

    fn add(&mut self, file: File<'_>, path: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Result<(), Fault> {
        if file == File::Settings {
            let text = pages::decode(bytes).map_err(|error| Fault {
                line: error.line,
                message: error.to_string(),
                help: "save the file as UTF-8",
            })?;
            self.settings = Settings::read(path, &text, diagnostics)?;
            return Ok(());
        }
        let records = Records::read(path, bytes)?;
        match file {
            File::NamedLocations => self.named_locations.get_or_insert_default().add(&records, diagnostics),
            File::Group(id) => self.groups.add_file(id, &records),
            File::Groups => self.groups.add_pairs("groupId", &records),
            File::Role(id) => self.roles.add_file(id, &records),
            File::Roles => self.roles.add_pairs("roleTemplateId", &records),
            File::Users => self.users.get_or_insert_default().add(&records, diagnostics),
            File::Registration => self.registration.get_or_insert_default().add(&records, diagnostics),
            File::RiskyUserHistory => self.user_risk.add_history(&records),
            File::RiskyUsers => self.user_risk.add_users(&records),
            File::RiskDetections => self.risk_detections.add(&records, diagnostics),
            File::Devices => self.devices.get_or_insert_default().add(&records, diagnostics),
            File::Strengths => self.strengths.add(&records, diagnostics),
            File::ServicePrincipals => self.service_principals.get_or_insert_default().add(&records, diagnostics),
            File::Agreements => self.agreements.get_or_insert_default().add(&records),
            File::Office365 => self.office365.get_or_insert_default().add(&records),
            File::Settings => Ok(()),
        }
    }
}

/// Which fact a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum File<'t> {
    NamedLocations,
    Group(&'t str),
    Groups,
    Role(&'t str),
    Roles,
    Users,
    Registration,
    RiskyUserHistory,
    RiskyUsers,
    RiskDetections,
    Devices,
    Strengths,
    ServicePrincipals,
    Agreements,
    Office365,
    Settings,
}

impl File<'_> {
    /// By its name in the folder, without regard to case.
    fn named(inner: &str) -> Option<File<'_>> {
        if let Some((kind, file)) = inner.split_once('/') {
            let (id, ending) = file.rsplit_once('.')?;
            return match (folded(kind).as_str(), folded(ending).as_str()) {
                ("groups", "json") if !id.contains('/') => Some(File::Group(id)),
                ("roles", "json") if !id.contains('/') => Some(File::Role(id)),
                _ => None,
            };
        }
        Some(match folded(inner).as_str() {
            "namedlocations.json" => File::NamedLocations,
            "groups.csv" => File::Groups,
            "roles.csv" => File::Roles,
            "users.json" | "users.csv" => File::Users,
            "userregistrationdetails.json" | "userregistrationdetails.csv" => File::Registration,
            "riskyuserhistory.json" => File::RiskyUserHistory,
            "riskyusers.json" => File::RiskyUsers,
            "riskdetections.json" => File::RiskDetections,
            "devices.json" => File::Devices,
            "authenticationstrengthpolicies.json" => File::Strengths,
            "serviceprincipals.json" => File::ServicePrincipals,
            "agreementacceptances.json" => File::Agreements,
            "office365apps.csv" => File::Office365,
            "tenant.toml" => File::Settings,
            _ => return None,
        })
    }
}

/// Files with their path in the folder, in the order of the bytes of that path. Hidden ones are passed over.
fn files_in(folder: &Path, errors: &mut TenantErrors) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let hidden = |name: &str| name.starts_with('.') && name.len() > 1;
    let visible = |entry: &walkdir::DirEntry| entry.depth() == 0 || !hidden(&entry.file_name().to_string_lossy());
    let help = "name the folder that holds the tenant's facts";
    if folder.is_file() {
        let message = format!("`{}` is a file, not a folder", folder.display());
        errors.add(&folder.display().to_string(), Fault { line: None, message, help });
        return files;
    }
    for entry in walkdir::WalkDir::new(folder).follow_links(true).into_iter().filter_entry(visible) {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            Ok(entry) => {
                let inner = entry.path().strip_prefix(folder).unwrap_or(entry.path());
                let inner: Vec<_> = inner.iter().map(|part| part.to_string_lossy().into_owned()).collect();
                files.push((entry.path().to_owned(), inner.join("/")));
            }
            Err(error) => {
                let place = error.path().unwrap_or(folder).display().to_string();
                let why = match error.io_error().map(std::io::Error::kind) {
                    None => "links lead round in a circle".to_owned(),
                    Some(std::io::ErrorKind::NotFound) => "no such file or folder".to_owned(),
                    Some(kind) => kind.to_string(),
                };
                errors.add(&place, Fault { line: None, message: format!("cannot read `{place}`: {why}"), help });
            }
        }
    }
    files.sort_by(|(_, one), (_, other)| one.as_bytes().cmp(other.as_bytes()));
    files
}

fn known_files() -> String {
    let mut names: Vec<&str> = FACTS.iter().flat_map(|fact| fact.files.iter().copied()).collect();
    names.dedup();
    names.join(", ")
}

#[cfg(test)]
mod tests;
