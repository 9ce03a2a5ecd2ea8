//! The headless mode of the SDKs for Java and PHP (mobile-connect §6.1, row 12): no browser, but a
//! loop that sends GETs until a `Location` begins with the redirect URI.
//!
//! It sends `prompt=mobile` with a transaction, the client's credentials with every GET and, in Java,
//! no `Accept`. An answer without `Location` is asked for again, up to 24 times. The user answers on
//! the phone meanwhile. A one-time code by text message cannot be answered there; so in these stories
//! the code arrives through the form of the page, with the cookies of the loop.

use std::collections::BTreeMap;

use url::Url;

use super::{super::wire::Operator, sdk::Sdk};
use crate::world::{Answer, Browser, Landing, Page, REDIRECT_URI, Sandbox, raw_get};

/// The loop, with the cookie store that its HTTP client has.
struct Loop {
    url: Url,
    authorization: String,
    accept: &'static str,
    cookies: BTreeMap<String, String>,
}

/// One answer of the gateway, as far as the loop reads it.
struct Step {
    status: u16,
    location: Option<Url>,
    text: String,
}

impl Loop {
    fn new(start: &str, operator: &Operator, accept: &'static str) -> Self {
        let request = operator.authenticated(reqwest::Client::new().get(start)).build().unwrap();
        let authorization = request.headers()["authorization"].to_str().unwrap().to_owned();
        let url = Url::parse(start).unwrap();
        Self { url, authorization, accept, cookies: BTreeMap::new() }
    }

    /// One GET; the next one goes to its `Location`, or again to the same address.
    async fn turn(&mut self) -> Step {
        let cookies: Vec<_> = self.cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let mut headers = format!("Authorization: {}\r\n{}", self.authorization, self.accept);
        if !cookies.is_empty() {
            headers = format!("{headers}Cookie: {}\r\n", cookies.join("; "));
        }
        let query = self.url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let target = format!("{}{query}", self.url.path());
        let text = raw_get(self.url.as_str(), &target, &headers).await;
        let named = |wanted: &str| {
            let lines = text.lines().take_while(|line| !line.is_empty());
            let headers = lines.filter_map(|line| line.split_once(": "));
            let found = headers.filter(|(name, _)| name.eq_ignore_ascii_case(wanted));
            found.map(|(_, value)| value.to_owned()).collect::<Vec<_>>()
        };
        for cookie in named("set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        // It must be absolute: the loop does not resolve it.
        let location = named("location").first().map(|location| Url::parse(location).unwrap());
        let status = text.split(' ').nth(1).unwrap().parse().unwrap();
        if let Some(location) = &location
            && !location.as_str().starts_with(REDIRECT_URI)
        {
            self.url = location.clone();
        }
        Step { status, location, text }
    }

    /// The user's page, seen with the cookies of the loop.
    async fn page(&self, sandbox: &Sandbox) -> (Browser, Page) {
        let mut browser = sandbox.browser();
        browser.cookies.clone_from(&self.cookies);
        let page = browser.open(self.url.as_str()).await.page();
        (browser, page)
    }
}

async fn begin<'a>(
    sandbox: &'a Sandbox,
    phone: usize,
    accept: &'static str,
) -> (Sdk<'a>, Operator, Loop) {
    let sdk = Sdk::new(sandbox);
    let operator = Operator::of(&sdk.discover(Some(&sandbox.msisdn(phone)), &[]).await);
    let start = Sdk::start(&operator, "openid mc_authz", "mc_di_r2_v2.3", "mobile");
    let waiting = Loop::new(&start, &operator, accept);
    (sdk, operator, waiting)
}

/// The wait page is what the loop of the SDK asks for again and again.
#[tokio::test]
async fn the_loop_of_java_waits_at_the_page_and_costs_no_second_message() {
    let sandbox = Sandbox::start(&[]);
    let (sdk, operator, mut waiting) = begin(&sandbox, 0, "").await;
    let msisdn = sandbox.msisdn(0);
    let first = waiting.turn().await;
    assert!(first.location.is_some(), "{}", first.text);
    for _ in 0..22 {
        let step = waiting.turn().await;
        assert_eq!((step.status, step.location), (200, None), "{}", step.text);
    }
    assert_eq!(sandbox.messages(&msisdn).await.len(), 1);

    let code = sandbox.code_after(&msisdn, 0).await;
    let (mut browser, page) = waiting.page(&sandbox).await;
    let fields = [("code", code.as_str())];
    let landing = Landing::at(browser.submit(&page, "journey-answer", &fields).await.away());
    let metadata = sdk.metadata(&operator).await;
    let answer: Answer = sdk.redeem(&operator, landing.code()).await;
    sdk.check(&operator, &metadata, "mc_di_r2_v2.3", &answer).await;
}

/// A loop that says to take no pages is led in a circle, with a pause.
#[tokio::test]
async fn a_loop_that_takes_no_pages_is_redirected_until_the_end() {
    let sandbox = Sandbox::start(&[]);
    let (_, _, mut waiting) = begin(&sandbox, 1, "Accept: application/json\r\n").await;
    let mut addresses = Vec::new();
    for _ in 0..23 {
        let step = waiting.turn().await;
        assert_eq!(step.status, 302, "{}", step.text);
        addresses.push(step.location.unwrap());
    }
    assert!(addresses.windows(2).all(|pair| pair[0] != pair[1]), "no address twice in a row");
    assert_eq!(sandbox.messages(&sandbox.msisdn(1)).await.len(), 1);

    let (mut browser, page) = waiting.page(&sandbox).await;
    browser.submit(&page, "cancel", &[]).await.away();
    let last = waiting.turn().await.location.unwrap();
    assert!(last.as_str().starts_with(REDIRECT_URI), "{last}");
    assert_eq!(Landing::at(last).get("error"), "access_denied");
}

#[tokio::test]
async fn the_loop_learns_that_the_user_refused() {
    let sandbox = Sandbox::start(&[]);
    let (_, _, mut waiting) = begin(&sandbox, 2, "").await;
    waiting.turn().await;
    assert_eq!(waiting.turn().await.location, None);
    let (mut browser, page) = waiting.page(&sandbox).await;
    browser.submit(&page, "cancel", &[]).await.away();
    let last = Landing::at(waiting.turn().await.location.unwrap());
    assert_eq!(last.get("error"), "access_denied");
    assert!(!last.get("error_description").is_empty());
}
