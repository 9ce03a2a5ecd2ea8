//! Debian's Apache with `mod_auth_openidc`: a page that is shown after a login only.

use fiador_testkit::{
    free_port,
    peers::{Apache, apache},
};
use rcgen::{KeyPair, PKCS_RSA_SHA256, RsaKeySize};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::world::{Answer, Browser, Sandbox, Shown, encoded};

/// A request object by value, signed; what is in it alone is not in the query too.
const REQUEST_OBJECT: &str = r#"OIDCRequestObject "{\"copy_from_request\":[\"client_id\",\"response_type\",\"scope\"],\"copy_and_remove_from_request\":[\"redirect_uri\",\"state\",\"nonce\",\"response_mode\",\"code_challenge\",\"code_challenge_method\"],\"crypto\":{\"sign_alg\":\"RS256\"},\"request_object_type\":\"request\"}""#;

/// A server whose application is created with `more` in its registration.
pub(crate) async fn apache_at(sandbox: &Sandbox, more: &Value, directives: &str) -> Apache {
    let port = free_port().unwrap();
    let mut registration = json!({
        "name": "Web server", "profile": "oidc", "scopes": ["openid", "phone"],
        "redirect_uris": [apache::redirect_uri(port)],
        "post_logout_redirect_uris": [apache::signed_out(port)],
    });
    registration.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    if more.get("token_endpoint_auth_method") == Some(&json!("private_key_jwt")) {
        registration["jwks_uri"] = json!(apache::jwks_uri(port));
    }
    let application = sandbox.register(&registration).await;
    let secret = match application.client_secret.as_str() {
        "" => String::new(),
        secret => format!("OIDCClientSecret {secret}"),
    };
    let client = format!(
        "OIDCProviderMetadataURL {}/.well-known/openid-configuration\n\
         OIDCClientID {}\n{secret}\nOIDCScope \"openid phone\"\nOIDCPKCEMethod S256\n{directives}\n",
        sandbox.issuer(),
        application.client_id,
    );
    Apache::start(port, &client).unwrap()
}

/// A login to the page by a user without JavaScript, then a logout.
async fn in_and_out(sandbox: &Sandbox, apache: &Apache) {
    let base = apache.page().replace("/protected/index.html", "");
    let mut at_apache = Browser::new(sandbox.http.clone(), &base);
    let start = at_apache.open(&apache.page()).await.away();
    let mut user = sandbox.user(2);
    let landing = sandbox.log_in(&mut user, start.as_str()).await;
    let shown = if user.filled_in.last() == Some(&"form-post") {
        let fields = landing.parameters.iter();
        let body = encoded(fields.map(|(name, value)| (name.as_str(), value.as_str())));
        at_apache.post(landing.url.as_str(), body).await
    } else {
        at_apache.open(landing.url.as_str()).await
    };
    let Shown::Page(page) = shown else { panic!("{shown:?}\n{}", apache.log()) };
    assert_eq!(page.answer.status, 200, "{page:?}\n{}", apache.log());
    assert_eq!(page.text_of("phone_number"), format!("+{}", user.msisdn), "{}", apache.log());
    assert_eq!(page.text_of("acr"), "2");
    assert!(!page.text_of("sub").contains(&user.msisdn));

    let to_gateway = at_apache.open(&apache.logout()).await.away();
    let back = user.browser.open(to_gateway.as_str()).await.away();
    let Answer { status, text, .. } = at_apache.open(back.as_str()).await.page().answer;
    assert!(status == 200 && text.contains("Signed out"), "{text}");
    at_apache.open(&apache.page()).await.away();
}

#[tokio::test]
async fn mod_auth_openidc_logs_in_with_a_secret_and_pkce_and_out_again() {
    let sandbox = Sandbox::start(&[]);
    for method in ["client_secret_basic", "client_secret_post"] {
        let more = json!({ "token_endpoint_auth_method": method });
        let directives = format!("OIDCProviderTokenEndpointAuth {method}");
        in_and_out(&sandbox, &apache_at(&sandbox, &more, &directives).await).await;
    }
}

#[tokio::test]
async fn mod_auth_openidc_logs_in_with_a_key_a_request_object_and_form_post() {
    let sandbox = Sandbox::start(&[]);
    let keys = TempDir::new().unwrap();
    let (private, public) = (keys.path().join("private.pem"), keys.path().join("public.pem"));
    let pair = KeyPair::generate_rsa_for(&PKCS_RSA_SHA256, RsaKeySize::_2048).unwrap();
    std::fs::write(&private, pair.serialize_pem()).unwrap();
    std::fs::write(&public, pair.public_key_pem()).unwrap();
    // The module knows `private_key_jwt` from the line on that names a key.
    let directives = format!(
        "OIDCPrivateKeyFiles web#{}\nOIDCPublicKeyFiles web#{}\n\
         OIDCProviderTokenEndpointAuth private_key_jwt\nOIDCResponseMode form_post\n\
         {REQUEST_OBJECT}",
        private.display(),
        public.display(),
    );
    let more = json!({
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "RS256",
        "request_object_signing_alg": "RS256",
    });
    in_and_out(&sandbox, &apache_at(&sandbox, &more, &directives).await).await;
}
