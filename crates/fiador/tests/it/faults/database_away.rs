//! The database is gone: what cannot be served is refused at once (T-243).

use std::time::Duration;

use fiador_testkit::{
    peers::{Behaviour, MessageCentre},
    postgres::Server,
};
use tokio::time::timeout;

use super::proxy::Proxy;
use crate::world::{Answer, Provider, Running, Site, Tokens, eventually};

/// T-243 allows 300 ms. The bound here is wider, because a busy machine is no reason to fail; what
/// it tells apart is an answer and a hang.
const AT_ONCE: Duration = Duration::from_secs(1);
/// T-243 allows 2 s from the start of the database to service.
const SOON: Duration = Duration::from_secs(5);
const MSISDN: &str = "447700900001";

/// A user has logged in, and another code waits to be redeemed.
struct Scene {
    running: Running,
    provider: Provider,
    tokens: Tokens,
    code: String,
}

impl Scene {
    async fn on(database_url: &str, centre: &mut MessageCentre) -> Self {
        let mut site = Site::new().through("only", centre);
        site.database_url = database_url.to_owned();
        let running = site.start().await;
        running.until_connected().await;
        let provider = running.provider("oidc");
        let start = provider.start(&provider.request().for_number(MSISDN));
        let landing = running.log_in(&mut running.user(MSISDN), &start, centre).await;
        let tokens = provider.tokens(landing.code()).await;
        let landing = running.log_in(&mut running.user(MSISDN), &start, centre).await;
        let code = landing.code().to_owned();
        Self { running, provider, tokens, code }
    }

    async fn everything_that_needs_the_database_is_refused_at_once(&self) {
        let Self { provider, tokens, code, .. } = self;
        let token = tokens.access_token.as_str();
        let query = provider.request().for_number(MSISDN).encoded();
        let refused = [
            ("token", at_once(provider.redeem(code)).await),
            ("introspect", at_once(provider.introspect(token)).await),
            ("revoke (T-057)", at_once(provider.revoke(token)).await),
            ("userinfo", at_once(provider.attributes("userinfo", token)).await),
            ("authorize", at_once(provider.get(&format!("authorize?{query}"), None)).await),
        ];
        for (endpoint, answer) in refused {
            assert_eq!(answer.status, 503, "{endpoint}: {answer:?}");
            assert!(!answer.header("retry-after").is_empty(), "{endpoint}: {answer:?}");
            assert_eq!(answer.error(), "temporarily_unavailable", "{endpoint}");
            for word in ["sql", "postgres", "127.0.0.1"] {
                assert!(!answer.text.to_lowercase().contains(word), "T-011: {}", answer.text);
            }
        }
    }

    async fn the_rest_goes_on(&self) {
        for endpoint in ["jwks", ".well-known/openid-configuration"] {
            assert_eq!(at_once(self.provider.get(endpoint, None)).await.status, 200, "{endpoint}");
        }
        let discovered = at_once(self.running.discover(MSISDN)).await;
        assert_eq!(discovered.status, 200, "T-243: {discovered:?}");
        assert_eq!(at_once(self.running.probe("livez")).await.status, 200);
        let ready = at_once(self.running.probe("readyz")).await;
        assert_eq!(ready.status, 503, "{ready:?}");
        assert_eq!(at_once(self.running.probe("metrics")).await.status, 200);
    }

    async fn service_comes_back_soon(&self) {
        let back = eventually("the gateway is ready again", async || {
            (self.running.probe("readyz").await.status == 200).then_some(())
        });
        timeout(SOON, back).await.expect("T-243: recovery takes too long");
        let answer = self.provider.introspect(&self.tokens.access_token).await;
        assert_eq!(answer.json()["active"], true, "a revocation that was refused did not happen");
    }
}

async fn at_once(request: impl Future<Output = Answer>) -> Answer {
    timeout(AT_ONCE, request).await.expect("T-243: no answer in time")
}

#[tokio::test]
async fn a_stopped_database_is_answered_with_503_and_service_returns_with_it() {
    let mut server = Server::start().unwrap();
    let database = server.database().unwrap();
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let scene = Scene::on(database.url(), &mut centre).await;
    for crash in [false, true] {
        if crash {
            server.crash().unwrap();
        } else {
            server.stop().unwrap();
        }
        scene.everything_that_needs_the_database_is_refused_at_once().await;
        scene.the_rest_goes_on().await;
        server.start_again().unwrap();
        scene.service_comes_back_soon().await;
    }
    scene.provider.tokens(&scene.code).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_accepts_and_says_nothing_is_answered_with_503() {
    let server = Server::shared().unwrap();
    let database = server.database().unwrap();
    let proxy = Proxy::to(server.port()).await;
    let url = format!("postgres://fiador@{}/{}", proxy.address, database.name());
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let scene = Scene::on(&url, &mut centre).await;
    proxy.go_silent();
    scene.everything_that_needs_the_database_is_refused_at_once().await;
    scene.the_rest_goes_on().await;
    proxy.speak_again();
    let back = eventually("the gateway is ready again", async || {
        (scene.running.probe("readyz").await.status == 200).then_some(())
    });
    timeout(SOON, back).await.expect("T-243: recovery takes too long");
    // What was given up may have become durable (a code spent without an answer is lost), so only
    // a new login tells that everything works.
    let start = scene.provider.start(&scene.provider.request().for_number(MSISDN));
    let mut user = scene.running.user(MSISDN);
    let landing = scene.running.log_in(&mut user, &start, &mut centre).await;
    let tokens = scene.provider.tokens(landing.code()).await;
    assert!(scene.provider.is_active(&tokens.access_token).await);
}

#[tokio::test]
async fn a_gateway_does_not_start_without_its_database_and_says_so() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    let port = fiador_testkit::free_port().unwrap();
    site.database_url = format!("postgres://fiador:hidden-word@127.0.0.1:{port}/nothing");
    let config = site.write_configuration();
    let complaint = crate::world::fiador(&["serve", "--config", &config]).failed();
    assert!(complaint.contains("database"), "{complaint}");
    assert!(!complaint.contains("hidden-word"), "T-280: {complaint}");
}
