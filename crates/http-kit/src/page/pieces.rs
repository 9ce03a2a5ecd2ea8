//! Parts of pages that more than one street shows. Their look is in `page.css`.

use std::time::Duration;

use askama::Template;

/// The longest wait that is counted down; the class for more is the one for this.
const LONGEST: u64 = 120;

/// Says one thing and offers ways on.
#[derive(Template)]
#[template(path = "notice.html")]
pub(super) struct Notice<'a> {
    pub(super) title: &'a str,
    pub(super) text: &'a str,
    pub(super) ways_on: &'a [(&'a str, &'a str)],
    pub(super) reference: Option<String>,
}

/// Says who asks.
#[derive(Template)]
#[template(path = "requester.html")]
pub(super) struct Requester<'a> {
    pub(super) logo: Option<&'a str>,
    /// Of the client's colour.
    pub(super) class: Option<String>,
    pub(super) sentence: &'a str,
}

/// The class that makes `<form class="again after-30">` count half a minute down before its button
/// can be reached, without a script: style sheets can count, but not from a number in the page. In
/// steps of 5 seconds, rounded up, to two minutes. `None`: the button is there at once, as it is for a
/// longer wait, about which the page has other words.
///
/// What it shows is a courtesy; the server judges.
pub fn countdown_class(wait: Duration) -> Option<String> {
    let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
    let step = seconds.div_ceil(5) * 5;
    (1..=LONGEST).contains(&step).then(|| format!("after-{step}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wait_has_its_class_in_the_style_sheet() {
        let css = include_str!("../../assets/page.css");
        let class = |millis| countdown_class(Duration::from_millis(millis));
        assert_eq!(class(0), None);
        assert_eq!(class(1).as_deref(), Some("after-5"));
        assert_eq!(class(30_000).as_deref(), Some("after-30"));
        assert_eq!(class(30_001).as_deref(), Some("after-35"));
        assert_eq!(class(120_001), None);
        for seconds in 1..=LONGEST {
            let class = class(seconds * 1_000).unwrap();
            let (_, number) = class.split_once('-').unwrap();
            let rule = format!(".{class} {{ --wait: {number}; }}");
            assert!(css.contains(&rule), "{rule}");
        }
    }

    #[test]
    fn a_client_cannot_write_into_the_page() {
        let requester = Requester { logo: None, class: None, sentence: "<b>\"Bank\"" };
        let html = requester.render().unwrap();
        assert!(html.contains("&#60;b&#62;&#34;Bank&#34;") && !html.contains("<b>"), "{html}");
    }
}
