//! How often a subscription may be prompted (T-106): one live prompt at a time, few that nobody
//! answers, and a rest for the client that was turned down.

use std::time::Duration;

use fiador_kernel::{ClientId, Digest, JourneyId, Timestamp};
use serde::{Deserialize, Serialize};

/// Most entries of each kind that a ledger holds, however loose its limits are; the oldest goes first.
const MOST: usize = 64;

/// Most prompts that a journey sends again, however loose the limits are.
const MOST_RENEWED: usize = 4;

/// Least time between two prompts of a journey that follow each other by the user's wish, however
/// loose the limits are.
const LEAST_GAP: Duration = Duration::from_secs(3);

/// Limits on prompts. The defaults are the strict ones of T-106; only a named setting loosens them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromptLimits {
    /// Journeys that may prompt one subscription at the same time.
    pub live: usize,
    /// Prompts that led to no proof, in any stretch of [`Self::window`]: nobody answered, or wrongly, or
    /// with a no. One that was sent again is another. Whoever is asked by ever new clients has said it
    /// often enough.
    pub unanswered: usize,
    /// See [`Self::unanswered`].
    pub window: Duration,
    /// How long a client rests that the subscriber has turned down.
    pub rest: Duration,
}

impl Default for PromptLimits {
    fn default() -> Self {
        Self {
            live: 1,
            unanswered: 3,
            window: Duration::from_mins(10),
            rest: Duration::from_mins(10),
        }
    }
}

impl PromptLimits {
    /// None: for development and measurements, where one number logs in again and again.
    pub const fn none() -> Self {
        Self {
            live: usize::MAX,
            unanswered: usize::MAX,
            window: Duration::ZERO,
            rest: Duration::ZERO,
        }
    }
}

/// What has happened to one number lately. It is kept for unknown numbers in the same way (T-048).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// Journeys whose prompts are live, in the order of their beginning.
    live: Vec<LivePrompt>,
    /// When prompts began that nobody has answered with a proof.
    unanswered: Vec<Timestamp>,
    /// Clients that were turned down.
    resting: Vec<Resting>,
}

/// A journey that is to prompt a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prompting {
    /// Which.
    pub journey: JourneyId,
    /// SHA-256 of its handle, by which it can be ended.
    pub handle: Digest,
    /// Who asks.
    pub client: ClientId,
    /// The browser that waits: it may replace its own prompt.
    pub browser: Option<Digest>,
    /// When the journey is over. What nobody has answered by then counts as unanswered.
    pub until: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct LivePrompt {
    prompting: Prompting,
    since: Timestamp,
    /// When it was sent again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    renewed: Vec<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Resting {
    client: ClientId,
    until: Timestamp,
}

impl Ledger {
    /// Whether a journey may prompt now; otherwise how long to wait before asking again.
    pub fn may_begin(
        &self,
        next: &Prompting,
        limits: &PromptLimits,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let obstacles = [
            self.rest_of(&next.client, now),
            self.wait_for_others(next, limits, now),
            self.wait_for_window(Some(&next.journey), limits, now),
        ];
        obstacles.into_iter().flatten().max().map_or(Ok(()), Err)
    }

    /// Enters a prompt that is about to leave. Where there is no room for another, a browser replaces
    /// the one that it waits for already, so that a login that was begun twice is no obstacle to itself.
    /// The journeys that give way are returned: they end as soon as this prompt has left, and stand
    /// until then, because it may not.
    pub fn begin(
        &mut self,
        next: Prompting,
        limits: &PromptLimits,
        now: Timestamp,
    ) -> Result<Vec<Prompting>, Duration> {
        self.may_begin(&next, limits, now)?;
        self.tidy(limits, now);
        self.live.retain(|live| !live.is(&next.journey));
        let surplus = (self.live.len() + 1).saturating_sub(limits.live.max(1));
        let own = self.live.iter().filter(|live| live.belongs_to(&next)).take(surplus);
        let replaced = own.map(|live| live.prompting.clone()).collect();
        self.live.push(LivePrompt { prompting: next, since: now, renewed: Vec::new() });
        self.shrink();
        Ok(replaced)
    }

    /// Enters that a live prompt is about to be sent again, which asks the subscriber once more.
    pub fn renew(
        &mut self,
        next: Prompting,
        limits: &PromptLimits,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let live = self.live.iter().find(|live| live.is(&next.journey) && live.is_live(now));
        let Some(live) = live else { return self.begin(next, limits, now).map(|_| ()) };
        let obstacles = [
            remaining(live.last() + LEAST_GAP, now),
            remaining(live.prompting.until, now).filter(|_| live.renewed.len() >= MOST_RENEWED),
            self.wait_for_window(None, limits, now),
        ];
        if let Some(wait) = obstacles.into_iter().flatten().max() {
            return Err(wait);
        }
        for live in self.live.iter_mut().filter(|live| live.is(&next.journey)) {
            live.renewed.push(now);
        }
        Ok(())
    }

    /// The prompt that was to be sent again at `at` has not left after all.
    pub fn withdraw_renewed(&mut self, journey: &JourneyId, at: Timestamp) {
        for live in self.live.iter_mut().filter(|live| live.is(journey)) {
            live.renewed.retain(|&renewed| renewed != at);
        }
    }

    /// The subscriber has proven to be there: nothing speaks against another prompt.
    pub fn end_answered(&mut self, journey: &JourneyId) {
        self.live.retain(|live| !live.is(journey));
    }

    /// No prompt has left after all.
    pub fn withdraw(&mut self, journey: &JourneyId) {
        self.live.retain(|live| !live.is(journey));
    }

    /// The journey ended without an answer of the subscriber: nobody came, somebody typed wrong codes,
    /// or whoever began it gave up.
    pub fn end_unanswered(&mut self, journey: &JourneyId, limits: &PromptLimits, now: Timestamp) {
        let ended = self.live.iter().position(|live| live.is(journey));
        if let Some(ended) = ended.map(|at| self.live.remove(at)) {
            self.unanswered.extend(ended.begun());
        }
        self.tidy(limits, now);
    }

    /// The subscriber has said no: the client rests (T-109), whether or not the journey is known.
    pub fn turn_down(
        &mut self,
        journey: &JourneyId,
        client: &ClientId,
        limits: &PromptLimits,
        now: Timestamp,
    ) {
        self.end_unanswered(journey, limits, now);
        self.resting.retain(|resting| resting.client != *client);
        self.resting.push(Resting { client: client.clone(), until: now + limits.rest });
        self.shrink();
    }

    /// From then on the ledger says the same as none.
    pub fn forgettable_at(&self, limits: &PromptLimits) -> Timestamp {
        let live = self.live.iter().map(|live| {
            let window = live.last() + limits.window;
            live.prompting.until.max(window)
        });
        let unanswered = self.unanswered.iter().map(|&at| at + limits.window);
        let resting = self.resting.iter().map(|resting| resting.until);
        live.chain(unanswered).chain(resting).max().unwrap_or_default()
    }

    fn rest_of(&self, client: &ClientId, now: Timestamp) -> Option<Duration> {
        let resting = self.resting.iter().filter(|resting| resting.client == *client);
        resting.filter_map(|resting| remaining(resting.until, now)).max()
    }

    /// Until one of the prompts ends that are in the way, if one is and none of them gives way.
    fn wait_for_others(
        &self,
        next: &Prompting,
        limits: &PromptLimits,
        now: Timestamp,
    ) -> Option<Duration> {
        let live = || self.live.iter().filter(|live| live.is_live(now));
        if live().any(|live| live.belongs_to(next)) {
            return None;
        }
        let mut ends: Vec<_> = live().map(|live| live.prompting.until).collect();
        ends.sort_unstable();
        let in_the_way = ends.len().checked_sub(limits.live.max(1))?;
        remaining(*ends.get(in_the_way)?, now)
    }

    /// Until the window holds fewer prompts that nobody answered. A prompt that is live may turn out
    /// to be one, except that of `begins_anew`, whose place the next one takes.
    fn wait_for_window(
        &self,
        begins_anew: Option<&JourneyId>,
        limits: &PromptLimits,
        now: Timestamp,
    ) -> Option<Duration> {
        let is_this = |live: &&LivePrompt| {
            begins_anew.is_some_and(|journey| live.is(journey)) && live.is_live(now)
        };
        let live = self.live.iter().filter(|live| !is_this(live)).flat_map(LivePrompt::begun);
        let mut begun: Vec<_> = self.unanswered.iter().copied().chain(live).collect();
        begun.retain(|&at| at + limits.window > now);
        begun.sort_unstable();
        let too_many = begun.len().checked_sub(limits.unanswered.max(1))?;
        remaining(*begun.get(too_many)? + limits.window, now)
    }

    /// Forgets what no limit looks at any more.
    fn tidy(&mut self, limits: &PromptLimits, now: Timestamp) {
        let (live, over) = std::mem::take(&mut self.live)
            .into_iter()
            .partition::<Vec<_>, _>(|live| live.is_live(now));
        self.live = live;
        self.unanswered.extend(over.iter().flat_map(LivePrompt::begun));
        self.unanswered.retain(|&at| at + limits.window > now);
        self.resting.retain(|resting| resting.until > now);
        self.shrink();
    }

    fn shrink(&mut self) {
        self.unanswered.sort_unstable();
        drop_first(&mut self.live);
        drop_first(&mut self.unanswered);
        drop_first(&mut self.resting);
    }
}

impl LivePrompt {
    fn is(&self, journey: &JourneyId) -> bool {
        self.prompting.journey == *journey
    }

    /// Every time that it asked the subscriber.
    fn begun(&self) -> impl Iterator<Item = Timestamp> {
        std::iter::once(self.since).chain(self.renewed.iter().copied())
    }

    fn last(&self) -> Timestamp {
        self.begun().max().unwrap_or(self.since)
    }

    fn is_live(&self, now: Timestamp) -> bool {
        now < self.prompting.until
    }

    /// Whether whoever waits for the one waits for the other.
    fn belongs_to(&self, next: &Prompting) -> bool {
        let same_browser = next.browser.is_some() && self.prompting.browser == next.browser;
        same_browser || self.is(&next.journey)
    }
}

fn remaining(until: Timestamp, now: Timestamp) -> Option<Duration> {
    Some(until.since(now)).filter(|wait| !wait.is_zero())
}

fn drop_first<T>(entries: &mut Vec<T>) {
    let surplus = entries.len().saturating_sub(MOST);
    entries.drain(..surplus);
}

#[cfg(test)]
mod tests;
