//! A user: a browser, a phone, and the patience to go from page to page.

use std::collections::BTreeMap;

use url::Url;

use super::{Browser, Page, Shown, page::Form};

/// What arrived at the redirect URI.
#[derive(Debug, Clone)]
pub(crate) struct Landing {
    pub(crate) url: Url,
    pub(crate) parameters: BTreeMap<String, String>,
}

impl Landing {
    pub(crate) fn at(url: Url) -> Self {
        let parameters = url.query_pairs().into_owned().collect();
        Self { url, parameters }
    }

    /// What the form of a page posts there (OAuth 2.0 Form Post Response Mode §2).
    fn posted(page: &Page) -> Self {
        let Form { action, hidden } = page.form("form-post");
        Self { url: Url::parse(&action).unwrap(), parameters: hidden.into_iter().collect() }
    }

    /// A parameter of the answer; empty if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.parameters.get(name).map_or("", String::as_str)
    }

    /// The authorization code; a story that expects one fails when there is none.
    pub(crate) fn code(&self) -> &str {
        assert!(self.parameters.contains_key("code"), "no code at {}", self.url);
        self.get("code")
    }
}

/// A user who does what the pages ask for.
pub(crate) struct User {
    pub(crate) browser: Browser,
    pub(crate) msisdn: String,
    /// The ids of the forms filled in so far.
    pub(crate) filled_in: Vec<&'static str>,
}

impl User {
    pub(crate) fn new(browser: Browser, msisdn: &str) -> Self {
        Self { browser, msisdn: msisdn.to_owned(), filled_in: Vec::new() }
    }

    /// Opens `start` and goes from page to page until the browser is sent away. `code` reads the
    /// phone when a page asks for the code.
    pub(crate) async fn log_in(
        &mut self,
        start: &str,
        code: impl AsyncFnMut() -> String,
    ) -> Landing {
        let shown = self.browser.open(start).await;
        self.go_on(shown, code).await
    }

    /// Goes on from where the browser stands.
    pub(crate) async fn go_on(
        &mut self,
        mut shown: Shown,
        mut code: impl AsyncFnMut() -> String,
    ) -> Landing {
        for _ in 0..8 {
            let page = match shown {
                Shown::Away(url) => return Landing::at(url),
                Shown::Page(page) if page.has("form-post") => {
                    self.filled_in.push("form-post");
                    return Landing::posted(&page);
                }
                Shown::Page(page) => page,
            };
            let (form, fields) = self.what_to_type(&page, &mut code).await;
            self.filled_in.push(form);
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
            shown = self.browser.submit(&page, form, &fields).await;
        }
        panic!("eight pages and no end: {:?}", self.filled_in);
    }

    async fn what_to_type(
        &self,
        page: &Page,
        code: &mut impl AsyncFnMut() -> String,
    ) -> (&'static str, Vec<(&'static str, String)>) {
        if page.has("journey-number") {
            ("journey-number", vec![("msisdn", format!("+{}", self.msisdn))])
        } else if page.has("journey-answer") {
            ("journey-answer", vec![("code", code().await)])
        } else if page.has("journey-consent") {
            ("journey-consent", vec![("decision", "agree".to_owned())])
        } else {
            panic!("a page that leads nowhere at {}: {}", page.url, page.answer.text)
        }
    }
}
