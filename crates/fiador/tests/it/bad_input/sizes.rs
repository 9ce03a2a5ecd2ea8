//! Bounds of requests (T-001, T-002).

use crate::world::{Sandbox, raw_exchange, raw_get};

/// Every route of the public listener that reads a body.
const WITH_BODY: [&str; 13] = [
    "/authorize",
    "/token",
    "/accesstoken",
    "/introspect",
    "/revoke",
    "/userinfo",
    "/premiuminfo",
    "/logout",
    "/logout/confirm",
    "/journey/handle/number",
    "/journey/handle/answer",
    "/journey/handle/consent",
    "/v2/discovery",
];
const LIMIT: usize = 64 * 1024;

/// The status of a raw answer.
fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[tokio::test]
async fn a_body_above_64_kib_is_refused_on_every_route() {
    let sandbox = Sandbox::start(&[]);
    let application = sandbox.provider("oidc").application;
    for path in WITH_BODY {
        // The secret is right: what is refused is the size and nothing else.
        let credentials = match path {
            "/v2/discovery" => {
                (&application.discovery_client_id, &application.discovery_client_secret)
            }
            _ => (&application.client_id, &application.client_secret),
        };
        let body = format!("token={}", "x".repeat(LIMIT));
        let answer = sandbox
            .http
            .post(format!("{}{path}", sandbox.issuer()))
            .basic_auth(credentials.0, Some(credentials.1))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", format!("fiador_browser={}", "a".repeat(43)))
            .body(body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), 413, "T-001: {path}");
    }
}

#[tokio::test]
async fn a_chunked_body_is_counted_while_it_streams() {
    let sandbox = Sandbox::start(&[]);
    for path in ["/token", "/authorize", "/v2/discovery"] {
        let mut request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        let chunk = ["1000\r\n", &"x".repeat(0x1000), "\r\n"].concat();
        request += &chunk.repeat(LIMIT / 0x1000 + 1);
        // No last chunk: the answer does not wait for the end of the body.
        let answer = raw_exchange(sandbox.issuer(), request.as_bytes()).await;
        assert_eq!(status(&answer), "413", "T-001: {path}: {answer}");
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let sandbox = Sandbox::start(&[]);
    let one = format!("X-Large: {}\r\n", "x".repeat(17 * 1024));
    let many = ["X-Many: ", &"x".repeat(100), "\r\n"].concat().repeat(200);
    for headers in [&one, &many] {
        let answer = raw_get(sandbox.issuer(), "/jwks", headers).await;
        assert_eq!(status(&answer), "431", "T-002: {answer}");
    }
    let long = format!("/jwks?{}", "x".repeat(8 * 1024));
    let answer = raw_get(sandbox.issuer(), &long, "").await;
    assert_eq!(status(&answer), "414", "T-002: {answer}");
    assert_eq!(status(&raw_get(sandbox.issuer(), "/jwks", "").await), "200");
}

#[tokio::test]
async fn errors_name_themselves_and_repeat_nothing_of_the_request() {
    let sandbox = Sandbox::start(&[]);
    let probe = "<script>probe</script>";
    for path in ["/nothing-here", "/journey/xyz", "/authorize?client_id=%3Cscript%3Eprobe"] {
        for accept in ["text/html", "application/json"] {
            let headers = format!("Accept: {accept}\r\nX-Probe: {probe}\r\n");
            let answer = raw_get(sandbox.issuer(), path, &headers).await;
            assert!(status(&answer).starts_with('4'), "{path}: {answer}");
            assert!(!answer.contains("probe"), "T-011: {path}: {answer}");
            assert!(answer.to_lowercase().contains("x-correlation-id: "), "T-011: {answer}");
        }
    }
}
