//! What the pages of links show, and to whom they show nothing (T-107, T-125, T-126, T-129).

use std::{collections::BTreeSet, time::Duration};

use fiador_domain::journey::{Refusal, Stage};
use fiador_kernel::ScopeSet;
use http::{Method, StatusCode};

use crate::{
    phone::{Gateway, encode, form_token},
    routing::BROWSER,
    world::NUMBER,
};

fn is_refused(stage: &Stage, wanted: Refusal) -> bool {
    matches!(stage, Stage::Refused { reason, .. } if *reason == wanted)
}

#[tokio::test]
async fn unknown_used_replaced_and_expired_links_look_the_same_t_129() {
    let gateway = Gateway::with(|settings| settings.send_budgets.subscription.clear());
    let mut dead = vec![
        "/l/zzzzzzzzzzzzzzzzzzzzzz".to_owned(),
        "/l/short".to_owned(),
        "/l/%ff%fe".to_owned(),
        "/l/..%2f..%2fetc%2fpasswd".to_owned(),
        format!("/l/{}", "z".repeat(4000)),
    ];
    let used = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let number = gateway.routing.number(used).to_string();
    dead.push(gateway.link().await);
    gateway.submit(&dead[5], &[("number", &number)]).await;

    let denied = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_otp_url").await;
    dead.push(gateway.link().await);
    gateway.submit(&dead[6], &[("decision", "deny")]).await;
    assert!(is_refused(&gateway.routing.stage(denied), Refusal::Denied));

    let replaced = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    dead.push(gateway.link().await);
    gateway.world.clock.advance(Duration::from_mins(1));
    let previous = gateway.routing.prompt(replaced);
    gateway.routing.ask(replaced, "sms_url", Some(previous)).await;
    let expired = gateway.link().await;
    assert_eq!(gateway.get(&expired).await.status, StatusCode::OK);
    gateway.world.clock.advance(Duration::from_mins(3));
    dead.push(expired);

    let reference = gateway.get(&dead[0]).await;
    assert_eq!(reference.status, StatusCode::GONE);
    for path in &dead {
        assert_eq!(gateway.get(path).await, reference, "{path}");
        assert_eq!(gateway.post(path, &[("decision", "deny")]).await, reference, "{path}");
        let spanish = [("accept-language", "es")];
        let es = gateway.ask(Method::GET, path, &spanish, None).await;
        assert!(es.body.contains("Este enlace ya no sirve"), "{path}");
    }
}

#[tokio::test]
async fn a_link_is_wrong_from_its_last_moment_on_t_126() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let number = gateway.routing.number(journey).to_string();
    let form = form_token(&gateway.get(&link).await.body);
    gateway.world.clock.advance(Duration::from_mins(3) - Duration::from_micros(1));
    assert_eq!(gateway.get(&link).await.status, StatusCode::OK);
    gateway.world.clock.advance(Duration::from_micros(1));
    let late = gateway.post(&link, &[("form", &form), ("number", &number)]).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(matches!(gateway.routing.stage(journey), Stage::Challenged { .. }));
}

#[tokio::test]
async fn a_link_names_nobody_and_the_journey_keeps_no_token_t_126() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let token = link.strip_prefix("/l/").unwrap();
    assert!(token.len() == 22 && token.bytes().all(|b| b.is_ascii_alphanumeric()), "{token}");
    let kept = serde_json::to_string(&gateway.routing.read(journey).journey).unwrap();
    assert!(!kept.contains(token), "{kept}");
    let page = gateway.get(&link).await.body;
    for secret in [NUMBER, "+34*******01", "subscriber-", "journey-1", "the secret of"] {
        assert!(!page.contains(secret), "{secret} in {page}");
    }
}

#[tokio::test]
async fn the_page_says_who_asks_what_for_when_and_from_where_t_107() {
    let gateway = Gateway::new();
    let mut login = gateway.world.login(NUMBER);
    login.ask.scopes = ScopeSet::parse("openid mc_authz mc_identity_phonenumber").unwrap();
    login.ask.context = Some("Pay 49.99 EUR to <b>Bob</b>".to_owned());
    login.ask.binding_message = Some("K7-42".to_owned());
    login.origin.country = Some("PT".to_owned());
    let journey = gateway.routing.begin(&login, "sms_url").await;
    let link = gateway.link().await;
    gateway.world.clock.advance(Duration::from_secs(61));
    let page = gateway.get(&link).await;
    for part in [
        "<h1>Do you agree?</h1>",
        "By choosing it you agree.",
        "Acme Shop asks you to agree to this:",
        r#"id="link-context"><bdi>Pay 49.99 EUR to &#60;b&#62;Bob&#60;/b&#62;</bdi>"#,
        "<bdi>K7-42</bdi>",
        "one minute ago",
        "a computer or another device",
        "<bdi>PT</bdi>",
        r#"id="link-shares""#,
        r#"id="deny" name="decision" value="deny""#,
        r#"id="report" name="decision" value="report""#,
    ] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    let numbers = page.numbers();
    assert!(numbers.contains(&gateway.routing.number(journey)));
    assert_eq!(numbers.iter().collect::<BTreeSet<_>>().len(), 6);
    assert_eq!(gateway.get(&link).await, page, "the same numbers in the same order");
}

#[tokio::test]
async fn texts_that_could_mislead_are_not_on_the_page_t_125() {
    let gateway = Gateway::with(|settings| settings.send_budgets.subscription.clear());
    for context in [
        "see https://evil.example",
        "call +34 600 000 009",
        "turned \u{202e}evil",
        "hidden\u{200b}evil",
        "two\nevil lines",
    ] {
        let mut login = gateway.world.login(NUMBER);
        login.ask.context = Some(context.to_owned());
        login.ask.binding_message = Some(context.to_owned());
        gateway.routing.begin(&login, "sms_url").await;
        let page = gateway.get(&gateway.link().await).await.body;
        assert!(!page.contains("evil") && !page.contains("600"), "{context:?}");
        assert!(page.contains("Acme Shop"));
    }
}

#[tokio::test]
async fn no_page_of_a_link_is_stored_framed_found_or_referred_to() {
    let gateway = Gateway::new();
    gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let denied = gateway.submit(&link, &[("decision", "deny")]).await;
    for reply in [gateway.get(&link).await, gateway.get("/l/x").await, denied] {
        assert_eq!(reply.headers["cache-control"], "no-store");
        assert_eq!(reply.headers["referrer-policy"], "no-referrer");
        assert_eq!(reply.headers["x-frame-options"], "DENY");
        assert_eq!(reply.headers["strict-transport-security"], "max-age=63072000");
        assert_eq!(reply.headers["x-robots-tag"], "noindex, nofollow");
        let policy = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(!reply.headers.contains_key("set-cookie"), "the phone needs no cookie of ours");
    }
}

/// The first tap's answer never arrives: the browser shows that of the last one.
#[tokio::test]
async fn a_form_that_is_sent_again_has_the_same_outcome_and_no_other_form_has_t_129() {
    for (decision, wanted) in [
        ("right", "Return to your other screen."),
        ("wrong", "Stopped for your safety"),
        ("deny", "Nobody was signed in"),
    ] {
        let gateway = Gateway::new();
        let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
        let link = gateway.link().await;
        let page = gateway.get(&link).await;
        let right = gateway.routing.number(journey);
        let other = page.numbers().into_iter().find(|&number| number != right).unwrap();
        let (right, other) = (right.to_string(), other.to_string());
        let said = match decision {
            "right" => ("number", &*right),
            "wrong" => ("number", &*other),
            other => ("decision", other),
        };
        let token = form_token(&page.body);
        let form = [("form", &*token), said];
        let (first, second) = tokio::join!(gateway.post(&link, &form), gateway.post(&link, &form));
        assert!(first.status == StatusCode::OK && first.body.contains(wanted), "{}", first.body);
        assert_eq!(first, second, "both at once");
        assert_eq!(gateway.post(&link, &form).await, first, "and afterwards");
        assert_eq!(gateway.routing.evaluated.lock()[&journey], 1, "it was answered once");

        // Who has not seen the page, or has said something else, is told nothing.
        let gone = gateway.get("/l/zzzzzzzzzzzzzzzzzzzzzz").await;
        let unseen = token.replace(|_: char| true, "0");
        for (form, said) in [(&*unseen, said), (&*token, ("decision", "report"))] {
            assert_eq!(gateway.post(&link, &[("form", form), said]).await, gone, "{said:?}");
        }
        assert_eq!(gateway.get(&link).await, gone);
    }
}

#[tokio::test]
async fn a_tap_whose_browser_does_not_wait_is_settled_all_the_same() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let number = gateway.routing.number(journey).to_string();
    let form = [("form", &*form_token(&gateway.get(&link).await.body)), ("number", &*number)];
    {
        let first = gateway.post(&link, &form);
        tokio::pin!(first);
        // As far as the first time that something is waited for.
        assert!(is_under_way(first.as_mut()).await, "the tap is under way");
    }
    let second = gateway.post(&link, &form).await;
    assert!(second.body.contains("Return to your other screen."), "{}", second.body);
    assert_eq!(gateway.routing.evaluated.lock()[&journey], 1);
}

/// Whether the future is not ready when asked once.
async fn is_under_way(mut future: std::pin::Pin<&mut impl Future>) -> bool {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(future.as_mut().poll(context).is_pending())
    })
    .await
}

#[tokio::test]
async fn in_the_browser_that_waits_a_used_link_leads_on_and_nowhere_else_t_129() {
    let gateway = Gateway::new();
    gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let own = format!("__Host-fiador_browser={BROWSER}");
    let cookie = [("cookie", &*own)];
    let page = gateway.ask(Method::GET, &link, &cookie, None).await;
    let form = encode(&[("form", &form_token(&page.body)), ("decision", "approve")]);
    let done = gateway.ask(Method::POST, &link, &cookie, Some(form.clone())).await;
    assert!(done.headers.contains_key("refresh"), "{}", done.body);
    assert_eq!(gateway.ask(Method::POST, &link, &cookie, Some(form.clone())).await, done);
    assert_eq!(gateway.ask(Method::GET, &link, &cookie, None).await, done);

    let gone = gateway.get("/l/zzzzzzzzzzzzzzzzzzzzzz").await;
    for stranger in [&[][..], &[("cookie", "__Host-fiador_browser=another")]] {
        assert_eq!(gateway.ask(Method::GET, &link, stranger, None).await, gone);
        let repeated = gateway.ask(Method::POST, &link, stranger, Some(form.clone())).await;
        assert!(!repeated.headers.contains_key("refresh"), "{}", repeated.body);
        assert!(!repeated.body.contains("/journey/"), "{}", repeated.body);
    }
}
