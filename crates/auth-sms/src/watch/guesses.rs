//! Horizontal guessing: one code each for many numbers never locks any of them, but the share of
//! wrong answers gives it away (T-124).

use std::time::Duration;

use fiador_kernel::{ClientId, Digest, Timestamp};
use fiador_ports::Challenge;
use parking_lot::Mutex;

use super::{
    Suspects,
    tally::{Count, Rule, Tallies},
};
use crate::settings::GuessAlarm;

/// Watches the share of wrong codes, wrong numbers and reported logins: by client, by number block,
/// and by the network that asks.
pub(crate) struct GuessWatch {
    rule: GuessAlarm,
    clients: Mutex<Tallies<ClientId>>,
    number_blocks: Mutex<Tallies<Digest>>,
    networks: Mutex<Tallies<String>>,
}

impl Rule for GuessAlarm {
    fn window(&self) -> Duration {
        self.window
    }

    fn is_suspect(&self, guesses: Count) -> bool {
        let wrong = u64::from(guesses.marked) * 100;
        guesses.all >= self.minimum_guesses
            && wrong > u64::from(guesses.all) * u64::from(self.wrong_percent)
    }
}

impl GuessWatch {
    pub(crate) fn new(rule: GuessAlarm) -> Self {
        Self {
            rule,
            clients: Mutex::default(),
            number_blocks: Mutex::default(),
            networks: Mutex::default(),
        }
    }

    /// Takes one evaluated answer into account.
    pub(crate) fn record(&self, challenge: &Challenge<'_>, wrong: bool, now: Timestamp) {
        let guess = (now, Count { all: 1, marked: u32::from(wrong) });
        let (client, block) = (&challenge.ask.client, challenge.subject.number_block);
        if self.clients.lock().add(&self.rule, client, guess, now) {
            alarm("client");
            tracing::warn!(
                client_id = %client,
                "many wrong one-time codes for one client: its send budget is halved; \
                 see whether numbers are being guessed through it"
            );
        }
        if self.number_blocks.lock().add(&self.rule, &block, guess, now) {
            alarm("number_block");
            tracing::warn!(
                number_block = block.abbreviated(),
                "many wrong one-time codes for one number block: its send budget is halved"
            );
        }
        if self.networks.lock().add(&self.rule, &challenge.origin.network, guess, now) {
            alarm("browser_network");
            tracing::warn!("many wrong one-time codes from one network: its send budget is halved");
        }
    }

    /// Who is under suspicion now.
    pub(crate) fn suspects(&self, challenge: &Challenge<'_>, now: Timestamp) -> Suspects {
        let (client, block) = (&challenge.ask.client, challenge.subject.number_block);
        let network = &challenge.origin.network;
        Suspects {
            client: self.clients.lock().is_suspect(&self.rule, client, now),
            number_block: self.number_blocks.lock().is_suspect(&self.rule, &block, now),
            network: self.networks.lock().is_suspect(&self.rule, network, now),
        }
    }
}

fn alarm(kind: &'static str) {
    metrics::counter!("fiador_sms_guess_alarms_total", "kind" => kind).increment(1);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::{Suspects, fixtures::Asker};

    const START: Timestamp = Timestamp::from_seconds(1_767_225_600);

    /// Each from another network, for another block.
    fn guess(watch: &GuessWatch, wrong: u32, right: u32, now: Timestamp) {
        for index in 0..wrong + right {
            let asker = Asker::new("shop", &index.to_string(), &index.to_string());
            watch.record(&asker.challenge(), index < wrong, now);
        }
    }

    fn suspects(watch: &GuessWatch, asker: &Asker, now: Timestamp) -> Suspects {
        watch.suspects(&asker.challenge(), now)
    }

    #[test]
    fn more_than_a_fifth_wrong_of_at_least_fifty_is_suspect_t_124() {
        let suspect = |wrong, right| {
            let watch = GuessWatch::new(GuessAlarm::default());
            guess(&watch, wrong, right, START);
            suspects(&watch, &Asker::new("shop", "other", "other"), START).client
        };
        assert!(!suspect(49, 0));
        assert!(suspect(50, 0));
        assert!(!suspect(10, 40));
        assert!(suspect(11, 39));
    }

    #[test]
    fn suspicion_ends_with_the_window_and_touches_nobody_else() {
        let watch = GuessWatch::new(GuessAlarm::default());
        guess(&watch, 60, 0, START);
        let shop = Asker::new("shop", "none", "none");
        let at = |seconds| suspects(&watch, &shop, START + Duration::from_secs(seconds));
        assert_eq!(at(299), Suspects { client: true, ..Suspects::default() });
        assert_eq!(at(320), Suspects::default());
        let bank = suspects(&watch, &Asker::new("bank", "none", "none"), START);
        assert_eq!(bank, Suspects::default());
    }

    #[test]
    fn a_number_block_and_a_network_are_watched_over_all_clients() {
        let watch = GuessWatch::new(GuessAlarm::default());
        for index in 0..50 {
            let asker = Asker::new(&format!("shop-{index}"), "block", "network");
            watch.record(&asker.challenge(), true, START);
        }
        let seen = suspects(&watch, &Asker::new("another", "block", "network"), START);
        assert_eq!(seen, Suspects { client: false, number_block: true, network: true });
    }
}
