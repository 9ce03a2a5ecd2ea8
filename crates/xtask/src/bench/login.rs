//! One complete login: authorize → page → one-time code → code → token → userinfo.

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use http::StatusCode;
use http::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, AUTHORIZATION, LOCATION, USER_AGENT};

use super::http::{Answer, Call, CookieJar};
use super::load::{Lane, Lanes};
use super::service_provider::{REDIRECT_URI, ServiceProvider};
use super::subscribers::Phone;

/// Logs the holder of `phone` in and gives the access token. The jar is new each time, so no login
/// session answers for the phone. A page that asks for consent is answered with yes.
pub(super) async fn log_in(
    lanes: &mut Lanes,
    service_provider: ServiceProvider,
    phone: &Phone,
    login: u64,
) -> anyhow::Result<String> {
    let mut jar = CookieJar::default();
    let query = service_provider.authorization_query(&phone.number, login);
    let mut page = visit(lanes, &mut jar, Call::get(format!("/authorize?{query}"))).await?;
    let mut agreed = false;
    let back = loop {
        let location = page.header(&LOCATION)?.to_owned();
        if location.starts_with(REDIRECT_URI) {
            break location;
        }
        let shown = visit(lanes, &mut jar, Call::get(path_of(&location))).await?;
        let html = String::from_utf8_lossy(&shown.body);
        page = if let Some(action) = action_of(&html, "/answer") {
            let form = Call::post(action, &[("code", &phone.code().await)]);
            visit(lanes, &mut jar, form).await?
        } else {
            let action = action_of(&html, "/consent").with_context(|| shown.seen())?;
            ensure!(!agreed, "asked for consent twice: {}", shown.seen());
            agreed = true;
            visit(lanes, &mut jar, Call::post(action, &[("decision", "agree")])).await?
        };
    };
    let access_token = exchange(lanes, service_provider, &code_of(&back)?, login).await?;
    let userinfo = Call::get("/userinfo").header(AUTHORIZATION, &format!("Bearer {access_token}"));
    let claims = lanes.send(Lane::BackChannel, as_program(userinfo)).await?.json()?;
    let number = claims.get("phone_number").and_then(serde_json::Value::as_str);
    ensure!(
        number.is_some_and(|claimed| claimed.trim_start_matches('+') == phone.number),
        "these are not the attributes of the one who logged in: {claims}"
    );
    Ok(access_token)
}

async fn exchange(
    lanes: &mut Lanes,
    service_provider: ServiceProvider,
    code: &str,
    login: u64,
) -> anyhow::Result<String> {
    let verifier = service_provider.verifier(login);
    let mut fields =
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
    fields.extend(verifier.as_deref().map(|verifier| ("code_verifier", verifier)));
    let call =
        Call::post("/token", &fields).header(AUTHORIZATION, &service_provider.authorization());
    let tokens = lanes.send(Lane::BackChannel, as_program(call)).await?.json()?;
    let token = |name: &str| tokens.get(name).and_then(serde_json::Value::as_str);
    let signed_with = token("id_token").and_then(algorithm_of);
    let wanted = service_provider.kind.algorithm();
    ensure!(signed_with.as_deref() == Some(wanted), "not an ID Token with {wanted}: {tokens}");
    Ok(token("access_token").context("no access token")?.to_owned())
}

async fn visit(lanes: &mut Lanes, jar: &mut CookieJar, call: Call) -> anyhow::Result<Answer> {
    let answer = lanes.send(Lane::Browser, jar.add_to(as_browser(call))).await?;
    let is_page = answer.status == StatusCode::OK || answer.status.is_redirection();
    ensure!(is_page, "neither page nor redirect: {}", answer.seen());
    jar.keep(&answer);
    Ok(answer)
}

/// Headers of the length that a browser on a phone sends.
fn as_browser(call: Call) -> Call {
    call.header(
        USER_AGENT,
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) \
         Chrome/130.0.0.0 Mobile Safari/537.36",
    )
    .header(ACCEPT, "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    .header(ACCEPT_LANGUAGE, "en-GB,en;q=0.9,es;q=0.8")
    .header(ACCEPT_ENCODING, "gzip, deflate, br")
}

fn as_program(call: Call) -> Call {
    call.header(USER_AGENT, "bench-service-provider/1.0").header(ACCEPT, "application/json")
}

/// The target of the form whose action ends with `step`.
fn action_of(html: &str, step: &str) -> Option<String> {
    let actions = html.split("action=\"").skip(1).filter_map(|rest| rest.split('"').next());
    actions.into_iter().find(|action| action.ends_with(step)).map(path_of)
}

/// What follows the host, if there is one.
fn path_of(location: &str) -> String {
    let rest = location.split_once("://").map(|(_, rest)| rest);
    match rest.and_then(|rest| rest.find('/').and_then(|at| rest.get(at..))) {
        Some(path) => path.to_owned(),
        None => location.to_owned(),
    }
}

fn code_of(redirect: &str) -> anyhow::Result<String> {
    let query = redirect.split_once('?').map(|(_, query)| query).unwrap_or_default();
    let code = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "code");
    let (_, code) = code.with_context(|| format!("the login was refused: {query}"))?;
    Ok(code.into_owned())
}

/// `alg` of a signed token.
fn algorithm_of(token: &str) -> Option<String> {
    let header = BASE64_URL_SAFE_NO_PAD.decode(token.split('.').next()?).ok()?;
    let header: serde_json::Value = serde_json::from_slice(&header).ok()?;
    header.get("alg")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_step_is_found_among_others() {
        let html = r#"<form method="post" action="/journey/a/cancel"><form action="/journey/a/answer" id="x">"#;
        assert_eq!(action_of(html, "/answer").as_deref(), Some("/journey/a/answer"));
        assert_eq!(action_of(html, "/consent"), None);
    }

    #[test]
    fn a_location_may_have_a_host_or_not() {
        assert_eq!(path_of("http://localhost/journey/a?b"), "/journey/a?b");
        assert_eq!(path_of("/journey/a"), "/journey/a");
    }

    #[test]
    fn a_redirect_without_code_says_why() {
        assert_eq!(code_of("http://localhost:3000/callback?code=a%2Bb&state=s").unwrap(), "a+b");
        let error = code_of("http://localhost:3000/callback?error=access_denied").unwrap_err();
        assert!(error.to_string().contains("access_denied"));
    }
}
