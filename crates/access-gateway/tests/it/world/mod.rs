//! Everything around the Access Gateway, small enough to read.

mod keys;
mod people;
mod ports;
mod reply;

use std::{num::NonZeroU32, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use fiador_access_gateway::{AccessGateway, Dependencies, RequestLimit, Settings};
use fiador_domain::{
    assurance::SEAMLESS,
    client::{
        Client, ClientDirectory, ContentEncryption, Encryption, KeyManagementAlgorithm,
        SigningAlgorithm,
    },
    client_token::ClientTokenContent,
    individual_claims::IndividualClaims,
    kyc::Normalisation,
    profile::Profile,
    quota::Limit,
    risk::RiskAnswer,
    token::{AccessTokenContent, Epochs},
};
use fiador_kernel::{ClientId, Clock, GrantId, Issuer, Pcr, ScopeSet, SectorId, SubscriberId};
use fiador_ports::Vault;
use fiador_testkit::{TestClock, doubles::OpenVault};
use http::{Method, header::AUTHORIZATION};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;

pub(crate) use self::{
    keys::{Letters, signed_content},
    people::{BLOCKED, NUMBER},
    ports::{Ports, attributes},
    reply::Reply,
};

pub(crate) const PCR: &str = "22735ae2-9b1b-4edb-bed0-7b41de9e129e";
pub(crate) const ISSUER: &str = "https://idgw.example/oidc";
pub(crate) const BURST: u32 = 5;
/// Takeover signs of so many numbers may be asked in vain, in ten minutes.
pub(crate) const IN_VAIN: u32 = 6;

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
            client_tokens: ports.clone(),
            clients: Arc::new(directory()),
            consents: ports.clone(),
            requested_claims: ports.clone(),
            data_gateway: ports.clone(),
            risk_signals: ports.clone(),
            subscribers: Arc::new(people::people()),
            vault: Arc::new(OpenVault),
            operator_keys: Arc::new(Letters),
            signer: Arc::new(Letters),
            client_keys: Arc::new(Letters),
            audit: ports.clone(),
            clock: Arc::new(clock.clone()),
        };
        let kyc =
            Normalisation { refused: ["birthdate".to_owned()].into(), ..Normalisation::default() };
        let answers_without_data = Limit::per_seconds(IN_VAIN, 600);
        let settings = Settings {
            issuer: Issuer::new(ISSUER, false).unwrap(),
            limit,
            answers_without_data,
            kyc,
        };
        let router = AccessGateway::new(dependencies, settings).router();
        Self { clock, ports, router }
    }

    /// A living token of `client` with these scopes, all of them consented to.
    pub(crate) fn token(&self, client: &str, scopes: &str) -> String {
        self.token_with(client, scopes, |_| {})
    }

    /// The same, changed.
    pub(crate) fn token_with(
        &self,
        client: &str,
        scopes: &str,
        change: impl FnOnce(&mut AccessTokenContent),
    ) -> String {
        let scopes = ScopeSet::parse(scopes).unwrap();
        let now = self.clock.now();
        let mut content = AccessTokenContent {
            grant: GrantId::new("grant").unwrap(),
            client: ClientId::new(client).unwrap(),
            subscriber: SubscriberId::new("subscriber").unwrap(),
            session: None,
            pcr: Pcr::parse(PCR).unwrap(),
            sector: SectorId::new("sp.example").unwrap(),
            scopes: scopes.clone(),
            requested_claims: false,
            amr: Vec::new(),
            issued_at: now,
            expires_at: now + Duration::from_mins(10),
            epochs: Epochs::default(),
        };
        change(&mut content);
        self.ports.agree(client, scopes);
        self.ports.add_token(content)
    }

    /// The token of a login that rests on the network's own word.
    pub(crate) fn seamless_token(&self, client: &str, scopes: &str) -> String {
        self.token_with(client, scopes, |token| {
            token.grant = GrantId::new(&format!("grant-of-{client}")).unwrap();
            token.amr = vec![SEAMLESS];
        })
    }

    /// The token of a login whose `claims` parameter asked for something one by one.
    pub(crate) fn asking_token(
        &self,
        client: &str,
        scopes: &str,
        userinfo: &[&str],
        premiuminfo: &Value,
    ) -> String {
        let values = premiuminfo.as_object().unwrap().iter();
        let requested = IndividualClaims::served(
            &ScopeSet::parse(scopes).unwrap(),
            userinfo.iter().copied(),
            values.map(|(name, value)| (name.as_str(), Some(value))),
        );
        let sealed = OpenVault.seal_attributes(&requested.unwrap().to_attributes());
        *self.ports.kept.lock() = Some(sealed);
        self.token_with(client, scopes, |token| token.requested_claims = true)
    }

    /// A token that `client` holds for itself.
    pub(crate) fn own_token(&self, client: &str, scopes: &str) -> String {
        let now = self.clock.now();
        self.ports.add_own_token(ClientTokenContent {
            grant: GrantId::new("grant").unwrap(),
            client: ClientId::new(client).unwrap(),
            scopes: ScopeSet::parse(scopes).unwrap(),
            issued_at: now,
            expires_at: now + Duration::from_mins(10),
            epochs: Epochs::default(),
        })
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

    /// JSON, posted with a token.
    pub(crate) async fn post_json(&self, uri: &str, token: &str, body: &str) -> Reply {
        let bearer = format!("Bearer {token}");
        let headers = [("authorization", &*bearer), ("content-type", "application/json")];
        self.request(Method::POST, uri, &headers, body).await
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

/// `bank`, `plus` and others are in use, `gone` is disabled.
fn directory() -> ClientDirectory {
    let plus = Client {
        phone_number_with_plus: true,
        risk_answer: RiskAnswer { sim_change_as_boolean: true, corrects_call_divert: true },
        ..client("plus")
    };
    let gone = Client { enabled: false, ..client("gone") };
    let userinfo_signed_response_alg = Some(SigningAlgorithm::Es256);
    let userinfo_encrypted_response =
        Some(Encryption { alg: KeyManagementAlgorithm::EcdhEs, enc: ContentEncryption::default() });
    let signed = Client { userinfo_signed_response_alg, ..client("signed") };
    let hidden = Client { userinfo_encrypted_response, ..client("hidden") };
    let both =
        Client { userinfo_signed_response_alg, userinfo_encrypted_response, ..client("both") };
    ClientDirectory::new([client("bank"), client("shop"), plus, gone, signed, hidden, both], [])
}

fn client(id: &str) -> Client {
    let scopes = "openid profile email address phone mc_identity_phonenumber \
                  mc_identity_phonenumber_hashed mc_identity_signup mc_kyc_plain mc_kyc_hashed \
                  mc_phonenumber mc_mnv_validate_plus mc_vm_match mc_vm_match_hash mc_attr_vm_match mc_atp";
    let sector = SectorId::new("sp.example").unwrap();
    Client {
        scopes: ScopeSet::parse(scopes).unwrap(),
        ..Client::new(ClientId::new(id).unwrap(), Profile::MobileConnect, sector)
    }
}
