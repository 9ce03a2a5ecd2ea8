//! The resources: who asks, and what for.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    response::Response,
};
use fiador_domain::catalog::Resource;

use crate::{
    Inner,
    access::{Access, SubscriberAccess},
    answer, attributes, number,
    presented::Presented,
    refusal::Refusal,
    takeover,
};

/// `/userinfo`: attributes of the token's subscriber; or whether a number is theirs; or, for a
/// client by itself, the signs of a takeover.
pub(crate) async fn userinfo(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let outcome = async {
        let presented = Presented::read(request).await?;
        match inner.access(&presented.token).await? {
            Access::OfClient(access) => takeover::answer(&inner, &presented, &access).await,
            Access::OfSubscriber(access) => match number::asked(&presented, &access)? {
                Some(claim) => number::answer(&inner, Some(claim), &access).await,
                None => attributes::answer(&inner, Resource::UserInfo, &access).await,
            },
        }
    };
    outcome.await.unwrap_or_else(|refusal| answer::failure(Resource::UserInfo, &refusal))
}

/// `/premiuminfo`
pub(crate) async fn premiuminfo(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let outcome = async {
        let presented = Presented::read(request).await?;
        let access = inner.subscriber_access(&presented).await?;
        attributes::answer(&inner, Resource::PremiumInfo, &access).await
    };
    outcome.await.unwrap_or_else(|refusal| answer::failure(Resource::PremiumInfo, &refusal))
}

/// `/mc_vm`
pub(crate) async fn verified_number(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let outcome = async {
        let presented = Presented::read(request).await?;
        let access = inner.subscriber_access(&presented).await?;
        let claim = number::asked(&presented, &access)?;
        number::answer(&inner, claim, &access).await
    };
    outcome.await.unwrap_or_else(|refusal| answer::failure(Resource::VerifiedNumber, &refusal))
}

impl Inner {
    /// A token that a client holds for itself opens nothing about a subscriber (T-068).
    async fn subscriber_access(&self, presented: &Presented) -> Result<SubscriberAccess, Refusal> {
        match self.access(&presented.token).await? {
            Access::OfSubscriber(access) => Ok(access),
            Access::OfClient(_) => Err(Refusal::InsufficientScope),
        }
    }
}
