//! For programs that follow redirects and read no pages: the wait is a redirect to itself.
//!
//! The "headless" mode of the Java SDK follows up to 24 `Location`s, with pauses of 5 s, until one is
//! the service provider's (mobile-connect §6.1, row 12).

use axum::response::Response;
use fiador_domain::journey::Stage;
use fiador_http_kit::see_other;
use http::{HeaderValue, header::RETRY_AFTER};

use super::{Visit, show::only_way};
use crate::{AuthServer, arrival::Arrival, trouble::Trouble};

/// A number in the address, since some clients refuse to be sent to where they are.
const COUNTER: &str = "poll=";

impl AuthServer {
    /// The redirect, for a program whose journey waits for its user; the user answers on the phone.
    pub(super) async fn try_later(
        &self,
        arrival: &Arrival,
        visit: &Visit,
    ) -> Result<Option<Response>, Trouble> {
        if arrival.accepts_pages() || !self.awaits_user(visit).await? {
            return Ok(None);
        }
        let query = arrival.uri.query().unwrap_or_default();
        let turn: Option<u32> = query.strip_prefix(COUNTER).and_then(|n| n.parse().ok());
        // Once it goes where a browser would: a foreign authenticator may need no page either.
        if turn.is_none() && only_way(&self.router.prompts(&visit.journey, None)).is_some() {
            return Ok(None);
        }
        let turn = turn.unwrap_or(0).wrapping_add(1);
        let next = format!("{}?{COUNTER}{turn}", self.page_url(visit, None));
        let mut response = see_other(&arrival.method, &next);
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
        Ok(Some(response))
    }

    async fn awaits_user(&self, visit: &Visit) -> Result<bool, Trouble> {
        Ok(match visit.stage() {
            Stage::Received | Stage::Identified { .. } | Stage::Challenged { .. } => true,
            Stage::Verified { .. } => {
                !self.missing_consent(&visit.journey, &visit.door).await?.is_empty()
            }
            Stage::Granted { .. } | Stage::Refused { .. } => false,
        })
    }
}
