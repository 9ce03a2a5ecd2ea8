//! `GET|POST /authorize`: the door for service providers that send a user's browser (OpenID
//! Connect Core §3.1.2, mobile-connect §2.1–2.6).

mod identify;
mod individual_claims;
mod open;
mod request_object;
mod route;

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use fiador_http_kit::ClientAddress;
use fiador_ports::StoreError;
use fiador_wire_oauth::error::ErrorBody;
use http::StatusCode;

pub(crate) use identify::Found;

use crate::{
    AuthServer,
    arrival::Arrival,
    check::{Addressed, Failure, Parsed, Recipient, Unaddressed, check},
    reply::Reply,
    trouble::Trouble,
};

/// Where a request stops that does not become a journey.
pub(crate) enum Stop {
    /// Here: nobody is known to whom an answer could be redirected (T-031).
    Here(Unaddressed),
    /// Back at the service provider.
    Back(Reply, Failure),
    /// The gateway itself cannot go on.
    Trouble(Trouble),
}

/// The endpoint.
pub(crate) async fn authorize(
    State(server): State<Arc<AuthServer>>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, body) = Arrival::of(request, address);
    let stop = match server.authorize(&arrival, body).await {
        Ok(response) => return response,
        Err(stop) => stop,
    };
    match stop {
        Stop::Here(unaddressed) => server.show_unaddressed(&arrival, unaddressed),
        Stop::Back(reply, failure) => {
            let language = server.language(&arrival, None);
            server.send_error(&arrival.method, language, &reply, failure)
        }
        Stop::Trouble(trouble) => server.apologise(&arrival, &trouble),
    }
}

impl AuthServer {
    async fn authorize(&self, arrival: &Arrival, body: Body) -> Result<Response, Stop> {
        let parsed = Parsed::read(arrival, body).await?;
        let parsed = self.open_pushed_request(parsed).await?;
        let addressed = self.address(parsed).await?;
        let reply = addressed.reply.clone();
        self.serve(arrival, addressed).await.map_err(|stop| stop.led_back(reply))
    }

    /// Whom to answer. What stands in a request object counts as if it had been sent by itself.
    pub(crate) async fn address(&self, parsed: Parsed) -> Result<Addressed, Stop> {
        let recipient = Recipient::find(&parsed, &*self.clients)?;
        let parsed = self.open_request_object(&recipient, parsed).await?;
        Ok(Addressed::find(parsed, recipient, &self.settings)?)
    }

    /// Serves a request that is known whom to answer: from here on it does not matter how its
    /// parameters came.
    pub(crate) async fn serve(
        &self,
        arrival: &Arrival,
        addressed: Addressed,
    ) -> Result<Response, Stop> {
        let checked = check(addressed)?;
        let routed = self.route(arrival, checked).await?;
        self.open(arrival, routed).await
    }

    /// 400 without redirect, text that is always the same (mobile-connect, "Decided").
    fn show_unaddressed(&self, arrival: &Arrival, unaddressed: Unaddressed) -> Response {
        let body = ErrorBody::new(unaddressed.code(), unaddressed.description());
        let words = ["authserver-unaddressed-title", "authserver-unaddressed-text"];
        self.tell(arrival, StatusCode::BAD_REQUEST, &body, words)
    }
}

impl Stop {
    /// A mistake of ours is told where the user came from (mobile-connect §2.6, last row).
    fn led_back(self, reply: Reply) -> Self {
        match self {
            Self::Trouble(trouble @ Trouble::Internal(_)) => {
                trouble.report();
                Self::Back(reply, Failure::Internal)
            }
            other => other,
        }
    }
}

impl From<Unaddressed> for Stop {
    fn from(unaddressed: Unaddressed) -> Self {
        Self::Here(unaddressed)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Trouble(error.into())
    }
}
