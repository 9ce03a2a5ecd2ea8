//! The algorithms that a registration can name (RFC 7518, OpenID Connect Registration §2).

use serde::{Deserialize, Serialize};

/// What the gateway signs ID Tokens and other answers for a client with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SigningAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256: the default, the only one old SDKs verify
    /// (mobile-connect §2.8).
    #[default]
    #[serde(rename = "RS256")]
    Rs256,
    /// ECDSA with P-256 and SHA-256: by registration only.
    #[serde(rename = "ES256")]
    Es256,
}

impl SigningAlgorithm {
    /// All of them, the default first.
    pub const ALL: [Self; 2] = [Self::Rs256, Self::Es256];

    /// The JOSE name (RFC 7518 §3.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
        }
    }
}

/// What a client signs request objects and assertions with: never `none`, never HMAC (T-070).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    #[serde(rename = "RS256")]
    Rs256,
    /// RSASSA-PSS with SHA-256.
    #[serde(rename = "PS256")]
    Ps256,
    /// ECDSA with P-256 and SHA-256.
    #[serde(rename = "ES256")]
    Es256,
}

impl SignatureAlgorithm {
    /// All of them, in the order in which the metadata lists them.
    pub const ALL: [Self; 3] = [Self::Rs256, Self::Ps256, Self::Es256];

    /// The JOSE name (RFC 7518 §3.1).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Ps256 => "PS256",
            Self::Es256 => "ES256",
        }
    }
}

/// How answers to a client are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Encryption {
    /// How the content key reaches the client.
    pub alg: KeyManagementAlgorithm,
    /// How the content is encrypted.
    pub enc: ContentEncryption,
}

/// `alg` of an encrypted answer (RFC 7518 §4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum KeyManagementAlgorithm {
    /// RSAES-OAEP with SHA-256.
    #[serde(rename = "RSA-OAEP-256")]
    RsaOaep256,
    /// Diffie-Hellman on P-256, the agreed key used directly.
    #[serde(rename = "ECDH-ES")]
    EcdhEs,
}

impl KeyManagementAlgorithm {
    /// All of them, in the order in which the metadata lists them.
    pub const ALL: [Self; 2] = [Self::RsaOaep256, Self::EcdhEs];

    /// The JOSE name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RsaOaep256 => "RSA-OAEP-256",
            Self::EcdhEs => "ECDH-ES",
        }
    }
}

/// `enc` of an encrypted answer (RFC 7518 §5.1): authenticated encryption only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ContentEncryption {
    /// AES-GCM with a key of 256 bits.
    #[default]
    #[serde(rename = "A256GCM")]
    A256Gcm,
}

impl ContentEncryption {
    /// All of them.
    pub const ALL: [Self; 1] = [Self::A256Gcm];

    /// The JOSE name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::A256Gcm => "A256GCM",
        }
    }
}
