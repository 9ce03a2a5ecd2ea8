//! `/demo/callback`: the gateway sent the browser back.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::Value;

use super::{Demo, Outcome, flow::Flow};

/// Exchanges the code, fetches attributes, shows the result on the main page.
pub(super) async fn callback(
    State(demo): State<Demo>,
    Query(answer): Query<HashMap<String, String>>,
) -> Response {
    let state = answer.get("state").cloned().unwrap_or_default();
    let Some(flow) = demo.inner.flows.lock().take(&state) else {
        return closing_page(&demo, false);
    };
    let application = demo.inner.applications[flow.application].name.to_owned();
    let outcome = match complete(&demo, &flow, &answer).await {
        Ok((id_token, attributes)) => {
            Outcome { application, error: None, id_token: Some(id_token), attributes }
        }
        Err(error) => Outcome { application, error: Some(error), ..Outcome::default() },
    };
    let good = outcome.error.is_none();
    demo.finish(outcome);
    closing_page(&demo, good)
}

async fn complete(
    demo: &Demo,
    flow: &Flow,
    answer: &HashMap<String, String>,
) -> Result<(Value, Option<Value>), String> {
    let Some(code) = answer.get("code") else {
        let part = |name| answer.get(name).map_or("", String::as_str);
        return Err(format!("{}: {}", part("error"), part("error_description")));
    };
    if answer.get("iss") != Some(&demo.inner.gateway.issuer) {
        return Err("the answer does not come from the gateway (iss, RFC 9207)".to_owned());
    }
    let tokens = exchange(demo, flow, code).await?;
    let claims = claims(tokens["id_token"].as_str().unwrap_or_default())
        .ok_or("the ID Token cannot be read")?;
    if claims["nonce"] != flow.nonce.as_str() {
        return Err("the ID Token answers another request (nonce)".to_owned());
    }
    let access_token = tokens["access_token"].as_str().unwrap_or_default();
    let attributes = match flow.resource {
        Some(resource) => Some(fetch(demo, resource, access_token).await?),
        None => None,
    };
    Ok((claims, attributes))
}

async fn exchange(demo: &Demo, flow: &Flow, code: &str) -> Result<Value, String> {
    let app = &demo.inner.applications[flow.application];
    let redirect_uri = format!("{}/callback", demo.inner.base);
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", redirect_uri.as_str()),
    ];
    if app.profile == fiador_domain::profile::Profile::Oidc {
        form.push(("code_verifier", &flow.verifier));
    }
    let response = demo
        .inner
        .http
        .post(format!("{}/token", demo.inner.gateway.issuer))
        .basic_auth(&app.client_id, Some(&app.client_secret))
        .form(&form)
        .send()
        .await
        .map_err(|error| format!("token: {error}"))?;
    let good = response.status().is_success();
    let body: Value = response.json().await.map_err(|error| format!("token: {error}"))?;
    if good { Ok(body) } else { Err(format!("token: {body}")) }
}

async fn fetch(demo: &Demo, resource: &str, access_token: &str) -> Result<Value, String> {
    let url = format!("{}/{resource}", demo.inner.gateway.issuer);
    let response = demo.inner.http.get(url).bearer_auth(access_token).send().await;
    let response = response.map_err(|error| format!("{resource}: {error}"))?;
    response.json().await.map_err(|error| format!("{resource}: {error}"))
}

/// The payload. The demo trusts it because it came over the direct channel from the token endpoint
/// (OpenID Connect Core §3.1.3.7, item 6); a service provider should verify the signature.
fn claims(id_token: &str) -> Option<Value> {
    let payload = id_token.split('.').nth(1)?;
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).ok()?).ok()
}

#[derive(Template)]
#[template(path = "closing.html")]
struct Closing<'a> {
    good: bool,
    kit_css: &'a str,
    icon: &'a str,
}

/// The last page of the login window.
pub(super) fn closing_page(demo: &Demo, good: bool) -> Response {
    let assets = demo.assets();
    let closing = Closing { good, kit_css: assets.path("page.css"), icon: assets.path("icon.svg") };
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::CONTENT_SECURITY_POLICY, crate::page::CONTENT_SECURITY_POLICY),
    ];
    match closing.render() {
        Ok(html) => (headers, Html(html)).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
