//! Policy sees what the user must be asked anew (OpenID Connect Core §3.1.2.1, mobile-connect §2.3).

use std::fs;

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{Shown, Site, eventually, fiador};

/// Each rule says of itself in the decision that it has held.
const RULES: [&str; 4] = ["login", "consent", "select_account", "no_seam"];

#[tokio::test]
async fn every_value_of_prompt_reaches_the_policy_in_force() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = site.start().await;
    running.until_connected().await;
    let rule = |value: &str| {
        format!(
            "[[rules]]\nname = '{value} was asked'\nwhen = {{ prompt = ['{value}'] }}\n\
             then = {{ allow = ['sms_otp'] }}\n"
        )
    };
    fs::write(site.file("policy.toml"), format!("format = 1\n{}", RULES.map(rule).concat()))
        .unwrap();
    let file = |name: &str| site.file(name).display().to_string();
    let (policy, config) = (file("policy.toml"), file("fiador.toml"));
    fiador(&["routing", "put", &policy, "--config", &config]).succeeded();
    let newest = async || {
        let path = "/admin/v1/routing/decisions?limit=1";
        running.admin("GET", path, None).await.json()[0]["explanation"].to_string()
    };

    let provider = running.provider("mobile_connect");
    for (number, value) in (1..).zip(RULES) {
        let msisdn = format!("44770090{number:04}");
        let request = provider.request().for_number(&msisdn).with("prompt", value);
        let mut user = running.user(&msisdn);
        let landing = running.log_in(&mut user, &provider.start(&request), &mut centre).await;
        landing.code();
        let rule = format!("{value} was asked");
        eventually("the decision can be explained", async || {
            newest().await.contains(&rule).then_some(())
        })
        .await;
    }
}

/// A door asks before it asks for a number: policy must know then what it will know later.
#[tokio::test]
async fn what_policy_forbids_to_a_prompt_is_refused_before_a_number_is_asked_for() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = site.start().await;
    running.until_connected().await;
    let text = "format = 1\n[[rules]]\nname = 'never anew'\nwhen = { prompt = ['login'] }\n\
                then = { deny = ['*'] }\n";
    fs::write(site.file("policy.toml"), text).unwrap();
    let file = |name: &str| site.file(name).display().to_string();
    let (policy, config) = (file("policy.toml"), file("fiador.toml"));
    fiador(&["routing", "put", &policy, "--config", &config]).succeeded();

    let provider = running.provider("mobile_connect");
    eventually("the policy is in force", async || {
        let request = provider.request().with("prompt", "login");
        let start = provider.start(&request);
        let Shown::Away(url) = running.user("447700900001").browser.open(&start).await else {
            return None;
        };
        url.query().unwrap().contains("error=").then_some(())
    })
    .await;
    let other = provider.start(&provider.request());
    assert!(running.user("447700900001").browser.open(&other).await.page().has("journey-number"));
}
