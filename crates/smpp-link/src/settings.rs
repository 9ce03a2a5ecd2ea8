//! What an operator can set, with defaults that suit most centres.

use std::{collections::HashSet, path::PathBuf, time::Duration};

use fiador_kernel::Secret;

use crate::{text::Alphabet, tls};

/// All centres and the rules of the link between them.
#[derive(Clone, Debug)]
pub struct SmppSettings {
    /// Tried in this order; each name once.
    pub message_centres: Vec<CentreSettings>,
    /// Messages inside the link at most; one more is refused (T-131, T-260). 1,000.
    pub queue: usize,
    /// A message that no centre has accepted after so long gives an error (T-131). 3 s.
    pub decide_within: Duration,
    /// A message is not handed to a centre with less life than this left (T-130). 60 s.
    pub least_validity: Duration,
    /// How long a shutdown waits for answers under way, and then for the centre's good-bye. 3 s.
    pub shutdown_grace: Duration,
}

impl SmppSettings {
    /// The defaults with these centres.
    pub fn new(message_centres: Vec<CentreSettings>) -> Self {
        Self {
            message_centres,
            queue: 1_000,
            decide_within: Duration::from_secs(3),
            least_validity: Duration::from_mins(1),
            shutdown_grace: Duration::from_secs(3),
        }
    }

    /// Whether a link can be made of these settings.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.message_centres.is_empty() {
            return Err(SettingsError::NoCentre);
        }
        if !(1..=100_000).contains(&self.queue) {
            return Err(SettingsError::Queue);
        }
        let mut names = HashSet::new();
        for centre in &self.message_centres {
            if !names.insert(&centre.name) {
                return Err(SettingsError::DoubleName(centre.name.clone()));
            }
            centre.check()?;
        }
        Ok(())
    }
}

impl SmppSettings {
    /// Whether the TLS files of every centre can be used now; they are read again for each
    /// connection.
    pub fn check_files(&self) -> Result<(), SettingsError> {
        for centre in &self.message_centres {
            let Some(tls) = &centre.tls else { continue };
            tls::client_config(tls).map_err(|error| SettingsError::Files {
                message_centre: centre.name.clone(),
                reason: error.to_string(),
            })?;
        }
        Ok(())
    }
}

/// One message centre, bound as transceiver over SMPP 3.4.
#[derive(Clone, Debug)]
pub struct CentreSettings {
    /// Its name in logs and metrics.
    pub name: String,
    /// Host name or address.
    pub host: String,
    /// TCP port: commonly 2775 without TLS, 2776 with it.
    pub port: u16,
    /// At most 15 ASCII characters (SMPP 3.4 §5.2.1).
    pub system_id: String,
    /// At most 8 ASCII characters (SMPP 3.4 §5.2.2).
    pub password: Secret<String>,
    /// At most 12 ASCII characters; empty, as most centres want it.
    pub system_type: String,
    /// TLS from the first octet; none means that the link itself must be private (T-132).
    pub tls: Option<TlsSettings>,
    /// Messages without an answer at most, 1 to 1,000. 10.
    pub window: usize,
    /// Messages per second at most, 1 to 100,000. 50.
    pub messages_per_second: u32,
    /// Silence after which the link is tested with `enquire_link`. 30 s.
    pub enquire_link_interval: Duration,
    /// How long a connection, a bind, or any answer may take. 10 s.
    pub response_timeout: Duration,
    /// TON and NPI of a sender that is a name. 5 and 0.
    pub alphanumeric_source: Numbering,
    /// TON and NPI of a sender that is a number; short codes often want 3 and 0. 1 and 1.
    pub numeric_source: Numbering,
    /// TON and NPI of the phone. 1 and 1.
    pub destination: Numbering,
    /// `registered_delivery` (SMPP 3.4 §5.2.17): 1 asks for a receipt of the outcome, 0 for none. 1.
    pub registered_delivery: u8,
    /// What the centre reads under `data_coding` 0. GSM-7.
    pub default_alphabet: Alphabet,
    /// The pauses between connections.
    pub reconnect: ReconnectSettings,
}

impl CentreSettings {
    /// The defaults for a centre at this place with these credentials.
    pub fn new(
        name: &str,
        host: &str,
        port: u16,
        system_id: &str,
        password: impl Into<Secret<String>>,
    ) -> Self {
        Self {
            name: name.to_owned(),
            host: host.to_owned(),
            port,
            system_id: system_id.to_owned(),
            password: password.into(),
            system_type: String::new(),
            tls: None,
            window: 10,
            messages_per_second: 50,
            enquire_link_interval: Duration::from_secs(30),
            response_timeout: Duration::from_secs(10),
            alphanumeric_source: Numbering { ton: 5, npi: 0 },
            numeric_source: Numbering { ton: 1, npi: 1 },
            destination: Numbering { ton: 1, npi: 1 },
            registered_delivery: 1,
            default_alphabet: Alphabet::Gsm7,
            reconnect: ReconnectSettings::default(),
        }
    }

    /// Whether the protocol can carry these values.
    pub fn check(&self) -> Result<(), SettingsError> {
        let refuse = |field, wanted| {
            Err(SettingsError::Value { message_centre: self.name.clone(), field, wanted })
        };
        let visible = |text: &str| text.bytes().all(|octet| matches!(octet, 0x20..=0x7e));
        if self.name.is_empty() || self.name.len() > 64 || !visible(&self.name) {
            return refuse("name", "1 to 64 ASCII characters");
        }
        if self.host.is_empty() {
            return refuse("host", "a host name or an address");
        }
        if self.system_id.is_empty() || self.system_id.len() > 15 || !visible(&self.system_id) {
            return refuse("system_id", "1 to 15 ASCII characters");
        }
        if self.password.expose().len() > 8 || !visible(self.password.expose()) {
            return refuse("password", "at most 8 ASCII characters");
        }
        if self.system_type.len() > 12 || !visible(&self.system_type) {
            return refuse("system_type", "at most 12 ASCII characters");
        }
        if !(1..=1_000).contains(&self.window) {
            return refuse("window", "1 to 1000 messages");
        }
        if !(1..=100_000).contains(&self.messages_per_second) {
            return refuse("messages_per_second", "1 to 100000");
        }
        let times = [self.enquire_link_interval, self.response_timeout, self.reconnect.shortest];
        if times.iter().any(Duration::is_zero) {
            return refuse("enquire_link_interval, response_timeout, reconnect", "more than zero");
        }
        Ok(())
    }
}

/// Type of number and numbering plan of an address (SMPP 3.4 §5.2.5, §5.2.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbering {
    /// 0 unknown, 1 international, 2 national, 3 network specific, 5 alphanumeric, 6 abbreviated.
    pub ton: u8,
    /// 0 unknown, 1 ISDN (E.164).
    pub npi: u8,
}

/// TLS towards a centre, without SMPP's own greeting ("implicit TLS"). The files are read again
/// for each connection, so renewed certificates need no restart (T-132).
#[derive(Clone, Debug)]
pub struct TlsSettings {
    /// PEM file with the authorities that may have signed the centre's certificate.
    pub ca_file: PathBuf,
    /// The name in the centre's certificate, when it is not `host`.
    pub server_name: Option<String>,
    /// What we show of ourselves, when the centre asks for it.
    pub client_certificate: Option<ClientCertificate>,
}

/// A client certificate with its key.
#[derive(Clone, Debug)]
pub struct ClientCertificate {
    /// PEM file with the certificate chain, our own first.
    pub certificate_file: PathBuf,
    /// PEM file with the private key; nobody but its owner and its group may read it.
    pub key_file: PathBuf,
}

/// Pauses between connections. Each is shortened at random by up to a half.
#[derive(Clone, Copy, Debug)]
pub struct ReconnectSettings {
    /// After the first failure; doubled by each further one. 1 s.
    pub shortest: Duration,
    /// The doubling ends here. 60 s.
    pub longest: Duration,
    /// After the centre refused the password or the `system_id` (0x0E, 0x0F). 5 min.
    pub after_refusal: Duration,
}

impl Default for ReconnectSettings {
    fn default() -> Self {
        Self {
            shortest: Duration::from_secs(1),
            longest: Duration::from_mins(1),
            after_refusal: Duration::from_mins(5),
        }
    }
}

/// Settings no link can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// An empty list.
    #[error("no message centre is configured")]
    NoCentre,
    /// `queue` is out of bounds.
    #[error("the queue of messages must hold 1 to 100000")]
    Queue,
    /// Logs and metrics could not tell them apart.
    #[error("two message centres are called {0}")]
    DoubleName(String),
    /// The files of its TLS cannot be used.
    #[error("message centre {message_centre}: {reason}")]
    Files {
        /// Which centre.
        message_centre: String,
        /// Which file, and why.
        reason: String,
    },
    /// A value that SMPP has no room for.
    #[error("message centre {message_centre}: {field} must be {wanted}")]
    Value {
        /// Which centre.
        message_centre: String,
        /// Which setting.
        field: &'static str,
        /// What it must be.
        wanted: &'static str,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre() -> CentreSettings {
        CentreSettings::new("a", "localhost", 2775, "fiador", "secret12".to_owned())
    }

    fn field(centre: CentreSettings) -> &'static str {
        match SmppSettings::new(vec![centre]).check() {
            Err(SettingsError::Value { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_defaults_are_good_and_print_no_password() {
        let settings = SmppSettings::new(vec![centre()]);
        assert_eq!(settings.check(), Ok(()));
        assert!(!format!("{settings:?}").contains("secret12"));
    }

    #[test]
    fn what_the_protocol_cannot_carry_is_refused_by_name() {
        let password = "secret123".to_owned().into();
        assert_eq!(field(CentreSettings { password, ..centre() }), "password");
        assert_eq!(field(CentreSettings { system_id: "x".repeat(16), ..centre() }), "system_id");
        assert_eq!(field(CentreSettings { window: 0, ..centre() }), "window");
        assert_eq!(field(CentreSettings { name: "a\nb".into(), ..centre() }), "name");
    }

    #[test]
    fn centres_need_names_of_their_own() {
        let settings = SmppSettings::new(vec![centre(), centre()]);
        assert_eq!(settings.check(), Err(SettingsError::DoubleName("a".to_owned())));
        assert_eq!(SmppSettings::new(vec![]).check(), Err(SettingsError::NoCentre));
    }
}
