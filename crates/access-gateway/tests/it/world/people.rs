//! Whose number it is.

use fiador_domain::subscriber::{Subscriber, SubscriberStatus};
use fiador_kernel::{Msisdn, SubscriberId};
use fiador_testkit::doubles::{MemorySubscribers, active_subscriber};

/// The number of the subscriber.
pub(crate) const NUMBER: &str = "447700900907";
/// The number of a blocked subscription.
pub(crate) const BLOCKED: &str = "447700900908";

/// One who is active and one who is blocked.
pub(super) fn people() -> MemorySubscribers {
    MemorySubscribers::of([
        subscriber("subscriber", NUMBER),
        Subscriber { status: SubscriberStatus::Blocked, ..subscriber("blocked", BLOCKED) },
    ])
}

fn subscriber(id: &str, digits: &str) -> Subscriber {
    let number = Msisdn::from_digits(digits).unwrap();
    active_subscriber(SubscriberId::new(id).unwrap(), &number)
}
