//! The part of the page that asks for the code.

use std::time::Duration;

use fiador_kernel::Language;
use serde_json::Value;

use crate::world::{NUMBER, World};

#[tokio::test]
async fn the_field_is_one_that_phones_fill_in_by_themselves() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let html = world.shown(&login, &state, false).html;
    for part in [
        r#"id="otp" name="code" type="text" inputmode="numeric" autocomplete="one-time-code""#,
        r#"<label for="otp">Code from the text message</label>"#,
        r#"aria-describedby="otp-hint""#,
        r#"<script src="/assets/sms-otp."#,
        "+34*******01",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
    assert!(!html.contains(NUMBER) && !html.contains("aria-invalid"), "{html}");
}

#[tokio::test]
async fn an_error_is_tied_to_the_field_and_counts_what_is_left() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    let (_, state) = world.guess(&login, &state, "x").await.unwrap();
    let html = world.shown(&login, &state, true).html;
    assert!(
        html.contains(r#"aria-invalid="true" aria-describedby="otp-error otp-hint""#),
        "{html}"
    );
    assert!(html.contains("You have 2 more tries."), "{html}");
    let (_, state) = world.guess(&login, &state, "x").await.unwrap();
    let html = world.shown(&login, &state, true).html;
    assert!(html.contains("You have one more try."), "{html}");
}

#[tokio::test]
async fn an_old_code_asks_for_a_new_one_instead_of_blaming_the_user() {
    let world = World::new();
    let login = world.login(NUMBER);
    let state = world.start(&login).await.unwrap().state;
    world.clock.advance(Duration::from_mins(3));
    let html = world.shown(&login, &state, true).html;
    assert!(html.contains("This code is too old.") && !html.contains("not the code"), "{html}");
    let unreadable = world.shown(&login, &Value::Null, false);
    assert!(unreadable.html.contains("This code is too old."));
}

#[tokio::test]
async fn the_page_says_when_a_new_code_may_be_asked_for() {
    let world = World::new();
    let login = world.login(NUMBER);
    let again_after = |state: &Value| world.shown(&login, state, false).again_after;
    let mut state = world.start(&login).await.unwrap().state;
    assert_eq!(again_after(&state), Some(60));
    world.clock.advance(Duration::from_millis(59_500));
    assert_eq!(again_after(&state), Some(1));
    world.clock.advance(Duration::from_millis(500));
    assert_eq!(again_after(&state), Some(0));
    state = world.again(&login, &state).await.unwrap().state;
    world.clock.advance(Duration::from_mins(1));
    state = world.again(&login, &state).await.unwrap().state;
    assert_eq!(again_after(&state), None, "three codes are all that a journey gets");
}

#[tokio::test]
async fn the_page_speaks_the_users_language() {
    let world = World::new();
    let mut login = world.login(NUMBER);
    login.ask.language = Language::Es;
    let state = world.start(&login).await.unwrap().state;
    let prompt = world.shown(&login, &state, true);
    assert_eq!(prompt.heading, "Escribe la clave");
    assert!(prompt.html.contains("Te quedan 3 intentos."), "{}", prompt.html);
}
