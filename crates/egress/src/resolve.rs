//! Names to addresses.

use std::{io, net::IpAddr};

use async_trait::async_trait;

/// Where addresses of hosts come from. The client asks once per fetch and connects to what it
/// checked, so a second, different answer has no effect (T-081).
#[async_trait]
pub trait Resolve: Send + Sync {
    /// The addresses of a host name, best first.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemResolver;

#[async_trait]
impl Resolve for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        // The port is part of the signature only.
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}
