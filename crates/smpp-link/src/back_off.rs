//! How long to wait before the next connection.

use std::time::Duration;

use fiador_kernel::Entropy;

use crate::settings::ReconnectSettings;

/// Doubling delays with jitter: a centre that restarts is not met by all its clients at once.
#[derive(Debug)]
pub(crate) struct BackOff {
    settings: ReconnectSettings,
    next: Duration,
}

impl BackOff {
    /// Starts at the shortest delay.
    pub(crate) fn new(settings: ReconnectSettings) -> Self {
        let next = settings.shortest;
        Self { settings, next }
    }

    /// The delay after a failure; the following one will be twice as long, up to the longest.
    pub(crate) fn after_failure(&mut self, entropy: &dyn Entropy) -> Duration {
        let delay = self.next;
        self.next = (delay * 2).min(self.settings.longest);
        jittered(delay, entropy)
    }

    /// The delay after the centre refused our credentials: only an operator can help.
    pub(crate) fn after_refusal(&self, entropy: &dyn Entropy) -> Duration {
        jittered(self.settings.after_refusal, entropy)
    }

    /// A session ended. One that lived longer than the delay before it proves the centre well, so
    /// the next delay is the shortest again; one that died young does not.
    pub(crate) fn session_lived(&mut self, lived: Duration) {
        if lived >= self.next {
            self.next = self.settings.shortest;
        }
    }
}

/// Between half of `delay` and all of it.
fn jittered(delay: Duration, entropy: &dyn Entropy) -> Duration {
    let half = delay / 2;
    half + half * entropy.below(1001) / 1000
}

#[cfg(test)]
mod tests {
    use fiador_testkit::SeededEntropy;

    use super::*;

    #[test]
    fn delays_double_from_one_second_to_sixty_with_jitter() {
        let entropy = SeededEntropy::new(1);
        let mut back_off = BackOff::new(ReconnectSettings::default());
        for whole in [1_u64, 2, 4, 8, 16, 32, 60, 60, 60] {
            let delay = back_off.after_failure(&entropy);
            let whole = Duration::from_secs(whole);
            assert!(whole / 2 <= delay && delay <= whole, "{delay:?} of {whole:?}");
        }
    }

    #[test]
    fn a_long_session_resets_the_delay_and_a_short_one_does_not() {
        let entropy = SeededEntropy::new(1);
        let mut back_off = BackOff::new(ReconnectSettings::default());
        for _ in 0..4 {
            back_off.after_failure(&entropy);
        }
        back_off.session_lived(Duration::from_secs(1));
        assert!(back_off.after_failure(&entropy) >= Duration::from_secs(8));
        back_off.session_lived(Duration::from_hours(1));
        assert!(back_off.after_failure(&entropy) <= Duration::from_secs(1));
    }

    #[test]
    fn a_refused_bind_waits_long() {
        let back_off = BackOff::new(ReconnectSettings::default());
        assert!(back_off.after_refusal(&SeededEntropy::new(1)) >= Duration::from_mins(1));
    }
}
