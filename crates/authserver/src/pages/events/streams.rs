//! How many browsers follow their journeys at once: the lines they hold are bounded (T-260).

use std::{collections::HashMap, sync::Arc};

use fiador_kernel::Digest;
use parking_lot::Mutex;
use tokio::sync::watch;

/// Tabs of one browser that may follow the same journey.
const PER_JOURNEY: usize = 4;

/// The streams of events that a node serves.
#[derive(Clone, Debug)]
pub struct EventStreams(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    open: Mutex<Open>,
    most: usize,
    closing: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Open {
    by_journey: HashMap<Digest, usize>,
    all: usize,
}

/// The place of one stream, free again when it is dropped.
pub(super) struct Place {
    journey: Digest,
    streams: EventStreams,
    closing: watch::Receiver<bool>,
}

impl EventStreams {
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Shared { open: Mutex::default(), most, closing: watch::Sender::new(false) }))
    }

    /// Ends every stream, and lets no other begin: a node that is about to stop would wait for them.
    /// The browsers come back, to another node or to the next process.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// A place for one more who follows `journey`, if there is one.
    pub(super) fn enter(&self, journey: Digest) -> Option<Place> {
        let closing = self.0.closing.subscribe();
        let mut open = self.0.open.lock();
        let of_journey = open.by_journey.get(&journey).copied().unwrap_or_default();
        if *closing.borrow() || open.all >= self.0.most || of_journey >= PER_JOURNEY {
            return None;
        }
        open.by_journey.insert(journey, of_journey + 1);
        open.all += 1;
        metrics::gauge!("fiador_event_streams").increment(1);
        Some(Place { journey, streams: self.clone(), closing })
    }
}

impl Place {
    /// Returns when the stream has to end.
    pub(super) async fn closed(&mut self) {
        // The sender lives as long as this place does.
        let _ = self.closing.wait_for(|closing| *closing).await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.streams.0.open.lock();
        open.all = open.all.saturating_sub(1);
        if let Some(of_journey) = open.by_journey.get_mut(&self.journey) {
            *of_journey = of_journey.saturating_sub(1);
            if *of_journey == 0 {
                open.by_journey.remove(&self.journey);
            }
        }
        metrics::gauge!("fiador_event_streams").decrement(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journey_and_a_node_have_so_many_and_no_more_t_260() {
        let streams = EventStreams::new(PER_JOURNEY + 1);
        let (one, other) = (Digest::of("one"), Digest::of("other"));
        let mut places: Vec<Place> =
            (0..PER_JOURNEY).map(|_| streams.enter(one).unwrap()).collect();
        assert!(streams.enter(one).is_none(), "the journey has its share");
        places.push(streams.enter(other).unwrap());
        assert!(streams.enter(other).is_none(), "the node is full");
        places.pop();
        assert!(streams.enter(one).is_none());
        assert!(streams.enter(other).is_some());
        drop(places);
        assert!(streams.0.open.lock().by_journey.is_empty(), "nothing is remembered");
    }

    #[test]
    fn no_stream_begins_once_the_node_is_about_to_stop() {
        let streams = EventStreams::new(9);
        let place = streams.enter(Digest::of("one")).unwrap();
        streams.close();
        assert!(*place.closing.borrow());
        assert!(streams.enter(Digest::of("two")).is_none());
    }
}
