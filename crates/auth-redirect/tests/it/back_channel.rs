//! The back-channel form.

use std::{sync::Arc, time::Duration};

use fiador_auth_redirect::{BackChannel, ForeignAuthenticator, ForeignForm, Results};
use fiador_domain::journey::{Delivery, Journey, Refusal, Stage};
use fiador_ports::{Answer, Authenticator as _, Prompts, Road, Settled, StartError};
use http::StatusCode;
use serde_json::{Value, json};

use crate::world::{
    BANK, NUMBER, Routing, World, approval, challenge, live, post, request_of, signed,
};

const START: &str = "https://bank.example/start";
const STATUS: &str = "https://bank.example/status";
const CANCEL: &str = "https://bank.example/cancel";
const RESULT: &str = "/authenticators/bank_app/result";

fn form(results: Results) -> ForeignForm {
    ForeignForm::BackChannel(BackChannel {
        start_endpoint: START.to_owned(),
        cancel_endpoint: Some(CANCEL.to_owned()),
        results,
        parallel: 2,
    })
}

fn polled() -> ForeignForm {
    let interval = Duration::from_secs(2);
    form(Results::Polled { status_endpoint: STATUS.to_owned(), interval })
}

struct Phone {
    world: World,
    bank: Arc<ForeignAuthenticator>,
    routing: Arc<Routing<ForeignAuthenticator>>,
    routes: axum::Router,
}

impl Phone {
    fn new(form: ForeignForm) -> Self {
        Self::starting(form, 202)
    }

    /// A bank whose `start_endpoint` answers with this status.
    fn starting(form: ForeignForm, status: u16) -> Self {
        let world = World::new();
        world.fetch.answer(START, status, &json!({ "id": "b-1" }));
        world.fetch.answer(CANCEL, 200, &json!({}));
        let bank = world.bank(form);
        let routing = Routing::new(&world, &bank);
        let routes = bank.routes();
        Self { world, bank, routing, routes }
    }

    async fn login(&self) -> (Journey, Value) {
        let journey = self.routing.login("j", NUMBER).await;
        let request = request_of(&self.world, &journey);
        (journey, request)
    }

    fn approval(&self, journey: &Journey, request: &Value) -> Value {
        let mut claims = approval(&self.world, request);
        claims["number"] = live(journey).state["number"].clone();
        claims
    }

    async fn push(&self, claims: &Value) -> StatusCode {
        post(&self.routes, RESULT, &[("result", &signed(claims))]).await.status
    }
}

#[tokio::test(start_paused = true)]
async fn the_request_is_posted_and_the_pushed_result_counts_once() {
    let phone = Phone::new(form(Results::Pushed));
    let (journey, request) = phone.login().await;
    assert_eq!(request["form"], "back_channel");
    assert_eq!(request["result_uri"], "https://id.mno.example/authenticators/bank_app/result");
    phone.bank.settled().await;
    let posted = phone.world.fetch.posts(START);
    assert_eq!(posted.len(), 1);
    assert_eq!(posted[0]["request"], live(&journey).state["request"].as_str().unwrap());
    let Stage::Challenged { chain, .. } = phone.routing.stage("j") else { panic!() };
    assert_eq!(chain.live[0].delivery, Delivery::Accepted);

    let claims = phone.approval(&journey, &request);
    assert_eq!(phone.push(&claims).await, StatusCode::NO_CONTENT);
    assert!(matches!(phone.routing.stage("j"), Stage::Verified { .. }));
    assert_eq!(phone.push(&claims).await, StatusCode::NOT_FOUND);
}

#[tokio::test(start_paused = true)]
async fn the_phone_must_choose_the_number_that_the_page_shows_t_128() {
    let phone = Phone::new(form(Results::Pushed));
    let (journey, request) = phone.login().await;
    let numbers: Vec<&str> =
        request["numbers"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    let number = live(&journey).state["number"].as_str().unwrap().to_owned();
    assert_eq!(numbers.len(), 3);
    assert!(numbers.contains(&number.as_str()));
    assert!(phone.routing.fragment("j").html.contains(&number));

    let mut claims = phone.approval(&journey, &request);
    claims["number"] = json!(numbers.iter().find(|other| **other != number).unwrap());
    assert_eq!(phone.push(&claims).await, StatusCode::NO_CONTENT);
    assert!(matches!(phone.routing.stage("j"), Stage::Refused { reason: Refusal::Failed, .. }));

    let phone = Phone::new(form(Results::Pushed));
    let (journey, request) = phone.login().await;
    let mut claims = phone.approval(&journey, &request);
    claims.as_object_mut().unwrap().remove("number");
    phone.push(&claims).await;
    assert!(matches!(phone.routing.stage("j"), Stage::Refused { .. }), "a bare approval is none");
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_to_approve_by_a_bare_click_t_107() {
    let phone = Phone::new(form(Results::Pushed));
    let (mut journey, _) = phone.login().await;
    (journey.browser, journey.page) = (None, None);
    // `K7` is no number that could be chosen among others.
    let refused = phone.bank.start(challenge(&journey), None).await;
    assert!(matches!(refused, Err(StartError::Unavailable)));
}

#[tokio::test(start_paused = true)]
async fn without_a_page_a_number_as_binding_message_is_chosen_and_not_shown_t_108() {
    for (chosen, verified) in [("47", true), ("48", false)] {
        let phone = Phone::new(form(Results::Pushed));
        let by_number = |journey: &mut Journey| {
            (journey.browser, journey.page) = (None, None);
            let mut ask = (*journey.ask).clone();
            ask.binding_message = Some("47".to_owned());
            journey.ask = Arc::new(ask);
        };
        let journey = phone.routing.login_with("j", NUMBER, by_number).await;
        let request = request_of(&phone.world, &journey);
        assert!(request.get("binding_message").is_none());
        assert!(request["numbers"].as_array().unwrap().contains(&json!("47")));
        let mut claims = approval(&phone.world, &request);
        claims["number"] = json!(chosen);
        phone.push(&claims).await;
        assert_eq!(
            matches!(phone.routing.stage("j"), Stage::Verified { .. }),
            verified,
            "{chosen}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_is_fetched_where_that_is_agreed() {
    let phone = Phone::new(polled());
    let (journey, request) = phone.login().await;
    let result = signed(&phone.approval(&journey, &request));
    phone.world.fetch.answer(STATUS, 200, &json!({ "status": "pending" }));
    phone.world.fetch.answer(STATUS, 200, &json!({ "status": "ended", "result": result }));
    phone.bank.settled().await;
    assert_eq!(phone.world.fetch.posts(STATUS).len(), 2);
    assert!(matches!(phone.routing.stage("j"), Stage::Verified { .. }));
}

#[tokio::test(start_paused = true)]
async fn an_authenticator_that_cannot_ask_is_reported_so_that_the_next_one_does() {
    for (start, status) in [(503, None), (202, Some(500)), (202, Some(200))] {
        let phone = Phone::starting(polled(), start);
        if let Some(status) = status {
            phone.world.fetch.answer(STATUS, status, &json!({ "status": "?" }));
        }
        phone.login().await;
        phone.bank.settled().await;
        let Stage::Challenged { chain, .. } = phone.routing.stage("j") else { panic!() };
        assert_eq!(chain.live[0].delivery, Delivery::Failed, "{start} {status:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_about_an_unknown_number_t_048() {
    let phone = Phone::new(form(Results::Pushed));
    let journey = phone.routing.login("j", "34600000099").await;
    phone.bank.settled().await;
    assert!(phone.world.fetch.posts(START).is_empty());
    let request = request_of(&phone.world, &journey);
    assert_eq!(request["numbers"].as_array().unwrap().len(), 3, "the page looks the same");
}

#[tokio::test(start_paused = true)]
async fn only_so_many_requests_are_on_their_way() {
    let phone = Phone::new(polled());
    phone.world.fetch.answer(STATUS, 200, &json!({ "status": "pending" }));
    let first = phone.routing.login("j", NUMBER).await;
    phone.routing.login("k", NUMBER).await;
    let refused = phone.bank.start(challenge(&first), None).await;
    assert!(matches!(refused, Err(StartError::Unavailable)), "the third of two");
    phone.world.clock.advance(Duration::from_mins(5));
    phone.bank.settled().await;
}

#[tokio::test(start_paused = true)]
async fn a_prompt_that_is_void_is_taken_back() {
    let phone = Phone::new(form(Results::Pushed));
    let (journey, _) = phone.login().await;
    phone.bank.cancel(challenge(&journey), &live(&journey).state).await;
    assert_eq!(phone.world.fetch.posts(CANCEL).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_waiting_browser_cannot_answer_for_the_phone() {
    let phone = Phone::new(form(Results::Pushed));
    let (journey, request) = phone.login().await;
    let result = signed(&phone.approval(&journey, &request));
    let reference = live(&journey).reference.unwrap();
    let answer = Answer::by(Road::Browser, [("result", result.as_str())]);
    let settled = phone.routing.answer(reference, &answer).await.unwrap();
    assert!(matches!(settled, Settled::Wrong(_)));
}

#[tokio::test(start_paused = true)]
async fn bad_results_are_told_apart_only_as_far_as_the_sender_may_know() {
    let phone = Phone::new(form(Results::Pushed));
    let (journey, request) = phone.login().await;
    let good = phone.approval(&journey, &request);
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        claims
    };
    for (claims, status) in [
        (with("aud", json!(BANK)), StatusCode::BAD_REQUEST),
        (with("nonce", json!("x")), StatusCode::BAD_REQUEST),
        (with("transaction", json!("x")), StatusCode::NOT_FOUND),
    ] {
        assert_eq!(phone.push(&claims).await, status);
        assert!(phone.routing.is_untouched("j"));
    }
    let told = post(&phone.routes, RESULT, &[]).await;
    assert_eq!(told.status, StatusCode::BAD_REQUEST);
    assert!(told.body.contains("authenticator.result_invalid"));
}
