//! What is said about people, and to them.

use std::collections::BTreeSet;

use super::examined::Examined;

pub(super) async fn are_named_and_hidden(examined: &mut Examined) {
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
            let methods: Vec<String> = serde_json::from_value(claims["amr"].clone()).unwrap();
            assert!(methods.iter().all(|method| amr.contains(method)), "{methods:?}");
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
