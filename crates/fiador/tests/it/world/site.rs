//! An operator's site: configuration, secrets, and `fiador serve` on them.

use std::{fmt::Write as _, fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Arc};

use fiador_testkit::{peers::MessageCentre, process::Gateway};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    Answer, Application, BINARY, Browser, Landing, Provider, REDIRECT_URI, User, code_for, encoded,
    eventually, fiador, http::http_client, lasting_ports,
};

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

/// A running `serve`, killed when dropped.
pub(crate) struct Running {
    pub(crate) gateway: Gateway,
    pub(crate) issuer: String,
    admin_token: String,
    /// Kept as long as the gateway runs in it.
    _folder: Arc<TempDir>,
    pub(crate) http: reqwest::Client,
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
        let gateway = patiently(|| Gateway::start(BINARY, &["serve", "--config", &config]));
        let http = http_client().build().unwrap();
        let admin_token = fs::read_to_string(self.file("admin_token")).unwrap();
        let (issuer, folder) = (self.issuer.clone(), Arc::clone(&self.folder));
        Running { gateway, issuer, admin_token, _folder: folder, http }
    }
}

/// Starts a gateway; again, when a busy machine took longer than the deadline of the database.
fn patiently(start: impl Fn() -> anyhow::Result<Gateway>) -> Gateway {
    for _ in 0..4 {
        match start() {
            Err(error) if error.to_string().contains("the database is not available") => {}
            started => return started.unwrap(),
        }
    }
    start().unwrap()
}

fn new_folder() -> Arc<TempDir> {
    Arc::new(tempfile::Builder::new().prefix("fiador-site-").tempdir().unwrap())
}

/// The applications of every site.
fn applications() -> Vec<Application> {
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

impl Running {
    /// Where a listener is: `public`, `admin`, `internal` or `metrics`.
    pub(crate) fn listener(&self, name: &str) -> String {
        format!("http://{}", self.gateway.text(&format!("/{name}")).unwrap())
    }

    /// The application with this profile as a service provider at this node.
    pub(crate) fn provider(&self, profile: &str) -> Provider {
        let application = applications().into_iter().find(|a| a.profile == profile).unwrap();
        let base = self.listener("public");
        Provider { application, issuer: self.issuer.clone(), base, http: self.http.clone() }
    }

    /// Asks Discovery for the operator of a number.
    pub(crate) async fn discover(&self, msisdn: &str) -> Answer {
        let query = encoded([("Redirect_URL", REDIRECT_URI), ("MSISDN", msisdn)]);
        let request = self
            .http
            .get(format!("{}/v2/discovery?{query}", self.listener("public")))
            .basic_auth("shop-at-discovery", Some(CLIENT_SECRET));
        Answer::read(request.send().await.unwrap()).await
    }

    /// A user whose browser meets this node.
    pub(crate) fn user(&self, msisdn: &str) -> User {
        let mut browser = Browser::new(self.http.clone(), &self.issuer);
        browser.meets_node(&self.listener("public"));
        User::new(browser, msisdn)
    }

    /// A request to the admin listener.
    pub(crate) async fn admin(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.listener("admin"));
        let mut request =
            self.http.request(method.parse().unwrap(), url).bearer_auth(&self.admin_token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        Answer::read(request.send().await.unwrap()).await
    }

    /// Registers a subscriber with a name and a birth date, as `contract-` and the last four
    /// digits: ids are logged, numbers never.
    pub(crate) async fn add_subscriber(&self, msisdn: &str) {
        let body = json!({
            "msisdn": format!("+{msisdn}"),
            "status": "active",
            "authenticators": ["sms_otp"],
            "attributes": { "given_name": "Ada", "birthdate": "1990-01-31" },
        });
        let path = format!("/admin/v1/subscribers/contract-{}", &msisdn[8..]);
        // A busy machine may take longer than the deadline of the database.
        eventually("a subscriber is stored", async || {
            let answer = self.admin("PUT", &path, Some(body.clone())).await;
            assert!([204, 503].contains(&answer.status), "{answer:?}");
            (answer.status == 204).then_some(())
        })
        .await;
    }

    /// Lets a user go through a whole login; the code comes from the message centre.
    pub(crate) async fn log_in(
        &self,
        user: &mut User,
        start: &str,
        centre: &mut MessageCentre,
    ) -> Landing {
        let msisdn = user.msisdn.clone();
        user.log_in(start, async || code_for(centre, &msisdn).await).await
    }

    /// `/livez`, `/readyz` or `/metrics`.
    pub(crate) async fn probe(&self, name: &str) -> Answer {
        let url = format!("{}/{name}", self.listener("metrics"));
        Answer::read(self.http.get(url).send().await.unwrap()).await
    }

    /// Waits until a message centre is bound.
    pub(crate) async fn until_connected(&self) {
        eventually("a message centre is connected", async || {
            let ready = self.probe("readyz").await.text;
            ready.contains("message centre: connected").then_some(())
        })
        .await;
    }
}
