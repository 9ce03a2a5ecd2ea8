//! Every class of `page.css` on real pages: `cargo run -p fiador-http-kit --example gallery -- 127.0.0.1:8099`.
#![allow(clippy::print_stdout, reason = "an example tells its address where it was started")]

use std::{future, net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use fiador_http_kit::{
    Assets, Brand, Messages, PageFrame, Pages,
    listener::{Bound, ListenerSettings},
};
use fiador_kernel::Language;

#[derive(Template)]
#[template(path = "gallery/number.html")]
struct Number;

#[derive(Template)]
#[template(path = "gallery/code.html")]
struct Code;

#[derive(Template)]
#[template(path = "gallery/waiting.html")]
struct Waiting;

#[derive(Template)]
#[template(path = "gallery/consent.html")]
struct Consent;

#[derive(Template)]
#[template(path = "gallery/operators.html")]
struct Operators;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut brand = Brand::new("Example Mobile");
    if let Some(accent) = std::env::args().nth(2) {
        brand.accent = accent.parse()?;
    }
    let messages = Messages::builder()?.build()?;
    let pages = Arc::new(Pages::new(brand, messages, Assets::builder()));

    let address: SocketAddr = match std::env::args().nth(1) {
        Some(address) => address.parse()?,
        None => ([127, 0, 0, 1], 0).into(),
    };
    let bound = Bound::bind("gallery", address, ListenerSettings::default()).await?;
    println!("http://{}/number", bound.address());

    let files = pages.routes();
    let show =
        async move |Path(name): Path<String>, headers: HeaderMap| page(&pages, &name, &headers);
    let router = Router::new().route("/{page}", get(show)).merge(files);
    bound.serve(router, future::pending()).await;
    Ok(())
}

fn page(pages: &Pages, name: &str, headers: &HeaderMap) -> Response {
    let language = pages.messages().negotiate(None, headers);
    let frame = |title: &str| PageFrame::new(language, title);
    match name {
        "number" => pages.page(&frame("Your number"), &Number),
        "code" => pages.page(&frame("Enter the code"), &Code),
        "waiting" => pages.page(&frame("Look at your phone"), &Waiting),
        "consent" => pages.page(&frame("Share with Shop?"), &Consent),
        "operators" => pages.page(&frame("Your operator"), &Operators),
        "error" => {
            let words = pages.translator(Language::Es);
            let frame = PageFrame::new(Language::Es, words.text("page-error-title"))
                .status(StatusCode::INTERNAL_SERVER_ERROR);
            pages.notice(&frame, &words.text("page-error-text"), None)
        }
        _ => pages.not_found(language),
    }
}
