//! Every row of mobile-connect §2.6: one table, and a test for each of its rows.
//!
//! A row changes a good request; its columns say what comes of it with `mc_v1.1`, `mc_v1.2`,
//! `mc_v2.0`, `mc_di_r2_v2.3`, and for an `oidc` client. Each cell is tried as `GET` and as `POST`:
//! the answer is a journey, an error at the redirect URI, or an error without redirect.

use fiador_domain::profile::Profile;
use serde_json::Value;

use crate::world::{Answer, CHALLENGE, ISSUER, REDIRECT_URI, World, changed};

/// What a request comes to.
#[derive(Clone, Copy)]
pub(super) enum Comes {
    /// To a journey.
    On,
    /// Back, with `error` and `error_description`.
    Back(&'static str, &'static str),
    /// To an answer without redirect, with this `error_description`.
    Here(&'static str),
    /// The row is about the version itself, so this column does not apply.
    NA,
}

use Comes::{Back, Here, NA, On};

const INVALID: &str = "invalid_request";
const NO_REDIRECT: Comes = Here("redirect_uri is invalid");
const NO_CLIENT: Comes = Here("MANDATORY parameter client_id is missing");
const BAD_CLIENT: Comes = Here("MANDATORY parameter client_id is missing or invalid");
const RESPONSE_TYPE: Comes =
    Back(INVALID, "MANDATORY parameter response_type is missing or value is invalid");
const UNSUPPORTED: Comes = Back("unsupported_response_type", "The response_type is not supported");
const OBJECT: Comes = Back("invalid_request_object", "The request object is invalid");
const REQUEST_URI: Comes =
    Back("request_uri_not_supported", "The request_uri parameter is not supported");
const REGISTRATION: Comes =
    Back("registration_not_supported", "The registration parameter is not supported");
const SCOPE_MISSING: Comes = Back("invalid_scope", "MANDATORY parameter scope is missing");
const SCOPE: Comes = Back("invalid_scope", "The scope value is invalid");
pub(super) const VERSION: Comes =
    Back(INVALID, "MANDATORY parameter version is missing / invalid.");
const STATE: Comes = Back(INVALID, "RECOMMENDED parameter state is invalid");
pub(super) const NONCE: Comes = Back(INVALID, "MANDATORY parameter nonce is missing (or) invalid");
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
const LEVEL: Comes = Back("access_denied", "The requested level of assurance cannot be met");
const UNMET: Comes =
    Back("unmet_authentication_requirements", "The requested level of assurance cannot be met");
const LOGIN: Comes = Back("login_required", "The user must log in");

/// One character more than the longest `context`.
const LONG: &str = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
/// One level more than a document may nest.
const DEEP: &str = r#"{"userinfo":{"email":{"value":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}}}"#;
/// A name and an address to compare.
const MATCH: &str =
    r#"{"premiuminfo":{"name":{"value":"Ann Lee"},"address":{"value":"1 EC4N8AF"}}}"#;

/// Versions in the order of the columns.
const VERSIONS: [&str; 4] = ["mc_v1.1", "mc_v1.2", "mc_v2.0", "mc_di_r2_v2.3"];

type Changes = &'static [(&'static str, Option<&'static str>)];

/// A test for each row, by its name.
macro_rules! rows {
    ($($name:ident: $changes:expr
        => $v1_1:expr, $v1_2:expr, $v2_0:expr, $di_2_3:expr, $oidc:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            come_out(&$changes, [$v1_1, $v1_2, $v2_0, $di_2_3], $oidc).await;
        }
    )* };
}

#[rustfmt::skip] // a table is read by its columns
rows! {
    // whom to answer: constant text, no redirect
    a_missing_redirect_uri: [("redirect_uri", None)]
        => NO_REDIRECT, NO_REDIRECT, NO_REDIRECT, NO_REDIRECT, NO_REDIRECT;
    an_empty_redirect_uri: [("redirect_uri", Some(""))]
        => NO_REDIRECT, NO_REDIRECT, NO_REDIRECT, NO_REDIRECT, NO_REDIRECT;
    an_unregistered_redirect_uri: [("redirect_uri", Some("https://evil.example/"))]
        => NO_REDIRECT, NO_REDIRECT, NO_REDIRECT, NO_REDIRECT, NO_REDIRECT;
    a_missing_client_id: [("client_id", None)]
        => NO_CLIENT, NO_CLIENT, NO_CLIENT, NO_CLIENT, NO_CLIENT;
    an_unknown_client_id: [("client_id", Some("nobody"))]
        => BAD_CLIENT, BAD_CLIENT, BAD_CLIENT, BAD_CLIENT, BAD_CLIENT;
    // what everybody may send
    a_good_request: []
        => On, On, On, On, On;
    an_unknown_parameter: [("unknown", Some("1"))]
        => On, On, On, On, On;
    any_ui_locales: [("ui_locales", Some("tlh x-unknown"))]
        => On, On, On, On, On;
    any_claims_locales: [("claims_locales", Some("fr-CA !"))]
        => On, On, On, On, On;
    // response_type
    a_missing_response_type: [("response_type", None)]
        => RESPONSE_TYPE, RESPONSE_TYPE, RESPONSE_TYPE, RESPONSE_TYPE, RESPONSE_TYPE;
    an_empty_response_type: [("response_type", Some(""))]
        => RESPONSE_TYPE, RESPONSE_TYPE, RESPONSE_TYPE, RESPONSE_TYPE, RESPONSE_TYPE;
    the_implicit_response_type: [("response_type", Some("token"))]
        => UNSUPPORTED, UNSUPPORTED, UNSUPPORTED, RESPONSE_TYPE, UNSUPPORTED;
    a_hybrid_response_type: [("response_type", Some("code id_token"))]
        => UNSUPPORTED, UNSUPPORTED, UNSUPPORTED, RESPONSE_TYPE, UNSUPPORTED;
    // requests in other forms
    a_request_object_that_is_none: [("request", Some("x"))]
        => On, On, On, OBJECT, OBJECT;
    an_empty_request_object: [("request", Some(""))]
        => On, On, On, On, On;
    a_request_by_reference: [("request_uri", Some("https://shop.example/r"))]
        => REQUEST_URI, REQUEST_URI, REQUEST_URI, REQUEST_URI, REQUEST_URI;
    a_registration: [("registration", Some("{}"))]
        => REGISTRATION, REGISTRATION, REGISTRATION, REGISTRATION, REGISTRATION;
    // scope
    a_missing_scope: [("scope", None)]
        => SCOPE_MISSING, SCOPE_MISSING, SCOPE_MISSING, SCOPE_MISSING, SCOPE_MISSING;
    an_empty_scope: [("scope", Some(""))]
        => SCOPE_MISSING, SCOPE_MISSING, SCOPE_MISSING, SCOPE_MISSING, SCOPE_MISSING;
    a_scope_without_openid: [("scope", Some("mc_authn"))]
        => SCOPE, SCOPE, SCOPE, SCOPE, SCOPE;
    an_unknown_scope: [("scope", Some("openid unheard_of"))]
        => SCOPE, SCOPE, SCOPE, SCOPE, On;
    a_scope_that_was_not_granted: [("scope", Some("openid mc_identity_signup"))]
        => SCOPE, SCOPE, SCOPE, SCOPE, On;
    a_scope_for_requests_without_a_user: [("scope", Some("openid mc_atp"))]
        => SCOPE, SCOPE, SCOPE, SCOPE, On;
    a_scope_that_needs_the_networks_word: [("scope", Some("openid mc_vm_match"))]
        => SCOPE, SCOPE, SCOPE, SCOPE, On;
    a_scope_that_is_not_ascii: [("scope", Some("openid\u{e9}"))]
        => SCOPE, SCOPE, SCOPE, SCOPE, SCOPE;
    the_standard_scopes: [("scope", Some("openid profile email phone offline_access"))]
        => On, On, On, On, On;
    // version
    no_version_with_a_later_scope: [("version", None)]
        => NA, NA, NA, VERSION, On;
    an_empty_version: [("version", Some(""))]
        => NA, NA, NA, VERSION, On;
    an_unheard_of_version: [("version", Some("mc_v9"))]
        => NA, NA, NA, VERSION, On;
    version_3_0_while_it_is_switched_off: [("version", Some("mc_di_v3.0"))]
        => NA, NA, NA, VERSION, On;
    a_version_of_another_door: [("version", Some("mc_si_r2_v1.0"))]
        => NA, NA, NA, VERSION, On;
    the_misspelt_version_of_a_sdk: [("version", Some("mc_v2_0"))]
        => NA, NA, NA, On, On;
    the_short_spelling_of_2_0: [("version", Some("mc_v2"))]
        => NA, NA, NA, On, On;
    version_2_1_of_one_operator: [("version", Some("mc_v2.1"))]
        => NA, NA, NA, On, On;
    no_version_with_openid_alone: [("version", None), ("scope", Some("openid"))]
        => NA, NA, NA, On, On;
    no_version_with_a_standard_scope: [("version", None), ("scope", Some("openid email"))]
        => NA, NA, NA, On, On;
    a_decision_in_a_version_without_decisions: [("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>")), ("context", Some("Pay 5")), ("binding_message", Some(""))]
        => VERSION, On, On, On, On;
    a_match_in_a_version_without_matches: [("scope", Some("openid mc_kyc_plain")), ("claims", Some(MATCH))]
        => VERSION, VERSION, VERSION, On, On;
    // state and nonce
    a_missing_state: [("state", None)]
        => STATE, STATE, STATE, STATE, On;
    an_empty_state: [("state", Some(""))]
        => STATE, STATE, STATE, STATE, On;
    a_state_that_is_not_ascii: [("state", Some("\u{e9}"))]
        => STATE, STATE, STATE, STATE, STATE;
    a_missing_nonce: [("nonce", None)]
        => NONCE, NONCE, NONCE, NONCE, On;
    an_empty_nonce: [("nonce", Some(""))]
        => NONCE, NONCE, NONCE, NONCE, On;
    // display
    display_as_a_page: [("display", Some("page"))]
        => On, On, On, On, On;
    display_as_a_popup: [("display", Some("popup"))]
        => On, On, On, On, On;
    display_as_a_popup_in_the_other_spelling: [("display", Some("pop-up"))]
        => On, On, On, On, On;
    display_for_touch: [("display", Some("touch"))]
        => On, On, On, On, On;
    display_on_an_old_phone: [("display", Some("wap"))]
        => On, On, On, On, On;
    an_undefined_display: [("display", Some("window"))]
        => DISPLAY, DISPLAY, DISPLAY, DISPLAY, On;
    // prompt
    prompt_login_without_network_proof: [("prompt", Some("login no_seam"))]
        => On, On, On, On, On;
    prompt_consent_and_select_account: [("prompt", Some("consent select_account"))]
        => On, On, On, On, On;
    prompt_none_without_a_session: [("prompt", Some("none"))]
        => LOGIN, LOGIN, LOGIN, LOGIN, LOGIN;
    prompt_none_beside_another: [("prompt", Some("none login"))]
        => PROMPT, PROMPT, PROMPT, PROMPT, PROMPT;
    prompt_mobile_of_sdks_without_a_browser: [("prompt", Some("mobile"))]
        => On, On, On, On, PROMPT;
    a_prompt_that_no_client_sends: [("prompt", Some("create"))]
        => PROMPT, PROMPT, PROMPT, PROMPT, PROMPT;
    // max_age
    a_max_age_of_zero: [("max_age", Some("0"))]
        => On, On, On, On, On;
    max_age_under_its_other_name: [("max-age", Some("3600"))]
        => On, On, On, On, On;
    a_negative_max_age: [("max_age", Some("-1"))]
        => MAX_AGE, MAX_AGE, MAX_AGE, MAX_AGE, MAX_AGE;
    a_max_age_in_words: [("max_age", Some("soon"))]
        => MAX_AGE, MAX_AGE, MAX_AGE, MAX_AGE, MAX_AGE;
    a_bad_max_age_under_its_other_name: [("max-age", Some("soon"))]
        => MAX_AGE, MAX_AGE, MAX_AGE, MAX_AGE, On;
    // response_mode
    response_mode_query: [("response_mode", Some("query"))]
        => On, On, On, On, On;
    response_mode_form_post: [("response_mode", Some("form_post"))]
        => On, On, On, On, On;
    response_mode_fragment: [("response_mode", Some("fragment"))]
        => On, On, On, MODE, MODE;
    a_response_mode_that_is_a_response_type: [("response_mode", Some("code"))]
        => On, On, On, MODE, MODE;
    // claims
    claims_that_ask_for_nothing: [("claims", Some("{}"))]
        => On, On, On, On, On;
    claims_that_nobody_can_serve: [("claims", Some(r#"{"userinfo":{"shoe_size":{"essential":true}},"other":{"x":1}}"#))]
        => On, On, On, On, On;
    empty_claims: [("claims", Some(""))]
        => On, On, CLAIMS, CLAIMS, On;
    claims_that_are_no_json: [("claims", Some("{"))]
        => On, On, CLAIMS, CLAIMS, CLAIMS;
    claims_that_are_a_list: [("claims", Some("[]"))]
        => On, On, CLAIMS, CLAIMS, CLAIMS;
    claims_with_a_repeated_member: [("claims", Some(r#"{"userinfo":{"email":null,"email":null}}"#))]
        => On, On, CLAIMS, CLAIMS, CLAIMS;
    claims_that_nest_too_deep: [("claims", Some(DEEP))]
        => On, On, CLAIMS, CLAIMS, CLAIMS;
    claims_as_the_java_sdk_writes_them: [("claims", Some(r#"{"premiuminfo":[{"Ann":{"value":"Ann"}}]}"#))]
        => On, On, CLAIMS, CLAIMS, CLAIMS;
    a_match_without_values: [("scope", Some("openid mc_kyc_plain"))]
        => VERSION, VERSION, VERSION, CLAIMS, CLAIMS;
    a_match_without_an_address: [("scope", Some("openid mc_kyc_plain")), ("claims", Some(r#"{"premiuminfo":{"name":{"value":"Ann Lee"}}}"#))]
        => VERSION, VERSION, VERSION, CLAIMS, CLAIMS;
    an_essential_acr_out_of_reach: [("claims", Some(r#"{"id_token":{"acr":{"essential":true,"values":["4"]}}}"#))]
        => On, On, On, On, UNMET;
    an_essential_acr_that_is_no_level: [("claims", Some(r#"{"id_token":{"acr":{"essential":true,"value":"gold"}}}"#))]
        => On, On, On, On, UNMET;
    an_essential_acr_within_reach: [("claims", Some(r#"{"id_token":{"acr":{"essential":true,"values":["4","2"]}}}"#))]
        => On, On, On, On, On;
    a_voluntary_acr_out_of_reach: [("claims", Some(r#"{"id_token":{"acr":{"values":["4"]}}}"#))]
        => On, On, On, On, On;
    an_essential_auth_time: [("claims", Some(r#"{"id_token":{"auth_time":{"essential":true}}}"#))]
        => On, On, On, On, On;
    a_sub_that_is_no_text: [("claims", Some(r#"{"id_token":{"sub":{"value":7}}}"#))]
        => On, On, On, On, CLAIMS;
    // correlation_id
    a_correlation_id: [("correlation_id", Some("42da5b19-457a-4d30"))]
        => On, On, On, On, On;
    an_empty_correlation_id: [("correlation_id", Some(""))]
        => On, On, CORRELATION, CORRELATION, On;
    a_correlation_id_that_is_not_ascii: [("correlation_id", Some("\u{e9}"))]
        => On, On, CORRELATION, CORRELATION, On;
    // PKCE
    no_code_challenge: [("code_challenge", None), ("code_challenge_method", None)]
        => On, On, On, On, CHALLENGE_DUE;
    a_code_challenge_that_got_lost: [("code_challenge", None), ("code_challenge_method", Some("S256"))]
        => CHALLENGE_DUE, CHALLENGE_DUE, CHALLENGE_DUE, CHALLENGE_DUE, CHALLENGE_DUE;
    a_plain_code_challenge: [("code_challenge", Some(CHALLENGE)), ("code_challenge_method", Some("plain"))]
        => CHALLENGE_METHOD, CHALLENGE_METHOD, CHALLENGE_METHOD, CHALLENGE_METHOD, CHALLENGE_METHOD;
    a_code_challenge_without_a_method: [("code_challenge", Some(CHALLENGE)), ("code_challenge_method", None)]
        => CHALLENGE_METHOD, CHALLENGE_METHOD, CHALLENGE_METHOD, CHALLENGE_METHOD, CHALLENGE_METHOD;
    a_short_code_challenge: [("code_challenge", Some("short")), ("code_challenge_method", Some("S256"))]
        => CHALLENGE_BAD, CHALLENGE_BAD, CHALLENGE_BAD, CHALLENGE_BAD, CHALLENGE_BAD;
    // acr_values
    missing_acr_values: [("acr_values", None)]
        => ACR, ACR, ACR, ACR, On;
    empty_acr_values: [("acr_values", Some(""))]
        => ACR, ACR, ACR, ACR, On;
    acr_values_of_another_framework: [("acr_values", Some("2 gold"))]
        => ACR, ACR, ACR, ACR, On;
    an_acr_that_does_not_exist: [("acr_values", Some("5"))]
        => ACR, ACR, ACR, ACR, On;
    acr_values_of_which_one_can_be_reached: [("acr_values", Some("3 2"))]
        => On, On, On, On, On;
    an_acr_out_of_reach: [("acr_values", Some("3"))]
        => LEVEL, LEVEL, LEVEL, LEVEL, On;
    no_acr_values_for_a_match: [("acr_values", None), ("scope", Some("openid mc_kyc_plain")), ("claims", Some(MATCH))]
        => NA, NA, NA, On, On;
    // hints
    a_number_with_its_tag: [("login_hint", Some("MSISDN:447700900907"))]
        => On, On, On, On, On;
    a_number_with_tag_and_plus: [("login_hint", Some("MSISDN:+447700900907"))]
        => On, On, On, On, On;
    a_number_with_a_plus_that_became_a_space: [("login_hint", Some("MSISDN: 447700900907"))]
        => On, On, On, On, On;
    a_number_encoded_twice: [("login_hint", Some("MSISDN%3A447700900907"))]
        => On, On, On, On, On;
    a_number_as_a_tel_uri: [("login_hint", Some("tel:+44-7700-900907"))]
        => On, On, On, On, On;
    a_number_bare: [("login_hint", Some("+447700900907"))]
        => On, On, On, On, On;
    an_encrypted_number_in_hexadecimal: [("login_hint", Some("ENCR_MSISDN:00ff"))]
        => On, On, On, On, On;
    an_encrypted_number_as_a_jwe: [("login_hint", Some("ENCR_MSISDN:a.b.c.d.e"))]
        => On, On, On, On, On;
    a_pseudonym: [("login_hint", Some("PCR:22735ae2-9b1b-4edb-bed0-7b41de9e129e"))]
        => On, On, On, On, On;
    an_empty_hint: [("login_hint", Some(""))]
        => HINT, HINT, HINT, HINT, On;
    a_number_that_cannot_be: [("login_hint", Some("MSISDN:0"))]
        => HINT, HINT, HINT, HINT, On;
    an_encrypted_number_that_cannot_be: [("login_hint", Some("ENCR_MSISDN:a b"))]
        => HINT, HINT, HINT, HINT, On;
    a_hint_of_another_world: [("login_hint", Some("alice@example.com"))]
        => HINT, HINT, HINT, HINT, On;
    a_hint_token_that_is_none: [("login_hint_token", Some("x"))]
        => On, On, HINT, HINT, On;
    an_empty_hint_token: [("login_hint_token", Some(""))]
        => On, On, HINT, HINT, On;
    a_hint_token: [("login_hint_token", Some("t.b.c.d.e"))]
        => On, On, On, On, On;
    both_hints: [("login_hint", Some("MSISDN:447700900907")), ("login_hint_token", Some("t.b.c.d.e"))]
        => On, On, BOTH_HINTS, BOTH_HINTS, On;
    a_forged_id_token: [("id_token_hint", Some("forged"))]
        => LOGIN, LOGIN, LOGIN, LOGIN, LOGIN;
    // what the user decides on
    the_registered_client_name: [("client_name", Some("Acme <Shop>"))]
        => On, On, On, On, On;
    another_client_name: [("client_name", Some("Somebody"))]
        => On, CLIENT_NAME, CLIENT_NAME, CLIENT_NAME, On;
    an_empty_client_name: [("client_name", Some(""))]
        => On, CLIENT_NAME, CLIENT_NAME, CLIENT_NAME, On;
    a_decision_without_client_name: [("scope", Some("openid mc_authz"))]
        => VERSION, CLIENT_NAME, CLIENT_NAME, CLIENT_NAME, On;
    a_decision_without_context: [("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>"))]
        => VERSION, CONTEXT, CONTEXT, CONTEXT, On;
    a_decision_with_an_empty_context: [("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>")), ("context", Some(""))]
        => VERSION, CONTEXT, CONTEXT, CONTEXT, On;
    a_decision_without_binding_message: [("scope", Some("openid mc_authz")), ("client_name", Some("Acme <Shop>")), ("context", Some("Pay 5"))]
        => VERSION, BINDING, BINDING, BINDING, On;
    a_long_context: [("context", Some(LONG))]
        => On, CONTEXT, CONTEXT, CONTEXT, On;
    a_context_that_turns_text_around: [("context", Some("pay \u{202e}5"))]
        => On, CONTEXT, CONTEXT, CONTEXT, On;
    a_context_with_a_link: [("context", Some("see https://evil.example"))]
        => On, CONTEXT, CONTEXT, CONTEXT, On;
    a_context_with_a_host_name: [("context", Some("see evil.example"))]
        => On, CONTEXT, CONTEXT, CONTEXT, On;
    a_context_with_a_telephone_number: [("context", Some("call +34 600 000 001"))]
        => On, CONTEXT, CONTEXT, CONTEXT, On;
    a_binding_message_with_an_address: [("binding_message", Some("bob@evil"))]
        => On, BINDING, BINDING, BINDING, On;
    a_binding_message_with_something_invisible: [("binding_message", Some("a\u{200b}b"))]
        => On, BINDING, BINDING, BINDING, On;
    a_long_binding_message: [("binding_message", Some(LONG))]
        => On, BINDING, BINDING, BINDING, On;
}

async fn come_out(changes: Changes, mobile_connect: [Comes; 4], oidc: Comes) {
    let world = World::new();
    for (version, comes) in VERSIONS.into_iter().zip(mobile_connect) {
        let mut request = vec![("version", Some(version))];
        request.extend(changes);
        comes_out(&world, Profile::MobileConnect, &request, comes).await;
    }
    comes_out(&world, Profile::Oidc, changes, oidc).await;
}

/// One cell, by both methods.
async fn comes_out(
    world: &World,
    profile: Profile,
    changes: &[(&'static str, Option<&str>)],
    comes: Comes,
) {
    let mut browser = world.browser();
    browser.accept = "application/json";
    let by_get = browser.authorize(profile, changes).await;
    let parameters = changed(profile, changes);
    let fields: Vec<_> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let by_post = browser.post("/authorize", &fields).await;
    for (answer, redirect) in [(by_get, 302), (by_post, 303)] {
        let cell = format!("{profile:?} {changes:?} {redirect}: {}", answer.body);
        let state = fields.iter().find(|(name, _)| *name == "state").map(|(_, state)| *state);
        match comes {
            On => {
                assert_eq!(answer.status, redirect, "{cell}");
                assert!(answer.leads_to_a_page(), "{cell}");
            }
            Back(error, text) => {
                assert_eq!(answer.status, redirect, "{cell}");
                is_back(&answer, error, text, state, &cell);
            }
            Here(text) => {
                assert_eq!(answer.status, 400, "{cell}");
                assert_eq!(answer.header("location"), None, "{cell}");
                let body: Value = serde_json::from_str(&answer.body).unwrap();
                assert_eq!(
                    (&body["error"], &body["error_description"]),
                    (&INVALID.into(), &text.into())
                );
            }
            NA => {}
        }
    }
}

/// mobile-connect §2.5; RFC 9207 (T-038).
fn is_back(answer: &Answer, error: &str, text: &str, state: Option<&str>, cell: &str) {
    let response = answer.response_to(REDIRECT_URI);
    assert_eq!((&*response["error"], &*response["error_description"]), (error, text), "{cell}");
    assert_eq!(response["iss"], ISSUER, "{cell}");
    let echoed = response.get("state").map(String::as_str);
    assert_eq!(echoed, state.filter(|state| !state.is_empty()), "{cell}");
    assert!(!response.contains_key("code"), "{cell}");
}
