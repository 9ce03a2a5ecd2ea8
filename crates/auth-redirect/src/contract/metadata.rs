use fiador_jose::strict_json;
use serde::Deserialize;

use super::Form;

/// What an authenticator says of itself. Unknown members are left aside.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Metadata {
    /// `iss` of its results.
    pub issuer: String,
    /// Versions of the contract.
    pub versions_supported: Vec<u64>,
    /// Forms of requests.
    pub forms_supported: Vec<Form>,
    /// Its keys.
    pub jwks_uri: String,
    /// How results are signed.
    pub result_signing_alg_values_supported: Vec<String>,
    /// How requests may be encrypted.
    #[serde(default)]
    pub request_encryption_alg_values_supported: Vec<String>,
    /// Browser form.
    pub authorization_endpoint: Option<String>,
    /// Back-channel form.
    pub start_endpoint: Option<String>,
    /// Back-channel form, polled.
    pub status_endpoint: Option<String>,
    /// Back-channel form.
    pub cancel_endpoint: Option<String>,
    /// It takes `test_outcome`.
    #[serde(default)]
    pub test_mode: bool,
}

/// Why metadata is not usable.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// No JSON object with the members of the contract.
    #[error("it is not the metadata of an authenticator: {0}")]
    Malformed(#[from] strict_json::StrictJsonError),
    /// `issuer` is not what the address was made from.
    #[error("`issuer` is not the address that was asked; it must be the same text")]
    Issuer,
    /// Version 1 is not among the versions.
    #[error("`versions_supported` does not name version 1")]
    Version,
    /// A form without its endpoint.
    #[error("`forms_supported` names {0}, but `{1}` is missing")]
    Endpoint(&'static str, &'static str),
    /// No form at all.
    #[error("`forms_supported` is empty")]
    NoForm,
}

impl Metadata {
    /// Reads the document that was found at `issuer`.
    pub fn read(document: &[u8], issuer: &str) -> Result<Self, MetadataError> {
        let metadata: Self = strict_json::from_slice(document)?;
        if metadata.issuer != issuer {
            return Err(MetadataError::Issuer);
        }
        if !metadata.versions_supported.contains(&super::VERSION) {
            return Err(MetadataError::Version);
        }
        if metadata.forms_supported.is_empty() {
            return Err(MetadataError::NoForm);
        }
        let offers = |form| metadata.forms_supported.contains(&form);
        if offers(Form::Browser) && metadata.authorization_endpoint.is_none() {
            return Err(MetadataError::Endpoint("browser", "authorization_endpoint"));
        }
        if offers(Form::BackChannel) && metadata.start_endpoint.is_none() {
            return Err(MetadataError::Endpoint("back_channel", "start_endpoint"));
        }
        Ok(metadata)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const ISSUER: &str = "https://bank.example";

    fn read(changes: &Value) -> Result<Metadata, MetadataError> {
        let mut document = json!({
            "issuer": ISSUER, "versions_supported": [1, 2], "forms_supported": ["browser"],
            "jwks_uri": "https://bank.example/jwks", "result_signing_alg_values_supported": ["ES256"],
            "authorization_endpoint": "https://bank.example/authorize", "other": 1,
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        Metadata::read(document.to_string().as_bytes(), ISSUER)
    }

    #[test]
    fn a_form_needs_its_endpoint() {
        assert!(read(&json!({})).is_ok());
        assert!(read(&json!({ "authorization_endpoint": null })).is_err());
        assert!(read(&json!({ "forms_supported": ["browser", "back_channel"] })).is_err());
        assert!(
            read(&json!({ "forms_supported": ["back_channel"], "start_endpoint": "x" })).is_ok()
        );
        assert!(read(&json!({ "forms_supported": [] })).is_err());
    }

    #[test]
    fn metadata_belongs_to_the_address_that_was_asked() {
        assert!(matches!(
            read(&json!({ "issuer": "https://b.example" })),
            Err(MetadataError::Issuer)
        ));
        assert!(matches!(read(&json!({ "versions_supported": [2] })), Err(MetadataError::Version)));
    }
}
