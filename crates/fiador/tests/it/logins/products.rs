//! Every product of Mobile Connect, from the request to what the service provider learns
//! (mobile-connect §2.9). The holders of the phones are those of docs/reference/sandbox.md.

use fiador_kernel::Digest;
use serde_json::{Value, json};

use super::on_both_engines;
use crate::world::{Answer, Provider, Sandbox, Tokens};

/// Logs the holder of a phone in for `scope`, with a transaction text, and perhaps with claims
/// asked for one by one.
async fn tokens_for(
    sandbox: &Sandbox,
    phone: usize,
    scope: &str,
    claims: Option<&Value>,
) -> (Provider, Tokens) {
    let provider = sandbox.provider("mobile_connect");
    let mut user = sandbox.user(phone);
    let mut request = provider
        .request()
        .for_attributes(&provider.application)
        .with("scope", scope)
        .for_number(&user.msisdn);
    if let Some(claims) = claims {
        request = request.with("claims", &claims.to_string());
    }
    let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
    let tokens = provider.tokens(landing.code()).await;
    (provider, tokens)
}

/// What PremiumInfo says about the holder of a phone.
async fn premium_info(
    sandbox: &Sandbox,
    phone: usize,
    scope: &str,
    claims: Option<&Value>,
) -> Value {
    let (provider, tokens) = tokens_for(sandbox, phone, scope, claims).await;
    let mut answer = provider.attributes("premiuminfo", &tokens.access_token).await.json();
    assert_eq!(answer["sub"], provider.claims(&tokens).await["sub"], "{answer}");
    answer.as_object_mut().unwrap().remove("sub");
    answer
}

fn values(members: &[(&str, &str)]) -> Value {
    let values = members.iter().map(|&(name, value)| (name.to_owned(), json!({ "value": value })));
    json!({ "premiuminfo": values.collect::<serde_json::Map<_, _>>() })
}

on_both_engines! {
    async fn authorise_tells_what_was_shown(sandbox: &Sandbox) {
        let (provider, tokens) = tokens_for(sandbox, 0, "openid mc_authz", None).await;
        let claims = provider.claims(&tokens).await;
        let shown = claims["displayed_data"].as_str().unwrap();
        assert!(shown.contains("Order 7") && shown.contains("B-7"), "{shown}");
        assert_eq!((&claims["acr"], &claims["amr"]), (&json!("2"), &json!(["OTP_OK"])));
    }

    async fn the_phone_number_comes_plain_or_hashed(sandbox: &Sandbox) {
        let number = sandbox.msisdn(0);
        let plain = premium_info(sandbox, 0, "openid mc_identity_phonenumber", None).await;
        assert_eq!(plain, json!({ "phone_number": number }));
        let hashed = premium_info(sandbox, 0, "openid mc_identity_phonenumber_hashed", None).await;
        assert_eq!(hashed, json!({ "phone_number": Digest::of(&number).to_hex() }));
    }

    async fn sign_up_and_national_id_have_their_required_members(sandbox: &Sandbox) {
        let sign_up = premium_info(sandbox, 1, "openid mc_identity_signup", None).await;
        assert_eq!(
            sign_up,
            json!({
                "title": "Señor", "given_name": "Tomás", "middle_name": "José", "family_name": "Two",
                "street_address": "Two Towers Sandbox Street", "city": "London",
                "state": "Greater London", "postal_code": "EC4N 8AG", "country": "GB",
                "phone_number_alternate": "447700900999", "email": "two@subscriber.example",
            })
        );
        let plus = premium_info(sandbox, 1, "openid mc_identity_signupplus", None).await;
        assert_eq!(plus, sign_up);
        let identity = premium_info(sandbox, 1, "openid mc_identity_nationalid", None).await;
        assert_eq!(identity["national_identifier"], "SANDBOX-002");
        assert_eq!(identity["birthdate"], "1982-02-28");
        assert_eq!(identity["phone_number"], sandbox.msisdn(1));
        assert!(identity.get("city").is_none(), "T-200: {identity}");
    }

    async fn a_match_tells_verdicts_and_no_value_of_the_operator(sandbox: &Sandbox) {
        let claims = values(&[
            ("given_name", "tomas"),
            ("family_name", "Too"),
            ("houseno_or_housename", "two towers"),
            ("postal_code", "EC4N8AG"),
            ("town", "LONDON"),
            ("country", "gb"),
            ("birthdate", "1982-02-28"),
        ]);
        let answer = premium_info(sandbox, 1, "openid mc_kyc_plain", Some(&claims)).await;
        assert_eq!(
            answer,
            json!({
                "given_name": "tomas", "given_name_match": "Y",
                "family_name": "Too", "family_name_match": "N-AV",
                "houseno_or_housename": "two towers", "houseno_or_housename_match": "Y",
                "postal_code": "EC4N8AG", "postal_code_match": "Y",
                "town": "LONDON", "town_match": "Y",
                "country": "gb", "country_match": "Y",
                "birthdate": "1982-02-28", "birthdate_match": "Y",
                "is_lost_stolen": false, "billing_segment": "PAYG", "account_state": "active",
            })
        );
    }

    async fn a_match_of_hashes_needs_no_plain_value(sandbox: &Sandbox) {
        let (name, address) = (Digest::of("oliviaone").to_hex(), Digest::of("1ec4n8aflondon").to_hex());
        let claims = values(&[("name_hash", &name), ("address_hashed", &address)]);
        let answer = premium_info(sandbox, 0, "openid mc_kyc_hashed", Some(&claims)).await;
        assert_eq!((&answer["name_match"], &answer["address_match"]), (&json!("Y"), &json!("Y")));
        assert_eq!(answer["name_hash"], name.as_str());
        assert!(!answer.to_string().contains("Olivia"), "{answer}");
    }

    async fn a_match_without_name_or_address_is_refused_at_once(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let request = provider.request().with("scope", "openid mc_kyc_plain");
        let twice = Digest::of("a").to_hex();
        for claims in [
            None,
            Some(values(&[("name", "Olivia One")]).to_string()),
            Some(r#"{"premiuminfo":[{"Ann":{"value":"Ann"}}]}"#.to_owned()),
            Some(values(&[("name", "A"), ("address", "1"), ("name_hash", &twice)]).to_string()),
        ] {
            let request = claims.map_or(request.clone(), |claims| request.clone().with("claims", &claims));
            let away = sandbox.browser().open(&provider.start(&request)).await.away();
            let landing = crate::world::Landing::at(away);
            assert_eq!(landing.get("error"), "invalid_request");
            assert_eq!(landing.get("error_description"), "claims value is invalid");
        }
    }

    async fn a_number_is_not_verified_by_a_text_message(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        for scope in ["mc_vm_match", "mc_vm_match_hash"] {
            assert!(provider.application.scopes.iter().any(|registered| registered == scope));
            let request = provider.request().with("scope", &format!("openid {scope}"));
            let start = provider.start(&request.for_number(&sandbox.msisdn(0)));
            let away = sandbox.browser().open(&start).await.away();
            assert_eq!(crate::world::Landing::at(away).get("error"), "invalid_scope", "T-172");
        }
        let metadata = provider.get(".well-known/openid-configuration", None).await.json();
        assert!(!metadata["scopes_supported"].to_string().contains("mc_vm"), "T-062");
    }

    async fn a_client_by_itself_learns_the_signs_of_a_takeover(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let form = [("grant_type", "client_credentials"), ("scope", "mc_atp")];
        let granted = provider.post("token", &form).await;
        assert_eq!(granted.status, 200, "{granted:?}");
        let token = granted.member("access_token");
        let ask = async |kind: &str, number: &str| {
            let request = provider
                .http
                .post(format!("{}/userinfo?correlation_id=c-1", provider.base))
                .header("User-ID-Type", kind)
                .header("User-ID", number);
            Answer::read(request.bearer_auth(&token).send().await.unwrap()).await
        };
        assert_eq!(
            ask("MSISDN", &sandbox.msisdn(3)).await.json(),
            json!({
                "simChange": "2026-10-23T00:00:00", "isUncontidionalCallDivertActive": "true",
                "isLostStolen": "true", "deviceChange": "2023-07-22", "accountState": "inactive",
                "correlation_id": "c-1",
            })
        );
        let unknown = ask("msisdn", "447700900099").await;
        assert_eq!((unknown.status, unknown.error()), (403, "access_denied".to_owned()), "T-048");
        assert_eq!(provider.attributes("premiuminfo", &token).await.status, 403, "T-068");
        let request = provider.request().with("scope", "openid mc_atp");
        let away = sandbox.browser().open(&provider.start(&request)).await.away();
        assert_eq!(crate::world::Landing::at(away).get("error"), "invalid_scope");
    }

    async fn one_claim_may_be_asked_for_without_its_scope(sandbox: &Sandbox) {
        let provider = sandbox.provider("oidc");
        let mut user = sandbox.user(0);
        let claims = json!({ "userinfo": { "name": { "essential": true }, "birthdate": null } });
        let request = provider.request().with("claims", &claims.to_string());
        let start = provider.start(&request.for_number(&user.msisdn));
        let landing = sandbox.log_in(&mut user, &start).await;
        assert_eq!(user.filled_in, ["journey-answer", "journey-consent"], "T-049");
        let tokens = provider.tokens(landing.code()).await;
        let answer = provider.attributes("userinfo", &tokens.access_token).await.json();
        assert_eq!(
            (&answer["name"], &answer["birthdate"]),
            (&json!("Olivia One"), &json!("1990-01-31"))
        );
        assert!(answer.get("given_name").is_none(), "T-200: {answer}");
        assert_eq!(tokens.answer["scope"], "openid");
    }
}
