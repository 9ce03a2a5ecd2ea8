//! The frame of every page a person sees.

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse, Response},
};
use fiador_kernel::Language;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LANGUAGE, CONTENT_TYPE},
};

use crate::{
    Assets, AssetsBuilder, Brand, ContentSecurity, Messages, Problem, RequestId, Translator,
    for_page,
};

/// What makes pages: brand, words and files. One per listener, shared by the streets on it.
#[derive(Debug)]
pub struct Pages {
    brand: Brand,
    messages: Messages,
    assets: Assets,
}

/// What one page says about itself.
#[derive(Clone, Debug)]
pub struct PageFrame {
    language: Language,
    title: String,
    status: StatusCode,
    security: ContentSecurity,
    scripts: Vec<&'static str>,
    styles: Vec<&'static str>,
    refresh: Option<u32>,
}

impl PageFrame {
    /// A page in `language`; `title` is plain text and comes before the operator's name.
    pub fn new(language: Language, title: impl Into<String>) -> Self {
        Self {
            language,
            title: title.into(),
            status: StatusCode::OK,
            security: ContentSecurity::own_pages_only(),
            scripts: Vec::new(),
            styles: Vec::new(),
            refresh: None,
        }
    }

    /// Another status than 200.
    #[must_use]
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Where forms of this page may lead after us.
    #[must_use]
    pub fn security(mut self, security: ContentSecurity) -> Self {
        self.security = security;
        self
    }

    /// Loads the script of this asset name. The page must work without.
    #[must_use]
    pub fn script(mut self, asset: &'static str) -> Self {
        self.scripts.push(asset);
        self
    }

    /// Loads the style sheet of this asset name after ours.
    #[must_use]
    pub fn style(mut self, asset: &'static str) -> Self {
        self.styles.push(asset);
        self
    }

    /// Has browsers without scripts load the page anew after so many seconds. Only for pages on which
    /// nothing is typed.
    #[must_use]
    pub fn refresh_without_script(mut self, seconds: u32) -> Self {
        self.refresh = Some(seconds);
        self
    }
}

impl Pages {
    /// Puts brand, words and files together. The files begin with [`Assets::builder`].
    pub fn new(brand: Brand, messages: Messages, assets: AssetsBuilder) -> Self {
        let mut assets = assets.file("brand.css", brand.stylesheet().into_bytes());
        if let Some(logo) = &brand.logo {
            assets = assets.file(&logo.file_name, logo.content.clone());
        }
        Self { brand, messages, assets: assets.build() }
    }

    /// The routes of the static files; merged once into the router of a listener.
    pub fn routes(&self) -> Router {
        self.assets.routes()
    }

    /// The words.
    pub fn messages(&self) -> &Messages {
        &self.messages
    }

    /// The words of one language.
    pub fn translator(&self, language: Language) -> Translator<'_> {
        self.messages.translator(language)
    }

    /// The static files.
    pub fn assets(&self) -> &Assets {
        &self.assets
    }

    /// The brand.
    pub fn brand(&self) -> &Brand {
        &self.brand
    }

    /// A page with `content` as its main part. `content` is a template, so what it shows of a
    /// request is escaped by the template engine (T-011). With all headers of T-040.
    pub fn page(&self, frame: &PageFrame, content: &impl Template) -> Response {
        let words = self.messages.translator(frame.language);
        let rendered = content.render().and_then(|content| {
            let path = |name: &&'static str| self.assets.path(name);
            let whole = Frame {
                language: frame.language,
                direction: direction(frame.language),
                title: &frame.title,
                operator: &self.brand.operator_name,
                logo: self.brand.logo.as_ref().map(|logo| self.assets.path(&logo.file_name)),
                icon: self.assets.path("icon.svg"),
                styles: ["page.css", "brand.css"].iter().chain(&frame.styles).map(path).collect(),
                scripts: frame.scripts.iter().map(path).collect(),
                refresh: frame.refresh,
                skip: words.text("page-skip"),
                footer: words.with("page-footer", "operator", self.brand.operator_name.as_str()),
                content: &content,
            };
            whole.render()
        });
        let html = match rendered {
            Ok(html) => html,
            Err(error) => {
                tracing::error!(%error, "a page could not be rendered; please report it");
                return Problem::internal().into_response();
            }
        };
        let mut response = (frame.status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(frame.language.tag()));
        for_page(headers, &frame.security);
        response
    }

    /// A page that says one thing and offers a way on: for errors, and for ends without a service
    /// provider to return to. `way_on` is the label and address of the one button; without it the
    /// text must say where to go. Shows the request's id, for calls to the help desk.
    pub fn notice(&self, frame: &PageFrame, text: &str, way_on: Option<(&str, &str)>) -> Response {
        let words = self.messages.translator(frame.language);
        let notice = Notice {
            title: &frame.title,
            text,
            way_on,
            reference: RequestId::current()
                .filter(|_| frame.status.is_client_error() || frame.status.is_server_error())
                .map(|id| words.with("page-reference", "id", id.to_string())),
        };
        self.page(frame, &notice)
    }

    /// The page of 404, for the fallback of a router that people reach.
    pub fn not_found(&self, language: Language) -> Response {
        let words = self.messages.translator(language);
        let frame = PageFrame::new(language, words.text("page-not-found-title"))
            .status(StatusCode::NOT_FOUND);
        self.notice(&frame, &words.text("page-not-found-text"), None)
    }
}

#[derive(Template)]
#[template(path = "frame.html")]
struct Frame<'a> {
    language: Language,
    direction: &'static str,
    title: &'a str,
    operator: &'a str,
    logo: Option<&'a str>,
    icon: &'a str,
    styles: Vec<&'a str>,
    scripts: Vec<&'a str>,
    refresh: Option<u32>,
    skip: String,
    footer: String,
    content: &'a str,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    title: &'a str,
    text: &'a str,
    way_on: Option<(&'a str, &'a str)>,
    reference: Option<String>,
}

/// The `dir` of a language. The style sheet uses logical properties throughout, so a language
/// written from the right needs its arm here and nothing else.
fn direction(language: Language) -> &'static str {
    match language {
        Language::En | Language::Es | Language::Pt | Language::De | Language::Fr => "ltr",
    }
}
