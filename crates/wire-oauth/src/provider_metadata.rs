//! Provider metadata, `<issuer>/.well-known/openid-configuration` (OpenID Connect Discovery §3, RFC 8414,
//! RFC 9207 §3, mobile-connect.md §2.10).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The document, in the order it is written. An absent endpoint and an empty list are left out, so the
/// document lists exactly what is enabled (T-062); switches are always written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    missing_docs,
    reason = "members are the wire names; OpenID Connect Discovery §3 defines them"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of the document")]
pub struct ProviderMetadata {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// Mobile Connect: overrides the link of discovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub premiuminfo_endpoint: Option<String>,
    /// RFC 8414 §2, RFC 7009.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revocation_endpoint: Option<String>,
    /// RFC 8414 §2, RFC 7662.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub introspection_endpoint: Option<String>,
    /// RFC 9126 §5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pushed_authorization_request_endpoint: Option<String>,
    /// OpenID Connect RP-Initiated Logout §2.1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_session_endpoint: Option<String>,
    /// Mobile Connect server-initiated profile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub si_authorization_endpoint: Option<String>,
    /// CIBA Core §4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backchannel_authentication_endpoint: Option<String>,
    /// CIBA Core §4.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub backchannel_token_delivery_modes_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scopes_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_types_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub response_modes_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grant_types_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acr_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subject_types_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub id_token_signing_alg_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub userinfo_signing_alg_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub userinfo_encryption_alg_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub userinfo_encryption_enc_values_supported: Vec<String>,
    /// RFC 9701 §7.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_signing_alg_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub request_object_signing_alg_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_methods_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 8414 §2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revocation_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_methods_supported: Vec<String>,
    /// RFC 8414 §2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub introspection_endpoint_auth_signing_alg_values_supported: Vec<String>,
    /// RFC 8414 §2, RFC 7636.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub display_values_supported: Vec<String>,
    /// Initiating User Registration via OpenID Connect §2: values of `prompt`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prompt_values_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claim_types_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub claims_supported: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ui_locales_supported: Vec<String>,
    pub claims_parameter_supported: bool,
    pub request_parameter_supported: bool,
    /// Always written: absent means `true` (OpenID Connect Discovery §3).
    pub request_uri_parameter_supported: bool,
    /// RFC 9126 §5: whether every client must push its requests. Always written.
    pub require_pushed_authorization_requests: bool,
    /// RFC 9207 §3.
    pub authorization_response_iss_parameter_supported: bool,
    /// Mobile Connect: profile versions. Without it the GSMA SDKs assume 1.1 and refuse every `mc_` scope.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mc_version: Vec<String>,
    /// Mobile Connect: which scope belongs to which version.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mobile_connect_version_supported: Vec<ScopeVersion>,
    /// Mobile Connect: scopes of the device-initiated profile, read by the 3.0 SDK.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mc_di_scopes_supported: Vec<String>,
    /// Mobile Connect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mc_amr_values_supported: Vec<String>,
    /// Mobile Connect: alias of `claims_parameter_supported` in the SDKs.
    pub mc_claims_parameter_supported: bool,
    /// Mobile Connect: hashing of matched attributes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mc_hash_algs_supported: Vec<String>,
    /// Mobile Connect: tags of `login_hint`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub login_hint_methods_supported: Vec<String>,
    /// Mobile Connect: the same under the other name in use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub login_hint_types_supported: Vec<String>,
}

/// One item of `mobile_connect_version_supported`: on the wire an object whose one member is named by the
/// scopes, `{"openid mc_authn":"mc_di_r2_v2.3"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "BTreeMap<String, String>", try_from = "BTreeMap<String, String>")]
pub struct ScopeVersion {
    /// Space-separated scopes.
    pub scope: String,
    /// A version, as [`MobileConnectVersion::as_str`](crate::version::MobileConnectVersion::as_str)
    /// writes it.
    pub version: String,
}

/// The object has another number of members than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an item of mobile_connect_version_supported has one member")]
pub struct ScopeVersionError;

impl From<ScopeVersion> for BTreeMap<String, String> {
    fn from(item: ScopeVersion) -> Self {
        Self::from([(item.scope, item.version)])
    }
}

impl TryFrom<BTreeMap<String, String>> for ScopeVersion {
    type Error = ScopeVersionError;

    fn try_from(object: BTreeMap<String, String>) -> Result<Self, ScopeVersionError> {
        let mut members = object.into_iter();
        match (members.next(), members.next()) {
            (Some((scope, version)), None) => Ok(Self { scope, version }),
            _ => Err(ScopeVersionError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(items: &[&str]) -> Vec<String> {
        items.iter().map(|&item| item.to_owned()).collect()
    }

    #[test]
    fn the_document_lists_what_is_enabled_and_nothing_else() {
        let metadata = ProviderMetadata {
            issuer: "https://idgw.example.net".to_owned(),
            authorization_endpoint: "https://idgw.example.net/authorize".to_owned(),
            token_endpoint: "https://idgw.example.net/token".to_owned(),
            jwks_uri: "https://idgw.example.net/jwks".to_owned(),
            response_types_supported: list(&["code"]),
            authorization_response_iss_parameter_supported: true,
            mc_version: list(&["mc_v1.1", "mc_di_r2_v2.3"]),
            mobile_connect_version_supported: vec![ScopeVersion {
                scope: "openid mc_authn".to_owned(),
                version: "mc_di_r2_v2.3".to_owned(),
            }],
            ..ProviderMetadata::default()
        };
        let json = serde_json::to_string(&metadata).unwrap();
        assert_eq!(
            json,
            concat!(
                r#"{"issuer":"https://idgw.example.net","#,
                r#""authorization_endpoint":"https://idgw.example.net/authorize","#,
                r#""token_endpoint":"https://idgw.example.net/token","#,
                r#""jwks_uri":"https://idgw.example.net/jwks","#,
                r#""response_types_supported":["code"],"claims_parameter_supported":false,"#,
                r#""request_parameter_supported":false,"request_uri_parameter_supported":false,"#,
                r#""require_pushed_authorization_requests":false,"#,
                r#""authorization_response_iss_parameter_supported":true,"#,
                r#""mc_version":["mc_v1.1","mc_di_r2_v2.3"],"#,
                r#""mobile_connect_version_supported":[{"openid mc_authn":"mc_di_r2_v2.3"}],"#,
                r#""mc_claims_parameter_supported":false}"#,
            )
        );
        assert_eq!(serde_json::from_str::<ProviderMetadata>(&json).unwrap(), metadata);
    }

    #[test]
    fn a_scope_version_has_one_member() {
        assert!(serde_json::from_str::<ScopeVersion>("{}").is_err());
        assert!(serde_json::from_str::<ScopeVersion>(r#"{"a":"b","c":"d"}"#).is_err());
    }
}
