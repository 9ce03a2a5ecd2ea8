//! A browser comes back from elsewhere.

use axum::response::Response;
use fiador_http_kit::{BROWSER_COOKIE, PageFrame, see_other};
use fiador_kernel::{AuthenticatorId, Digest, Language};
use fiador_ports::{Answer, Pending, Settled, StoreError};
use http::{HeaderMap, Method, StatusCode};

use crate::Ports;

/// A browser at one of our return addresses.
pub(crate) struct WayBack<'a> {
    pub(crate) ports: &'a Ports,
    pub(crate) id: &'a AuthenticatorId,
    pub(crate) headers: &'a HeaderMap,
}

/// Why nothing happens. The page says less: unknown, answered, too old and somebody else's look alike
/// (T-129).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NothingHappens {
    /// No live prompt has this reference, or it is another authenticator's.
    #[error("no live prompt has this transaction")]
    NotPending,
    /// The cookie of the browser that began the journey is not there (T-034).
    #[error("another browser began the journey")]
    OtherBrowser,
}

impl WayBack<'_> {
    /// The live prompt of ours that this browser waits for.
    pub(crate) async fn pending(
        &self,
        reference: Digest,
    ) -> Result<Result<Pending, NothingHappens>, StoreError> {
        let found = self.ports.prompts.find(reference).await?;
        let Some(pending) = found.filter(|found| found.prompt.authenticator == *self.id) else {
            return Ok(Err(NothingHappens::NotPending));
        };
        let cookie = self.ports.cookies.read(self.headers, BROWSER_COOKIE).map(Digest::of);
        if pending.journey.browser.is_none() || cookie != pending.journey.browser {
            return Ok(Err(NothingHappens::OtherBrowser));
        }
        Ok(Ok(pending))
    }

    /// Settles the answer and sends the browser to the page where it waited, which knows how to go on.
    pub(crate) async fn settle(
        &self,
        reference: Digest,
        pending: &Pending,
        answer: &Answer,
    ) -> Response {
        match self.ports.prompts.answer(reference, answer).await {
            Ok(Settled::Moved(_) | Settled::TooLate(_)) => self.to_the_page(pending),
            Ok(Settled::Wrong(_)) => self.failed(pending),
            Err(error) => self.busy(error),
        }
    }

    fn to_the_page(&self, pending: &Pending) -> Response {
        match &pending.journey.page {
            Some(page) => see_other(&Method::GET, page),
            None => self.lapsed(),
        }
    }

    /// The prompt stands. The way back is a button: by itself the page would lead away again.
    pub(crate) fn failed(&self, pending: &Pending) -> Response {
        let language = pending.journey.ask.language;
        let words = self.ports.pages.translator(language);
        let frame = PageFrame::new(language, words.text("redirect-failed-title"))
            .status(StatusCode::BAD_REQUEST);
        let label = words.text("redirect-go-back");
        let way_on = pending.journey.page.as_deref().map(|page| (label.as_str(), page));
        self.ports.pages.notice(&frame, &words.text("redirect-failed-text"), way_on)
    }

    /// Nothing of ours is waiting for this.
    pub(crate) fn lapsed(&self) -> Response {
        self.notice(StatusCode::BAD_REQUEST, "redirect-lapsed-title", "redirect-lapsed-text")
    }

    /// The database does not answer: the same address works again in a moment (T-243).
    pub(crate) fn busy(&self, error: StoreError) -> Response {
        tracing::error!(authenticator = %self.id, %error, "an answer could not be settled");
        self.notice(StatusCode::SERVICE_UNAVAILABLE, "redirect-busy-title", "redirect-busy-text")
    }

    fn notice(&self, status: StatusCode, title: &str, text: &str) -> Response {
        let language: Language = self.ports.pages.messages().negotiate(None, self.headers);
        let words = self.ports.pages.translator(language);
        let frame = PageFrame::new(language, words.text(title)).status(status);
        self.ports.pages.notice(&frame, &words.text(text), None)
    }
}

/// `HEAD` moves nothing: it is for those who look before they go.
pub(crate) async fn not_by_head() -> (StatusCode, [(http::HeaderName, &'static str); 1]) {
    (StatusCode::METHOD_NOT_ALLOWED, [(http::header::ALLOW, "GET")])
}
