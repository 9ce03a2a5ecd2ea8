//! What an operator says about a realm.

use fiador_kernel::{ClientId, Language, Loa};

/// One realm of a Keycloak server.
#[derive(Clone, Debug)]
pub struct RealmSettings {
    /// Its name in addresses and logs: 1 to 32 lower-case letters, digits, `_`, `-`.
    pub id: String,
    /// The realm's issuer, without a slash at its end: `https://sso.bank.example/realms/customers`. Its
    /// keys are fetched and its callback is called under this address and no other (T-080).
    pub issuer: String,
    /// Clients of the realm that may ask (T-184).
    pub clients: Vec<ChannelClient>,
    /// Levels where a request names none, in order of preference.
    pub levels: Vec<Loa>,
    /// The language of pages and messages.
    pub language: Language,
}

/// A client of the realm, and the application that it is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelClient {
    /// Its `client_id` in Keycloak.
    pub keycloak_client_id: String,
    /// The registered application whose name people see, and which policy and budgets know.
    pub client_id: ClientId,
}

/// A setting that cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
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
        let is_name = |text: &str| {
            (1..=128).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        };
        let is_twice = |name: &str| {
            self.clients.iter().filter(|one| one.keycloak_client_id == name).count() > 1
        };
        let is_address = self.issuer.starts_with("https://") || self.issuer.starts_with("http://");
        let checks = [
            (
                "id",
                (1..=32).contains(&self.id.len()) && self.id.bytes().all(is_of_id),
                "has 1 to 32 lower-case letters, digits, `_` and `-`",
            ),
            (
                "issuer",
                is_address
                    && self.issuer.len() <= 512
                    && self.issuer.bytes().all(|b| b.is_ascii_graphic() && !b"?#".contains(&b))
                    && !self.issuer.ends_with('/'),
                "is an https address without query, fragment and slash at its end, as Keycloak names \
                 the realm in its metadata",
            ),
            ("clients", !self.clients.is_empty(), "is empty; nobody could ask"),
            (
                "clients",
                self.clients.iter().all(|one| is_name(&one.keycloak_client_id)),
                "have a `keycloak_client_id` of 1 to 128 visible characters",
            ),
            (
                "clients",
                !self.clients.iter().any(|one| is_twice(&one.keycloak_client_id)),
                "name a `keycloak_client_id` twice",
            ),
            ("levels", !self.levels.is_empty(), "is empty; name at least one"),
        ];
        match checks.into_iter().find(|(_, good, _)| !good) {
            Some((setting, _, rule)) => Err(SettingsError { setting, rule }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Change = fn(&mut RealmSettings);

    fn good() -> RealmSettings {
        RealmSettings {
            id: "bank".to_owned(),
            issuer: "https://sso.bank.example/realms/customers".to_owned(),
            clients: vec![ChannelClient {
                keycloak_client_id: "call-centre".to_owned(),
                client_id: ClientId::new("bank-calls").unwrap(),
            }],
            levels: vec![Loa::Two],
            language: Language::En,
        }
    }

    #[test]
    fn each_setting_is_held_against_its_rule() {
        assert_eq!(good().validate(), Ok(()));
        let cases: [(&str, Change); 8] = [
            ("id", |s| s.id = "Bank".to_owned()),
            ("id", |s| s.id = String::new()),
            ("issuer", |s| s.issuer = "sso.bank.example".to_owned()),
            ("issuer", |s| s.issuer.push('/')),
            ("issuer", |s| s.issuer.push_str("?a=b")),
            ("clients", |s| s.clients.clear()),
            ("clients", |s| s.clients.push(s.clients[0].clone())),
            ("levels", |s| s.levels.clear()),
        ];
        for (setting, change) in cases {
            let mut settings = good();
            change(&mut settings);
            assert_eq!(settings.validate().unwrap_err().setting, setting);
        }
    }
}
