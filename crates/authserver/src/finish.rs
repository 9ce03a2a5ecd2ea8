//! The end of a journey: a proof and, where attributes leave, a consent become a code.

use axum::response::Response;
use fiador_domain::{
    catalog, consent,
    journey::{Ask, Journey, Refusal, Stage},
    token::{CODE_LIFETIME, CodeContent},
};
use fiador_http_kit::CookieLife;
use fiador_kernel::{Digest, GrantId, Loa, ScopeSet};
use http::{Method, header::SET_COOKIE};

use crate::{
    AuthServer,
    arrival::{Arrival, SESSION_COOKIE},
    check::Failure,
    door::{Door, Given},
    pages::Visit,
    reply::Reply,
    trouble::Trouble,
};

impl AuthServer {
    /// The attribute scopes that the user must still agree to (T-049). The database is asked only
    /// if the request has any.
    pub(crate) async fn missing_consent(
        &self,
        journey: &Journey,
        door: &Door,
    ) -> Result<ScopeSet, Trouble> {
        let shared = match &door.claims {
            Some(claims) => &journey.ask.scopes.union(&claims.scopes),
            None => &journey.ask.scopes,
        };
        let needed = catalog::needing_consent(shared);
        let Stage::Verified { subscriber, .. } = &journey.stage else { return Ok(needed) };
        if needed.is_empty() || journey.ask.is_consent_anew() {
            return Ok(needed);
        }
        let given = self.consents.find(subscriber, &journey.ask.client).await?;
        Ok(consent::missing(shared, given.as_ref()))
    }

    /// Gives the answer of a verified journey, `agreed` being what the user has just agreed to
    /// share. The journey is granted before the code leaves, so of two submissions one issues it
    /// and the other gets the same (T-033).
    pub(crate) async fn finish(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        agreed: Option<ScopeSet>,
    ) -> Result<Response, Trouble> {
        let given = match self.issue(&visit.journey, &visit.door, agreed).await? {
            Ok(given) => given,
            Err(failure @ (Failure::NotAuthenticated | Failure::ConsentDenied)) => {
                let withdrawn = failure == Failure::ConsentDenied;
                let reason = if withdrawn { Refusal::ConsentDenied } else { Refusal::Failed };
                visit.refuse(self, reason).await?;
                return self.answer_or_lead_back(arrival, &visit);
            }
            Err(failure) => {
                let ask = &visit.journey.ask;
                return Ok(self.send_error(
                    &arrival.method,
                    ask.language,
                    &visit.door.reply,
                    failure,
                ));
            }
        };
        let at = given.at;
        visit.note_in_door(|door| door.given = Some(given))?;
        let Ok(granted) = visit.stage().clone().grant(at) else {
            return Err(Trouble::Internal("a journey was finished before it was verified"));
        };
        // Whoever was first, the journey now has its answer.
        visit.advance(self, granted).await?;
        self.answer_or_lead_back(arrival, &visit)
    }

    /// The answer of a granted journey, while its code lives. Only for forms that were submitted
    /// twice: who comes back by the browser's history must not spend the code again.
    pub(crate) fn repeat(&self, arrival: &Arrival, visit: &Visit) -> Result<Response, Trouble> {
        let ask = &visit.journey.ask;
        match &visit.door.given {
            Some(given) if self.clock.now() < given.at + CODE_LIFETIME => {
                self.hand_over(&arrival.method, ask, &visit.door.reply, given)
            }
            _ => Ok(self.say_finished(ask.language)),
        }
    }

    /// Makes the code, and for profiles with login sessions the session that begins with it
    /// (decision 0001: nothing is written; T-042: the session id is new). The inner error goes to
    /// the service provider.
    pub(crate) async fn issue(
        &self,
        journey: &Journey,
        door: &Door,
        agreed: Option<ScopeSet>,
    ) -> Result<Result<Given, Failure>, Trouble> {
        let Journey { ask, stage, .. } = journey;
        let Stage::Verified { subscriber, evidence, session: resumed } = stage else {
            return Err(Trouble::Internal("a code was asked for before the proof"));
        };
        let acr = match evidence.acr(&ask.levels) {
            Some(level) => level,
            None if ask.levels_voluntary => evidence.level,
            None => return Ok(Err(Failure::level(ask.profile))),
        };
        let begins_session = ask.profile.reuses_login_session() && resumed.is_none();
        let begun = begins_session.then(|| self.new_session_secret());
        let session = begun.as_ref().map(Digest::of).or(*resumed);
        let grant = GrantId::random(&*self.entropy);
        // First of all: whatever ends from here on raises a count that the code does not have.
        let epochs = self.revocations.epochs(subscriber, &ask.client, &grant, session).await?;
        if let Some(failure) = self.ended_meanwhile(journey, door, agreed.as_ref()).await? {
            return Ok(Err(failure));
        }
        let now = self.clock.now();
        if let Some(claims) = &door.claims {
            self.hand_on_claims(&grant, claims, now).await?;
        }
        let content = CodeContent {
            grant,
            client: ask.client.clone(),
            subscriber: subscriber.clone(),
            session,
            begins_session,
            scopes: ask.scopes.clone(),
            requested_claims: door.claims.is_some(),
            consented: agreed,
            acr: Some::<Loa>(acr),
            level: evidence.level,
            authenticator: evidence.authenticator.clone(),
            amr_mobile_connect: evidence.amr_mobile_connect.clone(),
            amr_rfc8176: evidence.amr_rfc8176.clone(),
            authenticated_at: evidence.at,
            nonce: door.nonce.clone(),
            redirect_uri: Digest::of(&door.reply.redirect_uri),
            code_challenge: door.code_challenge,
            hashed_login_hint: door.hashed_login_hint,
            displayed_data: displayed(ask),
            expires_at: now + CODE_LIFETIME,
            epochs,
        };
        let code = self.code_issuer.issue_code(&content);
        let code = code.map_err(|error| Trouble::Internal(error.as_str()))?;
        metrics::counter!("fiador_codes_issued_total", "profile" => ask.profile.as_str())
            .increment(1);
        tracing::info!(client_id = %ask.client, journey = %journey.id, "a code was issued");
        Ok(Ok(Given { code, session: begun, at: now }))
    }

    /// What was ended between the proof and now: the code would be born with the counts after that
    /// end, and so would not notice it (T-056, T-223).
    async fn ended_meanwhile(
        &self,
        journey: &Journey,
        door: &Door,
        agreed: Option<&ScopeSet>,
    ) -> Result<Option<Failure>, Trouble> {
        let Stage::Verified { subscriber, session, .. } = &journey.stage else { return Ok(None) };
        if !self.may_authenticate(subscriber).await? {
            return Ok(Some(Failure::NotAuthenticated));
        }
        if let Some(id) = session
            && self.sessions.find(*id, self.clock.now()).await?.is_none()
        {
            return Ok(Some(Failure::NotAuthenticated));
        }
        let missing = self.missing_consent(journey, door).await?;
        let has_agreed = agreed.map_or(missing.is_empty(), |agreed| missing.is_subset(agreed));
        Ok((!has_agreed).then_some(Failure::ConsentDenied))
    }

    /// Sends the code, with the cookie of the session that begins.
    pub(crate) fn hand_over(
        &self,
        method: &Method,
        ask: &Ask,
        reply: &Reply,
        given: &Given,
    ) -> Result<Response, Trouble> {
        let mut response = self.send_code(method, ask.language, reply, &given.code);
        if let Some(session) = &given.session {
            let cookie = self.settings.cookies.set(SESSION_COOKIE, session, CookieLife::Session);
            let cookie =
                cookie.map_err(|_| Trouble::Internal("the session cookie cannot be set"))?;
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        Ok(response)
    }
}

/// What the user has decided on, as the pages have shown it (mobile-connect §2.8,
/// `displayed_data`): only where a decision was asked for.
fn displayed(ask: &Ask) -> Option<String> {
    if !ask.scopes.contains("mc_authz") {
        return None;
    }
    let texts = [ask.context.as_deref(), ask.binding_message.as_deref()];
    let texts: Vec<&str> = texts.into_iter().flatten().collect();
    (!texts.is_empty()).then(|| format!("{} {}", ask.client_name, texts.join(" ")))
}
