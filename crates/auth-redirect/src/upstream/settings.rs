//! What an operator says about an OpenID Provider.

use fiador_domain::{
    client::{SignatureAlgorithm, SigningAlgorithm},
    routing::Enrolment,
};
use fiador_kernel::{Amr, AuthenticatorId, Loa, Secret};

use crate::{
    Class, SettingsError,
    ports::{check_address, check_id},
};

/// One OpenID Provider.
#[derive(Clone, Debug)]
pub struct UpstreamSettings {
    /// Its name in policy, logs and addresses: 1 to 64 lower-case letters, digits, `_`, `-`.
    pub id: AuthenticatorId,
    /// What people call it.
    pub display_name: String,
    /// Its issuer; the metadata is found below it (OpenID Connect Discovery §4).
    pub issuer: String,
    /// Who we are there.
    pub client_id: String,
    /// How we prove it.
    pub authentication: UpstreamAuthentication,
    /// The only algorithm of its ID Tokens; `None`: any of [`SignatureAlgorithm`].
    pub id_token_signing_alg: Option<SignatureAlgorithm>,
    /// Scopes beside `openid`, such as `phone`.
    pub scopes: Vec<String>,
    /// Whether it is told whom we expect.
    pub login_hint: LoginHint,
    /// What kind of authenticator it is: limits [`Self::levels`] (T-101).
    pub class: Class,
    /// Our levels and its `acr`, the preferred one first; never empty.
    pub levels: Vec<LevelMapping>,
    /// How its user is held against our subscriber.
    pub subject: SubjectBinding,
    /// Whose subscriptions it works for.
    pub enrolment: Enrolment,
    /// What one use costs, in thousandths of the operator's currency.
    pub cost: u32,
}

/// How the gateway authenticates at the token endpoint.
#[derive(Clone, Debug)]
pub enum UpstreamAuthentication {
    /// `client_secret_basic` (RFC 6749 §2.3.1).
    ClientSecret(Secret<String>),
    /// `private_key_jwt` (RFC 7523 §2.2), signed with the gateway's own key.
    PrivateKeyJwt(SigningAlgorithm),
}

/// What `login_hint` says. Never the number: it would stand in the browser's address, and only where
/// it is one of ours (T-048).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoginHint {
    /// Nothing.
    #[default]
    None,
    /// The pseudonym of the person, which the provider must have linked before.
    Pseudonym,
}

/// One level of ours and what the provider calls it.
#[derive(Clone, Debug)]
pub struct LevelMapping {
    /// Ours.
    pub level: Loa,
    /// Its `acr`; `None`: whatever its ID Token says, which `acr_values` cannot ask for.
    pub acr: Option<String>,
    /// RFC 8176 names of what it did.
    pub amr: Vec<Amr>,
    /// Mobile Connect names of what it did.
    pub amr_mobile_connect: Vec<Amr>,
}

/// How the provider's user is held against our subscriber.
#[derive(Clone, Debug)]
pub enum SubjectBinding {
    /// The claim is the subscriber's number in E.164. Of `phone_number`, `phone_number_verified` must
    /// be true as well.
    Number {
        /// Which claim.
        claim: String,
    },
    /// The claim is equal to an attribute that is stored for the subscriber.
    Attribute {
        /// Which claim.
        claim: String,
        /// Which attribute.
        attribute: String,
    },
}

impl UpstreamSettings {
    /// The most that any of its levels gives (T-101).
    pub fn ceiling(&self) -> Loa {
        let highest = self.levels.iter().map(|mapping| mapping.level).max();
        highest.unwrap_or(Loa::One).min(self.class.ceiling())
    }

    /// Mobile Connect names of the methods that it reports.
    pub fn mc_amr_values(&self) -> Vec<Amr> {
        let mut all: Vec<Amr> = Vec::new();
        for amr in self.levels.iter().flat_map(|mapping| &mapping.amr_mobile_connect) {
            if !all.contains(amr) {
                all.push(amr.clone());
            }
        }
        all
    }

    /// Whether it can be used.
    pub fn validate(&self) -> Result<(), SettingsError> {
        check_id(&self.id)?;
        check_address("issuer", &self.issuer)?;
        let name = self.display_name.chars().count();
        if !(1..=40).contains(&name) || self.display_name.chars().any(char::is_control) {
            return Err(SettingsError::new("display_name", "has 1 to 40 printable characters"));
        }
        let is_visible = |text: &str| text.bytes().all(|b| b.is_ascii_graphic());
        if self.client_id.is_empty() || !is_visible(&self.client_id) {
            return Err(SettingsError::new("client_id", "is visible ASCII"));
        }
        if self.scopes.iter().any(|scope| scope.is_empty() || !is_visible(scope)) {
            return Err(SettingsError::new("scopes", "are visible ASCII"));
        }
        self.check_levels()
    }

    fn check_levels(&self) -> Result<(), SettingsError> {
        if self.levels.is_empty() {
            return Err(SettingsError::new("levels", "is empty; say what its `acr` is worth"));
        }
        let most = self.class.ceiling();
        for mapping in &self.levels {
            if mapping.level > most {
                let class = self.class.as_str();
                let rule = format!(
                    "names level {}, but class `{class}` proves {most} at most",
                    mapping.level
                );
                return Err(SettingsError::new("levels", rule));
            }
            // Without an `acr` nothing says that the provider did more than once upon a time.
            if mapping.acr.is_none() && mapping.level > Loa::Two {
                return Err(SettingsError::new("levels", "above 2 need an `acr`"));
            }
            if mapping.amr.is_empty() || mapping.amr_mobile_connect.is_empty() {
                return Err(SettingsError::new("levels", "need `amr` and `amr_mobile_connect`"));
            }
            if mapping.acr.as_ref().is_some_and(|acr| acr.is_empty() || acr.contains(' ')) {
                return Err(SettingsError::new("levels", "have `acr` without space"));
            }
        }
        Ok(())
    }
}
