//! Authenticators that are not ours: from `[authenticators]` to adaptors and their routes.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use anyhow::{Context as _, bail, ensure};
use fiador_auth_redirect::{
    BackChannel, Class, EvidenceRow, EvidenceTable, Fact, ForeignAuthenticator, ForeignForm,
    ForeignSettings, LevelMapping, LoginHint, Ports, Results, SubjectBinding,
    UpstreamAuthentication, UpstreamProvider, UpstreamSettings,
};
use fiador_authserver::WiredAuthenticator;
use fiador_domain::client::{ClientKeySource, ContentEncryption, Encryption};
use fiador_http_kit::CookiePolicy;
use fiador_kernel::{Amr, AuthenticatorId, Loa};
use fiador_ports::{Authenticator, ClientKeys, Prompts};

use super::Parts;
use crate::config::{
    AuthenticatorsSection, EvidenceSection, ForeignAuthenticatorSection, FormName, LevelSection,
    UpstreamProviderSection, read_secret_file,
};

/// What the configuration says of them.
#[derive(Clone, Debug, Default)]
pub struct ForeignAuthenticators {
    /// Those that keep our contract.
    foreign: Vec<ForeignSettings>,
    /// OpenID Providers.
    upstream: Vec<UpstreamSettings>,
}

/// The adaptors, and where their answers arrive.
pub(super) struct ForeignAdaptors {
    pub(super) authenticators: Vec<Arc<dyn Authenticator>>,
    pub(super) routes: axum::Router,
}

/// From `[authenticators]` to settings.
pub fn foreign_authenticators(
    section: &AuthenticatorsSection,
) -> anyhow::Result<ForeignAuthenticators> {
    let ids: Vec<&str> = section.foreign.iter().map(|one| one.id.as_str()).collect();
    let ids = ids.into_iter().chain(section.upstream.iter().map(|one| one.id.as_str()));
    let mut seen = BTreeSet::from(fiador_auth_sms::Kind::ALL.map(fiador_auth_sms::Kind::id));
    for id in ids {
        ensure!(seen.insert(id), "authenticators: `{id}` is taken; each has an id of its own");
    }
    let foreign = section
        .foreign
        .iter()
        .map(|one| foreign(one).with_context(|| format!("authenticators.foreign `{}`", one.id)));
    let upstream = section
        .upstream
        .iter()
        .map(|one| upstream(one).with_context(|| format!("authenticators.upstream `{}`", one.id)));
    let settings = ForeignAuthenticators {
        foreign: foreign.collect::<anyhow::Result<_>>()?,
        upstream: upstream.collect::<anyhow::Result<_>>()?,
    };
    Ok(settings)
}

impl ForeignAuthenticators {
    /// What the metadata says of them.
    pub(super) fn wired(&self) -> impl Iterator<Item = WiredAuthenticator> {
        let foreign = self.foreign.iter().map(|one| (one.ceiling(), one.mc_amr_values()));
        let upstream = self.upstream.iter().map(|one| (one.ceiling(), one.mc_amr_values()));
        foreign
            .chain(upstream)
            .map(|(ceiling, mc_amr_values)| WiredAuthenticator { ceiling, mc_amr_values })
    }

    /// Where they take the browser.
    pub(super) fn addresses(&self) -> Vec<String> {
        let foreign = self.foreign.iter().filter_map(ForeignSettings::leads_to);
        let upstream = self.upstream.iter().map(|one| one.issuer.as_str());
        foreign.chain(upstream).map(str::to_owned).collect()
    }
}

impl Parts {
    /// The adaptors. Their answers are settled by `prompts`.
    pub(super) fn foreign_adaptors(
        &self,
        prompts: Arc<dyn Prompts>,
        client_keys: &Arc<dyn ClientKeys>,
    ) -> anyhow::Result<ForeignAdaptors> {
        let ports = Ports {
            issuer: self.issuer.clone(),
            signer: self.keys.clone(),
            keys: client_keys.clone(),
            fetch: self.fetch.clone(),
            subscribers: self.store.clone(),
            vault: self.keys.clone(),
            prompts,
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
            pages: self.pages.clone(),
            cookies: CookiePolicy { secure: self.secure_cookies },
        };
        let mut authenticators: Vec<Arc<dyn Authenticator>> = Vec::new();
        let mut routes = axum::Router::new();
        for settings in &self.foreign.foreign {
            let adaptor = Arc::new(ForeignAuthenticator::new(settings.clone(), ports.clone())?);
            routes = routes.merge(adaptor.routes());
            authenticators.push(adaptor);
        }
        for settings in &self.foreign.upstream {
            let adaptor = Arc::new(UpstreamProvider::new(settings.clone(), ports.clone())?);
            routes = routes.merge(adaptor.routes());
            authenticators.push(adaptor);
        }
        Ok(ForeignAdaptors { authenticators, routes })
    }
}

fn foreign(section: &ForeignAuthenticatorSection) -> anyhow::Result<ForeignSettings> {
    let rows: anyhow::Result<Vec<_>> = section.evidence.iter().map(evidence_row).collect();
    let settings = ForeignSettings {
        id: AuthenticatorId::new(&section.id).context("id")?,
        display_name: section.display_name.clone(),
        issuer: section.issuer.clone(),
        form: form(section)?,
        keys: key_source(section)?,
        result_signing_alg: section.result_signing_alg,
        request_signing_alg: section.request_signing_alg,
        request_encryption: section
            .request_encryption_alg
            .map(|alg| Encryption { alg, enc: ContentEncryption::default() }),
        sends_phone_number: section.sends_phone_number,
        evidence: EvidenceTable::new(class(&section.class)?, rows?).context("evidence")?,
        enrolment: section.enrolment,
        cost: section.cost,
    };
    settings.validate()?;
    Ok(settings)
}

fn form(section: &ForeignAuthenticatorSection) -> anyhow::Result<ForeignForm> {
    let needed = |name: &str, value: &Option<String>| {
        value.clone().with_context(|| format!("`{name}` is missing"))
    };
    Ok(match section.form {
        FormName::Browser => ForeignForm::Browser {
            authorization_endpoint: needed(
                "authorization_endpoint",
                &section.authorization_endpoint,
            )?,
        },
        FormName::BackChannel => ForeignForm::BackChannel(BackChannel {
            start_endpoint: needed("start_endpoint", &section.start_endpoint)?,
            cancel_endpoint: section.cancel_endpoint.clone(),
            results: match &section.status_endpoint {
                None => Results::Pushed,
                Some(status_endpoint) => Results::Polled {
                    status_endpoint: status_endpoint.clone(),
                    interval: Duration::from_secs(section.poll_interval_seconds),
                },
            },
            parallel: section.parallel,
        }),
    })
}

fn key_source(section: &ForeignAuthenticatorSection) -> anyhow::Result<ClientKeySource> {
    match (&section.jwks, &section.jwks_uri) {
        (Some(jwks), None) => {
            fiador_jose::JwkSet::parse(jwks.as_bytes()).context("jwks")?;
            Ok(ClientKeySource::Inline(jwks.clone()))
        }
        (None, Some(uri)) => Ok(ClientKeySource::Uri(uri.clone())),
        (Some(_), Some(_)) => bail!("`jwks` and `jwks_uri`: one is enough"),
        (None, None) => bail!("`jwks_uri` or `jwks` is missing: its results are signed"),
    }
}

fn evidence_row(section: &EvidenceSection) -> anyhow::Result<EvidenceRow> {
    let fact = |name: &String| {
        Fact::from_name(name).with_context(|| format!("evidence: `{name}` is no fact"))
    };
    Ok(EvidenceRow {
        facts: section.facts.iter().map(fact).collect::<anyhow::Result<_>>()?,
        level: level(section.level)?,
        amr: methods(&section.amr)?,
        amr_mobile_connect: methods(&section.amr_mobile_connect)?,
    })
}

fn upstream(section: &UpstreamProviderSection) -> anyhow::Result<UpstreamSettings> {
    let authentication = match &section.client_secret_file {
        Some(file) => UpstreamAuthentication::ClientSecret(
            read_secret_file(file).context("client_secret_file")?,
        ),
        None => UpstreamAuthentication::PrivateKeyJwt(section.assertion_signing_alg),
    };
    let claim = section.subject_claim.clone();
    let settings = UpstreamSettings {
        id: AuthenticatorId::new(&section.id).context("id")?,
        display_name: section.display_name.clone(),
        issuer: section.issuer.clone(),
        client_id: section.client_id.clone(),
        authentication,
        id_token_signing_alg: section.id_token_signing_alg,
        scopes: section.scopes.clone(),
        login_hint: if section.sends_pseudonym { LoginHint::Pseudonym } else { LoginHint::None },
        class: class(&section.class)?,
        levels: section.levels.iter().map(mapping).collect::<anyhow::Result<_>>()?,
        subject: match section.subject_attribute.clone() {
            Some(attribute) => SubjectBinding::Attribute { claim, attribute },
            None => SubjectBinding::Number { claim },
        },
        enrolment: section.enrolment,
        cost: section.cost,
    };
    settings.validate()?;
    Ok(settings)
}

fn mapping(section: &LevelSection) -> anyhow::Result<LevelMapping> {
    Ok(LevelMapping {
        level: level(section.level)?,
        acr: section.acr.clone(),
        amr: methods(&section.amr)?,
        amr_mobile_connect: methods(&section.amr_mobile_connect)?,
    })
}

fn class(name: &str) -> anyhow::Result<Class> {
    let all = || Class::ALL.map(Class::as_str).join(", ");
    Class::from_name(name).with_context(|| format!("class: `{name}` is none of {}", all()))
}

fn level(number: u8) -> anyhow::Result<Loa> {
    Ok(Loa::try_from(number)?)
}

fn methods(names: &[String]) -> anyhow::Result<Vec<Amr>> {
    let method = |name: &String| {
        Amr::parse(name).with_context(|| {
            format!("amr: `{name}` has something else than letters, digits, `_`, `-`, `:`, `.`")
        })
    };
    names.iter().map(method).collect()
}
