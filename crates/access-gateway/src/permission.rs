//! What may leave at this moment.

use fiador_domain::{
    catalog::{self, Form, Resource, ScopeEntry},
    consent,
    individual_claims::IndividualClaims,
    kyc,
};
use fiador_kernel::ScopeSet;

use crate::{Dependencies, access::SubscriberAccess, refusal::Refusal};

/// What the token's scopes, the client's registration and the user's consent all allow now. The
/// consent is read from the store each time, so a withdrawal counts at once (T-200, T-206).
#[derive(Default)]
pub(crate) struct Permission {
    /// Claims that may leave.
    pub(crate) claims: Vec<&'static str>,
    /// Forms of the scopes that opened them.
    pub(crate) forms: Vec<Form>,
    /// The number may leave as a hash, and in no other way.
    pub(crate) hashes_number: bool,
    /// The scopes themselves.
    pub(crate) granted: ScopeSet,
    /// What was asked for one by one: values to compare.
    pub(crate) requested: IndividualClaims,
}

impl Permission {
    /// Asks registration, consent and what was kept beside the login.
    pub(crate) async fn read(
        dependencies: &Dependencies,
        resource: Resource,
        access: &SubscriberAccess,
    ) -> Result<Self, Refusal> {
        let SubscriberAccess { token, client } = access;
        let by_scope = catalog::reaches(&token.scopes, resource);
        if !by_scope && !token.requested_claims {
            return Ok(Self::default());
        }
        let given = dependencies.consents.find(&token.subscriber, &token.client).await?;
        let agreed = client.scopes.difference(&consent::missing(&client.scopes, given.as_ref()));
        let granted = token.scopes.intersection(&agreed);
        let mut permission = Self::of(granted, resource);
        if token.requested_claims {
            permission.requested = requested(dependencies, access).await?;
        }
        if resource == Resource::UserInfo {
            for claim in permission.requested.opened_by(&agreed) {
                if !permission.claims.contains(&claim) {
                    permission.claims.push(claim);
                }
            }
        }
        Ok(permission)
    }

    fn of(granted: ScopeSet, resource: Resource) -> Self {
        let here = || catalog::entries(&granted).filter(|entry| entry.resource == resource);
        let opens_number =
            |entry: &ScopeEntry, form| entry.form == form && entry.claims.contains(&"phone_number");
        Self {
            claims: catalog::claims(&granted, resource),
            forms: here().map(|entry| entry.form).collect(),
            hashes_number: here().any(|entry| opens_number(entry, Form::HashedNumber))
                && !here().any(|entry| opens_number(entry, Form::Plain)),
            granted,
            requested: IndividualClaims::default(),
        }
    }

    /// The attributes to ask sources for: the claims that may leave, and what is compared with the
    /// values of the service provider.
    pub(crate) fn attributes(&self, rules: &kyc::Normalisation) -> Vec<&'static str> {
        let mut attributes = self.claims.clone();
        for name in self.requested.to_compare().keys() {
            let question = kyc::Question::named(name);
            let question = question.filter(|q| kyc::allows(rules, &self.forms, *q));
            for &attribute in question.map_or(&[][..], |q| q.subject.attributes()) {
                if !attributes.contains(&attribute) {
                    attributes.push(attribute);
                }
            }
        }
        attributes
    }
}

/// What was kept beside the login. A row that is gone has expired with its tokens: nothing was
/// asked. One that cannot be opened is a failure, not an absence.
async fn requested(
    dependencies: &Dependencies,
    access: &SubscriberAccess,
) -> Result<IndividualClaims, Refusal> {
    let (grant, now) = (&access.token.grant, dependencies.clock.now());
    let Some(sealed) = dependencies.requested_claims.find(grant, now).await? else {
        return Ok(IndividualClaims::default());
    };
    let opened = dependencies.vault.open_attributes(&sealed);
    opened.and_then(IndividualClaims::from_attributes).ok_or(Refusal::Damaged)
}
