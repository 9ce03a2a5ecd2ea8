//! What requests may say.

use serde_json::json;

use super::examined::Examined;

pub(super) async fn are_served(examined: &mut Examined) {
    let all = ["code", "token", "id_token", "code id_token", "none"];
    let works = examined.served("oidc", "response_type", &all).await;
    examined.lists_exactly("response_types_supported", &works);
    let works = examined
        .served("oidc", "response_mode", &["query", "form_post", "fragment", "jwt", "query.jwt"])
        .await;
    examined.lists_exactly("response_modes_supported", &works);
    let works = examined
        .served("mobile_connect", "display", &["page", "popup", "touch", "wap", "window"])
        .await;
    examined.lists_exactly("display_values_supported", &works);
    // `mobile` is of Mobile Connect alone, and so not listed for everybody.
    let values = ["login", "consent", "select_account", "no_seam", "create"];
    let mut works = examined.served("mobile_connect", "prompt", &values).await;
    // It is served without a page.
    works.push(("none", true));
    examined.lists_exactly("prompt_values_supported", &works);
    let works = examined.served("mobile_connect", "acr_values", &["1", "2", "3", "4"]).await;
    examined.lists_exactly("acr_values_supported", &works);
    let works = examined.served("oidc", "code_challenge_method", &["S256", "plain"]).await;
    examined.lists_exactly("code_challenge_methods_supported", &works);
    let versions =
        ["mc_v1.1", "mc_v1.2", "mc_v2.0", "mc_di_r2_v2.3", "mc_di_v3.0", "mc_si_r2_v1.0", "mc_v9"];
    let works = examined.served("mobile_connect", "version", &versions).await;
    examined.lists_exactly("mc_version", &works);
}

pub(super) async fn scopes_belong_to_their_versions(examined: &mut Examined) {
    let shop = examined.sandbox.provider("mobile_connect").application;
    let pairs = examined.member("mobile_connect_version_supported");
    for pair in pairs.as_array().unwrap() {
        let (scope, version) = pair.as_object().unwrap().iter().next().unwrap();
        let is_registered = scope.split(' ').all(|scope| shop.scopes.iter().any(|s| s == scope));
        let claims = values_for(scope);
        let changes = [
            ("claims", claims.as_str()),
            ("scope", scope.as_str()),
            ("version", version.as_str().unwrap()),
            ("client_name", shop.name.as_str()),
            ("context", "Order 7"),
            ("binding_message", "B-7"),
        ];
        let is_served = examined.is_served("mobile_connect", &changes).await;
        assert_eq!(is_served, is_registered, "{pair}");
    }
    let listed = examined.list("scopes_supported");
    for scope in examined.list("mc_di_scopes_supported") {
        assert!(listed.contains(&scope), "{scope}");
    }
    for scope in listed.iter().map(String::as_str).chain(["everything"]) {
        let answer = examined.register(&json!({"scopes": [scope]})).await;
        assert_eq!(answer.status == 201, scope != "everything", "{scope}");
    }
}

/// A match needs something to match.
fn values_for(scope: &str) -> String {
    let hash = fiador_kernel::Digest::of("anne").to_hex();
    let values = [
        ("mc_kyc_plain", json!({"name": {"value": "Anne"}, "address": {"value": "1 High Street"}})),
        ("mc_kyc_hashed", json!({"name_hash": {"value": hash}, "address_hashed": {"value": hash}})),
    ];
    let values = values.into_iter().find(|(product, _)| scope.ends_with(product));
    json!({"premiuminfo": values.map_or(json!({}), |(_, values)| values)}).to_string()
}

pub(super) async fn switches_say_what_is_done(examined: &mut Examined) {
    let provider = examined.sandbox.provider("oidc");
    let switches = [
        ("claims_parameter_supported", true),
        ("mc_claims_parameter_supported", true),
        ("request_parameter_supported", true),
        ("request_uri_parameter_supported", false),
        ("require_pushed_authorization_requests", false),
        ("authorization_response_iss_parameter_supported", true),
    ];
    for (name, value) in switches {
        assert_eq!(examined.member(name), value, "{name}");
    }
    // The parameter is understood: an essential level that nobody reaches is an error.
    let claims = json!({"id_token": {"acr": {"essential": true, "values": ["4"]}}}).to_string();
    assert!(!examined.is_served("oidc", &[("claims", &claims)]).await);
    assert!(!examined.is_served("oidc", &[("request_uri", "https://a.example/r")]).await);
    let silent = provider.request().with("prompt", "none").encoded();
    let answer = provider.get(&format!("authorize?{silent}"), None).await;
    assert!(answer.header("location").contains("&iss="), "RFC 9207: {answer:?}");
}
