//! The metadata of a whole gateway, held against what it does (T-062): every member of the document is
//! examined here, and a new one must be.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::world::{Answer, Provider, REDIRECT_URI, Sandbox};

/// A gateway that is asked for things.
struct Examined {
    sandbox: Sandbox,
    metadata: Map<String, Value>,
    /// Members that have been held against something.
    seen: BTreeSet<String>,
}

impl Examined {
    async fn start() -> Self {
        let sandbox = Sandbox::start(&[]);
        let provider = sandbox.provider("oidc");
        let metadata = provider.get(".well-known/openid-configuration", None).await.json();
        let metadata = metadata.as_object().unwrap().clone();
        Self { sandbox, metadata, seen: BTreeSet::new() }
    }

    /// A member; it counts as examined from now on.
    fn member(&mut self, name: &str) -> Value {
        self.seen.insert(name.to_owned());
        self.metadata.get(name).unwrap_or_else(|| panic!("{name} is missing")).clone()
    }

    fn list(&mut self, name: &str) -> Vec<String> {
        serde_json::from_value(self.member(name)).unwrap()
    }

    /// Holds a list against the candidates that turned out to work: exactly these are in it.
    #[track_caller]
    fn lists_exactly(&mut self, name: &str, works: &[(&str, bool)]) {
        let listed = self.list(name);
        for (value, works) in works {
            assert_eq!(listed.iter().any(|listed| listed == value), *works, "{name}: {value}");
        }
        for value in listed {
            assert!(works.iter().any(|(candidate, _)| *candidate == value), "{name}: {value}?");
        }
    }

    /// Whether a good request with this change becomes a login, and not an error.
    async fn is_served(&self, profile: &str, changes: &[(&str, &str)]) -> bool {
        let provider = self.sandbox.provider(profile);
        let mut request = provider.request();
        for (name, value) in changes {
            request = request.with(name, value);
        }
        let answer = provider.get(&format!("authorize?{}", request.encoded()), None).await;
        answer.header("location").contains("/journey/")
    }

    /// Which of the values of a parameter are served.
    async fn served<'v>(
        &self,
        profile: &str,
        parameter: &str,
        values: &[&'v str],
    ) -> Vec<(&'v str, bool)> {
        let mut served = Vec::new();
        for value in values {
            served.push((*value, self.is_served(profile, &[(parameter, value)]).await));
        }
        served
    }

    /// An application with more in its registration.
    async fn register(&self, more: &Value) -> Answer {
        let mut body = json!({
            "name": "Examiner", "profile": "oidc", "redirect_uris": [REDIRECT_URI],
            "scopes": ["openid"],
        });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let url = format!("{}/admin/v1/apps", self.sandbox.text("/admin/url"));
        let request = self.sandbox.http.post(url).bearer_auth(self.sandbox.text("/admin/token"));
        Answer::read(request.json(&body).send().await.unwrap()).await
    }

    /// Which of the values of a member of registrations are accepted.
    async fn registered<'v>(&self, member: &str, values: &[&'v str]) -> Vec<(&'v str, bool)> {
        let mut accepted = Vec::new();
        for value in values {
            let mut more = json!({ member: value });
            if member != "token_endpoint_auth_method" || *value == "private_key_jwt" {
                more["jwks"] = json!({ "keys": [public_key()] });
            }
            if member.ends_with("_enc") {
                more["userinfo_encrypted_response_alg"] = "ECDH-ES".into();
            }
            accepted.push((*value, self.register(&more).await.status == 201));
        }
        accepted
    }
}

/// RFC 7517 §A.1.
fn public_key() -> Value {
    json!({
        "kty": "EC", "crv": "P-256", "kid": "1",
        "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    })
}

async fn endpoints_answer(examined: &mut Examined) {
    let provider = examined.sandbox.provider("oidc");
    assert_eq!(examined.member("issuer"), provider.issuer);
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "premiuminfo_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "pushed_authorization_request_endpoint",
        "end_session_endpoint",
    ] {
        let url = examined.member(name).as_str().unwrap().to_owned();
        let path = url.strip_prefix(&format!("{}/", provider.issuer)).unwrap().to_owned();
        let (get, post) = (provider.get(&path, None).await, provider.post(&path, &[]).await);
        assert!(get.status != 404 && post.status != 404, "{name}");
        assert!(get.status != 405 || post.status != 405, "{name}");
    }
}

async fn requests_are_served(examined: &mut Examined) {
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
    let values = ["login", "consent", "select_account", "no_seam", "mobile", "create"];
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

async fn scopes_belong_to_their_versions(examined: &mut Examined) {
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

async fn registrations_are_accepted(examined: &mut Examined) {
    let all = ["RS256", "PS256", "ES256", "RS512", "HS256", "none"];
    for (list, member) in [
        ("id_token_signing_alg_values_supported", "id_token_signed_response_alg"),
        ("userinfo_signing_alg_values_supported", "userinfo_signed_response_alg"),
        ("introspection_signing_alg_values_supported", "introspection_signed_response_alg"),
        ("request_object_signing_alg_values_supported", "request_object_signing_alg"),
        ("token_endpoint_auth_signing_alg_values_supported", "token_endpoint_auth_signing_alg"),
        (
            "revocation_endpoint_auth_signing_alg_values_supported",
            "token_endpoint_auth_signing_alg",
        ),
        (
            "introspection_endpoint_auth_signing_alg_values_supported",
            "token_endpoint_auth_signing_alg",
        ),
    ] {
        let works = examined.registered(member, &all).await;
        examined.lists_exactly(list, &works);
    }
    let values = ["RSA-OAEP-256", "ECDH-ES", "RSA-OAEP", "RSA1_5", "dir"];
    let works = examined.registered("userinfo_encrypted_response_alg", &values).await;
    examined.lists_exactly("userinfo_encryption_alg_values_supported", &works);
    let values = ["A256GCM", "A128GCM", "A128CBC-HS256"];
    let works = examined.registered("userinfo_encrypted_response_enc", &values).await;
    examined.lists_exactly("userinfo_encryption_enc_values_supported", &works);
    let methods = [
        "client_secret_basic",
        "client_secret_post",
        "private_key_jwt",
        "none",
        "client_secret_jwt",
        "tls_client_auth",
    ];
    let works = examined.registered("token_endpoint_auth_method", &methods).await;
    for endpoint in ["token", "revocation"] {
        examined.lists_exactly(&format!("{endpoint}_endpoint_auth_methods_supported"), &works);
    }
    // Whoever cannot keep a secret is told nothing (T-058).
    let public = examined.register(&json!({"token_endpoint_auth_method": "none"})).await;
    let id = public.member("client_id");
    let url = format!("{}/introspect", examined.sandbox.issuer());
    let form = [("client_id", id.as_str()), ("token", "x")];
    let request = examined.sandbox.http.post(url).form(&form);
    assert_eq!(request.send().await.unwrap().status(), 401);
    let works: Vec<_> =
        works.iter().map(|&(method, works)| (method, works && method != "none")).collect();
    examined.lists_exactly("introspection_endpoint_auth_methods_supported", &works);
}

async fn grants_are_known(examined: &mut Examined) {
    let provider: Provider = examined.sandbox.provider("oidc");
    let mut works = Vec::new();
    for grant in [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        "password",
        "urn:openid:params:grant-type:ciba",
        "urn:ietf:params:oauth:grant-type:device_code",
    ] {
        let answer = provider.post("token", &[("grant_type", grant)]).await;
        works.push((grant, answer.error() != "unsupported_grant_type"));
    }
    examined.lists_exactly("grant_types_supported", &works);
}

async fn switches_say_what_is_done(examined: &mut Examined) {
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

async fn people_and_claims(examined: &mut Examined) {
    assert_eq!(examined.list("subject_types_supported"), ["pairwise"]);
    assert_eq!(examined.list("claim_types_supported"), ["normal"]);
    assert_eq!(examined.list("mc_hash_algs_supported"), ["SHA-256"]);
    let hints = examined.list("login_hint_methods_supported");
    assert_eq!(examined.list("login_hint_types_supported"), hints);
    assert_eq!(hints, ["MSISDN", "ENCR_MSISDN", "PCR"]);
    assert!(!examined.is_served("mobile_connect", &[("login_hint", "MAIL:a@b.example")]).await);

    let mut subjects = BTreeSet::new();
    let known = examined.list("claims_supported");
    let amr = examined.list("mc_amr_values_supported");
    for profile in ["oidc", "mobile_connect"] {
        let provider = examined.sandbox.provider(profile);
        let mut user = examined.sandbox.user(0);
        let request = provider.request().for_number(&user.msisdn);
        let landing = examined.sandbox.log_in(&mut user, &provider.start(&request)).await;
        let tokens = provider.tokens(landing.code()).await;
        let claims = provider.claims(&tokens).await;
        for claim in claims.as_object().unwrap().keys() {
            assert!(known.contains(claim), "{profile}: {claim}");
        }
        subjects.insert(claims["sub"].to_string());
        if profile == "mobile_connect" {
            let used: Vec<String> = serde_json::from_value(claims["amr"].clone()).unwrap();
            assert!(used.iter().all(|method| amr.contains(method)), "{used:?}");
        }
    }
    assert_eq!(subjects.len(), 2, "pairwise: one person, two sectors");

    for language in examined.list("ui_locales_supported") {
        let mut browser = examined.sandbox.browser();
        let provider = examined.sandbox.provider("oidc");
        let start = provider.start(&provider.request().with("ui_locales", &language));
        let page = browser.open(&start).await.page().answer.text;
        let tag = language.split('-').next().unwrap();
        assert!(page.contains(&format!("<html lang=\"{tag}")), "{language}: {page}");
    }
}

#[tokio::test]
async fn every_entry_of_the_metadata_is_what_the_gateway_does_t_062() {
    let mut examined = Examined::start().await;
    endpoints_answer(&mut examined).await;
    requests_are_served(&mut examined).await;
    scopes_belong_to_their_versions(&mut examined).await;
    registrations_are_accepted(&mut examined).await;
    grants_are_known(&mut examined).await;
    switches_say_what_is_done(&mut examined).await;
    people_and_claims(&mut examined).await;
    let members: BTreeSet<_> = examined.metadata.keys().cloned().collect();
    let unseen: Vec<_> = members.difference(&examined.seen).collect();
    assert!(unseen.is_empty(), "nobody examines {unseen:?}");
}
