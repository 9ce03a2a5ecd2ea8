//! `acr_values`: levels of assurance in order of preference (mobile-connect §2.2 row 9, §5).

use fiador_kernel::Loa;
use fiador_wire_oauth::acr_values::AcrValues;

use super::{Addressed, Failure};

/// The levels asked for.
pub(crate) struct Levels {
    /// In order of preference; empty means any.
    pub(crate) wanted: Vec<Loa>,
    /// When none can be reached, the best that can be is reported.
    pub(crate) voluntary: bool,
}

impl Levels {
    /// Levels of which one must be reached; `None` if there are none to reach.
    pub(super) fn demanded(wanted: Vec<Loa>) -> Option<Self> {
        (!wanted.is_empty()).then_some(Self { wanted, voluntary: false })
    }
}

/// Mobile Connect: required, and every value is a level (§2.1).
pub(super) fn are_demanded(request: &Addressed) -> Result<Levels, Failure> {
    let values = request.value("acr_values").and_then(|text| AcrValues::parse(text).ok());
    let levels = values.and_then(|values| values.iter().map(|acr| acr.parse().ok()).collect());
    levels.and_then(Levels::demanded).ok_or(Failure::AcrValuesInvalid)
}

/// OpenID Connect: a wish; values of other frameworks are passed over (OpenID Connect Core
/// §3.1.2.1).
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn are_wished(request: &Addressed) -> Result<Levels, Failure> {
    let values = request.value("acr_values").and_then(|text| AcrValues::parse(text).ok());
    let wanted = values.map(|values| values.iter().filter_map(|acr| acr.parse().ok()).collect());
    Ok(Levels { wanted: wanted.unwrap_or_default(), voluntary: true })
}
