//! Links: inert until their form is sent, tied to the waiting browser by a number (T-126 … T-129).

use std::sync::atomic::Ordering;

use fiador_auth_sms::Kind;
use fiador_domain::journey::{Refusal, Stage};
use fiador_ports::{Answer, Authenticator as _, Road, Settled, StartError};
use http::{Method, StatusCode};

use crate::{
    phone::{Gateway, Reply, encode, form_token},
    routing::BROWSER,
    world::{Login, NUMBER, answer, code_in, wrong},
};

fn is_refused(stage: &Stage, wanted: Refusal) -> bool {
    matches!(stage, Stage::Refused { reason, .. } if *reason == wanted)
}

/// One that the phone offers and the waiting browser does not show.
fn another(reply: &Reply, number: u8) -> u8 {
    *reply.numbers().iter().find(|&&one| one != number).unwrap()
}

#[tokio::test]
async fn choosing_the_number_of_the_other_screen_proves_the_subscriber_t_128() {
    for kind in ["sms_url", "sms_otp_url"] {
        let gateway = Gateway::new();
        let journey = gateway.routing.begin(&gateway.world.login(NUMBER), kind).await;
        let link = gateway.link().await;
        let number = gateway.routing.number(journey).to_string();
        let done = gateway.submit(&link, &[("number", &number)]).await;
        assert_eq!(done.status, StatusCode::OK);
        assert!(done.body.contains("Return to your other screen."), "{}", done.body);
        assert!(!done.headers.contains_key("location") && !done.headers.contains_key("refresh"));
        let Stage::Verified { evidence, .. } = gateway.routing.stage(journey) else { panic!() };
        let names = |list: &[fiador_kernel::Amr]| -> Vec<String> {
            list.iter().map(ToString::to_string).collect()
        };
        assert_eq!(evidence.authenticator.as_str(), kind);
        assert_eq!(evidence.level, fiador_auth_sms::CEILING);
        assert_eq!(names(&evidence.amr_mobile_connect), ["SMS_URL_OK"]);
        assert_eq!(names(&evidence.amr_rfc8176), ["sms", "user"]);
    }
}

#[tokio::test]
async fn looking_at_a_link_changes_nothing_however_it_is_done_t_127() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let before = gateway.routing.read(journey);
    let commits = gateway.world.budgets.commits();
    for (method, headers) in [
        (Method::GET, vec![]),
        (Method::HEAD, vec![]),
        (Method::GET, vec![("sec-purpose", "prefetch;prerender")]),
        (Method::GET, vec![("purpose", "prefetch")]),
        (Method::GET, vec![("x-moz", "prefetch")]),
        (Method::GET, vec![("user-agent", "WhatsApp/2.23"), ("range", "bytes=0-1023")]),
        (Method::OPTIONS, vec![]),
        (Method::PUT, vec![]),
        (Method::DELETE, vec![]),
    ] {
        gateway.ask(method, &link, &headers, None).await;
        gateway
            .ask(Method::GET, &format!("{link}?number=42&decision=approve"), &headers, None)
            .await;
    }
    let after = gateway.routing.read(journey);
    assert_eq!((before.version, before.journey), (after.version, after.journey));
    assert_eq!(gateway.world.budgets.commits(), commits);
    let number = gateway.routing.number(journey).to_string();
    gateway.submit(&link, &[("number", &number)]).await;
    assert!(matches!(gateway.routing.stage(journey), Stage::Verified { .. }), "still good");
}

#[tokio::test]
async fn a_wrong_number_ends_the_login_and_there_is_no_second_choice_t_128() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let page = gateway.get(&link).await;
    let number = gateway.routing.number(journey);
    let commits = gateway.world.budgets.commits();
    let stopped = gateway.submit(&link, &[("number", &another(&page, number).to_string())]).await;
    assert!(stopped.body.contains("Stopped for your safety"), "{}", stopped.body);
    assert!(is_refused(&gateway.routing.stage(journey), Refusal::Denied));
    assert_eq!(gateway.world.budgets.commits(), commits + 1, "counted as a failure (T-103)");
    let fields = [("form", &*form_token(&page.body)), ("number", &*number.to_string())];
    assert_eq!(gateway.post(&link, &fields).await.status, StatusCode::GONE);
    assert!(is_refused(&gateway.routing.stage(journey), Refusal::Denied));
}

#[tokio::test]
async fn what_the_page_does_not_offer_cannot_be_chosen_and_costs_nothing() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let page = gateway.get(&link).await;
    let absent = (10..=99_u8).find(|one| !page.numbers().contains(one)).unwrap().to_string();
    let before = gateway.routing.read(journey).version;
    let token = form_token(&page.body);
    for fields in [
        vec![("number", &*absent)],
        vec![("number", "x")],
        vec![("number", "300")],
        vec![("number", "")],
        vec![],
        // Bare approval is not offered to another browser (T-107).
        vec![("decision", "approve")],
        vec![("decision", "approve_here")],
        vec![("decision", "yes")],
        vec![("decision", "deny"), ("number", &*absent)],
        vec![("decision", "deny"), ("decision", "deny")],
    ] {
        let fields: Vec<_> = [("form", &*token)].into_iter().chain(fields).collect();
        assert_eq!(gateway.post(&link, &fields).await.status, StatusCode::GONE, "{fields:?}");
    }
    assert_eq!(gateway.routing.read(journey).version, before);
}

#[tokio::test]
async fn only_a_form_of_this_page_decides_t_127() {
    let gateway = Gateway::with(|settings| settings.send_budgets.subscription.clear());
    let other = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let other_form = form_token(&gateway.get(&gateway.link().await).await.body);
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let own_form = form_token(&gateway.get(&link).await.body);
    let number = gateway.routing.number(journey).to_string();
    let before = gateway.routing.read(journey).version;
    let forged = format!("{}{}", &own_form[..63], if own_form.ends_with('0') { '1' } else { '0' });
    for form in ["", "x", &forged, &other_form] {
        let reply = gateway.post(&link, &[("form", form), ("number", &number)]).await;
        assert_eq!(reply.status, StatusCode::GONE, "{form}");
    }
    let good = encode(&[("form", &own_form), ("number", &number)]);
    for headers in [
        [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")],
        [("origin", "null"), ("sec-fetch-site", "cross-site")],
        [("origin", "https://id.mno.example"), ("sec-fetch-site", "same-site")],
    ] {
        let reply = gateway.ask(Method::POST, &link, &headers, Some(good.clone())).await;
        assert_eq!(reply.status, StatusCode::GONE, "{headers:?}");
    }
    assert_eq!(gateway.routing.read(journey).version, before);
    let own = [("origin", "null"), ("sec-fetch-site", "same-origin")];
    let reply = gateway.ask(Method::POST, &link, &own, Some(good)).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert!(matches!(gateway.routing.stage(other), Stage::Challenged { .. }), "nobody else's");
}

#[tokio::test]
async fn the_browser_that_waits_finishes_by_a_click_and_goes_on_t_110() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let cookie = format!("__Host-fiador_browser={}", BROWSER.replace(' ', "_"));
    assert!(!gateway.get(&link).await.numbers().is_empty());
    let foreign = gateway.ask(Method::GET, &link, &[("cookie", &cookie)], None).await;
    assert_eq!(foreign.numbers().len(), 6, "another browser of ours is not the one that waits");
    let cookie = format!("__Host-fiador_browser={BROWSER}");
    let page = gateway.ask(Method::GET, &link, &[("cookie", &cookie)], None).await;
    assert!(page.numbers().is_empty() && page.body.contains(r#"id="approve""#), "{}", page.body);
    let form = encode(&[("form", &form_token(&page.body)), ("decision", "approve")]);
    let done = gateway.ask(Method::POST, &link, &[("cookie", &cookie)], Some(form)).await;
    assert!(matches!(gateway.routing.stage(journey), Stage::Verified { .. }));
    let address = "https://id.mno.example/journey/handle";
    assert_eq!(done.headers["refresh"], format!("0; url={address}"));
    assert!(done.body.contains(&format!(r#"href="{address}""#)), "{}", done.body);
}

#[tokio::test]
async fn the_waiting_browser_can_never_approve_itself_t_128() {
    let gateway = Gateway::with(|settings| settings.send_budgets.subscription.clear());
    for kind in ["sms_otp", "sms_url", "sms_otp_url"] {
        for fields in 0..4 {
            let journey = gateway.routing.begin(&gateway.world.login(NUMBER), kind).await;
            let number = match kind {
                "sms_otp" => "42".to_owned(),
                _ => gateway.routing.number(journey).to_string(),
            };
            let fields = [
                ("number", number.as_str()),
                ("decision", "approve"),
                ("decision", "approve_here"),
                ("decision", "deny"),
            ][fields];
            let answer = Answer::by(Road::Browser, [fields]);
            let settled = gateway.routing.answer_here(journey, &answer).await;
            assert!(matches!(settled, Settled::Wrong(_)), "{kind} {fields:?}: {settled:?}");
        }
    }
}

#[tokio::test]
async fn a_code_is_worth_nothing_by_the_link_t_128() {
    use fiador_ports::Prompts as _;
    for kind in ["sms_otp", "sms_otp_url"] {
        let gateway = Gateway::new();
        let journey = gateway.routing.begin(&gateway.world.login(NUMBER), kind).await;
        let code = gateway.world.code().await;
        let reference = gateway.routing.prompt(journey).reference.unwrap();
        let by_reference = Answer::by(Road::Reference, [("code", &code)]);
        let settled = gateway.routing.answer(reference, &by_reference).await.unwrap();
        assert!(matches!(settled, Settled::Wrong(_)), "{settled:?}");
        let settled = gateway.routing.answer_here(journey, &answer(&code)).await;
        assert!(matches!(settled, Settled::Moved(_)), "{settled:?}");
    }
}

#[tokio::test]
async fn of_code_and_link_the_first_wins_and_both_die_together() {
    let gateway = Gateway::with(|settings| settings.send_budgets.subscription.clear());
    let by_code = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_otp_url").await;
    let (link, code) = (gateway.link().await, gateway.world.code().await);
    gateway.routing.answer_here(by_code, &answer(&code)).await;
    assert!(matches!(gateway.routing.stage(by_code), Stage::Verified { .. }));
    assert_eq!(gateway.get(&link).await.status, StatusCode::GONE);

    let by_link = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_otp_url").await;
    let (link, code) = (gateway.link().await, gateway.world.code().await);
    let number = gateway.routing.number(by_link).to_string();
    gateway.submit(&link, &[("number", &number)]).await;
    let late = gateway.routing.answer_here(by_link, &answer(&code)).await;
    assert!(matches!(late, Settled::TooLate(_)));

    let failed = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_otp_url").await;
    let (link, code) = (gateway.link().await, gateway.world.code().await);
    for _ in 0..3 {
        gateway.routing.answer_here(failed, &answer(&wrong(&code))).await;
    }
    assert!(is_refused(&gateway.routing.stage(failed), Refusal::Failed));
    assert_eq!(gateway.get(&link).await.status, StatusCode::GONE, "three wrong codes end both");
}

#[tokio::test]
async fn code_and_link_share_one_budget_of_attempts_t_121() {
    let gateway = Gateway::new();
    let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_otp_url").await;
    let (link, code) = (gateway.link().await, gateway.world.code().await);
    for _ in 0..2 {
        gateway.routing.answer_here(journey, &answer(&wrong(&code))).await;
    }
    let number = gateway.routing.number(journey).to_string();
    gateway.submit(&link, &[("number", &number)]).await;
    assert!(matches!(gateway.routing.stage(journey), Stage::Verified { .. }), "the third attempt");
    assert_eq!(gateway.routing.evaluated.lock()[&journey], 3);
}

#[tokio::test]
async fn a_denial_and_a_report_look_alike_from_the_waiting_browser_t_109() {
    let mut stages = Vec::new();
    for (decision, words) in [("deny", "Nobody was signed in."), ("report", "Stopped and reported")]
    {
        let gateway = Gateway::new();
        let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
        let reply = gateway.submit(&gateway.link().await, &[("decision", decision)]).await;
        assert!(reply.status == StatusCode::OK && reply.body.contains(words), "{}", reply.body);
        stages.push(gateway.routing.stage(journey));
    }
    assert!(is_refused(&stages[0], Refusal::Denied));
    assert_eq!(stages[0], stages[1]);
}

/// A login of a door without a browser, with this binding message.
fn from_a_server(gateway: &Gateway, binding_message: &str) -> Login {
    let mut login = Login { page: None, ..gateway.world.login(NUMBER) };
    login.ask.binding_message = Some(binding_message.to_owned());
    login
}

#[tokio::test]
async fn where_no_browser_waits_the_number_in_the_binding_message_is_chosen_and_told_nowhere_t_108()
{
    for (chosen, verified) in [("47", true), ("other", false)] {
        let gateway = Gateway::new();
        let login = from_a_server(&gateway, "47");
        let journey = gateway.routing.begin(&login, "sms_url").await;
        let link = gateway.link().await;
        let page = gateway.get(&link).await;
        let numbers = page.numbers();
        assert!(numbers.len() == 6 && numbers.contains(&47), "{numbers:?}");
        assert!(!page.body.contains("link-binding-message"), "{}", page.body);
        let text = gateway.world.texts().await.remove(0);
        assert!(!text.lines().next().unwrap().contains("47"), "{text}");

        let token = form_token(&page.body);
        let form = encode(&[("form", &token), ("decision", "approve")]);
        assert_eq!(gateway.ask(Method::POST, &link, &[], Some(form)).await.status, 410, "T-107");
        let other = another(&page, 47).to_string();
        let number = if verified { chosen } else { &*other };
        gateway.submit(&link, &[("number", number)]).await;
        let stage = gateway.routing.stage(journey);
        assert_eq!(matches!(stage, Stage::Verified { .. }), verified, "{stage:?}");
        assert_eq!(is_refused(&stage, Refusal::Denied), !verified, "{stage:?}");
    }
}

#[tokio::test]
async fn where_no_screen_shows_a_number_nobody_is_asked_t_107() {
    let gateway = Gateway::new();
    for (kind, unknown) in [("sms_url", false), ("sms_otp_url", false), ("sms_url", true)] {
        for binding_message in ["K7-42", "9", "09", "100", "+9", ""] {
            let mut login = from_a_server(&gateway, binding_message);
            if unknown {
                login.subject.subscriber = None;
            }
            let kind = Kind::ALL.into_iter().find(|one| one.id() == kind).unwrap();
            let authenticator = gateway.world.family.authenticator(kind).unwrap();
            let refused = authenticator.start(login.challenge(), None).await.unwrap_err();
            assert_eq!(refused, StartError::Unavailable, "{binding_message}");
        }
    }
    assert_eq!(gateway.world.texts().await, Vec::<String>::new());
    assert_eq!(gateway.world.budgets.commits(), 0, "nothing is spent");
}

#[tokio::test]
async fn a_locked_subscription_approves_nothing_t_103() {
    let gateway = Gateway::with(|settings| {
        settings.send_budgets.subscription.clear();
        settings.lock_out = vec![fiador_domain::quota::Limit::per_seconds(1, 3600)];
    });
    let waiting = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let guessed = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_otp").await;
    let code = code_in(gateway.world.texts().await.last().unwrap()).to_owned();
    gateway.routing.answer_here(guessed, &answer(&wrong(&code))).await;
    let number = gateway.routing.number(waiting).to_string();
    let stopped = gateway.submit(&link, &[("number", &number)]).await;
    assert!(stopped.body.contains("Stopped for your safety"), "{}", stopped.body);
    assert!(is_refused(&gateway.routing.stage(waiting), Refusal::Failed));
}

#[tokio::test]
async fn without_a_database_the_page_says_so_and_decides_nothing() {
    let gateway = Gateway::new();
    gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
    let link = gateway.link().await;
    let form = form_token(&gateway.get(&link).await.body);
    gateway.routing.is_broken.store(true, Ordering::SeqCst);
    let decision = [("form", &*form), ("decision", "deny")];
    for reply in [gateway.get(&link).await, gateway.post(&link, &decision).await] {
        assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(reply.body.contains(&format!("href=\"{link}\"")), "the way on: {}", reply.body);
    }
    gateway.routing.is_broken.store(false, Ordering::SeqCst);
    let denied = gateway.post(&link, &decision).await;
    assert!(denied.body.contains("Nobody was signed in"), "it was not taken for an answer");
}
