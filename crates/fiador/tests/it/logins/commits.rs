//! What a login costs the disk (decision 0006): the send budget before the message leaves, and
//! everything else with the exchange of its code.

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{Provider, Running, Site};

/// Batches that the writer of the database has committed so far.
async fn commits(running: &Running) -> u64 {
    let metrics = running.probe("metrics").await.text;
    let line = metrics.lines().find_map(|line| line.strip_prefix("fiador_store_batch_size_count "));
    line.expect("the store counts its batches").parse().unwrap()
}

/// The fewest commits of three logins with all pages, by a new user each: upkeep, which commits
/// too, runs each half a minute and so beside one of them at most.
async fn commits_of_a_login(
    running: &Running,
    centre: &mut MessageCentre,
    provider: &Provider,
    attributes: bool,
    pages: &[&str],
) -> u64 {
    let mut fewest = u64::MAX;
    for number in ["447700900001", "447700900002", "447700900003"] {
        let mut request = provider.request();
        if attributes {
            request = request.for_attributes(&provider.application);
        }
        let start = provider.start(&request.for_number(number));
        let mut user = running.user(number);
        let before = commits(running).await;
        let landing = running.log_in(&mut user, &start, centre).await;
        let tokens = provider.tokens(landing.code()).await;
        fewest = fewest.min(commits(running).await - before);
        assert_eq!(user.filled_in, pages);
        assert!(provider.is_active(&tokens.access_token).await);
    }
    fewest
}

#[tokio::test]
async fn a_login_costs_two_commits_whatever_its_profile() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    running.until_connected().await;

    let shop = running.provider("mobile_connect");
    let pages = ["journey-answer"];
    assert_eq!(commits_of_a_login(&running, &mut centre, &shop, false, &pages).await, 2);

    // With a first consent and a login session that begins.
    let portal = running.provider("oidc");
    let pages = ["journey-answer", "journey-consent"];
    assert_eq!(commits_of_a_login(&running, &mut centre, &portal, true, &pages).await, 2);
}
