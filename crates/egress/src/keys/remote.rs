//! A key set behind a `jwks_uri`: fetched when needed, kept for a while, never asked too often.

use std::{sync::Arc, time::Duration};

use fiador_kernel::{Clock, Timestamp};
use fiador_ports::{Fetch, FetchError, FetchRequest, KeySetError};
use parking_lot::Mutex;

use super::key_set::KeySet;

/// A set is used so long without asking again.
const FRESH: Duration = Duration::from_mins(10);

/// A set that cannot be fetched again is used so long.
const USABLE: Duration = Duration::from_hours(24);

/// Between two fetches, whatever their outcome: tokens with invented key ids, or a server that
/// fails, cost one fetch in this time.
const PAUSE: Duration = Duration::from_secs(30);

/// Which set is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needed {
    /// One that is fresh enough.
    Any,
    /// One that was fetched after the last pause: the set at hand lacks a key.
    Newer,
}

/// The set of one `jwks_uri`.
pub(super) struct RemoteKeySet {
    uri: String,
    /// What is known; locked for moments only.
    state: Mutex<State>,
    /// Held by the one fetch under way; who waits for it finds its outcome in `state`.
    flight: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct State {
    /// The last set that was good, and when it came.
    keys: Option<(Arc<KeySet>, Timestamp)>,
    /// When the last fetch ended.
    asked_at: Option<Timestamp>,
    /// How it failed, if it did.
    failure: Option<KeySetError>,
}

impl RemoteKeySet {
    /// Nothing is fetched yet.
    pub(super) fn new(uri: &str) -> Self {
        Self { uri: uri.to_owned(), state: Mutex::default(), flight: Arc::default() }
    }

    /// The keys. Waits for one fetch at most, which takes 3 s at most.
    pub(super) async fn keys(
        self: Arc<Self>,
        needed: Needed,
        fetch: &Arc<dyn Fetch>,
        clock: &Arc<dyn Clock>,
    ) -> Result<Arc<KeySet>, KeySetError> {
        if let Some(known) = self.state.lock().answer(needed, clock.now()) {
            return known;
        }
        let flight = self.flight.clone().lock_owned().await;
        if let Some(known) = self.state.lock().answer(needed, clock.now()) {
            return known;
        }
        // A task of its own: a caller that gives up does not undo the fetch for the others.
        let (fetch, clock) = (fetch.clone(), clock.clone());
        let landing = tokio::spawn(async move {
            let fetched = get(&self.uri, &*fetch).await;
            if let Err(error) = &fetched {
                tracing::warn!(jwks_uri = self.uri, %error, "no key set; using the last one for up to a day");
            }
            let answer = self.state.lock().learn(fetched, clock.now());
            drop(flight);
            answer
        });
        landing.await.unwrap_or(Err(KeySetError::Fetch(FetchError::Broken)))
    }
}

impl State {
    /// What can be said without a fetch; `None` asks for one.
    fn answer(&self, needed: Needed, now: Timestamp) -> Option<Result<Arc<KeySet>, KeySetError>> {
        let fresh = self.keys.as_ref().filter(|(_, came)| now.since(*came) < FRESH);
        if let (Some((keys, _)), Needed::Any) = (fresh, needed) {
            return Some(Ok(keys.clone()));
        }
        let _just_asked = self.asked_at.filter(|at| now.since(*at) < PAUSE)?;
        self.usable(now).map(Ok).or(self.failure.map(Err))
    }

    /// Keeps the outcome of a fetch; a failure leaves the last good set in use.
    fn learn(
        &mut self,
        fetched: Result<KeySet, KeySetError>,
        now: Timestamp,
    ) -> Result<Arc<KeySet>, KeySetError> {
        self.asked_at = Some(now);
        self.failure = fetched.as_ref().err().copied();
        match fetched {
            Ok(keys) => Ok(self.keys.insert((Arc::new(keys), now)).0.clone()),
            Err(error) => self.usable(now).ok_or(error),
        }
    }

    fn usable(&self, now: Timestamp) -> Option<Arc<KeySet>> {
        let usable = self.keys.as_ref().filter(|(_, came)| now.since(*came) < USABLE);
        usable.map(|(keys, _)| keys.clone())
    }
}

async fn get(uri: &str, fetch: &dyn Fetch) -> Result<KeySet, KeySetError> {
    let request =
        FetchRequest::get(uri).header("accept", "application/jwk-set+json, application/json");
    let answer = fetch.fetch(request).await?;
    if answer.status != 200 {
        return Err(KeySetError::Status(answer.status));
    }
    if !answer.is_of_type("application/jwk-set+json") && !answer.is_of_type("application/json") {
        return Err(KeySetError::ContentType);
    }
    KeySet::parse(&answer.body)
}
