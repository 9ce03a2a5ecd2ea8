//! Every parameter of an authorization request missing, repeated, over-long, wrongly encoded
//! (mobile-connect §2.6).

use crate::world::{
    AuthorizationRequest, Landing, Provider, REDIRECT_URI, Sandbox, Shown, raw_get,
};

/// How a request ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    /// A page of the gateway, without redirect.
    Here(u16),
    /// Back at the service provider with `error` and `error_description`.
    Back(String, String),
    /// The login goes on.
    Accepted,
}

fn back(error: &str, description: &str) -> End {
    End::Back(error.to_owned(), description.to_owned())
}

async fn end_of(sandbox: &Sandbox, provider: &Provider, request: &AuthorizationRequest) -> End {
    match sandbox.browser().open(&provider.start(request)).await {
        Shown::Page(page) if page.answer.status == 200 => End::Accepted,
        Shown::Page(page) => End::Here(page.answer.status),
        Shown::Away(url) => {
            assert!(url.as_str().starts_with(REDIRECT_URI), "{url}");
            let landing = Landing::at(url);
            assert_eq!(landing.get("iss"), sandbox.issuer(), "T-038");
            back(landing.get("error"), landing.get("error_description"))
        }
    }
}

/// A request with every parameter that the profile knows and that can be served.
fn full_request(provider: &Provider, msisdn: &str) -> AuthorizationRequest {
    let request = provider.request().for_attributes(&provider.application).for_number(msisdn);
    let request = request.with("prompt", "login").with("max_age", "3600").with("ui_locales", "en");
    let request = request.with("response_mode", "query").with("display", "page");
    request.with("correlation_id", "c-1").with("claims", r#"{"userinfo":{}}"#)
}

#[tokio::test]
async fn a_missing_parameter_is_told_in_the_words_of_the_profile() {
    let sandbox = Sandbox::start(&[]);
    let here = || End::Here(400);
    let invalid = |description: &str| back("invalid_request", description);
    let response_type = "MANDATORY parameter response_type is missing or value is invalid";
    let scope = || back("invalid_scope", "MANDATORY parameter scope is missing");
    let mobile_connect = [
        ("client_id", here()),
        ("redirect_uri", here()),
        ("response_type", invalid(response_type)),
        ("scope", scope()),
        ("version", invalid("MANDATORY parameter version is missing / invalid.")),
        ("state", invalid("RECOMMENDED parameter state is invalid")),
        ("nonce", invalid("MANDATORY parameter nonce is missing (or) invalid")),
        ("acr_values", invalid("MANDATORY parameter acr_values are missing or invalid values")),
        ("client_name", invalid("Invalid client_name value")),
        ("context", invalid("Invalid context value")),
        ("binding_message", invalid("Invalid binding_message value")),
    ];
    let oidc = [
        ("client_id", here()),
        ("redirect_uri", here()),
        ("response_type", invalid(response_type)),
        ("scope", scope()),
        ("code_challenge", invalid("code challenge required")),
        ("code_challenge_method", invalid("transform algorithm not supported")),
    ];
    for (profile, rows) in [("mobile_connect", &mobile_connect[..]), ("oidc", &oidc[..])] {
        let provider = sandbox.provider(profile);
        let whole = full_request(&provider, &sandbox.msisdn(0));
        assert_eq!(end_of(&sandbox, &provider, &whole).await, End::Accepted);
        for name in whole.names() {
            let end = end_of(&sandbox, &provider, &whole.clone().without(&name)).await;
            let told = rows.iter().find(|(row, _)| *row == name).map(|(_, end)| end);
            assert_eq!(end, *told.unwrap_or(&End::Accepted), "{profile} without {name}");
        }
    }
}

#[tokio::test]
async fn a_repeated_parameter_is_refused_known_or_not() {
    let sandbox = Sandbox::start(&[]);
    let repeated = "Multiple parameter names in the authorization request. Malformed request";
    for profile in ["mobile_connect", "oidc"] {
        let provider = sandbox.provider(profile);
        let whole = full_request(&provider, &sandbox.msisdn(0)).with("unknown", "1");
        for name in whole.names() {
            for again in ["another value", ""] {
                let request = whole.clone().with_again(&name, again);
                let end = end_of(&sandbox, &provider, &request).await;
                let expected = match name.as_str() {
                    "client_id" | "redirect_uri" => End::Here(400),
                    _ => back("invalid_request", repeated),
                };
                assert_eq!(end, expected, "T-007: {profile}, {name} twice");
            }
        }
    }
}

#[tokio::test]
async fn an_over_long_parameter_is_refused() {
    let sandbox = Sandbox::start(&[]);
    let long = "x".repeat(4_097);
    for profile in ["mobile_connect", "oidc"] {
        let provider = sandbox.provider(profile);
        let whole = full_request(&provider, &sandbox.msisdn(0)).with("unknown", "1");
        for name in whole.names() {
            let end = end_of(&sandbox, &provider, &whole.clone().with(&name, &long)).await;
            let expected = match name.as_str() {
                "client_id" | "redirect_uri" => End::Here(400),
                _ => back("invalid_request", "Malformed request multiple problems exist"),
            };
            assert_eq!(end, expected, "T-002: {profile}, {name}");
        }
        let hundred_and_one: Vec<_> = (0..101).map(|n| format!("s{n}")).collect();
        let scopes = format!("openid {}", hundred_and_one.join(" "));
        let end = end_of(&sandbox, &provider, &whole.clone().with("scope", &scopes)).await;
        assert!(matches!(&end, End::Back(error, _) if error == "invalid_scope"), "T-002: {end:?}");
        let many = (0..65).fold(whole, |request, n| request.with(&format!("p{n}"), "1"));
        let end = end_of(&sandbox, &provider, &many).await;
        assert_eq!(end, back("invalid_request", "Malformed request multiple problems exist"));
    }
}

#[tokio::test]
async fn a_wrongly_encoded_parameter_is_refused() {
    let sandbox = Sandbox::start(&[]);
    // Half an escape, no hexadecimal, invalid UTF-8, an overlong slash, a surrogate, NUL.
    let broken = ["%", "%4", "%zz", "%ff%fe", "%c0%af", "%ed%a0%80", "a%00b"];
    for profile in ["mobile_connect", "oidc"] {
        let provider = sandbox.provider(profile);
        let whole = full_request(&provider, &sandbox.msisdn(0)).with("unknown", "1");
        for name in whole.names() {
            // JSON may be written over several lines.
            let lines = if name == "claims" { "a%00b" } else { "a%0d%0ab" };
            for value in broken.into_iter().chain([lines]) {
                let query = format!("{}&{name}={value}", whole.clone().without(&name).encoded());
                let answer = raw_get(sandbox.issuer(), &format!("/authorize?{query}"), "").await;
                let status = answer.split(' ').nth(1).unwrap_or_default();
                if name == "client_id" || name == "redirect_uri" {
                    assert_eq!(status, "400", "T-031: {name}={value}: {answer}");
                    assert!(!answer.to_lowercase().contains("\nlocation:"), "{answer}");
                } else {
                    assert_eq!(status, "302", "{name}={value}: {answer}");
                    let description = "error_description=GET%20request%20invalid%20serialization";
                    assert!(answer.contains(description), "T-007: {name}={value}: {answer}");
                }
            }
        }
    }
}

#[tokio::test]
async fn wrong_values_are_told_by_their_row() {
    let sandbox = Sandbox::start(&[]);
    let invalid = |description: &str| back("invalid_request", description);
    let provider = sandbox.provider("mobile_connect");
    let whole = full_request(&provider, &sandbox.msisdn(0));
    let hint = "Invalid value for login_hint or login_hint_token";
    for (name, value, end) in [
        ("response_type", "token", None),
        ("response_type", "code token", None),
        ("version", "mc_v9", Some("MANDATORY parameter version is missing / invalid.")),
        ("display", "hologram", Some("Invalid display value. / not supported.")),
        ("prompt", "none login", Some("Prompt value is invalid")),
        ("prompt", "perhaps", Some("Prompt value is invalid")),
        ("max_age", "-1", Some("Invalid max_age value")),
        ("max_age", "soon", Some("Invalid max_age value")),
        ("acr_values", "5", Some("MANDATORY parameter acr_values are missing or invalid values")),
        ("claims", "{", Some("claims value is invalid")),
        ("client_name", "Somebody Else", Some("Invalid client_name value")),
        ("context", "pay at https://evil.example", Some("Invalid context value")),
        ("binding_message", "right\u{202e}left", Some("Invalid binding_message value")),
        ("correlation_id", "", Some("Invalid correlation_id value.")),
        ("login_hint", "MSISDN:hello", Some(hint)),
        ("login_hint_token", "x", Some("Malformed request, duplicate parameter entries")),
    ] {
        let request = whole.clone().with(name, value);
        let response_type = "MANDATORY parameter response_type is missing or value is invalid";
        let expected = invalid(end.unwrap_or(response_type));
        let end = end_of(&sandbox, &provider, &request).await;
        assert_eq!(end, expected, "T-086, T-037: {name}={value}");
    }

    let provider = sandbox.provider("oidc");
    let whole = full_request(&provider, &sandbox.msisdn(0));
    for (name, value, error) in [
        ("response_type", "token", "unsupported_response_type"),
        ("code_challenge_method", "plain", "invalid_request"),
        ("code_challenge", "short", "invalid_request"),
        ("request", "e30.e30.", "request_not_supported"),
        ("request_uri", "https://evil.example/", "request_uri_not_supported"),
        ("registration", "{}", "registration_not_supported"),
        ("scope", "profile", "invalid_scope"),
    ] {
        let end = end_of(&sandbox, &provider, &whole.clone().with(name, value)).await;
        assert!(matches!(&end, End::Back(told, _) if told == error), "{name}={value}: {end:?}");
    }
}
