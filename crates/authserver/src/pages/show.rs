//! The page of each stage.

use std::time::Duration;

use axum::response::Response;
use fiador_domain::journey::{Chain, Refusal, Stage, Subject};
use fiador_http_kit::{PageFrame, see_other};
use fiador_kernel::{Language, ScopeSet};
use fiador_ports::ShownPrompt;

use super::{
    Note, Visit,
    events::view,
    words::{About, ConsentPage, HeldPage, NumberPage, Part, PromptPage, again_after},
};
use crate::{
    AuthServer, arrival::Arrival, check::Failure, reply::form_may_also_end_at, trouble::Trouble,
};

/// Follows the journey.
const SCRIPT: &str = "journey.js";
/// Seconds after which a page without scripts looks again.
const REFRESH: u32 = 5;

impl AuthServer {
    /// Shows the stage that the journey is in.
    pub(super) async fn show(
        &self,
        arrival: &Arrival,
        mut visit: Visit,
        note: Option<Note>,
    ) -> Result<Response, Trouble> {
        match visit.stage() {
            Stage::Received => Ok(self.ask_number(&visit, note.as_ref())),
            Stage::Identified { subject } => Ok(self.hold(&visit, subject, note.as_ref())),
            Stage::Challenged { chain, .. } => self.prompt(arrival, &visit, chain, note.as_ref()),
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
        let ask = &visit.journey.ask;
        let failure = Failure::of_refusal(reason, ask.profile);
        self.send_error(&arrival.method, ask.language, &visit.door.reply, failure)
    }

    /// The answer has been given, and its code must not be spent again.
    pub(crate) fn say_finished(&self, language: Language) -> Response {
        let t = self.pages.translator(language);
        let frame = PageFrame::new(language, t.text("authserver-finished-title"));
        self.pages.notice(&frame, &t.text("authserver-finished-text"), None)
    }

    fn ask_number(&self, visit: &Visit, note: Option<&Note>) -> Response {
        let about = self.about(visit);
        let title = about.t.text("authserver-number-title");
        let not_a_number = note == Some(&Note::NotANumber);
        self.pages.page(&self.frame(visit, title), &NumberPage { about, not_a_number })
    }

    /// No message may be sent yet. A wait that outlasts the journey leaves the way back alone.
    fn hold(&self, visit: &Visit, subject: &Subject, note: Option<&Note>) -> Response {
        let about = self.about(visit);
        let title = about.t.text("authserver-held-title");
        let after = match note {
            Some(Note::Wait(wait)) => *wait,
            _ => Duration::ZERO,
        };
        let left = visit.journey.deadline().since(self.clock.now());
        let page = HeldPage {
            masked: &subject.masked,
            wait: about.waiting(note),
            again: (after < left).then(|| again_after(after)),
            about,
        };
        self.pages.page(&self.frame(visit, title), &page)
    }

    fn prompt(
        &self,
        arrival: &Arrival,
        visit: &Visit,
        chain: &Chain,
        note: Option<&Note>,
    ) -> Result<Response, Trouble> {
        let prompts = self.router.prompts(&visit.journey, note.and_then(Note::wrong));
        // Who comes back with something to be told is not sent away again at once.
        if note.is_none()
            && let Some(address) = only_way(&prompts)
        {
            return Ok(see_other(&arrival.method, address));
        }
        let about = self.about(visit);
        let heading = match prompts.as_slice() {
            [] if !chain.live.is_empty() => {
                return Err(Trouble::Internal("a journey's authenticators are gone"));
            }
            [only] => only.fragment.heading.clone(),
            _ => about.t.text("authserver-prompt-title"),
        };
        let frame = self.frame(visit, heading.clone()).script(SCRIPT);
        let frame = if prompts.iter().any(|prompt| prompt.fragment.answered_here) {
            frame
        } else {
            frame.refresh_without_script(REFRESH)
        };
        let page = PromptPage {
            wait: about.waiting(note),
            heading: &heading,
            parts: &parts(&prompts),
            other_way: !chain.ahead.is_empty(),
            view: view(visit.stage()),
            about,
        };
        Ok(self.pages.page(&frame, &page))
    }

    fn ask_consent(&self, visit: &Visit, missing: &ScopeSet) -> Response {
        // The screens were compared before the code was typed.
        let about = About { binding_message: None, ..self.about(visit) };
        let title = about.named("authserver-consent-title");
        let groups = missing.iter().map(|scope| about.words_of(scope)).collect();
        self.pages.page(&self.frame(visit, title), &ConsentPage { about, groups })
    }

    fn about<'a>(&'a self, visit: &'a Visit) -> About<'a> {
        let ask = &visit.journey.ask;
        About {
            t: self.pages.translator(ask.language),
            pages: &self.pages,
            path: self.page_path(visit),
            client_id: &ask.client,
            client: &ask.client_name,
            context: ask.context.as_deref(),
            binding_message: ask.binding_message.as_deref(),
        }
    }

    /// The frame of a journey's page. Whatever form is sent may end at the service provider, or lead
    /// to a foreign authenticator.
    fn frame(&self, visit: &Visit, title: String) -> PageFrame {
        let foreign = self.settings.foreign_authenticators.iter();
        let security = foreign.fold(visit.door.reply.security(), |security, address| {
            form_may_also_end_at(security, address)
        });
        PageFrame::new(visit.journey.ask.language, title).security(security)
    }
}

/// Where the browser is to go, if there is nothing else to choose.
pub(super) fn only_way(prompts: &[ShownPrompt]) -> Option<&str> {
    match prompts {
        [only] => only.fragment.leads_to.as_deref(),
        _ => None,
    }
}

/// The parts of a page; a single one gives the page its heading.
fn parts(prompts: &[ShownPrompt]) -> Vec<Part<'_>> {
    let several = prompts.len() > 1;
    let mut parts = Vec::with_capacity(prompts.len());
    for ShownPrompt { authenticator, fragment } in prompts {
        let authenticator = authenticator.as_str();
        parts.push(Part {
            authenticator,
            suffix: if parts.is_empty() { String::new() } else { format!("-{authenticator}") },
            heading: several.then_some(&*fragment.heading),
            html: &fragment.html,
            answered_here: fragment.answered_here,
            leads_to: fragment.leads_to.as_deref(),
            again: fragment.again_after.map(Duration::from_secs).map(again_after),
        });
    }
    parts
}
