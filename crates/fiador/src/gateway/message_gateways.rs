//! From `[messages]` to gateways and routes.

use std::{ops::RangeInclusive, time::Duration};

use anyhow::{Context as _, anyhow, bail, ensure};
use fiador_domain::{journey::Delivery, quota::Limit};
use fiador_kernel::{Issuer, Secret};
use fiador_message_gateways::{
    AnswerSettings, Authentication, Authenticity, BodySettings, CodingWords, DeliverySettings,
    GatewaySettings, HmacSettings, MessageIdPlace, MessageName, NoticeFormat, RequestSettings,
    RouteSettings, RoutesSettings, SignatureEncoding, SignedTimestamp,
};
use fiador_ports::FetchMethod;
use url::Url;

use crate::config::{
    AuthenticationName, EncodingName, FateName, GatewayAnswerSection, GatewayDeliveriesSection,
    GatewayHmacSection, MessageGatewaySection, MessageRouteSection, MessagesSection, MethodName,
    NoticeFormatName, read_secret_file,
};

/// The name of the route over all centres of `[smpp]`.
pub const SMPP_ROUTE: &str = "smpp";

/// Every gateway, in order.
pub fn gateway_settings(
    section: &MessagesSection,
    issuer: &Issuer,
) -> anyhow::Result<Vec<GatewaySettings>> {
    section
        .gateways
        .iter()
        .map(|gateway| {
            let named = || format!("message gateway `{}`", gateway.name);
            ensure!(gateway.name != SMPP_ROUTE, "a gateway cannot be called `{SMPP_ROUTE}`");
            self::gateway(gateway, issuer).with_context(named)
        })
        .collect()
}

/// The rules between routes, and the routes: those of the file, or one for each road.
pub fn route_settings(
    section: &MessagesSection,
    has_smpp: bool,
) -> anyhow::Result<(RoutesSettings, Vec<RouteSettings>)> {
    let mut rules = RoutesSettings {
        resend_after_unknown: section.resend_after_unknown,
        ..RoutesSettings::default()
    };
    if let Some(percent) = section.least_delivered_percent {
        rules.watch.least_percent = percent;
    }
    if let Some(seconds) = section.overdue_seconds {
        rules.watch.overdue_after = Duration::from_secs(seconds);
    }
    let smpp = has_smpp.then_some(SMPP_ROUTE);
    let gateways = section.gateways.iter().map(|gateway| &*gateway.name);
    let roads: Vec<&str> = smpp.into_iter().chain(gateways).collect();
    let routes: Vec<RouteSettings> = if section.routes.is_empty() {
        // Equally cheap ones are tried in their order.
        roads.into_iter().map(|name| RouteSettings::new(name, 0)).collect()
    } else {
        if let Some(stranger) = section.routes.iter().find(|route| !roads.contains(&&*route.via)) {
            bail!("messages.routes: there is no road called `{}`", stranger.via);
        }
        section.routes.iter().map(route).collect()
    };
    rules.check(&routes)?;
    Ok((rules, routes))
}

fn route(section: &MessageRouteSection) -> RouteSettings {
    let limit =
        |limit: &crate::config::LimitSection| Limit::per_seconds(limit.count, limit.seconds);
    RouteSettings {
        name: section.via.clone(),
        cost: section.cost,
        prefixes: section.prefixes.clone(),
        budget: section.budget.iter().map(limit).collect(),
        receipts: section.receipts,
    }
}

fn gateway(section: &MessageGatewaySection, issuer: &Issuer) -> anyhow::Result<GatewaySettings> {
    ensure!(
        section.private_link || !is_plain(&section.url),
        "it is reached without TLS; use https, or set private_link if the link is private by other \
         means"
    );
    let mut settings = GatewaySettings::new(&section.name, request(section)?);
    settings.answer = answer(&section.answer)?;
    settings.coding =
        CodingWords { gsm7: section.gsm7_coding.clone(), ucs2: section.ucs2_coding.clone() };
    let deliveries = section.deliveries.as_ref();
    settings.deliveries = deliveries
        .map(|deliveries| self::deliveries(deliveries, issuer).context("deliveries"))
        .transpose()?;
    settings.messages_per_second = section.messages_per_second;
    settings.parallel = section.parallel;
    settings.queue = section.queue;
    settings.check()?;
    Ok(settings)
}

/// Whether others could read along: http, and not to this machine.
fn is_plain(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else { return false };
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_loopback = host == "localhost"
        || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    url.scheme() == "http" && !is_loopback
}

fn request(section: &MessageGatewaySection) -> anyhow::Result<RequestSettings> {
    let pairs = |map: &std::collections::BTreeMap<String, String>| {
        map.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    let body = match (&section.json, section.form.is_empty()) {
        (None, true) => BodySettings::Empty,
        (None, false) => BodySettings::Form(pairs(&section.form)),
        (Some(json), true) => BodySettings::Json(json.clone()),
        (Some(_), false) => bail!("form and json are both set; a request has one body"),
    };
    let user = section.user.as_ref();
    let header = section.secret_header.as_ref();
    let authentication = match section.authentication {
        AuthenticationName::Parameters => Authentication::Parameters,
        AuthenticationName::Bearer => Authentication::Bearer,
        AuthenticationName::Basic => Authentication::Basic {
            user: user.context("authentication `basic` needs user")?.clone(),
        },
        AuthenticationName::Header => Authentication::Header {
            name: header.context("authentication `header` needs secret_header")?.clone(),
        },
    };
    let secret: Option<Secret<String>> =
        section.secret_file.as_deref().map(read_secret_file).transpose()?;
    Ok(RequestSettings {
        method: match section.method {
            MethodName::Get => FetchMethod::Get,
            MethodName::Post => FetchMethod::Post,
        },
        url: section.url.clone(),
        query: pairs(&section.query),
        headers: pairs(&section.headers),
        body,
        authentication,
        secret,
    })
}

fn answer(section: &GatewayAnswerSection) -> anyhow::Result<AnswerSettings> {
    let plain = AnswerSettings::default();
    let statuses = |texts: &[String], otherwise: Vec<RangeInclusive<u16>>| {
        if texts.is_empty() {
            return Ok(otherwise);
        }
        texts.iter().map(|text| status_range(text)).collect::<anyhow::Result<_>>()
    };
    let pointer = section.message_id_pointer.clone().map(MessageIdPlace::Pointer);
    let pattern = section.message_id_pattern.clone().map(MessageIdPlace::Pattern);
    ensure!(
        pointer.is_none() || pattern.is_none(),
        "answer: message_id_pointer and message_id_pattern are both set"
    );
    Ok(AnswerSettings {
        accepted: statuses(&section.accepted, plain.accepted).context("answer.accepted")?,
        accepted_body: section.accepted_body.clone(),
        busy: statuses(&section.busy, plain.busy).context("answer.busy")?,
        busy_body: section.busy_body.clone(),
        message_id: pointer.or(pattern),
    })
}

/// `202` or `200-299`.
fn status_range(text: &str) -> anyhow::Result<RangeInclusive<u16>> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let status = |text: &str| text.parse().ok().filter(|status| (200..=599).contains(status));
    let range = status(first).zip(status(last)).filter(|(first, last)| first <= last);
    let (first, last) =
        range.ok_or_else(|| anyhow!("`{text}` is no status; write 202, or 200-299"))?;
    Ok(first..=last)
}

fn deliveries(
    section: &GatewayDeliveriesSection,
    issuer: &Issuer,
) -> anyhow::Result<DeliverySettings> {
    let message = match (&section.reference, &section.message_id) {
        (None, None) => MessageName::CallbackReference,
        (Some(place), None) => MessageName::Reference(place.clone()),
        (None, Some(place)) => MessageName::MessageId(place.clone()),
        (Some(_), Some(_)) => bail!("reference and message_id are both set"),
    };

    let base_url = section.base_url.as_deref().unwrap_or_else(|| issuer.origin());
    let fate = |(word, fate): (&String, &FateName)| (word.clone(), delivery(*fate));
    Ok(DeliverySettings {
        secret: read_secret_file(&section.secret_file)?,
        base_url: base_url.to_owned(),
        authenticity: section
            .hmac
            .as_ref()
            .map_or(Authenticity::Reference, |hmac| Authenticity::Hmac(self::hmac(hmac))),
        format: match section.format {
            NoticeFormatName::Query => NoticeFormat::Query,
            NoticeFormatName::Form => NoticeFormat::Form,
            NoticeFormatName::Json => NoticeFormat::Json,
        },
        items: section.items.clone(),
        message,
        state: section.state.clone(),
        states: section.states.iter().map(fate).collect(),
    })
}

fn hmac(section: &GatewayHmacSection) -> HmacSettings {
    let tolerance = Duration::from_secs(section.tolerance_seconds);
    let timestamp = section.timestamp_header.clone();
    HmacSettings {
        header: section.header.clone(),
        prefix: section.prefix.clone(),
        encoding: match section.encoding {
            EncodingName::Hexadecimal => SignatureEncoding::Hexadecimal,
            EncodingName::Base64 => SignatureEncoding::Base64,
        },
        timestamp: timestamp.map(|header| SignedTimestamp { header, tolerance }),
    }
}

const fn delivery(fate: FateName) -> Delivery {
    match fate {
        FateName::Delivered => Delivery::Delivered,
        FateName::Failed => Delivery::Failed,
        FateName::UnderWay => Delivery::Accepted,
    }
}
