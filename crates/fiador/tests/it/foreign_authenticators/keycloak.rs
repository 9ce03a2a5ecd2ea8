//! A login that Keycloak begins and the example authenticator answers: no browser of ours anywhere.

use super::logins::{answer_there, open_there, with_the_example};
use crate::world::{Keycloak, eventually};

/// What Keycloak hears when the person answers by `choose` while the till shows 47: at once, or when
/// the gateway ends.
async fn asked_and_chosen(
    choose: impl Fn(&str) -> (&'static str, String),
    at_once: bool,
) -> String {
    let keycloak = Keycloak::start().await;
    let (mut running, example) = with_the_example("back_channel", &keycloak.configuration()).await;
    let token = keycloak.ask(&running, "447700900001", "47").await;

    let phone = eventually("the phone is asked", async || {
        let phone = open_there(&running, &format!("{}/phone", example.issuer)).await;
        phone.answer.text.contains("name=\"transaction\"").then_some(phone)
    })
    .await;
    let text = &phone.answer.text;
    assert!(text.contains("portal") && !text.contains("Reference"), "{text}");
    assert_eq!(text.matches("name=\"number\"").count(), 3, "{text}");
    let (name, value) = choose(text);
    answer_there(&running, &phone, &[(name, &value)]).await;
    if !at_once {
        running.gateway.terminate().unwrap();
    }
    keycloak.outcome(&token).await
}

#[tokio::test(flavor = "multi_thread")]
async fn keycloak_asks_and_the_phone_chooses_what_the_till_shows() {
    let said = asked_and_chosen(|_| ("number", "47".to_owned()), true).await;
    assert_eq!(said, "SUCCEED");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_number_or_a_denial_is_no_success_t_107() {
    let other = |text: &str| {
        let numbers = text.split("name=\"number\" value=\"").skip(1).map(|rest| &rest[..2]);
        let other = numbers.into_iter().find(|number| *number != "47").unwrap();
        ("number", other.to_owned())
    };
    assert_eq!(asked_and_chosen(other, false).await, "UNAUTHORIZED");
    let denied = asked_and_chosen(|_| ("answer", "deny".to_owned()), true).await;
    assert_eq!(denied, "CANCELLED");
}
