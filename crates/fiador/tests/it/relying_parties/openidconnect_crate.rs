//! The crate `openidconnect`: discovery, verification and at_hash are its own, on cryptography that the
//! gateway does not use.

use openidconnect::{
    AccessTokenHash, AuthenticationFlow, AuthorizationCode, ClientId, ClientSecret, CsrfToken,
    HttpRequest, HttpResponse, IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, TokenResponse as _,
    core::{
        CoreClient, CoreErrorResponseType, CoreJwsSigningAlgorithm, CoreProviderMetadata,
        CoreResponseType, CoreUserInfoClaims,
    },
};
use serde_json::{Value, json};

use crate::world::{Application, REDIRECT_URI, Sandbox};

/// One request of the crate, by the HTTP client of these stories.
async fn send(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = http.execute(request.try_into()?).await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = HttpResponse::new(answer.bytes().await?.to_vec());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}

/// An application that may refresh, with more in its registration.
async fn registered(sandbox: &Sandbox, more: &Value) -> Application {
    let mut registration = json!({
        "name": "Crate", "profile": "oidc", "redirect_uris": [REDIRECT_URI],
        "scopes": ["openid", "phone", "offline_access"],
        "grant_types": ["authorization_code", "refresh_token"],
    });
    registration.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    sandbox.register(&registration).await
}

/// A login, the attributes, a refresh with the attributes once more, and the code a second time.
async fn a_whole_login(more: &Value, algorithm: CoreJwsSigningAlgorithm, jwt_attributes: bool) {
    let sandbox = Sandbox::start(&[]);
    let application = registered(&sandbox, more).await;
    let http = |request| send(sandbox.http.clone(), request);
    let issuer = IssuerUrl::new(sandbox.issuer().to_owned()).unwrap();
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.unwrap();
    let client = CoreClient::from_provider_metadata(
        metadata,
        ClientId::new(application.client_id),
        Some(ClientSecret::new(application.client_secret)),
    )
    .set_redirect_uri(RedirectUrl::new(REDIRECT_URI.to_owned()).unwrap());

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let verifier_again = PkceCodeVerifier::new(verifier.secret().clone());
    let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
    let (start, state, nonce) = client
        .authorize_url(flow, CsrfToken::new_random, Nonce::new_random)
        .add_scope(Scope::new("phone".to_owned()))
        .add_scope(Scope::new("offline_access".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let mut user = sandbox.user(1);
    let landing = sandbox.log_in(&mut user, start.as_str()).await;
    assert_eq!(landing.get("state"), state.secret());

    let code = AuthorizationCode::new(landing.code().to_owned());
    let exchange = client.exchange_code(code.clone()).unwrap().set_pkce_verifier(verifier);
    let tokens = exchange.request_async(&http).await.unwrap();
    let check = client.id_token_verifier().set_allowed_algs([algorithm]);
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&check, &nonce).unwrap();
    let (algorithm, key) = (id_token.signing_alg().unwrap(), id_token.signing_key(&check).unwrap());
    let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash), "OpenID Connect Core §3.1.3.6");

    let attributes_by = async |token: &openidconnect::AccessToken| -> CoreUserInfoClaims {
        let request = client.user_info(token.clone(), Some(claims.subject().clone())).unwrap();
        let request = request.require_signed_response(jwt_attributes);
        request.request_async(&http).await.unwrap()
    };
    let number = format!("+{}", user.msisdn);
    let attributes = attributes_by(tokens.access_token()).await;
    assert_eq!(attributes.phone_number().map(|told| told.as_str()), Some(number.as_str()));

    let refresh = client.exchange_refresh_token(tokens.refresh_token().unwrap()).unwrap();
    let refreshed = refresh.request_async(&http).await.unwrap();
    assert_ne!(refreshed.access_token().secret(), tokens.access_token().secret());
    let attributes = attributes_by(refreshed.access_token()).await;
    assert_eq!(attributes.phone_number().map(|told| told.as_str()), Some(number.as_str()));

    let again = client.exchange_code(code).unwrap().set_pkce_verifier(verifier_again);
    let Err(RequestTokenError::ServerResponse(refusal)) = again.request_async(&http).await else {
        panic!("a code is good for one exchange only (RFC 6749 §4.1.2)")
    };
    assert_eq!(refusal.error(), &CoreErrorResponseType::InvalidGrant);
}

#[tokio::test]
async fn the_openidconnect_crate_logs_in_and_refreshes_with_rs256() {
    a_whole_login(&json!({}), CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, false).await;
}

#[tokio::test]
async fn the_openidconnect_crate_logs_in_and_refreshes_with_es256() {
    let more = json!({ "id_token_signed_response_alg": "ES256" });
    a_whole_login(&more, CoreJwsSigningAlgorithm::EcdsaP256Sha256, false).await;
}

#[tokio::test]
async fn the_openidconnect_crate_verifies_attributes_that_come_as_jwt() {
    let more = json!({ "userinfo_signed_response_alg": "RS256" });
    a_whole_login(&more, CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256, true).await;
}
