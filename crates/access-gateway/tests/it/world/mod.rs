//! Everything around the Access Gateway, small enough to read.

mod ports;
mod reply;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use fiador_access_gateway::{AccessGateway, Dependencies, RequestLimit};
use fiador_domain::{
    client::{Client, ClientDirectory},
    profile::Profile,
    token::{AccessTokenContent, Epochs},
};
use fiador_kernel::{ClientId, Clock, GrantId, Pcr, ScopeSet, SectorId, SubscriberId};
use fiador_testkit::TestClock;
use http::{Method, header::AUTHORIZATION};
use http_body_util::BodyExt;
use tower::ServiceExt;

pub(crate) use self::{
    ports::{Ports, attributes},
    reply::Reply,
};

pub(crate) const PCR: &str = "22735ae2-9b1b-4edb-bed0-7b41de9e129e";
pub(crate) const BURST: u32 = 5;

pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) ports: Arc<Ports>,
    router: Router,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = TestClock::new();
        let ports = Arc::new(Ports::default());
        let limit =
            RequestLimit { per_second: NonZeroU32::MIN, burst: NonZeroU32::new(BURST).unwrap() };
        let dependencies = Dependencies {
            access_tokens: ports.clone(),
            clients: Arc::new(directory()),
            consents: ports.clone(),
            data_gateway: ports.clone(),
            clock: Arc::new(clock.clone()),
        };
        let router = AccessGateway::new(dependencies, limit).router();
        Self { clock, ports, router }
    }

    /// A living token of `client` with these scopes, all of them consented to.
    pub(crate) fn token(&self, client: &str, scopes: &str) -> String {
        let scopes = ScopeSet::parse(scopes).unwrap();
        let now = self.clock.now();
        let content = AccessTokenContent {
            grant: GrantId::new("grant").unwrap(),
            client: ClientId::new(client).unwrap(),
            subscriber: SubscriberId::new("subscriber").unwrap(),
            session: None,
            pcr: Pcr::parse(PCR).unwrap(),
            sector: SectorId::new("sp.example").unwrap(),
            scopes: scopes.clone(),
            requested_claims: false,
            issued_at: now,
            expires_at: now + Duration::from_mins(10),
            epochs: Epochs::default(),
        };
        self.ports.agree(client, scopes);
        self.ports.add_token(content)
    }

    pub(crate) async fn userinfo(&self, token: &str) -> Reply {
        self.get("/userinfo", token).await
    }

    pub(crate) async fn premiuminfo(&self, token: &str) -> Reply {
        self.get("/premiuminfo", token).await
    }

    pub(crate) async fn get(&self, uri: &str, token: &str) -> Reply {
        let request = Request::get(uri).header(AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// A request with these headers and this body.
    pub(crate) async fn request(
        &self,
        method: Method,
        uri: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let request = Request::builder().method(method).uri(uri);
        let request = headers.iter().fold(request, |request, (n, v)| request.header(*n, *v));
        self.send(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    async fn send(&self, request: Request) -> Reply {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

/// `bank` and `plus` are in use, `gone` is disabled.
fn directory() -> ClientDirectory {
    let plus = Client { phone_number_with_plus: true, ..client("plus") };
    let gone = Client { enabled: false, ..client("gone") };
    ClientDirectory::new([client("bank"), client("shop"), plus, gone], [])
}

fn client(id: &str) -> Client {
    let scopes = "openid profile email address phone mc_identity_phonenumber mc_identity_signup";
    let sector = SectorId::new("sp.example").unwrap();
    Client {
        scopes: ScopeSet::parse(scopes).unwrap(),
        ..Client::new(ClientId::new(id).unwrap(), Profile::MobileConnect, sector)
    }
}
