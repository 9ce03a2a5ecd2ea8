//! `Host` and forwarding headers of strangers mean nothing (T-005, T-006).

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{REDIRECT_URI, Sandbox, Site, code_for, raw_get};

/// A request for `target` that claims to have come by evil.example.
async fn forged(base: &str, target: &str, headers: &str) -> String {
    let claims = "X-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\n\
         X-Forwarded-Prefix: /evil\r\nX-Original-URL: /evil\r\nX-Forwarded-Port: 666\r\n\
         X-Forwarded-Server: evil.example\r\nForwarded: host=evil.example;proto=https\r\n";
    let absolute = format!("GET {target} HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n");
    let request = format!("{absolute}{claims}{headers}\r\n");
    crate::world::raw_exchange(base, request.as_bytes()).await
}

#[tokio::test]
async fn links_cookies_and_messages_come_from_the_configuration() {
    let sandbox = Sandbox::start(&[]);
    let provider = sandbox.provider("mobile_connect");
    let issuer = sandbox.issuer();
    let msisdn = sandbox.msisdn(0);

    let metadata = forged(issuer, "/.well-known/openid-configuration", "").await;
    assert!(metadata.contains(&format!("\"issuer\":\"{issuer}\"")), "{metadata}");
    assert!(!metadata.contains("evil"), "T-006: {metadata}");

    let query = provider.request().for_number(&msisdn).encoded();
    let answer = forged(issuer, &format!("/authorize?{query}"), "").await;
    assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
    let location = format!("\nlocation: {issuer}/journey/");
    assert!(answer.to_lowercase().contains(&location), "T-006: {answer}");
    assert!(!answer.contains("evil") && !answer.to_lowercase().contains("domain="), "{answer}");
    sandbox.code_after(&msisdn, 0).await;
    let text = sandbox.messages(&msisdn).await[0]["text"].as_str().unwrap().to_owned();
    assert!(text.lines().last().unwrap().starts_with("@localhost #"), "T-006: {text}");

    let wrong = provider.request().without("scope").encoded();
    let answer = forged(issuer, &format!("/authorize?{wrong}"), "").await;
    let location = format!("\nlocation: {REDIRECT_URI}?");
    assert!(answer.to_lowercase().contains(&location) && !answer.contains("evil"), "{answer}");
}

#[tokio::test]
async fn a_strangers_forwarding_header_does_not_open_another_budget() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.loose_send_budgets = false;
    site.more = "[sms.budgets]\nbrowser_network = [{ count = 2, seconds = 600 }]\n".to_owned();
    let running = site.start().await;
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    let mut asked = 0;
    for last in 1..=4 {
        let msisdn = format!("44770090000{last}");
        let query = provider.request().for_number(&msisdn).encoded();
        let forwarded = format!(
            "X-Forwarded-For: 198.51.100.{last}\r\nForwarded: for=203.0.113.{last}\r\n\
             X-Real-IP: 192.0.2.{last}\r\n"
        );
        let answer = raw_get(&provider.base, &format!("/authorize?{query}"), &forwarded).await;
        assert!(answer.starts_with("HTTP/1.1 302"), "{answer}");
        if !answer.contains("?note=wait") {
            code_for(&mut centre, &msisdn).await;
            asked += 1;
        }
    }
    assert_eq!(asked, 2, "T-005");
}

#[tokio::test]
async fn a_configured_proxy_is_believed() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.loose_send_budgets = false;
    site.more = "[sms.budgets]\nbrowser_network = [{ count = 1, seconds = 600 }]\n".to_owned();
    let text = site.configuration();
    let text = text.replace("[listeners]\n", "[listeners]\ntrusted_proxies = [\"127.0.0.0/8\"]\n");
    let running = site.start_with(&text).await;
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    for (last, network, waits) in [(1, 1, false), (2, 2, false), (3, 1, true)] {
        let query = provider.request().for_number(&format!("44770090000{last}")).encoded();
        let forwarded = format!("X-Forwarded-For: 198.51.{network}.7\r\n");
        let answer = raw_get(&provider.base, &format!("/authorize?{query}"), &forwarded).await;
        assert_eq!(answer.contains("?note=wait"), waits, "T-005: {answer}");
    }
}
