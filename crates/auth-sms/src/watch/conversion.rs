//! SMS pumping: messages that are asked for and never answered, because somebody earns by their
//! being sent (T-122).

use std::time::Duration;

use fiador_domain::journey::LIFETIME;
use fiador_kernel::{ClientId, Digest, Timestamp};
use fiador_ports::Challenge;
use parking_lot::Mutex;

use super::{
    Suspects,
    tally::{Count, Rule, Tallies},
};
use crate::settings::ConversionAlarm;

/// Watches which share of the messages leads to a login: by client and by number block. A message
/// is judged when its journey is over; an answer counts for the time of its message.
pub(crate) struct ConversionWatch {
    rule: ConversionAlarm,
    clients: Mutex<Tallies<ClientId>>,
    number_blocks: Mutex<Tallies<Digest>>,
}

impl Rule for ConversionAlarm {
    fn window(&self) -> Duration {
        self.window
    }

    fn grace(&self) -> Duration {
        LIFETIME
    }

    fn is_suspect(&self, sent: Count) -> bool {
        let verified = u64::from(sent.marked) * 100;
        sent.all >= self.minimum_sends
            && verified < u64::from(sent.all) * u64::from(self.verified_percent)
    }
}

impl ConversionWatch {
    pub(crate) fn new(rule: ConversionAlarm) -> Self {
        Self { rule, clients: Mutex::default(), number_blocks: Mutex::default() }
    }

    /// A message leaves.
    pub(crate) fn sent(&self, challenge: &Challenge<'_>, now: Timestamp) {
        self.add(challenge, (now, Count { all: 1, marked: 0 }), now);
    }

    /// The message of `sent_at` was answered rightly.
    pub(crate) fn verified(&self, challenge: &Challenge<'_>, sent_at: Timestamp, now: Timestamp) {
        self.add(challenge, (sent_at, Count { all: 0, marked: 1 }), now);
    }

    /// Who is under suspicion now.
    pub(crate) fn suspects(&self, challenge: &Challenge<'_>, now: Timestamp) -> Suspects {
        let (client, block) = (&challenge.ask.client, challenge.subject.number_block);
        Suspects {
            client: self.clients.lock().is_suspect(&self.rule, client, now),
            number_block: self.number_blocks.lock().is_suspect(&self.rule, &block, now),
            network: false,
        }
    }

    fn add(&self, challenge: &Challenge<'_>, event: (Timestamp, Count), now: Timestamp) {
        let (client, block) = (&challenge.ask.client, challenge.subject.number_block);
        if self.clients.lock().add(&self.rule, client, event, now) {
            alarm("client");
            tracing::warn!(
                client_id = %client,
                "few messages of one client lead to a login: its send budget is halved; \
                 see whether somebody makes it send for the sake of sending"
            );
        }
        if self.number_blocks.lock().add(&self.rule, &block, event, now) {
            alarm("number_block");
            tracing::warn!(
                number_block = block.abbreviated(),
                "few messages to one number block lead to a login: its send budget is halved"
            );
        }
    }
}

fn alarm(kind: &'static str) {
    metrics::counter!("fiador_sms_conversion_alarms_total", "kind" => kind).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::fixtures::Asker;

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);
    /// By then every journey of the start has been judged.
    const LATER: Duration = Duration::from_mins(8);

    fn suspect(sent: u32, verified: u32) -> impl Fn(Duration) -> bool {
        let watch = ConversionWatch::new(ConversionAlarm::default());
        let asker = |index: u32| Asker::new("shop", &index.to_string(), "network");
        for index in 0..sent {
            watch.sent(&asker(index).challenge(), START);
        }
        let answered = START + Duration::from_secs(40);
        for index in 0..verified {
            watch.verified(&asker(index).challenge(), START, answered);
        }
        move |after| watch.suspects(&asker(u32::MAX).challenge(), START + after).client
    }

    #[test]
    fn fewer_than_three_of_ten_over_fifty_messages_is_suspect_t_122() {
        assert!(!suspect(49, 0)(LATER));
        assert!(suspect(50, 0)(LATER));
        assert!(suspect(100, 29)(LATER));
        assert!(!suspect(100, 30)(LATER));
    }

    #[test]
    fn nobody_is_judged_before_the_journeys_are_over_nor_for_ever() {
        let suspect = suspect(1_000, 0);
        assert!(!suspect(Duration::from_mins(4)), "people are still typing");
        assert!(suspect(LATER));
        assert!(!suspect(Duration::from_mins(70)));
    }

    #[test]
    fn a_number_block_is_watched_over_all_clients() {
        let watch = ConversionWatch::new(ConversionAlarm::default());
        for index in 0..60 {
            let asker = Asker::new(&format!("shop-{index}"), "block", "network");
            watch.sent(&asker.challenge(), START);
        }
        let other = Asker::new("other", "block", "network");
        let seen = watch.suspects(&other.challenge(), START + LATER);
        assert_eq!(seen, Suspects { number_block: true, ..Suspects::default() });
    }
}
