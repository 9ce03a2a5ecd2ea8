//! What an operator says about a foreign authenticator.

use std::time::Duration;

use fiador_domain::{
    client::{ClientKeySource, Encryption, SignatureAlgorithm, SigningAlgorithm},
    routing::Enrolment,
};
use fiador_kernel::{Amr, AuthenticatorId, Loa};

use crate::{
    EvidenceTable, SettingsError,
    ports::{check_address, check_id},
};

/// One foreign authenticator.
#[derive(Clone, Debug)]
pub struct ForeignSettings {
    /// Its name in policy, logs and addresses: 1 to 64 lower-case letters, digits, `_`, `-`.
    pub id: AuthenticatorId,
    /// What people call it.
    pub display_name: String,
    /// `iss` of its results and `aud` of requests.
    pub issuer: String,
    /// How it is asked.
    pub form: ForeignForm,
    /// Its key set, inline or by address.
    pub keys: ClientKeySource,
    /// The only algorithm of its results; `None`: any of [`SignatureAlgorithm`].
    pub result_signing_alg: Option<SignatureAlgorithm>,
    /// How requests are signed.
    pub request_signing_alg: SigningAlgorithm,
    /// How requests are encrypted to it, if they are.
    pub request_encryption: Option<Encryption>,
    /// Requests carry the phone number; only with [`Self::request_encryption`].
    pub sends_phone_number: bool,
    /// What its evidence is worth.
    pub evidence: EvidenceTable,
    /// Whose subscriptions it works for.
    pub enrolment: Enrolment,
    /// What one use costs, in thousandths of the operator's currency.
    pub cost: u32,
}

/// How a foreign authenticator is asked.
#[derive(Clone, Debug)]
pub enum ForeignForm {
    /// The browser goes there.
    Browser {
        /// Where to.
        authorization_endpoint: String,
    },
    /// From server to server.
    BackChannel(BackChannel),
}

/// The addresses of the back-channel form.
#[derive(Clone, Debug)]
pub struct BackChannel {
    /// Takes requests.
    pub start_endpoint: String,
    /// Takes them back; `None`: cannot.
    pub cancel_endpoint: Option<String>,
    /// How results come.
    pub results: Results,
    /// Requests on their way or polled at the same time, 1 to 10,000: one more is not started.
    pub parallel: usize,
}

/// How results of the back-channel form come.
#[derive(Clone, Debug)]
pub enum Results {
    /// Posted to us.
    Pushed,
    /// Fetched by us.
    Polled {
        /// Where from.
        status_endpoint: String,
        /// How often: 2 to 60 s.
        interval: Duration,
    },
}

impl ForeignSettings {
    /// The most that it can prove (T-101).
    pub fn ceiling(&self) -> Loa {
        self.evidence.ceiling()
    }

    /// Mobile Connect names of the methods that it reports.
    pub fn mc_amr_values(&self) -> Vec<Amr> {
        self.evidence.mc_amr_values()
    }

    /// Where forms of the waiting page may lead, if anywhere: browsers ask for it in advance.
    pub fn leads_to(&self) -> Option<&str> {
        match &self.form {
            ForeignForm::Browser { authorization_endpoint } => Some(authorization_endpoint),
            ForeignForm::BackChannel(_) => None,
        }
    }

    /// Whether it can be used.
    pub fn validate(&self) -> Result<(), SettingsError> {
        check_id(&self.id)?;
        check_address("issuer", &self.issuer)?;
        let name = self.display_name.chars().count();
        if !(1..=40).contains(&name) || self.display_name.chars().any(char::is_control) {
            return Err(SettingsError::new("display_name", "has 1 to 40 printable characters"));
        }
        if self.keys == ClientKeySource::None {
            return Err(SettingsError::new(
                "jwks_uri",
                "or `jwks` is missing: its results are signed",
            ));
        }
        if let ClientKeySource::Uri(uri) = &self.keys {
            check_address("jwks_uri", uri)?;
        }
        if self.sends_phone_number && self.request_encryption.is_none() {
            return Err(SettingsError::new(
                "sends_phone_number",
                "needs `request_encryption_alg`: a number travels through browsers only encrypted",
            ));
        }
        match &self.form {
            ForeignForm::Browser { authorization_endpoint } => {
                check_address("authorization_endpoint", authorization_endpoint)
            }
            ForeignForm::BackChannel(channel) => channel.validate(),
        }
    }
}

impl BackChannel {
    fn validate(&self) -> Result<(), SettingsError> {
        check_address("start_endpoint", &self.start_endpoint)?;
        if let Some(cancel) = &self.cancel_endpoint {
            check_address("cancel_endpoint", cancel)?;
        }
        if !(1..=10_000).contains(&self.parallel) {
            return Err(SettingsError::new("parallel", "is a number from 1 to 10000"));
        }
        if let Results::Polled { status_endpoint, interval } = &self.results {
            check_address("status_endpoint", status_endpoint)?;
            if !(Duration::from_secs(2)..=Duration::from_mins(1)).contains(interval) {
                return Err(SettingsError::new("poll_interval", "is 2 to 60 s"));
            }
        }
        Ok(())
    }
}
