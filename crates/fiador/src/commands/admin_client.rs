//! Asking the running gateway, which alone may hold the database.

use anyhow::{Context as _, bail};
use fiador_kernel::Secret;
use reqwest::header::HeaderMap;

use crate::config::{Config, read_secret_file};

/// The admin listener of a running gateway, as its configuration names it.
pub struct AdminClient {
    http: reqwest::Client,
    base: String,
    token: Secret<String>,
}

impl AdminClient {
    /// Fails without a token: nobody is let in without one.
    pub fn of(config: &Config) -> anyhow::Result<Self> {
        let listener = &config.listeners.admin;
        let scheme = if listener.tls.is_some() { "https" } else { "http" };
        let file = config.listeners.admin_token_file.as_ref().context(
            "the running gateway must be asked; set listeners.admin_token_file to reach it",
        )?;
        let mut http = reqwest::Client::builder().no_proxy();
        if let Some(tls) = &listener.tls {
            // Our own certificate, from our own file: nobody else's will do.
            let chain = std::fs::read(&tls.certificate_file)?;
            http = http.tls_certs_only(reqwest::Certificate::from_pem_bundle(&chain)?);
        }
        Ok(Self {
            http: http.build()?,
            base: format!("{scheme}://{}", listener.address),
            token: read_secret_file(file)?,
        })
    }

    /// The body of a good answer; anything else is an error in the gateway's own words.
    pub async fn ask(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
    ) -> anyhow::Result<Vec<u8>> {
        self.ask_with(method, path, body, HeaderMap::new()).await
    }

    /// The same with more header fields.
    pub async fn ask_with(
        &self,
        method: &str,
        path: &str,
        body: Option<Vec<u8>>,
        headers: HeaderMap,
    ) -> anyhow::Result<Vec<u8>> {
        let url = format!("{}{path}", self.base);
        let request = self
            .http
            .request(method.parse()?, &url)
            .bearer_auth(self.token.expose())
            .header("content-type", "application/json")
            .headers(headers)
            .body(body.unwrap_or_default());
        let response = request.send().await.with_context(|| format!("cannot reach {url}"))?;
        let status = response.status();
        let answer = response.bytes().await?;
        if !status.is_success() {
            bail!("the gateway answered {status}: {}", detail(&answer));
        }
        Ok(answer.to_vec())
    }
}

/// What a problem document says in words (RFC 9457 §3.1.4), or all of another answer.
fn detail(answer: &[u8]) -> String {
    let document: Option<serde_json::Value> = serde_json::from_slice(answer).ok();
    let detail = document.as_ref().and_then(|document| document["detail"].as_str());
    detail.map_or_else(|| String::from_utf8_lossy(answer).into_owned(), str::to_owned)
}
