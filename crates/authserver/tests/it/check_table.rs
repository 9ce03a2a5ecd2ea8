//! What the check table does beside its rows (`check_rows.rs`): order, encodings, bounds.

use fiador_domain::{client::TokenEndpointAuthMethod, profile::Profile};

use crate::{
    check_rows::{Comes::Back, NONCE, VERSION},
    world::{KNOWN, PROFILES, REDIRECT_URI, World},
};

const INVALID: &str = "invalid_request";

/// mobile-connect §2.2: the first problem in the order of the table is the one that is told.
#[tokio::test]
async fn of_several_problems_the_first_is_told() {
    let world = World::new();
    let changes = [("acr_values", None), ("nonce", None), ("version", None)];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    let Back(_, version) = VERSION else { unreachable!() };
    assert_eq!(answer.error_to(REDIRECT_URI).1, version);
    let changes = [("acr_values", None), ("nonce", None)];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    let Back(_, nonce) = NONCE else { unreachable!() };
    assert_eq!(answer.error_to(REDIRECT_URI).1, nonce);
}

/// RFC 6749 §3.1, T-007.
#[tokio::test]
async fn any_repeated_parameter_is_refused_known_or_not() {
    let world = World::new();
    for profile in PROFILES {
        let known = crate::world::good_request(profile);
        let names = known.iter().map(|(name, _)| *name).chain(["unknown"]);
        for name in names.filter(|name| !matches!(*name, "client_id" | "redirect_uri")) {
            let mut parameters = known.clone();
            parameters.push((name, "twice".to_owned()));
            parameters.push((name, "twice".to_owned()));
            let answer = world.browser().post("/authorize", &borrowed(&parameters)).await;
            assert_eq!(answer.status, 303);
            let (error, text) = answer.error_to(REDIRECT_URI);
            assert_eq!(error, INVALID);
            let expected =
                "Multiple parameter names in the authorization request. Malformed request";
            assert_eq!(text, expected, "{name}");
        }
    }
}

#[tokio::test]
async fn a_broken_encoding_is_told_to_the_client_if_it_can_be_found() {
    let world = World::new();
    for profile in PROFILES {
        let good = crate::world::good_request(profile);
        let encoded = fiador_wire_oauth::redirect_uri::append("?", good) + "&";
        let encoded = encoded.trim_start_matches('?');
        for broken in ["nonce2=%zz", "nonce2=%ff", "x=%00", "x=%0D%0ASet-Cookie:1"] {
            let answer = world.browser().get(&format!("/authorize?{encoded}{broken}")).await;
            let told = answer.error_to(REDIRECT_URI);
            assert_eq!(told, (INVALID.into(), "GET request invalid serialization".into()));
            let body = format!("{encoded}{broken}");
            let answer = world.browser().post_raw("/authorize", body.as_bytes()).await;
            assert_eq!(answer.status, 303);
            let told = answer.error_to(REDIRECT_URI);
            assert_eq!(told, (INVALID.into(), "POST request Invalid serialization".into()));
            assert_eq!(answer.response_to(REDIRECT_URI)["state"], "s t&te");
        }
        let many = "x=1&".repeat(65);
        for excess in [&many, &format!("x={}", "y".repeat(4097)), &"n".repeat(129)] {
            let body = format!("{encoded}{excess}");
            let answer = world.browser().post_raw("/authorize", body.as_bytes()).await;
            let told = answer.error_to(REDIRECT_URI);
            let expected = "Malformed request multiple problems exist";
            assert_eq!(told, (INVALID.into(), expected.into()));
        }
    }
}

#[tokio::test]
async fn overlong_values_are_refused_in_the_words_of_their_row() {
    let world = World::new();
    let too_long = |length: usize| "x".repeat(length);
    for profile in PROFILES {
        for (name, length, expected) in [
            ("state", 1025, "RECOMMENDED parameter state is invalid"),
            ("nonce", 256, "MANDATORY parameter nonce is missing (or) invalid"),
        ] {
            let fits = too_long(length - 1);
            let answer = world.browser().authorize(profile, &[(name, Some(&fits))]).await;
            assert!(answer.leads_to_a_page(), "{name}");
            let long = too_long(length);
            let answer = world.browser().authorize(profile, &[(name, Some(&long))]).await;
            assert_eq!(answer.error_to(REDIRECT_URI).1, expected);
        }
        let scopes = format!("openid {}", "a ".repeat(100));
        let answer = world.browser().authorize(profile, &[("scope", Some(&scopes))]).await;
        assert_eq!(answer.error_to(REDIRECT_URI).1, "The scope value is invalid");
    }
}

/// A hint is enough where nobody may be asked.
#[tokio::test]
async fn a_hint_is_enough_where_nobody_may_be_asked() {
    let world = World::with(|_| {}, |settings| settings.rules.asks_for_number = false);
    let hint = format!("MSISDN:{KNOWN}");
    let changes = [("login_hint", Some(hint.as_str()))];
    assert!(world.browser().authorize(Profile::MobileConnect, &changes).await.leads_to_a_page());
}

/// T-032: a public client cannot do without PKCE, whatever its profile.
#[tokio::test]
async fn a_client_without_a_secret_needs_pkce() {
    let world = World::with(
        |client| client.token_endpoint_auth_method = TokenEndpointAuthMethod::None,
        |_| {},
    );
    let answer = world.browser().authorize(Profile::MobileConnect, &[]).await;
    assert_eq!(answer.error_to(REDIRECT_URI).1, "code challenge required");
}

fn borrowed<'p>(parameters: &'p [(&'static str, String)]) -> Vec<(&'p str, &'p str)> {
    parameters.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
