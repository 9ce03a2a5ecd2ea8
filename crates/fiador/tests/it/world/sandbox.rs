//! `fiador sandbox --json` as a process.

use fiador_testkit::process::Gateway;
use serde_json::Value;

use super::{
    Answer, Application, Browser, Landing, Phone, Provider, User, eventually, http::http_client,
    start_gateway,
};

/// A running sandbox, killed when dropped.
pub(crate) struct Sandbox {
    pub(crate) gateway: Gateway,
    pub(crate) http: reqwest::Client,
}

impl Sandbox {
    /// Starts one with options beside `--json`.
    pub(crate) fn start(options: &[&str]) -> Self {
        let mut arguments = vec!["sandbox", "--json"];
        arguments.extend(options);
        let gateway = start_gateway(&arguments);
        let mut http = http_client();
        if let Ok(file) = gateway.text("/ca_file") {
            let authority = std::fs::read(file).unwrap();
            http = http.tls_certs_only([reqwest::Certificate::from_pem(&authority).unwrap()]);
        }
        Self { gateway, http: http.build().unwrap() }
    }

    /// The issuer.
    pub(crate) fn issuer(&self) -> &str {
        self.text("/issuer")
    }

    /// A text of the announcement.
    pub(crate) fn text(&self, pointer: &str) -> &str {
        self.gateway.text(pointer).unwrap()
    }

    /// All applications.
    pub(crate) fn applications(&self) -> Vec<Application> {
        serde_json::from_value(self.gateway.announcement()["apps"].clone()).unwrap()
    }

    /// All phones.
    pub(crate) fn phones(&self) -> Vec<Phone> {
        serde_json::from_value(self.gateway.announcement()["phones"].clone()).unwrap()
    }

    /// The number of the phone at `index`.
    pub(crate) fn msisdn(&self, index: usize) -> String {
        self.phones()[index].msisdn.clone()
    }

    /// The first application with this profile as a service provider.
    pub(crate) fn provider(&self, profile: &str) -> Provider {
        self.provider_where(|application| application.profile == profile)
    }

    /// The first application that fits.
    pub(crate) fn provider_where(&self, fits: impl Fn(&Application) -> bool) -> Provider {
        let application = self.applications().into_iter().find(fits).unwrap();
        let issuer = self.issuer().to_owned();
        Provider { application, base: issuer.clone(), issuer, http: self.http.clone() }
    }

    /// Creates an application through the admin API.
    pub(crate) async fn register(&self, registration: &Value) -> Application {
        let url = format!("{}/admin/v1/apps", self.text("/admin/url"));
        let request = self.http.post(url).bearer_auth(self.text("/admin/token"));
        let answer = Answer::read(request.json(registration).send().await.unwrap()).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        serde_json::from_value(answer.json()).unwrap()
    }

    /// A browser with an empty jar.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.http.clone(), self.issuer())
    }

    /// A user with the phone at `index`.
    pub(crate) fn user(&self, index: usize) -> User {
        User::new(self.browser(), &self.msisdn(index))
    }

    /// The control API.
    pub(crate) async fn control(&self, path: &str) -> Answer {
        let url = format!("{}{path}", self.text("/sandbox"));
        Answer::read(self.http.get(url).send().await.unwrap()).await
    }

    /// All messages of a phone, oldest first.
    pub(crate) async fn messages(&self, msisdn: &str) -> Vec<Value> {
        let answer = self.control(&format!("/api/phones/{msisdn}/messages")).await;
        answer.json().as_array().unwrap().clone()
    }

    /// The code in the first message after the `seen` ones.
    pub(crate) async fn code_after(&self, msisdn: &str, seen: usize) -> String {
        let message = eventually("a message arrives at the phone", async || {
            self.messages(msisdn).await.get(seen).cloned()
        });
        code_in(message.await["text"].as_str().unwrap())
    }

    /// The link in the first message after the `seen` ones.
    pub(crate) async fn link_after(&self, msisdn: &str, seen: usize) -> String {
        let message = eventually("a message arrives at the phone", async || {
            self.messages(msisdn).await.get(seen).cloned()
        });
        let message = message.await;
        let text = message["text"].as_str().unwrap();
        let link = text.split_whitespace().find(|word| word.starts_with("http"));
        link.unwrap_or_else(|| panic!("no link in: {text}")).to_owned()
    }

    /// Lets a user go through a whole login.
    pub(crate) async fn log_in(&self, user: &mut User, start: &str) -> Landing {
        let msisdn = user.msisdn.clone();
        let seen = self.messages(&msisdn).await.len();
        user.log_in(start, async || self.code_after(&msisdn, seen).await).await
    }
}

/// The six digits that a message begins with.
pub(crate) fn code_in(text: &str) -> String {
    let code: String = text.chars().take(6).collect();
    assert!(code.bytes().all(|b| b.is_ascii_digit()), "no code at the start of: {text}");
    code
}
