//! Discovery first, then a login with what it gave (mobile-connect §1).

use serde_json::Value;

use super::on_both_engines;
use crate::world::{Answer, Application, Landing, REDIRECT_URI, Sandbox, encoded};

/// Asks Discovery as an SDK does.
async fn discover(sandbox: &Sandbox, application: &Application, query: &[(&str, &str)]) -> Answer {
    let with_redirect_url = [&[("Redirect_URL", REDIRECT_URI)], query].concat();
    ask(sandbox, application, &with_redirect_url, "").await
}

async fn ask(
    sandbox: &Sandbox,
    application: &Application,
    query: &[(&str, &str)],
    cookies: &str,
) -> Answer {
    let Application { discovery_client_id, discovery_client_secret, .. } = application;
    let url = format!("{}?{}", sandbox.text("/discovery"), encoded(query.iter().copied()));
    let request = sandbox
        .http
        .get(url)
        .basic_auth(discovery_client_id, Some(discovery_client_secret))
        .header("accept", "application/json")
        .header("cookie", cookies);
    Answer::read(request.send().await.unwrap()).await
}

/// The link with this relation.
fn link(body: &Value, relation: &str) -> String {
    let links = body["response"]["apis"]["operatorid"]["link"].as_array().unwrap();
    let link = links.iter().find(|link| link["rel"] == relation);
    link.unwrap_or_else(|| panic!("no {relation} in {body}"))["href"].as_str().unwrap().to_owned()
}

on_both_engines! {
    async fn a_number_tells_the_operator_and_its_credentials_log_in(sandbox: &Sandbox) {
        let mut provider = sandbox.provider("mobile_connect");
        let msisdn = sandbox.msisdn(0);
        let found = discover(sandbox, &provider.application, &[("MSISDN", &msisdn)]).await;
        assert_eq!(found.status, 200, "{found:?}");
        let body = found.json();
        assert!(!found.text.contains(&msisdn), "T-173: no attribute leaves");
        assert_eq!(link(&body, "issuer"), sandbox.issuer());
        assert!(body["ttl"].as_i64().unwrap() > 1_700_000_000_000, "milliseconds");

        let response = &body["response"];
        provider.application.client_id = response["client_id"].as_str().unwrap().to_owned();
        provider.application.client_secret = response["client_secret"].as_str().unwrap().to_owned();
        let mut user = sandbox.user(0);
        let request = provider.request().for_number(&msisdn);
        let start = format!("{}?{}", link(&body, "authorization"), request.encoded());
        let landing = sandbox.log_in(&mut user, &start).await;
        let url = link(&body, "token");
        assert_eq!(url, format!("{}/token", provider.base));
        provider.tokens(landing.code()).await;
    }

    async fn an_unknown_user_selects_the_operator_on_a_page(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let not_found = discover(sandbox, &provider.application, &[]).await;
        assert_eq!(not_found.status, 202, "{not_found:?}");
        let body = not_found.json();
        let links = body["links"].as_array().unwrap();
        let page = links.iter().find(|link| link["rel"] == "operatorSelection").unwrap();
        let page = page["href"].as_str().unwrap();

        for (button, field) in [
            ("use-operator", ("mcc_mnc", "234_15")),
            ("use-number", ("msisdn", "+447700900001")),
        ] {
            let mut browser = sandbox.browser();
            let shown = browser.open(page).await.page();
            let away = browser.submit(&shown, button, &[field]).await.away();
            assert!(away.as_str().starts_with(REDIRECT_URI), "{away}");
            let pair = away.query_pairs().find(|(name, _)| name == "mcc_mnc").unwrap().1;
            let (mcc, mnc) = pair.split_once('_').unwrap();
            let selected = [("Selected-MCC", mcc), ("Selected-MNC", mnc)];
            let found = discover(sandbox, &provider.application, &selected).await;
            assert_eq!(found.status, 200, "{found:?}");
            assert_eq!(link(&found.json(), "issuer"), sandbox.issuer());
        }
    }

    async fn a_remembered_operator_is_not_asked_for_again(sandbox: &Sandbox) {
        let application = sandbox.provider("mobile_connect").application;
        let selected = [("Selected-MCC", "234"), ("Selected-MNC", "15")];
        let found = discover(sandbox, &application, &selected).await;
        let cookies: Vec<_> = found.headers.get_all("set-cookie").iter()
            .map(|line| line.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
        assert!(cookies.iter().any(|c| c.starts_with("Most-Recent-Selected-Operator=234_15")));
        let cookies = cookies.join("; ");
        for (extra, status) in [
            (None, 200),
            (Some(("Ignore-Cookies", "true")), 202),
            (Some(("Manually-Select", "true")), 202),
        ] {
            let query: Vec<_> = [("Redirect_URL", REDIRECT_URI)].into_iter().chain(extra).collect();
            let answer = ask(sandbox, &application, &query, &cookies).await;
            assert_eq!(answer.status, status, "{extra:?}: {answer:?}");
        }
    }

    async fn discovery_knows_its_applications_and_their_redirect_urls(sandbox: &Sandbox) {
        let application = sandbox.provider("mobile_connect").application;
        let mut stranger = application.clone();
        stranger.discovery_client_secret = "guess".to_owned();
        let answer = discover(sandbox, &stranger, &[]).await;
        assert_eq!((answer.status, answer.error()), (401, "invalid_client".to_owned()), "T-173");
        // Credentials of the operator are not those of Discovery.
        let mut confused = application.clone();
        confused.discovery_client_id.clone_from(&application.client_id);
        confused.discovery_client_secret.clone_from(&application.client_secret);
        assert_ne!(discover(sandbox, &confused, &[]).await.status, 200);

        let elsewhere = [("Redirect_URL", "https://evil.example/")];
        assert_eq!(ask(sandbox, &application, &elsewhere, "").await.status, 400);
        let unknown = [("Selected-MCC", "999"), ("Selected-MNC", "99")];
        let answer = discover(sandbox, &application, &unknown).await;
        assert_eq!((answer.status, answer.error()), (404, "Not_Found_Entity".to_owned()));
    }

    async fn a_typed_number_comes_back_encrypted_and_logs_in(sandbox: &Sandbox) {
        let provider = sandbox.provider("mobile_connect");
        let body = discover(sandbox, &provider.application, &[]).await.json();
        let page = body["links"][0]["href"].as_str().unwrap();
        let mut user = sandbox.user(1);
        let shown = user.browser.open(page).await.page();
        let number = format!("+{}", user.msisdn);
        let away = user.browser.submit(&shown, "use-number", &[("msisdn", &number)]).await.away();
        let back = Landing::at(away);
        assert_eq!(back.get("mcc_mnc"), "234_15");
        assert!(!back.get("subscriber_id_token").is_empty());
        assert!(!back.url.as_str().contains(&user.msisdn), "T-173");
        let hint = format!("ENCR_MSISDN:{}", back.get("subscriber_id"));
        let request = provider.request().with("login_hint", &hint);
        let landing = sandbox.log_in(&mut user, &provider.start(&request)).await;
        provider.tokens(landing.code()).await;
    }

    async fn another_operator_is_found_by_number_network_and_address(sandbox: &Sandbox) {
        let application = sandbox.provider("mobile_connect").application;
        let by_number = discover(sandbox, &application, &[("MSISDN", "+12025550123")]).await.json();
        assert_eq!(by_number["response"]["serving_operator"], "Sandbox Telecom");
        assert_eq!(link(&by_number, "authorization"), "https://id.telecom.example/authorize");
        assert!(by_number["subscriber_id"].is_string(), "it has registered a key");
        let network = [("Identified-MCC", "001"), ("Identified-MNC", "01")];
        let by_network = discover(sandbox, &application, &network).await.json();
        assert_eq!(by_network["response"]["country"], "US");

        let query = encoded([("Redirect_URL", REDIRECT_URI)]);
        for (address, operator) in [
            ("198.51.100.7", Some("Sandbox Telecom")),
            ("192.0.2.7", Some("Sandbox Mobile")),
            ("10.0.0.7", None),
        ] {
            let request = sandbox
                .http
                .get(format!("{}?{query}", sandbox.text("/discovery")))
                .basic_auth(
                    &application.discovery_client_id,
                    Some(&application.discovery_client_secret),
                )
                .header("X-Source-IP", address);
            let answer = Answer::read(request.send().await.unwrap()).await;
            assert_eq!(answer.status, if operator.is_some() { 200 } else { 202 }, "{address}");
            assert_eq!(answer.json()["response"]["serving_operator"].as_str(), operator);
        }
    }

    async fn the_interface_of_2014_still_answers(sandbox: &Sandbox) {
        let application = sandbox.provider("mobile_connect").application;
        let url = format!("{}/v1/discovery/apis/operatorid", sandbox.issuer());
        let query = [("redirect_uri", REDIRECT_URI), ("mcc_mnc", "234_15")];
        for (secret, handed_out) in [(application.discovery_client_secret.as_str(), true), ("", false)]
        {
            let request = sandbox
                .http
                .get(format!("{url}?{}", encoded(query)))
                .basic_auth(&application.discovery_client_id, Some(secret));
            let answer = Answer::read(request.send().await.unwrap()).await;
            assert_eq!(answer.status, 200, "{answer:?}");
            let response = &answer.json()["response"];
            assert_eq!(response["subscriber_operator"], "Sandbox Mobile");
            assert_eq!(response["client_secret"].is_string(), handed_out, "T-173");
        }
    }
}
