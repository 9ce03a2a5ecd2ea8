use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use fiador_domain::client::ClientDirectory;
use fiador_ports::{Fetch, FetchError, FetchRequest, FetchResponse};
use parking_lot::Mutex as Lock;
use serde_json::json;

use super::*;

/// A table of created applications that counts how often one is fetched.
#[derive(Default)]
struct Table {
    rows: Lock<Vec<StoredApplication>>,
    fetched: AtomicUsize,
}

impl Table {
    fn add_row(&self, id: &str, registration: &str) {
        self.rows.lock().push(StoredApplication {
            client_id: ClientId::new(id).unwrap(),
            registration: registration.to_owned(),
            created_at: Timestamp::from_micros(0),
        });
    }
}

#[async_trait]
impl Applications for Table {
    async fn ids(&self) -> Result<Vec<ClientId>, StoreError> {
        let mut ids: Vec<_> = self.rows.lock().iter().map(|row| row.client_id.clone()).collect();
        ids.sort();
        Ok(ids)
    }

    async fn find(&self, id: &ClientId) -> Result<Option<StoredApplication>, StoreError> {
        self.fetched.fetch_add(1, Ordering::SeqCst);
        Ok(self.rows.lock().iter().find(|row| row.client_id == *id).cloned())
    }

    async fn add(&self, row: StoredApplication, _: AuditEvent) -> Result<bool, StoreError> {
        self.rows.lock().push(row);
        Ok(true)
    }

    async fn remove(&self, id: &ClientId, _: AuditEvent) -> Result<bool, StoreError> {
        let mut rows = self.rows.lock();
        let before = rows.len();
        rows.retain(|row| row.client_id != *id);
        Ok(rows.len() != before)
    }
}

fn section(id: &str) -> serde_json::Value {
    json!({
        "client_id": id, "name": "Acme Shop", "profile": "oidc", "scopes": ["openid"],
        "redirect_uris": ["https://shop.example/callback"],
        "sector_identifier_uri": "https://shop.example/redirect-uris.json",
    })
}

/// A configured application that is in a sector.
async fn shop() -> (Arc<KnownApplications>, ClientId) {
    let client = registration_of(&section("shop"));
    let id = client.id.clone();
    let configured = ClientDirectory::new([client], []);
    (KnownApplications::open(configured, Arc::<Table>::default()).await.unwrap(), id)
}

fn registration_of(section: &serde_json::Value) -> Client {
    crate::registration::client(&serde_json::from_value(section.clone()).unwrap()).unwrap()
}

/// The site of a sector, which gives every caller the same answer.
struct Site(Result<FetchResponse, FetchError>);

impl Site {
    fn answers(status: u16, content_type: &str, body: &str) -> Self {
        let content_type = Some(content_type.to_owned());
        Self(Ok(FetchResponse { status, content_type, body: body.as_bytes().to_vec() }))
    }
}

#[async_trait]
impl Fetch for Site {
    async fn fetch(&self, _: FetchRequest) -> Result<FetchResponse, FetchError> {
        self.0.clone()
    }
}

#[tokio::test]
async fn what_this_version_cannot_read_is_fetched_once_until_it_is_removed() {
    let table = Arc::<Table>::default();
    table.add_row("later", r#"{"client_id":"later","colour":"green"}"#);
    let known = KnownApplications::open(ClientDirectory::default(), table.clone()).await.unwrap();
    table.add_row("good", &section("good").to_string());
    let (later, good) = (ClientId::new("later").unwrap(), ClientId::new("good").unwrap());
    for _ in 0..3 {
        known.follow().await.unwrap();
    }
    assert!(known.find(&later).is_none() && known.find(&good).is_some());
    assert_eq!(table.fetched.load(Ordering::SeqCst), 2, "each once");
    assert!(known.remove(&later, Timestamp::from_micros(0)).await.unwrap());
    known.follow().await.unwrap();
    assert!(known.sources.lock().await.unreadable.is_empty(), "T-260");
}

#[tokio::test]
async fn a_configured_application_that_its_sector_does_not_list_is_locked_out() {
    for contradiction in [r#"["https://other.example/callback"]"#, "[]", "{}", "no JSON"] {
        let (known, id) = shop().await;
        let site = Site::answers(200, "application/json", contradiction);
        let unread = known.ask_sectors(&site, known.members_of_lists(), true).await;
        assert!(unread.is_empty(), "{contradiction}");
        assert!(!known.find(&id).unwrap().enabled, "{contradiction}");
        known.follow().await.unwrap();
        assert!(!known.find(&id).unwrap().enabled, "{contradiction}: it stays so");
    }
    let (known, id) = shop().await;
    let list = r#"["https://shop.example/callback","https://other.example/callback"]"#;
    let site = Site::answers(200, "application/json", list);
    known.check_sectors(&site).await;
    assert!(known.find(&id).unwrap().enabled);
}

#[tokio::test]
async fn a_sector_that_cannot_be_asked_locks_nobody_out_and_is_asked_again() {
    for away in [
        Site(Err(FetchError::Unreachable)),
        Site(Err(FetchError::ForbiddenAddress)),
        Site::answers(503, "application/json", "[]"),
        Site::answers(200, "text/html", "down for maintenance"),
    ] {
        let (known, id) = shop().await;
        let unread = known.ask_sectors(&away, known.members_of_lists(), true).await;
        assert!(known.find(&id).unwrap().enabled);
        let back = Site::answers(200, "application/json", "[]");
        assert!(known.ask_sectors(&back, unread, false).await.is_empty());
        assert!(!known.find(&id).unwrap().enabled, "what it says then counts");
    }
}
