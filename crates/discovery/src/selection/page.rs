//! How the page looks. It works without JavaScript.

use askama::Template;
use axum::response::Response;
use fiador_domain::numbering::Operator;
use fiador_http_kit::{ContentSecurity, FormTarget, PageFrame, Translator};
use fiador_kernel::{Language, Plmn};
use http::StatusCode;

use crate::Service;

use super::{PATH, Session, choice::Trouble};

#[derive(Template)]
#[template(path = "selection.html")]
struct Selection<'a> {
    words: Translator<'a>,
    title: String,
    action: &'static str,
    session_id: &'a str,
    operators: Vec<(&'a Operator, &'a Plmn)>,
    number_error: Option<String>,
    choice_error: Option<String>,
}

impl Service {
    /// The page with both ways to choose.
    pub(super) fn ask(
        &self,
        language: Language,
        id: &str,
        session: &Session,
        trouble: Option<Trouble>,
    ) -> Response {
        let words = self.pages.translator(language);
        let title = words.text("discovery-select-title");
        let (number_error, choice_error) = errors(words, trouble);
        let page = Selection {
            words,
            title: title.clone(),
            action: PATH,
            session_id: id,
            operators: self.offered(session),
            number_error,
            choice_error,
        };
        let status = trouble.map_or(StatusCode::OK, |trouble| match trouble {
            Trouble::TooManyNumbers => StatusCode::TOO_MANY_REQUESTS,
            Trouble::NothingChosen | Trouble::NotANumber | Trouble::NoOperator => {
                StatusCode::BAD_REQUEST
            }
        });
        let frame = PageFrame::new(language, title).status(status).security(security(session));
        self.pages.page(&frame, &page)
    }

    /// The selection is unknown or too old, and with it the way back. All reasons look the same.
    pub(super) fn lapsed(&self, language: Language) -> Response {
        let words = self.pages.translator(language);
        let frame = PageFrame::new(language, words.text("discovery-lapsed-title"))
            .status(StatusCode::NOT_FOUND);
        self.pages.notice(&frame, &words.text("discovery-lapsed-text"), None)
    }
}

fn errors(words: Translator<'_>, trouble: Option<Trouble>) -> (Option<String>, Option<String>) {
    match trouble {
        None => (None, None),
        Some(Trouble::NothingChosen) => (None, Some(words.text("discovery-choice-missing"))),
        Some(Trouble::NotANumber) => (Some(words.text("discovery-number-wrong")), None),
        Some(Trouble::NoOperator) => (Some(words.text("discovery-number-unknown")), None),
        Some(Trouble::TooManyNumbers) => (Some(words.text("discovery-number-too-many")), None),
    }
}

/// The form ends at the service provider, which sends the browser on to the operator's gateway:
/// Chromium holds both against the page's policy.
fn security(session: &Session) -> ContentSecurity {
    let security = ContentSecurity::own_pages_only().form_may_lead_to(FormTarget::any_https());
    match FormTarget::of_redirect_uri(&session.redirect_url) {
        Ok(target) => security.form_may_lead_to(target),
        Err(_) => security,
    }
}
