//! SMS one-time code: the authenticator that every phone can answer.
//!
//! The road of a challenge, and the file of each step:
//!
//! 1. [`SmsOtp`] starts: lock-out first, then every send budget in one durable reservation, then a
//!    code (`start.rs`, `lock_out.rs`, `send_budget.rs`, `code.rs`).
//! 2. The journey keeps a keyed hash of the code, never the code (`state.rs`).
//! 3. The text is composed from a fixed template and handed to the message centre by a task of its
//!    own, so that the answer to the browser tells nothing (`text.rs`, `delivery.rs`).
//! 4. The page asks for the code (`prompt.rs`); an attempt is taken before the answer is looked at,
//!    and a wrong one is counted durably (`evaluate.rs`, `guess_watch.rs`).
//!
//! An unknown number goes the same road with the same costs; only the message itself is missing
//! (T-048). What SMS proves is level 2 and that is a constant (T-101).

mod adaptor;
mod code;
mod delivery;
mod evaluate;
mod guess_watch;
mod lock_out;
mod prompt;
mod send_budget;
mod settings;
mod start;
mod state;
mod text;

use fiador_http_kit::{AssetsBuilder, MessagesBuilder, MessagesError, texts};

pub use adaptor::{AUTHENTICATOR_ID, CEILING, Ports, SmsOtp};
pub use code::{CodeSource, EntropyCodes};
pub use settings::{GuessAlarm, SendBudgets, Settings, SettingsError};

/// Adds the words of the page and of the text messages, in every language.
pub fn add_messages(messages: MessagesBuilder) -> Result<MessagesBuilder, MessagesError> {
    messages.add_all(&texts!("sms.ftl"))
}

/// Adds the script that fills the code in by itself where a browser can (WebOTP). The page works
/// without it.
#[must_use]
pub fn add_assets(assets: AssetsBuilder) -> AssetsBuilder {
    assets.file(prompt::SCRIPT, include_bytes!("../assets/sms-otp.js").as_slice())
}
