//! What breaks inside is told in the words of the specification (mobile-connect §1.5).

use std::sync::Arc;

use async_trait::async_trait;
use fiador_kernel::Msisdn;
use fiador_ports::{NumberHolder, NumberPortability, PortabilityError};

use crate::world::{REDIRECT_URL, World, basic, post};

/// A register that does what none may: it panics, or never answers.
enum Broken {
    Panics,
    Hangs,
}

#[async_trait]
impl NumberPortability for Broken {
    async fn holder(&self, _: &Msisdn) -> Result<Option<NumberHolder>, PortabilityError> {
        match self {
            Self::Panics => panic!("broken on purpose"),
            Self::Hangs => std::future::pending().await,
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_breaks_or_hangs_is_an_unexpected_error_with_both_texts() {
    for broken in [Broken::Panics, Broken::Hangs] {
        let world = World::with_register(|_| Arc::new(broken));
        let parameters =
            [("Redirect_URL", REDIRECT_URL), ("MSISDN", "447700900907"), ("correlation_id", "42")];
        for path in ["/v2/discovery", "/v1/discovery/apis"] {
            let parameters = parameters.map(|(name, value)| match (path, name) {
                ("/v1/discovery/apis", "Redirect_URL") => ("redirect_uri", value),
                _ => (name, value),
            });
            let headers = [("authorization", &*basic("shop", "shop-secret"))];
            let answer = world.send(post(path, &parameters, &headers)).await;
            assert_eq!(answer.status, 500, "{answer:?}");
            let body = answer.json();
            assert_eq!(body["error"], "unexpected_error");
            assert_eq!(body["description"], "Internal Server Error");
            assert_eq!(body["error_description"], body["description"]);
            assert_eq!(body["correlation_id"], "42");
        }
        // Nothing is left behind: whoever needs no register is served.
        let selected = [("Selected-MCC", "234"), ("Selected-MNC", "15")];
        assert_eq!(world.ask(&selected).await.status, 200);
    }
}
