//! An operator's own policy does not lose the gate of T-105 unnoticed, and there is a way back.

use std::fs;

use fiador_kernel::{Clock as _, SystemClock};
use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::{Value, json};

use crate::world::{Running, Site, eventually, fiador};

const POLICY: &str = "/admin/v1/routing/policy";
const PHONE: &str = "447700900001";
const CHEAPEST_FIRST: &str = "format = 1\n[[rules]]\nname = 'cheapest first'\n\
                              then = { order_by = 'cost', fallback = true }\n";

struct World {
    site: Site,
    running: Running,
}

impl World {
    async fn start(centre: &MessageCentre) -> Self {
        let site = Site::new().through("only", centre);
        let running = site.start_empty();
        running.until_connected().await;
        Self { site, running }
    }

    /// `fiador routing COMMAND FILE --config …`, the file with this text.
    fn routing(&self, command: &str, text: Option<&str>) -> crate::world::Outcome {
        let file = |name: &str| self.site.file(name).display().to_string();
        let (policy, config) = (file("policy.toml"), file("fiador.toml"));
        if let Some(text) = text {
            fs::write(&policy, text).unwrap();
        }
        let policy = text.map(|_| policy.as_str());
        let arguments = ["routing", command].into_iter().chain(policy);
        fiador(&arguments.chain(["--config", &config]).collect::<Vec<_>>())
    }

    async fn policy(&self) -> Value {
        self.running.admin("GET", POLICY, None).await.json()
    }

    /// Registers the phone with a SIM of so many hours.
    async fn sim_of(&self, hours: i64) {
        let now = SystemClock.now().as_seconds();
        let body = json!({
            "msisdn": format!("+{PHONE}"), "status": "active", "authenticators": ["sms_otp"],
            "attributes": { "sim_changed_at": now - hours * 3600 },
        });
        let path = "/admin/v1/subscribers/contract-0001";
        eventually("a subscription is stored", async || {
            let answer = self.running.admin("PUT", path, Some(body.clone())).await;
            (answer.status == 204).then_some(())
        })
        .await;
    }

    /// What was decided about text messages at a new login that asks for level 2.
    async fn decided(&self) -> String {
        let newest = async || {
            let path = "/admin/v1/routing/decisions?limit=1";
            self.running.admin("GET", path, None).await.json()
        };
        let before = newest().await;
        let provider = self.running.provider("mobile_connect");
        let start = provider.start(&provider.request().for_number(PHONE));
        self.running.user(PHONE).browser.open(&start).await;
        eventually("the decision can be explained", async || {
            let now = newest().await;
            (now != before).then(|| now[0]["verdicts"].to_string())
        })
        .await
    }
}

#[tokio::test]
async fn an_own_policy_keeps_the_gate_and_says_so_t_105() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let world = World::start(&centre).await;
    assert_eq!(world.policy().await["warnings"], Value::Null);
    let checked = world.routing("check", Some(CHEAPEST_FIRST));
    assert!(checked.stderr.contains("`built-in: recent SIM change` stands below this policy"));
    assert!(checked.succeeded().ends_with("good; 1 rules, all names are known\n"));
    let put = world.routing("put", Some(CHEAPEST_FIRST));
    assert_eq!(put.stderr.matches("warning: ").count(), 2, "{put:?}");
    put.succeeded();
    assert_eq!(world.policy().await["warnings"].as_array().map(Vec::len), Some(2));

    world.sim_of(1).await;
    let fresh = world.decided().await;
    assert!(fresh.contains("\"rule\":\"built-in: recent SIM change\""), "{fresh}");
    world.sim_of(100).await;
    assert!(world.decided().await.contains("\"taken\""));
}

#[tokio::test]
async fn the_gate_is_taken_away_by_its_name_and_that_is_told_t_105() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let world = World::start(&centre).await;
    let off = CHEAPEST_FIRST.replace("format = 1", "format = 1\ndefaults.sim_change = 'off'");
    let put = world.routing("put", Some(&off));
    assert!(put.stderr.contains("warning: `defaults.sim_change` is \"off\""), "{put:?}");
    put.succeeded();
    world.sim_of(1).await;
    assert!(world.decided().await.contains("\"taken\""));
}

/// The text names authenticators that this gateway does not have.
#[tokio::test]
async fn the_built_in_policy_can_be_put_back() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let world = World::start(&centre).await;
    let built_in = world.policy().await["text"].as_str().unwrap().to_owned();
    assert!(built_in.contains("ussd"));
    let put = world.routing("put", Some(&built_in));
    assert_eq!(put.stderr, "");
    assert!(put.succeeded().ends_with("in force as revision 1\n"));

    world.routing("put", Some(CHEAPEST_FIRST)).succeeded();
    let blind = world.running.admin("DELETE", POLICY, None).await;
    assert_eq!((blind.status, blind.member("code")), (428, "routing.if_match".to_owned()));
    let reset = world.routing("reset", None).succeeded();
    assert_eq!(reset, "the built-in policy: in force as revision 3\n");
    let policy = world.policy().await;
    assert_eq!((&policy["revision"], &policy["text"]), (&json!(3), &json!(built_in)));
    assert_eq!(policy["warnings"], Value::Null);
}
