//! With a browser.

use super::{
    super::wire::{Operator, network, selection_page, sent, type_number},
    sdk::{CORRELATION_ID, Sdk},
};
use crate::world::Sandbox;

#[tokio::test]
async fn a_number_is_discovered_and_its_user_authenticated() {
    let sandbox = Sandbox::start(&[]);
    let sdk = Sdk { correlation_id: Some(CORRELATION_ID), ..Sdk::new(&sandbox) };
    let mut user = sandbox.user(0);
    let number = format!("+{}", user.msisdn);
    let operator = Operator::of(&sdk.discover(Some(&number), &[]).await);
    assert!(operator.body["ttl"].is_i64());
    let version = Sdk::version(&sdk.metadata(&operator).await);
    assert_eq!(version, "mc_di_r2_v2.3");
    let token = sdk.log_in(&mut user, &operator, "openid mc_authn", version).await;
    assert_eq!(user.filled_in, ["journey-answer"]);
    let info = sdk.resource(&operator, "userinfo", &token).await;
    assert_eq!(info.status, 200);
    assert!(!info.text.contains("\"error\""), "it looks for that word in good answers too");
}

#[tokio::test]
async fn without_a_number_the_user_selects_the_operator() {
    let sandbox = Sandbox::start(&[]);
    let sdk = Sdk { correlation_id: Some(CORRELATION_ID), ..Sdk::new(&sandbox) };
    let page = selection_page(&sdk.discover(None, &[]).await);
    let mut user = sandbox.user(1);
    let back = type_number(&mut user, &page).await;
    let (mcc, mnc) = network(&back);
    let selected = [("Selected-MCC", mcc.as_str()), ("Selected-MNC", mnc.as_str())];
    let mut operator = Operator::of(&sdk.discover(None, &selected).await);
    operator.body["subscriber_id"] = back.get("subscriber_id").into();
    sdk.log_in(&mut user, &operator, "openid mc_authn", "mc_di_r2_v2.3").await;
    assert_eq!(user.filled_in, ["journey-answer"], "the number is not asked for twice");
}

/// A configuration with `mc_v2.0` sends the SDK's own misspelling of it where 2.3 is not offered, and
/// one with 1.1 sends `mc_authn` all the same.
#[tokio::test]
async fn every_version_that_it_sends_is_served() {
    let sandbox = Sandbox::start(&[]);
    let sdk = Sdk::new(&sandbox);
    let versions = ["mc_v1.1", "mc_v2.0", "mc_v2_0"];
    for (phone, version) in versions.into_iter().enumerate() {
        let mut user = sandbox.user(phone);
        let operator = Operator::of(&sdk.discover(Some(&user.msisdn), &[]).await);
        sdk.log_in(&mut user, &operator, "openid mc_authn", version).await;
    }
}

#[tokio::test]
async fn a_transaction_is_authorised_and_an_identity_read() {
    let sandbox = Sandbox::start(&[]);
    let sdk = Sdk::new(&sandbox);
    let mut user = sandbox.user(2);
    let operator = Operator::of(&sdk.discover(Some(&user.msisdn), &[]).await);
    for scope in ["openid mc_authz", "openid mc_identity_phonenumber"] {
        let token = sdk.log_in(&mut user, &operator, scope, "mc_di_r2_v2.3").await;
        let answer = sdk.resource(&operator, "premiuminfo", &token).await;
        if scope.ends_with("mc_authz") {
            assert_eq!(answer.status, 403, "there is no attribute in it");
            continue;
        }
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(!answer.text.contains("\"error\""));
        assert_eq!(answer.json()["phone_number"], user.msisdn.as_str());
    }
}

#[tokio::test]
async fn its_errors_are_where_it_looks_for_them() {
    let sandbox = Sandbox::start(&[]);
    let sdk = Sdk { correlation_id: Some(CORRELATION_ID), ..Sdk::new(&sandbox) };
    let unknown = [("Selected-MCC", "999"), ("Selected-MNC", "99")];
    let refused = sdk.discover(None, &unknown).await;
    assert_eq!((refused.status, refused.error()), (404, "Not_Found_Entity".to_owned()));
    assert_eq!(refused.member("description"), "Operator Not Found");

    let operator = Operator::of(&sdk.discover(Some(&sandbox.msisdn(0)), &[]).await);
    let answer = sdk.redeem(&operator, "no-code-of-ours").await;
    assert_eq!((answer.status, answer.error()), (400, "invalid_grant".to_owned()));
    sdk.correlates(&answer.json());

    for relation in ["userinfo", "premiuminfo"] {
        let answer = sdk.resource(&operator, relation, "no-token-of-ours").await;
        assert_eq!(answer.status, 401);
        let header = answer.header("www-authenticate");
        assert!(header.contains("error=\"invalid_token\""), "{header}");
        assert!(header.contains("error_description=\"access_token is invalid"), "{header}");
    }
}

#[tokio::test]
async fn a_token_is_revoked_and_the_answer_has_an_entity() {
    let sandbox = Sandbox::start(&[]);
    let sdk = Sdk::new(&sandbox);
    let mut user = sandbox.user(3);
    let operator = Operator::of(&sdk.discover(Some(&user.msisdn), &[]).await);
    let token = sdk.log_in(&mut user, &operator, "openid mc_authn", "mc_di_r2_v2.3").await;
    let form = [("token", token.as_str()), ("token_type_hint", "access_token")];
    let request = sandbox.http.post(operator.link("tokenrevoke")).form(&form);
    let answer = sent(operator.authenticated(request)).await;
    assert_eq!(answer.status, 200);
    assert!(!answer.text.is_empty());
    assert_eq!(sdk.resource(&operator, "userinfo", &token).await.status, 401);
}
