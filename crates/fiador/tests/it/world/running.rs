//! `fiador serve` as a process.

use std::sync::Arc;

use fiador_testkit::{peers::MessageCentre, process::Gateway};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{
    Answer, Browser, CLIENT_SECRET, Landing, Provider, REDIRECT_URI, User, code_for, encoded,
    eventually, http::http_client, site::applications,
};

/// A running `serve`, killed when dropped.
pub(crate) struct Running {
    pub(crate) gateway: Gateway,
    pub(crate) issuer: String,
    admin_token: String,
    /// Kept as long as the gateway runs in it.
    _folder: Arc<TempDir>,
    pub(crate) http: reqwest::Client,
}

impl Running {
    pub(super) fn new(
        gateway: Gateway,
        issuer: &str,
        admin_token: String,
        folder: Arc<TempDir>,
    ) -> Self {
        let http = http_client().build().unwrap();
        Self { gateway, issuer: issuer.to_owned(), admin_token, _folder: folder, http }
    }

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
