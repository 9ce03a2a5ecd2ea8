//! What many messages together give away: numbers guessed one code each (T-124), and messages sent
//! for the sake of sending (T-122).
//!
//! Both count in memory of one node, over a window that slides: they only slow an attack that the
//! durable budgets already bound.

mod conversion;
mod guesses;
mod tally;

pub(crate) use conversion::ConversionWatch;
pub(crate) use guesses::GuessWatch;

/// Whose send budget is halved now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Suspects {
    pub(crate) client: bool,
    pub(crate) number_block: bool,
    pub(crate) network: bool,
}

impl Suspects {
    /// Whoever either of two watches suspects.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self {
            client: self.client || other.client,
            number_block: self.number_block || other.number_block,
            network: self.network || other.network,
        }
    }
}

#[cfg(test)]
mod fixtures {
    use fiador_domain::{
        journey::{Ask, Origin, Subject},
        profile::Profile,
    };
    use fiador_kernel::{ClientId, Digest, JourneyId, Language, ScopeSet, Timestamp};
    use fiador_ports::Challenge;

    /// Who asks, for whom, from where.
    pub(super) struct Asker {
        journey: JourneyId,
        ask: Ask,
        subject: Subject,
        origin: Origin,
    }

    impl Asker {
        pub(super) fn new(client: &str, block: &str, network: &str) -> Self {
            Self {
                journey: JourneyId::new("journey-1").unwrap(),
                ask: Ask {
                    client: ClientId::new(client).unwrap(),
                    client_name: "Acme Shop".to_owned(),
                    profile: Profile::MobileConnect,
                    scopes: ScopeSet::default(),
                    levels: Vec::new(),
                    levels_voluntary: false,
                    context: None,
                    binding_message: None,
                    prompt: [].into(),
                    reveals_state: false,
                    language: Language::En,
                },
                subject: Subject {
                    subscriber: None,
                    msisdn_index: Digest::of("number"),
                    number_block: Digest::of(block),
                    masked: "+34*******01".to_owned(),
                },
                origin: Origin { network: network.to_owned(), ..Origin::default() },
            }
        }

        pub(super) fn challenge(&self) -> Challenge<'_> {
            Challenge {
                journey: &self.journey,
                ask: &self.ask,
                subject: &self.subject,
                number: None,
                origin: &self.origin,
                page: None,
                expires_at: Timestamp::from_micros(i64::MAX),
            }
        }
    }
}
