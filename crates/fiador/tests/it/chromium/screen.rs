//! One browser window as a person sees it.

use std::{fs, sync::OnceLock};

use fiador_testkit::{chromium::Chromium, repository_root};
use serde_json::{Map, Value, json};
use thirtyfour::{By, Key, WebDriver, WebElement, WindowHandle};

use crate::world::eventually;

/// Width and height of the two screens that everything must look good on.
pub(crate) const PHONE: (u32, u32) = (390, 844);
pub(crate) const DESKTOP: (u32, u32) = (1280, 900);
/// The narrowest screen that needs no sideways scrolling (WCAG 2.2, 1.4.10).
pub(crate) const NARROWEST: u32 = 320;

/// A browser of a test.
pub(crate) struct Screen {
    driver: WebDriver,
    size: (u32, u32),
    story: String,
    pictures: usize,
    // After the driver: it ends the browser.
    _chromium: Chromium,
}

impl Screen {
    /// A new browser; `story` names its pictures.
    pub(crate) async fn open(story: &str, size: (u32, u32)) -> Self {
        Self::open_with(story, size, |_| ()).await
    }

    /// The same without JavaScript.
    pub(crate) async fn open_without_javascript(story: &str, size: (u32, u32)) -> Self {
        Self::open_with(story, size, |capabilities| {
            let blocked = json!({ "profile.managed_default_content_settings.javascript": 2 });
            capabilities["goog:chromeOptions"]["prefs"] = blocked;
        })
        .await
    }

    /// The same of somebody who takes no cookies at all.
    pub(crate) async fn open_without_cookies(story: &str, size: (u32, u32)) -> Self {
        Self::open_with(story, size, |capabilities| {
            let blocked = json!({ "profile.managed_default_content_settings.cookies": 2 });
            capabilities["goog:chromeOptions"]["prefs"] = blocked;
        })
        .await
    }

    /// A new browser of somebody who reads this language.
    pub(crate) async fn open_in(story: &str, size: (u32, u32), language: &str) -> Self {
        Self::open_with(story, size, |capabilities| {
            let arguments = capabilities["goog:chromeOptions"]["args"].as_array_mut();
            arguments.unwrap().push(json!(format!("--accept-lang={language}")));
        })
        .await
    }

    async fn open_with(
        story: &str,
        size: (u32, u32),
        change: impl FnOnce(&mut Map<String, Value>),
    ) -> Self {
        let chromium = Chromium::start().unwrap();
        let mut capabilities = chromium.capabilities();
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        change(&mut capabilities);
        let driver = WebDriver::new(chromium.url(), capabilities).await.unwrap();
        let story = format!("{story}-{}x{}", size.0, size.1);
        let screen = Self { driver, size, story, pictures: 0, _chromium: chromium };
        screen.take_size(size).await;
        screen
    }

    /// Opens an address in the present window.
    pub(crate) async fn go(&self, url: &str) {
        self.driver.goto(url).await.unwrap();
    }

    /// The element with this id, once it is there.
    pub(crate) async fn find(&self, id: &str) -> WebElement {
        eventually(&format!("#{id} appears"), async || {
            self.driver.find(By::Id(id.to_owned())).await.ok()
        })
        .await
    }

    /// Whether there is an element with this id.
    pub(crate) async fn has(&self, id: &str) -> bool {
        !self.driver.find_all(By::Id(id.to_owned())).await.unwrap().is_empty()
    }

    /// The visible text of an element.
    pub(crate) async fn text(&self, id: &str) -> String {
        self.find(id).await.text().await.unwrap()
    }

    /// Waits until the text of an element holds `wanted`.
    pub(crate) async fn until_text(&self, id: &str, wanted: &str) -> String {
        eventually(&format!("#{id} shows `{wanted}`"), async || {
            let text = self.driver.find(By::Id(id.to_owned())).await.ok()?.text().await.ok()?;
            text.contains(wanted).then_some(text)
        })
        .await
    }

    pub(crate) async fn click(&self, id: &str) {
        self.find(id).await.click().await.unwrap();
    }

    pub(crate) async fn type_in(&self, id: &str, text: &str) {
        let field = self.find(id).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Presses the tabulator until the element with this id has the focus: whoever has no mouse must
    /// be able to reach it (WCAG 2.2: 2.1.1).
    pub(crate) async fn tab_to(&self, id: &str) {
        self.find(id).await;
        for _ in 0..40 {
            let focused = self.driver.active_element().await.unwrap();
            if focused.id().await.unwrap().as_deref() == Some(id) {
                return;
            }
            self.driver.action_chain().send_keys(Key::Tab).perform().await.unwrap();
        }
        panic!("the tabulator does not reach #{id}");
    }

    /// Types into whatever has the focus.
    pub(crate) async fn press(&self, keys: &str) {
        self.driver.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Selects what is in the field, so that the next key replaces it.
    pub(crate) async fn press_select_all(&self) {
        self.driver.active_element().await.unwrap().send_keys(Key::Control + "a").await.unwrap();
    }

    /// Presses Enter.
    pub(crate) async fn press_enter(&self) {
        self.driver.active_element().await.unwrap().send_keys(Key::Enter).await.unwrap();
    }

    /// Chooses an option of a list by its value.
    pub(crate) async fn choose(&self, id: &str, value: &str) {
        let option = format!("#{id} option[value='{value}']");
        self.driver.find(By::Css(option)).await.unwrap().click().await.unwrap();
    }

    /// Clicks the first element that fits a selector.
    pub(crate) async fn click_css(&self, selector: &str) {
        self.driver.find(By::Css(selector.to_owned())).await.unwrap().click().await.unwrap();
    }

    /// The window that is in front.
    pub(crate) async fn window(&self) -> WindowHandle {
        self.driver.window().await.unwrap()
    }

    /// Opens a second window of the same browser and goes to it.
    pub(crate) async fn open_window(&self) -> WindowHandle {
        let window = self.driver.new_tab().await.unwrap();
        self.switch_to(&window).await;
        window
    }

    /// From now on the person's system is set to dark colours.
    pub(crate) async fn darken(&self) {
        let scheme = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        self.driver.cdp().send_raw("Emulation.setEmulatedMedia", scheme).await.unwrap();
    }

    /// The least contrast between any text that is seen and what is behind it (WCAG 2.2, 1.4.3), and
    /// how bright the page is, from 0 to 1.
    pub(crate) async fn contrast_and_brightness(&self) -> (f64, f64) {
        let found = self.ask(
            "const channel = (c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
             const canvas = new OffscreenCanvas(1, 1);
             const pen = canvas.getContext('2d', { willReadFrequently: true });
             const rgba = (colour) => {
               pen.clearRect(0, 0, 1, 1);
               pen.fillStyle = colour;
               pen.fillRect(0, 0, 1, 1);
               return [...pen.getImageData(0, 0, 1, 1).data].map((part) => part / 255);
             };
             const brightness = (colour) => {
               const [r, g, b] = rgba(colour).map(channel);
               return 0.2126 * r + 0.7152 * g + 0.0722 * b;
             };
             const behind = (element) => {
               for (let at = element; at; at = at.parentElement) {
                 const colour = getComputedStyle(at).backgroundColor;
                 if (rgba(colour)[3] > 0.99) return brightness(colour);
               }
               return 1;
             };
             let least = 21;
             for (const element of document.body.querySelectorAll('*')) {
               const own = [...element.childNodes].some(
                 (node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
               if (!own || !element.checkVisibility({ visibilityProperty: true })) continue;
               const [a, b] = [brightness(getComputedStyle(element).color), behind(element)];
               least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
             }
             return [least, behind(document.querySelector('main'))]",
        );
        let found = found.await;
        (found[0].as_f64().unwrap(), found[1].as_f64().unwrap())
    }

    /// Turns the page round, as for a language that is written from right to left.
    pub(crate) async fn turn_round(&self) {
        self.ask("document.documentElement.dir = 'rtl'").await;
    }

    /// Goes to another window.
    pub(crate) async fn switch_to(&self, window: &WindowHandle) {
        self.driver.switch_to_window(window.clone()).await.unwrap();
        self.take_size(self.size).await;
    }

    /// Goes to the window that was opened beside `others`.
    pub(crate) async fn switch_to_new(&self, others: &[WindowHandle]) -> WindowHandle {
        let new = eventually("a second window opens", async || {
            let windows = self.driver.windows().await.unwrap();
            windows.into_iter().find(|window| !others.contains(window))
        })
        .await;
        self.switch_to(&new).await;
        new
    }

    /// The address of the window.
    pub(crate) async fn url(&self) -> String {
        self.driver.current_url().await.unwrap().to_string()
    }

    /// Brings an element into sight, for a picture.
    pub(crate) async fn scroll_to(&self, id: &str) {
        self.find(id).await.scroll_into_view().await.unwrap();
    }

    /// Keeps a picture of what is seen, after checking what every page must hold to.
    pub(crate) async fn picture(&mut self, name: &str) {
        self.check_page(name).await;
        self.pictures += 1;
        let folder = repository_root().join("test-artifacts");
        fs::create_dir_all(&folder).unwrap();
        let file = format!("{}-{:02}-{name}.png", self.story, self.pictures);
        self.driver.screenshot(&folder.join(file)).await.unwrap();
    }

    /// Nothing sticks out sideways, at this width and at the narrowest; every field has a label,
    /// every page a language, a title and one main heading (WCAG 2.2: 1.4.10, 3.1.1, 2.4.2, 3.3.2).
    async fn check_page(&self, name: &str) {
        for width in [self.size.0, NARROWEST] {
            self.take_size((width, self.size.1)).await;
            let script = "return document.documentElement.scrollWidth - window.innerWidth";
            let excess = self.ask(script).await.as_i64().unwrap();
            assert!(excess <= 0, "{name} sticks out by {excess} px at {width} px");
        }
        self.take_size(self.size).await;
        let faults = self.ask(
            "const faults = [];
             if (!document.documentElement.lang) faults.push('no language');
             if (!document.title) faults.push('no title');
             for (const field of document.querySelectorAll('input, select, textarea')) {
               if (field.type === 'hidden') continue;
               if (!field.labels.length && !field.ariaLabel) faults.push('no label: ' + field.id);
             }
             for (const button of document.querySelectorAll('button')) {
               if (!button.textContent.trim()) faults.push('a button without words: ' + button.id);
             }
             return faults",
        );
        assert_eq!(faults.await, json!([]), "{name}");
    }

    async fn ask(&self, script: &str) -> Value {
        self.driver.execute(script, Vec::new()).await.unwrap().json().clone()
    }

    /// What the browser complained about: scripts, styles or requests that a policy refused.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.driver.browser_log().await.unwrap();
        log.into_iter().map(|entry| entry.message).collect()
    }

    /// Gives the present window another size, as small as a phone's.
    async fn take_size(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await.unwrap();
    }

    /// Ends the browser in an orderly way.
    pub(crate) async fn close(self) {
        self.driver.quit().await.unwrap();
    }
}

/// Browsers are large: one story at a time.
pub(crate) async fn one_at_a_time() -> tokio::sync::MutexGuard<'static, ()> {
    static TURN: OnceLock<tokio::sync::Mutex<()>> = OnceLock::new();
    TURN.get_or_init(tokio::sync::Mutex::default).lock().await
}
