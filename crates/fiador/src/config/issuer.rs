//! What an issuer may look like.

use fiador_kernel::Issuer;

/// First segments of paths that the gateway serves at the root of its host, whatever the issuer.
const TAKEN: [&str; 3] = ["assets", "v1", "v2"];

/// Why a text is not the issuer of this gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// Not an absolute URL with a host, or plain http.
    #[error("is not https; use an https URL, or set development.plain_http")]
    Scheme,
    /// It is no issuer.
    #[error(transparent)]
    Malformed(fiador_kernel::IssuerError),
    /// The path is one of the gateway's own.
    #[error("has a path that begins with /assets, /v1 or /v2, which the gateway uses itself")]
    Taken,
}

/// Reads the issuer; endpoints can be derived from it. `plain_http` allows http.
pub fn read_issuer(text: &str, plain_http: bool) -> Result<Issuer, IssuerError> {
    let issuer = Issuer::new(text, plain_http).map_err(|error| match error {
        fiador_kernel::IssuerError::Scheme => IssuerError::Scheme,
        other => IssuerError::Malformed(other),
    })?;
    let first = issuer.path().split('/').nth(1).unwrap_or_default();
    if TAKEN.contains(&first) { Err(IssuerError::Taken) } else { Ok(issuer) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_https_url_and_may_have_a_path() {
        for text in [
            "https://id.operator.example",
            "https://operator.example/mobile-connect",
            "https://operator.example/id/v1",
            "https://operator.example/v12",
            "https://[2001:db8::1]:8443",
        ] {
            assert_eq!(read_issuer(text, false).unwrap().as_str(), text);
        }
        assert!(read_issuer("http://localhost:8080", true).is_ok());
    }

    #[test]
    fn everything_else_is_refused_for_its_reason() {
        use IssuerError as E;
        let slash = E::Malformed(fiador_kernel::IssuerError::TrailingSlash);
        for (text, reason) in [
            ("id.operator.example", E::Scheme),
            ("http://id.operator.example", E::Scheme),
            ("https://id.operator.example/", slash),
            ("https://id.operator.example/assets", E::Taken),
            ("https://id.operator.example/v1", E::Taken),
            ("https://id.operator.example/v1/discovery", E::Taken),
            ("https://id.operator.example/v2/discovery", E::Taken),
        ] {
            assert_eq!(read_issuer(text, false), Err(reason), "{text}");
        }
    }
}
