//! Codes: good once, for a while, and evenly spread.

use std::{collections::HashSet, sync::Arc, time::Duration};

use fiador_auth_sms::{CEILING, CodeSource, EntropyCodes};
use fiador_domain::quota::Limit;
use fiador_kernel::{Clock, Loa, OsEntropy};
use fiador_ports::{Answered, Authenticator, Exhausted, StartError};
use serde_json::{Value, json};

use crate::world::{Login, NUMBER, World, wrong};

#[tokio::test]
async fn the_code_of_the_message_verifies_at_level_two_t_101() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    let (answered, _) = world.guess(&login, &state, &code).await.unwrap();
    let Answered::Verified(evidence) = answered else { panic!("{answered:?}") };
    assert_eq!((evidence.level, CEILING), (Loa::Two, Loa::Two));
    assert_eq!(evidence.authenticator.as_str(), "sms_otp");
    let names = |list: &[fiador_kernel::Amr]| -> Vec<String> {
        list.iter().map(ToString::to_string).collect()
    };
    assert_eq!(names(&evidence.amr_mobile_connect), ["OTP_OK"]);
    assert_eq!(names(&evidence.amr_rfc8176), ["otp", "sms"]);
}

#[tokio::test]
async fn a_happy_login_costs_one_durable_commit_here() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    world.guess(&login, &state, &code).await.unwrap();
    assert_eq!(world.budgets.commits(), 1);
}

#[tokio::test]
async fn a_code_is_wrong_from_its_last_moment_on_t_120() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    world.clock.advance(Duration::from_mins(3) - Duration::from_micros(1));
    let (in_time, _) = world.guess(&login, &state, &code).await.unwrap();
    assert!(matches!(in_time, Answered::Verified(_)));
    world.clock.advance(Duration::from_micros(1));
    let (late, _) = world.guess(&login, &state, &code).await.unwrap();
    assert!(matches!(late, Answered::Wrong));
}

#[tokio::test]
async fn a_new_code_voids_the_old_one_t_121() {
    let world = World::new();
    let login = world.login(NUMBER);
    let first = world.start(&login).await.unwrap().state;
    let old = world.code().await;
    world.clock.advance(Duration::from_mins(1));
    let second = world.again(&login, &first).await.unwrap().state;
    let new = world.code().await;
    assert_ne!(old, new);
    let (answered, state) = world.guess(&login, &second, &old).await.unwrap();
    assert!(matches!(answered, Answered::Wrong));
    let (answered, _) = world.guess(&login, &state, &new).await.unwrap();
    assert!(matches!(answered, Answered::Verified(_)));
}

#[tokio::test]
async fn a_code_belongs_to_one_journey_t_120() {
    let world = World::new();
    let mine = world.login(NUMBER);
    let state = world.start(&mine).await.unwrap().state;
    let code = world.code().await;
    let mut other = mine.clone();
    other.journey = fiador_kernel::JourneyId::new("journey-2").unwrap();
    let (answered, _) = world.guess(&other, &state, &code).await.unwrap();
    assert!(matches!(answered, Answered::Wrong));
}

#[tokio::test]
async fn the_state_holds_no_code_t_120() {
    let world = World::new();
    let state = world.start(&world.login(NUMBER)).await.unwrap().state;
    let code = world.code().await;
    assert!(!state.to_string().contains(&code), "{state}");
}

#[tokio::test]
async fn codes_typed_with_spaces_are_the_same_codes() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    let spaced = format!(" {} {}\t", &code[..3], &code[3..]);
    let (answered, _) = world.guess(&login, &state, &spaced).await.unwrap();
    assert!(matches!(answered, Answered::Verified(_)));
}

#[tokio::test]
async fn anything_but_the_code_is_wrong() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let code = world.code().await;
    for text in [
        String::new(),
        wrong(&code),
        format!("{code}0"),
        format!("0{code}"),
        code[..5].to_owned(),
        format!("{code}\u{0}"),
        "'; --".to_owned(),
        "9".repeat(5000),
    ] {
        let (answered, _) = world.guess(&login, &state, &text).await.unwrap();
        assert!(matches!(answered, Answered::Wrong), "{text:?}");
    }
    let empty = fiador_ports::Answer::by(fiador_ports::Road::Browser, [("other", "1")]);
    let no_field = world.sms.evaluate(login.challenge(), &state, &empty);
    assert!(matches!(no_field.await, Ok(Answered::Wrong)));
}

#[tokio::test]
async fn a_state_that_is_not_ours_admits_and_starts_nothing() {
    let world = World::new();
    let login = world.login(NUMBER);
    for state in [Value::Null, json!({}), json!({ "salt": 1 }), json!([1, 2])] {
        assert_eq!(world.sms.admit(&state), Err(Exhausted));
        let refused = world.again(&login, &state).await.unwrap_err();
        assert_eq!(refused, StartError::Store(fiador_ports::StoreError::Corrupt));
    }
    assert!(world.texts().await.is_empty());
}

#[test]
fn every_digit_is_as_likely_at_every_place_t_120() {
    const DRAWS: u32 = 60_000;
    let codes = EntropyCodes::new(Arc::new(OsEntropy));
    let world = World::new();
    let login = world.login(NUMBER);
    let mut seen = [[0_u32; 10]; 6];
    let mut distinct = HashSet::new();
    for _ in 0..DRAWS {
        let code = codes.code(&login.challenge(), 6);
        assert_eq!(code.len(), 6);
        for (place, digit) in code.bytes().enumerate() {
            seen[place][usize::from(digit - b'0')] += 1;
        }
        distinct.insert(code);
    }
    // Nine degrees of freedom for each place: 50 is exceeded by chance less than once in ten
    // million runs.
    for counts in seen {
        let expected = f64::from(DRAWS) / 10.0;
        let chi_squared: f64 =
            counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
        assert!(chi_squared < 50.0, "{counts:?}");
    }
    assert!(distinct.len() > 57_000, "{}", distinct.len());
}

#[tokio::test]
async fn a_code_does_not_outlive_its_journey_t_130() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.expires_at = world.clock.now() + Duration::from_secs(150);
    let state = world.start(&login).await.unwrap().state;
    let prompt = world.shown(&login, &state, false);
    assert!(prompt.html.contains("good for 3 minutes"), "{}", prompt.html);
    assert_eq!(prompt.again_after, Some(60));
    let code = world.code().await;
    world.clock.advance(Duration::from_secs(89));
    let prompt = world.shown(&login, &state, false);
    assert!(prompt.html.contains("good for one minute"), "{}", prompt.html);
    assert_eq!(prompt.again_after, Some(0));
    world.clock.advance(Duration::from_secs(61));
    let (late, _) = world.guess(&login, &state, &code).await.unwrap();
    assert!(matches!(late, Answered::Wrong));
}

#[tokio::test]
async fn nothing_is_sent_in_the_last_minute_of_a_journey_t_130() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.expires_at = world.clock.now() + Duration::from_mins(2);
    let state = world.start(&login).await.unwrap().state;
    world.clock.advance(Duration::from_mins(1));
    assert_eq!(world.shown(&login, &state, false).again_after, None);
    let left = StartError::BudgetExhausted(Duration::from_mins(1));
    assert_eq!(world.again(&login, &state).await.unwrap_err(), left);
    let other = Login { expires_at: login.expires_at, ..world.login("34600000099") };
    assert_eq!(world.start(&other).await.unwrap_err(), StartError::Unavailable);
    assert_eq!(world.budgets.commits(), 1, "only the first message was spent");
}

#[tokio::test]
async fn two_browsers_that_ask_again_at_once_get_one_message() {
    let world = World::with(|settings| {
        settings.send_budgets.subscription = vec![Limit::per_seconds(100, 60)];
    });
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    world.clock.advance(Duration::from_mins(1));
    let (one, other) = tokio::join!(world.again(&login, &state), world.again(&login, &state));
    assert!(one.is_ok());
    assert_eq!(other.unwrap_err(), StartError::BudgetExhausted(Duration::from_mins(1)));
    assert_eq!(world.texts().await.len(), 2);
}
