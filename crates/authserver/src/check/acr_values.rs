//! `acr_values`: levels of assurance in order of preference (mobile-connect §2.2 row 9, §5).

use fiador_kernel::Loa;
use fiador_wire_oauth::{acr_values::AcrValues, scope::ScopeList};

use super::{Addressed, Failure, scope};

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

/// Mobile Connect: required, and every value is a level (§2.1); products that only look into data
/// do without (§7 row 2).
pub(super) fn are_demanded(request: &Addressed) -> Result<Levels, Failure> {
    if request.value("acr_values").is_none() && only_looks_into_data(&scope::read(request)?) {
        return Ok(Levels { wanted: vec![Loa::Two], voluntary: false });
    }
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

/// KYC match, verified number and account takeover protection: the user is not the one who asks.
fn only_looks_into_data(scopes: &ScopeList) -> bool {
    const PRODUCTS: [&str; 5] = ["mc_kyc_", "mc_vm_", "mc_attr_vm_", "mc_mnv_", "mc_atp"];
    let is_product = |scope: &str| PRODUCTS.iter().any(|product| scope.starts_with(product));
    let mut products = scopes.iter().filter(|scope| *scope != "openid").peekable();
    products.peek().is_some() && products.all(is_product)
}
