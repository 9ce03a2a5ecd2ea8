//! The message on its way out.

use std::{sync::atomic::Ordering, time::Duration};

use fiador_domain::subscriber::SubscriberStatus;
use fiador_kernel::{Language, Msisdn, ScopeSet};
use fiador_ports::{Authenticator, Challenge, SendError, StartError};

use crate::world::{Login, NUMBER, World, code_in, settle};

#[tokio::test]
async fn the_message_goes_to_the_number_and_lives_as_long_as_the_code() {
    let world = World::new();
    world.start(&world.login(NUMBER)).await.unwrap();
    settle().await;
    let outbox = world.centre.outbox.lock();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].destination.digits(), NUMBER);
    assert_eq!((outbox[0].sender.as_str(), outbox[0].validity), ("Fiador", Duration::from_mins(3)));
}

#[tokio::test]
async fn the_last_line_is_bound_to_our_host_and_the_text_is_in_the_users_language() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.ask.language = Language::Es;
    login.ask.context = Some("Pago de 12.50 EUR".to_owned());
    world.start(&login).await.unwrap();
    let text = world.texts().await.remove(0);
    let code = code_in(&text);
    assert_eq!(
        text,
        format!(
            "{code} es tu clave para Acme Shop (Pago de 12.50 EUR). No la compartas con nadie.\
             \n\n@id.mno.example #{code}"
        )
    );
}

#[tokio::test]
async fn a_link_in_the_context_never_reaches_a_phone_t_125() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.ask.context = Some("Confirm at https://evil.example/x".to_owned());
    login.ask.binding_message = Some("call 900 123 456".to_owned());
    world.start(&login).await.unwrap();
    let text = world.texts().await.remove(0);
    assert!(!text.contains("evil") && !text.contains("900"), "{text}");
}

#[tokio::test]
async fn without_a_message_centre_nobody_can_start_and_nothing_is_spent_t_048() {
    let world = World::new();
    world.centre.available.store(false, Ordering::SeqCst);
    assert!(!world.is_available() && !world.sms.candidate().available);
    for number in [NUMBER, "34600000099"] {
        let refused = world.start(&world.login(number)).await.unwrap_err();
        assert_eq!(refused, StartError::Unavailable);
    }
    assert_eq!(world.budgets.commits(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_is_tried_again_and_a_refusal_is_not_t_131() {
    let world = World::new();
    world.centre.errors.lock().extend([SendError::QueueFull, SendError::Unavailable]);
    world.start(&world.login(NUMBER)).await.unwrap();
    tokio::time::sleep(Duration::from_secs(4)).await;
    assert_eq!(world.texts().await.len(), 1);
    assert_eq!(world.centre.submissions.load(Ordering::SeqCst), 3);

    // "It may have arrived" must not become two messages.
    let refusals = [
        SendError::Refused { message_centre: "a".to_owned(), status: 0x0b },
        SendError::Unknown { message_centre: "a".to_owned() },
    ];
    for refusal in refusals {
        let world = World::new();
        world.centre.errors.lock().push_back(refusal);
        world.start(&world.login(NUMBER)).await.unwrap();
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(world.centre.submissions.load(Ordering::SeqCst), 1);
        assert!(world.texts().await.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn retries_end() {
    let world = World::new();
    world.centre.errors.lock().extend(std::iter::repeat_n(SendError::QueueFull, 100));
    world.start(&world.login(NUMBER)).await.unwrap();
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert_eq!(world.centre.submissions.load(Ordering::SeqCst), 4);
}

#[tokio::test(start_paused = true)]
async fn a_code_with_less_than_a_minute_to_live_is_not_handed_over_t_130() {
    let world = World::new();
    world.centre.errors.lock().push_back(SendError::QueueFull);
    world.start(&world.login(NUMBER)).await.unwrap();
    settle().await;
    world.clock.advance(Duration::from_secs(121));
    tokio::time::sleep(Duration::from_secs(10)).await;
    assert!(world.texts().await.is_empty());
    assert_eq!(world.centre.submissions.load(Ordering::SeqCst), 1);
}

#[tokio::test(start_paused = true)]
async fn places_for_messages_are_bounded_and_given_back() {
    let world = World::with(|settings| settings.parallel_deliveries = 2);
    world.centre.hangs.store(true, Ordering::SeqCst);
    for number in [NUMBER, "34600000002", "34600000003"] {
        world.add_subscriber(number, SubscriberStatus::Active);
    }
    assert!(world.start(&world.login(NUMBER)).await.is_ok());
    assert!(world.start(&world.login("34600000002")).await.is_ok());
    let third = world.login("34600000003");
    let unknown = world.login("34600000099");
    assert_eq!(world.start(&third).await.unwrap_err(), StartError::Unavailable);
    assert_eq!(world.start(&unknown).await.unwrap_err(), StartError::Unavailable);
    // What waits for longer than the code could live is withdrawn.
    tokio::time::sleep(Duration::from_mins(3)).await;
    world.centre.hangs.store(false, Ordering::SeqCst);
    assert!(world.start(&third).await.is_ok());
    assert_eq!(world.texts().await.len(), 1);
}

#[tokio::test]
async fn a_subscription_that_was_blocked_meanwhile_gets_nothing() {
    let world = World::new();
    let login = world.login(NUMBER);
    world.add_subscriber(NUMBER, SubscriberStatus::Blocked);
    assert!(world.start(&login).await.is_ok());
    assert!(world.texts().await.is_empty());
}

#[tokio::test]
async fn a_number_that_was_just_read_is_used_and_never_without_a_subscription_t_048() {
    let world = World::new();
    let number = Msisdn::from_digits(NUMBER).unwrap();
    let known = world.login(NUMBER);
    // Nobody reads the subscription again: it is gone.
    world.subscribers.rows().clear();
    let unknown = world.login(NUMBER);
    for login in [&known, &unknown] {
        let challenge = Challenge { number: Some(&number), ..login.challenge() };
        assert!(world.sms.start(challenge, None).await.is_ok());
        settle().await;
        world.clock.advance(Duration::from_mins(2));
    }
    assert_eq!(world.texts().await.len(), 1);
}

#[tokio::test]
async fn whoever_decides_on_a_text_sees_all_of_it_or_no_message_leaves() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.ask.scopes = ScopeSet::parse("openid mc_authz").unwrap();
    login.ask.binding_message = Some("AB-1".to_owned());
    for context in ["see evil.example".to_owned(), "ж".repeat(200)] {
        login.ask.context = Some(context);
        for number in [NUMBER, "34600000099"] {
            let asker = world.login(number);
            let asker = Login { ask: login.ask.clone(), ..asker };
            assert_eq!(world.start(&asker).await.unwrap_err(), StartError::TextTooLong);
        }
    }
    assert_eq!(world.budgets.commits(), 0, "a refused text spends nothing");
    let context = format!("Pay 49.99 EUR to {}", "Ana ".repeat(25));
    login.ask.context = Some(context.clone());
    world.start(&login).await.unwrap();
    let text = world.texts().await.remove(0);
    assert!(text.contains(context.trim_end()) && text.contains("AB-1"), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_shutdown_can_wait_for_messages_under_way_t_249() {
    let world = World::new();
    world.centre.errors.lock().push_back(SendError::QueueFull);
    world.start(&world.login(NUMBER)).await.unwrap();
    assert!(world.centre.outbox.lock().is_empty());
    world.family.settled().await;
    assert_eq!(world.centre.outbox.lock().len(), 1);
}
