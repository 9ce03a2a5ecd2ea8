//! What the operator's network says of a number decides how its holder is asked (T-105).

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU16, Ordering},
};

use axum::{Json, Router, http::StatusCode, routing::post};
use fiador_kernel::{Clock as _, SystemClock};
use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::world::{Running, Site, code_for};

const MSISDN: &str = "447700900001";
const DAY: i64 = 24 * 60 * 60;

/// A network API that knows when SIMs were changed.
#[derive(Clone, Default)]
struct Network {
    changed_at: Arc<AtomicI64>,
    status: Arc<AtomicU16>,
}

impl Network {
    async fn serve(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let network = self.clone();
        let answer = async move |Json(asked): Json<Value>| {
            assert_eq!(asked, json!({ "phoneNumber": format!("+{MSISDN}") }), "T-200");
            let status = StatusCode::from_u16(network.status.load(Ordering::SeqCst)).unwrap();
            (status, Json(json!({ "changed": network.changed_at.load(Ordering::SeqCst) })))
        };
        let routes = Router::new().route("/sim-swap", post(answer));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        format!("http://{address}/sim-swap")
    }

    fn says(&self, status: u16, days_ago: i64) {
        self.status.store(status, Ordering::SeqCst);
        let now = SystemClock.now().as_seconds();
        self.changed_at.store(now - days_ago * DAY, Ordering::SeqCst);
    }
}

/// Whether a message leaves for the number when a level 2 is asked for.
async fn is_asked(running: &Running, centre: &mut MessageCentre) -> bool {
    let provider = running.provider("mobile_connect");
    let mut user = running.user(MSISDN);
    let start = provider.start(&provider.request().for_number(MSISDN));
    let decided = || async {
        let path = "/admin/v1/routing/decisions?limit=1";
        running.admin("GET", path, None).await.json()
    };
    let before = decided().await;
    user.browser.open(&start).await;
    let newest = crate::world::eventually("the decision can be explained", async || {
        let now = decided().await;
        (now != before).then_some(now)
    });
    let taken = newest.await.to_string().contains("\"taken\"");
    if taken {
        code_for(centre, MSISDN).await;
    }
    taken
}

#[tokio::test]
async fn a_sim_that_was_changed_lately_gets_no_code_t_105() {
    let network = Network::default();
    network.says(200, 30);
    let url = network.serve().await;
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.more = format!(
        "[egress]\nallow = [\"127.0.0.0/8\"]\n[[data_sources]]\nname = \"sim_swap\"\n\
         url = \"{url}\"\nattributes = {{ sim_changed_at = \"/changed\" }}\n\
         [routing.prompts]\nlive = 1000\nunanswered = 1000\n"
    );
    let running = site.start().await;
    running.until_connected().await;
    assert!(is_asked(&running, &mut centre).await, "a SIM of a month");
    network.says(200, 1);
    assert!(!is_asked(&running, &mut centre).await, "a SIM of yesterday");
    network.says(503, 30);
    assert!(!is_asked(&running, &mut centre).await, "nobody could say");
    network.says(404, 30);
    assert!(is_asked(&running, &mut centre).await, "the network knows of no change");
}
