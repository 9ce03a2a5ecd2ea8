//! The HTTP client of all actors.

use reqwest::{ClientBuilder, redirect::Policy};

/// Follows nothing by itself, and opens a connection for each request: one that was kept would be
/// found dead after the gateway was killed.
pub(crate) fn http_client() -> ClientBuilder {
    reqwest::Client::builder().no_proxy().redirect(Policy::none()).pool_max_idle_per_host(0)
}

/// Name-value pairs as a query or form body.
pub(crate) fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
