//! An operator's site: configuration, secrets, and `fiador serve` on them.

use std::{fmt::Write as _, fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

use fiador_testkit::peers::MessageCentre;
use tempfile::TempDir;

use super::{Application, REDIRECT_URI, Running, fiador, lasting_ports, start_gateway};

/// Secret of every configured client and its SHA-256.
pub(crate) const CLIENT_SECRET: &str = "correct-horse-battery-staple-2026";

/// A folder with everything that `serve` reads.
pub(crate) struct Site {
    folder: Arc<TempDir>,
    port: u16,
    pub(crate) issuer: String,
    pub(crate) database_url: String,
    pub(crate) loose_send_budgets: bool,
    /// Message centres by name and port, in order of preference.
    pub(crate) centres: Vec<(String, u16)>,
    /// More lines, of any section that is not written here.
    pub(crate) more: String,
}

impl Site {
    /// A site on SQLite with loosened send budgets and no message centre yet.
    pub(crate) fn new() -> Self {
        let folder = new_folder();
        let root_key = folder.path().join("root.key");
        fiador(&["keys", "new-root", root_key.to_str().unwrap()]).succeeded();
        let port = lasting_ports(1);
        let database_url = format!("sqlite:{}", folder.path().join("fiador.db").display());
        let site = Self {
            port,
            issuer: format!("http://localhost:{port}"),
            database_url,
            loose_send_budgets: true,
            centres: Vec::new(),
            more: String::new(),
            folder,
        };
        site.write_secret("admin_token", "an-admin-token-of-32-characters--");
        site.write_secret("centre_password", "secret");
        site.write_secret("shop_secret", CLIENT_SECRET);
        site
    }

    /// Another node of the same cluster: same issuer, root key and database, another port.
    pub(crate) fn node(&self) -> Self {
        let folder = new_folder();
        for file in ["root.key", "admin_token", "centre_password", "shop_secret"] {
            fs::copy(self.file(file), folder.path().join(file)).unwrap();
        }
        Self {
            port: lasting_ports(1),
            folder,
            issuer: self.issuer.clone(),
            database_url: self.database_url.clone(),
            loose_send_budgets: self.loose_send_budgets,
            centres: self.centres.clone(),
            more: self.more.clone(),
        }
    }

    /// Sends messages to this centre, after the ones named before.
    pub(crate) fn through(mut self, name: &str, centre: &MessageCentre) -> Self {
        self.centres.push((name.to_owned(), centre.address().port()));
        self
    }

    /// A file of the site.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file that only its owner can read.
    pub(crate) fn write_secret(&self, name: &str, content: &str) {
        fs::write(self.file(name), content).unwrap();
        self.set_mode(name, 0o600);
    }

    /// Changes the mode of a file.
    pub(crate) fn set_mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.file(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The configuration as text.
    pub(crate) fn configuration(&self) -> String {
        let mut text = format!(
            r#"
issuer = "{issuer}"
[operator]
name = "Example Mobile"
home_region = "GB"
number_ranges = ["447700900"]
[listeners]
admin_token_file = "{token}"
public.address = "127.0.0.1:{port}"
admin.address = "127.0.0.1:{admin}"
internal.address = "127.0.0.1:0"
metrics.address = "127.0.0.1:0"
[database]
url = "{database}"
[keys]
root_key_file = "{root}"
[development]
plain_http = true
loose_send_budgets = {loose}
"#,
            issuer = self.issuer,
            token = self.file("admin_token").display(),
            port = self.port,
            admin = lasting_ports(1),
            database = self.database_url,
            root = self.file("root.key").display(),
            loose = self.loose_send_budgets,
        );
        if self.loose_send_budgets {
            let loose = "[{ count = 1000000, seconds = 60 }]";
            text += "[sms.budgets]\n";
            for budget in ["subscription", "client", "browser_network", "number_block"] {
                let _ = writeln!(text, "{budget} = {loose}");
            }
        }
        for (name, port) in &self.centres {
            let password = self.file("centre_password");
            let _ = writeln!(
                text,
                "[[smpp.message_centres]]\nname = \"{name}\"\nhost = \"127.0.0.1\"\nport = {port}\n\
                 system_id = \"fiador\"\npassword_file = \"{}\"\nmessages_per_second = 10000\n\
                 window = 100",
                password.display()
            );
        }
        for application in applications() {
            let _ = writeln!(
                text,
                "[[clients]]\nclient_id = \"{}\"\nname = \"{}\"\nprofile = \"{}\"\n\
                 client_secret_sha256 = [\"{}\"]\nredirect_uris = [\"{REDIRECT_URI}\"]\n\
                 scopes = {:?}",
                application.client_id,
                application.name,
                application.profile,
                fiador_kernel::Digest::of(CLIENT_SECRET).to_hex(),
                application.scopes,
            );
        }
        let _ = write!(
            text,
            "[[discovery.applications]]\nclient_id = \"shop-at-discovery\"\n\
             client_secret_sha256 = [\"{}\"]\nredirect_urls = [\"{REDIRECT_URI}\"]\n\
             [[discovery.applications.operators]]\noperator = \"self\"\nclient_id = \"shop\"\n\
             client_secret_file = \"{}\"\nclient_name = \"shop\"\n",
            fiador_kernel::Digest::of(CLIENT_SECRET).to_hex(),
            self.file("shop_secret").display(),
        );
        format!("{text}{}", self.more)
    }

    /// Writes the configuration and gives its path.
    pub(crate) fn write_configuration(&self) -> String {
        self.write_configuration_as(&self.configuration())
    }

    /// Writes another text as the configuration and gives its path.
    pub(crate) fn write_configuration_as(&self, text: &str) -> String {
        fs::write(self.file("fiador.toml"), text).unwrap();
        self.file("fiador.toml").display().to_string()
    }

    /// Starts `fiador serve` and registers the subscribers 447700900001 to 447700900040.
    pub(crate) async fn start(&self) -> Running {
        self.start_with(&self.configuration()).await
    }

    /// The same with another text as configuration.
    pub(crate) async fn start_with(&self, configuration: &str) -> Running {
        let running = self.start_empty_with(configuration);
        for number in 1..=40 {
            running.add_subscriber(&format!("44770090{number:04}")).await;
        }
        running
    }

    /// Starts `fiador serve`; nobody is registered.
    pub(crate) fn start_empty(&self) -> Running {
        self.start_empty_with(&self.configuration())
    }

    fn start_empty_with(&self, configuration: &str) -> Running {
        let config = self.write_configuration_as(configuration);
        let gateway = start_gateway(&["serve", "--config", &config]);
        let admin_token = fs::read_to_string(self.file("admin_token")).unwrap();
        Running::new(gateway, &self.issuer, admin_token, Arc::clone(&self.folder))
    }
}

fn new_folder() -> Arc<TempDir> {
    Arc::new(tempfile::Builder::new().prefix("fiador-site-").tempdir().unwrap())
}

/// The applications of every site.
pub(super) fn applications() -> Vec<Application> {
    let application = |client_id: &str, profile: &str, scopes: &[&str]| Application {
        name: client_id.to_owned(),
        profile: profile.to_owned(),
        client_id: client_id.to_owned(),
        client_secret: CLIENT_SECRET.to_owned(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        ..Application::default()
    };
    let mobile_connect = ["openid", "mc_authn", "mc_identity_phonenumber"];
    vec![
        application("shop", "mobile_connect", &mobile_connect),
        application("portal", "oidc", &["openid", "profile", "phone"]),
    ]
}
