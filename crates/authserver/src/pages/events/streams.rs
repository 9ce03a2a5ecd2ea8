//! How many browsers follow their journeys at once: the lines they hold are bounded (T-260), and no
//! sender has them all (T-264).

use std::{collections::HashMap, convert::Infallible, sync::Arc};

use fiador_http_kit::NetworkPrefix;
use fiador_kernel::Digest;
use parking_lot::Mutex;
use tokio::sync::{oneshot, watch};

/// Tabs of one browser that follow the same journey at once.
const PER_JOURNEY: usize = 4;
/// One network has so large a part of all streams. Not less: many phones are behind one address.
const PART_OF_A_NETWORK: usize = 8;

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
    /// Those of a journey, the oldest first.
    by_journey: HashMap<Digest, Vec<Stream>>,
    by_network: HashMap<NetworkPrefix, usize>,
    all: usize,
    /// Names the next stream.
    next: u64,
}

#[derive(Debug)]
struct Stream {
    name: u64,
    network: NetworkPrefix,
    /// Dropped with the stream, which its place is told by.
    _line: oneshot::Sender<Infallible>,
}

/// The place of one stream, free again when it is dropped.
pub(super) struct Place {
    journey: Digest,
    name: u64,
    streams: EventStreams,
    line: oneshot::Receiver<Infallible>,
    closing: watch::Receiver<bool>,
}

/// Why a stream has to give its place back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// A newer stream of the journey has it.
    Replaced,
    /// The node is about to stop.
    Closing,
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

    /// A place for one more who follows `journey`, if there is one. Where it is crowded, the oldest
    /// stream of the same journey makes room: the newest page is the one that somebody looks at.
    pub(super) fn enter(&self, journey: Digest, network: NetworkPrefix) -> Option<Place> {
        let closing = self.0.closing.subscribe();
        if *closing.borrow() {
            return None;
        }
        let mut open = self.0.open.lock();
        if open.is_crowded(journey, network, self.0.most) {
            let replaced = open.replaceable(journey, network, self.0.most)?;
            open.remove(journey, replaced);
        }
        let (name, line) = open.add(journey, network);
        Some(Place { journey, name, streams: self.clone(), line, closing })
    }
}

impl Open {
    fn is_crowded(&self, journey: Digest, network: NetworkPrefix, most: usize) -> bool {
        let of_journey = self.by_journey.get(&journey).map_or(0, Vec::len);
        self.all >= most || of_journey >= PER_JOURNEY || self.has_its_part(network, most)
    }

    fn has_its_part(&self, network: NetworkPrefix, most: usize) -> bool {
        let of_network = self.by_network.get(&network).copied().unwrap_or_default();
        of_network >= most.div_ceil(PART_OF_A_NETWORK)
    }

    /// The oldest stream of the journey whose end makes room for one from `network`.
    fn replaceable(&self, journey: Digest, network: NetworkPrefix, most: usize) -> Option<u64> {
        let must_be_of_it = self.has_its_part(network, most);
        let mut streams = self.by_journey.get(&journey)?.iter();
        let found = streams.find(|stream| !must_be_of_it || stream.network == network);
        found.map(|stream| stream.name)
    }

    fn add(
        &mut self,
        journey: Digest,
        network: NetworkPrefix,
    ) -> (u64, oneshot::Receiver<Infallible>) {
        let (sender, line) = oneshot::channel();
        let name = self.next;
        self.next += 1;
        self.all += 1;
        *self.by_network.entry(network).or_default() += 1;
        self.by_journey.entry(journey).or_default().push(Stream { name, network, _line: sender });
        metrics::gauge!("fiador_event_streams").increment(1);
        (name, line)
    }

    /// Forgets a stream; nothing, when it was replaced before.
    fn remove(&mut self, journey: Digest, name: u64) {
        let Some(streams) = self.by_journey.get_mut(&journey) else { return };
        let Some(at) = streams.iter().position(|stream| stream.name == name) else { return };
        let Stream { network, .. } = streams.remove(at);
        if streams.is_empty() {
            self.by_journey.remove(&journey);
        }
        if let Some(of_network) = self.by_network.get_mut(&network) {
            *of_network = of_network.saturating_sub(1);
            if *of_network == 0 {
                self.by_network.remove(&network);
            }
        }
        self.all = self.all.saturating_sub(1);
        metrics::gauge!("fiador_event_streams").decrement(1);
    }
}

impl Place {
    /// Returns when the stream has to end, and why.
    pub(super) async fn lost(&mut self) -> Loss {
        tokio::select! {
            Err(_) = &mut self.line => Loss::Replaced,
            // The sender lives as long as this place does.
            _ = self.closing.wait_for(|closing| *closing) => Loss::Closing,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.streams.0.open.lock().remove(self.journey, self.name);
    }
}

#[cfg(test)]
mod tests {
    use fiador_http_kit::ClientAddress;

    use super::*;

    fn network(address: &str) -> NetworkPrefix {
        ClientAddress::new(address.parse().unwrap()).network_prefix()
    }

    fn is_replaced(place: &mut Place) -> bool {
        matches!(place.line.try_recv(), Err(oneshot::error::TryRecvError::Closed))
    }

    #[test]
    fn a_new_stream_of_a_journey_replaces_its_oldest_t_260() {
        let streams = EventStreams::new(100);
        let (journey, home) = (Digest::of("one"), network("192.0.2.1"));
        let enter = || streams.enter(journey, home).unwrap();
        let mut places: Vec<Place> = (0..PER_JOURNEY + 2).map(|_| enter()).collect();
        let replaced: Vec<bool> = places.iter_mut().map(is_replaced).collect();
        assert_eq!(replaced, [true, true, false, false, false, false]);
        assert_eq!(streams.0.open.lock().all, PER_JOURNEY);
        drop(places);
        let open = streams.0.open.lock();
        assert!(open.by_journey.is_empty() && open.by_network.is_empty() && open.all == 0);
    }

    #[test]
    fn a_network_has_its_part_and_leaves_the_others_theirs_t_264() {
        let streams = EventStreams::new(2 * PART_OF_A_NETWORK);
        let enter = |journey: &str, from| streams.enter(Digest::of(journey), network(from));
        let mut one = enter("one", "192.0.2.1").unwrap();
        let mut two = enter("two", "192.0.2.200").unwrap();
        assert!(enter("three", "192.0.2.7").is_none(), "the same /24");
        let mut elsewhere = enter("three", "198.51.100.7").unwrap();
        assert!(enter("three", "192.0.2.7").is_none(), "the place of another network is no room");
        assert!(![&mut one, &mut two, &mut elsewhere].into_iter().any(is_replaced));
        let _newer = enter("one", "192.0.2.9").unwrap();
        assert!(is_replaced(&mut one) && !is_replaced(&mut two));
        drop(two);
        assert!(enter("three", "192.0.2.7").is_some());
    }

    #[test]
    fn a_full_node_serves_nobody_new_t_260() {
        let streams = EventStreams::new(2);
        let enter =
            |n: u8| streams.enter(Digest::of(n.to_string()), network(&format!("203.0.{n}.1")));
        let _one = enter(1).unwrap();
        let two = enter(2).unwrap();
        assert!(enter(3).is_none());
        drop(two);
        assert!(enter(3).is_some(), "its place is free again");
    }

    #[test]
    fn no_stream_begins_once_the_node_is_about_to_stop() {
        let streams = EventStreams::new(9);
        let place = streams.enter(Digest::of("one"), network("192.0.2.1")).unwrap();
        streams.close();
        assert!(*place.closing.borrow());
        assert!(streams.enter(Digest::of("two"), network("198.51.100.1")).is_none());
    }
}
