//! The machine contract: one JSON line, or the same for people.

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use fiador_sandbox::{Application, Phone, phones};
use serde::Serialize;

use super::{configuration::Addresses, throwaway_tls::ThrowAwayTls};

/// What a test in any language needs to know (docs/reference/sandbox.md). Members are added, never
/// changed.
#[derive(Debug, Serialize)]
pub struct Contract {
    issuer: String,
    discovery: String,
    admin: AdminAddress,
    sandbox: String,
    apps: Vec<Application>,
    phones: &'static [Phone],
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct AdminAddress {
    url: String,
    token: String,
}

impl Contract {
    /// Collects the contract; with TLS it also writes the authority's certificate.
    pub fn new(
        addresses: &Addresses,
        admin_token: &str,
        applications: &[Application],
        tls: Option<&ThrowAwayTls>,
        directory: &Path,
    ) -> anyhow::Result<Self> {
        let ca_file = match tls {
            None => None,
            Some(tls) => {
                let file = directory.join("ca.pem");
                fs::write(&file, tls.authority_pem())?;
                Some(file)
            }
        };
        Ok(Self {
            issuer: addresses.issuer.to_string(),
            discovery: addresses.discovery.clone(),
            admin: AdminAddress { url: addresses.admin.clone(), token: admin_token.to_owned() },
            sandbox: addresses.sandbox.clone(),
            apps: applications.to_vec(),
            phones: phones(),
            ca_file,
        })
    }
}

impl fmt::Display for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nThe sandbox is ready.\n")?;
        writeln!(f, "  Open        {}", self.sandbox)?;
        writeln!(f, "  Gateway     {}", self.issuer)?;
        writeln!(f, "  Metadata    {}/.well-known/openid-configuration", self.issuer)?;
        writeln!(f, "  Discovery   {}", self.discovery)?;
        if let Some(file) = &self.ca_file {
            writeln!(f, "  Authority   {}", file.display())?;
        }
        writeln!(f, "\nApplications (client_id, client_secret)")?;
        for app in &self.apps {
            let profile = app.profile.as_str();
            writeln!(
                f,
                "  {:<15} {profile:<15} {}  {}",
                app.name, app.client_id, app.client_secret
            )?;
        }
        writeln!(f, "\nPhones")?;
        for phone in self.phones {
            let note = if phone.auto { "  its code is always 424242" } else { "" };
            writeln!(f, "  +{}{note}", phone.msisdn)?;
        }
        writeln!(f, "\nStop it with Ctrl-C.")
    }
}
