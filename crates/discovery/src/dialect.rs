//! The two versions of the interface (mobile-connect §1.1).

use fiador_wire_oauth::parameters::Parameters;

use crate::refusal::Refusal;

const V1_SELECTION_PATH: &str = "/v1/discovery/users/operator-selection";
const V2_SELECTION_PATH: &str = "/v2/discovery/users/operator-selection";

/// What a version calls things. Their meaning is the same, so nothing further in asks for it but
/// where §1 names a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `/v1/discovery/apis`, of 2014.
    V1,
    /// `/v2/discovery`.
    V2,
}

impl Dialect {
    /// Where the selection page is.
    pub(crate) const fn selection_path(self) -> &'static str {
        match self {
            Self::V1 => V1_SELECTION_PATH,
            Self::V2 => V2_SELECTION_PATH,
        }
    }

    /// Which requests bring the cookies of an answer back.
    pub(crate) const fn cookie_path(self) -> &'static str {
        match self {
            Self::V1 => "/v1/discovery",
            Self::V2 => "/v2/discovery",
        }
    }

    /// The value of a parameter, by the name that v2 has for it or, in v1, by the older one. Sent
    /// empty counts as omitted, because SDKs do that; sent under both names is refused, since two
    /// readers could take different ones (T-007).
    pub(crate) fn get<'p>(
        self,
        parameters: &'p Parameters,
        name: &'static str,
    ) -> Result<Option<&'p str>, Refusal> {
        let value = parameters.get_non_empty(name);
        let older = match self {
            Self::V1 => older_name(name).and_then(|older| parameters.get_non_empty(older)),
            Self::V2 => None,
        };
        match (value, older) {
            (Some(_), Some(_)) => Err(Refusal::Repeated),
            (value, older) => Ok(value.or(older)),
        }
    }

    /// What the redirect parameter is called in errors.
    pub(crate) const fn redirect_name(self) -> &'static str {
        match self {
            Self::V1 => "redirect_uri",
            Self::V2 => "Redirect_URL",
        }
    }
}

fn older_name(name: &str) -> Option<&'static str> {
    Some(match name {
        "Redirect_URL" => "redirect_uri",
        "MSISDN" => "msisdn",
        "Manually-Select" => "manually_select",
        _ => return None,
    })
}
