//! Logins by pushed authorization requests (RFC 9126).

use serde_json::Value;

use super::on_both_engines;
use crate::world::{Answer, Provider, Sandbox, User};

async fn push(provider: &Provider, msisdn: &str) -> Answer {
    let request = provider.request().for_number(msisdn).encoded();
    let parameters: Vec<_> = url::form_urlencoded::parse(request.as_bytes()).into_owned().collect();
    let form: Vec<_> =
        parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    provider.post("par", &form).await
}

fn start(provider: &Provider, pushed: &Answer) -> String {
    assert_eq!(pushed.status, 201, "{pushed:?}");
    let query = crate::world::encoded([
        ("client_id", provider.application.client_id.as_str()),
        ("request_uri", &pushed.member("request_uri")),
    ]);
    format!("{}/authorize?{query}", provider.issuer)
}

on_both_engines! {
    async fn the_reference_is_enough_for_a_login_and_good_once(sandbox: &Sandbox) {
        for profile in ["oidc", "mobile_connect"] {
            let provider = sandbox.provider(profile);
            let mut user: User = sandbox.user(0);
            let pushed = push(&provider, &user.msisdn).await;
            let start = start(&provider, &pushed);
            let landing = sandbox.log_in(&mut user, &start).await;
            assert_eq!(landing.get("state"), "a state with spaces");
            let tokens = provider.tokens(landing.code()).await;
            let claims: Value = provider.claims(&tokens).await;
            assert_eq!(claims["nonce"], "nonce-1");
            let again = sandbox.browser().open(&start).await.page();
            assert_eq!(again.answer.status, 400, "RFC 9126 §7.3");
        }
    }
}
