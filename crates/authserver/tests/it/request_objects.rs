//! Signed requests (OpenID Connect Core §6.1, RFC 9101): what is inside counts, and only what the
//! client has signed for us.

use std::time::Duration;

use fiador_domain::{
    client::{ClientKeySource, SignatureAlgorithm},
    profile::Profile,
};
use fiador_jose::{Algorithm, SigningKey, base64url};
use fiador_kernel::Clock;
use serde_json::{Value, json};

use crate::world::{ISSUER, KNOWN, PROFILES, REDIRECT_URI, World, changed, signed};

const REFUSED: (&str, &str) = ("invalid_request_object", "The request object is invalid");

/// A good request with this object beside it.
async fn told(world: &World, profile: Profile, object: &str) -> (String, String) {
    let changes = [("request", Some(object)), ("state", Some("outside"))];
    let answer = world.browser().authorize(profile, &changes).await;
    if answer.leads_to_a_page() {
        return (String::new(), String::new());
    }
    assert_eq!(answer.response_to(REDIRECT_URI)["state"], "outside");
    answer.error_to(REDIRECT_URI)
}

async fn is_refused(world: &World, profile: Profile, object: &str, why: &str) {
    let told = told(world, profile, object).await;
    assert_eq!((&*told.0, &*told.1), REFUSED, "{profile:?} {why}");
}

async fn is_served(world: &World, profile: Profile, object: &str) {
    assert_eq!(told(world, profile, object).await.0, "", "{profile:?}");
}

#[tokio::test]
async fn what_is_signed_takes_the_place_of_what_is_beside_it() {
    let world = World::new();
    for profile in PROFILES {
        // All of the request is inside, but for what makes it one of OAuth.
        let inside = changed(profile, &[("scope", None), ("state", Some("inside"))]);
        let mut claims: serde_json::Map<String, Value> =
            inside.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        claims.insert("iss".to_owned(), profile.as_str().into());
        claims.insert("aud".to_owned(), json!([ISSUER]));
        claims.insert("max_age".to_owned(), 60.into());
        let object = signed(&claims.into());
        let beside = [
            ("client_id", profile.as_str()),
            ("response_type", "code"),
            ("scope", ""),
            ("state", "beside"),
            ("request", object.as_str()),
        ];
        let answer = world.browser().post("/authorize", &beside).await;
        let response = answer.response_to(REDIRECT_URI);
        assert_eq!(response["error_description"], "MANDATORY parameter scope is missing");
        assert_eq!(response["state"], "inside");
    }
}

#[tokio::test]
async fn numbers_and_objects_inside_are_read_like_parameters() {
    let world = World::new();
    let object =
        signed(&json!({ "claims": {"id_token": {"acr": {"essential": true, "value": "4"}}} }));
    assert_eq!(told(&world, Profile::Oidc, &object).await.0, "unmet_authentication_requirements");
    let object = signed(&json!({ "max_age": -1 }));
    for profile in PROFILES {
        assert_eq!(told(&world, profile, &object).await.1, "Invalid max_age value");
    }
    let hint = format!("MSISDN:{KNOWN}");
    let object = signed(&json!({ "login_hint": hint }));
    is_served(&world, Profile::MobileConnect, &object).await;
    assert_eq!(world.phone.asked.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn claims_about_the_object_must_hold_where_they_are() {
    let world = World::new();
    let now = world.clock.now().as_seconds();
    for profile in PROFILES {
        let id = profile.as_str();
        for good in [
            json!({}),
            json!({ "iss": id, "aud": ISSUER, "exp": now + 300, "iat": now, "nbf": now }),
            json!({ "aud": ["https://other.example", ISSUER] }),
            json!({ "aud": format!("{ISSUER}/authorize") }),
            json!({ "exp": now - 59, "iat": now + 59 }),
            json!({ "client_id": id, "response_type": "code" }),
        ] {
            is_served(&world, profile, &signed(&good)).await;
        }
        for (why, bad) in [
            ("another client", json!({ "iss": "somebody" })),
            ("another issuer", json!({ "aud": "https://other.example" })),
            ("a longer issuer", json!({ "aud": format!("{ISSUER}.evil.example") })),
            ("our issuer, but for a slash", json!({ "aud": format!("{ISSUER}/") })),
            ("expired", json!({ "exp": now - 60 })),
            ("not yet valid", json!({ "nbf": now + 61 })),
            ("made in the future", json!({ "iat": now + 61 })),
            ("valid for too long", json!({ "exp": now + 2 * 86_400 })),
            ("another client_id", json!({ "client_id": "somebody" })),
            ("another response_type", json!({ "response_type": "token" })),
            ("nested", json!({ "request": "x" })),
            ("by reference", json!({ "request_uri": "https://shop.example/r" })),
            ("a list", json!({ "scope": ["openid"] })),
            ("null", json!({ "state": null })),
            ("no audience", json!({ "aud": 7 })),
            ("no time", json!({ "exp": "soon" })),
            ("a control character", json!({ "nonce": "a\u{0}b" })),
        ] {
            is_refused(&world, profile, &signed(&bad), why).await;
        }
    }
}

/// T-061: the same signature does not begin a second login.
#[tokio::test]
async fn a_request_object_with_a_name_is_good_once() {
    let world = World::new();
    let now = world.clock.now().as_seconds();
    let named = |jti: &str, a: &str| signed(&json!({ "jti": jti, "exp": now + 60, "a": a }));
    for profile in PROFILES {
        let object = named("r-1", "a");
        is_served(&world, profile, &object).await;
        is_refused(&world, profile, &object, "replayed").await;
        is_refused(&world, profile, &named("r-1", "b"), "same name").await;
        is_served(&world, profile, &named("r-2", "a")).await;
    }
}

/// T-061: once its name is forgotten, it is not good again.
#[tokio::test]
async fn a_request_object_with_a_name_has_an_end() {
    let world = World::new();
    let now = world.clock.now().as_seconds();
    let made_a_day_ago = signed(&json!({ "jti": "r-0", "iat": now - 86_400 }));
    let made_later = signed(&json!({ "jti": "r-0", "iat": now - 86_399 }));
    let made_now = signed(&json!({ "jti": "r-1", "iat": now }));
    for profile in PROFILES {
        is_refused(&world, profile, &signed(&json!({ "jti": "r-1" })), "no time").await;
        is_refused(&world, profile, &made_a_day_ago, "made a day ago").await;
        is_served(&world, profile, &made_later).await;
        is_served(&world, profile, &made_now).await;
    }
    world.clock.advance(Duration::from_hours(24));
    for profile in PROFILES {
        is_refused(&world, profile, &made_now, "forgotten").await;
    }
}

/// T-070, T-071: neither the header nor the public key decides what a good signature is.
#[tokio::test]
async fn forged_request_objects_are_refused() {
    let world = World::new();
    let good = signed(&json!({ "nonce": "n" }));
    let [header, payload, signature] = good.split('.').collect::<Vec<_>>()[..] else { panic!() };
    let with_header = |header: &Value| {
        format!("{}.{payload}.{signature}", base64url::encode(header.to_string().as_bytes()))
    };
    let stranger = SigningKey::generate(Algorithm::Es256).unwrap();
    let other_payload = base64url::encode(br#"{"nonce":"m"}"#);
    let unsigned = |alg: &str| {
        let header = base64url::encode(json!({ "alg": alg }).to_string().as_bytes());
        format!("{header}.{payload}.")
    };
    for profile in PROFILES {
        for (why, object) in [
            ("another key", stranger.sign_compact(None, &json!({ "nonce": "n" })).unwrap()),
            ("another payload", format!("{header}.{other_payload}.{signature}")),
            ("no signature", format!("{header}.{payload}.")),
            ("two parts", format!("{header}.{payload}")),
            ("alg none", unsigned("none")),
            ("alg None", unsigned("None")),
            ("HMAC", with_header(&json!({ "alg": "HS256" }))),
            ("another algorithm", with_header(&json!({ "alg": "RS256" }))),
            ("a key of its own", with_header(&json!({ "alg": "ES256", "jwk": {} }))),
            ("a key elsewhere", with_header(&json!({ "alg": "ES256", "jku": "https://evil" }))),
            ("an extension", with_header(&json!({ "alg": "ES256", "crit": ["x"], "x": 1 }))),
            ("an encrypted one", "a.b.c.d.e".to_owned()),
            ("a repeated member", {
                let header = base64url::encode(br#"{"alg":"ES256","alg":"none"}"#);
                format!("{header}.{payload}.{signature}")
            }),
        ] {
            is_refused(&world, profile, &object, why).await;
        }
    }
}

/// T-002: a query ends at 4 KiB for one value, a form at 16 KiB.
#[tokio::test]
async fn an_oversized_request_object_is_over_the_bounds() {
    let world = World::new();
    for profile in PROFILES {
        let object = "a".repeat(16 * 1024 + 1);
        let parameters = changed(profile, &[("request", Some(&object))]);
        let fields: Vec<_> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = world.browser().post("/authorize", &fields).await;
        let expected = "Malformed request multiple problems exist";
        assert_eq!(answer.error_to(REDIRECT_URI).1, expected);
    }
}

#[tokio::test]
async fn registration_decides_whether_and_how_a_client_signs() {
    let world = World::with(|client| client.keys = ClientKeySource::None, |_| {});
    let object = signed(&json!({}));
    for profile in PROFILES {
        assert_eq!(told(&world, profile, &object).await.0, "request_not_supported");
    }
    let only_rs256 = Some(SignatureAlgorithm::Rs256);
    let world = World::with(|client| client.request_object_signing_alg = only_rs256, |_| {});
    is_refused(&world, Profile::Oidc, &object, "not the registered algorithm").await;
    // Keys that cannot be fetched now may be there later.
    let remote = || ClientKeySource::Uri("https://shop.example/jwks".to_owned());
    let world = World::with(|client| client.keys = remote(), |_| {});
    assert_eq!(told(&world, Profile::Oidc, &object).await.0, "temporarily_unavailable");
}

/// mobile-connect §2.1: before DI 2.3 there was no such parameter. The version may be inside.
#[tokio::test]
async fn versions_before_request_objects_ignore_them() {
    let world = World::new();
    let object = signed(&json!({ "nonce": "" }));
    for version in ["mc_v1.1", "mc_v1.2", "mc_v2.0"] {
        let changes = [("request", Some(object.as_str())), ("version", Some(version))];
        let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
        assert!(answer.leads_to_a_page(), "{version}");
    }
    let inside = signed(&json!({ "version": "mc_di_r2_v2.3", "nonce": "" }));
    let changes = [("request", Some(inside.as_str())), ("version", None)];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    let expected = "MANDATORY parameter nonce is missing (or) invalid";
    assert_eq!(answer.error_to(REDIRECT_URI).1, expected);
}
