//! A gateway with two applications and one subscriber.

mod answer;
mod browser;
mod client_authentication;
mod client_keys;
mod login;
mod phone;
mod ports;
mod routing;

use std::sync::Arc;

use axum::Router;
use fiador_authserver::{
    AuthServer, DEFAULT_EVENT_STREAMS, Dependencies, EventStreams, Rules, Settings,
    WiredAuthenticator, add_assets, add_messages,
};
use fiador_domain::{
    client::{Client, ClientDirectory, ClientKeySource, ClientSecret, GrantType},
    numbering::{NumberingPlan, Operator, OperatorLinks},
    profile::Profile,
    prompting::PromptLimits,
    subscriber::{Subscriber, SubscriberStatus},
};
use fiador_http_kit::{Assets, Brand, CookiePolicy, Messages, Pages};
use fiador_kernel::{
    Amr, ClientId, Issuer, Loa, Msisdn, OperatorId, OsEntropy, ScopeSet, SectorId, SubscriberId,
};
use fiador_ports::Journeys;
use fiador_testkit::{TestClock, doubles::OneTime};

pub(crate) use answer::Answer;
pub(crate) use browser::Browser;
use client_authentication::BySecret;
use client_keys::{AskedClaims, Backwards};
pub(crate) use client_keys::{client_key_set, encrypted, signed};
pub(crate) use login::SESSION_COOKIE;
pub(crate) use phone::{AGAIN_AFTER, FOREIGN, Phone, Step};
pub(crate) use ports::{
    Audit, Codes, ConsentTable, JourneyTable, Keys, PcrTable, Sessions, SubscriberTable, TestVault,
};
pub(crate) use routing::Routing;

pub(crate) const ISSUER: &str = "https://id.example/oidc";
pub(crate) const REDIRECT_URI: &str = "https://shop.example/callback?tenant=1";
pub(crate) const KNOWN: &str = "447700900907";
pub(crate) const UNKNOWN: &str = "447700900908";
pub(crate) const BLOCKED: &str = "447700900909";
pub(crate) const NOT_ENROLLED: &str = "447700900910";
/// A subscriber's number in a range of another operator.
pub(crate) const PORTED_IN: &str = "447800900911";
/// SHA-256 of 43 times `a`, as a PKCE challenge.
pub(crate) const CHALLENGE: &str = "ZtNPunH49FD35FWYhT5Tv8I7vRKQJ8uxMaL0_9eHjNA";

/// Everything behind the AuthServer, to be looked into.
pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) phone: Arc<Phone>,
    pub(crate) routing: Routing,
    pub(crate) journeys: Arc<JourneyTable>,
    pub(crate) codes: Arc<Codes>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) consents: Arc<ConsentTable>,
    pub(crate) pcrs: Arc<PcrTable>,
    pub(crate) subscribers: Arc<SubscriberTable>,
    pub(crate) requested_claims: Arc<AskedClaims>,
    pub(crate) audit: Arc<Audit>,
    pub(crate) event_streams: EventStreams,
    routes: Router,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::with(|_| {}, |_| {})
    }

    /// A world in which one thing is otherwise.
    pub(crate) fn with(
        change_clients: impl Fn(&mut Client),
        change_settings: impl Fn(&mut Settings),
    ) -> Self {
        Self::build(PromptLimits::none(), None, change_clients, change_settings)
    }

    /// A world in which nobody is prompted more often than in production.
    pub(crate) fn strict() -> Self {
        Self::build(PromptLimits::default(), None, |_| {}, |_| {})
    }

    /// A world that keeps its journeys here, and not in [`Self::journeys`].
    pub(crate) fn over(journeys: Arc<dyn Journeys>) -> Self {
        Self::build(PromptLimits::none(), Some(journeys), |_| {}, |_| {})
    }

    fn build(
        prompts: PromptLimits,
        kept_in: Option<Arc<dyn Journeys>>,
        change_clients: impl Fn(&mut Client),
        change_settings: impl Fn(&mut Settings),
    ) -> Self {
        let clock = TestClock::new();
        let journeys = Arc::<JourneyTable>::default();
        let kept_in = kept_in.unwrap_or_else(|| Arc::clone(&journeys) as _);
        let (codes, sessions) = (Arc::<Codes>::default(), Arc::<Sessions>::default());
        let (consents, audit) = (Arc::<ConsentTable>::default(), Arc::<Audit>::default());
        let phone = Arc::new(Phone::new(clock.clone()));
        let pcrs = Arc::<PcrTable>::default();
        let requested_claims = Arc::<AskedClaims>::default();
        let subscribers = Arc::new(SubscriberTable::new(subscribers()));
        let routing = Routing::new(&clock, &phone, &kept_in, &subscribers, &audit, prompts);
        let mut settings = Settings {
            issuer: Issuer::new(ISSUER, false).unwrap(),
            cookies: CookiePolicy { secure: true },
            home_region: "GB".parse().ok(),
            rules: Rules::default(),
            serves_ported_in_numbers: false,
            authenticators: vec![WiredAuthenticator {
                ceiling: Loa::Two,
                mc_amr_values: vec![Amr::new("OTP_OK")],
            }],
            foreign_authenticators: vec![],
            max_event_streams: DEFAULT_EVENT_STREAMS,
        };
        change_settings(&mut settings);
        let clients = [Profile::MobileConnect, Profile::Oidc].map(|profile| {
            let mut client = client(profile);
            change_clients(&mut client);
            client
        });
        let clients = Arc::new(ClientDirectory::new(clients, []));
        let messages = add_messages(Messages::builder().unwrap()).unwrap().build().unwrap();
        let pages = Pages::new(Brand::new("Example"), messages, add_assets(Assets::builder()));
        let dependencies = Dependencies {
            clients: Arc::clone(&clients) as _,
            client_authenticator: Arc::new(BySecret(clients)),
            journeys: kept_in,
            subscribers: Arc::clone(&subscribers) as _,
            vault: Arc::new(TestVault),
            router: Arc::clone(&routing.router) as _,
            code_issuer: Arc::clone(&codes) as _,
            sessions: Arc::clone(&sessions) as _,
            consents: Arc::clone(&consents) as _,
            pcrs: Arc::clone(&pcrs) as _,
            signer: Arc::new(Keys),
            revocations: Arc::new(Keys),
            requested_claims: Arc::clone(&requested_claims) as _,
            client_keys: client_keys::client_keys(&clock),
            operator_keys: Arc::new(Backwards),
            replay: Arc::<OneTime>::default(),
            audit: Arc::clone(&audit) as _,
            numbering: Arc::new(numbering()),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(OsEntropy),
            pages: Arc::new(pages),
            settings,
        };
        let server = AuthServer::new(dependencies);
        let event_streams = server.event_streams();
        let routes = server.routes();
        Self {
            clock,
            phone,
            routing,
            journeys,
            codes,
            sessions,
            consents,
            pcrs,
            subscribers,
            requested_claims,
            audit,
            event_streams,
            routes,
        }
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(self.routes.clone())
    }

    pub(crate) fn subscriber() -> SubscriberId {
        SubscriberId::new("alice").unwrap()
    }
}

/// A good request of the profile's application.
pub(crate) fn good_request(profile: Profile) -> Vec<(&'static str, String)> {
    let mut parameters = vec![
        ("client_id", profile.as_str()),
        ("redirect_uri", REDIRECT_URI),
        ("response_type", "code"),
        ("state", "s t&te"),
        ("nonce", "n-1"),
    ];
    parameters.extend(match profile {
        Profile::MobileConnect => {
            vec![("scope", "openid mc_authn"), ("version", "mc_di_r2_v2.3"), ("acr_values", "2")]
        }
        Profile::Oidc => vec![
            ("scope", "openid"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ],
    });
    parameters.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

/// The same with parameters set or, with `None`, left out.
pub(crate) fn changed(
    profile: Profile,
    changes: &[(&'static str, Option<&str>)],
) -> Vec<(&'static str, String)> {
    let mut parameters = good_request(profile);
    for &(name, value) in changes {
        parameters.retain(|(known, _)| *known != name);
        parameters.extend(value.map(|value| (name, value.to_owned())));
    }
    parameters
}

pub(crate) const PROFILES: [Profile; 2] = [Profile::MobileConnect, Profile::Oidc];

fn client(profile: Profile) -> Client {
    let scopes = "openid offline_access profile email phone mc_authn mc_authz mc_atp \
                  mc_identity_phonenumber mc_kyc_plain mc_vm_match";
    let id = ClientId::new(profile.as_str()).unwrap();
    Client {
        name: "Acme <Shop>".to_owned(),
        secrets: vec![ClientSecret::of("secret")],
        keys: ClientKeySource::Inline(client_keys::client_key_set()),
        grant_types: [GrantType::AuthorizationCode, GrantType::RefreshToken].into_iter().collect(),
        redirect_uris: vec![REDIRECT_URI.to_owned(), "http://127.0.0.1/native".to_owned()],
        post_logout_redirect_uris: vec!["https://shop.example/bye".to_owned()],
        scopes: ScopeSet::parse(scopes).unwrap(),
        ..Client::new(id, profile, SectorId::new("shop.example").unwrap())
    }
}

/// Our own range, and one of a neighbour.
fn numbering() -> NumberingPlan {
    let operator = |id: &str, own| Operator {
        id: OperatorId::new(id).unwrap(),
        name: id.to_owned(),
        country: "GB".to_owned(),
        currency: "GBP".to_owned(),
        networks: vec![],
        issuer: format!("https://{id}.example"),
        links: OperatorLinks::default(),
        own,
    };
    let ranges = |range: &str| vec![range.to_owned()];
    let plan =
        [(operator("ours", true), ranges("4477")), (operator("theirs", false), ranges("4478"))];
    NumberingPlan::new(plan).unwrap()
}

fn subscribers() -> Vec<Subscriber> {
    let subscriber = |id: &str, digits: &str, status, authenticators: &[&str]| {
        let number = Msisdn::from_digits(digits).unwrap();
        Subscriber {
            id: SubscriberId::new(id).unwrap(),
            msisdn_index: fiador_ports::Vault::msisdn_index(&TestVault, &number),
            msisdn_sealed: digits.as_bytes().to_vec(),
            status,
            authenticators: authenticators.iter().map(|&id| id.to_owned()).collect(),
            attributes_sealed: vec![],
        }
    };
    vec![
        subscriber("alice", KNOWN, SubscriberStatus::Active, &["sms_otp"]),
        subscriber("bob", BLOCKED, SubscriberStatus::Blocked, &["sms_otp"]),
        subscriber("carol", NOT_ENROLLED, SubscriberStatus::Active, &[]),
        subscriber("dave", PORTED_IN, SubscriberStatus::Active, &["sms_otp"]),
    ]
}
