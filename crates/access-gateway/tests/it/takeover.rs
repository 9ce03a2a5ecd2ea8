//! Account takeover protection (mobile-connect §2.9).

use fiador_domain::risk::RiskSignals;
use fiador_kernel::Timestamp;
use fiador_ports::DataError;
use http::Method;
use serde_json::json;

use crate::world::{BLOCKED, NUMBER, Reply, World};

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
    let text = "The request cannot be answered for this user";
    for (kind, number) in
        [("MSISDN", "447700900999"), ("MSISDN", BLOCKED), ("ENCR_MSISDN", "0badc0de")]
    {
        let headers = [("User-ID-Type", kind), ("User-ID", number)];
        let reply = ask(&world, "/userinfo", &token, &headers).await;
        reply.expect_error(403, "access_denied", text);
    }
    *world.ports.signals.lock() = None;
    let headers = [("User-ID-Type", "MSISDN"), ("User-ID", NUMBER)];
    ask(&world, "/userinfo", &token, &headers).await.expect_error(403, "access_denied", text);
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
