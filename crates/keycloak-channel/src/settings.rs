//! What an operator says about a realm.

use fiador_kernel::{Language, Loa};

/// One realm of a Keycloak server.
#[derive(Clone, Debug)]
pub struct RealmSettings {
    /// Its name in addresses and logs: 1 to 64 lower-case letters, digits, `_`, `-`.
    pub id: String,
    /// The realm's issuer: `https://keycloak.example/realms/bank`.
    pub issuer: String,
    /// Clients of the realm that may ask (T-184).
    pub clients: Vec<ChannelClient>,
    /// Levels where a request names none.
    pub levels: Vec<Loa>,
    /// The language of pages and messages.
    pub language: Language,
}

/// A client of the realm.
#[derive(Clone, Debug)]
pub struct ChannelClient {
    /// Its `client_id` there.
    pub client_id: String,
    /// What people see: at most 16 characters.
    pub name: String,
}

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{setting}` {rule}")]
pub struct SettingsError {
    /// Which setting.
    pub setting: &'static str,
    /// What it must be.
    pub rule: &'static str,
}

impl RealmSettings {
    /// Whether it can be used.
    pub fn validate(&self) -> Result<(), SettingsError> {
        let is_of_id = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b);
        let is_visible =
            |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        let name_fits = |name: &str| {
            (1..=16).contains(&name.chars().count()) && !name.chars().any(char::is_control)
        };
        let is_address = self.issuer.starts_with("https://") || self.issuer.starts_with("http://");
        let checks = [
            (
                "id",
                (1..=64).contains(&self.id.len()) && self.id.bytes().all(is_of_id),
                "has 1 to 64 lower-case letters, digits, `_` and `-`",
            ),
            (
                "issuer",
                is_address && is_visible(&self.issuer) && self.issuer.len() <= 512,
                "is no https address of a realm",
            ),
            (
                "clients",
                self.clients.iter().all(|one| {
                    is_visible(&one.client_id) && one.client_id.len() <= 128 && name_fits(&one.name)
                }),
                "have a `client_id` of at most 128 visible characters and a `name` of at most 16",
            ),
            ("clients", !self.clients.is_empty(), "is empty; nobody could ask"),
            ("levels", !self.levels.is_empty(), "is empty"),
        ];
        match checks.into_iter().find(|(_, good, _)| !good) {
            Some((setting, _, rule)) => Err(SettingsError { setting, rule }),
            None => Ok(()),
        }
    }
}
