//! The frame of every page a person sees, and the pieces that pages share.

mod frame;
mod pieces;

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    response::{IntoResponse, Response},
};
use fiador_kernel::{ClientId, Language};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_LANGUAGE, CONTENT_TYPE},
};

use self::pieces::{Notice, Requester};
use crate::{
    Assets, AssetsBuilder, Brand, BrandOwner, Brands, Messages, Problem, RequestId, Translator,
    for_page,
};

pub use frame::PageFrame;
pub use pieces::countdown_class;

/// What makes pages: brand, words and files. One per listener, shared by the streets on it.
#[derive(Debug)]
pub struct Pages {
    brand: Brand,
    brands: Arc<Brands>,
    messages: Messages,
    assets: Assets,
}

impl Pages {
    /// Puts brand, words and files together. The files begin with [`Assets::builder`].
    pub fn new(brand: Brand, messages: Messages, assets: AssetsBuilder) -> Self {
        let assets = assets.file("brand.css", brand.stylesheet().into_bytes());
        let brands = Arc::new(Brands::new(&brand));
        Self { brand, brands, messages, assets: assets.build() }
    }

    /// The routes of the static files and of logos; merged once into the router of a listener.
    pub fn routes(&self) -> Router {
        self.assets.routes().merge(self.brands.routes())
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

    /// The logos, which the admin listener replaces.
    pub fn brands(&self) -> &Arc<Brands> {
        &self.brands
    }

    /// The part of a page that says who asks: `sentence`, plain text with the registered name of the
    /// client, beside the client's logo. HTML, to be written as it is (`|safe`). It comes once on a
    /// page, before what is asked, and is the only place for a client's brand.
    pub fn requester(&self, client_id: &ClientId, sentence: &str) -> String {
        let logo = self.brands.logo_path(&BrandOwner::Client(client_id.clone()));
        let requester =
            Requester { logo: logo.as_deref(), class: self.brands.class(client_id), sentence };
        // Rendering to a `String` fails only if a value's `Display` does, and these are texts.
        requester.render().unwrap_or_default()
    }

    /// A page with `content` as its main part. `content` is a template, so what it shows of a
    /// request is escaped by the template engine (T-011). With all headers of T-040.
    pub fn page(&self, frame: &PageFrame, content: &impl Template) -> Response {
        let words = self.messages.translator(frame.language);
        let rendered = content.render().and_then(|content| {
            let path = |name: &&'static str| self.assets.path(name);
            let logo = self.brands.logo_path(&BrandOwner::Operator);
            let whole = Frame {
                language: frame.language,
                direction: direction(frame.language),
                title: &frame.title,
                operator: &self.brand.operator_name,
                logo: logo.as_deref(),
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
        self.notice_with(frame, text, way_on.as_slice())
    }

    /// [`Pages::notice`] with several ways on, the best one first.
    pub fn notice_with(&self, frame: &PageFrame, text: &str, ways_on: &[(&str, &str)]) -> Response {
        let words = self.messages.translator(frame.language);
        let notice = Notice {
            title: &frame.title,
            text,
            ways_on,
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

/// The `dir` of a language. The style sheet uses logical properties throughout, so a language
/// written from the right needs its arm here and nothing else.
fn direction(language: Language) -> &'static str {
    match language {
        Language::En | Language::Es | Language::Pt | Language::De | Language::Fr => "ltr",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_from_the_right_turns_the_whole_page() {
        let page = Frame {
            language: Language::default(),
            direction: "rtl",
            title: "t",
            operator: "o",
            logo: None,
            icon: "i",
            styles: Vec::new(),
            scripts: Vec::new(),
            refresh: None,
            skip: String::new(),
            footer: String::new(),
            content: "c",
        };
        let html = page.render().unwrap();
        assert!(html.contains("<html lang=\"en\" dir=\"rtl\">"), "{html}");
        assert_eq!(html.matches("dir=").count(), 1, "nothing turns a part back");
    }
}
