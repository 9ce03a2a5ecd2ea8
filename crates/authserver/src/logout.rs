//! `GET|POST /logout`: a service provider asks to end the login session of the browser (OpenID
//! Connect RP-Initiated Logout 1.0).
//!
//! Who proves by an ID Token of ours to speak for the user of this very session ends it at once;
//! anybody else gets the user asked, because a link must not sign people out. While the session has
//! not begun, it is not known whose it will be, so the user is asked too.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    client::Client,
};
use fiador_http_kit::{ClientAddress, PageFrame, see_other};
use fiador_kernel::{ClientId, Digest};
use fiador_wire_oauth::{parameters::Parameters, redirect_uri};
use http::{StatusCode, header::SET_COOKIE};

use crate::{
    AuthServer,
    arrival::{Arrival, SESSION_COOKIE},
    check::Parsed,
    pages::ConfirmLogout,
    reply::form_may_end_at,
    trouble::Trouble,
};

/// The endpoint.
pub(crate) async fn logout(
    State(server): State<Arc<AuthServer>>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, body) = Arrival::of(request, address);
    let answer = server.logout(&arrival, body).await;
    answer.unwrap_or_else(|trouble| server.apologise(&arrival, &trouble))
}

/// `POST /logout/confirm`: the user has agreed.
pub(crate) async fn confirm(
    State(server): State<Arc<AuthServer>>,
    address: ClientAddress,
    request: Request,
) -> Response {
    let (arrival, body) = Arrival::of(request, address);
    let answer = server.confirm_logout(&arrival, body).await;
    answer.unwrap_or_else(|trouble| server.apologise(&arrival, &trouble))
}

impl AuthServer {
    async fn logout(&self, arrival: &Arrival, body: Body) -> Result<Response, Trouble> {
        let form = read(arrival, body).await?;
        let Some(secret) = arrival.session_secret(&self.settings) else {
            return Ok(self.signed_out(arrival, &form));
        };
        let now = self.clock.now();
        let Some(session) = self.sessions.find(Digest::of(secret), now).await? else {
            return Ok(if self.made_session_secret(secret) {
                self.ask_to_confirm(arrival, secret, &form)
            } else {
                self.signed_out(arrival, &form)
            });
        };
        let speaks_for = match form.get_non_empty("id_token_hint") {
            Some(token) => self.subject_of_id_token(token).await?.and_then(|subject| subject.0),
            None => None,
        };
        if speaks_for == Some(session.subscriber) {
            return self.end_session(arrival, secret, &form).await;
        }
        Ok(self.ask_to_confirm(arrival, secret, &form))
    }

    async fn confirm_logout(&self, arrival: &Arrival, body: Body) -> Result<Response, Trouble> {
        let form = read(arrival, body).await?;
        match arrival.session_secret(&self.settings) {
            Some(secret) if form.get("confirmation") == Some(&confirmation(secret)) => {
                self.end_session(arrival, secret, &form).await
            }
            Some(secret) => Ok(self.ask_to_confirm(arrival, secret, &form)),
            None => Ok(self.signed_out(arrival, &form)),
        }
    }

    /// Ends the session and everything that belongs to it. One that is not there may be about to
    /// begin: its code is on its way, and must not be good for anything any more (T-056).
    async fn end_session(
        &self,
        arrival: &Arrival,
        secret: &str,
        form: &Parameters,
    ) -> Result<Response, Trouble> {
        let id = Digest::of(secret);
        let now = self.clock.now();
        let session = self.sessions.find(id, now).await?;
        if session.is_some() || self.made_session_secret(secret) {
            let event = AuditEvent {
                at: now,
                kind: AuditKind::SessionEnded,
                client: self.client_of(form).map(|client| client.id.clone()),
                subscriber: session.map(|session| session.subscriber),
                grant: None,
                journey: None,
                detail: Some("logout".to_owned()),
            };
            self.sessions.end(id, event).await?;
        }
        Ok(self.signed_out(arrival, form))
    }

    /// Back to the service provider if it registered where, else a page that says so. An address that
    /// it did not register is a mistake of its, which the page tells (RP-Initiated Logout §3).
    fn signed_out(&self, arrival: &Arrival, form: &Parameters) -> Response {
        let way_back = self.way_back(form).map(|location| see_other(&arrival.method, &location));
        let mut response = way_back.unwrap_or_else(|| {
            let language = self.language(arrival, form.get("ui_locales"));
            let t = self.pages.translator(language);
            let (status, text) = match form.get_non_empty("post_logout_redirect_uri") {
                Some(_) => (StatusCode::BAD_REQUEST, "authserver-signed-out-no-return"),
                None => (StatusCode::OK, "authserver-signed-out-text"),
            };
            let title = t.text("authserver-signed-out-title");
            let frame = PageFrame::new(language, title).status(status);
            self.pages.notice(&frame, &t.text(text), None)
        });
        if let Ok(cookie) = self.settings.cookies.clear(SESSION_COOKIE) {
            response.headers_mut().append(SET_COOKIE, cookie);
        }
        response
    }

    /// `post_logout_redirect_uri` with `state`, if the client that asks has registered it: byte for
    /// byte (T-030, T-039).
    fn way_back(&self, form: &Parameters) -> Option<String> {
        let uri = form.get_non_empty("post_logout_redirect_uri")?;
        let client = self.client_of(form)?;
        client.post_logout_redirect_uris.iter().find(|registered| *registered == uri)?;
        let state = form.get_non_empty("state").map(|state| ("state", state));
        Some(redirect_uri::append(uri, state))
    }

    /// The client that asks: named by its ID Token or by `client_id`, which must agree. A hint that
    /// is no ID Token of ours spoils the request: what it says cannot be held against anything.
    fn client_of(&self, form: &Parameters) -> Option<Arc<Client>> {
        let named = form.get_non_empty("client_id").map(ClientId::new).transpose().ok()?;
        let hinted = match form.get_non_empty("id_token_hint") {
            Some(token) => Some(self.read_id_token(token)?.0),
            None => None,
        };
        let id = match (named, hinted) {
            (Some(named), Some(hinted)) if named != hinted => return None,
            (named, hinted) => named.or(hinted)?,
        };
        self.clients.find(&id).filter(|client| client.enabled)
    }

    fn ask_to_confirm(&self, arrival: &Arrival, secret: &str, form: &Parameters) -> Response {
        let language = self.language(arrival, form.get("ui_locales"));
        let t = self.pages.translator(language);
        let confirmation = confirmation(secret);
        let mut fields = vec![("confirmation", confirmation.as_str())];
        for name in KEPT {
            fields.extend(form.get_non_empty(name).map(|value| (name, value)));
        }
        let action = format!("{}/logout/confirm", self.settings.issuer.path());
        let mut frame = PageFrame::new(language, t.text("authserver-logout-title"));
        if let Some(location) = self.way_back(form) {
            frame = frame.security(form_may_end_at(&location));
        }
        self.pages.page(&frame, &ConfirmLogout { t, action, fields })
    }
}

/// What the question passes on to the answer.
const KEPT: [&str; 5] =
    ["client_id", "id_token_hint", "post_logout_redirect_uri", "state", "ui_locales"];

/// What only a page of ours can know: the session's secret, hashed for this one purpose.
fn confirmation(secret: &str) -> String {
    Digest::of(format!("logout {secret}")).to_hex()
}

async fn read(arrival: &Arrival, body: Body) -> Result<Parameters, Trouble> {
    let form = Parsed::read(arrival, body).await?.whole().map_err(|_| Trouble::DamagedForm)?;
    // A repeated parameter has no meaning that two readers would share (T-007).
    if form.repeated().next().is_some() { Err(Trouble::DamagedForm) } else { Ok(form) }
}
