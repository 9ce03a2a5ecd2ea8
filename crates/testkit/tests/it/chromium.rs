use fiador_testkit::chromium::Chromium;
use thirtyfour::WebDriver;

#[tokio::test]
async fn a_page_is_rendered_and_the_browser_ends_with_its_driver() {
    let chromium = Chromium::start().unwrap();
    let browser = WebDriver::new(chromium.url(), chromium.capabilities()).await.unwrap();
    browser
        .goto("data:text/html,<title>one</title><script>document.title += 1</script>")
        .await
        .unwrap();
    assert_eq!(browser.title().await.unwrap(), "one1");
    assert!(browser.screenshot_as_png().await.unwrap().starts_with(b"\x89PNG"));
    browser.quit().await.unwrap();
}
