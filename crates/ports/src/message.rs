//! Text messages to phones.

use std::time::Duration;

use async_trait::async_trait;
use fiador_domain::journey::Delivery;
use fiador_kernel::{Digest, Msisdn};

/// A text for one phone.
#[derive(Clone, Debug)]
pub struct TextMessage {
    /// Where to.
    pub destination: Msisdn,
    /// Who from, as the phone shows it: up to 11 GSM-7 characters, or digits.
    pub sender: String,
    /// The text; encoded as GSM-7 if it fits, else as UCS-2, in several parts if it must.
    pub text: String,
    /// The message centre drops it after so long: a stale code is of no use.
    pub validity: Duration,
    /// By what the fate of the message is told to [`DeliveryReports`]; `None` when nobody asks. It
    /// stays inside the gateway: no centre sees it.
    pub tracking: Option<Digest>,
}

/// Why a message did not leave, and whether trying again can help.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// A centre said no for good.
    #[error(
        "message centre {message_centre} refused the message with status {status} ({status:#010x})"
    )]
    Refused {
        /// Which centre.
        message_centre: String,
        /// SMPP `command_status`, or the HTTP status of a gateway.
        status: u32,
    },
    /// No centre is connected.
    #[error(
        "no message centre can be reached; see the message centres in the configuration and the log"
    )]
    Unavailable,
    /// The bounded queue is full.
    #[error("the queue of messages is full; the message centres are too slow for the load")]
    QueueFull,
    /// Sent, but no answer came: it may have arrived.
    #[error("message centre {message_centre} did not answer; the message may have been sent")]
    Unknown {
        /// Which centre.
        message_centre: String,
    },
    /// Too little of the message's life is left for it to be of use on arrival (T-130).
    #[error("the message would be stale on arrival; it was not sent")]
    Stale,
    /// The text or the sender cannot be sent.
    #[error("the message cannot be encoded: {0}")]
    NotEncodable(&'static str),
}

impl SendError {
    /// Whether sending again is both useful and safe from duplicates.
    pub const fn may_retry(&self) -> bool {
        match self {
            Self::Unavailable | Self::QueueFull => true,
            Self::Refused { .. } | Self::Unknown { .. } | Self::Stale | Self::NotEncodable(_) => {
                false
            }
        }
    }
}

/// One or more message centres behind one door.
#[async_trait]
pub trait MessageCentre: Send + Sync {
    /// Hands a message over; returns when a centre has accepted every part.
    async fn submit(&self, message: TextMessage) -> Result<(), SendError>;

    /// Whether any centre is connected: asked before a login depends on it.
    fn is_available(&self) -> bool;
}

/// Who is told what became of messages with [`TextMessage::tracking`].
///
/// That a centre has taken a message is what `submit` returns; here comes what follows, each state
/// of a message once: `Delivered` when the phone has all its parts, `Failed` when it will not get
/// them. It may come before `submit` has returned, or long after the journey is over, or never; and
/// it never extends a code's life (T-130).
#[async_trait]
pub trait DeliveryReports: Send + Sync {
    /// Tells the fate of a message. An unknown `tracking` is no error, for its prompt may be over.
    async fn report(&self, tracking: Digest, delivery: Delivery);
}
