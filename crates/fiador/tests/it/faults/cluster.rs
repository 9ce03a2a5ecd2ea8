//! Several nodes on one PostgreSQL, which is all they share.

use fiador_testkit::{
    peers::{Behaviour, MessageCentre},
    postgres::{Database, Server},
};
use serde_json::json;

use crate::world::{Landing, Provider, Running, Site, code_for, eventually};

const MSISDN: &str = "447700900001";

struct Cluster {
    a: Running,
    b: Running,
    centre: MessageCentre,
    _database: Database,
}

impl Cluster {
    async fn start(loose_send_budgets: bool) -> Self {
        let database = Server::shared().unwrap().database().unwrap();
        let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
        let mut site = Site::new().through("only", &centre);
        site.database_url = database.url().to_owned();
        site.loose_send_budgets = loose_send_budgets;
        let a = site.start().await;
        let b = site.node().start_empty();
        a.until_connected().await;
        b.until_connected().await;
        Self { a, b, centre, _database: database }
    }

    /// The same service provider at both nodes.
    fn providers(&self, profile: &str) -> (Provider, Provider) {
        (self.a.provider(profile), self.b.provider(profile))
    }

    async fn code_from_a(&mut self, provider: &Provider) -> String {
        let start = provider.start(&provider.request().for_number(MSISDN));
        let mut user = self.a.user(MSISDN);
        let landing = self.a.log_in(&mut user, &start, &mut self.centre).await;
        landing.code().to_owned()
    }
}

#[tokio::test]
async fn a_code_of_one_node_is_redeemed_at_the_other_and_its_end_is_seen_by_both() {
    let mut cluster = Cluster::start(true).await;
    let (at_a, at_b) = cluster.providers("oidc");
    let code = cluster.code_from_a(&at_a).await;
    let tokens = at_b.tokens(&code).await;
    // Verified with the keys that the other node publishes.
    at_a.claims(&tokens).await;
    for node in [&at_a, &at_b] {
        assert!(node.is_active(&tokens.access_token).await);
    }
    assert_eq!(at_a.revoke(&tokens.access_token).await.status, 200);
    assert!(!at_b.is_active(&tokens.access_token).await, "T-056: at once, on every node");

    let code = cluster.code_from_a(&at_a).await;
    let tokens = at_a.tokens(&code).await;
    assert_eq!(at_b.redeem(&code).await.error(), "invalid_grant", "T-033");
    assert!(!at_a.is_active(&tokens.access_token).await, "T-036");
}

#[tokio::test]
async fn parallel_redemptions_on_both_nodes_have_one_winner() {
    let mut cluster = Cluster::start(true).await;
    let (at_a, at_b) = cluster.providers("oidc");
    let mut won = 0;
    for _ in 0..3 {
        let code = cluster.code_from_a(&at_a).await;
        let redemptions: Vec<_> = (0..16)
            .map(|n| {
                let provider = if n % 2 == 0 { at_a.clone() } else { at_b.clone() };
                let code = code.clone();
                tokio::spawn(async move { provider.redeem(&code).await })
            })
            .collect();
        let mut winners = Vec::new();
        for redemption in redemptions {
            let answer = redemption.await.unwrap();
            if answer.status == 200 {
                winners.push(answer.member("access_token"));
            } else {
                // A busy machine may need longer than the deadline of the database: 503.
                let refusals = ["invalid_grant", "temporarily_unavailable"];
                assert!(refusals.contains(&answer.error().as_str()), "{answer:?}");
            }
        }
        assert!(winners.len() <= 1, "T-033");
        for winner in &winners {
            won += 1;
            assert!(!at_a.is_active(winner).await && !at_b.is_active(winner).await, "T-036");
        }
    }
    assert!(won > 0, "the database never answered in time");
}

#[tokio::test]
async fn a_login_begun_on_one_node_goes_on_at_the_other_even_when_the_first_dies() {
    let mut cluster = Cluster::start(true).await;
    let (at_a, at_b) = cluster.providers("oidc");
    let request = at_a.request().for_attributes(&at_a.application).for_number(MSISDN);
    let mut user = cluster.a.user(MSISDN);
    let page = user.browser.open(&at_a.start(&request)).await;
    let code = code_for(&mut cluster.centre, MSISDN).await;
    cluster.a.gateway.kill().unwrap();
    user.browser.meets_node(&cluster.b.listener("public"));
    let landing = user.go_on(page, async || code.clone()).await;
    assert_eq!(user.filled_in, ["journey-answer", "journey-consent"]);
    let tokens = at_b.tokens(landing.code()).await;
    let attributes = at_b.attributes("userinfo", &tokens.access_token).await;
    assert_eq!(attributes.json()["phone_number"], format!("+{MSISDN}"));

    // So does the login session.
    let silent = at_b.request().with("prompt", "none");
    let landing = Landing::at(user.browser.open(&at_b.start(&silent)).await.away());
    at_b.tokens(landing.code()).await;
}

#[tokio::test]
async fn guesses_are_counted_over_all_nodes() {
    let mut cluster = Cluster::start(true).await;
    let (at_a, _) = cluster.providers("mobile_connect");
    let mut user = cluster.a.user(MSISDN);
    let start = at_a.start(&at_a.request().for_number(MSISDN));
    let page = user.browser.open(&start).await.page();
    let right = code_for(&mut cluster.centre, MSISDN).await;
    let nodes = [cluster.a.listener("public"), cluster.b.listener("public")];
    let guesses: Vec<_> = (0..40)
        .map(|n| {
            let (mut browser, page) = (user.browser.clone(), page.clone());
            browser.meets_node(&nodes[n % 2]);
            let guess = format!("{n:06}");
            let guess = if guess == right { "999999".to_owned() } else { guess };
            tokio::spawn(async move {
                browser.submit(&page, "journey-answer", &[("code", &guess)]).await;
            })
        })
        .collect();
    for guess in guesses {
        guess.await.unwrap();
    }
    for node in &nodes {
        user.browser.meets_node(node);
        let shown = user.browser.submit(&page, "journey-answer", &[("code", &right)]).await;
        assert_eq!(Landing::at(shown.away()).get("error"), "access_denied", "T-121");
    }
}

#[tokio::test]
async fn send_budgets_are_those_of_the_cluster() {
    let mut cluster = Cluster::start(false).await;
    let (at_a, at_b) = cluster.providers("mobile_connect");
    let start = at_a.start(&at_a.request().for_number(MSISDN));
    assert!(cluster.a.user(MSISDN).browser.open(&start).await.page().has("journey-answer"));
    code_for(&mut cluster.centre, MSISDN).await;
    let start = at_b.start(&at_b.request().for_number(MSISDN));
    let page = cluster.b.user(MSISDN).browser.open(&start).await.page();
    assert!(page.has("wait") && !page.has("journey-answer"), "T-103: {}", page.answer.text);
}

#[tokio::test]
async fn two_nodes_that_start_at_once_on_an_empty_database_agree_on_keys() {
    let database = Server::shared().unwrap().database().unwrap();
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.database_url = database.url().to_owned();
    let second = site.node();
    let (a, b) = std::thread::scope(|scope| {
        let a = scope.spawn(|| site.start_empty());
        let b = scope.spawn(|| second.start_empty());
        (a.join().unwrap(), b.join().unwrap())
    });
    let keys = async |running: &Running| running.provider("oidc").get("jwks", None).await.json();
    eventually("both nodes publish the same keys", async || {
        (keys(&a).await == keys(&b).await).then_some(())
    })
    .await;
}

#[tokio::test]
async fn codes_and_tokens_end_everywhere_when_all_keys_are_retired() {
    let mut cluster = Cluster::start(true).await;
    let (at_a, at_b) = cluster.providers("oidc");
    let redeemed = cluster.code_from_a(&at_a).await;
    let tokens = at_a.tokens(&redeemed).await;
    let waiting = cluster.code_from_a(&at_a).await;
    let body = Some(json!({ "retire_all": true }));
    let answer = cluster.a.admin("POST", "/admin/v1/keys/rotate", body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!at_a.is_active(&tokens.access_token).await, "decision 0001");
    assert_eq!(at_a.redeem(&waiting).await.error(), "invalid_grant");
    let code = cluster.code_from_a(&at_a).await;
    // A code under a key that it does not know makes the other node look for new keys.
    eventually("the other node knows the new keys", async || {
        let tokens = at_b.redeem(&code).await;
        (tokens.status == 200).then_some(())
    })
    .await;
    assert!(!at_b.is_active(&tokens.access_token).await);
}
