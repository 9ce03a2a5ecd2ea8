//! The page of each stage.

use axum::response::Response;
use fiador_domain::journey::{Refusal, Stage, Subject};
use fiador_http_kit::PageFrame;
use fiador_kernel::{AuthenticatorId, Language, ScopeSet};
use serde_json::Value;

use super::{
    Note, Visit,
    words::{About, ConsentPage, HeldPage, NumberPage, PromptPage},
};
use crate::{AuthServer, arrival::Arrival, trouble::Trouble};

impl AuthServer {
    /// Shows the stage that the journey is in.
    pub(super) async fn show(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        note: Option<Note>,
    ) -> Result<Response, Trouble> {
        match visit.stage() {
            Stage::Received => Ok(self.ask_number(&visit, note)),
            Stage::Identified { subject } => Ok(self.hold(&visit, subject, note)),
            Stage::Challenged { subject, authenticator, challenge, .. } => {
                self.prompt(arrival, &visit, subject, (authenticator, challenge), note)
            }
            Stage::Verified { .. } => {
                let missing = self.missing_consent(&visit.journey, &visit.door).await?;
                if missing.is_empty() {
                    return self.finish(arrival, visit, None).await;
                }
                if visit.keep_shown(self, &missing).await? {
                    Ok(self.ask_consent(&visit, &missing))
                } else {
                    self.lead_back(arrival, &visit, None)
                }
            }
            Stage::Granted { .. } => Ok(self.say_finished(visit.journey.ask.language)),
            Stage::Refused { reason, .. } => Ok(self.send_refusal(arrival, &visit, *reason)),
        }
    }

    /// A journey that ended without authentication has its answer, however often it is asked for.
    pub(super) fn send_refusal(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        reason: Refusal,
    ) -> Response {
        let language = visit.journey.ask.language;
        self.send_error(&arrival.method, language, &visit.door.reply, reason.into())
    }

    /// The answer has been given, and its code must not be spent again.
    pub(crate) fn say_finished(&self, language: Language) -> Response {
        let t = self.pages.translator(language);
        let frame = PageFrame::new(language, t.text("authserver-finished-title"));
        self.pages.notice(&frame, &t.text("authserver-finished-text"), None)
    }

    fn ask_number(&self, visit: &Visit, note: Option<Note>) -> Response {
        let about = self.about(visit);
        let title = about.t.text("authserver-number-title");
        let not_a_number = note == Some(Note::NotANumber);
        self.pages.page(&frame(visit, title), &NumberPage { about, not_a_number })
    }

    fn hold(&self, visit: &Visit, subject: &Subject, note: Option<Note>) -> Response {
        let about = self.about(visit);
        let title = about.t.text("authserver-held-title");
        let (masked, wait) = (&subject.masked, about.waiting(note));
        self.pages.page(&frame(visit, title), &HeldPage { about, masked, wait })
    }

    fn prompt(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        subject: &Subject,
        (authenticator, challenge): (&AuthenticatorId, &Value),
        note: Option<Note>,
    ) -> Result<Response, Trouble> {
        let told = visit.challenge(subject, &arrival.network);
        let wrong = note == Some(Note::Wrong);
        let fragment = self.router.prompt(authenticator, told, challenge, wrong);
        let fragment = fragment.ok_or(Trouble::Internal("a journey's authenticator is gone"))?;
        let about = self.about(visit);
        let page = PromptPage {
            wait: about.waiting(note),
            about,
            heading: &fragment.heading,
            fragment: &fragment.html,
            again: fragment.again_after.is_some(),
        };
        Ok(self.pages.page(&frame(visit, fragment.heading.clone()), &page))
    }

    fn ask_consent(&self, visit: &Visit, missing: &ScopeSet) -> Response {
        // The screens were compared before the code was typed.
        let about = About { binding_message: None, ..self.about(visit) };
        let title = about.named("authserver-consent-title");
        let groups = missing.iter().map(|scope| about.words_of(scope)).collect();
        self.pages.page(&frame(visit, title), &ConsentPage { about, groups })
    }

    fn about<'a>(&'a self, visit: &'a Visit) -> About<'a> {
        let ask = &visit.journey.ask;
        About {
            t: self.pages.translator(ask.language),
            path: self.page_path(visit),
            client: &ask.client_name,
            context: ask.context.as_deref(),
            binding_message: ask.binding_message.as_deref(),
        }
    }
}

fn frame(visit: &Visit, title: String) -> PageFrame {
    PageFrame::new(visit.journey.ask.language, title).security(visit.door.reply.security())
}
