//! Discovery by number with few and with many ported numbers: the look-up must not grow with them.
//!
//! Two gateways run side by side and differ in their list alone. The numbers asked for belong to an
//! operator without a key, so that the answer holds no encryption beside which a look-up would
//! vanish.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::ensure;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::StatusCode;
use http::header::AUTHORIZATION;

use super::gateway::Gateway;
use super::http::{Call, Connection};
use super::operator::Operator;
use super::service_provider::{REDIRECT_URI, SECRET, secret_digest};
use super::{Options, load, progress};

/// Ported numbers of the two gateways.
const FEW: u64 = 10_000;
const MANY: u64 = 10_000_000;
/// Requests to each gateway in each round.
const REQUESTS: u64 = 20_000;
/// Discovery id of the application that asks.
const APPLICATION: &str = "bench-discovery";
/// A port that nobody listens on: no message is sent.
const NO_CENTRE: u16 = 9;

/// One gateway with its list.
struct Side {
    numbers: u64,
    gateway: Gateway,
    /// Processor time of one request, by round.
    costs: Vec<Duration>,
}

/// Measures, and gives the table.
pub(super) async fn measure(root: &Path, options: Options) -> anyhow::Result<String> {
    let mut few = Side::start(root, FEW)?;
    let mut many = Side::start(root, MANY)?;
    for side in [&few, &many] {
        ask(side.gateway.public, side.numbers, options.users, REQUESTS / 4).await?;
    }
    for number in 1..=options.rounds {
        progress(&format!("numbers, round {number} of {}", options.rounds));
        few.round(options.users).await?;
        many.round(options.users).await?;
    }
    let table = table(&few, &many)?;
    for side in [few, many] {
        let Side { numbers, gateway, .. } = side;
        gateway.stop()?;
        fs::remove_dir_all(folder(root, numbers))?;
    }
    Ok(table)
}

impl Side {
    fn start(root: &Path, numbers: u64) -> anyhow::Result<Self> {
        progress(&format!("a gateway with {numbers} ported numbers"));
        let folder = folder(root, numbers);
        let operator = Operator::set_up(folder.clone(), NO_CENTRE)?;
        let list = folder.join("ported.csv");
        write_list(&list, numbers)?;
        fs::write(folder.join("operator_secret"), SECRET)?;
        restrict(&folder.join("operator_secret"))?;
        let mut configuration = File::options().append(true).open(operator.configuration())?;
        configuration.write_all(sections(&folder, &list).as_bytes())?;
        let gateway = Gateway::start(root, &operator)?;
        Ok(Self { numbers, gateway, costs: Vec::new() })
    }

    async fn round(&mut self, users: u64) -> anyhow::Result<()> {
        let begin = self.gateway.cpu()?;
        ask(self.gateway.public, self.numbers, users, REQUESTS).await?;
        let spent = self.gateway.cpu()?.saturating_sub(begin);
        self.costs.push(spent / u32::try_from(REQUESTS / users * users)?);
        Ok(())
    }

    fn mean(&self) -> Duration {
        let rounds = u32::try_from(self.costs.len()).unwrap_or(1).max(1);
        self.costs.iter().sum::<Duration>() / rounds
    }
}

fn folder(root: &Path, numbers: u64) -> PathBuf {
    root.join(format!("target/bench-{numbers}-numbers"))
}

/// Two operators beside our own: one that the numbers were taken along from, one they went to.
fn sections(folder: &Path, list: &Path) -> String {
    let (folder, list) = (folder.display(), list.display());
    let digest = secret_digest();
    format!(
        r#"
[limits]
discovery_requests_per_second = 1000000
discovery_requests_per_second_from_a_network = 1000000

[discovery]
ported_numbers_file = "{list}"

[[discovery.operators]]
id = "other"
name = "Other Mobile"
country = "ES"
currency = "EUR"
networks = ["214_98"]
issuer = "https://id.other.example"

[[discovery.applications]]
client_id = "{APPLICATION}"
client_secret_sha256 = ["{digest}"]
redirect_urls = ["{REDIRECT_URI}"]

[[discovery.applications.operators]]
operator = "other"
client_id = "bench-at-other"
client_secret_file = "{folder}/operator_secret"
client_name = "Bench"
"#
    )
}

fn restrict(file: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(fs::set_permissions(file, fs::Permissions::from_mode(0o600))?)
}

fn write_list(file: &Path, numbers: u64) -> anyhow::Result<()> {
    let mut list = BufWriter::new(File::create(file)?);
    for index in 0..numbers {
        writeln!(list, "{},214_98", ported_number(index))?;
    }
    Ok(list.flush()?)
}

/// Spread over a hundred million numbers; the step has no factor in common with their count, so no
/// two are the same.
fn ported_number(index: u64) -> String {
    format!("346{:08}", index * 387_420_489 % 100_000_000)
}

/// Asks for numbers of the list in no order that a cache would profit from.
async fn ask(gateway: SocketAddr, numbers: u64, users: u64, requests: u64) -> anyhow::Result<()> {
    load::run(users, |user| async move {
        let mut connection = Connection::open(gateway).await?;
        let credentials = BASE64_STANDARD.encode(format!("{APPLICATION}:{SECRET}"));
        for request in 0..requests / users {
            let index = (user * 1_000_003 + request * 7_368_787) % numbers;
            let number = ported_number(index);
            let fields = [("Redirect_URL", REDIRECT_URI), ("MSISDN", number.as_str())];
            let call = Call::post("/v2/discovery", &fields)
                .header(AUTHORIZATION, &format!("Basic {credentials}"));
            let answer = connection.send(call).await?;
            ensure!(answer.status == StatusCode::OK, "not found: {}", answer.seen());
        }
        Ok(())
    })
    .await?;
    Ok(())
}

fn table(few: &Side, many: &Side) -> anyhow::Result<String> {
    let mut text = String::from(
        "\nDiscovery by number (`POST /v2/discovery` with an `MSISDN`, without encryption):\n\n\
         | measure | target | measured | rounds |\n|---|---:|---:|---:|\n",
    );
    let ratios: Vec<f64> = few
        .costs
        .iter()
        .zip(&many.costs)
        .map(|(few, many)| many.as_secs_f64() / few.as_secs_f64())
        .collect();
    let least = ratios.iter().copied().fold(f64::INFINITY, f64::min);
    let most = ratios.iter().copied().fold(0.0, f64::max);
    let ratio = many.mean().as_secs_f64() / few.mean().as_secs_f64();
    writeln!(
        text,
        "| **10 million ported numbers against 10 thousand** | ≤ 1.3 | **{ratio:.2}** | {least:.2} to {most:.2} |"
    )?;
    for side in [few, many] {
        let Side { numbers, gateway, .. } = side;
        let micros = side.mean().as_secs_f64() * 1e6;
        let ready = gateway.ready_after.as_millis();
        let megabytes = gateway.memory()?.resident / 1_000_000;
        writeln!(
            text,
            "| — {numbers}: server, one request | | {micros:.1} µs | ready after {ready} ms, {megabytes} MB resident |"
        )?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_numbers_of_a_list_are_the_same() {
        let numbers: HashSet<String> = (0..FEW).map(ported_number).collect();
        assert_eq!(numbers.len() as u64, FEW);
        assert!(numbers.iter().all(|number| number.len() == 11));
    }
}
