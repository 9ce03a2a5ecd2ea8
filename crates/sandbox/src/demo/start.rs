//! `/demo/start`: the user pressed "sign in".

use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use fiador_domain::profile::Profile;
use fiador_kernel::Digest;
use serde::Deserialize;
use url::Url;

use super::{Demo, Outcome, flow::Flow};

/// What the user chose on the page.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    /// Index of the application.
    app: usize,
    /// The number to reach; empty lets the gateway ask.
    #[serde(default)]
    msisdn: String,
    /// Also ask for attributes.
    #[serde(default)]
    attributes: bool,
    /// `acr_values`; empty means 2.
    #[serde(default)]
    acr: String,
}

/// Sends the browser to the gateway.
pub(super) async fn start(State(demo): State<Demo>, Query(choice): Query<Choice>) -> Response {
    match authorization_url(&demo, &choice).await {
        Ok(url) => (StatusCode::FOUND, [(header::LOCATION, String::from(url))]).into_response(),
        Err(error) => {
            let application = demo.inner.applications.get(choice.app);
            demo.finish(Outcome {
                application: application.map_or_else(String::new, |app| app.name.to_owned()),
                error: Some(error),
                ..Outcome::default()
            });
            super::callback::closing_page(&demo, false)
        }
    }
}

async fn authorization_url(demo: &Demo, choice: &Choice) -> Result<Url, String> {
    let app = demo.inner.applications.get(choice.app).ok_or("there is no such application")?;
    let mobile_connect = app.profile == Profile::MobileConnect;
    let endpoint = if mobile_connect {
        discover(demo, app, &choice.msisdn).await?
    } else {
        format!("{}/authorize", demo.inner.gateway.issuer)
    };
    let flow = begin(demo, choice, mobile_connect);
    let scope = match (mobile_connect, choice.attributes) {
        (true, false) => "openid mc_authn",
        (true, true) => "openid mc_authn mc_identity_phonenumber",
        (false, false) => "openid",
        (false, true) => "openid profile email phone",
    };
    let mut url = Url::parse(&endpoint).map_err(|error| error.to_string())?;
    let challenge = URL_SAFE_NO_PAD.encode(Digest::of(&flow.verifier).as_bytes());
    url.query_pairs_mut()
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", &format!("{}/callback", demo.inner.base))
        .append_pair("response_type", "code")
        .append_pair("scope", scope)
        .append_pair("state", &flow.state)
        .append_pair("nonce", &flow.nonce)
        .append_pair("acr_values", if choice.acr.is_empty() { "2" } else { &choice.acr });
    if mobile_connect {
        url.query_pairs_mut().append_pair("version", "mc_di_r2_v2.3");
        if choice.attributes {
            url.query_pairs_mut()
                .append_pair("client_name", app.name)
                .append_pair("context", "Sign in and share your number")
                .append_pair("binding_message", "");
        }
    } else {
        url.query_pairs_mut()
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256")
            .append_pair("prompt", "login");
    }
    if !choice.msisdn.is_empty() {
        url.query_pairs_mut().append_pair("login_hint", &format!("MSISDN:{}", choice.msisdn));
    }
    demo.inner.flows.lock().begin(flow);
    Ok(url)
}

fn begin(demo: &Demo, choice: &Choice, mobile_connect: bool) -> Flow {
    let count = {
        let mut flows = demo.inner.flows.lock();
        flows.count += 1;
        flows.count
    };
    let part = |what: &str| demo.inner.seed.text(&format!("demo {what} {count}"));
    Flow {
        state: part("state"),
        nonce: part("nonce"),
        verifier: format!("{}{}", part("verifier"), part("more verifier")),
        application: choice.app,
        resource: choice.attributes.then_some(if mobile_connect {
            "premiuminfo"
        } else {
            "userinfo"
        }),
    }
}

/// Discovery by number, or by network code when the gateway is to ask for the number.
async fn discover(demo: &Demo, app: &crate::Application, msisdn: &str) -> Result<String, String> {
    let redirect = format!("{}/callback", demo.inner.base);
    let mut form = vec![("Redirect_URL", redirect.as_str())];
    if msisdn.is_empty() {
        form.extend([("Selected-MCC", "234"), ("Selected-MNC", "15")]);
    } else {
        form.push(("MSISDN", msisdn));
    }
    let answer = demo
        .inner
        .http
        .post(&demo.inner.gateway.discovery)
        .basic_auth(&app.discovery_client_id, Some(&app.discovery_client_secret))
        .form(&form)
        .send()
        .await
        .map_err(|error| format!("discovery: {error}"))?;
    let body: serde_json::Value =
        answer.json().await.map_err(|error| format!("discovery: {error}"))?;
    let links = body["response"]["apis"]["operatorid"]["link"].as_array();
    let authorization = links.into_iter().flatten().find(|link| link["rel"] == "authorization");
    authorization
        .and_then(|link| link["href"].as_str())
        .map(str::to_owned)
        .ok_or_else(|| format!("discovery named no operator: {body}"))
}
