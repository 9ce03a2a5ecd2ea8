//! The phones of the sandbox.

use fiador_domain::subscriber::Attributes;
use serde::Serialize;

use crate::person::{PEOPLE, Person};

/// Every one-time code of the phone with [`Phone::auto`].
pub const AUTO_CODE: &str = "424242";

/// One simulated phone and its subscription. Numbers are from the range that the British regulator
/// keeps for drama, so no message could ever reach a person.
#[derive(Clone, Debug, Serialize)]
pub struct Phone {
    /// Digits, without `+`.
    pub msisdn: &'static str,
    /// What it can be authenticated with.
    pub authenticators: &'static [&'static str],
    /// Approves every prompt by itself; its one-time codes are [`AUTO_CODE`].
    pub auto: bool,
    /// Its name on the page.
    #[serde(skip)]
    pub label: &'static str,
    /// Who holds it.
    #[serde(skip)]
    pub person: &'static Person,
}

impl Phone {
    /// The subscription's id: the same in every run.
    pub fn subscriber_id(&self) -> String {
        format!("sandbox-{}", self.msisdn)
    }

    /// What the operator knows about the subscriber.
    pub fn attributes(&self) -> Attributes {
        self.person.attributes(self.msisdn)
    }
}

/// All phones. The fifth approves by itself; those after it can do more than one-time codes.
pub const fn phones() -> &'static [Phone] {
    const fn phone(
        msisdn: &'static str,
        label: &'static str,
        person: &'static Person,
        authenticators: &'static [&'static str],
    ) -> Phone {
        Phone { msisdn, authenticators, auto: false, label, person }
    }
    const PHONES: &[Phone] = &[
        phone("447700900001", "One", &PEOPLE[0], &["sms_otp"]),
        phone("447700900002", "Two", &PEOPLE[1], &["sms_otp"]),
        phone("447700900003", "Three", &PEOPLE[2], &["sms_otp"]),
        phone("447700900004", "Four", &PEOPLE[3], &["sms_otp"]),
        Phone { auto: true, ..phone("447700900005", "Auto", &PEOPLE[4], &["sms_otp"]) },
        phone("447700900006", "Link", &PEOPLE[0], &["sms_url"]),
        phone("447700900007", "Code or link", &PEOPLE[1], &["sms_otp_url"]),
        phone("447700900008", "Several ways", &PEOPLE[2], &["sms_otp", "sms_url"]),
    ];
    PHONES
}
