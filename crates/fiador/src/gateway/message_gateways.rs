//! From `[messages]` to gateways and routes.

use std::{collections::BTreeMap, ops::RangeInclusive, time::Duration};

use anyhow::{Context as _, anyhow, bail, ensure};
use fiador_domain::{journey::Delivery, quota::Limit};
use fiador_kernel::{Issuer, Secret};
use fiador_message_gateways::{
    AnswerSettings, Authentication, Authenticity, BodySettings, CodingWords, DeliverySettings,
    GatewaySettings, HmacSettings, MessageIdPlace, MessageName, NoticeFormat, RequestSettings,
    RouteSettings, RoutesSettings, SignatureEncoding, SignedTimestamp,
};
use fiador_ports::FetchMethod;
use fiador_smpp_link::SmppSettings;

use super::text_messages::tells_of_deliveries;
use crate::config::{
    AuthenticationName, EncodingName, FateName, GatewayAnswerSection, GatewayDeliveriesSection,
    GatewayHmacSection, LimitSection, MessageGatewaySection, MessageRouteSection, MessagesSection,
    MethodName, NoticeFormatName, read_secret_file,
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
    smpp: Option<&SmppSettings>,
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
    // Equally cheap ones are tried in their order.
    let roads = roads(section, smpp);
    let routes = if section.routes.is_empty() { roads } else { chosen(&section.routes, &roads)? };
    rules.check(&routes)?;
    Ok((rules, routes))
}

/// Every road as the route that it is when nothing else is said.
fn roads(section: &MessagesSection, smpp: Option<&SmppSettings>) -> Vec<RouteSettings> {
    let road = |name: &str, receipts| RouteSettings { receipts, ..RouteSettings::new(name, 0) };
    let smpp = smpp.map(|smpp| road(SMPP_ROUTE, tells_of_deliveries(smpp)));
    let gateways = &section.gateways;
    let gateways = gateways.iter().map(|one| road(&one.name, one.deliveries.is_some()));
    smpp.into_iter().chain(gateways).collect()
}

/// The routes of the file: each by a road that is there, and each road by a route.
fn chosen(
    sections: &[MessageRouteSection],
    roads: &[RouteSettings],
) -> anyhow::Result<Vec<RouteSettings>> {
    let is_taken = |road: &&RouteSettings| sections.iter().any(|route| route.via == road.name);
    if let Some(road) = roads.iter().find(|road| !is_taken(road)) {
        bail!("messages.routes: no route goes via `{}`; add one, or take it out", road.name);
    }
    let route = |section: &MessageRouteSection| {
        let road = roads.iter().find(|road| road.name == section.via);
        let road = road.with_context(|| {
            format!("messages.routes: `{}` is neither `smpp` nor a gateway", section.via)
        })?;
        let limit = |limit: &LimitSection| Limit::per_seconds(limit.count, limit.seconds);
        Ok(RouteSettings {
            name: section.via.clone(),
            cost: section.cost,
            prefixes: section.prefixes.clone(),
            budget: section.budget.iter().map(limit).collect(),
            receipts: section.receipts.unwrap_or(road.receipts),
        })
    };
    sections.iter().map(route).collect()
}

fn gateway(section: &MessageGatewaySection, issuer: &Issuer) -> anyhow::Result<GatewaySettings> {
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

fn request(section: &MessageGatewaySection) -> anyhow::Result<RequestSettings> {
    let pairs = |map: &BTreeMap<String, String>| {
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

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _};

    use fiador_smpp_link::CentreSettings;
    use fiador_testkit::repository_root;
    use serde::Deserialize;

    use super::*;

    #[derive(Deserialize)]
    struct File {
        messages: MessagesSection,
    }

    /// The `[messages]` of a text, whose secrets lie in a folder.
    fn section(text: &str) -> (MessagesSection, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        for line in text.lines().filter(|line| line.contains("secret_file = ")) {
            let name = line.rsplit('/').next().unwrap().trim_end_matches('"');
            let file = folder.path().join(name);
            fs::write(&file, "0123456789abcdef").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        }
        let text = text.replace("/etc/fiador", &folder.path().display().to_string());
        let file: File = config::Config::builder()
            .add_source(config::File::from_str(&text, config::FileFormat::Toml))
            .build()
            .unwrap()
            .try_deserialize()
            .unwrap();
        (file.messages, folder)
    }

    fn issuer() -> Issuer {
        Issuer::new("https://id.operator.example/mc", false).unwrap()
    }

    fn smpp() -> SmppSettings {
        let centre = CentreSettings::new("a", "localhost", 2775, "fiador", "secret".to_owned());
        SmppSettings::new(vec![centre])
    }

    fn settings(text: &str) -> anyhow::Result<Vec<GatewaySettings>> {
        let (section, _folder) = section(text);
        gateway_settings(&section, &issuer())
    }

    /// The blocks of TOML in the reference.
    fn documented() -> Vec<String> {
        let file = repository_root().join("docs/reference/message-gateways.md");
        let text = fs::read_to_string(file).unwrap();
        let blocks = text.split("```toml\n").skip(1);
        blocks.map(|block| block.split("```").next().unwrap().to_owned()).collect()
    }

    #[test]
    fn what_the_reference_shows_of_gateways_can_be_used() {
        let [supplier, kannel, routes] = &documented()[..] else { panic!("three blocks") };
        let supplier_settings = settings(supplier).unwrap().remove(0);
        let deliveries = supplier_settings.deliveries.unwrap();
        assert_eq!(deliveries.base_url, "https://id.operator.example");
        assert_eq!(deliveries.message, MessageName::Reference("/client_ref".to_owned()));
        let kannel = settings(kannel).unwrap().remove(0);
        assert_eq!(kannel.answer.accepted, [202..=202]);
        let states = kannel.deliveries.unwrap().states;
        assert!(states.contains(&("16".to_owned(), Delivery::Failed)), "{states:?}");

        let (both, _folder) = section(&format!("{supplier}{routes}"));
        let smpp = smpp();
        let (_, routes) = route_settings(&both, Some(&smpp)).unwrap();
        assert_eq!(routes[0].prefixes, ["34", "351"]);
        assert_eq!(routes[1].name, SMPP_ROUTE);
        assert!(route_settings(&both, None).is_err(), "there is no SMPP");
    }

    #[test]
    fn without_routes_every_road_is_one() {
        let (mut section, _folder) = section(&documented()[0]);
        let smpp = smpp();
        let names = |section: &MessagesSection, smpp| {
            let (_, routes) = route_settings(section, smpp).unwrap();
            routes.into_iter().map(|route| route.name).collect::<Vec<_>>()
        };
        assert_eq!(names(&section, Some(&smpp)), ["smpp", "supplier"]);
        assert_eq!(names(&section, None), ["supplier"]);
        section.gateways.clear();
        assert_eq!(names(&section, Some(&smpp)), ["smpp"]);
    }

    #[test]
    fn each_setting_that_no_gateway_can_use_is_refused_by_name() {
        for (good, bad, reason) in [
            ("\"supplier\"\n", "\"smpp\"\n", "cannot be called"),
            ("json = ", "form = { a = \"b\" }\njson = ", "one body"),
            ("\"bearer\"", "\"basic\"", "user"),
            ("\"200-202\"", "\"2xx\"", "answer.accepted"),
            ("\"200-202\"", "\"299-200\"", "answer.accepted"),
            ("{text}", "{txt}", "{txt}"),
            ("reference = ", "message_id = \"/id\"\nreference = ", "both set"),
            ("\"/status\"", "\"status\"", "JSON pointer"),
            ("(queued|sent)", "(queued", "accepted_body"),
        ] {
            let text = documented()[0].replace(good, bad);
            assert_ne!(text, documented()[0], "{good}");
            let error = format!("{:#}", settings(&text).unwrap_err());
            assert!(error.contains(reason), "{bad}: {error}");
        }
    }
}
