//! Metadata and keys.

use std::sync::atomic::Ordering;

use fiador_domain::{catalog::CATALOG, profile::Profile};
use fiador_kernel::ScopeSet;
use serde_json::{Value, json};

use crate::world::{ISSUER, PROFILES, REDIRECT_URI, World, changed, signed};

/// Of three products (mobile-connect §2.9).
const NAMES_OF_3_0: [&str; 3] = ["mc_phonenumber", "mc_signup", "mc_nationalid"];

async fn metadata(world: &World) -> Value {
    let answer = world.browser().get("/.well-known/openid-configuration").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=600"));
    serde_json::from_str(&answer.body).unwrap()
}

/// mobile-connect §2.10.
#[tokio::test]
async fn metadata_names_the_endpoints_and_the_versions() {
    let metadata = metadata(&World::new()).await;
    assert_eq!(metadata["issuer"], ISSUER);
    assert_eq!(metadata["authorization_endpoint"], format!("{ISSUER}/authorize"));
    assert_eq!(metadata["premiuminfo_endpoint"], format!("{ISSUER}/premiuminfo"));
    assert_eq!(metadata["end_session_endpoint"], format!("{ISSUER}/logout"));
    assert_eq!(metadata["mc_version"], json!(["mc_v1.1", "mc_v1.2", "mc_v2.0", "mc_di_r2_v2.3"]));
    let pairs = metadata["mobile_connect_version_supported"].as_array().unwrap();
    assert!(pairs.contains(&json!({ "openid mc_authn": "mc_v1.1" })));
    assert!(pairs.contains(&json!({ "openid mc_authz": "mc_di_r2_v2.3" })));
    assert!(!pairs.contains(&json!({ "openid mc_authz": "mc_v1.1" })));
    assert_eq!(metadata["mc_amr_values_supported"], json!(["OTP_OK"]));
    assert_eq!(metadata["id_token_signing_alg_values_supported"], json!(["RS256", "ES256"]));
}

/// T-062: what is named works, and what works is named.
#[tokio::test]
async fn metadata_lists_exactly_what_is_enabled() {
    let world = World::new();
    let metadata = metadata(&world).await;
    let listed =
        |name: &str, value: &str| metadata[name].as_array().unwrap().contains(&json!(value));
    for level in ["1", "2", "3", "4"] {
        let changes = [("acr_values", Some(level))];
        let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
        assert_eq!(answer.leads_to_a_page(), listed("acr_values_supported", level), "{level}");
    }
    for version in fiador_wire_oauth::version::MobileConnectVersion::ALL {
        let changes = [("version", Some(version.as_str()))];
        let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
        assert_eq!(answer.leads_to_a_page(), listed("mc_version", version.as_str()));
    }
    for (name, key, values) in [
        ("response_type", "response_types_supported", ["code", "token", "id_token"]),
        ("response_mode", "response_modes_supported", ["query", "form_post", "fragment"]),
        ("display", "display_values_supported", ["page", "wap", "window"]),
        ("prompt", "prompt_values_supported", ["login", "select_account", "no_seam"]),
    ] {
        for value in values {
            let changes = [(name, Some(value))];
            let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
            assert_eq!(answer.leads_to_a_page(), listed(key, value), "{name}={value}");
        }
    }
    let prompts = metadata["prompt_values_supported"].as_array().unwrap();
    for prompt in prompts.iter().map(|value| value.as_str().unwrap()) {
        for profile in PROFILES {
            let answer = world.browser().authorize(profile, &[("prompt", Some(prompt))]).await;
            // Nobody has logged in; whatever else is listed is served.
            assert_eq!(answer.leads_to_a_page(), prompt != "none", "{profile:?} {prompt}");
        }
    }
    for entry in CATALOG {
        // No authenticator here knows the number from the network (mobile-connect §2.9), and the
        // names of 3.0 are switched off.
        let is_served = !entry.needs_network_proof() && !NAMES_OF_3_0.contains(&entry.scope);
        assert_eq!(listed("scopes_supported", entry.scope), is_served, "{}", entry.scope);
    }
    // An `oidc` client does not get what is not listed, though it is registered for it.
    let scope =
        [("scope", Some("openid mc_vm_match")), ("login_hint", Some("MSISDN:447700900907"))];
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &scope).await.page();
    let form = [("code", &*world.phone.code())];
    let done = browser.post(&format!("{page}/answer"), &form).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.scopes.to_string(), "openid");
    assert_eq!(metadata["request_uri_parameter_supported"], false);
    let answer = world.browser().authorize(Profile::Oidc, &[("request_uri", Some("x"))]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "request_uri_not_supported");
    assert_eq!(metadata["request_parameter_supported"], true);
    assert!(listed("request_object_signing_alg_values_supported", "ES256"));
    assert!(!listed("request_object_signing_alg_values_supported", "none"));
    let object = signed(&json!({ "nonce": "n-2" }));
    let answer = world.browser().authorize(Profile::Oidc, &[("request", Some(&object))]).await;
    assert!(answer.leads_to_a_page());
    for hint in ["MSISDN", "ENCR_MSISDN", "PCR"] {
        assert!(listed("login_hint_methods_supported", hint), "{hint}");
    }
    for claim in ["hashed_login_hint", "displayed_data", "acr", "phone_number", "updated_at"] {
        assert!(listed("claims_supported", claim), "{claim}");
    }
    assert_eq!(metadata["claims_parameter_supported"], true);
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["4"]}}}"#;
    let answer = world.browser().authorize(Profile::Oidc, &[("claims", Some(essential))]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "unmet_authentication_requirements");
    assert_eq!(metadata["authorization_response_iss_parameter_supported"], true);
    assert!(changed(Profile::Oidc, &[]).iter().any(|(_, value)| value == "S256"));
    assert_eq!(metadata["code_challenge_methods_supported"], json!(["S256"]));
}

/// mobile-connect, "Decided": 3.0 is offered only where the operator says so.
#[tokio::test]
async fn version_3_0_has_a_switch() {
    let world = World::with(|_| {}, |settings| settings.rules.offers_di_3_0 = true);
    let metadata = metadata(&world).await;
    assert!(metadata["mc_version"].as_array().unwrap().contains(&json!("mc_di_v3.0")));
    let version = ("version", Some("mc_di_v3.0"));
    let mut browser = world.browser();
    let answer = browser.authorize(Profile::MobileConnect, &[version]).await;
    assert!(answer.leads_to_a_page());
    // The SDK drops both values there (mobile-connect §2.3).
    for prompt in ["consent", "select_account"] {
        let changes = [version, ("prompt", Some(prompt))];
        let answer = browser.authorize(Profile::MobileConnect, &changes).await;
        assert_eq!(answer.error_to(REDIRECT_URI).1, "Prompt value is invalid");
    }
}

/// mobile-connect §2.9: what 3.0 calls the old products goes with its switch and its version.
#[tokio::test]
async fn the_names_of_version_3_0_are_served_with_its_switch_alone() {
    let texts =
        [("client_name", "Acme <Shop>"), ("context", "Order 7"), ("binding_message", "B-7")];
    for is_offered in [false, true] {
        let world = World::with(
            |client| client.scopes = ScopeSet::parse("openid mc_phonenumber").unwrap(),
            |settings| settings.rules.offers_di_3_0 = is_offered,
        );
        let metadata = metadata(&world).await;
        for list in ["scopes_supported", "mc_di_scopes_supported"] {
            for name in NAMES_OF_3_0 {
                assert_eq!(metadata[list].as_array().unwrap().contains(&json!(name)), is_offered);
            }
        }
        for version in ["mc_v2.0", "mc_di_r2_v2.3", "mc_di_v3.0"] {
            let mut changes = texts.map(|(name, value)| (name, Some(value))).to_vec();
            changes.extend([("scope", Some("openid mc_phonenumber")), ("version", Some(version))]);
            let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
            let is_served = is_offered && version == "mc_di_v3.0";
            assert_eq!(answer.leads_to_a_page(), is_served, "{version}, {is_offered}");
            let pair = json!({ "openid mc_phonenumber": version });
            let pairs = metadata["mobile_connect_version_supported"].as_array().unwrap();
            assert_eq!(pairs.contains(&pair), is_served, "T-062");
        }
    }
}

/// A message centre that is down for a minute does not change what the gateway can do.
#[tokio::test]
async fn levels_stay_listed_while_their_authenticator_is_down() {
    let world = World::new();
    world.phone.unavailable.store(true, Ordering::SeqCst);
    assert_eq!(metadata(&world).await["acr_values_supported"], json!(["1", "2"]));
}

#[tokio::test]
async fn keys_are_public_and_may_be_kept_for_ten_minutes() {
    let answer = World::new().browser().get("/jwks").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=600"));
    let keys: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(keys["keys"][0]["alg"], "RS256");
}
