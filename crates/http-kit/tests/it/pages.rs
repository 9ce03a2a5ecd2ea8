//! What a person sees, and how the browser is told to treat it (T-040).

use std::sync::Arc;

use askama::Template;
use axum::{Router, routing::get};
use fiador_http_kit::{
    Assets, Brand, BrandOwner, BrandSettings, Brands, ClientBrandSettings, ColourSettings,
    ContentSecurity, FormTarget, Messages, PageFrame, Pages,
};
use fiador_kernel::{ClientId, Language};

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

/// What `img`, `link` and `script` of a page name.
fn named(html: &str) -> Vec<&str> {
    html.split('"').filter(|part| part.starts_with("/assets/")).collect()
}

#[tokio::test]
async fn every_file_that_a_page_names_is_there_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo");
    std::fs::write(&logo, SHOP).unwrap();
    let light = ColourSettings { accent: Some("#ffcc00".to_owned()), ..ColourSettings::default() };
    let brand = BrandSettings { logo: Some(logo), light, ..BrandSettings::default() };
    let server = start(brand.check().unwrap()).await;

    let html = reqwest::get(server.url("/")).await.unwrap().text().await;
    let html = html.unwrap();
    let named = named(&html);
    assert_eq!(named.len(), 4, "two styles, icon, logo: {named:?}");
    for path in named {
        let answer = reqwest::get(server.url(path)).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
    for missing in ["/assets/page.css", "/assets/brand/operator.png", "/assets/brand/..%2Fx"] {
        assert_eq!(reqwest::get(server.url(missing)).await.unwrap().status(), 404, "{missing}");
    }
}

/// The logo of the gallery's shop.
const SHOP: &[u8] = include_bytes!("../../examples/shop.png");

#[tokio::test]
async fn a_client_shows_its_brand_only_where_it_asks() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("shop");
    std::fs::write(&logo, SHOP).unwrap();
    let client_id = ClientId::new("shop").unwrap();
    let client = ClientBrandSettings {
        client_id: client_id.clone(),
        logo: Some(logo),
        accent: Some("#e0218a".to_owned()),
    };
    let settings =
        BrandSettings { name: "MNO".to_owned(), clients: vec![client], ..BrandSettings::default() };
    let pages = pages(settings.check().unwrap());

    let requester = pages.requester(&client_id, "<Shop> asks");
    assert!(requester.contains("&#60;Shop&#62; asks"), "{requester}");
    let [logo] = named(&requester)[..] else { panic!("{requester}") };
    let class = requester.split_once("requester ").unwrap().1.split_once('"').unwrap().0;
    let server = start(settings.check().unwrap()).await;
    let answer = reqwest::get(server.url(logo)).await.unwrap();
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.bytes().await.unwrap(), SHOP);
    let css = reqwest::get(server.url(pages.assets().path("brand.css"))).await.unwrap();
    assert!(css.text().await.unwrap().contains(&format!(".{class}{{--client-edge:#e0218a}}")));

    let html = reqwest::get(server.url("/")).await.unwrap().text().await.unwrap();
    assert!(!html.contains(logo), "the frame is the operator's alone");
    let other = ClientId::new("other").unwrap();
    let requester = pages.requester(&other, "Other asks");
    assert!(!requester.contains("<img"), "{requester}");
}

#[tokio::test]
async fn an_uploaded_logo_is_shown_by_every_node_that_shares_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let uploads = Some(folder.path().join("logos"));
    let settings = BrandSettings { uploads, ..BrandSettings::default() };
    let node = || pages(settings.check().unwrap());
    let (one, two) = (node(), node());
    let following = tokio::spawn(Brands::follow(
        Arc::clone(two.brands()),
        std::time::Duration::from_millis(20),
    ));
    let shop = BrandOwner::Client(ClientId::new("../shop").unwrap());

    assert!(one.brands().put_logo(&shop, b"<svg/>").is_err());
    assert_eq!(one.brands().logo_path(&shop), None);
    let path = one.brands().put_logo(&shop, SHOP).unwrap();
    assert_eq!(one.brands().logo_path(&shop), Some(Arc::clone(&path)));
    until(|| two.brands().logo_path(&shop) == Some(Arc::clone(&path))).await;
    assert_eq!(node().brands().logo_path(&shop), Some(path), "and after a restart");
    let entries = std::fs::read_dir(folder.path().join("logos")).unwrap().count();
    assert_eq!(entries, 1, "whatever the client is called");

    assert!(one.brands().remove_logo(&shop).unwrap());
    assert!(!one.brands().remove_logo(&shop).unwrap());
    until(|| two.brands().logo_path(&shop).is_none()).await;
    following.abort();
}

/// Waits until something has come about; the test's own limit ends it otherwise.
async fn until(come_about: impl Fn() -> bool) {
    while !come_about() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn an_uploaded_logo_goes_before_the_configured_one() {
    let folder = tempfile::tempdir().unwrap();
    let logo = folder.path().join("logo");
    std::fs::write(&logo, SHOP).unwrap();
    let settings = BrandSettings { logo: Some(logo), ..BrandSettings::default() };
    let pages = pages(settings.check().unwrap());
    let shown = || pages.brands().logo_path(&BrandOwner::Operator).unwrap();
    let configured = shown();
    // Bytes after the end of a PNG are ignored by browsers, and make it another file.
    let uploaded = [SHOP, b"."].concat();
    let path = pages.brands().put_logo(&BrandOwner::Operator, &uploaded).unwrap();
    assert_ne!(path, configured);
    assert_eq!(shown(), path);
    assert!(pages.brands().remove_logo(&BrandOwner::Operator).unwrap());
    assert_eq!(shown(), configured);
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
fn the_style_sheet_knows_no_left_and_no_right() {
    // What follows the direction of the text needs no second style sheet for Arabic or Hebrew.
    let css = include_str!("../../assets/page.css");
    let (_, rules) = css.split_once("*/").unwrap();
    let physical = [
        "left:", "right:", "-left", "-right", "top:", "bottom:", "-top", "-bottom", " width:",
        " height:", "float:", ": left", ": right",
    ];
    for line in rules.lines().filter(|line| !line.contains("--left")) {
        for word in physical {
            assert!(!line.contains(word), "{word} in {line}");
        }
    }
}

#[test]
fn colours_come_from_the_palette_alone() {
    // A colour written into a rule would be wrong in one of the two schemes.
    let css = include_str!("../../assets/page.css");
    let rules = css.lines().filter(|line| line.contains('#') && line.contains(':'));
    for line in rules.filter(|line| !line.trim_start().starts_with("--") && !line.contains('*')) {
        assert!(line.contains("background: #ffffff"), "only the paper below a logo: {line}");
    }
}
