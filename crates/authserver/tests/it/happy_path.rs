//! From the request to the code.

use std::{sync::atomic::Ordering, time::Duration};

use fiador_domain::{journey::Stage, profile::Profile};
use fiador_kernel::{Digest, Loa};

use crate::world::{AGAIN_AFTER, CHALLENGE, ISSUER, KNOWN, PROFILES, REDIRECT_URI, World};

#[tokio::test]
async fn a_user_types_the_number_and_the_code_and_returns_with_a_code() {
    for profile in PROFILES {
        let world = World::new();
        let mut browser = world.browser();
        let page = browser.authorize(profile, &[]).await.page();

        let number = browser.get(&page).await;
        assert_eq!(number.status, 200);
        assert!(number.body.contains(r#"id="msisdn""#));
        assert!(number.body.contains("Acme &#60;Shop&#62;"), "escaped: {}", number.body);
        assert!(number.body.contains(&format!(r#"action="/oidc{page}/number""#)));

        let sent = browser.post(&format!("{page}/number"), &[("msisdn", "+44 7700 900907")]).await;
        assert_eq!((sent.status.as_u16(), sent.page()), (303, page.clone()));
        assert_eq!(world.phone.asked.lock().unwrap()[..], [Some(World::subscriber())]);

        let prompt = browser.get(&page).await;
        assert!(prompt.body.contains("<h1>Enter the code</h1>"));
        assert!(prompt.body.contains("+44********07 wrong=false"), "{}", prompt.body);

        let code = world.phone.code();
        let done = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
        assert_eq!(done.status, 303);
        let response = done.response_to(REDIRECT_URI);
        assert_eq!(response["state"], "s t&te");
        assert_eq!(response["iss"], ISSUER);
        assert_eq!(response.len(), 3, "code, state, iss: {response:?}");
        assert!(matches!(world.journeys.only().stage, Stage::Granted { .. }));

        let content = world.codes.content(&response["code"]);
        assert_eq!(content.subscriber, World::subscriber());
        assert_eq!(content.client.as_str(), profile.as_str());
        assert_eq!(content.nonce.as_deref(), Some("n-1"));
        assert_eq!(content.redirect_uri, Digest::of(REDIRECT_URI));
        assert_eq!((content.acr, content.level), (Some(Loa::Two), Loa::Two));
        assert_eq!(content.epochs.subscriber, 3);
        assert_eq!(content.expires_at.since(content.authenticated_at), Duration::from_mins(1));
        assert_eq!(content.hashed_login_hint, None);
        assert_eq!(content.code_challenge.is_some(), profile == Profile::Oidc);
    }
}

/// mobile-connect §2.8: the hint is hashed exactly as received.
#[tokio::test]
async fn a_hint_leads_straight_to_the_code_page() {
    for hint in [format!("MSISDN:{KNOWN}"), format!("MSISDN: {KNOWN}"), format!("tel:+{KNOWN}")] {
        let world = World::new();
        let mut browser = world.browser();
        let changes = [("login_hint", Some(hint.as_str()))];
        let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
        assert_eq!(world.phone.asked.lock().unwrap()[..], [Some(World::subscriber())]);
        let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
        let code = done.response_to(REDIRECT_URI)["code"].clone();
        assert_eq!(world.codes.content(&code).hashed_login_hint, Some(Digest::of(&hint)));
    }
}

/// T-032: enforced wherever it is sent.
#[tokio::test]
async fn a_pkce_challenge_of_a_mobile_connect_client_is_bound_to_the_code() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [
        ("login_hint", Some("MSISDN:447700900907")),
        ("code_challenge", Some(CHALLENGE)),
        ("code_challenge_method", Some("S256")),
    ];
    let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
    let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    let code = done.response_to(REDIRECT_URI)["code"].clone();
    let challenge = world.codes.content(&code).code_challenge.unwrap();
    // The SHA-256 of 43 times `a`, as RFC 7636 §4.2 has it.
    assert_eq!(challenge, Digest::of("a".repeat(43)));
}

/// mobile-connect §2.8, `displayed_data`; §2.1: what is shown is what was sent.
#[tokio::test]
async fn the_transaction_text_is_shown_and_recorded() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [
        ("scope", Some("openid mc_authz")),
        ("client_name", Some("Acme <Shop>")),
        ("context", Some("Pay 5 € to <b>Bob</b>")),
        ("binding_message", Some("K7-42")),
        ("login_hint", Some("MSISDN:447700900907")),
    ];
    let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
    let prompt = browser.get(&page).await.body;
    assert!(prompt.contains("Pay 5 € to &#60;b&#62;Bob&#60;/b&#62;"), "{prompt}");
    assert!(prompt.contains("K7-42"));
    let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    let shown = content.displayed_data.unwrap();
    assert_eq!(shown, "Acme <Shop> Pay 5 € to <b>Bob</b> K7-42");
}

/// mobile-connect §2.8: `displayed_data` is what was decided on; a login is no decision.
#[tokio::test]
async fn a_text_beside_a_login_is_shown_and_not_recorded() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [("context", Some("Welcome back")), ("login_hint", Some("MSISDN:447700900907"))];
    let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
    assert!(browser.get(&page).await.body.contains("Welcome back"));
    let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
    assert_eq!(content.displayed_data, None);
}

/// mobile-connect §2.1: limits are the operator's, and nothing is cut.
#[tokio::test]
async fn the_operator_decides_how_long_texts_may_be() {
    let world = World::with(
        |_| {},
        |settings| {
            settings.rules.context_length = 5;
            settings.rules.binding_message_length = 4;
        },
    );
    for (name, fits, long) in [("context", "Pay 5", "Pay 50"), ("binding_message", "ÄÖÜ€", "K7-42")]
    {
        let answer = world.browser().authorize(Profile::MobileConnect, &[(name, Some(fits))]).await;
        assert!(answer.leads_to_a_page(), "{name}");
        let answer = world.browser().authorize(Profile::MobileConnect, &[(name, Some(long))]).await;
        assert_eq!(answer.error_to(REDIRECT_URI).1, format!("Invalid {name} value"));
    }
}

/// mobile-connect, "Decided": `acr` is the highest requested value that was reached.
#[tokio::test]
async fn acr_is_what_was_reached_of_what_was_asked() {
    for (profile, acr_values, acr) in [
        (Profile::MobileConnect, Some("3 2 1"), Loa::Two),
        (Profile::MobileConnect, Some("1"), Loa::One),
        (Profile::Oidc, Some("4"), Loa::Two),
        (Profile::Oidc, None, Loa::Two),
    ] {
        let world = World::new();
        let mut browser = world.browser();
        let changes = [("acr_values", acr_values), ("login_hint", Some("MSISDN:447700900907"))];
        let page = browser.authorize(profile, &changes).await.page();
        let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
        let content = world.codes.content(&done.response_to(REDIRECT_URI)["code"]);
        assert_eq!(content.acr, Some(acr), "{profile:?} {acr_values:?}");
    }
}

/// T-100: a proof that turns out weaker than demanded is no answer, in the words of the profile.
#[tokio::test]
async fn a_weaker_proof_than_demanded_is_refused() {
    let essential = r#"{"id_token":{"acr":{"essential":true,"values":["2"]}}}"#;
    for (profile, demand, error) in [
        (Profile::MobileConnect, ("acr_values", Some("2")), "access_denied"),
        (Profile::Oidc, ("claims", Some(essential)), "unmet_authentication_requirements"),
    ] {
        let world = World::new();
        world.phone.weak.store(true, Ordering::SeqCst);
        let mut browser = world.browser();
        let changes = [demand, ("login_hint", Some("MSISDN:447700900907"))];
        let page = browser.authorize(profile, &changes).await.page();
        let done = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
        let text = "The requested level of assurance cannot be met".to_owned();
        assert_eq!(done.error_to(REDIRECT_URI), (error.to_owned(), text));
        assert!(world.codes.issued.lock().unwrap().is_empty());
    }
}

#[tokio::test]
async fn pages_speak_the_language_of_the_request() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [("ui_locales", Some("it es-MX"))];
    let page = browser.authorize(Profile::Oidc, &changes).await.page();
    let number = browser.get(&page).await;
    assert!(number.body.contains("¿Cuál es tu número de móvil?"));
    assert_eq!(number.header("content-language"), Some("es"));
}

#[tokio::test]
async fn what_is_no_number_is_asked_again() {
    let world = World::new();
    let mut browser = world.browser();
    let page = browser.authorize(Profile::Oidc, &[]).await.page();
    let answer = browser.post(&format!("{page}/number"), &[("msisdn", "hello")]).await;
    let note = answer.page();
    let again = browser.get(&note).await.body;
    assert!(again.contains(r#"aria-invalid="true""#) && again.contains("not a phone number"));
    assert!(world.phone.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_wrong_answer_is_told_after_a_redirect() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [("login_hint", Some("MSISDN:447700900907"))];
    let page = browser.authorize(Profile::Oidc, &changes).await.page();
    let answer = browser.post(&format!("{page}/answer"), &[("code", "999999")]).await;
    assert_eq!(answer.status, 303);
    assert!(browser.get(&answer.page()).await.body.contains("wrong=true"));
}

/// T-038: the user's way out is an answer like any other.
#[tokio::test]
async fn cancel_returns_to_the_service_provider() {
    for hint in [None, Some("MSISDN:447700900907")] {
        let world = World::new();
        let mut browser = world.browser();
        let page = browser.authorize(Profile::MobileConnect, &[("login_hint", hint)]).await.page();
        for _ in 0..2 {
            let answer = browser.post(&format!("{page}/cancel"), &[]).await;
            assert_eq!(answer.status, 303);
            let expected = ("access_denied".into(), "User failed to authenticate".into());
            assert_eq!(answer.error_to(REDIRECT_URI), expected);
        }
        let events = world.audit.events.lock().unwrap();
        assert_eq!(events.len(), 1, "a journey ends once");
        assert_eq!(events[0].detail.as_deref(), Some("denied"));
    }
}

/// T-121: a new message voids the one before.
#[tokio::test]
async fn another_message_voids_the_first() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [("login_hint", Some("MSISDN:447700900907"))];
    let page = browser.authorize(Profile::Oidc, &changes).await.page();
    world.clock.advance(AGAIN_AFTER);
    let again = browser.post(&format!("{page}/again"), &[]).await;
    assert_eq!(again.page(), page);
    let old = browser.post(&format!("{page}/answer"), &[("code", "000001")]).await;
    assert!(old.leads_to_a_page());
    let new = browser.post(&format!("{page}/answer"), &[("code", "000002")]).await;
    assert!(new.response_to(REDIRECT_URI).contains_key("code"));
}
