//! The waiting page and the page of a link in dark colours, from right to left, and in more windows
//! than a login has streams for.

use super::{
    links::{LINK, begin},
    screen::{PHONE, Screen, one_at_a_time},
};
use crate::world::{Sandbox, eventually};

/// Text against what is behind it, everywhere (WCAG 2.2, 1.4.3).
const CONTRAST: f64 = 4.5;

/// Checks and keeps the page, light and dark, and turned round.
async fn look_at(screen: &mut Screen, name: &str) {
    let (contrast, _) = screen.contrast_and_brightness().await;
    assert!(contrast >= CONTRAST, "{name}: {contrast}");
    screen.darken().await;
    let (contrast, brightness) = screen.contrast_and_brightness().await;
    assert!(contrast >= CONTRAST && brightness < 0.1, "{name}: {contrast}, {brightness}");
    screen.picture(&format!("{name}-dark")).await;
    screen.turn_round().await;
    screen.picture(&format!("{name}-dark-rtl")).await;
}

#[tokio::test]
async fn waiting_and_link_pages_can_be_read_in_the_dark_and_from_right_to_left() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut screen = Screen::open("dark", PHONE).await;
    let msisdn = begin(&sandbox, &mut screen, LINK, "").await;
    let number = screen.text("number-to-match").await;
    look_at(&mut screen, "wait").await;

    let waiting = screen.window().await;
    screen.open_window().await;
    screen.go(&sandbox.link_after(&msisdn, 0).await).await;
    screen.find("link-answer").await;
    look_at(&mut screen, "asks").await;
    screen.click_css(&format!("button[name=number][value='{number}']")).await;
    screen.until_text("main", "other screen").await;
    screen.switch_to(&waiting).await;
    screen.find("demo-signed-in").await;
    screen.close().await;
}

/// The fifth window takes the stream of the first, whose script asks from then on.
#[tokio::test]
async fn a_window_whose_stream_was_taken_goes_on_all_the_same_t_260() {
    let _turn = one_at_a_time().await;
    let sandbox = Sandbox::start(&[]);
    let mut screen = Screen::open("windows", PHONE).await;
    let msisdn = begin(&sandbox, &mut screen, LINK, "").await;
    let number = screen.text("number-to-match").await;
    let (first, page) = (screen.window().await, screen.url().await);
    for _ in 0..4 {
        screen.open_window().await;
        screen.go(&page).await;
        screen.find("number-to-match").await;
    }
    screen.go(&sandbox.link_after(&msisdn, 0).await).await;
    screen.click_css(&format!("button[name=number][value='{number}']")).await;
    screen.until_text("main", "other screen").await;
    screen.switch_to(&first).await;
    // To the service provider, or where another window was faster to the end of the login.
    eventually("the first window goes on", async || {
        (!screen.has("number-to-match").await).then_some(())
    })
    .await;
    screen.close().await;
}
