//! Logins whose codes go by one road or another.

use std::{fmt::Write as _, time::Duration};

use fiador_testkit::{
    free_port,
    peers::{Behaviour, Event, Kannel, MessageCentre},
};

use super::{
    configuration::{by_kannel, by_peer},
    peer::Peer,
};
use crate::world::{Running, Site, eventually};

const FIRST: &str = "447700900001";
const SECOND: &str = "447700900002";

/// Kannel, bound to a centre.
async fn kannel(behaviour: &Behaviour) -> (Kannel, MessageCentre) {
    let mut centre = MessageCentre::npm(behaviour).unwrap();
    let kannel = Kannel::start(centre.address()).unwrap();
    let bound = |event: &Event| matches!(event, Event::Bind { status: Some(0), .. });
    centre.next_matching(bound).await.unwrap();
    (kannel, centre)
}

/// A login by the code that arrives at this centre.
async fn logs_in(running: &Running, msisdn: &str, centre: &mut MessageCentre) {
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(msisdn));
    let landing = running.log_in(&mut running.user(msisdn), &start, centre).await;
    provider.tokens(landing.code()).await;
}

/// Waits until the gateway is bound to a centre of its own.
async fn until_bound(running: &Running) {
    eventually("a centre is bound", async || {
        let ready = running.probe("readyz").await.text;
        ready.contains("message route smpp: available").then_some(())
    })
    .await;
}

/// Waits until a line of the metrics is there.
async fn counted(running: &Running, line: &str) {
    eventually(line, async || {
        let metrics = running.probe("metrics").await.text;
        metrics.lines().any(|counted| counted == line).then_some(())
    })
    .await;
}

#[tokio::test]
async fn without_a_centre_of_its_own_a_gateway_sends_by_kannel_and_hears_of_it() {
    let (kannel, mut centre) = kannel(&Behaviour::default()).await;
    let running = by_kannel(Site::new(), &kannel).start().await;
    running.until_connected().await;
    logs_in(&running, FIRST, &mut centre).await;
    for line in [
        "fiador_message_route_submits_total{message_route=\"kannel\",outcome=\"accepted\"} 1",
        "fiador_message_gateway_notices_total{message_gateway=\"kannel\",outcome=\"delivered\"} 1",
    ] {
        counted(&running, line).await;
    }
    let ready = running.probe("readyz").await.text;
    assert!(ready.contains("message route kannel: available\n"), "{ready}");
}

#[tokio::test]
async fn when_the_only_centre_dies_the_gateway_carries_on() {
    let mut own = MessageCentre::npm(&Behaviour::default()).unwrap();
    let (kannel, mut behind) = kannel(&Behaviour::default()).await;
    let running = by_kannel(Site::new().through("own", &own), &kannel).start().await;
    until_bound(&running).await;
    logs_in(&running, FIRST, &mut own).await;
    own.kill().unwrap();
    logs_in(&running, SECOND, &mut behind).await;
    let ready = running.probe("readyz").await.text;
    assert!(ready.contains("message centre: connected\n"), "{ready}");
    assert!(ready.contains("message route smpp: not available\n"), "{ready}");
}

#[tokio::test]
async fn when_the_cheaper_gateway_dies_the_centre_carries_on() {
    let mut own = MessageCentre::npm(&Behaviour::default()).unwrap();
    let (kannel, mut behind) = kannel(&Behaviour::default()).await;
    let mut site = by_kannel(Site::new().through("own", &own), &kannel);
    site.more += "[[messages.routes]]\nvia = \"smpp\"\ncost = 20\n\
                  [[messages.routes]]\nvia = \"kannel\"\ncost = 10\n";
    let running = site.start().await;
    logs_in(&running, FIRST, &mut behind).await;
    drop(kannel);
    logs_in(&running, SECOND, &mut own).await;
    let refused =
        "fiador_message_route_submits_total{message_route=\"kannel\",outcome=\"unavailable\"} 1";
    counted(&running, refused).await;
}

#[tokio::test]
async fn a_route_takes_only_the_numbers_and_as_many_messages_as_it_is_given() {
    let mut own = MessageCentre::npm(&Behaviour::default()).unwrap();
    let (elsewhere, spent) = (Peer::start().await, free_port().unwrap());
    let mut site = by_peer(Site::new().through("own", &own), &elsewhere);
    let _ = write!(
        site.more,
        "[[messages.gateways]]\nname = \"spent\"\nurl = \"http://127.0.0.1:{spent}/\"\n\
         form = {{ to = \"{{destination}}\", text = \"{{text}}\" }}\n\
         [[messages.routes]]\nvia = \"peer\"\ncost = 0\nprefixes = [\"34\", \"44779\"]\n\
         [[messages.routes]]\nvia = \"spent\"\ncost = 1\n\
         budget = [{{ count = 0, seconds = 60 }}]\n\
         [[messages.routes]]\nvia = \"smpp\"\ncost = 2\n"
    );
    let running = site.start().await;
    until_bound(&running).await;
    logs_in(&running, FIRST, &mut own).await;
    let ready = running.probe("readyz").await.text;
    assert!(ready.contains("message route spent: available, budget spent\n"), "{ready}");
}

/// T-131: a message that may have been sent is sent again only where the operator wants it.
#[tokio::test]
async fn a_gateway_that_says_nothing_is_not_waited_for() {
    let mut own = MessageCentre::npm(&Behaviour::default()).unwrap();
    let silent = Peer::silent().await;
    let mut site = by_peer(Site::new().through("own", &own), &silent);
    site.more += "[[messages.routes]]\nvia = \"peer\"\ncost = 0\n\
                  [[messages.routes]]\nvia = \"smpp\"\ncost = 1\n\
                  [messages]\nresend_after_unknown = true\n";
    let running = site.start().await;
    until_bound(&running).await;
    // Decided within 3 seconds; the rest is for a busy machine.
    let login = logs_in(&running, FIRST, &mut own);
    tokio::time::timeout(Duration::from_secs(15), login).await.expect("nobody waits for it");
    assert_eq!(silent.next().await["To"], FIRST);
    // It comes last from now on.
    logs_in(&running, SECOND, &mut own).await;
    let metrics = running.probe("metrics").await.text;
    let unknown =
        "fiador_message_route_submits_total{message_route=\"peer\",outcome=\"unknown\"} 1";
    assert!(metrics.lines().any(|line| line == unknown), "{metrics}");
}
