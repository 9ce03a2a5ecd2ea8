//! What the three authenticators share: budgets, watches, and what became of a message.

use std::time::Duration;

use fiador_auth_sms::{ConversionAlarm, GuessAlarm, Kind, MessageText};
use fiador_domain::{
    journey::{Delivery, Prompt},
    quota::Limit,
};
use fiador_kernel::{Digest, Language};
use fiador_ports::{Authenticator as _, Road, SendError, StartError};

use crate::{
    phone::Gateway,
    world::{Login, NUMBER, World, settle},
};

#[tokio::test]
async fn all_three_spend_the_budgets_of_one_subscription_t_122() {
    for first in Kind::ALL {
        for second in Kind::ALL {
            let world = World::new();
            let login = world.login(NUMBER);
            let [first, second] =
                [first, second].map(|kind| world.family.authenticator(kind).unwrap());
            first.start(login.challenge(), None).await.unwrap();
            let refused = second.start(login.challenge(), None).await.unwrap_err();
            assert_eq!(refused, StartError::BudgetExhausted(Duration::from_mins(1)));
        }
    }
}

#[tokio::test]
async fn sending_a_link_again_is_counted_apart_from_sending_a_code_again() {
    let world = World::with(|settings| settings.send_budgets.subscription.clear());
    let login = world.login(NUMBER);
    for kind in Kind::ALL {
        let authenticator = world.family.authenticator(kind).unwrap();
        let first = authenticator.start(login.challenge(), None).await.unwrap();
        world.clock.advance(Duration::from_mins(1));
        let second = authenticator.start(login.challenge(), Some(&first.state)).await.unwrap();
        assert_ne!(first.reference, second.reference, "{kind}");
    }
}

#[tokio::test]
async fn wrong_numbers_and_reports_raise_the_alarm_of_wrong_codes_t_124() {
    for decision in ["wrong", "report"] {
        let gateway = Gateway::with(|settings| {
            settings.send_budgets.subscription.clear();
            settings.send_budgets.client = vec![Limit::per_seconds(8, 1)];
            settings.guess_alarm = GuessAlarm { minimum_guesses: 8, ..GuessAlarm::default() };
            settings.lock_out = vec![Limit::per_seconds(100, 1)];
        });
        for _ in 0..8 {
            let journey = gateway.routing.begin(&gateway.world.login(NUMBER), "sms_url").await;
            let link = gateway.link().await;
            let page = gateway.get(&link).await;
            let number = gateway.routing.number(journey);
            let other = page.numbers().into_iter().find(|&one| one != number).unwrap().to_string();
            let field = match decision {
                "wrong" => ("number", &*other),
                _ => ("decision", "report"),
            };
            gateway.submit(&link, &[field]).await;
        }
        gateway.world.clock.advance(Duration::from_secs(2));
        let mut sent = 0;
        for _ in 0..8 {
            let login = gateway.world.login(NUMBER);
            sent += u32::from(gateway.world.start(&login).await.is_ok());
        }
        assert_eq!(sent, 4, "{decision}: half of the client's budget");
    }
}

#[tokio::test]
async fn messages_that_nobody_answers_halve_the_budget_of_who_asks_for_them_t_122() {
    let world = World::with(|settings| {
        settings.send_budgets.client = vec![Limit::per_seconds(10, 1)];
        settings.send_budgets.browser_network.clear();
        settings.conversion_alarm = ConversionAlarm { minimum_sends: 10, ..Default::default() };
    });
    let sends = async |from: u32, answer: bool| {
        let mut sent = 0;
        for number in from..from + 10 {
            let mut login = world.login(&format!("346{number:08}"));
            login.subject.number_block = Digest::of(number.to_string());
            login.subject.subscriber = Some(crate::world::subscriber_id(
                &fiador_kernel::Msisdn::from_digits(NUMBER).unwrap(),
            ));
            let Ok(started) = world.start(&login).await else { continue };
            sent += 1;
            if answer {
                let code = world.code().await;
                world.guess(&login, &started.state, &code).await.unwrap();
            }
        }
        sent
    };
    assert_eq!(sends(0, false).await, 10);
    world.clock.advance(Duration::from_mins(4));
    assert_eq!(sends(100, true).await, 10, "nobody is judged while people type");
    world.clock.advance(Duration::from_mins(4));
    assert_eq!(sends(200, true).await, 5, "none of ten was answered");
    world.clock.advance(Duration::from_mins(12));
    assert_eq!(sends(300, true).await, 10, "fifteen of twenty-five were answered");
}

#[tokio::test]
async fn the_fate_of_every_message_finds_its_prompt() {
    for kind in Kind::ALL {
        let world = World::new();
        let authenticator = world.family.authenticator(kind).unwrap();
        let started = authenticator.start(world.login(NUMBER).challenge(), None).await.unwrap();
        settle().await;
        let tracking = world.centre.outbox.lock()[0].tracking;
        assert!(tracking.is_some() && tracking == started.reference, "{kind}");
        assert!(world.reports.0.lock().is_empty(), "what a centre took, its receipts tell of");
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_no_centre_takes_is_reported_within_three_seconds_t_131() {
    let refused = SendError::Refused { message_centre: "a".to_owned(), status: 0x0b };
    let unknown = SendError::Unknown { message_centre: "a".to_owned() };
    for (error, number, lost) in [
        (refused.clone(), NUMBER, true),
        (SendError::NotEncodable("sender"), NUMBER, true),
        // It may have arrived, and then its answer counts.
        (unknown, NUMBER, false),
        // Must look like a number that does not answer (T-048).
        (refused, "34600000099", false),
    ] {
        let world = World::new();
        world.centre.errors.lock().push_back(error);
        let started = world.start(&world.login(number)).await.unwrap();
        settle().await;
        let reports = world.reports.0.lock().clone();
        let wanted: Vec<_> =
            lost.then(|| (started.reference.unwrap(), Delivery::Failed)).into_iter().collect();
        assert_eq!(reports, wanted);
    }
    let world = World::new();
    world.centre.errors.lock().extend(std::iter::repeat_n(SendError::Unavailable, 9));
    let started = tokio::time::Instant::now();
    world.start(&world.login(NUMBER)).await.unwrap();
    world.family.settled().await;
    assert!(started.elapsed() <= Duration::from_secs(3));
    assert_eq!(world.reports.0.lock().len(), 1);
}

#[tokio::test]
async fn the_page_tells_the_fate_of_a_message_only_where_the_operator_wants_it_t_048() {
    let fates = [
        (Delivery::Unknown, None),
        (Delivery::Accepted, Some("The message was sent.")),
        (Delivery::Delivered, Some("The message is on your phone.")),
        (Delivery::Failed, Some("The message could not be delivered.")),
    ];
    for show_delivery in [false, true] {
        let world = World::with(|settings| settings.show_delivery = show_delivery);
        let login = world.login(NUMBER);
        let state = world.start(&login).await.unwrap().state;
        for (delivery, words) in fates {
            let prompt = Prompt {
                authenticator: world.sms.candidate().id,
                state: state.clone(),
                at: fiador_kernel::Clock::now(&world.clock),
                reference: None,
                delivery,
            };
            let html = world.sms.prompt(login.challenge(), &prompt, false).html;
            let shown = words.is_some_and(|words| html.contains(words));
            assert_eq!(shown, show_delivery && words.is_some(), "{html}");
            assert_eq!(html.contains(r#"id="delivery""#), shown);
        }
    }
}

#[tokio::test]
async fn a_late_receipt_extends_nothing_t_130() {
    let gateway = Gateway::new();
    let login = gateway.world.login(NUMBER);
    let journey = gateway.routing.begin(&login, "sms_otp_url").await;
    let (link, code) = (gateway.link().await, gateway.world.code().await);
    gateway.world.clock.advance(Duration::from_mins(3));
    let prompt = Prompt { delivery: Delivery::Delivered, ..gateway.routing.prompt(journey) };
    let kind = gateway.world.family.authenticator(Kind::OtpUrl).unwrap();
    assert!(kind.prompt(login.challenge(), &prompt, false).html.contains("too old"));
    let late = fiador_ports::Answer::by(Road::Browser, [("code", &code)]);
    let answered = kind.evaluate(login.challenge(), &prompt.state, &late).await.unwrap();
    assert!(matches!(answered, fiador_ports::Answered::Wrong));
    assert_eq!(gateway.get(&link).await.status, http::StatusCode::GONE);
}

#[tokio::test]
async fn an_operators_own_words_and_link_domain_are_used() {
    let gateway = Gateway::with(|settings| {
        settings.link_base = fiador_kernel::Issuer::new("https://m.example/s", false).unwrap();
        settings.texts = vec![MessageText {
            language: Language::En,
            kind: Kind::OtpUrl,
            text: "MNO: {code} for {client}{details}, or open".to_owned(),
        }];
    });
    let mut login = Login { page: None, ..gateway.world.login(NUMBER) };
    login.ask.binding_message = Some("47".to_owned());
    gateway.routing.begin(&login, "sms_otp_url").await;
    let text = gateway.world.texts().await.remove(0);
    let lines: Vec<&str> = text.lines().collect();
    let code = crate::world::code_in(&text);
    assert_eq!(lines[0], format!("MNO: {code} for Acme Shop, or open"));
    assert_eq!(lines[2..], ["", &format!("@id.mno.example #{code}")]);
    let path = lines[1].strip_prefix("https://m.example").unwrap();
    assert!(path.starts_with("/s/l/"), "{path}");
    let page = gateway.get(path).await;
    assert!(page.body.contains(&format!(r#"action="{path}""#)), "{}", page.body);
}

#[tokio::test]
async fn an_unknown_number_waits_for_a_link_like_a_known_one_t_048() {
    for kind in ["sms_url", "sms_otp_url"] {
        let pages = ["34600000001", "34600000009"].map(async |number| {
            let gateway = Gateway::new();
            let login = gateway.world.login(number);
            let journey = gateway.routing.begin(&login, kind).await;
            let commits = gateway.world.budgets.commits();
            let shown = gateway.routing.shown(journey);
            let html = shown.html.replace(&login.subject.masked, "NUMBER");
            let number = gateway.routing.number(journey).to_string();
            let html = html.replace(&format!(">{number}<"), ">00<");
            (shown.heading, html, shown.answered_here, shown.again_after, commits)
        });
        let [known, unknown] = pages;
        assert_eq!(known.await, unknown.await);
    }
}

#[tokio::test]
async fn a_link_is_answered_on_the_phone_and_a_code_in_the_browser() {
    let world = World::new();
    for kind in Kind::ALL {
        let authenticator = world.family.authenticator(kind).unwrap();
        let candidate = authenticator.candidate();
        assert_eq!(candidate.id.as_str(), kind.id());
        assert_eq!(candidate.ceiling, fiador_auth_sms::CEILING);
        assert_eq!(candidate.reach.works_without_browser(), kind.has_link());
    }
}
