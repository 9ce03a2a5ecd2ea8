//! What is asked (mobile-connect §1.2).

use fiador_domain::client::DiscoveryApplication;
use fiador_kernel::{CorrelationId, Msisdn, Plmn};
use fiador_wire_oauth::{parameters::Parameters, redirect_uri::RegisteredRedirectUri};

use crate::refusal::Refusal;

/// A request whose parameters are well-formed. Parameters that nothing here reads
/// (`Using-Mobile-Data`, `Local-Client-IP`, …) are ignored, whatever they hold.
pub(crate) struct DiscoveryRequest {
    /// `Redirect_URL`: one that is registered for the application.
    pub(crate) redirect_url: String,
    /// `Selected-MCC` and `Selected-MNC`.
    pub(crate) selected: Option<Plmn>,
    /// `Identified-MCC` and `Identified-MNC`.
    pub(crate) identified: Option<Plmn>,
    /// `MSISDN`.
    pub(crate) msisdn: Option<Msisdn>,
    /// `Manually-Select`.
    pub(crate) manually_select: bool,
    /// `Ignore-Cookies`.
    pub(crate) ignore_cookies: bool,
    /// The network that an earlier answer left in a cookie.
    pub(crate) remembered: Option<Plmn>,
}

impl DiscoveryRequest {
    /// Reads and checks the parameters. One sent empty counts as omitted, because SDKs do that.
    pub(crate) fn read(
        parameters: &Parameters,
        application: &DiscoveryApplication,
    ) -> Result<Self, Refusal> {
        if parameters.repeated().next().is_some() {
            return Err(Refusal::Repeated);
        }
        let redirect_url =
            parameters.get_non_empty("Redirect_URL").ok_or(Refusal::RedirectUrlMissing)?;
        if !is_registered(application, redirect_url) {
            return Err(Refusal::RedirectUrlUnknown);
        }
        let msisdn = parameters
            .get_non_empty("MSISDN")
            .map(|text| Msisdn::parse(text, None).map_err(|_| Refusal::Malformed("MSISDN")))
            .transpose()?;
        Ok(Self {
            redirect_url: redirect_url.to_owned(),
            selected: network(parameters, "Selected-MCC", "Selected-MNC")?,
            identified: network(parameters, "Identified-MCC", "Identified-MNC")?,
            msisdn,
            manually_select: switch(parameters, "Manually-Select")?,
            ignore_cookies: switch(parameters, "Ignore-Cookies")?,
            remembered: None,
        })
    }
}

/// `correlation_id`, read first of all so that every later answer can echo it (§1.6).
pub(crate) fn correlation_id(parameters: &Parameters) -> Result<Option<CorrelationId>, Refusal> {
    parameters
        .get_non_empty("correlation_id")
        .map(|text| CorrelationId::new(text).map_err(|_| Refusal::Malformed("correlation_id")))
        .transpose()
}

/// Byte for byte, with the one exception of loopback ports (T-030).
fn is_registered(application: &DiscoveryApplication, presented: &str) -> bool {
    application.redirect_urls.iter().any(|registered| {
        RegisteredRedirectUri::parse_allowing_insecure(registered)
            .is_ok_and(|registered| registered.matches(presented))
    })
}

/// Both halves of a network or none.
fn network(
    parameters: &Parameters,
    country: &'static str,
    operator: &'static str,
) -> Result<Option<Plmn>, Refusal> {
    match (parameters.get_non_empty(country), parameters.get_non_empty(operator)) {
        (None, None) => Ok(None),
        (Some(mcc), Some(mnc)) => {
            Plmn::new(mcc, mnc).map(Some).map_err(|_| Refusal::Malformed(country))
        }
        (Some(_), None) => Err(Refusal::Malformed(operator)),
        (None, Some(_)) => Err(Refusal::Malformed(country)),
    }
}

fn switch(parameters: &Parameters, name: &'static str) -> Result<bool, Refusal> {
    let Some(text) = parameters.get_non_empty(name) else { return Ok(false) };
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1"]) {
        Ok(true)
    } else if is(["false", "0"]) {
        Ok(false)
    } else {
        Err(Refusal::Malformed(name))
    }
}
