//! `fiador keys`, offline and by way of a running gateway.

use std::os::unix::fs::PermissionsExt;

use fiador_testkit::peers::{Behaviour, MessageCentre};
use serde_json::Value;

use crate::world::{Running, Site, eventually, fiador};

fn list(config: &str) -> Vec<String> {
    let text = fiador(&["keys", "list", "--config", config]).succeeded();
    text.lines().map(str::to_owned).collect()
}

fn published(running: &Running) -> impl Future<Output = Value> {
    let provider = running.provider("oidc");
    async move { provider.get("jwks", None).await.json() }
}

#[test]
fn a_new_root_key_is_made_once_and_for_its_owner_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("root.key");
    let path = file.to_str().unwrap();
    fiador(&["keys", "new-root", path]).succeeded();
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "T-075");
    let key = std::fs::read_to_string(&file).unwrap();
    let complaint = fiador(&["keys", "new-root", path]).failed();
    assert!(complaint.contains(path), "{complaint}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), key, "it was overwritten");
}

#[tokio::test]
async fn keys_are_listed_and_rotated_without_a_gateway() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let config = site.write_configuration();
    let complaint = fiador(&["keys", "list", "--config", &config]).failed();
    assert!(complaint.contains("no database"), "a listing makes none: {complaint}");
    drop(site.start_empty());
    let before = list(&config);
    for purpose in ["sign", "seal"] {
        assert!(before.iter().any(|key| key.contains(purpose)), "{before:?}");
    }
    let said = fiador(&["keys", "rotate", "--config", &config]).succeeded();
    let new = said.lines().count();
    assert!(new >= 4, "signing and sealing keys have successors: {said}");
    let after = list(&config);
    assert_eq!(after.len(), before.len() + new);
    assert_eq!(after.iter().filter(|key| key.starts_with("published")).count(), new);

    // The successors of signing keys are published long before they sign (T-074).
    let running = site.start_empty();
    let keys = published(&running).await;
    assert!(keys["keys"].as_array().unwrap().len() >= 4, "{keys}");
}

#[tokio::test]
async fn a_running_gateway_lists_and_rotates_its_keys_when_asked() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = site.start().await;
    running.until_connected().await;
    let config = site.file("fiador.toml").display().to_string();
    let provider = running.provider("oidc");
    let start = provider.start(&provider.request().for_number("447700900001"));
    let landing = running.log_in(&mut running.user("447700900001"), &start, &mut centre).await;
    let tokens = provider.tokens(landing.code()).await;
    let before = published(&running).await["keys"].as_array().unwrap().len();

    let listed = list(&config);
    let answer = running.admin("GET", "/admin/v1/keys", None).await.json();
    let ids = answer.as_array().unwrap().iter().map(|key| key["id"].as_str().unwrap());
    for id in ids {
        assert!(listed.iter().any(|line| line.contains(id)), "{id} is not in {listed:?}");
    }
    fiador(&["keys", "rotate", "--config", &config]).succeeded();
    let after = published(&running).await["keys"].as_array().unwrap().len();
    assert_eq!(after, before + 2, "one successor for each algorithm");
    // A rotation fails nobody (T-074).
    provider.claims(&tokens).await;
    assert!(provider.is_active(&tokens.access_token).await);
    let landing = running.log_in(&mut running.user("447700900001"), &start, &mut centre).await;
    let tokens = provider.tokens(landing.code()).await;
    provider.claims(&tokens).await;
}

#[tokio::test]
async fn retiring_all_keys_ends_every_code_and_token() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let mut running = site.start().await;
    running.until_connected().await;
    let config = site.file("fiador.toml").display().to_string();
    for while_it_runs in [true, false] {
        let provider = running.provider("oidc");
        let start = provider.start(&provider.request().for_number("447700900001"));
        let mut code = async || {
            let mut user = running.user("447700900001");
            running.log_in(&mut user, &start, &mut centre).await.code().to_owned()
        };
        let tokens = provider.tokens(&code().await).await;
        let waiting = code().await;
        if while_it_runs {
            fiador(&["keys", "rotate", "--retire-all", "--config", &config]).succeeded();
        } else {
            assert!(running.gateway.terminate().unwrap().success());
            fiador(&["keys", "rotate", "--retire-all", "--config", &config]).succeeded();
            running.gateway.start_again().unwrap();
        }
        let provider = running.provider("oidc");
        assert!(!provider.is_active(&tokens.access_token).await, "decision 0001");
        assert_eq!(provider.redeem(&waiting).await.error(), "invalid_grant");
        assert_eq!(provider.attributes("userinfo", &tokens.access_token).await.status, 401);
        // Signing keys stay: what was signed can still be verified.
        provider.claims(&tokens).await;
        running.until_connected().await;
        let mut user = running.user("447700900001");
        let landing = running.log_in(&mut user, &start, &mut centre).await;
        let tokens = provider.tokens(landing.code()).await;
        assert!(provider.is_active(&tokens.access_token).await, "logins go on");
    }
}

#[tokio::test]
async fn a_certificate_or_token_that_is_wrong_is_told_by_the_command() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let running = site.start_empty();
    let config = site.file("fiador.toml").display().to_string();
    site.write_secret("admin_token", "another-admin-token-of-32-characters");
    let complaint = fiador(&["keys", "list", "--config", &config]).failed();
    assert!(complaint.contains("401"), "{complaint}");
    eventually("the gateway goes on", async || {
        (running.probe("livez").await.status == 200).then_some(())
    })
    .await;
}
