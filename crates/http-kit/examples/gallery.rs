//! Every class of `page.css` on real pages: `cargo run -p fiador-http-kit --example gallery -- 127.0.0.1:8099`.
//! A second argument is an accent colour. `?dir=rtl` turns a page round.
#![allow(clippy::print_stdout, reason = "an example tells its address where it was started")]

use std::{future, net::SocketAddr, sync::Arc};

use askama::Template;
use axum::{
    Router,
    body::{self, Body},
    extract::{Path, RawQuery},
    http::{HeaderMap, StatusCode},
    response::Response,
    routing::get,
};
use fiador_http_kit::{
    Assets, BrandSettings, ClientBrandSettings, ColourSettings, Messages, PageFrame, Pages,
    listener::{Bound, ListenerSettings},
};
use fiador_kernel::{ClientId, Language};

#[derive(Template)]
#[template(path = "gallery/number.html")]
struct Number {
    requester: String,
}

#[derive(Template)]
#[template(path = "gallery/code.html")]
struct Code;

#[derive(Template)]
#[template(path = "gallery/waiting.html")]
struct Waiting {
    requester: String,
}

#[derive(Template)]
#[template(path = "gallery/pending.html")]
struct Pending {
    requester: String,
}

#[derive(Template)]
#[template(path = "gallery/link.html")]
struct Link {
    requester: String,
}

#[derive(Template)]
#[template(path = "gallery/decide.html")]
struct Decide {
    requester: String,
}

#[derive(Template)]
#[template(path = "gallery/consent.html")]
struct Consent {
    requester: String,
}

#[derive(Template)]
#[template(path = "gallery/operators.html")]
struct Operators;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = BrandSettings {
        name: "Example Mobile".to_owned(),
        light: ColourSettings { accent: std::env::args().nth(2), ..ColourSettings::default() },
        clients: vec![ClientBrandSettings {
            client_id: ClientId::new("shop")?,
            logo: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop.png").into()),
            accent: Some("#e0218a".to_owned()),
        }],
        ..BrandSettings::default()
    };
    let messages = Messages::builder()?.build()?;
    let pages = Arc::new(Pages::new(settings.check()?, messages, Assets::builder()));

    let address: SocketAddr = match std::env::args().nth(1) {
        Some(address) => address.parse()?,
        None => ([127, 0, 0, 1], 0).into(),
    };
    let bound = Bound::bind("gallery", address, ListenerSettings::default()).await?;
    println!("http://{}/number", bound.address());

    let files = pages.routes();
    let show = async move |Path(name): Path<String>, RawQuery(query), headers: HeaderMap| {
        let shown = page(&pages, &name, &headers);
        if query.as_deref() == Some("dir=rtl") { turned_round(shown).await } else { shown }
    };
    let router = Router::new().route("/{page}", get(show)).merge(files);
    bound.serve(router, future::pending()).await;
    Ok(())
}

fn page(pages: &Pages, name: &str, headers: &HeaderMap) -> Response {
    let language = pages.messages().negotiate(None, headers);
    let frame = |title: &str| PageFrame::new(language, title);
    let sentence = "Example Shop asks you to confirm that it is you.";
    let requester = ClientId::new("shop")
        .map(|client_id| pages.requester(&client_id, sentence))
        .unwrap_or_default();
    match name {
        "number" => pages.page(&frame("Your number"), &Number { requester }),
        "code" => pages.page(&frame("Enter the code"), &Code),
        "waiting" => pages.page(&frame("Look at your phone"), &Waiting { requester }),
        "pending" => pages.page(&frame("Confirm on your phone"), &Pending { requester }),
        "link" => pages.page(&frame("Is this you?"), &Link { requester }),
        "decide" => pages.page(&frame("Go on?"), &Decide { requester }),
        "consent" => pages.page(&frame("Share with Shop?"), &Consent { requester }),
        "operators" => pages.page(&frame("Your operator"), &Operators),
        "error" => {
            let words = pages.translator(Language::De);
            let frame = PageFrame::new(Language::De, words.text("page-error-title"))
                .status(StatusCode::INTERNAL_SERVER_ERROR);
            let ways = [words.text("page-start-again"), words.text("page-go-back")]
                .map(|w| (w, "/number"));
            let ways = [(ways[0].0.as_str(), ways[0].1), (ways[1].0.as_str(), ways[1].1)];
            pages.notice_with(&frame, &words.text("page-error-text"), &ways)
        }
        _ => pages.not_found(language),
    }
}

/// As a language written from the right would show it.
async fn turned_round(response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let html = body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let html = String::from_utf8_lossy(&html).replacen("dir=\"ltr\"", "dir=\"rtl\"", 1);
    Response::from_parts(parts, Body::from(html))
}
