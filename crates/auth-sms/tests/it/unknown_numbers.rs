//! Nothing outside tells a known number from an unknown one (T-048).

use std::{sync::atomic::Ordering, time::Duration};

use fiador_ports::{Answered, StartError};
use serde_json::Value;

use crate::world::{Login, NUMBER, World, wrong};

const UNKNOWN: &str = "34600000009";

/// Everything that a browser or a service provider could see of one login with wrong codes.
#[derive(Debug, PartialEq)]
struct Seen {
    starts: Vec<Result<Vec<String>, StartError>>,
    answers: Vec<&'static str>,
    pages: Vec<(String, String, Option<u64>)>,
    commits: usize,
    reads: usize,
}

fn fields(state: &Value) -> Vec<String> {
    state.as_object().unwrap().keys().cloned().collect()
}

async fn see(world: &World, login: &Login) -> Seen {
    let mut seen = Seen { starts: vec![], answers: vec![], pages: vec![], commits: 0, reads: 0 };
    let started = world.start(login).await;
    let mut state = started.as_ref().unwrap().state.clone();
    seen.starts.push(started.map(|started| fields(&started.state)));
    seen.starts.push(world.start(login).await.map(|started| fields(&started.state)));
    world.clock.advance(Duration::from_mins(1));
    let again = world.again(login, &state).await;
    state.clone_from(&again.as_ref().unwrap().state);
    seen.starts.push(again.map(|started| fields(&started.state)));
    let guess = world
        .texts()
        .await
        .last()
        .map_or("000000".to_owned(), |text| wrong(crate::world::code_in(text)));
    let mut page = |state: &Value, wrong| {
        let prompt = world.shown(login, state, wrong);
        let html = prompt.html.replace(&login.subject.masked, "NUMBER");
        seen.pages.push((prompt.heading, html, prompt.again_after));
    };
    page(&state, false);
    for _ in 0..3 {
        let (answered, admitted) = world.guess(login, &state, &guess).await.unwrap();
        state = admitted;
        seen.answers.push(match answered {
            Answered::Verified(_) => "verified",
            Answered::Wrong => "wrong",
            Answered::Failed => "failed",
            Answered::Denied | Answered::GaveUp => "over",
        });
        page(&state, true);
    }
    seen.commits = world.budgets.commits();
    seen.reads = world.budgets.reads.load(Ordering::SeqCst);
    seen
}

#[tokio::test]
async fn an_unknown_number_sees_the_same_road_and_costs_the_same() {
    let (one, two) = (World::new(), World::new());
    let known = see(&one, &one.login(NUMBER)).await;
    let unknown = see(&two, &two.login(UNKNOWN)).await;
    assert_eq!(known.answers, ["wrong", "wrong", "failed"]);
    assert_eq!(known, unknown);
    assert_eq!((one.texts().await.len(), two.texts().await.len()), (2, 0));
}

#[tokio::test]
async fn no_code_is_right_for_an_unknown_number() {
    // Even the code that was drawn, which nobody has seen, verifies nobody.
    struct Fixed;
    impl fiador_auth_sms::CodeSource for Fixed {
        fn code(&self, _: &fiador_ports::Challenge<'_>, _: u8) -> String {
            "424242".to_owned()
        }
    }
    let world = World::with_codes(std::sync::Arc::new(Fixed));
    for (number, verified) in [(NUMBER, true), (UNKNOWN, false)] {
        let login = world.login(number);
        let state = world.start(&login).await.unwrap().state;
        let (answered, _) = world.guess(&login, &state, "424242").await.unwrap();
        assert_eq!(matches!(answered, Answered::Verified(_)), verified);
    }
}

#[tokio::test]
async fn an_unknown_number_is_locked_like_a_known_one() {
    for number in [NUMBER, UNKNOWN] {
        let world = World::with(|settings| settings.send_budgets.subscription.clear());
        let login = world.login(number);
        let mut locked = None;
        for _ in 0..5 {
            match world.start(&login).await {
                Ok(started) => {
                    let mut state = started.state;
                    for _ in 0..3 {
                        state = world.guess(&login, &state, "x").await.unwrap().1;
                    }
                }
                Err(error) => locked = Some(error),
            }
        }
        assert_eq!(locked, Some(StartError::LockedOut(Duration::from_hours(1))));
    }
}
