//! The pages that links lead to: `GET /l/{token}` shows, `POST /l/{token}` decides.

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Request, State as Shared, rejection::PathRejection},
    response::Response,
    routing::get,
};
use fiador_domain::journey::Journey;
use fiador_http_kit::{BROWSER_COOKIE, CookiePolicy, PageFrame, Pages, read_form};
use fiador_kernel::{Digest, Issuer, Language};
use fiador_ports::{Prompts, StoreError};
use fiador_wire_oauth::parameters::Parameters;
use http::HeaderMap;

use super::{
    Decision, Token,
    answers::{Ending, guard},
    page::{FORM_FIELD, LinkPage},
    trust::{is_own_form, manner},
};
use crate::{Kind, Sms, state::State};

/// The pages behind the links in text messages, for the phone.
///
/// Looking at one changes nothing, however it is done: messaging apps and filters fetch what they
/// see (T-127). Only a form of the page decides, and only once.
pub struct LinkPages {
    prompts: Arc<dyn Prompts>,
    sms: Arc<Sms>,
    cookies: CookiePolicy,
}

/// A link that can be answered.
struct Live {
    token: Token,
    journey: Journey,
    state: State,
    /// The browser that looks is the one that waits, so there is nothing to match (T-128).
    here: bool,
}

impl LinkPages {
    /// Pages for the links that the authenticators of `sms` send. `prompts` is routing; `cookies`
    /// the policy of the door whose cookie names the waiting browser.
    pub fn new(prompts: Arc<dyn Prompts>, sms: Arc<Sms>, cookies: CookiePolicy) -> Self {
        Self { prompts, sms, cookies }
    }

    /// The routes, with the whole path of [`crate::Settings::link_base`]: merged, not nested. They
    /// need the listener of `http-kit` around them.
    pub fn routes(self) -> Router {
        let path = format!("{}/l/{{token}}", self.base().path());
        Router::new().route(&path, get(show).post(answer)).with_state(Arc::new(self))
    }

    /// The live link of this token in the eyes of whoever sent `headers`. Reads only.
    async fn find(&self, token: &str, headers: &HeaderMap) -> Result<Option<Live>, StoreError> {
        let Some(token) = Token::read(token) else { return Ok(None) };
        let Some(pending) = self.prompts.find(token.reference()).await? else { return Ok(None) };
        let (journey, prompt) = (pending.journey, pending.prompt);
        let is_ours = Kind::ALL
            .into_iter()
            .any(|kind| kind.has_link() && kind.id() == prompt.authenticator.as_str());
        let state = State::read(&prompt.state).ok().filter(|state| {
            is_ours && state.link.is_some() && self.sms.ports.clock.now() < state.expires_at
        });
        let Some(state) = state else { return Ok(None) };
        let cookie = self.cookies.read(headers, BROWSER_COOKIE).map(Digest::of);
        let here = cookie.is_some() && cookie == journey.browser;
        Ok(Some(Live { token, journey, state, here }))
    }

    fn page(&self, live: &Live) -> Response {
        let language = live.journey.ask.language;
        let page = LinkPage::new(
            self.pages(),
            (&live.journey, &live.state),
            (self.base().path(), &live.token),
            live.here,
            self.sms.ports.clock.now(),
        );
        let frame = PageFrame::new(language, page.heading());
        let mut response = self.pages().page(&frame, &page);
        guard(response.headers_mut(), self.base());
        response
    }

    fn base(&self) -> &Issuer {
        &self.sms.settings.link_base
    }

    fn pages(&self) -> &Pages {
        &self.sms.ports.pages
    }

    /// For whoever has no live link, in the language of the browser: that of the journey would tell
    /// that there is one (T-129).
    fn end(&self, ending: Ending, headers: &HeaderMap) -> Response {
        let language = self.pages().messages().negotiate(None, headers);
        ending.page((self.pages(), self.base()), language, None)
    }

    fn fail(&self, error: StoreError, headers: &HeaderMap) -> Response {
        tracing::error!(%error, "a link could not be looked up");
        self.end(Ending::Unavailable, headers)
    }
}

/// `GET` and `HEAD`
async fn show(
    Shared(pages): Shared<Arc<LinkPages>>,
    token: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let (method, headers) = (request.method(), request.headers());
    let manner = manner(method, headers);
    metrics::counter!("fiador_sms_link_views_total", "manner" => manner).increment(1);
    let Ok(Path(token)) = token else { return pages.end(Ending::Gone, headers) };
    match pages.find(&token, headers).await {
        Ok(Some(live)) => pages.page(&live),
        Ok(None) => pages.end(Ending::Gone, headers),
        Err(error) => pages.fail(error, headers),
    }
}

/// `POST`
async fn answer(
    Shared(pages): Shared<Arc<LinkPages>>,
    token: Result<Path<String>, PathRejection>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    let is_own_form = is_own_form(&headers, pages.base().origin());
    let (Ok(Path(token)), true, Ok(form)) = (token, is_own_form, read_form(request).await) else {
        return pages.end(Ending::Gone, &headers);
    };
    let live = match pages.find(&token, &headers).await {
        Ok(Some(live)) => live,
        Ok(None) => return pages.end(Ending::Gone, &headers),
        Err(error) => return pages.fail(error, &headers),
    };
    let Some(decision) = live.read(&form) else { return pages.end(Ending::Gone, &headers) };
    match pages.prompts.answer(live.token.reference(), &decision.answer()).await {
        Ok(settled) => pages.conclude(&live, Ending::of(decision, &settled), &headers),
        Err(error) => pages.fail(error, &headers),
    }
}

impl LinkPages {
    fn conclude(&self, live: &Live, ending: Ending, headers: &HeaderMap) -> Response {
        match ending {
            // Somebody was faster, and is told no more than somebody without a link.
            Ending::Gone => self.end(ending, headers),
            _ => self.say(ending, live.journey.ask.language, live.journey.page.as_deref()),
        }
    }

    fn say(&self, ending: Ending, language: Language, leads_to: Option<&str>) -> Response {
        ending.page((self.pages(), self.base()), language, leads_to)
    }
}

impl Live {
    /// The decision of a form of this page; `None` for a form of anything else. What the page did
    /// not offer cannot be chosen.
    fn read(&self, form: &Parameters) -> Option<Decision> {
        let token = Digest::from_hex(form.get(FORM_FIELD)?)?;
        if token != self.token.form_token(&self.state.salt) || form.repeated().next().is_some() {
            return None;
        }
        match (form.get("decision"), form.get("number")) {
            (Some("deny"), None) => Some(Decision::Deny),
            (Some("report"), None) => Some(Decision::Report),
            (Some("approve"), None) if self.here => Some(Decision::ApproveHere),
            (None, Some(chosen)) if !self.here => {
                let number = self.state.number()?;
                let chosen = chosen.parse().ok().filter(|&chosen| number.offers(chosen))?;
                Some(Decision::Choose(chosen))
            }
            _ => None,
        }
    }
}
