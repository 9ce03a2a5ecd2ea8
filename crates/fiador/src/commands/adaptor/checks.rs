//! The list of what is tried, in each form.

use fiador_auth_redirect::contract::{Form, Outcome, ResultClaims};
use fiador_jose::{JwkSet, jwe::KeyManagement};
use serde_json::Value;

use super::{
    authenticator::{Answer, Authenticator},
    report::Report,
    requests::{bad, encrypted, good, signed},
};

/// Everything.
pub(super) async fn all(them: &Authenticator<'_>, report: &mut Report) -> anyhow::Result<()> {
    let keys = match them.keys().await {
        Ok(keys) => {
            report.line(None, "the keys can be read", Ok(()))?;
            keys
        }
        Err(error) => {
            return report.line(None, "the keys can be read", Err(format!("{error:#}")));
        }
    };
    let in_test_mode = them.metadata.test_mode;
    report.line(
        None,
        "it is in test mode",
        in_test_mode.then_some(()).ok_or_else(|| {
            "`test_mode` is not true in the metadata; start it so for the check".to_owned()
        }),
    )?;
    for form in [Form::Browser, Form::BackChannel] {
        if them.metadata.forms_supported.contains(&form) {
            let checks = Checks { them, keys: &keys, form };
            if in_test_mode {
                checks.good(report).await?;
            }
            checks.bad(report).await?;
        }
    }
    Ok(())
}

struct Checks<'a> {
    them: &'a Authenticator<'a>,
    keys: &'a JwkSet,
    form: Form,
}

impl Checks<'_> {
    /// Scripted outcomes, and that each counts once.
    async fn good(&self, report: &mut Report) -> anyhow::Result<()> {
        let mut line = |check: &str, outcome: anyhow::Result<()>| {
            report.line(Some(self.form), check, outcome.map_err(|error| format!("{error:#}")))
        };
        let approval = self.request("approved");
        let approved = self.scripted(&approval, is_approval).await;
        let jti = approved.as_ref().ok().map(|claims| claims.jti.clone());
        line("an approval gives a result that is bound to its request", approved.map(drop))?;
        line("a request is refused after its result", self.repeated(&approval).await)?;
        let denied = self.scripted(&self.request("denied"), is_denial).await;
        let another = denied.as_ref().ok().map(|claims| claims.jti.clone());
        line("a denial gives a result that is bound to its request", denied.map(drop))?;
        if jti.is_some() && another.is_some() {
            let differ = if jti == another {
                Err(anyhow::anyhow!("two results have one `jti`"))
            } else {
                Ok(())
            };
            line("each result has a `jti` of its own", differ)?;
        }
        for name in &self.them.metadata.request_encryption_alg_values_supported {
            let Some(alg) = KeyManagement::from_name(name) else { continue };
            line(
                &format!("a request that is encrypted with {name} is answered"),
                self.sealed(alg).await,
            )?;
        }
        Ok(())
    }

    /// Everything that must be refused.
    async fn bad(&self, report: &mut Report) -> anyhow::Result<()> {
        for bad in bad(self.them.gateway, &self.request("approved"))? {
            let refused = match self.them.ask(self.form, &bad.token).await {
                Ok(answer) => refused(&answer),
                Err(error) => Err(format!("{error:#}")),
            };
            report.line(Some(self.form), bad.check, refused)?;
        }
        Ok(())
    }

    fn request(&self, outcome: &str) -> Value {
        good(self.them.gateway, &self.them.metadata.issuer, self.form, outcome)
    }

    async fn scripted(
        &self,
        request: &Value,
        wanted: fn(&Outcome) -> anyhow::Result<()>,
    ) -> anyhow::Result<ResultClaims> {
        self.answered(request, &signed(self.them.gateway, request)?, wanted).await
    }

    async fn answered(
        &self,
        request: &Value,
        token: &str,
        wanted: fn(&Outcome) -> anyhow::Result<()>,
    ) -> anyhow::Result<ResultClaims> {
        self.them.gateway.take_results();
        let answer = self.them.ask(self.form, token).await?;
        let result = self.them.result_of(self.form, token, &answer).await?;
        let (bound, claims) = self.them.verified(self.keys, request, &result)?;
        wanted(&bound.outcome)?;
        let first_number = request["numbers"][0].as_str();
        if matches!(bound.outcome, Outcome::Approved(_)) && bound.number.as_deref() != first_number
        {
            anyhow::bail!("`number` is not the first of `numbers`, which test mode chooses");
        }
        Ok(claims)
    }

    async fn repeated(&self, request: &Value) -> anyhow::Result<()> {
        let token = signed(self.them.gateway, request)?;
        let answer = self.them.ask(self.form, &token).await?;
        refused(&answer).map_err(anyhow::Error::msg)
    }

    async fn sealed(&self, alg: KeyManagement) -> anyhow::Result<()> {
        let request = self.request("denied");
        let token = encrypted(self.them.gateway, &request, self.keys, alg)?;
        self.answered(&request, &token, is_denial).await.map(drop)
    }
}

fn is_approval(outcome: &Outcome) -> anyhow::Result<()> {
    match outcome {
        Outcome::Approved(facts) if facts.is_empty() => {
            anyhow::bail!("`evidence` names no fact of the contract")
        }
        Outcome::Approved(_) => Ok(()),
        Outcome::Denied | Outcome::Failed => anyhow::bail!("`outcome` is not `approved`"),
    }
}

fn is_denial(outcome: &Outcome) -> anyhow::Result<()> {
    if *outcome == Outcome::Denied { Ok(()) } else { anyhow::bail!("`outcome` is not `denied`") }
}

/// A status from 400 to 499, and no redirect: an address of a request that was not verified is
/// anybody's.
fn refused(answer: &Answer) -> Result<(), String> {
    if answer.location.is_some() {
        return Err(format!("status {} with a redirect", answer.status));
    }
    if (400..500).contains(&answer.status) {
        return Ok(());
    }
    Err(format!("status {} instead of a refusal (400 to 499)", answer.status))
}
