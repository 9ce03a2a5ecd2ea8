//! `POST /introspect` (RFC 7662) of a token that is good.

use std::net::SocketAddr;

use anyhow::ensure;
use http::header::{ACCEPT, AUTHORIZATION, USER_AGENT};

use super::bare::Recording;
use super::http::Call;
use super::load::{self, Lane, Lanes};
use super::service_provider::ServiceProvider;

/// The request of a service provider about its own token.
pub(super) fn request(service_provider: ServiceProvider, access_token: &str) -> Recording {
    let call = Call::post("/introspect", &[("token", access_token)])
        .header(AUTHORIZATION, &service_provider.authorization())
        .header(USER_AGENT, "bench-service-provider/1.0")
        .header(ACCEPT, "application/json");
    Recording(vec![(Lane::BackChannel, call)])
}

/// Sends the request `repetitions` times for each of `users`; every answer must say that the token
/// is active.
pub(super) async fn run(
    gateway: SocketAddr,
    request: &Recording,
    users: u64,
    repetitions: u64,
) -> anyhow::Result<()> {
    load::run(users, |_| introspect(gateway, request.clone(), repetitions)).await?;
    Ok(())
}

async fn introspect(
    gateway: SocketAddr,
    request: Recording,
    repetitions: u64,
) -> anyhow::Result<()> {
    let mut lanes = Lanes::open(gateway).await?;
    for _ in 0..repetitions {
        for (lane, call) in &request.0 {
            let answer = lanes.send(*lane, call.clone()).await?;
            let is_active = answer.body.starts_with(br#"{"active":true"#);
            ensure!(is_active, "not active: {}", answer.seen());
        }
    }
    Ok(())
}
