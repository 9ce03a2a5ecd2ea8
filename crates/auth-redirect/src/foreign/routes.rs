//! Where results arrive.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State as Shared},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use fiador_http_kit::{Problem, no_store, read_form};
use fiador_ports::{Answer, Road, Settled, StoreError};
use http::StatusCode;

use super::{
    ForeignAuthenticator, ForeignForm,
    judge::{BadResult, RESULT_FIELD},
    state::State,
};
use crate::{
    contract::ResultClaims,
    kept::Kept as _,
    ports::own_path,
    way_back::{WayBack, not_by_head},
};

impl ForeignAuthenticator {
    /// The routes of this authenticator: `/authenticators/{id}/return` in the browser form,
    /// `/authenticators/{id}/result` in the back-channel form.
    pub fn routes(self: &Arc<Self>) -> Router {
        let routes = match self.settings.form {
            ForeignForm::Browser { .. } => Router::new()
                .route(&own_path(self.id(), "return"), get(come_back).head(not_by_head)),
            ForeignForm::BackChannel(_) => {
                Router::new().route(&own_path(self.id(), "result"), post(take_result))
            }
        };
        routes.with_state(Arc::clone(self))
    }
}

/// `GET /authenticators/{id}/return`
async fn come_back(
    Shared(adaptor): Shared<Arc<ForeignAuthenticator>>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let way = WayBack { ports: &adaptor.ports, id: adaptor.id(), headers: &headers };
    let Some(result) = result_in(request).await else { return way.lapsed() };
    let claims = match adaptor.signed(&result).await {
        Ok(claims) => claims,
        Err(error) => {
            adaptor.note_bad(error);
            return way.lapsed();
        }
    };
    let reference = claims.reference();
    let pending = match way.pending(reference).await {
        Ok(Ok(pending)) => pending,
        Ok(Err(reason)) => {
            tracing::info!(authenticator = %adaptor.id(), error = %reason, "a result changes nothing");
            return way.lapsed();
        }
        Err(error) => return way.busy(error),
    };
    match adaptor.is_for(claims, &pending.prompt.state) {
        Ok(()) => {
            let answer = Answer::by(Road::Reference, [(RESULT_FIELD, result)]);
            way.settle(reference, &pending, &answer).await
        }
        Err(error) => {
            adaptor.note_bad(error);
            way.failed(&pending)
        }
    }
}

/// `POST /authenticators/{id}/result`
async fn take_result(
    Shared(adaptor): Shared<Arc<ForeignAuthenticator>>,
    request: Request,
) -> Response {
    let outcome = match result_in(request).await {
        Some(result) => adaptor.settle(&result).await,
        None => Err(Unsettled::Bad(BadResult::TooLong)),
    };
    match outcome {
        Ok(()) => {
            let mut response = StatusCode::NO_CONTENT.into_response();
            no_store(response.headers_mut());
            response
        }
        Err(error) => adaptor.refuse(error).into_response(),
    }
}

/// Why a result was not settled.
#[derive(Clone, Copy)]
enum Unsettled {
    /// It does not count.
    Bad(BadResult),
    /// There is nothing that it belongs to.
    Unknown,
    /// The database failed.
    Store(StoreError),
}

impl ForeignAuthenticator {
    /// A result without a browser: signature, prompt, binding, then routing.
    async fn settle(&self, result: &str) -> Result<(), Unsettled> {
        let claims = self.signed(result).await.map_err(Unsettled::Bad)?;
        let reference = claims.reference();
        let found = self.ports.prompts.find(reference).await.map_err(Unsettled::Store)?;
        let found = found.filter(|found| found.prompt.authenticator == *self.id());
        let pending = found.ok_or(Unsettled::Unknown)?;
        self.is_for(claims, &pending.prompt.state).map_err(Unsettled::Bad)?;
        let answer = Answer::by(Road::Reference, [(RESULT_FIELD, result)]);
        match self.ports.prompts.answer(reference, &answer).await.map_err(Unsettled::Store)? {
            Settled::Moved(_) => Ok(()),
            Settled::Wrong(_) | Settled::TooLate(_) => Err(Unsettled::Unknown),
        }
    }

    /// Whether claims answer the request that `state` remembers. Asked before an attempt is taken, so
    /// that bad results cost the person none.
    fn is_for(&self, claims: ResultClaims, state: &serde_json::Value) -> Result<(), BadResult> {
        let state = State::read(state).map_err(|_| crate::contract::BindingError::Transaction)?;
        self.bound(claims, &state).map(drop)
    }

    fn refuse(&self, unsettled: Unsettled) -> Problem {
        match unsettled {
            Unsettled::Bad(error) => {
                self.note_bad(error);
                Problem::new(
                    StatusCode::BAD_REQUEST,
                    "authenticator.result_invalid",
                    "The result is malformed, forged, expired or not for this gateway",
                )
            }
            Unsettled::Unknown => Problem::new(
                StatusCode::NOT_FOUND,
                "authenticator.transaction_unknown",
                "There is no such transaction, or it has ended",
            ),
            Unsettled::Store(error) => {
                tracing::error!(authenticator = %self.id(), %error, "a result could not be settled");
                Problem::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "server.unavailable",
                    "The server cannot take the result now",
                )
            }
        }
    }
}

/// The `result` of a query or form; `None` when it is missing, repeated or unreadable.
async fn result_in(request: Request) -> Option<String> {
    let form = read_form(request).await.ok()?;
    if form.repeated().any(|name| name == RESULT_FIELD) {
        return None;
    }
    form.get_non_empty(RESULT_FIELD).map(str::to_owned)
}
