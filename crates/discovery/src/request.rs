//! What is asked (mobile-connect §1.2).

use std::net::IpAddr;

use fiador_domain::client::DiscoveryApplication;
use fiador_kernel::{CorrelationId, Msisdn, Plmn};
use fiador_wire_oauth::{parameters::Parameters, redirect_uri::RegisteredRedirectUri};
use http::HeaderMap;

use crate::{Dialect, refusal::Refusal};

/// A request whose parameters are well-formed. Parameters that nothing here reads
/// (`Using-Mobile-Data`, `Local-Client-IP`, …) are ignored, whatever they hold.
#[derive(Clone, Debug)]
pub(crate) struct DiscoveryRequest {
    /// `Redirect_URL`; in v1 an application without a server may leave it out.
    pub(crate) redirect_url: Option<String>,
    /// `Selected-MCC` and `Selected-MNC`, or `mcc_mnc` of v1.
    pub(crate) selected: Option<Plmn>,
    /// `Identified-MCC` and `Identified-MNC`.
    pub(crate) identified: Option<Plmn>,
    /// `MSISDN`.
    pub(crate) msisdn: Option<Msisdn>,
    /// The header `X-Source-IP`.
    pub(crate) source_ip: Option<IpAddr>,
    /// `Manually-Select`.
    pub(crate) manually_select: bool,
    /// `Ignore-Cookies`.
    pub(crate) ignore_cookies: bool,
    /// The network that an earlier answer left in a cookie.
    pub(crate) remembered: Option<Plmn>,
}

impl DiscoveryRequest {
    /// Reads the parameters and the header. Nothing is compared with a registration yet.
    pub(crate) fn read(
        dialect: Dialect,
        parameters: &Parameters,
        headers: &HeaderMap,
    ) -> Result<Self, Refusal> {
        if parameters.repeated().next().is_some() {
            return Err(Refusal::Repeated);
        }
        let redirect_url = dialect.get(parameters, "Redirect_URL")?;
        if redirect_url.is_none() && dialect == Dialect::V2 {
            return Err(Refusal::RedirectUrlMissing(dialect));
        }
        let msisdn = dialect
            .get(parameters, "MSISDN")?
            .map(|text| Msisdn::parse(text, None).map_err(|_| Refusal::Malformed("MSISDN")))
            .transpose()?;
        Ok(Self {
            redirect_url: redirect_url.map(str::to_owned),
            selected: selected(dialect, parameters)?,
            identified: network(parameters, "Identified-MCC", "Identified-MNC")?,
            msisdn,
            source_ip: source_ip(headers)?,
            manually_select: switch(dialect, parameters, "Manually-Select")?,
            ignore_cookies: switch(dialect, parameters, "Ignore-Cookies")?,
            remembered: None,
        })
    }

    /// Refuses a redirect URL that is not registered, and drops what this application may not send.
    pub(crate) fn held_against(
        mut self,
        application: &DiscoveryApplication,
    ) -> Result<Self, Refusal> {
        if self.redirect_url.as_ref().is_some_and(|url| !is_registered(application, url)) {
            return Err(Refusal::RedirectUrlUnknown);
        }
        if !application.may_send_source_ip {
            self.source_ip = None;
        }
        Ok(self)
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

/// The operator that the selection page gave back.
fn selected(dialect: Dialect, parameters: &Parameters) -> Result<Option<Plmn>, Refusal> {
    let pair = network(parameters, "Selected-MCC", "Selected-MNC")?;
    let Some(text) = parameters.get_non_empty("mcc_mnc").filter(|_| dialect == Dialect::V1) else {
        return Ok(pair);
    };
    if pair.is_some() {
        return Err(Refusal::Repeated);
    }
    Plmn::try_from(text.to_owned()).map(Some).map_err(|_| Refusal::Malformed("mcc_mnc"))
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

/// The user's address as the application's server sees it. One address: a list, as proxies write
/// it, would leave open whose.
fn source_ip(headers: &HeaderMap) -> Result<Option<IpAddr>, Refusal> {
    const NAME: &str = "X-Source-IP";
    let mut values = headers.get_all("x-source-ip").iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().map_err(|_| Refusal::Malformed(NAME))?.trim();
    if values.next().is_some() {
        return Err(Refusal::Malformed(NAME));
    }
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Refusal::Malformed(NAME))
}

fn switch(dialect: Dialect, parameters: &Parameters, name: &'static str) -> Result<bool, Refusal> {
    let Some(text) = dialect.get(parameters, name)? else { return Ok(false) };
    let is = |words: [&str; 2]| words.iter().any(|word| text.eq_ignore_ascii_case(word));
    if is(["true", "1"]) {
        Ok(true)
    } else if is(["false", "0"]) {
        Ok(false)
    } else {
        Err(Refusal::Malformed(name))
    }
}

/// Whether the parameters and headers of a request would be read: for fuzzing, where there is no
/// application to hold them against.
pub fn is_well_formed(dialect: Dialect, parameters: &Parameters, headers: &HeaderMap) -> bool {
    correlation_id(parameters).is_ok()
        && DiscoveryRequest::read(dialect, parameters, headers).is_ok()
}
