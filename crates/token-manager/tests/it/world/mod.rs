//! Everything around the Token Manager, small enough to read.

mod assertions;
mod clients;
mod http;
mod keys;
mod store;

use std::sync::Arc;

use axum::Router;
use fiador_domain::token::{CODE_LIFETIME, CodeContent, Epochs};
use fiador_kernel::{
    Amr, AuthenticatorId, ClientId, Clock, Digest, GrantId, Issuer, Loa, ScopeSet, SubscriberId,
};
use fiador_ports::{AccessTokens, ClientAuthenticator, ClientTokens, CodeIssuer};
use fiador_testkit::{SeededEntropy, TestClock};
use fiador_token_manager::{Dependencies, TokenManager};
use fiador_wire_oauth::introspection::JWT_MEDIA_TYPE;
use parking_lot::Mutex;

pub(crate) use self::{
    assertions::{Registered, assertion_claims, sign, sign_with},
    clients::{
        API, APP, BANK, GONE, Holder, OLD_SECRET, OLD_SECRET_SECONDS, ROBOT, SHOP, TRICKY, TWIN,
    },
    http::{Reply, basic, encoded},
    keys::{Keys, client_keys, verified_as, verified_claims},
    store::Store,
};

pub(crate) const ISSUER: &str = "https://idgw.example.net/oidc";
pub(crate) const REDIRECT_URI: &str = "https://sp.example/callback?a=1";
/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub(crate) struct World {
    pub(crate) clock: TestClock,
    pub(crate) store: Arc<Store>,
    pub(crate) keys: Arc<Keys>,
    pub(crate) codes: Arc<dyn CodeIssuer>,
    pub(crate) access_tokens: Arc<dyn AccessTokens>,
    pub(crate) client_tokens: Arc<dyn ClientTokens>,
    pub(crate) authenticator: Arc<dyn ClientAuthenticator>,
    pub(crate) client_keys: Arc<Registered>,
    router: Router,
    grants: Mutex<u32>,
}

impl World {
    pub(crate) fn new() -> Self {
        let clock = TestClock::new();
        let store = Arc::new(Store::default());
        let keys = Arc::new(Keys::default());
        let client_keys = Arc::new(Registered::default());
        let manager = TokenManager::new(Dependencies {
            issuer: Issuer::new(ISSUER, false).unwrap(),
            clients: Arc::new(clients::directory(clock.now())),
            client_keys: client_keys.clone(),
            replay: store.clone(),
            sealer: keys.clone(),
            signer: keys.clone(),
            grants: store.clone(),
            revocations: store.clone(),
            client_epochs: store.clone(),
            refresh_tokens: store.clone(),
            consents: store.clone(),
            lock_outs: store.clone(),
            pcrs: store.clone(),
            audit: store.clone(),
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(7)),
        });
        Self {
            clock,
            store,
            keys,
            codes: manager.code_issuer(),
            access_tokens: manager.access_tokens(),
            client_tokens: manager.client_tokens(),
            authenticator: manager.client_authenticator(),
            client_keys,
            router: manager.router(),
            grants: Mutex::new(0),
        }
    }

    /// What an ordinary login with SMS OTP leaves in a code. Each call is another login.
    pub(crate) fn login(&self, holder: Holder) -> CodeContent {
        let mut grants = self.grants.lock();
        *grants += 1;
        let now = self.clock.now();
        CodeContent {
            grant: GrantId::new(&format!("abcdefghijklmnopqr{:04}", *grants)).unwrap(),
            client: ClientId::new(holder.id).unwrap(),
            subscriber: SubscriberId::new("sub_7HhWbL2mZQxk0e9T3cRa").unwrap(),
            session: None,
            begins_session: false,
            scopes: ScopeSet::parse("openid mc_authn").unwrap(),
            requested_claims: false,
            consented: None,
            acr: Some(Loa::Two),
            level: Loa::Two,
            authenticator: AuthenticatorId::new("sms_otp").unwrap(),
            amr_mobile_connect: vec![Amr::new("OTP_OK")],
            amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
            authenticated_at: now,
            nonce: Some("878aacd7-83f1-4b4f-9582-7347b0a6fa62".to_owned()),
            redirect_uri: Digest::of(REDIRECT_URI),
            code_challenge: holder.uses_pkce.then(|| Digest::of(VERIFIER)),
            hashed_login_hint: Some(Digest::of("MSISDN:447700900907")),
            displayed_data: None,
            expires_at: now + CODE_LIFETIME,
            epochs: Epochs::default(),
        }
    }

    pub(crate) fn code(&self, holder: Holder) -> String {
        self.issue(&self.login(holder))
    }

    pub(crate) fn issue(&self, content: &CodeContent) -> String {
        self.codes.issue_code(content).expect("the code can be sealed")
    }

    /// Exchanges `code` as its right holder would.
    pub(crate) async fn exchange(&self, holder: Holder, code: &str) -> Reply {
        self.token(holder, &exchange_form(holder, code)).await
    }

    /// A whole login up to the tokens.
    pub(crate) async fn tokens(&self, holder: Holder) -> (String, String) {
        let reply = self.exchange(holder, &self.code(holder)).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let json = reply.json();
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        (text("access_token"), text("id_token"))
    }

    /// A login that may be refreshed.
    pub(crate) fn offline_login(&self, holder: Holder) -> CodeContent {
        let scopes = ScopeSet::parse("openid offline_access").unwrap();
        let consented = ScopeSet::parse("offline_access").ok();
        CodeContent { scopes, consented, ..self.login(holder) }
    }

    /// A whole login up to the tokens: access token and refresh token.
    pub(crate) async fn offline_tokens(&self, holder: Holder) -> (String, String) {
        let reply = self.exchange(holder, &self.issue(&self.offline_login(holder))).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        let json = reply.json();
        let text = |name: &str| json[name].as_str().unwrap().to_owned();
        (text("access_token"), text("refresh_token"))
    }

    pub(crate) async fn refresh(&self, holder: Holder, token: &str) -> Reply {
        self.token(holder, &[("grant_type", "refresh_token"), ("refresh_token", token)]).await
    }

    /// A token that `holder` holds for itself.
    pub(crate) async fn client_token(&self, holder: Holder) -> String {
        let reply = self.token(holder, &[("grant_type", "client_credentials")]).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn token(&self, holder: Holder, form: &[(&str, &str)]) -> Reply {
        self.post("/token", Some(holder), form).await
    }

    pub(crate) async fn introspect(&self, holder: Holder, token: &str) -> Reply {
        self.post("/introspect", Some(holder), &[("token", token)]).await
    }

    /// The answer as a JWT (RFC 9701).
    pub(crate) async fn introspect_as_jwt(&self, holder: Holder, token: &str) -> Reply {
        self.introspect_accepting(holder, Some(JWT_MEDIA_TYPE), token).await
    }

    pub(crate) async fn introspect_accepting(
        &self,
        holder: Holder,
        accept: Option<&str>,
        token: &str,
    ) -> Reply {
        let mut request = axum::extract::Request::post("/introspect")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("authorization", basic(holder.id, holder.secret.unwrap()));
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        self.send(request.body(encoded(&[("token", token)]).into()).unwrap()).await
    }

    pub(crate) async fn revoke(&self, holder: Holder, token: &str) -> Reply {
        self.post("/revoke", Some(holder), &[("token", token)]).await
    }

    /// Whether the operator's own resource server is told that the token is good.
    pub(crate) async fn is_active(&self, token: &str) -> bool {
        let reply = self.introspect(API, token).await;
        assert_eq!(reply.status, 200, "{reply:?}");
        reply.json()["active"].as_bool().unwrap()
    }

    /// Posts `form`, with the credentials of `holder` where it has them.
    pub(crate) async fn post(
        &self,
        path: &str,
        holder: Option<Holder>,
        form: &[(&str, &str)],
    ) -> Reply {
        let assertion = match holder {
            Some(holder) if holder.signs => sign(&assertion_claims(holder, self.clock.now())),
            _ => String::new(),
        };
        http::post(self.router.clone(), path, holder, &assertion, form).await
    }

    pub(crate) async fn send(&self, request: axum::extract::Request) -> Reply {
        http::send(self.router.clone(), request).await
    }
}

/// The parameters that exchange a code made by [`World::login`].
pub(crate) fn exchange_form(holder: Holder, code: &str) -> Vec<(&'static str, &str)> {
    let mut form =
        vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT_URI)];
    if holder.uses_pkce {
        form.push(("code_verifier", VERIFIER));
    }
    form
}
