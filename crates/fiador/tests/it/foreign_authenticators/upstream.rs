//! Whole logins at an OpenID Provider that other people wrote.

use fiador_testkit::peers::{Behaviour, MessageCentre, OpenIdProvider, Person};
use reqwest::redirect::Policy;

use crate::world::{Landing, Running, Site};

const ANN: &str = "447700900001";

/// A gateway whose only authenticator is the provider, where this person logs in.
async fn with_a_provider(person: &Person) -> (Running, OpenIdProvider) {
    // Nothing is sent through it; but an operator has one.
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    let redirect_uri = format!("{}/authenticators/national_id/return", site.issuer);
    let provider = OpenIdProvider::start(&redirect_uri, person).unwrap();
    site.write_secret("provider_secret", "secret");
    site.more = format!(
        r#"
[egress]
allow = ["127.0.0.1"]
[[authenticators.upstream]]
id = "national_id"
display_name = "National ID"
issuer = "{issuer}"
client_id = "fiador"
client_secret_file = "{secret}"
scopes = ["phone"]
class = "app_key"
enrolment = "by_number"
subject_claim = "phone_number"
levels = [
  {{ level = 3, acr = "urn:high", amr = ["mfa"], amr_mobile_connect = ["NAT_ID"] }},
  {{ level = 2, acr = "urn:low", amr = ["user"], amr_mobile_connect = ["NAT_ID"] }},
]
"#,
        issuer = provider.issuer,
        secret = site.file("provider_secret").display(),
    );
    let configuration = site.configuration();
    let configuration =
        configuration.replace("[sms.budgets]", "[sms]\nauthenticators = []\n[sms.budgets]");
    (site.start_with(&configuration).await, provider)
}

/// Ann's number is named; the browser goes wherever it is led.
async fn log_in(running: &Running, provider: &OpenIdProvider, level: &str) -> Landing {
    let relying_party = running.provider("oidc");
    let request = relying_party.request().for_number(ANN).with("acr_values", level);
    let mut user = running.user(ANN);
    let away = user.browser.open(&relying_party.start(&request)).await.away();
    assert!(away.as_str().starts_with(&provider.issuer), "{away}");

    let home = format!("{}/", running.issuer);
    let at_home = home.clone();
    let elsewhere = reqwest::Client::builder()
        .no_proxy()
        .cookie_store(true)
        .redirect(Policy::custom(move |attempt| {
            if attempt.url().as_str().starts_with(&at_home) {
                attempt.stop()
            } else {
                attempt.follow()
            }
        }))
        .build()
        .unwrap();
    let answer = elsewhere.get(away).send().await.unwrap();
    let back = answer.headers()["location"].to_str().unwrap();
    assert!(back.starts_with(&home), "{back}");
    let shown = user.browser.open(back).await;
    user.go_on(shown, async || unreachable!("no code is asked for")).await
}

fn person(phone_number: &str, acr: &str) -> Person {
    Person { phone_number: phone_number.to_owned(), acr: acr.to_owned(), denies: false }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_proves_the_number_there_is_logged_in_here() {
    for (acr, level, amr) in [("urn:low", "2", "user"), ("urn:high", "3", "mfa")] {
        let (running, provider) = with_a_provider(&person("+447700900001", acr)).await;
        let landing = log_in(&running, &provider, level).await;
        let relying_party = running.provider("oidc");
        let tokens = relying_party.tokens(landing.code()).await;
        let claims = relying_party.claims(&tokens).await;
        assert_eq!((&claims["acr"], &claims["amr"][0]), (&level.into(), &amr.into()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_else_there_is_nobody_here() {
    let (running, provider) = with_a_provider(&person("+447700900002", "urn:low")).await;
    let landing = log_in(&running, &provider, "2").await;
    assert_eq!((landing.get("code"), landing.get("error")), ("", "access_denied"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_there_is_a_denial_here() {
    let denies = Person { denies: true, ..person("+447700900001", "urn:low") };
    let (running, provider) = with_a_provider(&denies).await;
    let landing = log_in(&running, &provider, "2").await;
    assert_eq!((landing.get("code"), landing.get("error")), ("", "access_denied"));
}
