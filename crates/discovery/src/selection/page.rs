//! How the page looks. It works without JavaScript: another country is another page.

use askama::Template;
use axum::response::Response;
use fiador_domain::numbering::Operator;
use fiador_http_kit::{ContentSecurity, FormTarget, PageFrame, Translator};
use fiador_kernel::{Language, Plmn};
use http::StatusCode;

use crate::Service;

use super::{Session, choice::Trouble};

#[derive(Template)]
#[template(path = "selection.html")]
struct Selection<'a> {
    words: Translator<'a>,
    title: String,
    action: &'static str,
    session_id: &'a str,
    /// Countries to choose from, by name; empty when there is only one.
    countries: Vec<Country>,
    /// The one whose operators are shown.
    country: String,
    operators: Vec<(&'a Operator, &'a Plmn)>,
    number_error: Option<String>,
    choice_error: Option<String>,
}

struct Country {
    code: String,
    name: String,
}

impl Service {
    /// The page with all ways to choose.
    pub(super) fn ask(
        &self,
        language: Language,
        id: &str,
        session: &Session,
        country: Option<&str>,
        trouble: Option<Trouble>,
    ) -> Response {
        let words = self.pages.translator(language);
        let title = words.text("discovery-select-title");
        let (number_error, choice_error) = errors(words, trouble);
        let mut operators = self.offered_to(session);
        let countries = countries(words, &operators);
        let country = shown(&operators, country);
        operators.retain(|(operator, _)| operator.country == country);
        let page = Selection {
            words,
            title: title.clone(),
            action: session.dialect.selection_path(),
            session_id: id,
            countries: if countries.len() > 1 { countries } else { Vec::new() },
            country,
            operators,
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

/// The countries of these operators in the order of their names.
fn countries(words: Translator<'_>, operators: &[(&Operator, &Plmn)]) -> Vec<Country> {
    let mut countries: Vec<Country> = Vec::new();
    for (operator, _) in operators {
        if countries.iter().all(|known| known.code != operator.country) {
            let name = words.text(&format!("country-{}", operator.country));
            countries.push(Country { code: operator.country.clone(), name });
        }
    }
    countries.sort_by(|a, b| a.name.cmp(&b.name));
    countries
}

/// The country that was asked for, or else that of our own operator, or else the first.
fn shown(operators: &[(&Operator, &Plmn)], asked: Option<&str>) -> String {
    let of = |wanted: &dyn Fn(&Operator) -> bool| {
        operators.iter().find(|(operator, _)| wanted(operator))
    };
    of(&|operator| Some(operator.country.as_str()) == asked)
        .or_else(|| of(&|operator| operator.own))
        .or_else(|| operators.first())
        .map(|(operator, _)| operator.country.clone())
        .unwrap_or_default()
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
