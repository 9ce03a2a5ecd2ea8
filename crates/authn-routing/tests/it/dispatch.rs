//! Later events go to the adaptor that holds the challenge.

use std::{collections::BTreeMap, sync::Arc};

use fiador_authn_routing::Router;
use fiador_kernel::Loa;
use fiador_ports::{Answer, Answered, Authenticator, AuthenticatorRouter, Exhausted};
use serde_json::json;

use crate::scripted::{Journey, Scripted, id};

fn router(adaptors: [Scripted; 2]) -> Router {
    Router::new(adaptors.into_iter().map(|a| a.arc() as Arc<dyn Authenticator>).collect())
}

fn two() -> Router {
    router([Scripted::new("first", Loa::Two), Scripted::new("second", Loa::Three)])
}

fn answer(code: &str) -> Answer {
    Answer(BTreeMap::from([("code".to_owned(), code.to_owned())]))
}

#[tokio::test]
async fn every_event_reaches_the_named_authenticator() {
    let (router, journey) = (two(), Journey::asking(&[]));
    let state = json!(1);
    assert_eq!(router.admit(&id("second"), &state).unwrap()["admitted_by"], "second");
    let prompt = router.prompt(&id("second"), journey.challenge(), &state, false).unwrap();
    assert_eq!(prompt.heading, "second");
    let verified =
        router.evaluate(&id("second"), journey.challenge(), &state, &answer("right")).await;
    assert!(matches!(
        verified,
        Ok(Answered::Verified(evidence)) if evidence.authenticator == id("second")
    ));
    let wrong = router.evaluate(&id("first"), journey.challenge(), &state, &answer("x")).await;
    assert!(matches!(wrong, Ok(Answered::Wrong)));
}

#[tokio::test]
async fn an_authenticator_that_is_gone_admits_nobody() {
    let (router, journey) = (two(), Journey::asking(&[]));
    let gone = id("gone");
    assert_eq!(router.admit(&gone, &json!(1)), Err(Exhausted));
    assert!(router.prompt(&gone, journey.challenge(), &json!(1), false).is_none());
    let answered = router.evaluate(&gone, journey.challenge(), &json!(1), &answer("right")).await;
    assert!(matches!(answered, Ok(Answered::Failed)));
}

#[tokio::test]
async fn a_claim_above_the_ceiling_verifies_nobody_t_101() {
    let router = router([
        Scripted::new("boaster", Loa::Two).claiming(Loa::Four),
        Scripted::new("modest", Loa::Three).claiming(Loa::Two),
    ]);
    let journey = Journey::asking(&[]);
    let boast =
        router.evaluate(&id("boaster"), journey.challenge(), &json!(1), &answer("right")).await;
    assert!(matches!(boast, Ok(Answered::Failed)));
    let modest =
        router.evaluate(&id("modest"), journey.challenge(), &json!(1), &answer("right")).await;
    assert!(matches!(modest, Ok(Answered::Verified(evidence)) if evidence.level == Loa::Two));
}
