//! Which parameters a request knows: those of its version (mobile-connect §2.1). What a version
//! does not know is ignored like any other unknown parameter, whatever it holds.

use fiador_domain::profile::Profile;
use fiador_wire_oauth::{parameters::Parameters, version::MobileConnectVersion as Version};

/// Parameters that came with a version. All others have always been there.
const SINCE: [(&str, Version); 8] = [
    ("login_hint_token", Version::V2_0),
    ("correlation_id", Version::V2_0),
    ("client_name", Version::V1_2),
    ("context", Version::V1_2),
    ("binding_message", Version::V1_2),
    ("claims", Version::V2_0),
    ("response_mode", Version::Di2_3),
    ("request", Version::Di2_3),
];

/// What a request knows.
#[derive(Clone, Copy)]
pub(crate) enum Known {
    /// Plain OpenID Connect: its own parameters, in every request.
    OpenIdConnect,
    /// The parameters of this version.
    UpTo(Version),
}

impl Known {
    /// Without a version a request of Mobile Connect is one of 1.1 (§0.1). A version that nobody
    /// knows is refused later, by an answer in the form of the newest.
    pub(crate) fn of(parameters: &Parameters, profile: Profile) -> Self {
        if !profile.demands_mobile_connect_parameters() {
            return Self::OpenIdConnect;
        }
        let version = parameters.get("version").map(Version::parse);
        Self::UpTo(version.map_or(Version::V1_1, |version| version.unwrap_or(Version::Di2_3)))
    }

    /// Whether the request is one of Mobile Connect in this version or a later one.
    pub(crate) fn is_since(self, version: Version) -> bool {
        matches!(self, Self::UpTo(named) if named >= version)
    }

    /// Whether it knows the parameter.
    pub(crate) fn has(self, parameter: &str) -> bool {
        match self {
            // `correlation_id` is one of Mobile Connect alone.
            Self::OpenIdConnect => parameter != "correlation_id",
            Self::UpTo(version) => {
                SINCE.iter().all(|&(name, since)| name != parameter || since <= version)
            }
        }
    }
}
