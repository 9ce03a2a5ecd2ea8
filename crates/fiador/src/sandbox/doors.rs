//! The ports of a sandbox.

use std::{net::SocketAddr, time::Duration};

use axum::Router;
use fiador_http_kit::listener::{BindError, Bound, ListenerSettings};
use tokio_util::sync::CancellationToken;

use super::{Inside, ThrowAwayTls};
use crate::{admin::routing::BODY_LIMIT as ADMIN_BODY_LIMIT, gateway::marked};

/// Three ports, in a row when the first one is given.
pub struct Doors {
    pub(super) public: Bound,
    pub(super) sandbox: Bound,
    pub(super) admin: Bound,
}

impl Doors {
    /// Takes all three; port 0 takes free ones.
    pub async fn bind(first: SocketAddr) -> Result<Self, BindError> {
        let settings = || ListenerSettings {
            drain_limit: Duration::from_secs(2),
            ..ListenerSettings::default()
        };
        let admin = ListenerSettings { max_body_bytes: ADMIN_BODY_LIMIT, ..settings() };
        let after = |offset: u16| {
            let port = if first.port() == 0 { 0 } else { first.port().saturating_add(offset) };
            SocketAddr::new(first.ip(), port)
        };
        Ok(Self {
            public: Bound::bind("public", first, settings()).await?,
            sandbox: Bound::bind("sandbox", after(1), settings()).await?,
            admin: Bound::bind("admin", after(2), admin).await?,
        })
    }

    /// Serves until `stop`, then drains.
    pub async fn serve(
        self,
        inside: &Inside,
        page: Router,
        tls: Option<&ThrowAwayTls>,
        stop: &CancellationToken,
    ) {
        let secured = |bound: Bound| match tls {
            Some(tls) => bound.with_tls(tls.server_config()),
            None => bound,
        };
        let stopped = || stop.clone().cancelled_owned();
        tokio::join!(
            marked(secured(self.public)).serve(inside.public.clone(), stopped()),
            marked(secured(self.admin)).serve(inside.admin.clone(), stopped()),
            secured(self.sandbox).serve(page, stopped()),
        );
    }
}
