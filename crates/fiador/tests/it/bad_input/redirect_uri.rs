//! Nobody is redirected to an address that is not registered (T-030, T-031).

use crate::world::{REDIRECT_URI, Sandbox};

#[tokio::test]
async fn an_address_that_is_only_similar_to_a_registered_one_is_never_redirected_to() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    for similar in [
        "https://evil.example/callback",
        "http://127.0.0.1/callback/",
        "http://127.0.0.1/callback?x=1",
        "http://127.0.0.1/callback#x",
        "http://127.0.0.1/Callback",
        "http://127.0.0.1/./callback",
        "http://127.0.0.1/x/../callback",
        "http://127.0.0.1/%63allback",
        "HTTP://127.0.0.1/callback",
        "https://127.0.0.1/callback",
        "http://127.0.0.1.evil.example/callback",
        "http://127.0.0.1@evil.example/callback",
        "http://user@127.0.0.1/callback",
        "http://evil.example\\@127.0.0.1/callback",
        "http://localhost/callback",
        "http://127.1/callback",
        "http://[::1]/callback",
        "http://127.0.0.1:/callback",
        "http://127.0.0.1:99999/callback",
        "http://127.0.0.1:80@evil.example/callback",
        "//127.0.0.1/callback",
        "/callback",
        "javascript:alert(1)",
        " http://127.0.0.1/callback",
        "http://127.0.0.1/callback ",
        "",
    ] {
        for request in [
            provider.request().with("redirect_uri", similar),
            // Not even to carry an error there.
            provider.request().with("redirect_uri", similar).with("scope", "nonsense"),
        ] {
            let page = sandbox.browser().open(&provider.start(&request)).await.page();
            assert_eq!(page.answer.status, 400, "T-031: {similar}");
            assert_eq!(page.answer.header("location"), "", "T-030: {similar}");
            assert!(!page.answer.text.contains("evil.example"), "T-011: {similar}");
        }
    }
}

#[tokio::test]
async fn a_native_application_may_listen_on_any_loopback_port() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    let redirect_uri = REDIRECT_URI.replace("127.0.0.1", "127.0.0.1:51234");
    let mut user = sandbox.user(0);
    let request = provider.request().with("redirect_uri", &redirect_uri).for_number(&user.msisdn);
    let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
    assert!(landing.url.as_str().starts_with(&redirect_uri), "T-030, RFC 8252 §7.3");
    // The code is bound to the port that was used.
    assert_eq!(provider.redeem(landing.code()).await.error(), "invalid_grant", "T-034");
}

#[tokio::test]
async fn an_unknown_client_is_told_here_and_nowhere_else() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    for unknown in ["nobody", "", "%", "a b", "\u{1F600}"] {
        let request = provider.request().with("client_id", unknown);
        let page = sandbox.browser().open(&provider.start(&request)).await.page();
        assert_eq!(page.answer.status, 400, "T-031: {unknown}");
    }
}
