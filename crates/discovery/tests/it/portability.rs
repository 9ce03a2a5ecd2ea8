//! A portability register over HTTP.

use std::{sync::Arc, time::Duration};

use fiador_discovery::{HolderAt, HttpPortability, RegisterError, RegisterSettings};
use fiador_kernel::{Msisdn, Plmn, Secret};
use fiador_ports::{FetchError, NumberHolder, NumberPortability, PortabilityError};
use fiador_testkit::{TestClock, doubles::ScriptedFetch};

use crate::world::World;

/// A register that says this, and remembers what it was asked.
fn register(status: u16, body: &'static str) -> Arc<ScriptedFetch> {
    Arc::new(ScriptedFetch::saying(Ok((status, body))))
}

fn settings() -> RegisterSettings {
    let holder = HolderAt::new("/holder/network", None).unwrap();
    RegisterSettings::new("https://mnp.example/v1/numbers/{msisdn}?full=0", holder)
}

fn portability(register: &Arc<ScriptedFetch>, clock: &TestClock) -> HttpPortability {
    let mut settings = settings();
    settings.authorization = Some(Secret::new("Bearer register-token".to_owned()));
    HttpPortability::new(settings, register.clone(), Arc::new(clock.clone())).unwrap()
}

fn number(last: u32) -> Msisdn {
    Msisdn::from_digits(&format!("44770090{last:04}")).unwrap()
}

#[tokio::test]
async fn the_register_is_asked_once_for_as_long_as_its_answer_is_kept() {
    let clock = TestClock::new();
    let register = register(200, r#"{"holder":{"network":"214_07"}}"#);
    let portability = portability(&register, &clock);
    let spain = Some(NumberHolder::Network(Plmn::new("214", "07").unwrap()));
    assert_eq!(portability.holder(&number(907)).await, Ok(spain.clone()));
    assert_eq!(portability.holder(&number(907)).await, Ok(spain));
    assert_eq!(register.asked().len(), 1);
    {
        let asked = register.asked();
        assert_eq!(asked[0].url, "https://mnp.example/v1/numbers/447700900907?full=0");
        assert!(
            asked[0]
                .headers
                .contains(&("authorization".into(), "Bearer register-token".to_owned()))
        );
        assert_eq!(asked[0].limits.total, Duration::from_millis(500));
    }
    clock.advance(Duration::from_hours(1));
    portability.holder(&number(907)).await.unwrap();
    assert_eq!(register.asked().len(), 2);
}

#[tokio::test]
async fn a_number_that_the_register_does_not_know_is_an_answer_too() {
    for (status, body) in
        [(404, "no such number"), (204, ""), (200, r#"{"holder":{"network":null}}"#)]
    {
        let register = register(status, body);
        let portability = portability(&register, &TestClock::new());
        assert_eq!(portability.holder(&number(907)).await, Ok(None), "{status}");
        portability.holder(&number(907)).await.unwrap();
        assert_eq!(register.asked().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_register_that_fails_is_left_alone_and_tried_again() {
    let clock = TestClock::new();
    let register = register(200, r#"{"holder":{"network":"214_07"}}"#);
    let portability = portability(&register, &clock);
    register.say(Err(FetchError::TimedOut));
    for n in 0..5 {
        assert_eq!(portability.holder(&number(n)).await, Err(PortabilityError::Silent));
    }
    assert_eq!(portability.holder(&number(6)).await, Err(PortabilityError::LeftAlone));
    assert_eq!(register.asked().len(), 5);
    clock.advance(Duration::from_secs(10));
    register.say(Ok((200, r#"{"holder":{"network":"214_07"}}"#)));
    assert!(portability.holder(&number(7)).await.is_ok());
    assert!(portability.holder(&number(8)).await.is_ok());
}

#[tokio::test]
async fn answers_that_say_nothing_are_failures_and_are_not_kept() {
    for (status, body) in
        [(500, ""), (403, "{}"), (200, "<html>"), (200, "{}"), (200, r#"{"holder":7}"#)]
    {
        let register = register(status, body);
        let portability = portability(&register, &TestClock::new());
        assert!(portability.holder(&number(907)).await.is_err(), "{status} {body}");
        assert!(portability.holder(&number(907)).await.is_err(), "{status} {body}");
        assert_eq!(register.asked().len(), 2);
    }
}

#[test]
fn settings_that_ask_for_no_number_or_wait_too_long_are_refused() {
    let refused = |change: fn(&mut RegisterSettings)| {
        let mut settings = settings();
        change(&mut settings);
        let register = register(404, "");
        HttpPortability::new(settings, register, Arc::new(TestClock::new())).err()
    };
    assert_eq!(refused(|_| {}), None);
    let no_number = |s: &mut RegisterSettings| s.url = "https://mnp.example/".to_owned();
    assert_eq!(refused(no_number), Some(RegisterError::NoNumber));
    let two = |s: &mut RegisterSettings| s.url = "https://mnp.example/{msisdn}/{msisdn}".to_owned();
    assert_eq!(refused(two), Some(RegisterError::NoNumber));
    assert_eq!(refused(|s| s.timeout = Duration::from_secs(4)), Some(RegisterError::Timeout));
    assert_eq!(refused(|s| s.timeout = Duration::ZERO), Some(RegisterError::Timeout));
}

#[tokio::test]
async fn discovery_believes_its_list_then_the_register_then_the_ranges() {
    let ask = async |status, body, number: &str| {
        let register = register(status, body);
        let world = World::with_register(|clock| Arc::new(portability(&register, clock)));
        let answer = world.ask(&[("MSISDN", number)]).await;
        (answer.status.as_u16() == 200).then(|| answer.operator())
    };
    let to_spain = r#"{"holder":{"network":"214_07"}}"#;
    let b = Some("Operator B".to_owned());
    let a = Some("Operator A".to_owned());
    assert_eq!(ask(200, to_spain, "447700900907").await, b, "the register says so");
    assert_eq!(ask(200, r#"{"holder":{"network":"theirs"}}"#, "447700900907").await, b, "by name");
    assert_eq!(ask(200, r#"{"holder":{"network":"999_99"}}"#, "447700900907").await, None);
    assert_eq!(ask(200, to_spain, "447700900802").await, None, "the list says: to nobody we know");
    assert_eq!(ask(404, "", "447700900907").await, a, "its range");
    assert_eq!(ask(500, "", "447700900907").await, a, "a register that fails leaves the range");
}
