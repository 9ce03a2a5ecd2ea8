//! What every request passes: identity, fences, addresses.

use axum::{
    Router,
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderName},
    routing::get,
};
use fiador_http_kit::{
    ClientAddress, ClientCountry, CookieLife, CookiePolicy, Cookies, ForwardingHeader, Problem,
    RequestId, TrustedProxies, listener::ListenerSettings,
};
use reqwest::{Client, StatusCode};
use serde_json::Value;

use crate::server::Server;

async fn broken() -> &'static str {
    panic!("a mistake of ours")
}

#[tokio::test]
async fn a_panic_is_a_500_of_one_request_only() {
    // T-008, T-011
    let router = Router::new().route("/broken", get(broken)).route("/whole", get(async || "whole"));
    let server = Server::start(router).await;
    let client = Client::new();
    for _ in 0..3 {
        let answer = client.get(server.url("/broken")).send().await.unwrap();
        assert_eq!(answer.status(), 500);
        let id = answer.headers()["x-correlation-id"].clone();
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["code"], "server.internal");
        assert_eq!(problem["correlation_id"], id.to_str().unwrap());
        assert!(!problem.to_string().contains("mistake"));

        let answer = client.get(server.url("/whole")).send().await.unwrap();
        assert_eq!(answer.text().await.unwrap(), "whole");
    }
}

#[tokio::test]
async fn a_handler_knows_the_id_that_the_answer_carries() {
    let router = Router::new().route("/", get(async |id: RequestId| id.to_string()));
    let server = Server::start(router).await;
    let answer = reqwest::get(server.url("/")).await.unwrap();
    let header = answer.headers()["x-correlation-id"].clone();
    assert_eq!(answer.text().await.unwrap(), header.to_str().unwrap());
}

#[tokio::test]
async fn a_problem_has_the_members_of_rfc_9457() {
    let problem = || async {
        Problem::new(StatusCode::CONFLICT, "demo.taken", "The name is taken")
            .detail("Choose another one")
            .header(axum::http::header::RETRY_AFTER, "3".parse().unwrap())
    };
    let server = Server::start(Router::new().route("/", get(problem))).await;
    let answer = reqwest::get(server.url("/")).await.unwrap();
    assert_eq!(answer.status(), 409);
    assert_eq!(answer.headers()["retry-after"], "3");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let document: Value = answer.json().await.unwrap();
    assert_eq!(document["status"], 409);
    assert_eq!(document["title"], "The name is taken");
    assert_eq!(document["detail"], "Choose another one");
}

async fn who(client: ClientAddress, request: Request) -> String {
    let forwarded = request.headers().contains_key("x-forwarded-for");
    let country = ClientCountry::of(request.extensions());
    format!("{} {forwarded} {country:?}", client.ip())
}

#[tokio::test]
async fn forwarding_headers_count_from_trusted_proxies_only() {
    // T-005
    let trusting = ListenerSettings {
        trusted_proxies: TrustedProxies::new(
            vec!["127.0.0.0/8".parse().unwrap()],
            ForwardingHeader::XForwardedFor,
        )
        .country_header(HeaderName::from_static("x-country")),
        ..ListenerSettings::default()
    };
    for (settings, seen) in [
        (ListenerSettings::default(), "127.0.0.1 false None"),
        (trusting, "203.0.113.9 true Some(\"PT\")"),
    ] {
        let server = Server::start_with(Router::new().route("/", get(who)), settings).await;
        let request =
            Client::new().get(server.url("/")).header("x-forwarded-for", "6.6.6.6, 203.0.113.9");
        let request = request.header("x-country", "PT");
        assert_eq!(request.send().await.unwrap().text().await.unwrap(), seen);
    }
}

#[tokio::test]
async fn outside_of_a_listener_there_is_no_client_address() {
    let (mut parts, ()) = axum::http::Request::new(()).into_parts();
    let problem = ClientAddress::from_request_parts(&mut parts, &()).await;
    assert_eq!(problem.unwrap_err().code(), "server.internal");
}

#[tokio::test]
async fn a_browser_returns_ten_cookies() {
    // T-042, without https: the development policy.
    const POLICY: CookiePolicy = CookiePolicy { secure: false };
    let give = async || {
        let mut headers = HeaderMap::new();
        for tab in 0..10 {
            let cookie = POLICY.set(&format!("journey{tab}"), "secret", CookieLife::Session);
            headers.append("set-cookie", cookie.unwrap());
        }
        headers
    };
    let count = async |headers: HeaderMap| Cookies::of(&headers).count().to_string();
    let router = Router::new().route("/give", get(give)).route("/count", get(count));
    let server = Server::start(router).await;
    let browser = Client::builder().cookie_store(true).build().unwrap();
    browser.get(server.url("/give")).send().await.unwrap();
    let answer = browser.get(server.url("/count")).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "10");
}
