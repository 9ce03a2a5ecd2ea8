//! What clients may be registered for.

use serde_json::json;

use super::examined::Examined;

pub(super) async fn registrations_are_accepted(examined: &mut Examined) {
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

pub(super) async fn grants_are_known(examined: &mut Examined) {
    let provider = examined.sandbox.provider("oidc");
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
