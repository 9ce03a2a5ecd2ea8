//! What has arrived on the phones.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use fiador_kernel::Clock;
use parking_lot::Mutex;
use serde::Serialize;
use tokio::sync::watch;

/// A phone keeps so many messages; older ones go.
const CAPACITY: usize = 100;

/// One text message on a phone.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    /// Unique in this run.
    pub id: u64,
    /// The sender as the phone shows it.
    pub from: String,
    /// The text.
    pub text: String,
    /// RFC 3339 time in UTC.
    pub received_at: String,
}

/// The inboxes of all phones.
#[derive(Clone)]
pub struct Inboxes {
    inner: Arc<Mutex<Inner>>,
    changes: watch::Sender<u64>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Inner {
    next_id: u64,
    by_number: HashMap<String, VecDeque<Message>>,
}

impl Inboxes {
    /// Empty inboxes for these numbers; messages to other numbers are dropped, as by a network
    /// that has no such subscriber.
    pub fn new(numbers: impl IntoIterator<Item = String>, clock: Arc<dyn Clock>) -> Self {
        let by_number = numbers.into_iter().map(|number| (number, VecDeque::new())).collect();
        let inner = Arc::new(Mutex::new(Inner { next_id: 1, by_number }));
        Self { inner, changes: watch::Sender::new(0), clock }
    }

    /// A message has arrived over the air. `false` when nobody has that number.
    pub fn deliver(&self, number: &str, from: String, text: String) -> bool {
        let received_at = timestamp_text(self.clock.now().as_seconds());
        let mut inner = self.inner.lock();
        let id = inner.next_id;
        let Some(inbox) = inner.by_number.get_mut(number) else { return false };
        if inbox.len() == CAPACITY {
            inbox.pop_front();
        }
        inbox.push_back(Message { id, from, text, received_at });
        inner.next_id += 1;
        drop(inner);
        self.changes.send_modify(|change| *change += 1);
        true
    }

    /// The messages of one phone, oldest first; `None` when nobody has that number.
    pub fn messages(&self, number: &str) -> Option<Vec<Message>> {
        self.inner.lock().by_number.get(number).map(|inbox| inbox.iter().cloned().collect())
    }

    /// Tells when something has arrived on any phone.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }
}

fn timestamp_text(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds).map_or_else(|_| String::new(), |at| at.to_string())
}
