//! One message centre as callers see it: its state, its pace, and how a message is put to it.

use std::{sync::Arc, time::Duration};

use fiador_kernel::{Digest, Msisdn};
use fiador_ports::SendError;
use parking_lot::Mutex;
use rusmpp::Pdu;
use tokio::time::{Instant, sleep};

use crate::{
    address::Sender,
    ledger::{Ledger, Part},
    measure,
    pdu::{self, Submission},
    reports::Reporter,
    session::{Handle, Outcome},
    settings::CentreSettings,
    status::{self, Verdict},
    text::{self, EncodedText},
    throttle::Throttle,
    tracking::Tracked,
    validity,
};

/// How long a centre that left a message unanswered comes last in the order.
const DOUBT: Duration = Duration::from_secs(30);
/// Pause before a throttled part of a message that has begun is tried again.
const PART_PAUSE: Duration = Duration::from_millis(100);

/// What a centre's connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// A connection or a bind is under way.
    Connecting,
    /// Messages can be sent.
    Bound,
    /// The last attempt failed; the next one is due within a minute.
    Waiting,
    /// The centre refused the credentials; an operator must act.
    Refused {
        /// Its `command_status`.
        status: u32,
    },
    /// The gateway is going down.
    Stopped,
}

/// One line of the link's health.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CentreHealth {
    /// Which centre.
    pub message_centre: String,
    /// What its connection is doing.
    pub state: LinkState,
}

/// A message on its way, with the moments that matter.
pub(crate) struct Draft {
    pub(crate) sender: Sender,
    pub(crate) destination: Msisdn,
    pub(crate) text: String,
    /// Joins the parts of a long message.
    pub(crate) reference: u8,
    /// By what its fate is told.
    pub(crate) tracking: Option<Digest>,
    /// No centre shall keep it longer.
    pub(crate) expires_at: Instant,
    /// No part of it shall be handed over later (T-130).
    pub(crate) useful_until: Instant,
}

/// A message as one centre gets it.
struct Letter<'a> {
    draft: &'a Draft,
    encoded: &'a EncodedText,
    /// What each of its parts is about.
    part: Part,
}

/// Why a centre does not have a message. Except for `Failed`, another may be asked.
#[derive(Debug)]
pub(crate) enum NotDelivered {
    /// Nothing was sent: no session, no place in the window, no turn in time.
    NotSent,
    /// The centre said "too fast".
    Throttled,
    /// The centre has a trouble of its own.
    Temporary(SendError),
    /// No other centre may or should have it.
    Failed(SendError),
}

/// One centre; shared by its supervisor and all callers.
#[derive(Debug)]
pub(crate) struct Centre {
    pub(crate) settings: CentreSettings,
    pub(crate) ledger: Mutex<Ledger>,
    pub(crate) reporter: Reporter,
    link: Mutex<(LinkState, Option<Handle>)>,
    throttle: Throttle,
    doubted_until: Mutex<Option<Instant>>,
}

impl Centre {
    pub(crate) fn new(settings: CentreSettings, reporter: Reporter) -> Self {
        let throttle = Throttle::new(settings.messages_per_second, Instant::now());
        Self {
            settings,
            ledger: Mutex::default(),
            reporter,
            link: Mutex::new((LinkState::Connecting, None)),
            throttle,
            doubted_until: Mutex::new(None),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.settings.name
    }

    pub(crate) fn state(&self) -> LinkState {
        self.link.lock().0
    }

    /// A session begins.
    pub(crate) fn open(&self, handle: Handle) {
        *self.link.lock() = (LinkState::Bound, Some(handle));
        *self.doubted_until.lock() = None;
        measure::bound(self.name(), true);
    }

    /// There is no session.
    pub(crate) fn enter(&self, state: LinkState) {
        *self.link.lock() = (state, None);
        measure::bound(self.name(), false);
    }

    /// Whether it lately left a message without an answer.
    pub(crate) fn is_doubted(&self, now: Instant) -> bool {
        self.doubted_until.lock().is_some_and(|until| now < until)
    }

    /// Puts a message to this centre, part by part. What is not on the wire at `hand_over_by` stays
    /// off it; what is not answered at `decide_by` is unknown.
    pub(crate) async fn deliver(
        &self,
        draft: &Draft,
        hand_over_by: Instant,
        decide_by: Instant,
    ) -> Result<(), NotDelivered> {
        let encoded = text::encode(&draft.text, self.settings.default_alphabet, draft.reference)
            .map_err(|error| NotDelivered::Failed(not_encodable(error)))?;
        let tracked = |tracking| Arc::new(Tracked::new(tracking, encoded.parts.len()));
        let part =
            Part { phone: draft.destination.digits().into(), message: draft.tracking.map(tracked) };
        let letter = Letter { draft, encoded: &encoded, part };
        let mut parts = encoded.parts.iter();
        if let Some(first) = parts.next() {
            self.submit(&letter, first, hand_over_by, decide_by).await?;
        }
        for part in parts {
            self.submit_further(&letter, part, decide_by).await?;
        }
        Ok(())
    }

    /// A message that has begun stays with its centre: sent elsewhere, its parts would not join.
    async fn submit_further(
        &self,
        letter: &Letter<'_>,
        part: &[u8],
        decide_by: Instant,
    ) -> Result<(), NotDelivered> {
        let hand_over_by = decide_by.min(letter.draft.useful_until);
        loop {
            match self.submit(letter, part, hand_over_by, decide_by).await {
                Err(NotDelivered::Throttled) if Instant::now() + PART_PAUSE < hand_over_by => {
                    sleep(PART_PAUSE).await;
                }
                Err(NotDelivered::Temporary(error)) => return Err(NotDelivered::Failed(error)),
                Err(NotDelivered::NotSent | NotDelivered::Throttled) => {
                    return Err(NotDelivered::Failed(self.unknown()));
                }
                other => return other,
            }
        }
    }

    async fn submit(
        &self,
        letter: &Letter<'_>,
        part: &[u8],
        hand_over_by: Instant,
        decide_by: Instant,
    ) -> Result<(), NotDelivered> {
        let Some(handle) = self.link.lock().1.clone() else {
            return Err(NotDelivered::NotSent);
        };
        let now = Instant::now();
        let patience = hand_over_by.saturating_duration_since(now);
        let Some(turn) = self.throttle.reserve(now, patience) else {
            return Err(NotDelivered::NotSent);
        };
        sleep(turn).await;
        let pdu = self.submit_sm(letter, part).ok_or(NotDelivered::Failed(
            SendError::NotEncodable("a field is longer than SMPP allows"),
        ))?;
        let outcome = handle.submit(pdu, letter.part.clone(), hand_over_by, decide_by).await;
        self.judge(&outcome)
    }

    fn judge(&self, outcome: &Outcome) -> Result<(), NotDelivered> {
        let status = match outcome {
            Outcome::Answered(status) => *status,
            Outcome::NotSent => {
                measure::submit(self.name(), "not_sent");
                return Err(NotDelivered::NotSent);
            }
            Outcome::Unknown => {
                measure::submit(self.name(), "unknown");
                *self.doubted_until.lock() = Some(Instant::now() + DOUBT);
                return Err(NotDelivered::Failed(self.unknown()));
            }
        };
        *self.doubted_until.lock() = None;
        match status::verdict(status) {
            Verdict::Accepted => {
                measure::submit(self.name(), "accepted");
                measure::rate(self.name(), self.throttle.rate(Instant::now()));
                Ok(())
            }
            Verdict::Throttled => {
                measure::submit(self.name(), "throttled");
                self.throttle.slow_down(Instant::now());
                tracing::debug!(message_centre = self.name(), "throttled; slowing down");
                Err(NotDelivered::Throttled)
            }
            Verdict::Temporary => {
                measure::submit(self.name(), "refused");
                Err(NotDelivered::Temporary(self.refused(status)))
            }
            Verdict::Permanent => {
                measure::submit(self.name(), "refused");
                Err(NotDelivered::Failed(self.refused(status)))
            }
        }
    }

    fn submit_sm(&self, letter: &Letter<'_>, part: &[u8]) -> Option<Pdu> {
        let Letter { draft, encoded, .. } = letter;
        let validity = draft.expires_at.saturating_duration_since(Instant::now());
        pdu::submit_sm(Submission {
            source: draft.sender.as_str(),
            source_numbering: draft.sender.numbering(&self.settings),
            destination: draft.destination.digits(),
            destination_numbering: self.settings.destination,
            has_header: encoded.has_header(),
            data_coding: encoded.data_coding,
            registered_delivery: self.settings.registered_delivery,
            validity_period: validity::relative(validity),
            short_message: part.to_vec(),
        })
    }

    fn refused(&self, status: u32) -> SendError {
        SendError::Refused { message_centre: self.name().to_owned(), status }
    }

    fn unknown(&self) -> SendError {
        SendError::Unknown { message_centre: self.name().to_owned() }
    }
}

/// The port's error for a text no centre can carry.
pub(crate) fn not_encodable(error: text::TextError) -> SendError {
    SendError::NotEncodable(match error {
        text::TextError::Empty => "the text is empty",
        text::TextError::TooLong => "the text needs more than ten parts",
    })
}
