//! A user's browser: cookies, redirects, forms; no JavaScript.

use std::collections::BTreeMap;

use reqwest::{Method, header};
use url::Url;

use super::{Answer, Page, encoded};

/// Where the browser stands after a click.
#[derive(Debug, Clone)]
pub(crate) enum Shown {
    /// A page of the gateway.
    Page(Page),
    /// The gateway sent the browser away.
    Away(Url),
}

impl Shown {
    /// The page; a story that expects one fails when there is none.
    pub(crate) fn page(self) -> Page {
        match self {
            Self::Page(page) => page,
            Self::Away(url) => panic!("the browser was sent away to {url}"),
        }
    }

    /// Where the browser was sent.
    pub(crate) fn away(self) -> Url {
        match self {
            Self::Away(url) => url,
            Self::Page(page) => panic!("still at {}: {}", page.url, page.answer.text),
        }
    }
}

/// A browser with one jar of cookies. The jar does not mind `Secure`, so that a story may stand
/// behind the TLS of a proxy.
#[derive(Clone)]
pub(crate) struct Browser {
    http: reqwest::Client,
    issuer: String,
    node: String,
    language: Option<String>,
    pub(crate) cookies: BTreeMap<String, String>,
    /// Every cookie that was ever set, as its header said.
    pub(crate) set_cookies: Vec<String>,
}

impl Browser {
    pub(crate) fn new(http: reqwest::Client, issuer: &str) -> Self {
        Self {
            http,
            issuer: issuer.to_owned(),
            node: issuer.to_owned(),
            language: None,
            cookies: BTreeMap::new(),
            set_cookies: Vec::new(),
        }
    }

    /// From now on the issuer is served by the node at `base`, as a load balancer may decide.
    pub(crate) fn meets_node(&mut self, base: &str) {
        base.clone_into(&mut self.node);
    }

    /// Prefers pages in this language.
    pub(crate) fn speaks(&mut self, language: &str) {
        self.language = Some(language.to_owned());
    }

    /// Opens an address and follows redirects while they stay at the gateway.
    pub(crate) async fn open(&mut self, url: &str) -> Shown {
        let first = self.send(Method::GET, url, None).await;
        self.follow(url.to_owned(), first).await
    }

    /// Posts a form body to an address and follows.
    pub(crate) async fn post(&mut self, url: &str, body: String) -> Shown {
        let first = self.send(Method::POST, url, Some(body)).await;
        self.follow(url.to_owned(), first).await
    }

    /// Fills in and sends a form of a page, named by its id or by that of a button in it.
    pub(crate) async fn submit(&mut self, page: &Page, id: &str, fields: &[(&str, &str)]) -> Shown {
        let form = page.form(id);
        let hidden = form.hidden.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let body = encoded(hidden.chain(fields.iter().copied()));
        let action = Url::parse(&page.url).unwrap().join(&form.action).unwrap();
        self.post(action.as_str(), body).await
    }

    /// One request, one answer, nothing followed.
    pub(crate) async fn send(&mut self, method: Method, url: &str, body: Option<String>) -> Answer {
        let answer = Answer::read(self.request(method, url, body).send().await.unwrap()).await;
        self.keep_cookies(&answer);
        answer
    }

    /// The answer to one request while it comes in.
    pub(crate) async fn listen(&self, url: &str) -> reqwest::Response {
        self.request(Method::GET, url, None).send().await.unwrap()
    }

    fn request(&self, method: Method, url: &str, body: Option<String>) -> reqwest::RequestBuilder {
        let url = url.replacen(&self.issuer, &self.node, 1);
        let mut request = self.http.request(method, &url).header(header::ACCEPT, "text/html");
        if let Some(language) = &self.language {
            request = request.header(header::ACCEPT_LANGUAGE, language);
        }
        if !self.cookies.is_empty() {
            let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            request = request.header(header::COOKIE, pairs.collect::<Vec<_>>().join("; "));
        }
        if let Some(body) = body {
            request = request
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .header(header::ORIGIN, &self.issuer)
                .body(body);
        }
        request
    }

    async fn follow(&mut self, mut url: String, mut answer: Answer) -> Shown {
        for _ in 0..10 {
            let location = answer.header("location");
            if location.is_empty() {
                return Shown::Page(Page { url, answer });
            }
            let next = Url::parse(&url).unwrap().join(location).unwrap();
            if !next.as_str().starts_with(&format!("{}/", self.issuer)) {
                return Shown::Away(next);
            }
            url = next.into();
            answer = self.send(Method::GET, &url, None).await;
        }
        panic!("too many redirects, last to {url}");
    }

    fn keep_cookies(&mut self, answer: &Answer) {
        for line in answer.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap().to_owned();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
            self.set_cookies.push(line);
        }
    }
}
