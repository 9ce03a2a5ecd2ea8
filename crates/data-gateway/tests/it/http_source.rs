//! A system of the operator's as a source, asked over HTTP.

use std::sync::Arc;

use fiador_data_gateway::{HttpSource, HttpSourceError, HttpSourceSettings};
use fiador_domain::{json_pointer::JsonPointer, subscriber::SubscriberStatus};
use fiador_kernel::Secret;
use fiador_ports::{AttributeSource, FetchError, FetchMethod, SourceError};
use fiador_testkit::doubles::{MemorySubscribers, OpenVault, ScriptedFetch};
use serde_json::{Value, json};

use crate::{subscriber_table::stored, world::subscriber};

/// A system that answers this, and remembers what it was asked.
fn saying(says: Result<(u16, &'static str), FetchError>) -> Arc<ScriptedFetch> {
    Arc::new(ScriptedFetch::saying(says))
}

fn settings(url: &str) -> HttpSourceSettings {
    let at = JsonPointer::new("/latestSimChange").unwrap();
    HttpSourceSettings {
        authorization: Some(Secret::new("Bearer network-token".to_owned())),
        attributes: vec![("sim_changed_at".to_owned(), at)],
        ..HttpSourceSettings::new("sim_swap", url)
    }
}

async fn ask(url: &str, system: &Arc<ScriptedFetch>) -> Result<Value, SourceError> {
    let table = Arc::new(MemorySubscribers::of([stored(json!({}))]));
    let source =
        HttpSource::new(settings(url), table, Arc::new(OpenVault), system.clone()).unwrap();
    let found = source.fetch(&subscriber(), &["sim_changed_at"]).await?;
    Ok(serde_json::to_value(found).unwrap())
}

const POSTED: &str = "https://network.example/sim-swap/v2/retrieve-date";

#[tokio::test]
async fn a_network_api_is_told_the_number_in_its_body_and_nothing_else() {
    let system = saying(Ok((200, r#"{"latestSimChange":"2023-11-14T22:13:20Z"}"#)));
    assert_eq!(ask(POSTED, &system).await, Ok(json!({"sim_changed_at": 1_700_000_000})));
    let asked = system.asked();
    assert_eq!((asked[0].method, asked[0].url.as_str()), (FetchMethod::Post, POSTED));
    let body: Value = serde_json::from_slice(&asked[0].body).unwrap();
    assert_eq!(body, json!({"phoneNumber": "+447700900907"}), "T-200");
    assert!(
        asked[0].headers.contains(&("authorization".into(), "Bearer network-token".to_owned()))
    );
}

#[tokio::test]
async fn a_system_of_the_operators_may_have_the_number_in_its_address() {
    let system = saying(Ok((200, r#"{"latestSimChange":7}"#)));
    let url = "https://hlr.example/subscribers/{msisdn}";
    assert_eq!(ask(url, &system).await, Ok(json!({"sim_changed_at": 7})));
    let asked = system.asked();
    assert_eq!(asked[0].method, FetchMethod::Get);
    assert_eq!(asked[0].url, "https://hlr.example/subscribers/447700900907");
}

/// T-202: "no change is known" and "nobody could say" are two things.
#[tokio::test]
async fn a_failure_is_not_taken_for_an_unknown_number() {
    assert_eq!(ask(POSTED, &saying(Ok((404, "{}")))).await, Ok(json!({})));
    for failure in
        [Ok((500, "{}")), Ok((401, "{}")), Ok((200, "<html>")), Err(FetchError::TimedOut)]
    {
        assert_eq!(ask(POSTED, &saying(failure)).await, Err(SourceError::Failed));
    }
}

/// T-048
#[tokio::test]
async fn nobody_is_asked_about_a_suspended_subscription() {
    let mut blocked = stored(json!({}));
    blocked.status = SubscriberStatus::Blocked;
    let system = saying(Ok((200, "{}")));
    let table = Arc::new(MemorySubscribers::of([blocked]));
    let source = HttpSource::new(settings(POSTED), table, Arc::new(OpenVault), system.clone());
    let asked = source.unwrap().fetch(&subscriber(), &["sim_changed_at"]).await;
    assert_eq!(asked, Err(SourceError::UnknownSubscriber));
    assert!(system.asked().is_empty());
}

#[test]
fn settings_that_could_never_work_are_refused() {
    let refused = |change: fn(&mut HttpSourceSettings)| {
        let mut settings = settings(POSTED);
        change(&mut settings);
        let table = Arc::new(MemorySubscribers::default());
        let system = saying(Ok((200, "{}")));
        HttpSource::new(settings, table, Arc::new(OpenVault), system).err()
    };
    assert_eq!(refused(|s| s.attributes.clear()), Some(HttpSourceError::NoAttribute));
    assert_eq!(
        refused(|s| "sub".clone_into(&mut s.attributes[0].0)),
        Some(HttpSourceError::UnknownAttribute("sub".to_owned()))
    );
    assert_eq!(
        refused(|s| "https://a.example/{msisdn}/{msisdn}".clone_into(&mut s.url)),
        Some(HttpSourceError::TwoNumbers)
    );
}
