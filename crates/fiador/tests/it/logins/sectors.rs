//! Who sees whom under which pseudonym (OpenID Connect Core §8.1, mobile-connect §4).

use axum::{Json, Router, routing::get};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::on_both_engines;
use crate::world::{Answer, Application, Provider, Sandbox, Tokens};

/// A site that publishes the redirect URIs of its sector; the gateway of a sandbox may ask it.
async fn publish(uris: Value) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/redirect-uris.json", listener.local_addr().unwrap());
    let routes = Router::new().route("/redirect-uris.json", get(async move || Json(uris)));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    url
}

async fn register(sandbox: &Sandbox, redirect_uri: &str, sector_list: Option<&str>) -> Answer {
    let mut body = json!({
        "name": "Sector", "profile": "oidc", "redirect_uris": [redirect_uri],
        "scopes": ["openid"], "require_pkce": false,
    });
    if let Some(url) = sector_list {
        body["sector_identifier_uri"] = url.into();
    }
    let url = format!("{}/admin/v1/apps", sandbox.text("/admin/url"));
    let request = sandbox.http.post(url).bearer_auth(sandbox.text("/admin/token")).json(&body);
    Answer::read(request.send().await.unwrap()).await
}

/// An application of the site at `redirect_uri`.
struct Site {
    provider: Provider,
    redirect_uri: &'static str,
}

impl Site {
    async fn of(sandbox: &Sandbox, redirect_uri: &'static str, list: Option<&str>) -> Self {
        let answer = register(sandbox, redirect_uri, list).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        let application = Application {
            profile: "oidc".to_owned(),
            client_id: answer.member("client_id"),
            client_secret: answer.member("client_secret"),
            ..Application::default()
        };
        let provider = Provider { application, ..sandbox.provider("oidc") };
        Self { provider, redirect_uri }
    }

    /// The pseudonym of the user of the first phone, who is named by number.
    async fn sub(&self, sandbox: &Sandbox) -> String {
        self.sub_by(sandbox, &format!("MSISDN:{}", sandbox.msisdn(0))).await
    }

    /// The pseudonym of whom the hint names.
    async fn sub_by(&self, sandbox: &Sandbox, hint: &str) -> String {
        let landing = sandbox.log_in(&mut sandbox.user(0), &self.start(hint)).await;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", landing.code()),
            ("redirect_uri", self.redirect_uri),
            ("code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
        ];
        let tokens = Tokens::of(&self.provider.post("token", &form).await);
        self.provider.claims(&tokens).await["sub"].as_str().unwrap().to_owned()
    }

    fn start(&self, hint: &str) -> String {
        let request = self.provider.request().with("redirect_uri", self.redirect_uri);
        self.provider.start(&request.with("login_hint", hint))
    }

    /// The hint leads to the page of everybody, and to no phone: the next message is that of the next
    /// login.
    async fn finds_nobody_by(&self, sandbox: &Sandbox, hint: &str) {
        let msisdn = sandbox.msisdn(0);
        let seen = sandbox.messages(&msisdn).await.len();
        let page = sandbox.browser().open(&self.start(hint)).await.page();
        assert!(page.has("journey-answer"), "T-048: known or not, the page is the same");
        self.sub(sandbox).await;
        assert_eq!(sandbox.messages(&msisdn).await.len(), seen + 1);
    }
}

on_both_engines! {
    async fn applications_of_one_sector_share_pseudonyms_and_hints(sandbox: &Sandbox) {
        let uris = ["https://a.example/callback", "https://b.example/callback"];
        let list = publish(json!(uris)).await;
        let a = Site::of(sandbox, uris[0], Some(&list)).await;
        let b = Site::of(sandbox, uris[1], Some(&list)).await;
        let alone = Site::of(sandbox, uris[0], None).await;
        let pcr = a.sub(sandbox).await;
        assert_eq!(b.sub(sandbox).await, pcr);
        let other = alone.sub(sandbox).await;
        assert_ne!(other, pcr, "another sector, another pseudonym");
        assert_eq!(b.sub_by(sandbox, &format!("PCR:{pcr}")).await, pcr);
        alone.finds_nobody_by(sandbox, &format!("PCR:{pcr}")).await;
        b.finds_nobody_by(sandbox, &format!("PCR:{other}")).await;
    }

    async fn a_sector_knows_its_members_or_they_are_none(sandbox: &Sandbox) {
        let uri = "https://a.example/callback";
        for list in [json!(["https://b.example/callback"]), json!({"uris": [uri]}), json!([1])] {
            let url = publish(list).await;
            let answer = register(sandbox, uri, Some(&url)).await;
            let told = (answer.status, answer.member("code"));
            assert_eq!(told, (422, "application.invalid".to_owned()), "{answer:?}");
        }
    }
}
