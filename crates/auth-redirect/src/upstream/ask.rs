//! The authorization request (OpenID Connect Core §3.1.2.1, RFC 7636).

use fiador_jose::base64url;
use fiador_kernel::{Digest, Loa, handle};
use fiador_ports::{Challenge, StartError};

use super::{LoginHint, UpstreamProvider, state::State};
use crate::ports::with_query;

impl UpstreamProvider {
    /// Draws the secrets and puts the address together.
    pub(super) async fn ask(&self, challenge: &Challenge<'_>) -> Result<State, StartError> {
        let provider = self.discovery.provider().await.map_err(|error| {
            tracing::warn!(authenticator = %self.id(), %error, "an OpenID Provider cannot be asked");
            StartError::Unavailable
        })?;
        let [state, nonce, verifier] = [(); 3].map(|()| handle(&*self.ports.entropy));
        let code_challenge = base64url::encode(Digest::of(&verifier).as_bytes());
        let redirect_uri = self.redirect_uri();
        let scope = self.scope();
        let acr_values = self.acr_values(&challenge.ask.levels);
        let hint = match self.settings.login_hint {
            LoginHint::None => None,
            LoginHint::Pseudonym => Some(self.ports.pseudonym(self.id(), challenge)),
        };
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", &self.settings.client_id),
            ("redirect_uri", &redirect_uri),
            ("scope", &scope),
            ("state", &state),
            ("nonce", &nonce),
            ("code_challenge", &code_challenge),
            ("code_challenge_method", "S256"),
            // What counts is an authentication in this transaction (T-100), not a session there.
            ("prompt", "login"),
            ("max_age", "0"),
            ("ui_locales", challenge.ask.language.tag()),
        ];
        if !acr_values.is_empty() {
            parameters.push(("acr_values", &acr_values));
        }
        if let Some(hint) = &hint {
            parameters.push(("login_hint", hint));
        }
        let address = with_query(&provider.metadata.authorization_endpoint, &parameters);
        let address = address.ok_or(StartError::Unavailable)?;
        Ok(State::new([&state, &nonce], verifier, address, self.ports.clock.now()))
    }

    /// Our own address there, another one for each provider, so that no response of one passes for
    /// another's.
    pub(super) fn redirect_uri(&self) -> String {
        self.ports.own_address(self.id(), "return")
    }

    fn scope(&self) -> String {
        let others = self.settings.scopes.iter().filter(|scope| *scope != "openid");
        let mut scope = String::from("openid");
        for other in others {
            scope.push(' ');
            scope.push_str(other);
        }
        scope
    }

    /// What the provider calls levels that would do, in the order of what was asked for.
    fn acr_values(&self, requested: &[Loa]) -> String {
        let mut values: Vec<&str> = Vec::new();
        for level in requested {
            let enough = self.settings.levels.iter().filter(|mapping| mapping.level >= *level);
            for acr in enough.filter_map(|mapping| mapping.acr.as_deref()) {
                if !values.contains(&acr) {
                    values.push(acr);
                }
            }
        }
        values.join(" ")
    }
}
