//! The order of a run: set up, warm up, rounds, memory, starts.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use super::bare::{BareServer, Recording};
use super::figures::{Figures, LoginCost, Round};
use super::gateway::Gateway;
use super::load::{self, Lanes};
use super::login::log_in;
use super::message_centre::MessageCentre;
use super::operator::Operator;
use super::service_provider::{Kind, ServiceProvider};
use super::signing::Keys;
use super::subscribers::Subscribers;
use super::{Options, introspection, progress, startup};

/// Processor time of raw signing before and after the logins of a kind.
const SIGNING: Duration = Duration::from_millis(500);
/// Requests to the bare server in each round, for each recording. It is so fast that fewer would
/// drown in the steps of its clock.
const FLOOR_REQUESTS: u64 = 40_000;
/// Introspections in each round.
const INTROSPECTIONS: u64 = 20_000;

/// What all rounds share.
struct Bench {
    options: Options,
    subscribers: Arc<Subscribers>,
    gateway: Gateway,
    bare: BareServer,
    keys: Keys,
    /// The requests of one login of each kind.
    recordings: Vec<(Kind, Recording)>,
    introspection: Recording,
}

/// Measures everything.
pub(super) async fn run(root: &Path, options: Options) -> anyhow::Result<Figures> {
    let Options { users, subscribers, .. } = options;
    ensure!(
        subscribers > 0 && subscribers % users == 0,
        "--subscribers must be a multiple of --users: {users}"
    );
    let subscribers = Arc::new(Subscribers::new(subscribers));
    let mut centre = MessageCentre::start(Arc::clone(&subscribers)).await?;
    let operator = Operator::set_up(root.join("target/bench"), centre.port())?;
    let gateway = Gateway::start(root, &operator)?;
    centre.is_bound().await?;
    gateway.provision(&subscribers).await?;

    let mut bench = Bench {
        options,
        subscribers,
        gateway,
        bare: BareServer::start()?,
        keys: Keys::generate()?,
        recordings: Vec::new(),
        introspection: Recording::default(),
    };
    bench.warm_up().await?;
    let mut rounds = Vec::new();
    for number in 1..=options.rounds {
        progress(&format!("round {number} of {}", options.rounds));
        rounds.push(bench.round().await?);
    }
    let loaded = bench.gateway.memory()?;
    bench.gateway.stop()?;
    progress("starts");
    let startup = startup::measure(root, &operator).await?;
    Ok(Figures { rounds, startup, loaded })
}

impl Bench {
    /// Every subscriber logs in once with its service provider of each kind and agrees to share
    /// its number; so later logins find pseudonym and consent, as those of regular users do.
    async fn warm_up(&mut self) -> anyhow::Result<()> {
        let each = self.options.subscribers / self.options.users;
        for kind in Kind::ALL {
            progress(&format!("warm-up: {}", kind.title()));
            self.log_in_all(kind, 0, each).await?;
            self.record(kind).await.context("the recorded login")?;
        }
        Ok(())
    }

    /// Remembers the requests of one login, to send them to the bare server as well.
    async fn record(&mut self, kind: Kind) -> anyhow::Result<()> {
        let phone = self.subscribers.all().first().context("no subscribers")?;
        let service_provider = service_provider_of(kind, 0);
        let mut lanes = Lanes::open(self.gateway.public).await?;
        lanes.record();
        let access_token = log_in(&mut lanes, service_provider, phone, u64::MAX).await?;
        self.recordings.push((kind, lanes.recorded()));
        self.introspection = introspection::request(service_provider, &access_token);
        Ok(())
    }

    async fn round(&self) -> anyhow::Result<Round> {
        let mut logins = Vec::new();
        for (kind, recording) in &self.recordings {
            logins.push(self.logins(*kind, recording).await?);
        }
        let users = self.options.users;
        let repetitions = INTROSPECTIONS / users;
        let begin = self.gateway.cpu()?;
        introspection::run(self.gateway.public, &self.introspection, users, repetitions).await?;
        let spent = self.gateway.cpu()?.saturating_sub(begin);
        Ok(Round {
            logins,
            introspection: spent / u32::try_from(users * repetitions)?,
            introspection_floor: self.floor(&self.introspection).await?,
        })
    }

    /// The logins of one kind, and their requests at the bare server: as fast as it can, and as
    /// slowly as the logins came.
    #[expect(clippy::disallowed_methods, reason = "the pace of the logins is measured")]
    async fn logins(&self, kind: Kind, recording: &Recording) -> anyhow::Result<LoginCost> {
        let Options { users, logins, rounds, .. } = self.options;
        let each = (logins / rounds / users).max(1);
        let signature_before = self.keys.signature(kind.algorithm(), SIGNING)?;
        let (begin, cpu) = (Instant::now(), self.gateway.cpu()?);
        let requests = self.log_in_all(kind, 1, each).await?;
        let (took, spent) = (begin.elapsed(), self.gateway.cpu()?.saturating_sub(cpu));
        let signature_after = self.keys.signature(kind.algorithm(), SIGNING)?;
        let pause = took / u32::try_from(requests / users)?;
        Ok(LoginCost {
            kind,
            gateway: spent / u32::try_from(users * each)?,
            signature: (signature_before + signature_after) / 2,
            requests: ratio(requests, users * each),
            floor: self.floor(recording).await?,
            floor_at_pace: self.bare.cost(recording, users, each, pause).await?,
        })
    }

    async fn floor(&self, recording: &Recording) -> anyhow::Result<Duration> {
        let users = self.options.users;
        let repetitions = FLOOR_REQUESTS / users / recording.0.len() as u64;
        self.bare.cost(recording, users, repetitions, Duration::ZERO).await
    }

    /// `each` logins of every user at the same time; gives the number of requests. No two users
    /// share a subscriber, so no one reads the code of another.
    async fn log_in_all(&self, kind: Kind, serial: u64, each: u64) -> anyhow::Result<u64> {
        let own = self.options.subscribers / self.options.users;
        let sent = load::run(self.options.users, |user| {
            let (subscribers, public) = (Arc::clone(&self.subscribers), self.gateway.public);
            async move {
                let mut lanes = Lanes::open(public).await?;
                for login in 0..each {
                    let index = usize::try_from(user * own + login % own)?;
                    let phone = subscribers.all().get(index).context("no such subscriber")?;
                    let login = serial << 48 | user << 32 | login;
                    log_in(&mut lanes, service_provider_of(kind, index), phone, login).await?;
                }
                Ok(lanes.sent)
            }
        });
        Ok(sent.await?.into_iter().sum())
    }
}

/// Where a subscriber is a customer.
fn service_provider_of(kind: Kind, subscriber: usize) -> ServiceProvider {
    let all = kind.service_providers();
    all[subscriber % all.len()]
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}
