//! A served request becomes a journey, or is answered at once by a login session.

use std::collections::BTreeSet;

use axum::response::Response;
use fiador_domain::{
    journey::{AFTERMATH, Ask, Journey, LIFETIME, Stage},
    routing::PromptValue,
    session::LoginSession,
};
use fiador_http_kit::{BROWSER_COOKIE, CookieLife, see_other};
use fiador_kernel::{Digest, JourneyId, Language, handle};
use fiador_wire_oauth::prompt::Prompt;
use http::header::SET_COOKIE;

use super::{
    Found, Stop,
    route::{By, Routed},
};
use crate::{
    AuthServer,
    arrival::Arrival,
    challenge::Reached,
    check::{Checked, Failure},
    door::{Door, KeptClaims},
    pages::{Note, Visit},
    trouble::Trouble,
};

/// A journey that is not kept yet.
struct Opening {
    handle: String,
    journey: Journey,
    door: Door,
    /// The secret of the browser's cookie.
    browser: String,
}

impl AuthServer {
    /// Lets the one answer who was chosen.
    pub(super) async fn open(&self, arrival: &Arrival, routed: Routed) -> Result<Response, Stop> {
        let Routed { request, by } = routed;
        match by {
            By::Session(session) => self.answer_from_session(arrival, request, session).await,
            By::Phone(found) => self.ask_phone(arrival, request, found).await,
        }
    }

    /// Opens the journey, reaches the phone if it is known whose, and leads the browser to the
    /// journey's page.
    async fn ask_phone(
        &self,
        arrival: &Arrival,
        request: Checked,
        found: Option<Found>,
    ) -> Result<Response, Stop> {
        let stage = match &found {
            Some(found) => Stage::Identified { subject: found.subject.clone() },
            None => Stage::Received,
        };
        let opening = self.opening(arrival, request, stage)?;
        let browser = opening.browser.clone();
        let mut visit = self.keep(opening).await?;
        let Some(found) = found else {
            return Ok(self.lead_to_page(arrival, &visit, None, &browser)?);
        };
        let note = match self.reach(&mut visit, found.known()).await? {
            Reached::Asked | Reached::NotAgain => None,
            Reached::NotNow(_) if self.reveals_state(&visit) => {
                return Err(Stop::Back(visit.door.reply, Failure::Busy));
            }
            Reached::NotNow(wait) => Some(Note::Wait(wait)),
            Reached::Never(failure) => return Err(Stop::Back(visit.door.reply, failure)),
        };
        Ok(self.lead_to_page(arrival, &visit, note, &browser)?)
    }

    /// A login session has answered: the code leaves at once, unless the user has to agree first.
    async fn answer_from_session(
        &self,
        arrival: &Arrival,
        request: Checked,
        session: LoginSession,
    ) -> Result<Response, Stop> {
        self.sessions.touch(session.id, self.clock.now()).await?;
        let is_silent = request.asked.prompt.none;
        let stage = Stage::Received.resume(session);
        let stage = stage.map_err(|_| Trouble::Internal("a session does not answer"))?;
        let opening = self.opening(arrival, request, stage)?;
        let Opening { journey, door, browser, .. } = &opening;
        if self.missing_consent(journey, door).await?.is_empty() {
            return match self.issue(journey, door, None).await? {
                Ok(given) => {
                    Ok(self.hand_over(&arrival.method, &journey.ask, &door.reply, &given)?)
                }
                Err(failure) => {
                    let failure = if is_silent { without_a_user(failure) } else { failure };
                    Err(Stop::Back(opening.door.reply, failure))
                }
            };
        }
        if is_silent {
            return Err(Stop::Back(opening.door.reply, Failure::ConsentRequired));
        }
        let browser = browser.clone();
        let visit = self.keep(opening).await?;
        Ok(self.lead_to_page(arrival, &visit, None, &browser)?)
    }

    fn opening(
        &self,
        arrival: &Arrival,
        request: Checked,
        stage: Stage,
    ) -> Result<Opening, Trouble> {
        let handle = handle(&*self.entropy);
        let language = self.language(arrival, request.asked.ui_locales.as_deref());
        let browser = self.browser_secret(arrival);
        let claims = self.kept_claims(&request);
        let (ask, door) = ask_of(request, language, claims);
        let now = self.clock.now();
        let journey = Journey {
            id: JourneyId::random(&*self.entropy),
            ask: ask.into(),
            door: door.to_state()?,
            browser: Some(Digest::of(&browser)),
            page: Some(self.page_address(&handle).into()),
            origin: arrival.origin.clone(),
            opened_at: now,
            expires_at: now + LIFETIME + AFTERMATH,
            stage,
        };
        Ok(Opening { handle, journey, door, browser })
    }

    /// Keeps a new journey under a new handle.
    async fn keep(&self, opening: Opening) -> Result<Visit, Trouble> {
        let Opening { handle, journey, door, .. } = opening;
        self.journeys.open(Digest::of(&handle), journey.clone()).await?;
        tracing::info!(
            client_id = %journey.ask.client, journey = %journey.id,
            "a journey was opened"
        );
        Ok(Visit::new(handle, 0, journey, door))
    }

    /// The browser keeps its secret while it has journeys under way, so that two tabs do not lock
    /// each other out; an idle browser gets a new one.
    fn browser_secret(&self, arrival: &Arrival) -> String {
        let kept = arrival.browser_secret(&self.settings).map(str::to_owned);
        kept.unwrap_or_else(|| handle(&*self.entropy))
    }

    fn lead_to_page(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        note: Option<Note>,
        browser: &str,
    ) -> Result<Response, Trouble> {
        let seconds = (LIFETIME + AFTERMATH).as_secs();
        let life = CookieLife::Seconds(u32::try_from(seconds).unwrap_or(u32::MAX));
        let cookie = self.settings.cookies.set(BROWSER_COOKIE, browser, life);
        let cookie = cookie.map_err(|_| Trouble::Internal("the browser cookie cannot be set"))?;
        let mut response = see_other(&arrival.method, &self.page_url(visit, note));
        response.headers_mut().append(SET_COOKIE, cookie);
        Ok(response)
    }

    fn reveals_state(&self, visit: &Visit) -> bool {
        let client = self.clients.find(&visit.journey.ask.client);
        client.is_some_and(|client| client.reveal_subscriber_state)
    }
}

/// What ended at this very moment, to a client that lets nobody be asked (OpenID Connect Core
/// §3.1.2.6).
const fn without_a_user(failure: Failure) -> Failure {
    match failure {
        Failure::NotAuthenticated => Failure::LoginRequired,
        Failure::ConsentDenied => Failure::ConsentRequired,
        other => other,
    }
}

/// What everybody may read of the request, and what only this door needs.
fn ask_of(
    Checked { client, reply, asked }: Checked,
    language: Language,
    claims: Option<KeptClaims>,
) -> (Ask, Door) {
    let ask = Ask {
        client: client.id.clone(),
        client_name: client.name.clone(),
        profile: client.profile,
        scopes: asked.scopes,
        levels: asked.levels.wanted,
        levels_voluntary: asked.levels.voluntary,
        context: asked.text.context,
        binding_message: asked.text.binding_message,
        prompt: prompt_values(asked.prompt),
        reveals_state: client.reveal_subscriber_state,
        language,
    };
    let door = Door {
        reply,
        nonce: asked.nonce,
        code_challenge: asked.code_challenge,
        hashed_login_hint: asked.hinted.hash,
        shown: None,
        claims,
        given: None,
    };
    (ask, door)
}

/// The values of `prompt` as policy knows them.
pub(super) fn prompt_values(prompt: Prompt) -> BTreeSet<PromptValue> {
    let Prompt { none, login, consent, select_account, no_seam } = prompt;
    let values = [
        (none, PromptValue::None),
        (login, PromptValue::Login),
        (consent, PromptValue::Consent),
        (select_account, PromptValue::SelectAccount),
        (no_seam, PromptValue::NoSeam),
    ];
    values.into_iter().filter_map(|(is_there, value)| is_there.then_some(value)).collect()
}
