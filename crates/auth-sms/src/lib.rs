//! Authentication by text message: a one-time code (`sms_otp`), a link (`sms_url`), or both in one
//! message (`sms_otp_url`).
//!
//! The road of a challenge, and the file of each step:
//!
//! 1. [`SmsAuthenticator`] starts: lock-out first, then every send budget in one durable
//!    reservation, then a code, a link, and the number that ties the two screens together
//!    (`start.rs`, `lock_out.rs`, `send_budget.rs`, `code.rs`, `link/token.rs`, `link/number.rs`).
//! 2. The journey keeps a keyed hash of the code and a digest of the link's token, never the two
//!    themselves (`state.rs`).
//! 3. The text is composed from a fixed template and handed to the message centre by a task of its
//!    own, so that the answer to the browser tells nothing (`text.rs`, `delivery.rs`).
//! 4. The waiting page asks for the code and shows the number (`prompt.rs`); the link's page on the
//!    phone asks which number it is ([`LinkPages`]).
//! 5. An attempt is taken before an answer is looked at. The code is worth something from the
//!    waiting browser alone, a decision from the link's page alone (`compare_code.rs`, `decide.rs`);
//!    what is wrong is counted durably, and many together raise an alarm (`watch`).
//!
//! The three share budgets, lock-out and watches ([`Sms`]). An unknown number goes the same road
//! with the same costs; only the message itself is missing (T-048). What SMS proves is level 2 and
//! that is a constant (T-101).

mod adaptor;
mod code;
mod compare_code;
mod decide;
mod delivery;
mod kind;
mod link;
mod lock_out;
mod prompt;
mod send_budget;
mod settings;
mod sms;
mod start;
mod state;
mod text;
mod watch;

use fiador_http_kit::{AssetsBuilder, MessagesBuilder, MessagesError, texts};

pub use adaptor::SmsAuthenticator;
pub use code::{CodeSource, EntropyCodes};
pub use kind::Kind;
pub use link::LinkPages;
pub use settings::{
    ConversionAlarm, GuessAlarm, MessageText, SendBudgets, Settings, SettingsError,
};
pub use sms::{CEILING, Ports, Sms};

/// Adds the words of the pages and of the text messages, in every language.
pub fn add_messages(messages: MessagesBuilder) -> Result<MessagesBuilder, MessagesError> {
    messages.add_all(&texts!("sms.ftl"))
}

/// Adds the script that fills the code in by itself where a browser can (WebOTP). The page works
/// without it.
#[must_use]
pub fn add_assets(assets: AssetsBuilder) -> AssetsBuilder {
    assets.file(prompt::SCRIPT, include_bytes!("../assets/sms-otp.js").as_slice())
}
