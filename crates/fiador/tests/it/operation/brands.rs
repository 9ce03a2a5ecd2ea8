//! What pages look like: logos from the configuration and through the admin listener.

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{Answer, Running, Site};

const SHOP: &[u8] = include_bytes!("../../../../http-kit/examples/shop.png");
const OPERATOR_LOGO: &str = "/admin/v1/brands/operator/logo";
const SHOP_LOGO: &str = "/admin/v1/brands/clients/shop/logo";

/// Sends the bytes of an image.
async fn send(running: &Running, path: &str, image: &[u8]) -> Answer {
    let url = format!("{}{path}", running.listener("admin"));
    let request = running.http.put(url).bearer_auth("an-admin-token-of-32-characters--");
    Answer::read(request.body(image.to_vec()).send().await.unwrap()).await
}

/// The addresses of logos on the first page of a login at the shop: in the frame, and where it asks.
async fn shown(running: &Running) -> [Option<String>; 2] {
    let provider = running.provider("mobile_connect");
    let mut browser = running.user("447700900001").browser;
    let page = browser.open(&provider.start(&provider.request())).await.page();
    let (frame, content) = page.answer.text.split_once("<main").unwrap();
    [frame, content].map(|part| {
        let (_, rest) = part.split_once("src=\"/assets/brand/")?;
        Some(format!("/assets/brand/{}", rest.split_once('"')?.0))
    })
}

#[tokio::test]
async fn logos_are_sent_shown_and_taken_back() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    let (logo, uploads) = (site.file("logo"), site.file("logos"));
    std::fs::write(&logo, SHOP).unwrap();
    site.more = format!(
        "[brand]\nlogo_file = \"{}\"\nuploads_folder = \"{}\"\n[brand.clients.shop]\naccent = \"#e0218a\"\n",
        logo.display(),
        uploads.display()
    );
    let running = site.start_empty();
    let [operator, None] = shown(&running).await else { panic!("the shop has no logo yet") };
    assert!(operator.unwrap().starts_with("/assets/brand/operator."));

    let sent = send(&running, SHOP_LOGO, SHOP).await;
    assert_eq!(sent.status, 200, "{sent:?}");
    let path = sent.member("path");
    assert_eq!(shown(&running).await[1].as_deref(), Some(path.as_str()));
    let image = running.http.get(format!("{}{path}", running.listener("public")));
    let image = image.send().await.unwrap();
    assert_eq!(image.headers()["content-type"], "image/png");
    assert_eq!(image.headers()["x-content-type-options"], "nosniff");
    assert_eq!(image.bytes().await.unwrap(), SHOP);
    drop(running);

    let running = site.start_empty();
    assert_eq!(shown(&running).await[1].as_deref(), Some(path.as_str()), "after a restart");
    assert_eq!(running.admin("DELETE", SHOP_LOGO, None).await.status, 204);
    assert_eq!(shown(&running).await[1], None);
    let gone = running.admin("DELETE", SHOP_LOGO, None).await;
    assert_eq!((gone.status, gone.member("code")), (404, "brand.no_logo".to_owned()));
    assert!(send(&running, OPERATOR_LOGO, SHOP).await.status == 200);
    assert_eq!(running.admin("DELETE", OPERATOR_LOGO, None).await.status, 204);
}

#[tokio::test]
async fn what_is_no_logo_is_refused_with_a_reason() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    for (bytes, reason) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "PNG, JPEG or WebP"),
        (b"", "PNG, JPEG or WebP"),
        (&SHOP[..40], "damaged"),
    ] {
        let refused = send(&running, OPERATOR_LOGO, bytes).await;
        assert_eq!((refused.status, refused.member("code")), (422, "brand.logo".to_owned()));
        assert!(refused.member("detail").contains(reason), "{refused:?}");
    }
    assert_eq!(shown(&running).await, [None, None]);
    let large = send(&running, OPERATOR_LOGO, &vec![0; 64 * 1024 + 1]).await;
    assert_eq!(large.status, 413, "{large:?}");
    let nobody = send(&running, "/admin/v1/brands/clients/nobody/logo", SHOP).await;
    assert_eq!((nobody.status, nobody.member("code")), (404, "application.unknown".to_owned()));
    let url = format!("{}{OPERATOR_LOGO}", running.listener("admin"));
    let stranger = running.http.put(url).body(SHOP).send().await.unwrap();
    assert_eq!(stranger.status(), 401);
}
