//! The other half: sending requests and reading results.

use std::{collections::BTreeSet, time::Duration};

use anyhow::{Context as _, bail};
use fiador_auth_redirect::contract::{
    Bound, Expected, Form, MAX_RESULT, Metadata, RESULT_TYP, ResultClaims,
};
use fiador_jose::{Algorithm, Expect, ExpectTyp, JwkSet, VerificationKey, verify_compact};
use fiador_kernel::{Clock as _, Digest, SystemClock, Timestamp};
use serde::Deserialize;
use serde_json::Value;

use super::gateway::Gateway;

/// How often a result is looked for, and how many times.
const PAUSE: Duration = Duration::from_millis(250);
const LOOKS: u32 = 40;

/// An authenticator under test.
pub(super) struct Authenticator<'a> {
    pub(super) http: reqwest::Client,
    pub(super) metadata: Metadata,
    pub(super) gateway: &'a Gateway,
}

/// What it answered to a request.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) location: Option<String>,
    pub(super) body: Vec<u8>,
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Status {
    Pending,
    Ended { result: String },
}

impl Authenticator<'_> {
    /// Sends a request in one form.
    pub(super) async fn ask(&self, form: Form, token: &str) -> anyhow::Result<Answer> {
        let endpoint = match form {
            Form::Browser => &self.metadata.authorization_endpoint,
            Form::BackChannel => &self.metadata.start_endpoint,
        };
        let endpoint = endpoint.as_deref().context("the metadata names no endpoint")?;
        self.send(form, endpoint, token).await
    }

    async fn send(&self, form: Form, endpoint: &str, token: &str) -> anyhow::Result<Answer> {
        let parameters = [("request", token)];
        let request = match form {
            Form::Browser => self.http.get(url::Url::parse_with_params(endpoint, parameters)?),
            Form::BackChannel => self.http.post(endpoint).form(&parameters),
        };
        let response = request.send().await.with_context(|| format!("cannot reach {endpoint}"))?;
        let location = response.headers().get("location");
        let location = location.and_then(|at| at.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        Ok(Answer { status, location, body: response.bytes().await?.to_vec() })
    }

    /// The result that follows an answer to a good request.
    pub(super) async fn result_of(
        &self,
        form: Form,
        token: &str,
        answer: &Answer,
    ) -> anyhow::Result<String> {
        match form {
            Form::Browser => self.brought_back(answer),
            Form::BackChannel => self.sent_or_fetched(token, answer).await,
        }
    }

    fn brought_back(&self, answer: &Answer) -> anyhow::Result<String> {
        if !matches!(answer.status, 302 | 303) {
            bail!("status {} instead of a redirect (302 or 303) with the result", answer.status);
        }
        let location = answer.location.as_deref().context("the redirect leads nowhere")?;
        let url = url::Url::parse(location)?;
        if !location.starts_with(&format!("{}?", self.gateway.return_uri())) {
            bail!("the redirect does not lead to `return_uri`");
        }
        let mut results = url.query_pairs().filter(|(name, _)| name == "result");
        let result = results.next().context("the redirect has no parameter `result`")?.1;
        Ok(result.into_owned())
    }

    async fn sent_or_fetched(&self, token: &str, answer: &Answer) -> anyhow::Result<String> {
        if answer.status != 202 {
            bail!("status {} instead of 202", answer.status);
        }
        if !serde_json::from_slice::<Value>(&answer.body).is_ok_and(|body| body.is_object()) {
            bail!("the answer is no JSON object");
        }
        for _ in 0..LOOKS {
            let polled = match &self.metadata.status_endpoint {
                Some(endpoint) => self.poll(endpoint, token).await?,
                None => self.gateway.take_results().pop(),
            };
            if let Some(result) = polled {
                return Ok(result);
            }
            tokio::time::sleep(PAUSE).await;
        }
        bail!("no result within {} s", PAUSE.as_millis() * u128::from(LOOKS) / 1000)
    }

    async fn poll(&self, endpoint: &str, token: &str) -> anyhow::Result<Option<String>> {
        let answer = self.send(Form::BackChannel, endpoint, token).await?;
        if answer.status != 200 {
            bail!("status_endpoint answers with {} instead of 200", answer.status);
        }
        let status = serde_json::from_slice(&answer.body);
        Ok(match status.context("the answer of status_endpoint is not as the contract says")? {
            Status::Pending => None,
            Status::Ended { result } => Some(result),
        })
    }

    /// Its keys.
    pub(super) async fn keys(&self) -> anyhow::Result<JwkSet> {
        let uri = &self.metadata.jwks_uri;
        let response =
            self.http.get(uri).send().await.with_context(|| format!("cannot reach {uri}"))?;
        if response.status() != 200 {
            bail!("{uri} answers with status {}", response.status().as_u16());
        }
        let set = JwkSet::parse(&response.bytes().await?)?;
        if VerificationKey::from_set(&set).is_empty() {
            bail!("the key set has no key for ES256, PS256 or RS256");
        }
        Ok(set)
    }

    /// Holds a result against its request, as the gateway does.
    pub(super) fn verified(
        &self,
        keys: &JwkSet,
        request: &Value,
        result: &str,
    ) -> anyhow::Result<(Bound, ResultClaims)> {
        if result.len() > MAX_RESULT {
            bail!("the result has {} bytes, more than {MAX_RESULT}", result.len());
        }
        let named = &self.metadata.result_signing_alg_values_supported;
        let algorithms: BTreeSet<Algorithm> =
            named.iter().filter_map(|name| Algorithm::from_name(name)).collect();
        let algorithms: Vec<Algorithm> = algorithms.into_iter().collect();
        let expect = Expect { algorithms: &algorithms, typ: ExpectTyp::Exactly(RESULT_TYP) };
        let payload = verify_compact(result, &VerificationKey::from_set(keys), expect)?;
        let claims = ResultClaims::read(&payload.claims()?)?;
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let expected = Expected {
            iss: &self.metadata.issuer,
            aud: &self.gateway.issuer,
            transaction: Digest::of(text("transaction")),
            nonce: Digest::of(text("nonce")),
            sub: text("sub"),
            asked_at: Timestamp::from_seconds(request["iat"].as_i64().unwrap_or_default()),
            now: SystemClock.now(),
        };
        Ok((claims.clone().bind(&expected)?, claims))
    }
}
