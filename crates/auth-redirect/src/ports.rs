//! What both kinds of authenticators ask of the world.

use std::sync::Arc;

use fiador_http_kit::{CookiePolicy, Pages};
use fiador_jose::base64url;
use fiador_kernel::{AuthenticatorId, Clock, Digest, Entropy, Issuer};
use fiador_ports::{Challenge, ClientKeys, Fetch, Prompts, Signer, Subscribers, Vault};

/// What the authenticators ask of the world.
#[derive(Clone)]
pub struct Ports {
    /// Our own address: issuer of requests, audience of results, beginning of return addresses.
    pub issuer: Issuer,
    /// Signs requests and assertions.
    pub signer: Arc<dyn Signer>,
    /// Keys of foreign authenticators and providers, inline or fetched.
    pub keys: Arc<dyn ClientKeys>,
    /// The one guarded client (T-080).
    pub fetch: Arc<dyn Fetch>,
    /// Whose number it is.
    pub subscribers: Arc<dyn Subscribers>,
    /// Opens numbers and attributes, makes pseudonyms.
    pub vault: Arc<dyn Vault>,
    /// Where answers are settled, as routing gives it to adaptors.
    pub prompts: Arc<dyn Prompts>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Transaction secrets and nonces.
    pub entropy: Arc<dyn Entropy>,
    /// Words: with [`crate::add_messages`].
    pub pages: Arc<Pages>,
    /// How the cookie of the waiting browser is named.
    pub cookies: CookiePolicy,
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}` {rule}")]
pub struct SettingsError {
    /// Which setting, as the configuration names it.
    pub setting: &'static str,
    /// What it must be.
    pub rule: String,
}

impl SettingsError {
    pub(crate) fn new(setting: &'static str, rule: impl Into<String>) -> Self {
        Self { setting, rule: rule.into() }
    }
}

impl Ports {
    /// The address of one of our routes for an authenticator.
    pub(crate) fn own_address(&self, id: &AuthenticatorId, leaf: &str) -> String {
        format!("{}{}", self.issuer, own_path(id, leaf))
    }

    /// The person of a challenge, by a pseudonym that one authenticator knows: a keyed hash of the
    /// subscription, which outlives a change of number and ends with the subscription. Where there is
    /// none, of the number: from outside the two look the same (T-048).
    pub(crate) fn pseudonym(&self, id: &AuthenticatorId, challenge: &Challenge<'_>) -> String {
        let hash = |kind: &str, person: &str| {
            self.vault.one_time_code_hash(&format!("authenticator {kind} {id}"), person)
        };
        let digest: Digest = match &challenge.subject.subscriber {
            Some(subscriber) => hash("subscriber", subscriber.as_str()),
            None => hash("nobody", &challenge.subject.msisdn_index.to_hex()),
        };
        base64url::encode(digest.as_bytes())
    }
}

/// The path of one of our routes for an authenticator.
pub(crate) fn own_path(id: &AuthenticatorId, leaf: &str) -> String {
    format!("/authenticators/{id}/{leaf}")
}

/// An id that can stand in a path and in configuration.
pub(crate) fn check_id(id: &AuthenticatorId) -> Result<(), SettingsError> {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
    let text = id.as_str();
    if text.len() <= 64 && text.bytes().all(fits) {
        return Ok(());
    }
    Err(SettingsError::new("id", "has 1 to 64 lower-case letters, digits, `_` and `-`"))
}

/// An absolute http(s) address without user information and fragment. Whether it may be plain http is
/// the guarded client's to say, and the browser's.
pub(crate) fn check_address(setting: &'static str, text: &str) -> Result<(), SettingsError> {
    let good = url::Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
    });
    if good && text.len() <= 1024 {
        return Ok(());
    }
    Err(SettingsError::new(
        setting,
        "is no absolute https address of at most 1024 characters without fragment",
    ))
}

/// `address` with more parameters in its query; `None` for what is no address.
pub(crate) fn with_query(address: &str, parameters: &[(&str, &str)]) -> Option<String> {
    let mut url = url::Url::parse(address).ok()?;
    url.query_pairs_mut().extend_pairs(parameters);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_join_a_query_that_is_there() {
        let joined = with_query("https://bank.example/a?tenant=1", &[("request", "x y")]);
        assert_eq!(joined.as_deref(), Some("https://bank.example/a?tenant=1&request=x+y"));
        let first = with_query("https://bank.example/a", &[("request", "x")]);
        assert_eq!(first.as_deref(), Some("https://bank.example/a?request=x"));
    }

    #[test]
    fn addresses_are_absolute_and_plain() {
        for good in ["https://bank.example/start?x=1", "http://127.0.0.1:9000/a"] {
            assert!(check_address("a", good).is_ok(), "{good}");
        }
        for bad in ["/a", "javascript:alert(1)", "https://u:p@bank.example/", "https://b/#f", ""] {
            assert!(check_address("a", bad).is_err(), "{bad}");
        }
    }
}
