//! Whatever is sent, nothing panics and nobody is redirected where nobody is registered.

use std::collections::BTreeSet;

use fiador_domain::profile::Profile;
use http::StatusCode;
use proptest::prelude::*;

use crate::world::{Answer, Browser, CHALLENGE, ISSUER, KNOWN, REDIRECT_URI, UNKNOWN, World};

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => prop::sample::select(vec![
            "client_id", "redirect_uri", "response_type", "scope", "version", "state", "nonce",
            "acr_values", "display", "prompt", "max_age", "max-age", "ui_locales", "id_token_hint",
            "login_hint", "login_hint_token", "response_mode", "correlation_id", "client_name",
            "binding_message", "context", "claims", "request", "code_challenge",
            "code_challenge_method",
        ]).prop_map(str::to_owned),
        1 => any::<String>(),
    ]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        6 => prop::sample::select(vec![
            "oidc", "mobile_connect", REDIRECT_URI, "https://evil.example/", "code", "openid",
            "openid mc_authn", "mc_di_r2_v2.3", "2", "3", "none", "login", "form_post", "0",
            "MSISDN:447700900907", "PCR:x", "{}", "http://127.0.0.1:80/native", CHALLENGE, "S256",
            "//evil.example", "javascript:alert(1)",
        ]).prop_map(str::to_owned),
        2 => any::<String>(),
        1 => "[ -~]{0,40}",
    ]
}

/// Where a redirect may lead: to ourselves or to a registered URI, with something added.
fn is_allowed(location: &str) -> bool {
    location.starts_with(&format!("{ISSUER}/journey/"))
        || location.starts_with(&format!("{REDIRECT_URI}&"))
        || location.strip_prefix("http://127.0.0.1").is_some_and(|rest| {
            let path = rest.find('/').map_or("", |at| &rest[at..]);
            let port = rest.strip_suffix(path).unwrap_or_default();
            let is_port = port.is_empty()
                || port.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok());
            is_port && path.starts_with("/native?")
        })
}

/// Something that a user does on the pages of a journey.
#[derive(Clone, Debug)]
enum Move {
    Look,
    Number(&'static str),
    Answer { right: bool },
    Again,
    Consent(&'static str),
    Cancel,
}

fn a_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        Just(Move::Look),
        prop::sample::select(vec![KNOWN, UNKNOWN, "x", ""]).prop_map(Move::Number),
        any::<bool>().prop_map(|right| Move::Answer { right }),
        Just(Move::Again),
        prop::sample::select(vec!["agree", "refuse", ""]).prop_map(Move::Consent),
        Just(Move::Cancel),
    ]
}

async fn make(browser: &mut Browser, world: &World, page: &str, step: &Move) -> Answer {
    let code = world.phone.code();
    match step {
        Move::Look => browser.get(page).await,
        Move::Number(digits) => {
            let number = format!("+{digits}");
            browser.post(&format!("{page}/number"), &[("msisdn", &number)]).await
        }
        Move::Answer { right } => {
            let code = if *right { code.as_str() } else { "999999" };
            browser.post(&format!("{page}/answer"), &[("code", code)]).await
        }
        Move::Again => browser.post(&format!("{page}/again"), &[]).await,
        Move::Consent(decision) => {
            browser.post(&format!("{page}/consent"), &[("decision", decision)]).await
        }
        Move::Cancel => browser.post(&format!("{page}/cancel"), &[]).await,
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn random_parameters_never_lead_to_an_unregistered_uri(
        seed in prop::sample::select(vec![None, Some(Profile::MobileConnect), Some(Profile::Oidc)]),
        parameters in prop::collection::vec((name(), value()), 0..12),
        by_post: bool,
    ) {
        let runtime = runtime();
        let answer = runtime.block_on(async {
            let world = World::new();
            let mut all = seed.map(crate::world::good_request).unwrap_or_default()
                .into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>();
            for (name, value) in parameters {
                all.retain(|(known, _)| *known != name);
                all.push((name, value));
            }
            let fields: Vec<_> = all.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let mut browser = world.browser();
            if by_post {
                browser.post("/authorize", &fields).await
            } else {
                let query = fiador_wire_oauth::redirect_uri::append("/authorize", fields);
                browser.get(&query).await
            }
        });
        if let Some(location) = answer.header("location") {
            prop_assert!(is_allowed(location), "{location}");
            let expected = if by_post { StatusCode::SEE_OTHER } else { StatusCode::FOUND };
            prop_assert_eq!(answer.status, expected);
        } else {
            let status = answer.status;
            prop_assert!(status == StatusCode::BAD_REQUEST || status == StatusCode::OK);
            prop_assert!(!answer.body.contains("action=\"https://evil"));
        }
    }

    #[test]
    fn no_walk_over_the_pages_earns_a_code_without_proof_and_consent(
        moves in prop::collection::vec(a_move(), 1..24),
        scope in prop::sample::select(vec!["openid", "openid email"]),
    ) {
        let world = World::new();
        let answers = runtime().block_on(async {
            let mut browser = world.browser();
            let page = browser.authorize(Profile::Oidc, &[("scope", Some(scope))]).await.page();
            let mut answers = vec![];
            for step in &moves {
                answers.push(make(&mut browser, &world, &page, step).await);
            }
            answers
        });
        let mut codes = BTreeSet::new();
        for answer in &answers {
            prop_assert!(!answer.status.is_server_error());
            if let Some(location) = answer.header("location") {
                prop_assert!(is_allowed(location), "{location}");
                if location.starts_with(REDIRECT_URI) {
                    codes.extend(answer.response_to(REDIRECT_URI).get("code").cloned());
                }
            }
        }
        let happened = |wanted: fn(&Move) -> bool| moves.iter().any(wanted);
        let proven = happened(|step| matches!(step, Move::Number(KNOWN)))
            && happened(|step| matches!(step, Move::Answer { right: true }));
        let agreed = scope == "openid" || happened(|step| matches!(step, Move::Consent("agree")));
        prop_assert!(codes.len() <= 1, "{codes:?}");
        prop_assert!(codes.is_empty() || (proven && agreed));
        prop_assert_eq!(world.codes.issued.lock().unwrap().len(), codes.len());
    }

    #[test]
    fn random_bytes_are_answered(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let runtime = runtime();
        let answer = runtime.block_on(async {
            World::new().browser().post_raw("/authorize", &body).await
        });
        prop_assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    }
}
