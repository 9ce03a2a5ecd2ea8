//! The phones of the sandbox.

use std::collections::BTreeMap;

use fiador_domain::subscriber::Attributes;
use serde::Serialize;
use serde_json::json;

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
}

impl Phone {
    /// The subscription's id: the same in every run.
    pub fn subscriber_id(&self) -> String {
        format!("sandbox-{}", self.msisdn)
    }

    /// What the operator knows about the subscriber.
    pub fn attributes(&self) -> Attributes {
        let family = self.label;
        Attributes(BTreeMap::from([
            ("name".to_owned(), json!(format!("Subscriber {family}"))),
            ("given_name".to_owned(), json!("Subscriber")),
            ("family_name".to_owned(), json!(family)),
            ("birthdate".to_owned(), json!("1990-01-31")),
            ("email".to_owned(), json!(format!("{}@subscriber.example", family.to_lowercase()))),
            ("email_verified".to_owned(), json!(true)),
            ("locale".to_owned(), json!("en-GB")),
            ("zoneinfo".to_owned(), json!("Europe/London")),
            (
                "address".to_owned(),
                json!({
                    "street_address": "1 Sandbox Street",
                    "locality": "London",
                    "postal_code": "EC4N 8AF",
                    "country": "GB",
                }),
            ),
            ("street_address".to_owned(), json!("1 Sandbox Street")),
            ("city".to_owned(), json!("London")),
            ("postal_code".to_owned(), json!("EC4N 8AF")),
            ("country".to_owned(), json!("GB")),
            ("phone_number_alternate".to_owned(), json!("447700900999")),
            ("national_identifier".to_owned(), json!(format!("SANDBOX-{}", &self.msisdn[9..]))),
            ("updated_at".to_owned(), json!(1_760_000_000)),
        ]))
    }
}

/// All phones; the last approves by itself.
pub const fn phones() -> &'static [Phone] {
    const SMS: &[&str] = &["sms_otp"];
    const fn phone(msisdn: &'static str, label: &'static str, auto: bool) -> Phone {
        Phone { msisdn, authenticators: SMS, auto, label }
    }
    const PHONES: &[Phone] = &[
        phone("447700900001", "One", false),
        phone("447700900002", "Two", false),
        phone("447700900003", "Three", false),
        phone("447700900004", "Four", false),
        phone("447700900005", "Auto", true),
    ];
    PHONES
}
