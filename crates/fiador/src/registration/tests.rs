use fiador_domain::client::ClientKeySource;
use serde_json::{Value, json};

use super::*;

/// The public key of RFC 7517 §A.1.
const JWKS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"1",
    "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
    "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

fn registered(changes: &Value) -> anyhow::Result<Client> {
    let mut section = json!({
        "client_id": "shop",
        "name": "Acme Shop",
        "profile": "oidc",
        "redirect_uris": ["https://shop.example/callback"],
        "scopes": ["openid"],
    });
    for (name, value) in changes.as_object().unwrap() {
        section[name] = value.clone();
    }
    client(&serde_json::from_value(section)?)
}

fn refusal(changes: &Value) -> String {
    format!("{:#}", registered(changes).unwrap_err())
}

#[test]
fn a_name_that_looks_like_an_address_or_a_number_is_refused_t_086() {
    let good = registered(&json!({"name": "Acme Shop S.A."})).unwrap();
    assert_eq!(good.name, "Acme Shop S.A.");
    for (name, reason) in [
        ("shop.example", "address"),
        ("bob@shop", "address"),
        ("+34600000001", "telephone number"),
        ("Acme\u{202e}pohS", "invisible"),
        ("Acme\nShop", "control"),
    ] {
        let refused = refusal(&json!({"name": name}));
        assert!(refused.contains(reason), "{name}: {refused}");
    }
}

#[test]
fn the_way_of_authenticating_follows_from_secret_and_registration() {
    let digest = Digest::of("secret").to_hex();
    let public = registered(&json!({"require_pkce": false})).unwrap();
    assert!(public.is_public() && public.requires_pkce, "T-032");
    for name in [None, Some("client_secret_basic"), Some("client_secret_post")] {
        let client = registered(&json!({
            "client_secret_sha256": [digest], "token_endpoint_auth_method": name,
        }));
        let method = client.unwrap().token_endpoint_auth_method;
        assert_eq!(method, TokenEndpointAuthMethod::ClientSecret, "{name:?}");
    }
    let by_key = json!({"token_endpoint_auth_method": "private_key_jwt", "jwks": JWKS});
    let by_key = registered(&by_key).unwrap();
    assert_eq!(by_key.token_endpoint_auth_method, TokenEndpointAuthMethod::PrivateKeyJwt);
    assert_eq!(by_key.keys, ClientKeySource::Inline(JWKS.to_owned()));
}

#[test]
fn contradictions_of_a_registration_are_refused_by_name() {
    let digest = Digest::of("secret").to_hex();
    let cases = [
        (json!({"token_endpoint_auth_method": "client_secret_post"}), "client_secret_sha256"),
        (json!({"token_endpoint_auth_method": "none", "client_secret_sha256": [digest]}), "never"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "needs jwks"),
        (json!({"token_endpoint_auth_method": "client_secret_jwt"}), "unknown variant"),
        (json!({"request_object_signing_alg": "RS256"}), "needs jwks"),
        (json!({"request_object_signing_alg": "none", "jwks": JWKS}), "unknown variant"),
        (json!({"request_object_signing_alg": "HS256", "jwks": JWKS}), "unknown variant"),
        (json!({"userinfo_signed_response_alg": "HS256"}), "unknown variant"),
        (json!({"userinfo_encrypted_response_alg": "ECDH-ES"}), "needs jwks"),
        (json!({"userinfo_encrypted_response_alg": "RSA1_5", "jwks": JWKS}), "unknown variant"),
        (json!({"userinfo_encrypted_response_enc": "A256GCM"}), "response_alg"),
        (json!({"jwks": "{}"}), "jwks"),
        (json!({"jwks": "{\"keys\":[]}"}), "no usable key"),
        (json!({"jwks": JWKS, "jwks_uri": "https://shop.example/jwks"}), "keep one"),
        (json!({"jwks_uri": "ftp://shop.example/jwks"}), "https"),
        (json!({"jwks_uri": "https://bob@shop.example/jwks"}), "user information"),
        (json!({"grant_types": ["client_credentials"]}), "authenticates"),
        (json!({"grant_types": ["password"]}), "unknown variant"),
        (json!({"redirect_uris": []}), "redirect URI"),
        (json!({"scopes": ["everything"]}), "catalogue"),
        (json!({"client_id": "22735ae2-9b1b-4edb-bed0-7b41de9e129e"}), "UUID"),
        (
            json!({"sector": "shop", "sector_identifier_uri": "https://shop.example/uris"}),
            "keep one",
        ),
    ];
    for (changes, words) in cases {
        let refused = refusal(&changes);
        assert!(refused.contains(words), "{changes}: {refused}");
    }
}

/// T-067: a pseudonym tells two applications nothing about each other's users.
#[test]
fn applications_on_the_machines_of_users_have_no_sector_in_common() {
    let native = |id: &str| {
        let uris = ["http://127.0.0.1/callback", "http://[::1]/callback"];
        registered(&json!({"client_id": id, "redirect_uris": uris})).unwrap().sector
    };
    assert_eq!((native("one").as_str(), native("two").as_str()), ("one", "two"));
    let named = json!({"redirect_uris": ["http://localhost/callback"], "sector": "acme.example"});
    assert_eq!(registered(&named).unwrap().sector.as_str(), "acme.example");
}

#[test]
fn the_host_of_the_sector_identifier_uri_is_the_sector() {
    let client = registered(&json!({
        "redirect_uris": ["https://a.example/cb", "https://b.example/cb"],
        "sector_identifier_uri": "https://shop.example:8443/uris.json",
    }));
    assert_eq!(client.unwrap().sector.as_str(), "shop.example", "OpenID Connect Core §8.1");
}
