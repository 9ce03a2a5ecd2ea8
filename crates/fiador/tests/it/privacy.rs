//! T-280: what must not be known is looked for in everything that the gateway writes.

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{CLIENT_SECRET, Landing, Provider, REDIRECT_URI, Running, Site, code_for};

const MSISDN: &str = "447700900001";
const UNKNOWN: &str = "447700900077";
const ADMIN_TOKEN: &str = "an-admin-token-of-32-characters--";
const CENTRE_PASSWORD: &str = "pw-7Qz9x";

/// Words that nobody may read, by what they are.
#[derive(Default)]
struct Secrets(Vec<(&'static str, String)>);

impl Secrets {
    fn keep(&mut self, what: &'static str, word: impl Into<String>) {
        let word = word.into();
        assert!(word.len() >= 6, "{what}: `{word}` would be found anywhere");
        self.0.push((what, word));
    }

    /// Fails when a word stands in `text` by itself: not as a part of a longer word, as six digits
    /// may stand in a random id.
    fn look_for_each_in(&self, place: &str, text: &str) {
        let is_part = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
        for (what, word) in &self.0 {
            for (at, _) in text.match_indices(word.as_str()) {
                let before = text[..at].chars().next_back();
                let after = text[at + word.len()..].chars().next();
                let short = word.len() <= 8;
                let alone = !is_part(before) && !is_part(after);
                let from = text[..at].rfind('\n').map_or(0, |line| line + 1);
                let line = text[from..].lines().next().unwrap();
                assert!(short && !alone, "T-280: {place} shows a {what}: {line}");
            }
        }
    }
}

/// Everything that users and providers do, rightly and wrongly.
async fn an_eventful_day(running: &Running, centre: &mut MessageCentre, secrets: &mut Secrets) {
    for number in [MSISDN, UNKNOWN, "34600000001"] {
        running.discover(number).await;
    }
    for profile in ["mobile_connect", "oidc"] {
        let provider = running.provider(profile);
        let request = provider.request().for_attributes(&provider.application).for_number(MSISDN);
        let mut user = running.user(MSISDN);
        let shown = user.browser.open(&provider.start(&request)).await;
        let one_time_code = code_for(centre, MSISDN).await;
        let wrong = if one_time_code == "918273" { "918274" } else { "918273" };
        let page = shown.page();
        secrets.keep("journey handle", page.url.rsplit('/').next().unwrap());
        let shown = user.browser.submit(&page, "journey-answer", &[("code", wrong)]).await;
        let landing = user.go_on(shown, async || one_time_code.clone()).await;
        let tokens = provider.tokens(landing.code()).await;
        for resource in ["userinfo", "premiuminfo"] {
            provider.attributes(resource, &tokens.access_token).await;
        }
        provider.introspect(&tokens.access_token).await;
        assert_eq!(provider.redeem(landing.code()).await.status, 400);
        provider.revoke(&tokens.access_token).await;
        misuse(&provider, landing.code(), &tokens.access_token).await;
        let logout = format!("{}/logout?id_token_hint={}", running.issuer, tokens.id_token);
        user.browser.open(&logout).await;

        secrets.keep("one-time code", one_time_code);
        secrets.keep("wrong guess", wrong);
        secrets.keep("code", landing.code());
        secrets.keep("access token", tokens.access_token);
        secrets.keep("ID Token", tokens.id_token);
        for cookie in &user.browser.set_cookies {
            let value = cookie.split(';').next().unwrap().split_once('=').unwrap().1;
            if !value.is_empty() {
                secrets.keep("cookie", value);
            }
        }
    }
}

/// Secrets in places where they do not belong.
async fn misuse(provider: &Provider, code: &str, token: &str) {
    for endpoint in [
        format!("token?code={code}&client_secret={CLIENT_SECRET}"),
        format!("userinfo?access_token={token}"),
        format!("nothing-here/{MSISDN}?msisdn={MSISDN}&token={token}"),
        format!("journey/{code}"),
        format!("authorize?client_id={MSISDN}&redirect_uri={token}&login_hint=MSISDN%3A{MSISDN}"),
    ] {
        provider.get(&endpoint, None).await;
        provider.post(&endpoint, &[("code", code), ("client_secret", CLIENT_SECRET)]).await;
    }
    provider.get("userinfo", Some(CLIENT_SECRET)).await;
    let mut other = provider.clone();
    other.application.client_id = MSISDN.to_owned();
    other.redeem(code).await;
    for hint in [format!("MSISDN:{MSISDN}x"), format!("tel:{MSISDN}"), format!("+{UNKNOWN}")] {
        let request = provider.request().with("login_hint", &hint);
        provider.get(&format!("authorize?{}", request.encoded()), None).await;
    }
}

/// A site where everything is logged, and the secrets of its configuration.
fn talkative_site(centre: &MessageCentre) -> (Site, Secrets) {
    let mut site = Site::new().through("only", centre);
    site.write_secret("centre_password", CENTRE_PASSWORD);
    site.more = "[log]\nfilter = \"debug,fiador=trace\"\n".to_owned();
    let mut secrets = Secrets::default();
    secrets.keep("client secret", CLIENT_SECRET);
    secrets.keep("admin token", ADMIN_TOKEN);
    secrets.keep("password of the message centre", CENTRE_PASSWORD);
    let root_key = std::fs::read_to_string(site.file("root.key")).unwrap();
    secrets.keep("root key", root_key.trim());
    for number in [MSISDN, UNKNOWN] {
        secrets.keep("number", number);
        secrets.keep("number without country code", &number[2..]);
    }
    (site, secrets)
}

fn picky_centre() -> MessageCentre {
    let password = Some(CENTRE_PASSWORD.to_owned());
    let behaviour = Behaviour { password, throttle_every: Some(3), ..Behaviour::default() };
    MessageCentre::npm(&behaviour).unwrap()
}

/// The log without its times, whose fractions may look like codes.
fn log_of(running: &Running) -> String {
    let log = running.gateway.log();
    let lines = log.lines().map(|line| match line.split_once("\"level\"") {
        Some((_, rest)) => rest,
        None => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn logs_and_metrics_show_no_secret_and_no_number() {
    let mut centre = picky_centre();
    let (site, mut secrets) = talkative_site(&centre);
    let mut running = site.start().await;
    running.until_connected().await;
    an_eventful_day(&running, &mut centre, &mut secrets).await;
    let metrics = running.probe("metrics").await.text;
    centre.kill().unwrap();
    let provider = running.provider("mobile_connect");
    let start = provider.start(&provider.request().for_number(MSISDN));
    running.user(MSISDN).browser.open(&start).await;
    assert!(running.gateway.terminate().unwrap().success());

    let log = log_of(&running);
    for word in ["DEBUG", "a journey was opened", "challenge started"] {
        assert!(log.contains(word), "the canary looked into an empty cage: no {word}");
    }
    secrets.look_for_each_in("the log", &log);
    secrets.look_for_each_in("/metrics", &metrics);
    secrets.look_for_each_in("standard output", &running.gateway.announcement().to_string());
}

#[tokio::test]
async fn a_log_of_trouble_shows_no_secret_either() {
    let mut server = fiador_testkit::postgres::Server::start().unwrap();
    let database = server.database().unwrap();
    let mut centre = picky_centre();
    let (mut site, mut secrets) = talkative_site(&centre);
    site.database_url = database.url().to_owned();
    let mut running = site.start().await;
    running.until_connected().await;
    let provider = running.provider("oidc");
    let start = provider.start(&provider.request().for_number(MSISDN));
    let landing = running.log_in(&mut running.user(MSISDN), &start, &mut centre).await;
    let tokens = provider.tokens(landing.code()).await;
    secrets.keep("code", landing.code());
    secrets.keep("access token", tokens.access_token.as_str());
    let other = running.log_in(&mut running.user(MSISDN), &start, &mut centre).await;
    secrets.keep("code", other.code());

    server.crash().unwrap();
    provider.redeem(other.code()).await;
    provider.introspect(&tokens.access_token).await;
    provider.revoke(&tokens.access_token).await;
    provider.attributes("userinfo", &tokens.access_token).await;
    running.user(MSISDN).browser.open(&start).await;
    // Its end waits for the last lines.
    running.gateway.terminate().unwrap();
    let log = log_of(&running);
    assert!(log.contains("the database"), "the trouble was not logged: {log}");
    secrets.look_for_each_in("the log", &log);
}

#[tokio::test]
async fn a_stolen_database_file_tells_no_number_and_opens_nothing() {
    let mut centre = picky_centre();
    let (site, mut secrets) = talkative_site(&centre);
    let mut running = site.start().await;
    running.until_connected().await;
    an_eventful_day(&running, &mut centre, &mut secrets).await;
    // A login session and a token that are still good.
    let provider = running.provider("oidc");
    let request = provider.request().for_number(MSISDN).with("prompt", "login");
    let mut user = running.user(MSISDN);
    let landing = running.log_in(&mut user, &provider.start(&request), &mut centre).await;
    provider.tokens(landing.code()).await;
    secrets.keep("session", user.browser.cookies["fiador_session"].as_str());
    secrets.keep("attribute", "1990-01-31");
    let silent = provider.request().with("prompt", "none");
    let away = user.browser.open(&provider.start(&silent)).await.away();
    assert!(!Landing::at(away).code().is_empty(), "the session is good");
    running.gateway.kill().unwrap();

    let mut bytes = 0;
    for name in ["fiador.db", "fiador.db-wal"] {
        let content = std::fs::read(site.file(name)).unwrap_or_default();
        bytes += content.len();
        secrets.look_for_each_in(name, &String::from_utf8_lossy(&content));
    }
    assert!(bytes > 50_000, "T-247: the database was not found");
}

/// Values to compare may be about people who are no subscribers at all.
#[tokio::test]
async fn values_to_compare_are_in_no_log_and_sealed_in_the_database() {
    let mut centre = picky_centre();
    let (mut site, mut secrets) = talkative_site(&centre);
    site.more = format!(
        "{}[[clients]]\nclient_id = \"checker\"\nname = \"checker\"\nprofile = \"mobile_connect\"\n\
         client_secret_sha256 = [\"{}\"]\nredirect_uris = [\"{REDIRECT_URI}\"]\n\
         grant_types = [\"authorization_code\", \"client_credentials\"]\n\
         scopes = [\"openid\", \"mc_authn\", \"mc_kyc_plain\", \"mc_atp\"]\n",
        site.more,
        fiador_kernel::Digest::of(CLIENT_SECRET).to_hex()
    );
    let mut running = site.start().await;
    running.until_connected().await;
    let mut provider = running.provider("mobile_connect");
    provider.application.client_id = "checker".to_owned();

    let (name, address) = ("Zebedee Quillfeather", "Larkspur-House EC4N 8ZZ");
    let claims = serde_json::json!({
        "premiuminfo": { "name": { "value": name }, "address": { "value": address } },
    });
    let request = provider.request().with("scope", "openid mc_kyc_plain").for_number(MSISDN);
    let request = request.with("claims", &claims.to_string());
    let mut user = running.user(MSISDN);
    let landing = running.log_in(&mut user, &provider.start(&request), &mut centre).await;
    let tokens = provider.tokens(landing.code()).await;
    let answer = provider.attributes("premiuminfo", &tokens.access_token).await;
    assert_eq!(answer.member("name"), name, "{answer:?}");
    let form = [("grant_type", "client_credentials"), ("scope", "mc_atp")];
    let token = provider.post("token", &form).await.member("access_token");
    let signs = provider.http.post(format!("{}/userinfo", provider.base)).bearer_auth(token);
    signs.header("User-ID-Type", "MSISDN").header("User-ID", MSISDN).send().await.unwrap();

    for word in ["Zebedee", "Quillfeather", "Larkspur"] {
        secrets.keep("value to compare", word);
    }
    secrets.look_for_each_in("/metrics", &running.probe("metrics").await.text);
    assert!(running.gateway.terminate().unwrap().success());
    secrets.look_for_each_in("the log", &log_of(&running));
    for name in ["fiador.db", "fiador.db-wal"] {
        let content = std::fs::read(site.file(name)).unwrap_or_default();
        secrets.look_for_each_in(name, &String::from_utf8_lossy(&content));
    }
}
