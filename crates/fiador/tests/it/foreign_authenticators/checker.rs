//! `fiador adaptor check`.

use fiador_testkit::{free_port, peers::ExampleAuthenticator};
use serde_json::Value;

use super::careless::Careless;
use crate::world::{Outcome, fiador};

/// Runs the checker beside whatever it checks.
async fn check(url: String, port: u16, json: bool) -> Outcome {
    let run = move || {
        let listen = format!("127.0.0.1:{port}");
        let mut arguments = vec!["adaptor", "check", &url, "--listen", &listen];
        arguments.extend(json.then_some("--json"));
        fiador(&arguments)
    };
    tokio::task::spawn_blocking(run).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_example_keeps_the_contract() {
    let port = free_port().unwrap();
    let example = ExampleAuthenticator::start(&format!("http://127.0.0.1:{port}"), true).unwrap();
    let said = check(example.issuer.clone(), port, false).await.succeeded();
    assert!(said.ends_with("49 passed, 0 failed\n"), "{said}");
    assert!(said.contains("ok   back channel: an altered request is refused"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_that_verifies_nothing_fails() {
    let careless = Careless::start().await;
    let outcome = check(careless.issuer.clone(), free_port().unwrap(), true).await;
    assert_eq!(outcome.status, 1);
    assert!(outcome.stderr.contains("adaptor-contract.md"), "{}", outcome.stderr);
    let lines: Vec<Value> =
        outcome.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdict = |check: &str| {
        let line = lines.iter().find(|line| line["check"] == check);
        line.unwrap_or_else(|| panic!("no check `{check}`"))["passed"] == true
    };
    assert!(verdict("an approval gives a result that is bound to its request"));
    for check in [
        "a request is refused after its result",
        "an expired request is refused",
        "a request for somebody else is refused",
        "a request of an unknown version is refused",
        "a request without signature is refused",
        "a request signed with the public key as a secret is refused",
        "an altered request is refused",
    ] {
        assert!(!verdict(check), "{check}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_is_said_in_one_line() {
    let (nobody, port) = (free_port().unwrap(), free_port().unwrap());
    let outcome = check(format!("http://127.0.0.1:{nobody}"), port, false).await;
    assert_eq!(outcome.status, 1);
    assert!(outcome.stdout.starts_with("FAIL the metadata can be read"), "{}", outcome.stdout);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authenticator_out_of_test_mode_is_only_half_checked() {
    let port = free_port().unwrap();
    let example = ExampleAuthenticator::start(&format!("http://127.0.0.1:{port}"), false).unwrap();
    let outcome = check(example.issuer.clone(), port, false).await;
    assert_eq!(outcome.status, 1);
    assert!(outcome.stdout.contains("FAIL it is in test mode"), "{}", outcome.stdout);
    assert!(outcome.stdout.ends_with("38 passed, 1 failed\n"), "{}", outcome.stdout);
}
