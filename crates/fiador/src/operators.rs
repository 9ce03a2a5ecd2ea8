//! From `[discovery]` to the numbering plan: operators, their numbers, their addresses.

use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
};

use anyhow::{Context as _, bail, ensure};
use fiador_domain::numbering::{NumberingPlan, Operator, OperatorLinks};
use fiador_kernel::{OperatorId, Plmn};
use url::Url;

use crate::config::{Config, OperatorLinksSection, OperatorRangeSection};

/// Name of this gateway's own operator when `discovery.operators` does not describe it.
const SELF: &str = "self";

/// Longest line of the list of ported numbers, in bytes.
const MAX_LINE: u64 = 256;

/// Operators with their numbers and addresses, and the list of ported numbers. Own brands are those
/// without issuer; if the configuration names none, one is added from `[operator]`. The first of them
/// has `operator.number_ranges`.
pub fn numbering_plan(config: &Config) -> anyhow::Result<NumberingPlan> {
    let mut operators = Vec::new();
    let mut addresses = Vec::new();
    let mut operators_ranges = Some(&config.operator.number_ranges);
    for section in &config.discovery.operators {
        let context = || format!("operator `{}`", section.id);
        let operator = operator(section, config).with_context(context)?;
        let mut ranges = section.number_ranges.clone();
        if operator.own {
            ranges.extend(operators_ranges.take().into_iter().flatten().cloned());
        }
        for range in &section.address_ranges {
            let range =
                range.parse().with_context(|| format!("`{range}`")).with_context(context)?;
            addresses.push((operator.id.clone(), range));
        }
        let is_known =
            operators.iter().any(|(known, _): &(Operator, Vec<String>)| known.id == operator.id);
        ensure!(!is_known, "operator `{}` is there twice", section.id);
        operators.push((operator, ranges));
    }
    if let Some(ranges) = operators_ranges {
        operators.push((own_operator(config)?, ranges.clone()));
    }
    let mut plan = NumberingPlan::new(operators)?;
    for (operator, range) in addresses {
        plan = plan.with_addresses(&operator, range)?;
    }
    match &config.discovery.ported_numbers_file {
        None => Ok(plan),
        Some(file) => with_ported_numbers(plan, file)
            .with_context(|| format!("discovery.ported_numbers_file {}", file.display())),
    }
}

fn operator(section: &OperatorRangeSection, config: &Config) -> anyhow::Result<Operator> {
    let is_own = section.issuer.as_ref().is_none_or(|issuer| *issuer == config.issuer);
    let networks: Result<Vec<_>, _> =
        section.networks.iter().cloned().map(Plmn::try_from).collect();
    let is_country =
        section.country.len() == 2 && section.country.bytes().all(|b| b.is_ascii_uppercase());
    ensure!(is_country, "country `{}` is not ISO 3166-1 alpha-2, as ES", section.country);
    ensure!(
        !is_own || section.links == OperatorLinksSection::default(),
        "links are for foreign operators: those of this gateway follow from the issuer"
    );
    let issuer = section.issuer.clone().unwrap_or_else(|| config.issuer.clone());
    let allow_plain_http = config.development.plain_http;
    check_link("issuer", &issuer, allow_plain_http)?;
    Ok(Operator {
        id: OperatorId::new(&section.id)?,
        name: section.name.clone(),
        country: section.country.clone(),
        currency: section.currency.clone(),
        networks: networks?,
        issuer,
        links: links(&section.links, allow_plain_http)?,
        own: is_own,
    })
}

fn links(section: &OperatorLinksSection, allow_plain_http: bool) -> anyhow::Result<OperatorLinks> {
    let checked = |name: &str, link: &Option<String>| {
        if let Some(link) = link {
            check_link(name, link, allow_plain_http)?;
        }
        anyhow::Ok(link.clone())
    };
    Ok(OperatorLinks {
        openid_configuration: checked("openid_configuration", &section.openid_configuration)?,
        authorization: checked("authorization", &section.authorization)?,
        token: checked("token", &section.token)?,
        userinfo: checked("userinfo", &section.userinfo)?,
        premiuminfo: checked("premiuminfo", &section.premiuminfo)?,
        jwks: checked("jwks", &section.jwks)?,
        tokenrevoke: checked("tokenrevoke", &section.tokenrevoke)?,
    })
}

/// Service providers send secrets and codes there.
fn check_link(name: &str, link: &str, allow_plain_http: bool) -> anyhow::Result<()> {
    let url = Url::parse(link).with_context(|| format!("{name} `{link}`"))?;
    match url.scheme() {
        "https" => Ok(()),
        "http" if allow_plain_http => Ok(()),
        _ => bail!("{name} `{link}` must be https, or set development.plain_http"),
    }
}

fn own_operator(config: &Config) -> anyhow::Result<Operator> {
    Ok(Operator {
        id: OperatorId::new(SELF)?,
        name: config.operator.name.clone(),
        country: config.operator.home_region.clone(),
        currency: String::new(),
        networks: Vec::new(),
        issuer: config.issuer.clone(),
        links: OperatorLinks::default(),
        own: true,
    })
}

/// Reads the list line by line; it may hold millions.
fn with_ported_numbers(plan: NumberingPlan, file: &Path) -> anyhow::Result<NumberingPlan> {
    let mut lines = BufReader::new(File::open(file)?);
    let mut numbers = plan.no_ported_numbers();
    let mut line = String::new();
    for position in 1_u64.. {
        line.clear();
        let read = lines.by_ref().take(MAX_LINE).read_line(&mut line);
        let read = read.with_context(|| format!("line {position}"))?;
        if read == 0 {
            break;
        }
        numbers.read_line(&line).with_context(|| format!("line {position}"))?;
    }
    Ok(plan.with_ported(&numbers))
}

#[cfg(test)]
mod tests {
    use std::{fmt::Write as _, fs};

    use fiador_kernel::Msisdn;

    use super::*;
    use crate::config;

    fn plan(discovery: &str, ported: &str) -> anyhow::Result<NumberingPlan> {
        let folder = tempfile::tempdir()?;
        let list = folder.path().join("ported.csv");
        fs::write(&list, ported)?;
        let file = folder.path().join("fiador.toml");
        let head = r#"
issuer = "https://id.operator.example"
operator = { name = "Example", home_region = "GB", number_ranges = ["447700"] }
keys.root_key_file = "/etc/fiador/root"
"#;
        let discovery = discovery.replace("LIST", &list.display().to_string());
        fs::write(&file, format!("{head}{discovery}"))?;
        numbering_plan(&config::load(&file)?)
    }

    fn operator_of(plan: &NumberingPlan, digits: &str) -> Option<String> {
        let number = Msisdn::from_digits(digits).unwrap();
        plan.holder(&number).map(|operator| operator.id.to_string())
    }

    const OTHER: &str = r#"
[discovery]
ported_numbers_file = "LIST"
[[discovery.operators]]
id = "brand-a"
name = "A"
country = "GB"
currency = "GBP"
networks = ["234_15"]
[[discovery.operators]]
id = "brand-b"
name = "B"
country = "GB"
currency = "GBP"
networks = ["234_16"]
number_ranges = ["4477009"]
[[discovery.operators]]
id = "other"
name = "Other"
country = "ES"
currency = "EUR"
networks = ["214_07"]
issuer = "https://id.other.example"
address_ranges = ["203.0.113.0/24"]
number_ranges = ["346"]
links.token = "https://id.other.example/accesstoken"
"#;

    #[test]
    fn own_brands_and_foreign_operators_stand_side_by_side() {
        let plan = plan(OTHER, "# list\n447700900907,214_07\n34600000001,234_16\n").unwrap();
        for (digits, operator) in [
            ("447700800001", Some("brand-a")),
            ("447700900001", Some("brand-b")),
            ("447700900907", Some("other")),
            ("34600000001", Some("brand-b")),
            ("34600000002", Some("other")),
            ("33612345678", None),
        ] {
            assert_eq!(operator_of(&plan, digits).as_deref(), operator, "{digits}");
        }
        let other = plan.of_address("203.0.113.9".parse().unwrap()).unwrap();
        assert_eq!(other.links.token.as_deref(), Some("https://id.other.example/accesstoken"));
        assert_eq!(plan.operators().iter().filter(|operator| operator.own).count(), 2);
    }

    #[test]
    fn without_operators_there_is_our_own() {
        let plan = plan("", "").unwrap();
        assert_eq!(operator_of(&plan, "447700900907").as_deref(), Some(SELF));
    }

    #[test]
    fn what_cannot_be_used_is_refused_with_its_place() {
        let mut long = "4".repeat(300);
        writeln!(long, ",234_15").unwrap();
        for (good, bad, list, reason) in [
            ("\"ES\"", "\"Spain\"", "", "operator `other`: country"),
            ("203.0.113.0/24", "10.0.0.0/8", "", "10.0.0.0/8"),
            ("214_07", "21407", "", "operator `other`"),
            ("https://id.other.example/acc", "http://id.other.example/acc", "", "must be https"),
            ("https://id.other.example\"", "id.other.example\"", "", "issuer"),
            ("\"other\"", "\"brand-a\"", "", "there twice"),
            ("[\"346\"]", "[\"447700\"]", "", "two operators"),
            ("", "", "447700900907,234_15\nnumber", "line 2"),
            ("", "", &long, "line 1"),
            (
                "ported_numbers_file = \"LIST\"",
                "ported_numbers_file = \"/nowhere\"",
                "",
                "/nowhere",
            ),
        ] {
            let error = plan(&OTHER.replacen(good, bad, 1), list).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(reason), "{bad}: {error}");
        }
        let own = "links.token = \"https://id.other.example/\"\n[[discovery.operators]]\nid = \"brand-b\"";
        let error = plan(&OTHER.replacen("[[discovery.operators]]\nid = \"brand-b\"", own, 1), "");
        assert!(error.unwrap_err().to_string().contains("brand-a"));
    }
}
