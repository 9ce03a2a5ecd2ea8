//! Config OP.

use serde_json::{Value, json};

use super::suite::Suite;

#[tokio::test]
async fn oidcc_discovery_endpoint_verification() {
    let suite = Suite::start().await;
    let metadata = suite.metadata().await;
    assert_eq!(metadata["issuer"], suite.client.issuer);
    let holds =
        |list: &str, value: &str| metadata[list].as_array().unwrap().contains(&json!(value));
    assert!(holds("response_types_supported", "code"));
    assert!(holds("subject_types_supported", "pairwise"));
    assert!(holds("id_token_signing_alg_values_supported", "RS256"));
    assert!(holds("scopes_supported", "openid"));
    assert!(holds("token_endpoint_auth_methods_supported", "private_key_jwt"));
    assert!(holds("grant_types_supported", "authorization_code"));
    assert!(metadata["claims_supported"].is_array());
    for endpoint in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "pushed_authorization_request_endpoint",
    ] {
        let url = metadata[endpoint].as_str().unwrap();
        assert!(url.starts_with(&format!("{}/", suite.client.issuer)), "{endpoint}");
    }
    let keys = suite.client.get("jwks", None).await.json();
    for key in keys["keys"].as_array().unwrap() {
        assert!(key["kid"].is_string() && key["alg"].is_string(), "{key}");
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            assert_eq!(key[private], Value::Null, "a private member is published");
        }
    }
}
