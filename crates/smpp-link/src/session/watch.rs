//! The session's clock: answers that never come, and a link that may be dead.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::{End, Outgoing, Session};

/// Ends the session when the centre no longer answers `enquire_link`.
pub(super) async fn watch(session: &Session<'_>) -> End {
    let centre = session.context.centre;
    let shortest = centre.response_timeout.min(centre.enquire_link_interval);
    let tick = (shortest / 4).max(Duration::from_millis(5));
    loop {
        sleep(tick).await;
        let now = Instant::now();
        let expired = session.window.lock().expire(now, centre.response_timeout);
        if expired.enquiry {
            return End::Silent;
        }
        if expired.submits > 0 {
            session.window_shrank.notify_waiters();
            tracing::warn!(
                message_centre = session.name(),
                messages = expired.submits,
                "the message centre does not answer; the messages may have been sent"
            );
        }
        let idle = now.saturating_duration_since(*session.last_received.lock());
        if idle >= centre.enquire_link_interval && !session.window.lock().is_enquiring() {
            session.send(Outgoing::EnquireLink).await;
        }
    }
}
