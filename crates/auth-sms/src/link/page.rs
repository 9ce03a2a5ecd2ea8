//! What the phone shows: who asks, what for, from where, and which number it is (T-107, T-128).

use askama::Template;
use fiador_domain::{catalog, journey::Journey};
use fiador_http_kit::{Pages, Translator};
use fiador_kernel::{Digest, Timestamp};

use super::{Token, told_binding_message};
use crate::{state::State, text::showable};

/// The form field that proves that this page was loaded.
pub(super) const FORM_FIELD: &str = "form";

/// The page of a live link.
#[derive(Template)]
#[template(path = "link.html")]
pub(super) struct LinkPage<'a> {
    t: Translator<'a>,
    /// HTML of the frame's own making.
    requester: String,
    /// The person agrees to a transaction, and does not only sign in.
    decides: bool,
    shares: bool,
    facts: Vec<Fact>,
    action: String,
    form: Digest,
    /// Empty where a click is enough: in the browser that waits.
    numbers: &'a [u8],
}

/// One line of what is known about the request.
struct Fact {
    id: &'static str,
    name: String,
    value: String,
}

impl<'a> LinkPage<'a> {
    /// `here`: the browser that looks is the one that waits.
    pub(super) fn new(
        pages: &'a Pages,
        (journey, state): (&Journey, &'a State),
        (path, token): (&str, &Token),
        here: bool,
        now: Timestamp,
    ) -> Self {
        let ask = &journey.ask;
        let decides = catalog::needs_transaction_text(&ask.scopes);
        let t = pages.translator(ask.language);
        let lead = if decides { "sms-link-lead-transaction" } else { "sms-link-lead" };
        Self {
            t,
            requester: pages
                .requester(&ask.client, &t.with(lead, "client", ask.client_name.as_str())),
            decides,
            shares: !catalog::needing_consent(&ask.scopes).is_empty(),
            facts: facts(t, journey, now),
            action: format!("{path}/l/{}", token.as_str()),
            form: token.form_token(&state.salt),
            numbers: state.number().filter(|_| !here).map_or(&[], |number| number.choices()),
        }
    }

    /// The page's title and heading.
    pub(super) fn heading(&self) -> String {
        self.by_purpose("sms-link-heading")
    }

    fn approve(&self) -> String {
        self.by_purpose("sms-link-approve")
    }

    fn by_purpose(&self, key: &str) -> String {
        if self.decides { self.text(&format!("{key}-transaction")) } else { self.text(key) }
    }

    fn text(&self, key: &str) -> String {
        self.t.text(key)
    }
}

fn facts(t: Translator<'_>, journey: &Journey, now: Timestamp) -> Vec<Fact> {
    let [binding_message, context] = details(journey);
    let minutes = now.since(journey.opened_at).as_secs() / 60;
    let started = t.with("sms-link-started", "minutes", minutes);
    let device = journey.browser.map(|_| {
        let device = if journey.origin.on_handset { "handset" } else { "other" };
        t.text(&format!("sms-link-device-{device}"))
    });
    [
        ("link-context", "sms-link-context", context),
        ("link-binding-message", "sms-link-binding-message", binding_message),
        ("link-started", "sms-link-when", Some(started)),
        ("link-device", "sms-link-device", device),
        ("link-country", "sms-link-country", journey.origin.country.clone()),
    ]
    .into_iter()
    .filter_map(|(id, key, value)| Some(Fact { id, name: t.text(key), value: value? }))
    .collect()
}

/// The service provider's own texts, where they can do no harm; by the same rule as in the message.
fn details(journey: &Journey) -> [Option<String>; 2] {
    let ask = &journey.ask;
    let binding_message = told_binding_message(ask, journey.page.as_deref());
    [binding_message, ask.context.as_deref()].map(|text| showable(text?))
}
