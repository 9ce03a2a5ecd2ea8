//! Bad requests to the endpoints of service providers (RFC 6749 §5.2).

use crate::world::{Answer, Provider, Sandbox};

async fn raw_form(provider: &Provider, endpoint: &str, body: &str) -> Answer {
    let request = provider
        .http
        .post(format!("{}/{endpoint}", provider.base))
        .basic_auth(&provider.application.client_id, Some(&provider.application.client_secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body.to_owned());
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn bad_token_requests_get_their_specified_error() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("mobile_connect");
    let good =
        "grant_type=authorization_code&code=c&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback";
    let long = format!("{good}&x={}", "y".repeat(4_097));
    for (body, error) in [
        (good, "invalid_grant"),
        ("", "invalid_request"),
        ("grant_type=authorization_code", "invalid_request"),
        ("code=c&redirect_uri=http%3A%2F%2F127.0.0.1%2Fcallback", "invalid_request"),
        ("grant_type=password&username=u&password=p", "unsupported_grant_type"),
        ("grant_type=implicit", "unsupported_grant_type"),
        (&format!("{good}&code=d"), "invalid_request"),
        (&format!("{good}&grant_type=authorization_code"), "invalid_request"),
        (&format!("{good}&unknown=1&unknown=2"), "invalid_request"),
        (&format!("{good}&x=%ff"), "invalid_request"),
        (&format!("{good}&x=%"), "invalid_request"),
        (&format!("{good}&x=%00"), "invalid_request"),
        (&format!("{good}&correlation_id="), "invalid_request"),
        (&long, "invalid_request"),
        (&format!("{good}&client_id=somebody-else"), "invalid_client"),
        (&format!("{good}&client_secret=guess"), "invalid_client"),
    ] {
        let answer = raw_form(&provider, "token", body).await;
        let expected = if error == "invalid_client" { 401 } else { 400 };
        let shown = &body[..body.len().min(120)];
        // RFC 6749 §5.2 allows 400 for two ways of authentication in one request.
        assert!(answer.status == expected || (answer.status == 400 && expected == 401), "{shown}");
        if answer.status == expected {
            assert_eq!(answer.error(), error, "T-037, T-007: {shown}: {answer:?}");
        }
        assert_eq!(answer.header("cache-control"), "no-store", "{shown}");
    }
}

#[tokio::test]
async fn a_token_request_must_be_a_form_in_the_body() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("mobile_connect");
    let answer = raw_form(&provider, "token?grant_type=authorization_code", "code=c").await;
    assert_eq!((answer.status, answer.error()), (400, "invalid_request".to_owned()));

    for (media_type, body) in
        [("application/json", r#"{"grant_type":"authorization_code"}"#), ("text/plain", "code=c")]
    {
        let request = provider
            .http
            .post(format!("{}/token", provider.base))
            .basic_auth(&provider.application.client_id, Some("x"))
            .header("content-type", media_type)
            .body(body);
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!((answer.status, answer.error()), (400, "invalid_request".to_owned()));
    }
    for endpoint in ["token", "introspect", "revoke"] {
        let answer = provider.get(endpoint, None).await;
        assert_eq!(answer.status, 405, "RFC 6749 §3.2: {endpoint}");
    }
}

#[tokio::test]
async fn credentials_that_cannot_be_read_are_no_credentials() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("mobile_connect");
    for authorization in
        ["Basic", "Basic !!!", "Basic YWJj", "Basic Og==", "Bearer x", "Digest a=b", "\u{7f}", ""]
    {
        for endpoint in ["token", "introspect", "revoke"] {
            let Ok(value) = reqwest::header::HeaderValue::from_str(authorization) else { continue };
            let request = provider
                .http
                .post(format!("{}/{endpoint}", provider.base))
                .header("authorization", value)
                .form(&[("token", "t"), ("grant_type", "authorization_code"), ("code", "c")]);
            let answer = Answer::read(request.send().await.unwrap()).await;
            assert!(matches!(answer.status, 400 | 401), "{endpoint} {authorization}: {answer:?}");
            assert!(
                ["invalid_client", "invalid_request"].contains(&answer.error().as_str()),
                "{endpoint} {authorization}: {answer:?}"
            );
        }
    }
}

#[tokio::test]
async fn resources_take_one_token_from_one_place() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    for (endpoint, body, bearer, status) in [
        ("userinfo", "access_token=a&access_token=b", None, 400),
        ("userinfo", "access_token=a", Some("b"), 400),
        ("userinfo?access_token=a", "", None, 400),
        ("premiuminfo", "access_token=%ff", None, 400),
        ("premiuminfo", "", None, 401),
    ] {
        let mut request = provider
            .http
            .post(format!("{}/{endpoint}", provider.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        if let Some(token) = bearer {
            request = request.bearer_auth(token);
        }
        let answer = Answer::read(request.send().await.unwrap()).await;
        assert_eq!(answer.status, status, "RFC 6750 §2: {endpoint} {body}: {answer:?}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "spec §2.9: {answer:?}");
    }
}
