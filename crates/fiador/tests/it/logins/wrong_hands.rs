//! Everything a login leaves in somebody's hands, at every door of the gateway that it is not for
//! (T-066): a generated matrix. The cells where an artefact is right are left out, and tried at the end:
//! whatever was done with the artefacts before, in their right hands they are still good.

use fiador_jose::{Algorithm, SigningKey};
use fiador_kernel::{Clock as _, OsEntropy, SystemClock, token_text};
use fiador_testkit::share;
use serde_json::{Value, json};

use super::envelopes::created;
use crate::world::{Answer, Landing, Page, Provider, Sandbox, Shown, User};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Artefact {
    Code,
    AccessToken,
    RefreshToken,
    IdToken,
    SessionCookie,
    JourneyHandle,
    /// The subscriber's pseudonym.
    Pcr,
    RequestObject,
    PushedRequest,
    ClientAssertion,
}

const ARTEFACTS: [Artefact; 10] = [
    Artefact::Code,
    Artefact::AccessToken,
    Artefact::RefreshToken,
    Artefact::IdToken,
    Artefact::SessionCookie,
    Artefact::JourneyHandle,
    Artefact::Pcr,
    Artefact::RequestObject,
    Artefact::PushedRequest,
    Artefact::ClientAssertion,
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    Code,
    RefreshToken,
    Introspection,
    ClientAssertion,
    ClientSecret,
    IdTokenHint,
    PcrHint,
    RequestObject,
    RequestUri,
    SessionCookie,
    /// The page of a journey, in a browser that has a journey of its own.
    Journey,
    UserInfo,
    PremiumInfo,
    Admin,
}

const DOORS: [Door; 14] = [
    Door::Code,
    Door::RefreshToken,
    Door::Introspection,
    Door::ClientAssertion,
    Door::ClientSecret,
    Door::IdTokenHint,
    Door::PcrHint,
    Door::RequestObject,
    Door::RequestUri,
    Door::SessionCookie,
    Door::Journey,
    Door::UserInfo,
    Door::PremiumInfo,
    Door::Admin,
];

/// Who stands at the door.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Holder {
    /// The application that everything was made for.
    Owner,
    /// Another one in the same sector.
    Neighbour,
    /// One in another sector.
    Stranger,
    /// One of the other profile.
    MobileConnect,
    /// One at the doors of another operator's gateway.
    Elsewhere,
}

const HOLDERS: [Holder; 5] =
    [Holder::Owner, Holder::Neighbour, Holder::Stranger, Holder::MobileConnect, Holder::Elsewhere];

/// Where the artefact is good, in these hands.
fn is_right(artefact: Artefact, door: Door, holder: Holder) -> bool {
    if holder == Holder::Elsewhere {
        return false;
    }
    let owner = holder == Holder::Owner;
    match (artefact, door) {
        (Artefact::Code, Door::Code)
        | (Artefact::RefreshToken, Door::RefreshToken)
        | (Artefact::AccessToken, Door::Introspection)
        | (Artefact::RequestObject, Door::RequestObject)
        | (Artefact::PushedRequest, Door::RequestUri) => owner,
        // One pseudonym for a sector (OpenID Connect Core §8.1).
        (Artefact::Pcr, Door::PcrHint) => owner || holder == Holder::Neighbour,
        // Whoever has the cookie is the browser; its session answers every `oidc` application.
        (Artefact::SessionCookie, Door::SessionCookie) => holder != Holder::MobileConnect,
        // A hint may have been issued to another client (mobile-connect §2.1), and authenticates
        // nobody: the phone is asked. A bearer token: nobody asks who presents it (RFC 6750).
        (Artefact::IdToken, Door::IdTokenHint) | (Artefact::AccessToken, Door::UserInfo) => true,
        _ => false,
    }
}

/// What one login has left, and the applications around it.
struct Left {
    sandbox: Sandbox,
    /// Another operator, with subscribers of the same numbers and, as sandboxes have them, the same
    /// signing keys.
    elsewhere: Sandbox,
    providers: [Provider; 5],
    /// Of the fourth application, which signs.
    signer: Provider,
    user: User,
    texts: Vec<(Artefact, String)>,
}

impl Left {
    async fn behind() -> Self {
        let (sandbox, elsewhere) = (Sandbox::start(&[]), Sandbox::start(&[]));
        let key = SigningKey::generate(Algorithm::Es256).unwrap();
        let registration = json!({
            "scopes": ["openid", "email", "offline_access"],
            "grant_types": ["authorization_code", "refresh_token"],
            "sector": "acme.example",
            "jwks": { "keys": [key.public_jwk()] },
        });
        let owner = created(&sandbox, &registration).await;
        let neighbour = created(&sandbox, &registration).await;
        let stranger = sandbox.provider("oidc");
        let mobile = sandbox.provider("mobile_connect");
        let foreign = elsewhere.provider("oidc");
        let mut by_key = registration.clone();
        by_key["token_endpoint_auth_method"] = json!("private_key_jwt");
        let signer = created(&sandbox, &by_key).await;

        let mut user = sandbox.user(0);
        let scope = "openid offline_access";
        let request = owner.request().with("scope", scope).for_number(&user.msisdn);
        let landing = sandbox.log_in(&mut user, &owner.start(&request)).await;
        let tokens = owner.tokens(landing.code()).await;
        let claims = owner.claims(&tokens).await;
        let again = owner.start(&owner.request());
        let code = Landing::at(user.browser.open(&again).await.away()).code().to_owned();
        let mut other_window = sandbox.browser();
        let page = other_window.open(&owner.start(&owner.request())).await.page();
        let object = key.sign_compact(None, &request_object(&sandbox, &owner)).unwrap();
        let parameters = owner.request();
        let pushed = pushed(&owner, &parameters.encoded()).await;
        let texts = vec![
            (Artefact::Code, code),
            (Artefact::AccessToken, tokens.access_token.clone()),
            (Artefact::RefreshToken, tokens.answer["refresh_token"].as_str().unwrap().to_owned()),
            (Artefact::IdToken, tokens.id_token.clone()),
            (Artefact::SessionCookie, user.browser.cookies["fiador_session"].clone()),
            (Artefact::JourneyHandle, handle(&page)),
            (Artefact::Pcr, claims["sub"].as_str().unwrap().to_owned()),
            (Artefact::RequestObject, object),
            (Artefact::PushedRequest, pushed),
            (Artefact::ClientAssertion, assertion(&key, &signer)),
        ];
        let providers = [owner, neighbour, stranger, mobile, foreign];
        Self { sandbox, elsewhere, providers, signer, user, texts }
    }

    fn text(&self, artefact: Artefact) -> &str {
        &self.texts.iter().find(|(kind, _)| *kind == artefact).unwrap().1
    }

    fn provider(&self, holder: Holder) -> &Provider {
        &self.providers[HOLDERS.iter().position(|known| *known == holder).unwrap()]
    }

    /// The gateway whose doors the holder stands at.
    fn gateway(&self, holder: Holder) -> &Sandbox {
        if holder == Holder::Elsewhere { &self.elsewhere } else { &self.sandbox }
    }

    /// Whether the door opens for `text` in these hands.
    async fn opens(&self, door: Door, holder: Holder, text: &str) -> bool {
        let (provider, gateway) = (self.provider(holder), self.gateway(holder));
        match door {
            Door::Code => provider.redeem(text).await.status == 200,
            Door::RefreshToken => {
                let form = [("grant_type", "refresh_token"), ("refresh_token", text)];
                provider.post("token", &form).await.status == 200
            }
            Door::Introspection => {
                let answer = provider.introspect(text).await;
                answer.status == 200 && answer.json()["active"] == true
            }
            Door::ClientAssertion => is_proven(&by_assertion(provider, text).await),
            Door::ClientSecret => {
                let mut imposter = provider.clone();
                text.clone_into(&mut imposter.application.client_secret);
                imposter.introspect(text).await.status == 200
            }
            Door::IdTokenHint => self.reaches_a_phone(holder, "id_token_hint", text).await,
            Door::PcrHint => {
                self.reaches_a_phone(holder, "login_hint", &format!("PCR:{text}")).await
            }
            Door::RequestObject => self.is_served(holder, "request", text).await,
            Door::RequestUri => self.is_served(holder, "request_uri", text).await,
            Door::SessionCookie => {
                let mut browser = gateway.browser();
                browser.cookies.insert("fiador_session".to_owned(), text.to_owned());
                let silent = provider.request().with("prompt", "none");
                let shown = browser.open(&provider.start(&silent)).await;
                matches!(shown, Shown::Away(url) if Landing::at(url.clone()).parameters.contains_key("code"))
            }
            Door::Journey => {
                let mut browser = gateway.browser();
                browser.open(&provider.start(&provider.request())).await;
                let url = format!("{}/journey/{text}", gateway.issuer());
                match browser.open(&url).await {
                    Shown::Page(page) => has_form(&page),
                    Shown::Away(_) => true,
                }
            }
            Door::UserInfo => provider.attributes("userinfo", text).await.status == 200,
            Door::PremiumInfo => provider.attributes("premiuminfo", text).await.status == 200,
            Door::Admin => {
                let url = format!("{}/admin/v1/apps", gateway.text("/admin/url"));
                let request = gateway.http.get(url).bearer_auth(text);
                request.send().await.unwrap().status().as_u16() < 400
            }
        }
    }

    /// Whether a request with this hint sends a message to the user's phone.
    async fn reaches_a_phone(&self, holder: Holder, name: &str, value: &str) -> bool {
        let (provider, gateway) = (self.provider(holder), self.gateway(holder));
        let seen = gateway.messages(&self.user.msisdn).await.len();
        let request = provider.request().with(name, value);
        let shown = gateway.browser().open(&provider.start(&request)).await;
        if let Shown::Away(url) = shown {
            return Landing::at(url).parameters.contains_key("code");
        }
        // A message leaves after the answer: somebody else's to the same phone would come later.
        self.message_of_another_login(gateway).await;
        gateway.messages(&self.user.msisdn).await.len() > seen + 1
    }

    /// A login that is known to send a message to the same phone.
    async fn message_of_another_login(&self, gateway: &Sandbox) {
        let seen = gateway.messages(&self.user.msisdn).await.len();
        let provider = gateway.provider("oidc");
        let request = provider.request().for_number(&self.user.msisdn);
        gateway.browser().open(&provider.start(&request)).await.page();
        gateway.code_after(&self.user.msisdn, seen).await;
    }

    /// Whether a request with this parameter gets as far as a page.
    async fn is_served(&self, holder: Holder, name: &str, value: &str) -> bool {
        let provider = self.provider(holder);
        let request = provider.request().with(name, value);
        match self.gateway(holder).browser().open(&provider.start(&request)).await {
            Shown::Page(page) => has_form(&page),
            Shown::Away(url) => Landing::at(url).parameters.contains_key("code"),
        }
    }
}

fn has_form(page: &Page) -> bool {
    ["journey-number", "journey-answer", "journey-consent"].iter().any(|id| page.has(id))
}

fn handle(page: &Page) -> String {
    let (_, handle) = page.url.rsplit_once("/journey/").unwrap();
    handle.to_owned()
}

fn request_object(sandbox: &Sandbox, provider: &Provider) -> Value {
    json!({
        "iss": provider.application.client_id,
        "aud": sandbox.issuer(),
        "client_id": provider.application.client_id,
        "nonce": "signed nonce",
        "iat": SystemClock.now().as_seconds(),
        "jti": token_text(&OsEntropy, 16),
    })
}

fn assertion(key: &SigningKey, provider: &Provider) -> String {
    let now = SystemClock.now().as_seconds();
    let claims = json!({
        "iss": provider.application.client_id,
        "sub": provider.application.client_id,
        "aud": provider.issuer,
        "iat": now,
        "exp": now + 240,
        "jti": token_text(&OsEntropy, 16),
    });
    key.sign_compact(Some("JWT"), &claims).unwrap()
}

async fn pushed(provider: &Provider, form: &str) -> String {
    let pairs: Vec<(String, String)> =
        url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    let answer = provider.post("par", &pairs).await;
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.member("request_uri")
}

/// Asks about a token with an assertion, in the name of `provider`.
async fn by_assertion(provider: &Provider, assertion: &str) -> Answer {
    let form = [
        ("client_id", &*provider.application.client_id),
        ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
        ("client_assertion", assertion),
        ("token", "unknown"),
    ];
    let request = provider.http.post(format!("{}/introspect", provider.base)).form(&form);
    Answer::read(request.send().await.unwrap()).await
}

fn is_proven(answer: &Answer) -> bool {
    answer.status == 200
}

#[tokio::test]
async fn in_a_large_set_of_wrong_hands_nothing_is_good() {
    let mut wrong = Vec::new();
    for door in DOORS {
        for artefact in ARTEFACTS {
            for holder in HOLDERS {
                if !is_right(artefact, door, holder) {
                    wrong.push((artefact, door, holder));
                }
            }
        }
    }
    assert!(wrong.len() >= 500, "{} cells", wrong.len());
    let left = Left::behind().await;
    for (artefact, door, holder) in share::of(wrong, 11) {
        let opened = left.opens(door, holder, left.text(artefact)).await;
        assert!(!opened, "{artefact:?} at {door:?} in the hands of {holder:?}");
    }

    let in_right_hands = [
        (Artefact::AccessToken, Door::UserInfo),
        (Artefact::AccessToken, Door::Introspection),
        (Artefact::RefreshToken, Door::RefreshToken),
        (Artefact::SessionCookie, Door::SessionCookie),
        (Artefact::Pcr, Door::PcrHint),
        (Artefact::IdToken, Door::IdTokenHint),
        (Artefact::RequestObject, Door::RequestObject),
        (Artefact::PushedRequest, Door::RequestUri),
    ];
    for (artefact, door) in in_right_hands {
        let opened = left.opens(door, Holder::Owner, left.text(artefact)).await;
        assert!(opened, "{artefact:?} at {door:?}");
    }
    let answer = by_assertion(&left.signer, left.text(Artefact::ClientAssertion)).await;
    assert!(is_proven(&answer), "{answer:?}");
}
