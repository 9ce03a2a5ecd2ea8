//! A served request becomes a journey, or is answered at once by a login session.

use axum::response::Response;
use fiador_domain::journey::{Ask, Journey, LIFETIME, Stage};
use fiador_http_kit::{CookieLife, see_other};
use fiador_kernel::{Digest, JourneyId, Language, handle};
use http::header::SET_COOKIE;

use super::{
    Stop,
    route::{By, Routed},
};
use crate::{
    AuthServer,
    arrival::{Arrival, BROWSER_COOKIE},
    challenge::Reached,
    check::{Checked, Failure},
    door::Door,
    pages::{Note, Visit},
    trouble::Trouble,
};

impl AuthServer {
    /// Opens the journey, reaches the phone if it is known whose, and leads the browser to the
    /// journey's page.
    pub(super) async fn open(&self, arrival: &Arrival, routed: Routed) -> Result<Response, Stop> {
        let Routed { request, by } = routed;
        let language = self.language(arrival, request.asked.ui_locales.as_deref());
        let browser = self.browser_secret(arrival);
        let (stage, found) = match by {
            By::Session(session) => {
                let proven = Stage::Received.resume(session.subscriber, session.evidence);
                (proven.map_err(|_| Trouble::Internal("a session does not answer"))?, None)
            }
            By::Phone(None) => (Stage::Received, None),
            By::Phone(Some(found)) => {
                let stage = Stage::Identified { subject: found.subject.clone() };
                (stage, Some(found))
            }
        };
        let is_silent = request.asked.prompt.none;
        let number_block = found.map(|found| found.number_block);
        let (ask, door) = ask_of(request, number_block, language);
        let journey = self.journey(ask, &door, Digest::of(&browser), stage)?;
        if matches!(journey.stage, Stage::Verified { .. }) {
            return self.answer_from_session(arrival, journey, door, is_silent, &browser).await;
        }
        let mut visit = self.keep(journey, door).await?;
        let mut note = None;
        if matches!(visit.stage(), Stage::Identified { .. }) {
            match self.reach(&mut visit, &arrival.network).await? {
                Reached::Asked => {}
                Reached::NotNow(_) if self.reveals_state(&visit) => {
                    return Err(Stop::Back(visit.door.reply, Failure::Busy));
                }
                Reached::NotNow(wait) => note = Some(Note::Wait(wait)),
                Reached::Never(failure) => return Err(Stop::Back(visit.door.reply, failure)),
            }
        }
        tracing::info!(
            client_id = %visit.journey.ask.client, journey = %visit.journey.id,
            "a journey was opened"
        );
        Ok(self.lead_to_page(arrival, &visit, note, &browser)?)
    }

    /// A login session has answered: the code leaves at once, unless the user has to agree first.
    async fn answer_from_session(
        &self,
        arrival: &Arrival,
        journey: Journey,
        door: Door,
        is_silent: bool,
        browser: &str,
    ) -> Result<Response, Stop> {
        if let Some(session) = arrival.session(&self.settings) {
            self.sessions.touch(session, self.clock.now()).await?;
        }
        let needs_consent = !self.missing_consent(&journey).await?.is_empty();
        if needs_consent && is_silent {
            return Err(Stop::Back(door.reply, Failure::ConsentRequired));
        }
        if needs_consent {
            let visit = self.keep(journey, door).await?;
            return Ok(self.lead_to_page(arrival, &visit, None, browser)?);
        }
        Ok(match self.issue(&journey, &door, None).await? {
            Ok(given) => self.hand_over(&arrival.method, &journey.ask, &door.reply, &given)?,
            Err(failure) => return Err(Stop::Back(door.reply, failure)),
        })
    }

    /// Keeps a new journey under a new handle.
    async fn keep(&self, journey: Journey, door: Door) -> Result<Visit, Trouble> {
        let handle = handle(&*self.entropy);
        self.journeys.open(Digest::of(&handle), journey.clone()).await?;
        Ok(Visit::new(handle, 0, journey, door))
    }

    fn journey(
        &self,
        ask: Ask,
        door: &Door,
        browser: Digest,
        stage: Stage,
    ) -> Result<Journey, Trouble> {
        let now = self.clock.now();
        let id = JourneyId::random(&*self.entropy);
        let (opened_at, expires_at) = (now, now + LIFETIME);
        Ok(Journey { id, ask, door: door.to_state()?, browser, opened_at, expires_at, stage })
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
        let life = CookieLife::Seconds(u32::try_from(LIFETIME.as_secs()).unwrap_or(u32::MAX));
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

/// What everybody may read of the request, and what only this door needs.
fn ask_of(
    Checked { client, reply, asked }: Checked,
    number_block: Option<Digest>,
    language: Language,
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
        consent_anew: asked.prompt.consent,
        language,
    };
    let door = Door {
        reply,
        nonce: asked.nonce,
        code_challenge: asked.code_challenge,
        hashed_login_hint: asked.hinted.hash,
        number_block,
        given: None,
    };
    (ask, door)
}
