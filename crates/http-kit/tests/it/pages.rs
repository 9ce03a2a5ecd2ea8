//! What a person sees, and how the browser is told to treat it (T-040).

use std::sync::Arc;

use askama::Template;
use axum::{Router, routing::get};
use fiador_http_kit::{
    Assets, Brand, ContentSecurity, FormTarget, Logo, Messages, PageFrame, Pages,
};
use fiador_kernel::Language;

use crate::server::Server;

#[derive(Template)]
#[template(source = "<h1>{{ name }}</h1>", ext = "html")]
struct Greeting<'a> {
    name: &'a str,
}

fn pages(brand: Brand) -> Arc<Pages> {
    let messages = Messages::builder().unwrap().build().unwrap();
    Arc::new(Pages::new(brand, messages, Assets::builder()))
}

async fn start(brand: Brand) -> Server {
    let pages = pages(brand);
    let files = pages.routes();
    let shown = Arc::clone(&pages);
    let greet = async move || {
        let target = FormTarget::of_redirect_uri("https://shop.example/cb").unwrap();
        let frame = PageFrame::new(Language::Es, "Hola <b>")
            .security(ContentSecurity::own_pages_only().form_may_lead_to(target));
        shown.page(&frame, &Greeting { name: "<script>" })
    };
    let router = Router::new()
        .route("/", get(greet))
        .merge(files)
        .fallback(async move || pages.not_found(Language::En));
    Server::start(router).await
}

#[tokio::test]
async fn a_page_escapes_what_it_shows_and_carries_all_headers() {
    let server = start(Brand::new("Ésta & Co")).await;
    let answer = reqwest::get(server.url("/")).await.unwrap();
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-frame-options"), "DENY");
    assert_eq!(header("content-language"), "es");
    let policy = header("content-security-policy");
    assert!(policy.contains("frame-ancestors 'none'"));
    assert!(policy.ends_with("form-action 'self' https://shop.example"));
    assert!(!policy.contains("unsafe"));

    let html = answer.text().await.unwrap();
    assert!(html.contains(r#"<html lang="es" dir="ltr">"#));
    assert!(html.contains("Hola &#60;b&#62; · Ésta &#38; Co"), "{html}");
    assert!(html.contains("<h1>&#60;script&#62;</h1>"));
    assert!(!html.contains("style="), "no inline style under this policy");
    assert!(html.contains("Servicio de identidad de Ésta &#38; Co"));
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo.svg");
    std::fs::write(&logo, "<svg xmlns='http://www.w3.org/2000/svg'/>").unwrap();
    let mut brand = Brand::new("Example Mobile");
    brand.accent = "#ffcc00".parse().unwrap();
    brand.logo = Some(Logo::read(&logo).unwrap());
    let server = start(brand).await;

    let html = reqwest::get(server.url("/")).await.unwrap().text().await;
    let html = html.unwrap();
    let named: Vec<&str> = html.split('"').filter(|part| part.starts_with("/assets/")).collect();
    assert_eq!(named.len(), 4, "two styles, icon, logo: {named:?}");
    for path in named {
        let answer = reqwest::get(server.url(path)).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
    }
    let missing = reqwest::get(server.url("/assets/page.css")).await.unwrap();
    assert_eq!(missing.status(), 404);
}

#[tokio::test]
async fn a_lost_person_sees_a_page_with_a_reference() {
    let server = start(Brand::new("Example Mobile")).await;
    let answer = reqwest::get(server.url("/lost")).await.unwrap();
    assert_eq!(answer.status(), 404);
    let id = answer.headers()["x-correlation-id"].clone();
    let html = answer.text().await.unwrap();
    assert!(html.contains("There is nothing here"));
    assert!(html.contains(id.to_str().unwrap()));
}

#[test]
fn a_logo_is_a_small_image() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("logo.html");
    std::fs::write(&path, "x").unwrap();
    assert!(Logo::read(&path).is_err());
    let path = folder.path().join("logo.png");
    std::fs::write(&path, vec![0; 200 * 1024]).unwrap();
    assert!(Logo::read(&path).unwrap_err().to_string().contains("128 KiB"));
}
