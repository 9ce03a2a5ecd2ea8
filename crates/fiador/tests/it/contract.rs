//! The machine contract of the sandbox (docs/reference/sandbox.md).

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::world::{Application, Phone, Sandbox, lasting_ports};

#[tokio::test]
async fn the_announcement_has_every_field_of_the_contract() {
    let sandbox = Sandbox::start(&[]);
    let told = sandbox.gateway.announcement();
    for pointer in ["/issuer", "/discovery", "/admin/url", "/sandbox"] {
        let url = url::Url::parse(sandbox.text(pointer)).unwrap();
        assert_eq!((url.scheme(), url.host_str()), ("http", Some("localhost")), "{pointer}");
    }
    assert_eq!(sandbox.text("/discovery"), format!("{}/v2/discovery", sandbox.issuer()));
    assert!(told.get("ca_file").is_none(), "only --tls has an authority");

    let applications = sandbox.applications();
    let profiles: BTreeSet<_> = applications.iter().map(|a| a.profile.as_str()).collect();
    assert_eq!(profiles, BTreeSet::from(["mobile_connect", "oidc"]));
    let algorithms: BTreeSet<_> =
        applications.iter().map(|a| a.id_token_signed_response_alg.as_str()).collect();
    assert_eq!(algorithms, BTreeSet::from(["ES256", "RS256"]));
    for Application { name, client_id, client_secret, redirect_uris, scopes, .. } in &applications {
        assert!(!name.is_empty() && name.chars().count() <= 16, "{name}");
        assert!(!redirect_uris.is_empty() && scopes.contains(&"openid".to_owned()), "{name}");
        for word in [client_id, client_secret] {
            let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            assert!(word.len() >= 16 && word.chars().all(fits), "{name}: {word}");
        }
    }
    let phones = sandbox.phones();
    assert_eq!(phones.len(), 8);
    assert_eq!(phones.iter().filter(|phone| phone.auto).count(), 1);
    for Phone { msisdn, authenticators, .. } in &phones {
        assert!(msisdn.bytes().all(|b| b.is_ascii_digit()), "{msisdn}");
        assert!(!authenticators.is_empty(), "{msisdn}");
    }
    assert!(phones[..5].iter().all(|phone| phone.authenticators == ["sms_otp"]));
}

#[tokio::test]
async fn a_seed_gives_the_same_ids_secrets_and_codes_in_every_run() {
    async fn run(seed: &str) -> (Vec<String>, String) {
        let sandbox = Sandbox::start(&["--seed", seed]);
        let provider = sandbox.provider("mobile_connect");
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        user.browser.open(&start).await.page();
        let code = sandbox.code_after(&user.msisdn, 0).await;
        let words = sandbox.applications().into_iter().flat_map(|a| {
            [a.client_id, a.client_secret, a.discovery_client_id, a.discovery_client_secret]
        });
        let token = sandbox.text("/admin/token").to_owned();
        (words.chain([token]).collect(), code)
    }
    let first = run("7").await;
    assert_eq!(first, run("7").await);
    let other = run("8").await;
    assert!(first.0.iter().all(|word| !other.0.contains(word)));
}

#[tokio::test]
async fn a_data_directory_keeps_users_tokens_and_spent_codes_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    // The issuer is part of every token: the address must stay, too.
    let listen = format!("127.0.0.1:{}", lasting_ports(3));
    let mut sandbox = Sandbox::start(&["--seed", "3", "--data", &data, "--listen", &listen]);
    let provider = sandbox.provider("oidc");
    let request = provider.request().for_number(&sandbox.msisdn(0));
    let start = provider.start(&request);
    let landing = sandbox.log_in(&mut sandbox.user(0), &start).await;
    let tokens = provider.tokens(landing.code()).await;
    let ended = provider.tokens(sandbox.log_in(&mut sandbox.user(0), &start).await.code()).await;
    assert_eq!(provider.revoke(&ended.access_token).await.status, 200);

    assert!(sandbox.gateway.terminate().unwrap().success());
    sandbox.gateway.start_again().unwrap();

    assert!(provider.is_active(&tokens.access_token).await);
    assert!(!provider.is_active(&ended.access_token).await, "T-246: a revocation was forgotten");
    let again = provider.tokens(sandbox.log_in(&mut sandbox.user(0), &start).await.code()).await;
    let (before, after) = (provider.claims(&tokens).await, provider.claims(&again).await);
    assert_eq!(before["sub"], after["sub"]);
    assert_eq!(provider.redeem(landing.code()).await.error(), "invalid_grant");
    assert!(!provider.is_active(&tokens.access_token).await, "T-036");
}

#[tokio::test]
async fn with_tls_the_authority_of_the_announcement_is_enough_and_cookies_are_those_of_production()
{
    let sandbox = Sandbox::start(&["--tls"]);
    assert!(sandbox.issuer().starts_with("https://localhost:"));
    let provider = sandbox.provider("oidc");
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    let landing = sandbox.log_in(&mut user, &start).await;
    provider.tokens(landing.code()).await;
    assert!(!user.browser.set_cookies.is_empty());
    for cookie in &user.browser.set_cookies {
        assert!(cookie.starts_with("__Host-fiador_"), "T-042: {cookie}");
        for attribute in ["; Secure", "; HttpOnly", "; SameSite=", "; Path=/"] {
            assert!(cookie.contains(attribute), "T-042: {cookie} lacks {attribute}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }

    let stranger = reqwest::Client::builder().no_proxy().build().unwrap();
    let metadata = format!("{}/.well-known/openid-configuration", sandbox.issuer());
    assert!(stranger.get(metadata).send().await.is_err(), "a stranger must not trust it");
}

#[tokio::test]
async fn without_tls_cookies_can_be_kept_by_any_http_client() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("oidc");
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    sandbox.log_in(&mut user, &start).await;
    assert!(!user.browser.set_cookies.is_empty());
    for cookie in &user.browser.set_cookies {
        assert!(cookie.starts_with("fiador_") && !cookie.contains("Secure"), "{cookie}");
        assert!(cookie.contains("; HttpOnly") && cookie.contains("; SameSite="), "{cookie}");
    }
    let answer = user.browser.send("GET".parse().unwrap(), &start, None).await;
    assert_eq!(answer.header("x-fiador-development"), "true", "T-286");
}

#[tokio::test]
async fn the_automatic_phone_gets_the_same_code_each_time() {
    let sandbox = Sandbox::start(&[]);
    let phones = sandbox.phones();
    let index = phones.iter().position(|phone| phone.auto).unwrap();
    let provider = sandbox.provider("mobile_connect");
    for _ in 0..2 {
        let mut user = sandbox.user(index);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let landing = user.log_in(&start, async || "424242".to_owned()).await;
        provider.tokens(landing.code()).await;
    }
}

#[tokio::test]
async fn the_control_api_lists_phones_messages_and_prompts() {
    let sandbox = Sandbox::start(&[]);
    let listed = sandbox.control("/api/phones").await;
    assert_eq!(listed.json(), sandbox.gateway.announcement()["phones"]);
    let msisdn = sandbox.msisdn(1);
    assert_eq!(sandbox.messages(&msisdn).await, Vec::<Value>::new());
    assert_eq!(sandbox.control(&format!("/api/phones/{msisdn}/prompts")).await.json(), json!([]));

    let provider = sandbox.provider("mobile_connect");
    let mut user = sandbox.user(1);
    let start = provider.start(&provider.request().for_number(&msisdn));
    sandbox.log_in(&mut user, &start).await;
    sandbox.log_in(&mut user, &start).await;
    let messages = sandbox.messages(&msisdn).await;
    assert_eq!(messages.len(), 2);
    let ids: Vec<_> = messages.iter().map(|message| message["id"].as_u64().unwrap()).collect();
    assert!(ids[0] < ids[1], "oldest first: {ids:?}");
    for message in &messages {
        let (text, host) = (message["text"].as_str().unwrap(), "@localhost #");
        // The WebOTP format: host and code in the last line.
        assert_eq!(text.lines().last().unwrap(), format!("{host}{}", &text[..6]));
        assert!(text.contains("Demo Shop"), "T-125: {text}");
        assert!(message["received_at"].as_str().unwrap().ends_with('Z'));
        assert_eq!(message["from"], "Sandbox");
    }
}

#[tokio::test]
async fn the_control_api_answers_with_problems_for_phones_and_prompts_that_are_not_there() {
    let sandbox = Sandbox::start(&[]);
    let known = sandbox.msisdn(0);
    for path in [
        "/api/phones/447700900999/messages".to_owned(),
        "/api/phones/447700900999/prompts".to_owned(),
        "/api/phones/nonsense/messages".to_owned(),
    ] {
        let answer = sandbox.control(&path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.header("content-type"), "application/problem+json", "RFC 9457 §3");
        assert_eq!(answer.json()["status"], 404, "{path}");
    }
    for (number, body, status) in [
        (known.as_str(), json!({ "answer": "ok" }), 404),
        (known.as_str(), json!({ "answer": "pin", "pin": "1234" }), 404),
        ("447700900999", json!({ "answer": "number", "number": "42" }), 404),
        (known.as_str(), json!({ "answer": "perhaps" }), 422),
    ] {
        let url = format!("{}/api/phones/{number}/prompts/1", sandbox.text("/sandbox"));
        let answer = sandbox.http.post(url).json(&body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{number} {body}");
    }
}

#[tokio::test]
async fn the_same_contract_runs_on_postgresql() {
    let database = fiador_testkit::postgres::Server::shared().unwrap().database().unwrap();
    let sandbox = Sandbox::start(&["--database-url", database.url()]);
    for profile in ["mobile_connect", "oidc"] {
        let provider = sandbox.provider(profile);
        let mut user = sandbox.user(0);
        let start = provider.start(&provider.request().for_number(&user.msisdn));
        let landing = sandbox.log_in(&mut user, &start).await;
        let tokens = provider.tokens(landing.code()).await;
        assert!(provider.is_active(&tokens.access_token).await);
    }
}
