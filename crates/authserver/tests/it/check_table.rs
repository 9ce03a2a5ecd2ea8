//! Every row of mobile-connect §2.6 in both columns of the check table.

use fiador_domain::profile::Profile;

use crate::world::{CHALLENGE, KNOWN, PROFILES, REDIRECT_URI, World};

/// What a request comes to.
#[derive(Clone, Copy)]
enum Comes {
    /// To a journey.
    On,
    /// Back, with `error` and `error_description`.
    Back(&'static str, &'static str),
}

use Comes::{Back, On};

/// One way to change a good request, and what comes of it.
struct Row {
    changes: &'static [(&'static str, Option<&'static str>)],
    mobile_connect: Comes,
    oidc: Comes,
}

const fn row(
    changes: &'static [(&'static str, Option<&'static str>)],
    mobile_connect: Comes,
    oidc: Comes,
) -> Row {
    Row { changes, mobile_connect, oidc }
}

const INVALID: &str = "invalid_request";
const RESPONSE_TYPE: Comes =
    Back(INVALID, "MANDATORY parameter response_type is missing or value is invalid");
const RESPONSE_TYPE_UNSUPPORTED: Comes =
    Back("unsupported_response_type", "The response_type is not supported");
const SCOPE_MISSING: Comes = Back("invalid_scope", "MANDATORY parameter scope is missing");
const SCOPE: Comes = Back("invalid_scope", "The scope value is invalid");
const VERSION: Comes = Back(INVALID, "MANDATORY parameter version is missing / invalid.");
const STATE: Comes = Back(INVALID, "RECOMMENDED parameter state is invalid");
const NONCE: Comes = Back(INVALID, "MANDATORY parameter nonce is missing (or) invalid");
const BOTH_HINTS: Comes = Back(INVALID, "Malformed request, duplicate parameter entries");
const HINT: Comes = Back(INVALID, "Invalid value for login_hint or login_hint_token");
const ACR: Comes = Back(INVALID, "MANDATORY parameter acr_values are missing or invalid values");
const DISPLAY: Comes = Back(INVALID, "Invalid display value. / not supported.");
const PROMPT: Comes = Back(INVALID, "Prompt value is invalid");
const CLAIMS: Comes = Back(INVALID, "claims value is invalid");
const MODE: Comes = Back(INVALID, "response_mode contains same as response_type (or) invalid");
const MAX_AGE: Comes = Back(INVALID, "Invalid max_age value");
const CORRELATION: Comes = Back(INVALID, "Invalid correlation_id value.");
const CLIENT_NAME: Comes = Back(INVALID, "Invalid client_name value");
const CONTEXT: Comes = Back(INVALID, "Invalid context value");
const BINDING: Comes = Back(INVALID, "Invalid binding_message value");
const CHALLENGE_DUE: Comes = Back(INVALID, "code challenge required");
const CHALLENGE_METHOD: Comes = Back(INVALID, "transform algorithm not supported");
const CHALLENGE_BAD: Comes = Back(INVALID, "code_challenge is invalid");
const REQUEST: Comes = Back("request_not_supported", "The request parameter is not supported");
const REQUEST_URI: Comes =
    Back("request_uri_not_supported", "The request_uri parameter is not supported");
const LEVEL: Comes = Back("access_denied", "The requested level of assurance cannot be met");
const UNMET: Comes =
    Back("unmet_authentication_requirements", "The requested level of assurance cannot be met");
const LOGIN: Comes = Back("login_required", "The user must log in");

const LONG: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

const V1: (&str, Option<&str>) = ("version", Some("mc_v1.1"));
const V2: (&str, Option<&str>) = ("version", Some("mc_v2.0"));

#[rustfmt::skip] // a table is read by its columns
const TABLE: &[Row] = &[
    // changes to a good request                                       mobile_connect  oidc
    row(&[],                                                           On,             On),
    row(&[("unknown", Some("1"))],                                     On,             On),
    row(&[("response_type", None)],                                    RESPONSE_TYPE,  RESPONSE_TYPE),
    row(&[("response_type", Some(""))],                                RESPONSE_TYPE,  RESPONSE_TYPE),
    row(&[("response_type", Some("token"))],                           RESPONSE_TYPE,  RESPONSE_TYPE_UNSUPPORTED),
    row(&[("response_type", Some("code id_token"))],                   RESPONSE_TYPE,  RESPONSE_TYPE_UNSUPPORTED),
    row(&[("request", Some("x"))],                                     REQUEST,        REQUEST),
    row(&[("request_uri", Some("https://shop.example/r"))],            REQUEST_URI,    REQUEST_URI),
    row(&[("scope", None)],                                            SCOPE_MISSING,  SCOPE_MISSING),
    row(&[("scope", Some(""))],                                        SCOPE_MISSING,  SCOPE_MISSING),
    row(&[("scope", Some("mc_authn"))],                                SCOPE,          SCOPE),
    row(&[("scope", Some("openid unheard_of"))],                       SCOPE,          On),
    row(&[("scope", Some("openid mc_identity_signup"))],               SCOPE,          On),
    row(&[("scope", Some("openid\u{e9}"))],                            SCOPE,          SCOPE),
    row(&[("version", None)],                                          VERSION,        On),
    row(&[("version", Some(""))],                                      VERSION,        On),
    row(&[("version", Some("mc_v9"))],                                 VERSION,        On),
    row(&[("version", Some("mc_di_v3.0"))],                            VERSION,        On),
    row(&[("version", Some("mc_si_r2_v1.0"))],                         VERSION,        On),
    row(&[("version", Some("mc_v1.1"))],                               On,             On),
    row(&[("version", Some("mc_v2.0"))],                               On,             On),
    row(&[("version", Some("mc_v2_0"))],                               On,             On),
    row(&[("version", None), ("scope", Some("openid"))],               On,             On),
    row(&[("version", None), ("scope", Some("openid email"))],         On,             On),
    row(&[("version", Some("mc_v1.1")), ("scope", Some("openid mc_authz"))], VERSION,  On),
    row(&[("state", None)],                                            STATE,          On),
    row(&[("state", Some(""))],                                        STATE,          On),
    row(&[("state", Some("\u{e9}"))],                                  STATE,          STATE),
    row(&[("nonce", None)],                                            NONCE,          On),
    row(&[("nonce", Some(""))],                                        NONCE,          On),
    row(&[("display", Some("popup"))],                                 On,             On),
    row(&[("display", Some("pop-up"))],                                On,             On),
    row(&[("display", Some("window"))],                                DISPLAY,        On),
    row(&[("prompt", Some("login no_seam"))],                          On,             On),
    row(&[("prompt", Some("none"))],                                   LOGIN,          LOGIN),
    row(&[("prompt", Some("none login"))],                             PROMPT,         PROMPT),
    row(&[("prompt", Some("mobile"))],                                 PROMPT,         PROMPT),
    row(&[("max_age", Some("0"))],                                     On,             On),
    row(&[("max-age", Some("3600"))],                                  On,             On),
    row(&[("max_age", Some("-1"))],                                    MAX_AGE,        MAX_AGE),
    row(&[("max_age", Some("soon"))],                                  MAX_AGE,        MAX_AGE),
    row(&[("max-age", Some("soon"))],                                  MAX_AGE,        On),
    row(&[("response_mode", Some("query"))],                           On,             On),
    row(&[("response_mode", Some("fragment"))],                        MODE,           MODE),
    row(&[("response_mode", Some("code"))],                            MODE,           MODE),
    row(&[("claims", Some("{}"))],                                     On,             On),
    row(&[("claims", Some(""))],                                       CLAIMS,         On),
    row(&[("claims", Some("{"))],                                      CLAIMS,         CLAIMS),
    row(&[("claims", Some(r#"{"premiuminfo":[{"Ann":{"value":"Ann"}}]}"#))], CLAIMS,   CLAIMS),
    row(&[("claims", Some(r#"{"id_token":{"acr":{"essential":true,"values":["4"]}}}"#))], On, UNMET),
    row(&[("claims", Some(r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#))], On, UNMET),
    row(&[("claims", Some(r#"{"id_token":{"acr":{"essential":true,"values":["4","2"]}}}"#))], On, On),
    row(&[("claims", Some(r#"{"id_token":{"acr":{"values":["4"]}}}"#))], On,           On),
    row(&[("correlation_id", Some(""))],                               CORRELATION,    On),
    row(&[("correlation_id", Some("\u{e9}"))],                         CORRELATION,    On),
    row(&[("correlation_id", Some("")), ("version", Some("mc_v1.1"))], On,             On),
    row(&[("correlation_id", Some("42da5b19-457a-4d30"))],             On,             On),
    row(&[("code_challenge", None), ("code_challenge_method", None)],  On,             CHALLENGE_DUE),
    row(&[("code_challenge", None), ("code_challenge_method", Some("S256"))], CHALLENGE_DUE, CHALLENGE_DUE),
    row(&[("code_challenge", Some(CHALLENGE)), ("code_challenge_method", Some("plain"))], CHALLENGE_METHOD, CHALLENGE_METHOD),
    row(&[("code_challenge", Some(CHALLENGE)), ("code_challenge_method", None)], CHALLENGE_METHOD, CHALLENGE_METHOD),
    row(&[("code_challenge", Some("short")), ("code_challenge_method", Some("S256"))], CHALLENGE_BAD, CHALLENGE_BAD),
    row(&[("acr_values", None)],                                       ACR,            On),
    row(&[("acr_values", Some(""))],                                   ACR,            On),
    row(&[("acr_values", Some("2 gold"))],                             ACR,            On),
    row(&[("acr_values", Some("5"))],                                  ACR,            On),
    row(&[("acr_values", Some("3 2"))],                                On,             On),
    row(&[("acr_values", Some("3"))],                                  LEVEL,          On),
    row(&[("acr_values", Some("4"))],                                  LEVEL,          On),
    row(&[("login_hint", Some("MSISDN:447700900907"))],                On,             On),
    row(&[("login_hint", Some("MSISDN:+447700900907"))],               On,             On),
    row(&[("login_hint", Some("MSISDN: 447700900907"))],               On,             On),
    row(&[("login_hint", Some("MSISDN%3A447700900907"))],              On,             On),
    row(&[("login_hint", Some("tel:+44-7700-900907"))],                On,             On),
    row(&[("login_hint", Some("+447700900907"))],                      On,             On),
    row(&[("login_hint", Some("ENCR_MSISDN:00ff"))],                   On,             On),
    row(&[("login_hint", Some("PCR:22735ae2-9b1b-4edb-bed0-7b41de9e129e"))], On,       On),
    row(&[("login_hint", Some(""))],                                   HINT,           On),
    row(&[("login_hint", Some("MSISDN:0"))],                           HINT,           On),
    row(&[("login_hint", Some("alice@example.com"))],                  HINT,           On),
    row(&[("login_hint_token", Some("x"))],                            HINT,           On),
    row(&[("login_hint", Some("MSISDN:447700900907")), ("login_hint_token", Some("x"))], BOTH_HINTS, On),
    row(&[("id_token_hint", Some("forged"))],                          LOGIN,          On),
    row(&[("client_name", Some("Acme <Shop>"))],                       On,             On),
    row(&[("client_name", Some("Somebody"))],                          CLIENT_NAME,    On),
    row(&[("client_name", Some(""))],                                  CLIENT_NAME,    On),
    row(&[("scope", Some("openid mc_authz"))],                         CLIENT_NAME,    On),
    row(&[("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>"))], CONTEXT, On),
    row(&[("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>")), ("context", Some("Pay 5"))], BINDING, On),
    row(&[("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>")), ("context", Some("Pay 5")), ("binding_message", Some(""))], On, On),
    row(&[("context", Some(LONG))],                                    CONTEXT,        On),
    row(&[("context", Some("pay \u{202e}5"))],                         CONTEXT,        On),
    row(&[("context", Some("see https://evil.example"))],              CONTEXT,        On),
    row(&[("context", Some("see evil.example"))],                      CONTEXT,        On),
    row(&[("context", Some("call +34 600 000 001"))],                  CONTEXT,        On),
    row(&[("binding_message", Some("bob@evil"))],                      BINDING,        On),
    // what a version does not know is an unknown parameter
    row(&[V2, ("response_mode", Some("fragment"))],                    On,             MODE),
    row(&[V2, ("request", Some("x"))],                                 On,             REQUEST),
    row(&[V2, ("claims", Some("{"))],                                  CLAIMS,         CLAIMS),
    row(&[V2, ("context", Some(LONG))],                                CONTEXT,        On),
    row(&[V2, ("login_hint_token", Some("x"))],                        HINT,           On),
    row(&[V1, ("response_mode", Some("fragment"))],                    On,             MODE),
    row(&[V1, ("request", Some("x"))],                                 On,             REQUEST),
    row(&[V1, ("claims", Some("{"))],                                  On,             CLAIMS),
    row(&[V1, ("context", Some(LONG))],                                On,             On),
    row(&[V1, ("binding_message", Some(LONG))],                        On,             On),
    row(&[V1, ("client_name", Some("Somebody"))],                      On,             On),
    row(&[V1, ("login_hint_token", Some("x"))],                        On,             On),
    row(&[V1, ("login_hint", Some("MSISDN:447700900907")), ("login_hint_token", Some("x"))], On, On),
    row(&[V1, ("request_uri", Some("https://shop.example/r"))],        REQUEST_URI,    REQUEST_URI),
    row(&[("version", None), ("scope", Some("openid")), ("claims", Some("{"))], On,    CLAIMS),
    row(&[("binding_message", Some("a\u{200b}b"))],                    BINDING,        On),
    row(&[("binding_message", Some(LONG))],                            BINDING,        On),
];

#[tokio::test]
async fn every_row_of_the_table_comes_out_as_its_column_says() {
    let world = World::new();
    for row in TABLE {
        for (profile, comes) in PROFILES.into_iter().zip([row.mobile_connect, row.oidc]) {
            let changes = row.changes;
            let answer = world.browser().authorize(profile, changes).await;
            assert_eq!(answer.status, 302, "{profile:?} {changes:?} {}", answer.body);
            match comes {
                On => assert!(answer.leads_to_a_page(), "{profile:?} {changes:?}"),
                Back(error, text) => {
                    let told = answer.error_to(REDIRECT_URI);
                    assert_eq!(told, (error.into(), text.into()), "{profile:?} {changes:?}");
                }
            }
        }
    }
}

/// mobile-connect §2.2: the first problem in the order of the table is the one that is told.
#[tokio::test]
async fn of_several_problems_the_first_is_told() {
    let world = World::new();
    let changes = [("acr_values", None), ("nonce", None), ("version", None)];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    let Back(_, version) = VERSION else { unreachable!() };
    assert_eq!(answer.error_to(REDIRECT_URI).1, version);
    let changes = [("acr_values", None), ("nonce", None)];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    let Back(_, nonce) = NONCE else { unreachable!() };
    assert_eq!(answer.error_to(REDIRECT_URI).1, nonce);
}

/// RFC 6749 §3.1, T-007.
#[tokio::test]
async fn any_repeated_parameter_is_refused_known_or_not() {
    let world = World::new();
    for profile in PROFILES {
        let known = crate::world::good_request(profile);
        let names = known.iter().map(|(name, _)| *name).chain(["unknown"]);
        for name in names.filter(|name| !matches!(*name, "client_id" | "redirect_uri")) {
            let mut parameters = known.clone();
            parameters.push((name, "twice".to_owned()));
            parameters.push((name, "twice".to_owned()));
            let answer = world.browser().post("/authorize", &borrowed(&parameters)).await;
            assert_eq!(answer.status, 303);
            let (error, text) = answer.error_to(REDIRECT_URI);
            assert_eq!(error, INVALID);
            let expected =
                "Multiple parameter names in the authorization request. Malformed request";
            assert_eq!(text, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn a_broken_encoding_is_told_to_the_client_if_it_can_be_found() {
    let world = World::new();
    for profile in PROFILES {
        let good = crate::world::good_request(profile);
        let encoded = fiador_wire_oauth::redirect_uri::append("?", good) + "&";
        let encoded = encoded.trim_start_matches('?');
        for broken in ["nonce2=%zz", "nonce2=%ff", "x=%00", "x=%0D%0ASet-Cookie:1"] {
            let answer = world.browser().get(&format!("/authorize?{encoded}{broken}")).await;
            let told = answer.error_to(REDIRECT_URI);
            assert_eq!(told, (INVALID.into(), "GET request invalid serialization".into()));
            let body = format!("{encoded}{broken}");
            let answer = world.browser().post_raw("/authorize", body.as_bytes()).await;
            assert_eq!(answer.status, 303);
            let told = answer.error_to(REDIRECT_URI);
            assert_eq!(told, (INVALID.into(), "POST request Invalid serialization".into()));
            assert_eq!(answer.response_to(REDIRECT_URI)["state"], "s t&te");
        }
        let many = "x=1&".repeat(65);
        for excess in [&many, &format!("x={}", "y".repeat(4097)), &"n".repeat(129)] {
            let body = format!("{encoded}{excess}");
            let answer = world.browser().post_raw("/authorize", body.as_bytes()).await;
            let told = answer.error_to(REDIRECT_URI);
            let expected = "Malformed request multiple problems exist";
            assert_eq!(told, (INVALID.into(), expected.into()));
        }
    }
}

#[tokio::test]
async fn overlong_values_are_refused_in_the_words_of_their_row() {
    let world = World::new();
    let too_long = |length: usize| "x".repeat(length);
    for profile in PROFILES {
        for (name, length, row) in [("state", 1025, STATE), ("nonce", 256, NONCE)] {
            let Back(_, expected) = row else { unreachable!() };
            let fits = too_long(length - 1);
            let answer = world.browser().authorize(profile, &[(name, Some(&fits))]).await;
            assert!(answer.leads_to_a_page(), "{name}");
            let long = too_long(length);
            let answer = world.browser().authorize(profile, &[(name, Some(&long))]).await;
            assert_eq!(answer.error_to(REDIRECT_URI).1, expected);
        }
        let scopes = format!("openid {}", "a ".repeat(100));
        let answer = world.browser().authorize(profile, &[("scope", Some(&scopes))]).await;
        assert_eq!(answer.error_to(REDIRECT_URI).1, "The scope value is invalid");
    }
}

/// mobile-connect §2.6: each world has its words for a client that may not ask.
#[tokio::test]
async fn a_disabled_client_is_told_so() {
    let world = World::with(|client| client.enabled = false, |_| {});
    for (profile, text) in PROFILES.into_iter().zip([
        "The client is not allowed to make MC service requests",
        "The client is not authorized to request an authorization code",
    ]) {
        let answer = world.browser().authorize(profile, &[]).await;
        let told = answer.error_to(REDIRECT_URI);
        assert_eq!(told, ("unauthorized_client".to_owned(), text.to_owned()));
    }
}

#[tokio::test]
async fn a_policy_may_forbid_asking_for_the_number() {
    let world = World::with(|_| {}, |settings| settings.asks_for_number = false);
    let answer = world.browser().authorize(Profile::MobileConnect, &[]).await;
    let expected = "MANDATORY parameters login_hint_token (or) login_hint does not exist.";
    assert_eq!(answer.error_to(REDIRECT_URI).1, expected);
    let hint = format!("MSISDN:{KNOWN}");
    let changes = [("login_hint", Some(hint.as_str()))];
    assert!(world.browser().authorize(Profile::MobileConnect, &changes).await.leads_to_a_page());
    assert!(world.browser().authorize(Profile::Oidc, &[]).await.leads_to_a_page());
}

/// T-032: a public client cannot do without PKCE, whatever its profile.
#[tokio::test]
async fn a_client_without_a_secret_needs_pkce() {
    let world = World::with(|client| client.secrets.clear(), |_| {});
    let answer = world.browser().authorize(Profile::MobileConnect, &[]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).1, "code challenge required");
}

fn borrowed<'p>(parameters: &'p [(&'static str, String)]) -> Vec<(&'p str, &'p str)> {
    parameters.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
