//! Selections under way.

use std::{
    collections::{HashMap, VecDeque},
    time::Duration,
};

use fiador_kernel::{ClientId, Digest, Timestamp};
use parking_lot::Mutex;

use super::choice::NumberTrouble;
use crate::Dialect;

/// Numbers that may be typed in one selection: enough for mistakes, too few to scan with (T-173).
const NUMBERS: u8 = 5;

/// One selection: which application waits where.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) dialect: Dialect,
    pub(crate) application: ClientId,
    pub(crate) redirect_url: String,
    /// Why the last number that was typed led nowhere: what the application is told if the user
    /// gives up.
    pub(crate) number_trouble: Option<NumberTrouble>,
    expires_at: Timestamp,
    numbers_left: u8,
}

/// Selections in memory of one node, found by the digest of their id. Every application has a
/// bound of its own: at the bound its oldest selection ends early, and nobody else's does (T-264).
/// Applications come from the configuration, so their number bounds the whole. All selections live
/// equally long, so the order of opening is the order of expiry.
pub(crate) struct Sessions {
    capacity: usize,
    lifetime: Duration,
    open: Mutex<Open>,
}

#[derive(Default)]
struct Open {
    by_id: HashMap<Digest, Session>,
    oldest_first: HashMap<ClientId, VecDeque<Digest>>,
}

impl Sessions {
    /// `capacity` is the bound of one application.
    pub(crate) fn new(capacity: usize, lifetime: Duration) -> Self {
        Self { capacity, lifetime, open: Mutex::default() }
    }

    /// Keeps a new selection.
    pub(crate) fn open(
        &self,
        id: &str,
        dialect: Dialect,
        application: ClientId,
        redirect_url: String,
        now: Timestamp,
    ) {
        let expires_at = now + self.lifetime;
        let id = Digest::of(id);
        let mut open = self.open.lock();
        let Open { by_id, oldest_first } = &mut *open;
        drop_expired(by_id, oldest_first, now);
        let own = oldest_first.entry(application.clone()).or_default();
        while own.len() >= self.capacity {
            let Some(oldest) = own.pop_front() else { break };
            by_id.remove(&oldest);
        }
        own.push_back(id);
        let session = Session {
            dialect,
            application,
            redirect_url,
            number_trouble: None,
            expires_at,
            numbers_left: NUMBERS,
        };
        by_id.insert(id, session);
    }

    /// The selection with this id, until it expires. It may be used again: people go back.
    pub(crate) fn find(&self, id: &str, now: Timestamp) -> Option<Session> {
        let open = self.open.lock();
        open.by_id.get(&Digest::of(id)).filter(|session| now < session.expires_at).cloned()
    }

    /// Remembers why a number led nowhere.
    pub(crate) fn number_failed(&self, id: &str, trouble: NumberTrouble) {
        if let Some(session) = self.open.lock().by_id.get_mut(&Digest::of(id)) {
            session.number_trouble = Some(trouble);
        }
    }

    /// Takes one of the numbers that may be typed; `false` when none is left.
    pub(crate) fn take_number(&self, id: &str) -> bool {
        let mut open = self.open.lock();
        let Some(session) = open.by_id.get_mut(&Digest::of(id)) else { return false };
        let left = session.numbers_left.checked_sub(1);
        session.numbers_left = left.unwrap_or(0);
        left.is_some()
    }
}

/// Forgets what is over, of every application: one that never comes again holds no memory.
fn drop_expired(
    by_id: &mut HashMap<Digest, Session>,
    oldest_first: &mut HashMap<ClientId, VecDeque<Digest>>,
    now: Timestamp,
) {
    oldest_first.retain(|_, own| {
        while let Some(oldest) = own.front() {
            if by_id.get(oldest).is_some_and(|session| now < session.expires_at) {
                return true;
            }
            by_id.remove(oldest);
            own.pop_front();
        }
        false
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    fn opened(sessions: &Sessions, id: &str, now: Timestamp) {
        opened_by(sessions, "app", id, now);
    }

    fn opened_by(sessions: &Sessions, application: &str, id: &str, now: Timestamp) {
        let application = ClientId::new(application).unwrap();
        let redirect_url = format!("https://sp.example/{id}");
        sessions.open(id, Dialect::V2, application, redirect_url, now);
    }

    #[test]
    fn a_selection_ends_with_its_time_and_leaves_no_memory() {
        let sessions = Sessions::new(10, Duration::from_mins(10));
        opened(&sessions, "a", START);
        let late = START + Duration::from_mins(10);
        assert!(sessions.find("a", START + Duration::from_secs(599)).is_some());
        assert!(sessions.find("a", late).is_none());
        opened_by(&sessions, "other", "b", late);
        let open = sessions.open.lock();
        assert_eq!((open.by_id.len(), open.oldest_first.len()), (1, 1));
    }

    #[test]
    fn the_oldest_of_the_same_application_makes_room() {
        let sessions = Sessions::new(2, Duration::from_mins(10));
        for id in ["a", "b", "c"] {
            opened(&sessions, id, START);
        }
        assert!(sessions.find("a", START).is_none());
        assert!(sessions.find("b", START).is_some() && sessions.find("c", START).is_some());
        assert_eq!(sessions.open.lock().by_id.len(), 2);
    }

    #[test]
    fn an_application_that_opens_many_selections_ends_none_of_another_t_264() {
        let sessions = Sessions::new(5, Duration::from_mins(10));
        opened_by(&sessions, "quiet", "a", START);
        for number in 0..1_000 {
            opened_by(&sessions, "noisy", &number.to_string(), START);
        }
        assert!(sessions.find("a", START).is_some());
        assert_eq!(sessions.open.lock().by_id.len(), 6);
    }

    #[test]
    fn numbers_run_out_t_173() {
        let sessions = Sessions::new(2, Duration::from_mins(10));
        opened(&sessions, "a", START);
        assert_eq!((0..7).filter(|_| sessions.take_number("a")).count(), usize::from(NUMBERS));
        assert!(!sessions.take_number("unknown"));
    }
}
