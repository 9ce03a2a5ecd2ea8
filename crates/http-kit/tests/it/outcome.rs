//! Answers are counted under bounded labels (T-281).

use std::{
    collections::BTreeMap,
    sync::{Arc, LazyLock, Mutex},
};

use axum::{Router, routing::get};
use metrics::{
    Counter, CounterFn, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::server::Server;

static COUNTS: LazyLock<Mutex<BTreeMap<String, u64>>> = LazyLock::new(Mutex::default);

struct Counts;
struct Named(String);

impl CounterFn for Named {
    fn increment(&self, value: u64) {
        *COUNTS.lock().unwrap().entry(self.0.clone()).or_default() += value;
    }

    fn absolute(&self, _: u64) {}
}

impl Recorder for Counts {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<&str> = key.labels().map(metrics::Label::value).collect();
        Counter::from_arc(Arc::new(Named(format!("{} {}", key.name(), labels.join(" ")))))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[tokio::test]
async fn answers_are_counted_by_pattern_not_by_address() {
    metrics::set_global_recorder(Counts).ok().unwrap();
    let router = Router::new()
        .route("/counted/{id}", get(async || "ok"))
        .nest("/inner", Router::new().route("/counted", get(async || "ok")));
    let server = Server::start(router).await;
    for path in ["/counted/1", "/counted/2", "/inner/counted", "/elsewhere/counted"] {
        reqwest::get(server.url(path)).await.unwrap();
    }
    let counts = COUNTS.lock().unwrap();
    let count = |labels: &str| counts.get(&format!("fiador_http_requests_total {labels}"));
    assert_eq!(count("test /counted/{id} 2xx"), Some(&2), "{counts:?}");
    assert_eq!(count("test /inner/counted 2xx"), Some(&1));
    assert!(count("test unmatched 4xx").is_some_and(|&count| count >= 1));
    assert!(!counts.keys().any(|key| key.contains("elsewhere")));
}
