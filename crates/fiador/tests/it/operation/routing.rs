//! Routing policy over the admin listener and by `fiador routing`.

use std::fs;

use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::{Value, json};

use crate::world::{Answer, Running, Site, fiador};

const POLICY: &str = "/admin/v1/routing/policy";
const PHONE: &str = "447700900001";

const NO_CODES: &str = "
format = 1
[[rules]]
name = 'no codes for the shop'
when = { profile = ['oidc'] }
then = { deny = ['sms_otp'] }
[[rules]]
name = 'default'
then = { fallback = true, patience = '40s' }
";

/// A gateway with codes and links, and a subscription that lists both.
async fn start(site: &Site) -> Running {
    let both = "[sms]\nauthenticators = [\"sms_otp\", \"sms_url\"]\n";
    let running = site.start_with(&format!("{}{both}", site.configuration())).await;
    let subscription = json!({
        "msisdn": format!("+{PHONE}"), "status": "active", "authenticators": ["sms_otp", "sms_url"],
    });
    let path = "/admin/v1/subscribers/contract-0001";
    crate::world::eventually("a subscription is replaced", async || {
        let answer = running.admin("PUT", path, Some(subscription.clone())).await;
        (answer.status == 204).then_some(())
    })
    .await;
    running.until_connected().await;
    running
}

/// Sends a policy in place of a revision.
async fn put(running: &Running, site: &Site, if_match: Option<&str>, text: String) -> Answer {
    let token = fs::read_to_string(site.file("admin_token")).unwrap();
    let url = format!("{}{POLICY}", running.listener("admin"));
    let mut request = running.http.put(url).bearer_auth(token.trim()).body(text);
    if let Some(tag) = if_match {
        request = request.header("if-match", tag);
    }
    Answer::read(request.send().await.unwrap()).await
}

#[tokio::test]
async fn a_policy_is_put_in_force_by_whoever_has_seen_the_one_before() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = site.start_empty();
    let built_in = running.admin("GET", POLICY, None).await;
    assert_eq!(built_in.header("etag"), "\"0\"");
    assert!(built_in.member("text").contains("recent SIM change"), "{built_in:?}");

    let only = |name: &str| format!("format = 1\n[[rules]]\nname = '{name}'\nlast = true\n");
    let blind = put(&running, &site, None, only("a")).await;
    assert_eq!((blind.status, blind.member("code")), (428, "routing.if_match".to_owned()));
    let odd = put(&running, &site, Some("*"), only("a")).await;
    assert_eq!((odd.status, odd.member("code")), (400, "routing.if_match".to_owned()));
    let first = put(&running, &site, Some("\"0\""), only("a")).await;
    assert_eq!((first.status, first.header("etag")), (200, "\"1\""), "{first:?}");
    let late = put(&running, &site, Some("\"0\""), only("b")).await;
    assert_eq!((late.status, late.member("code")), (412, "routing.policy_changed".to_owned()));
    assert_eq!(put(&running, &site, Some("\"1\""), only("c")).await.status, 200);

    let versions = running.admin("GET", &format!("{POLICY}/versions"), None).await.json();
    let revisions: Vec<_> = versions.as_array().unwrap().iter().map(|v| &v["revision"]).collect();
    assert_eq!(revisions, [2, 1]);
    let one = running.admin("GET", &format!("{POLICY}/versions/1"), None).await;
    assert_eq!(one.member("text"), only("a"));
    for unknown in ["7", "x"] {
        let answer = running.admin("GET", &format!("{POLICY}/versions/{unknown}"), None).await;
        assert_eq!((answer.status, answer.member("code")), (404, "routing.policy_unknown".into()));
    }
}

#[tokio::test]
async fn a_policy_with_a_mistake_is_refused_with_its_line_and_changes_nothing() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = site.start_empty();
    let rule = |rule: &str| format!("format = 1\n[[rules]]\nname = 'r'\n{rule}\n");
    for (text, words) in [
        (rule("then = { deny = ['smss'] }"), "line 4: rules[0].then.deny[0]: there is no authen"),
        (rule("when = { client = ['shopp'] }\nlast = true"), "line 4: rules[0].when.client[0]: "),
        (rule("then = { chain = ['sms_otp'], required_level = 4 }"), "can prove level 4"),
        ("format = 1\n[groups.clients]\na = ['@a']".to_owned(), "line 3: groups.clients.a[0]: "),
        (rule("then = { fallbak = true }"), "line 4: unknown field `fallbak`"),
        ("\u{0}".to_owned(), "line 1: "),
        (format!("#{}", "x".repeat(1 << 20)), "1 MiB"),
    ] {
        let refused = put(&running, &site, Some("\"0\""), text).await;
        assert_eq!((refused.status, refused.member("code")), (422, "routing.policy".to_owned()));
        assert!(refused.member("detail").contains(words), "{words}: {refused:?}");
    }
    assert_eq!(running.admin("GET", POLICY, None).await.header("etag"), "\"0\"");
    // Other routes of this listener take no more than those of any listener.
    let large = json!({ "retire_all": false, "x": "x".repeat(64 * 1024) });
    let large = running.admin("POST", "/admin/v1/keys/rotate", Some(large)).await;
    assert_eq!(large.status, 413, "T-001");
}

#[tokio::test]
async fn a_login_is_explained_and_a_policy_tried_on_it() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = start(&site).await;
    let config = site.file("fiador.toml").display().to_string();
    let provider = running.provider("oidc");
    let start = provider.start(&provider.request().for_number(PHONE));
    running.log_in(&mut running.user(PHONE), &start, &mut centre).await;

    let decisions = running.admin("GET", "/admin/v1/routing/decisions", None).await.json();
    let [decision] = &decisions.as_array().unwrap()[..] else { panic!("{decisions}") };
    assert!(!decision.to_string().contains("447700900"), "a decision holds no number");
    assert_eq!(decision["policy"], 0);
    assert_eq!(decision["explanation"][0], "sms_otp: taken, step 1");
    let journey = decision["journey"].as_str().unwrap();
    let path = format!("/admin/v1/routing/decisions/{journey}");
    assert_eq!(running.admin("GET", &path, None).await.json(), *decision);
    let unknown = running.admin("GET", "/admin/v1/routing/decisions/nobody", None).await;
    assert_eq!((unknown.status, unknown.member("code")), (404, "routing.journey_unknown".into()));

    let told = fiador(&["routing", "explain", "--journey", journey, "--config", &config]);
    assert!(told.succeeded().contains("sms_otp: taken, step 1"));
    let policy = site.file("policy.toml");
    fs::write(&policy, NO_CODES).unwrap();
    let policy = policy.display().to_string();
    let would =
        ["routing", "explain", "--journey", journey, "--policy", &policy, "--config", &config];
    let told = fiador(&would).succeeded();
    assert!(told.contains("sms_otp: denied (rule \"no codes for the shop\")"), "{told}");
    let told = fiador(&["routing", "dry-run", &policy, "--config", &config]).succeeded();
    assert!(told.starts_with("journeys: 1; served: 1, would be: 1; different: 1\n"), "{told}");
    assert!(told.contains("would be: sms_url (40 s)"), "{told}");

    // The same facts under the same policy give the same decision.
    let same = json!({ "facts": decision["facts"], "candidates": decision["candidates"] });
    let again = running.admin("POST", "/admin/v1/routing/explain", Some(same)).await.json();
    assert_eq!(again["verdicts"], decision["verdicts"]);
}

#[tokio::test]
async fn a_policy_in_force_decides_the_next_login() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = start(&site).await;
    let config = site.file("fiador.toml").display().to_string();
    let policy = site.file("policy.toml");
    fs::write(&policy, NO_CODES).unwrap();
    let policy = policy.display().to_string();
    let checked = fiador(&["routing", "check", &policy, "--config", &config]).succeeded();
    assert!(checked.ends_with("good; 2 rules, all names are known\n"), "{checked}");
    let put = fiador(&["routing", "put", &policy, "--config", &config]).succeeded();
    assert!(put.ends_with("in force as revision 1\n"), "{put}");

    let ask = |client: &str| {
        let arguments = ["routing", "explain", "--client", client, "--config", &config];
        fiador(&arguments).succeeded()
    };
    crate::world::eventually("the policy is in force", async || {
        ask("shop").contains("policy revision 1").then_some(())
    })
    .await;
    let oidc = running.provider("oidc");
    assert!(ask(&oidc.application.client_id).contains("chain: sms_url (40 s)"));
    let mobile = running.provider("mobile_connect");
    assert!(ask(&mobile.application.client_id).contains("chain: sms_otp (40 s), sms_url (40 s)"));

    let start = oidc.start(&oidc.request().for_number(PHONE));
    running.user(PHONE).browser.open(&start).await;
    let decisions = running.admin("GET", "/admin/v1/routing/decisions?limit=1", None).await.json();
    assert_eq!(decisions[0]["policy"], 1);
    assert_eq!(
        decisions[0]["steps"],
        json!([{"authenticators": ["sms_url"], "patience_seconds": 40}])
    );
}

#[test]
fn requests_are_explained_without_a_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, content: &str| {
        fs::write(folder.path().join(name), content).unwrap();
        folder.path().join(name).display().to_string()
    };
    let reach = json!({ "phone": { "answered_on_phone": true } });
    let sms: Value = json!([{ "id": "sms_url", "ceiling": 2, "available": true, "reach": reach }]);
    let sms = file("authenticators.json", &sms.to_string());
    let explain = |more: &[&str]| {
        let arguments = [&["routing", "explain", "--authenticators", &sms], more].concat();
        fiador(&arguments)
    };
    assert!(explain(&["--client", "shop"]).succeeded().contains("chain: sms_url\n"));
    let recent = explain(&["--client", "shop", "--sim-changed-hours-ago", "3"]).succeeded();
    assert!(recent.contains("sms_url: denied (rule \"recent SIM change\")"), "{recent}");
    let high = explain(&["--client", "shop", "--acr-values", "3"]).succeeded();
    assert!(high.contains("chain: nobody\n"), "{high}");
    let request = file("request.json", r#"{"client":"shop","risk":{"unavailable":true}}"#);
    let silent = explain(&["--request", &request, "--json"]).succeeded();
    let silent: Value = serde_json::from_str(&silent).unwrap();
    assert_eq!(silent["unserved"], "forbidden");
    assert!(explain(&["--client", "shop", "--acr-values", "9"]).failed().contains("acr_values"));
    assert_eq!(fiador(&["routing", "explain"]).status, 2);
}

#[test]
fn a_policy_is_checked_without_a_gateway() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    fs::write(&file, NO_CODES).unwrap();
    let path = file.to_str().unwrap();
    assert!(fiador(&["routing", "check", path]).succeeded().contains("names are not checked"));
    fs::write(&file, "format = 1\n[[rules]]\nname = 'r'\nthen = { patience = '1h' }\n").unwrap();
    let complaint = fiador(&["routing", "check", path]).failed();
    assert!(
        complaint.contains(&format!("{path}: line 4: rules[0].then.patience: ")),
        "{complaint}"
    );
    assert!(fiador(&["routing", "check", "/nowhere.toml"]).failed().contains("/nowhere.toml"));
}
