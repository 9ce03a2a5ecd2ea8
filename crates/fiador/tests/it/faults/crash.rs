//! `kill -9` under load: what was acknowledged stays.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::world::{
    Browser, Landing, Provider, Running, Sandbox, Shown, Site, Tokens, code_for, eventually,
    lasting_ports,
};
use fiador_testkit::{
    peers::{Behaviour, MessageCentre},
    postgres::Server,
};

/// Users who log in over and over.
const USERS: usize = 8;
/// Acknowledged logins after which the gateway is killed.
const ENOUGH: usize = 40;

/// A login that the gateway acknowledged to its very end.
#[derive(Debug, Clone)]
struct Acknowledged {
    code: String,
    access_token: String,
    subject: String,
    revoked: bool,
}

type Book = Arc<Mutex<Vec<Acknowledged>>>;

/// Logs in for ever and writes down what was acknowledged; ends by a panic when the gateway dies.
async fn log_in_for_ever(provider: Provider, start: String, browser: Browser, book: Book) {
    for round in 0.. {
        if let Some(login) = log_in(&provider, &start, browser.clone(), round % 3 == 0).await {
            book.lock().push(login);
        }
    }
}

/// One login; `None` when the gateway was too busy for a step of it (503), which acknowledges
/// nothing.
async fn log_in(
    provider: &Provider,
    start: &str,
    browser: Browser,
    revoked: bool,
) -> Option<Acknowledged> {
    let code = new_code(start, browser).await?;
    let answer = provider.redeem(&code).await;
    (answer.status != 503).then_some(())?;
    let tokens = Tokens::of(&answer);
    let subject = provider.claims(&tokens).await["sub"].as_str().unwrap().to_owned();
    let access_token = tokens.access_token;
    if revoked {
        let answer = provider.revoke(&access_token).await;
        (answer.status != 503).then_some(())?;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
    Some(Acknowledged { code, access_token, subject, revoked })
}

/// A login up to its code.
async fn new_code(start: &str, mut browser: Browser) -> Option<String> {
    let mut shown = browser.open(start).await;
    if let Shown::Page(page) = &shown {
        (page.answer.status == 200).then_some(())?;
        shown = browser.submit(page, "journey-answer", &[("code", "424242")]).await;
    }
    match shown {
        Shown::Away(url) => Some(Landing::at(url).code().to_owned()),
        Shown::Page(_) => None,
    }
}

async fn a_crash_under_load(options: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let listen = format!("127.0.0.1:{}", lasting_ports(3));
    let options = [&["--data", &data, "--listen", &listen, "--seed", "5"], options].concat();
    let mut sandbox = Sandbox::start(&options);
    let phone = sandbox.phones().iter().position(|phone| phone.auto).unwrap();
    let provider = sandbox.provider("oidc");
    let start = provider.start(&provider.request().for_number(&sandbox.msisdn(phone)));

    let book = Book::default();
    let users: Vec<_> = (0..USERS)
        .map(|_| {
            let (provider, start) = (provider.clone(), start.clone());
            tokio::spawn(log_in_for_ever(provider, start, sandbox.browser(), book.clone()))
        })
        .collect();
    eventually("enough users log in", async || (book.lock().len() >= ENOUGH).then_some(())).await;
    // Handed out, not yet redeemed: issuing writes nothing, so this survives, too (decision 0001).
    let waiting =
        eventually("a code is given out", async || new_code(&start, sandbox.browser()).await).await;
    assert!(users.iter().all(|user| !user.is_finished()), "a user failed before the crash");
    sandbox.gateway.kill().unwrap();
    for user in users {
        assert!(user.await.is_err(), "the load went on without a gateway");
    }
    sandbox.gateway.start_again().unwrap();

    provider.tokens(&waiting).await;
    let book = book.lock().clone();
    let subject = &book[0].subject;
    assert!(book.iter().all(|login| login.subject == *subject), "T-067");
    for login in &book {
        let active = provider.is_active(&login.access_token).await;
        assert_eq!(active, !login.revoked, "T-246: {login:?}");
        let again = provider.redeem(&login.code).await;
        assert_eq!((again.status, again.error()), (400, "invalid_grant".to_owned()), "T-246");
        assert!(!provider.is_active(&login.access_token).await, "T-036: {login:?}");
    }
    let landing = sandbox.user(phone).log_in(&start, async || "424242".to_owned()).await;
    let tokens = provider.tokens(landing.code()).await;
    assert_eq!(provider.claims(&tokens).await["sub"], subject.as_str(), "the PCR changed");
}

#[tokio::test]
async fn a_crash_under_load_forgets_nothing_on_sqlite() {
    a_crash_under_load(&[]).await;
}

#[tokio::test]
async fn a_crash_under_load_forgets_nothing_on_postgresql() {
    let database = Server::shared().unwrap().database().unwrap();
    a_crash_under_load(&["--database-url", database.url()]).await;
}

#[tokio::test]
async fn a_crash_does_not_open_the_send_budget_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().display().to_string();
    let listen = format!("127.0.0.1:{}", lasting_ports(3));
    let mut sandbox =
        Sandbox::start(&["--strict-send-budgets", "--data", &data, "--listen", &listen]);
    let provider = sandbox.provider("mobile_connect");
    let mut user = sandbox.user(0);
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    let page = user.browser.open(&start).await.page();
    assert!(page.has("journey-answer"), "{}", page.answer.text);

    sandbox.gateway.kill().unwrap();
    sandbox.gateway.start_again().unwrap();
    // The random ids of this run are new, the subscriber and its budget are not.
    let provider = sandbox.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(&user.msisdn));
    let page = sandbox.browser().open(&start).await.page();
    assert!(page.has("wait") && !page.has("journey-answer"), "T-122: {}", page.answer.text);
    assert!(sandbox.messages(&user.msisdn).await.is_empty());
}

/// Gives three wrong codes.
async fn fail(running: &Running, start: &str, msisdn: &str, centre: &mut MessageCentre) {
    let mut user = running.user(msisdn);
    let mut page = user.browser.open(start).await;
    let right = code_for(centre, msisdn).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    for _ in 0..3 {
        page = user.browser.submit(&page.page(), "journey-answer", &[("code", wrong)]).await;
    }
    page.away();
}

#[tokio::test]
async fn a_crash_does_not_end_a_lock_out() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    // Three logins that nobody finished would be enough to hold the fourth (T-106).
    "[routing.prompts]\nunanswered = 100\n".clone_into(&mut site.more);
    let mut running = site.start().await;
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    let msisdn = "447700900001";
    let start = provider.start(&provider.request().for_number(msisdn));
    // Ten wrong codes within an hour are the bound (T-103).
    for _ in 0..3 {
        fail(&running, &start, msisdn, &mut centre).await;
    }
    let mut user = running.user(msisdn);
    let page = user.browser.open(&start).await.page();
    let right = code_for(&mut centre, msisdn).await;
    let wrong = if right == "000000" { "000001" } else { "000000" };
    user.browser.submit(&page, "journey-answer", &[("code", wrong)]).await;

    running.gateway.kill().unwrap();
    running.gateway.start_again().unwrap();
    running.until_connected().await;
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(msisdn));
    let page = running.user(msisdn).browser.open(&start).await.page();
    assert!(page.has("wait") && !page.has("journey-answer"), "T-246: {}", page.answer.text);
}
