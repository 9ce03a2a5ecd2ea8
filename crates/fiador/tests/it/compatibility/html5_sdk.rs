//! GSMA's SDK for HTML5 (mobile-connect §6.2, row 5): a page's script asks Discovery, with a browser in
//! between that asks first whether it may; selection and login run in pop-up windows. The code goes to
//! the server of the page, which redeems it.

use reqwest::Method;

use super::wire::{
    Operator, application, at_discovery, json_part, network, selection_page, sent, type_number,
};
use crate::world::{Answer, Application, REDIRECT_URI, Sandbox, User};

/// A page of the application: the origin of its redirect URL.
const ORIGIN: &str = "http://127.0.0.1";

/// Asks as the browser does on behalf of the script: a preflight, then the request, whose answer the
/// script sees only if its page may read it. The SDK encodes no `:` and no `/`, and puts a
/// `Content-type` on a GET.
async fn discover(sandbox: &Sandbox, application: &Application, path: &str, more: &str) -> Answer {
    let url = format!("{}{path}?Redirect_URL={REDIRECT_URI}{more}", sandbox.issuer());
    let wanted = ["authorization", "content-type", "x-source-ip"];
    let preflight = sandbox
        .http
        .request(Method::OPTIONS, &url)
        .header("Origin", ORIGIN)
        .header("Access-Control-Request-Method", "GET")
        .header("Access-Control-Request-Headers", wanted.join(","));
    let preflight = sent(preflight).await;
    assert!((200..300).contains(&preflight.status), "{preflight:?}");
    assert!(["*", ORIGIN].contains(&preflight.header("access-control-allow-origin")));
    let allowed = preflight.header("access-control-allow-headers");
    for name in wanted {
        assert!(allowed.split(", ").any(|one| one == name), "{name} in {allowed}");
    }
    let request = at_discovery(sandbox.http.get(&url), application)
        .header("Origin", ORIGIN)
        .header("Content-type", "application/x-www-form-urlencoded")
        .header("Accept", "application/json")
        .header("x-source-ip", "203.0.113.9");
    let answer = sent(request).await;
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN, "{answer:?}");
    answer
}

/// A pop-up window stays in the hands of the page that opened it, unless a page in it cuts the bond.
async fn keeps_the_opener(user: &User, url: &str) {
    let answer = user.browser.clone().send(Method::GET, url, None).await;
    assert_eq!(answer.header("cross-origin-opener-policy"), "");
}

/// Selection in a window of its own, then Discovery again.
async fn select(
    sandbox: &Sandbox,
    user: &mut User,
    application: &Application,
    path: &str,
) -> (Operator, String) {
    let page = selection_page(&discover(sandbox, application, path, "").await);
    keeps_the_opener(user, &page).await;
    let back = type_number(user, &page).await;
    let (mcc, mnc) = network(&back);
    let selected = format!("&Selected-MCC={mcc}&Selected-MNC={mnc}");
    let answer = discover(sandbox, application, path, &selected).await;
    (Operator::of(&answer), back.get("subscriber_id").to_owned())
}

/// The authorization URL of version 1.1: no `version`, and as little encoding as in Discovery.
fn start(operator: &Operator, subscriber_id: &str) -> String {
    format!(
        "{}?client_id={}&scope=openid&redirect_uri={REDIRECT_URI}&response_type=code&state=1x9q&\
         nonce=n-77&prompt=login&max_age=3600&acr_values=2&display=popup&ui_locales=en&\
         login_hint=ENCR_MSISDN:{subscriber_id}",
        operator.link("authorization"),
        operator.response("client_id"),
    )
}

#[tokio::test]
async fn a_script_discovers_and_logs_in_with_either_version_of_discovery() {
    let sandbox = Sandbox::start(&[]);
    let application = application(&sandbox);
    for (phone, path) in ["/v1/discovery/apis", "/v2/discovery"].into_iter().enumerate() {
        let mut user = sandbox.user(phone);
        let (operator, subscriber_id) = select(&sandbox, &mut user, &application, path).await;
        assert_eq!(operator.response("serving_operator"), "Sandbox Mobile");
        let landing = sandbox.log_in(&mut user, &start(&operator, &subscriber_id)).await;
        // The SDK cuts the query at `&` and `=` and decodes nothing.
        let query = landing.url.query().unwrap();
        assert!(query.split('&').any(|pair| pair == "state=1x9q"), "{query}");

        let form = [
            ("grant_type", "authorization_code"),
            ("code", landing.code()),
            ("redirect_uri", REDIRECT_URI),
        ];
        let request = sandbox.http.post(operator.link("token")).form(&form);
        let tokens = sent(operator.authenticated(request)).await;
        assert_eq!(tokens.status, 200, "{tokens:?}");
        assert_eq!(json_part(&tokens.member("id_token"), 1)["nonce"], "n-77");
        let request = sandbox.http.get(operator.link("userinfo"));
        let info = sent(request.bearer_auth(tokens.member("access_token"))).await;
        assert_eq!(info.status, 200, "{info:?}");
    }
}

/// Unless the page says otherwise the SDK asks for `prompt=none`.
#[tokio::test]
async fn its_silent_default_is_told_that_a_login_is_needed() {
    let sandbox = Sandbox::start(&[]);
    let mut user = sandbox.user(2);
    let path = "/v1/discovery/apis";
    let application = application(&sandbox);
    let (operator, subscriber_id) = select(&sandbox, &mut user, &application, path).await;
    let silent = start(&operator, &subscriber_id).replace("prompt=login", "prompt=none");
    let away = user.browser.open(&silent).await.away();
    assert!(away.query().unwrap().contains("error=login_required"), "{away}");
}

/// An application that cannot keep a secret asks with an empty one, and lists the operators itself.
#[tokio::test]
async fn a_page_without_a_secret_gets_none_and_may_draw_the_selection() {
    let sandbox = Sandbox::start(&[]);
    let named = application(&sandbox);
    let open = Application { discovery_client_secret: String::new(), ..named };
    let found = discover(&sandbox, &open, "/v1/discovery/apis", "&mcc_mnc=234_15").await;
    assert_eq!(found.status, 200, "{found:?}");
    assert!(found.json()["response"].get("client_secret").is_none(), "T-173");

    let request = sandbox.http.get(format!("{}/v1/discovery/apis", sandbox.issuer()));
    let request = at_discovery(request, &open).header("Accept", "application/json");
    let listed = sent(request.header("Origin", ORIGIN)).await;
    assert_eq!((listed.status, listed.header("access-control-allow-origin")), (200, ORIGIN));
    assert_eq!(listed.json()["data"]["GB"][0]["mcc_mnc"], "234_15");
}
