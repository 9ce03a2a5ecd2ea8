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
use fiador_kernel::{Digest, Issuer};
use fiador_ports::{Prompts, StoreError};
use fiador_wire_oauth::parameters::Parameters;
use http::HeaderMap;
use tracing::Instrument;

use super::{
    Decision, Token,
    answers::{Ending, guard},
    outcomes::{self, Outcome, Outcomes},
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
    outcomes: Outcomes,
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
        Self { prompts, sms, cookies, outcomes: Outcomes::default() }
    }

    /// The routes, with the whole path of [`crate::Settings::link_base`]: merged, not nested. They
    /// need the listener of `http-kit` around them.
    pub fn routes(self) -> Router {
        let path = format!("{}/l/{{token}}", self.base().path());
        Router::new().route(&path, get(show).post(answer)).with_state(Arc::new(self))
    }

    /// The live link of this token in the eyes of whoever sent `headers`. Reads only.
    async fn find(&self, token: &Token, headers: &HeaderMap) -> Result<Option<Live>, StoreError> {
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
        Ok(Some(Live { token: token.clone(), journey, state, here }))
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

    /// The way on is the link itself, which the browser has asked for.
    fn fail(&self, token: &Token, error: StoreError, headers: &HeaderMap) -> Response {
        tracing::error!(%error, "a link could not be looked up");
        let language = self.pages().messages().negotiate(None, headers);
        let link = format!("{}/l/{}", self.base().path(), token.as_str());
        Ending::Unavailable.page((self.pages(), self.base()), language, Some(&link))
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
    let token = token.ok().and_then(|Path(token)| Token::read(&token));
    let Some(token) = token else { return pages.end(Ending::Gone, headers) };
    match pages.find(&token, headers).await {
        Ok(Some(live)) => pages.page(&live),
        Ok(None) => pages.show_dead(&token, headers),
        Err(error) => pages.fail(&token, error, headers),
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
    let Some((token, name)) = named(&token, &form) else {
        return pages.end(Ending::Gone, &headers);
    };
    let answered = match pages.find(&token, &headers).await {
        Err(error) => Err(Unsettled::Store(error)),
        Ok(live) => match live.and_then(|live| Some((live.read(&form)?, live))) {
            Some((decision, live)) => pages.settle_once(name, live, decision).await,
            None => pages.repeat(name).await,
        },
    };
    match answered {
        Ok(outcome) => pages.say(&outcome, &headers),
        Err(Unsettled::Gone) => pages.end(Ending::Gone, &headers),
        Err(Unsettled::Store(error)) => pages.fail(&token, error, &headers),
    }
}

/// The link and the name of a form, if it is a form of ours.
fn named(token: &str, form: &Parameters) -> Option<(Token, Digest)> {
    let token = Token::read(token)?;
    let name = outcomes::name(&token, form)?;
    Some((token, name))
}

/// Why a form has no outcome.
enum Unsettled {
    /// There was nothing to answer.
    Gone,
    Store(StoreError),
}

impl LinkPages {
    /// Settles a good form. Who sends it again meanwhile or afterwards gets the same outcome; and who
    /// sends it and does not wait, as a browser does on a second tap, leaves nothing half done.
    async fn settle_once(
        self: &Arc<Self>,
        name: Digest,
        live: Live,
        decision: Decision,
    ) -> Result<Outcome, Unsettled> {
        let now = self.sms.ports.clock.now();
        let answer = self.outcomes.of(name, live.journey.expires_at, now);
        let pages = Arc::clone(self);
        let settling = async move {
            let outcome = answer.get_or_try_init(|| pages.settle(&live, decision)).await;
            outcome.cloned()
        };
        let settled = tokio::spawn(settling.in_current_span()).await;
        settled.unwrap_or(Err(Unsettled::Store(StoreError::Unavailable)))
    }

    async fn settle(&self, live: &Live, decision: Decision) -> Result<Outcome, Unsettled> {
        let settled = self.prompts.answer(live.token.reference(), &decision.answer()).await;
        let ending = Ending::of(decision, &settled.map_err(Unsettled::Store)?);
        if ending == Ending::Gone {
            // Somebody was faster, and is told no more than somebody without a link.
            return Err(Unsettled::Gone);
        }
        let Journey { ask, page, browser, expires_at, .. } = &live.journey;
        let leads_to = page.clone().zip(*browser).filter(|_| ending == Ending::DoneHere);
        let outcome = Outcome { ending, language: ask.language, leads_to };
        if outcome.leads_to.is_some() {
            let link = outcomes::name_of_link(&live.token);
            let answer = self.outcomes.of(link, *expires_at, self.sms.ports.clock.now());
            // A link is approved once.
            let _ = answer.set(outcome.clone());
        }
        Ok(outcome)
    }

    /// A link that cannot be answered. The browser that waits and has approved by it goes on; to
    /// everybody else it is a dead link like any other (T-129).
    fn show_dead(&self, token: &Token, headers: &HeaderMap) -> Response {
        let now = self.sms.ports.clock.now();
        let answer = self.outcomes.known(outcomes::name_of_link(token), now);
        match answer.as_ref().and_then(|answer| answer.get()) {
            Some(outcome) if outcome.leads(self.cookies, headers).is_some() => {
                self.say(outcome, headers)
            }
            _ => self.end(Ending::Gone, headers),
        }
    }

    /// The outcome of a form that was sent before.
    async fn repeat(&self, name: Digest) -> Result<Outcome, Unsettled> {
        let known = self.outcomes.known(name, self.sms.ports.clock.now());
        let answer = known.ok_or(Unsettled::Gone)?;
        // It may be being settled, by whoever has sent it first.
        answer.get_or_try_init(async || Err(Unsettled::Gone)).await.cloned()
    }

    fn say(&self, outcome: &Outcome, headers: &HeaderMap) -> Response {
        let leads_to = outcome.leads(self.cookies, headers);
        outcome.ending.page((self.pages(), self.base()), outcome.language, leads_to)
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
