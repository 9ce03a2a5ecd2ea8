//! Whole logins that the example authenticator answers.

use fiador_testkit::peers::{Behaviour, ExampleAuthenticator, MessageCentre};
use url::Url;

use crate::world::{Answer, Page, Running, Shown, Site, User, encoded};

const ANN: &str = "447700900001";

/// A gateway whose only authenticator is the example, asked in one form; `more` is configuration.
pub(super) async fn with_the_example(form: &str, more: &str) -> (Running, ExampleAuthenticator) {
    // Nothing is sent through it; but an operator has one.
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    let example = ExampleAuthenticator::start(&site.issuer, false).unwrap();
    let endpoints = match form {
        "browser" => "authorization_endpoint = \"ISSUER/authorize\"",
        _ => "start_endpoint = \"ISSUER/start\"\ncancel_endpoint = \"ISSUER/cancel\"",
    };
    site.more = format!(
        r#"
[egress]
allow = ["127.0.0.1"]
[[authenticators.foreign]]
id = "bank_app"
display_name = "Bank App"
issuer = "ISSUER"
jwks_uri = "ISSUER/jwks"
form = "{form}"
{endpoints}
class = "click"
enrolment = "by_number"
[[authenticators.foreign.evidence]]
facts = ["possession", "user_presence"]
level = 2
amr = ["user"]
amr_mobile_connect = ["APP_OK"]
"#
    )
    .replace("ISSUER", &example.issuer)
        + more;
    let configuration =
        site.configuration().replace("[sms.budgets]", "[sms]\nauthenticators = []\n[sms.budgets]");
    (site.start_with(&configuration).await, example)
}

/// Starts a login and gives what the browser shows then.
async fn begin(running: &Running) -> (User, Shown) {
    let provider = running.provider("oidc");
    let request = provider.request().for_number(ANN).with("acr_values", "2");
    let mut user = running.user(ANN);
    let shown = user.browser.open(&provider.start(&request)).await;
    (user, shown)
}

/// Answers on a page of the example, which is not the gateway's: another jar, another client.
pub(super) async fn answer_there(
    running: &Running,
    page: &Page,
    fields: &[(&str, &str)],
) -> Answer {
    let transaction = page.answer.text.split("name=\"transaction\" value=\"").nth(1).unwrap();
    let transaction = transaction.split('"').next().unwrap();
    let all = [&[("transaction", transaction)], fields].concat();
    let url = Url::parse(&page.url).unwrap().join("answer").unwrap();
    let request = running.http.post(url).body(encoded(all));
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    Answer::read(request.send().await.unwrap()).await
}

pub(super) async fn open_there(running: &Running, url: &str) -> Page {
    let answer = Answer::read(running.http.get(url).send().await.unwrap()).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    Page { url: url.to_owned(), answer }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_browser_is_taken_there_and_back() {
    let (running, example) = with_the_example("browser", "").await;
    let (mut user, shown) = begin(&running).await;
    let away = shown.away();
    assert!(away.as_str().starts_with(&example.issuer), "{away}");
    let question = open_there(&running, away.as_str()).await;
    assert!(question.answer.text.contains("Approve"), "{}", question.answer.text);

    let answer = answer_there(&running, &question, &[("answer", "approve")]).await;
    let back = answer.header("location").to_owned();
    let shown = user.browser.open(&back).await;
    let landing = user.go_on(shown, async || unreachable!("no code is asked for")).await;
    let provider = running.provider("oidc");
    let tokens = provider.tokens(landing.code()).await;
    let claims = provider.claims(&tokens).await;
    assert_eq!((&claims["acr"], &claims["amr"][0]), (&"2".into(), &"user".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_denial_there_is_a_denial_here() {
    let (running, _example) = with_the_example("browser", "").await;
    let (mut user, shown) = begin(&running).await;
    let question = open_there(&running, shown.away().as_str()).await;
    let answer = answer_there(&running, &question, &[("answer", "deny")]).await;
    let shown = user.browser.open(answer.header("location")).await;
    let landing = user.go_on(shown, async || unreachable!("no code is asked for")).await;
    assert_eq!(landing.get("error"), "access_denied");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_that_lands_in_another_browser_does_nothing_t_102() {
    let (running, _example) = with_the_example("browser", "").await;
    let (mut victim, shown) = begin(&running).await;
    let question = open_there(&running, shown.away().as_str()).await;
    let answer = answer_there(&running, &question, &[("answer", "approve")]).await;
    let back = answer.header("location").to_owned();

    let mut attacker = running.user(ANN);
    let refused = attacker.browser.open(&back).await.page();
    assert_eq!(refused.answer.status, 400);
    // The one that it was meant for still can.
    let shown = victim.browser.open(&back).await;
    let landing = victim.go_on(shown, async || unreachable!("no code is asked for")).await;
    assert!(!landing.code().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_answers_by_the_number_that_the_page_shows() {
    let (running, example) = with_the_example("back_channel", "").await;
    let (mut user, shown) = begin(&running).await;
    let waiting = shown.page();
    let number = waiting.text_of("redirect-number");

    let phone = crate::world::eventually("the phone is asked", async || {
        let phone = open_there(&running, &format!("{}/phone", example.issuer)).await;
        phone.answer.text.contains("name=\"transaction\"").then_some(phone)
    })
    .await;
    assert!(phone.answer.text.contains("portal"), "{}", phone.answer.text);
    let done = answer_there(&running, &phone, &[("number", &number)]).await;
    assert_eq!(done.status, 200);

    let url = waiting.url.clone();
    let shown = crate::world::eventually("the page goes on", async || {
        match user.browser.open(&url).await {
            Shown::Page(page) if page.has("redirect-number") => None,
            on => Some(on),
        }
    })
    .await;
    let landing = user.go_on(shown, async || unreachable!("no code is asked for")).await;
    assert!(!landing.code().is_empty());
}
