//! What is slow holds up itself alone (T-264).

use std::{sync::Arc, time::Duration};

use fiador_domain::journey::{LIFETIME, Refusal};
use fiador_kernel::Loa;
use fiador_ports::AuthenticatorRouter;
use tokio_util::sync::CancellationToken;

use crate::{
    scripted::{Scripted, name},
    world::{LOGIN, Login, World, policy, settings},
};

/// More than a node does at the same time for one step.
const MANY: usize = 200;

const STEPS: &str = r#"
    when = { client = ["bank"] }
    then = { chain = ["first", "quick"], patience = "30s", fallback = true }
    [[rules]]
    name = "others"
    then = { chain = ["first", "slow"], patience = "30s", fallback = true }
"#;

#[tokio::test]
async fn an_authenticator_that_hangs_holds_up_neither_others_nor_the_end_of_time() {
    let [first, quick, slow] =
        ["first", "quick", "slow"].map(|id| Arc::new(Scripted::new(id, Loa::Two)));
    slow.hold(true);
    let settings = fiador_authn_routing::Settings {
        start_timeout: Duration::from_hours(1),
        tick: Duration::from_millis(1),
        ..settings()
    };
    let world = World::with([&first, &quick, &slow], policy(STEPS), settings, None);
    let overdue = world.started(Login { id: "overdue", client: "bank", ..LOGIN }).await;
    world.router.other_way(overdue).await.unwrap();
    world.clock.advance(LIFETIME.saturating_sub(Duration::from_secs(30)));
    for n in 0..MANY {
        world.started(Login { id: format!("slow-{n}").leak(), ..LOGIN }).await;
    }
    let other = world.started(Login { id: "other", client: "bank", ..LOGIN }).await;
    world.clock.advance(Duration::from_secs(30));

    let stop = CancellationToken::new();
    let running = {
        let (router, stop) = (Arc::clone(&world.router), stop.clone());
        tokio::spawn(async move { router.run(stop).await })
    };
    while world.live(other) != [name("quick")] || world.refusal(overdue).is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(world.refusal(overdue), Some(Refusal::TimedOut));
    assert!(slow.started() < MANY);
    slow.hold(false);
    while slow.started() < MANY {
        tokio::task::yield_now().await;
    }
    stop.cancel();
    running.await.unwrap();
}
