//! Account takeover protection (mobile-connect §2.9).

use std::time::Duration;

use fiador_domain::{audit::AuditKind, risk::RiskSignals};
use fiador_kernel::Timestamp;
use fiador_ports::DataError;
use http::Method;
use serde_json::json;

use crate::world::{BLOCKED, IN_VAIN, ISSUER, NUMBER, Reply, World, signed_content};

const NO_DATA: &str = "The request cannot be answered for this user";

fn world() -> World {
    let world = World::new();
    *world.ports.signals.lock() = Some(Ok(RiskSignals {
        sim_changed_at: Some(Timestamp::from_seconds(1_700_000_000)),
        is_lost_stolen: Some(false),
        account_state: Some("active".to_owned()),
        ..RiskSignals::default()
    }));
    world
}

async fn ask(world: &World, uri: &str, token: &str, headers: &[(&str, &str)]) -> Reply {
    let bearer = format!("Bearer {token}");
    let headers = [&[("authorization", &*bearer)], headers].concat();
    world.request(Method::POST, uri, &headers, "").await
}

#[tokio::test]
async fn the_signs_of_a_number_are_told_plain_or_encrypted() {
    let world = world();
    let token = world.own_token("bank", "mc_atp");
    let encrypted = format!("x{NUMBER}");
    for (kind, number) in [("MSISDN", NUMBER), ("msisdn", NUMBER), ("Encr_MSISDN", &encrypted)] {
        let headers = [("user-id-type", kind), ("user-id", number)];
        let claims = ask(&world, "/userinfo?correlation_id=c-1", &token, &headers).await.claims();
        assert_eq!(
            claims,
            json!({
                "simChange": "2023-11-14T22:13:20", "isLostStolen": "false",
                "accountState": "active", "correlation_id": "c-1",
            })
        );
    }
}

#[tokio::test]
async fn the_answer_is_written_as_the_client_is_registered_for() {
    let world = world();
    *world.ports.signals.lock() = Some(Ok(RiskSignals {
        sim_changed_at: Some(Timestamp::from_seconds(1_700_000_000)),
        is_call_divert_active: Some(true),
        ..RiskSignals::default()
    }));
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    let bank = ask(&world, "/userinfo", &world.own_token("bank", "mc_atp"), &headers).await;
    assert_eq!(bank.claims()["isUncontidionalCallDivertActive"], "true");
    let plus = ask(&world, "/userinfo", &world.own_token("plus", "mc_atp"), &headers).await;
    let plus = plus.claims();
    assert_eq!(
        (&plus["simChange"], &plus["isUnconditionalCallDivertActive"]),
        (&json!("false"), &json!("true"))
    );
}

/// T-048: unknown, blocked, encrypted to somebody else, and nothing known look the same.
#[tokio::test]
async fn nobody_learns_why_there_is_no_answer() {
    let world = world();
    let token = world.own_token("bank", "mc_atp");
    for (kind, number) in
        [("MSISDN", "447700900999"), ("MSISDN", BLOCKED), ("ENCR_MSISDN", "0badc0de")]
    {
        let headers = [("User-ID-Type", kind), ("User-ID", number)];
        let reply = ask(&world, "/userinfo", &token, &headers).await;
        reply.expect_error(403, "access_denied", NO_DATA);
    }
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    for nothing in [None, Some(Err(DataError::UnknownSubscriber))] {
        *world.ports.signals.lock() = nothing;
        let reply = ask(&world, "/userinfo", &token, &headers).await;
        reply.expect_error(403, "access_denied", NO_DATA);
        world.clock.advance(Duration::from_secs(1));
    }
}

/// T-048, T-173, T-203: a list of numbers cannot be sifted.
#[tokio::test]
async fn a_client_that_scans_numbers_gets_one_answer_for_all_of_them() {
    let world = world();
    let token = world.own_token("bank", "mc_atp");
    let ask = async |token: &str, number: &str| {
        world.clock.advance(Duration::from_secs(1));
        let headers = [("User-ID-Type", "MSISDN"), ("User-ID", number)];
        ask(&world, "/userinfo", token, &headers).await
    };
    ask(&token, NUMBER).await.claims();
    for n in 0..IN_VAIN {
        let reply = ask(&token, &format!("4477009001{n:02}")).await;
        reply.expect_error(403, "access_denied", NO_DATA);
    }
    let asked = *world.ports.signals_asked.lock();
    let of_the_same_client = world.own_token("bank", "mc_atp");
    for token in [&token, &of_the_same_client] {
        ask(token, NUMBER).await.expect_error(403, "access_denied", NO_DATA);
    }
    assert_eq!(ask(&token, "here").await.status, 400, "what is no number stays none");
    assert_eq!(*world.ports.signals_asked.lock(), asked, "nothing was looked up");
    ask(&world.own_token("shop", "mc_atp"), NUMBER).await.claims();
    world.clock.advance(Duration::from_mins(10));
    ask(&world.own_token("bank", "mc_atp"), NUMBER).await.claims();
}

/// T-282, T-245.
#[tokio::test]
async fn each_answer_is_written_down_without_the_number_or_is_not_given() {
    let world = world();
    let token = world.own_token("bank", "mc_atp");
    let ask = async |number: &str| {
        world.clock.advance(Duration::from_secs(1));
        let headers = [("User-ID-Type", "MSISDN"), ("User-ID", number)];
        ask(&world, "/userinfo", &token, &headers).await.status
    };
    assert_eq!((ask(NUMBER).await, ask(BLOCKED).await, ask("here").await), (200, 403, 400));
    for _ in 1..=IN_VAIN {
        assert_eq!(ask("447700900999").await, 403);
    }
    let audit = std::mem::take(&mut *world.ports.audit.lock());
    let details: Vec<_> = audit.iter().map(|event| event.detail.as_deref().unwrap()).collect();
    let in_vain = vec!["no_data"; IN_VAIN as usize];
    assert_eq!(details, [&["told"][..], &in_vain, &["not_looked_up"]].concat());
    for event in &audit {
        assert_eq!(event.kind, AuditKind::RiskSignalsAsked);
        assert_eq!(event.client.as_ref().unwrap().as_str(), "bank");
        let is_told = event.detail.as_deref() == Some("told");
        assert_eq!(event.subscriber.is_some(), is_told, "nobody was found");
        assert!(!format!("{event:?}").contains("4477"));
    }
    *world.ports.audit_fails.lock() = true;
    assert_eq!(ask(NUMBER).await, 503);
}

/// OpenID Connect Core §5.3.2: an envelope by registration, without a subject.
#[tokio::test]
async fn a_client_registered_for_jwt_gets_one_with_issuer_and_audience() {
    let world = world();
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    let signed = ask(&world, "/userinfo", &world.own_token("signed", "mc_atp"), &headers).await;
    assert_eq!(signed.header("content-type"), Some("application/jwt"));
    assert_eq!(
        signed_content(&signed.body),
        json!({
            "simChange": "2023-11-14T22:13:20", "isLostStolen": "false", "accountState": "active",
            "iss": ISSUER, "aud": "signed",
        })
    );
    let both = ask(&world, "/userinfo", &world.own_token("both", "mc_atp"), &headers).await;
    let inner = both.body.strip_prefix("to both JWT ").unwrap();
    assert_eq!(signed_content(inner)["aud"], "both");
}

#[tokio::test]
async fn a_sign_that_may_exist_is_not_left_out_t_202() {
    let world = world();
    *world.ports.signals.lock() = Some(Err(DataError::Unavailable));
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    let reply = ask(&world, "/userinfo", &world.own_token("bank", "mc_atp"), &headers).await;
    assert_eq!(reply.status, 503);
}

#[tokio::test]
async fn headers_that_name_no_number_are_refused() {
    let world = world();
    let text = "User-ID-Type or User-ID is missing or invalid";
    for headers in [
        &[][..],
        &[("User-ID-Type", "MSISDN")],
        &[("User-ID", NUMBER)],
        &[("User-ID-Type", "PCR"), ("User-ID", NUMBER)],
        &[("User-ID-Type", "MSISDN"), ("User-ID", "here")],
        &[("User-ID-Type", "MSISDN"), ("User-ID", NUMBER), ("User-ID", NUMBER)],
    ] {
        let token = world.own_token("shop", "mc_atp");
        let reply = ask(&world, "/userinfo", &token, headers).await;
        if reply.status != 429 {
            reply.expect_error(400, "invalid_request", text);
        }
    }
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    let token = world.own_token("bank", "mc_atp");
    let reply = ask(&world, "/userinfo?correlation_id=", &token, &headers).await;
    reply.expect_error(400, "invalid_request", "Invalid correlation_id value.");
}

/// T-068: neither kind of token opens what is for the other.
#[tokio::test]
async fn a_clients_own_token_opens_nothing_about_a_user_and_a_users_token_no_signs() {
    let world = world();
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    let text = "Insufficient scope";
    let own = world.own_token("bank", "openid email mc_identity_phonenumber mc_vm_match");
    for uri in ["/userinfo", "/premiuminfo", "/mc_vm"] {
        let reply = ask(&world, uri, &own, &headers).await;
        reply.expect_error(403, "insufficient_scope", text);
    }
    let user = world.token("bank", "openid mc_atp");
    let claims = ask(&world, "/userinfo", &user, &headers).await.claims();
    assert!(claims.get("simChange").is_none());
}
