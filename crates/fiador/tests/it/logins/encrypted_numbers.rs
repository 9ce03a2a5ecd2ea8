//! A number that Discovery has encrypted comes back as a hint, and nobody on the way can read it
//! (mobile-connect §1.3, §2.4).

use serde_json::Value;

use super::on_both_engines;
use crate::world::{Answer, Provider, REDIRECT_URI, Sandbox, encoded};

/// What Discovery says about a number.
async fn discover(sandbox: &Sandbox, provider: &Provider, msisdn: &str) -> Value {
    let application = &provider.application;
    let request = sandbox
        .http
        .post(sandbox.text("/discovery"))
        .basic_auth(&application.discovery_client_id, Some(&application.discovery_client_secret))
        .header("accept", "application/json")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encoded([("Redirect_URL", REDIRECT_URI), ("MSISDN", msisdn)]));
    let answer = Answer::read(request.send().await.unwrap()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!answer.text.contains(msisdn));
    answer.json()
}

on_both_engines! {
    async fn what_discovery_encrypts_is_reached(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let msisdn = sandbox.msisdn(0);
        let found = discover(sandbox, &provider, &msisdn).await;
        let text = |name: &str| found[name].as_str().unwrap().to_owned();
        for (name, hint) in [
            ("login_hint", format!("ENCR_MSISDN:{}", text("subscriber_id"))),
            ("login_hint_token", text("subscriber_id_token")),
        ] {
            let request = provider.request().with(name, &hint);
            let mut user = sandbox.user(0);
            let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
            assert!(!user.filled_in.contains(&"journey-number"), "{name}");
            provider.tokens(landing.code()).await;
        }
    }

    async fn an_encrypted_number_of_nobody_is_not_told_from_a_damaged_one_t_048(
        sandbox: &Sandbox
    ) {
        let provider = sandbox.provider("mobile_connect");
        let known = discover(sandbox, &provider, &sandbox.msisdn(0)).await;
        let known = known["subscriber_id"].as_str().unwrap().to_owned();
        // The last character of a tag or of a ciphertext.
        let last = if known.ends_with('A') { "B" } else { "A" };
        let damaged = format!("{}{last}", &known[..known.len() - 1]);
        let mut pages = Vec::new();
        for hint in [damaged, "00".repeat(256), known] {
            let request = provider.request().with("login_hint", &format!("ENCR_MSISDN:{hint}"));
            let page = sandbox.user(0).browser.open(&provider.start(&request)).await.page();
            let handle = page.url.rsplit('/').next().unwrap().to_owned();
            pages.push(without_view(&page.answer.text.replace(&handle, "")));
        }
        assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:?}");
    }
}

/// The page without the name of its view, a random text as the handle is.
fn without_view(page: &str) -> String {
    let (before, after) = page.split_once("?since=").unwrap();
    let (_, after) = after.split_once('"').unwrap();
    format!("{before}\"{after}")
}
