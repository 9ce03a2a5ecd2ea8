//! What became of the forms that were sent: a second tap on the same button sends the same form
//! again, and the browser shows only what comes back last.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use fiador_http_kit::{BROWSER_COOKIE, CookiePolicy};
use fiador_kernel::{Digest, Language, Timestamp};
use fiador_wire_oauth::parameters::Parameters;
use http::HeaderMap;
use parking_lot::Mutex;
use tokio::sync::OnceCell;

use super::{Token, answers::Ending, page::FORM_FIELD};

/// Forms that a node remembers; the oldest goes first, and then its link is merely dead.
const CAPACITY: usize = 4096;

/// What a form was answered.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub(super) ending: Ending,
    pub(super) language: Language,
    /// Where the browser that waits goes on, and by which cookie it is known.
    pub(super) leads_to: Option<(Arc<str>, Digest)>,
}

/// The answer to one form: whoever sends it while it is being settled waits for the same answer.
pub(super) type Answer = Arc<OnceCell<Outcome>>;

/// The answers that this node has given, as long as their journeys are remembered.
#[derive(Default)]
pub(super) struct Outcomes(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    answers: HashMap<Digest, Answer>,
    in_order: VecDeque<(Timestamp, Digest)>,
}

/// Names a form by all that it says. Part of it is what only the page has shown, so that nobody else
/// can name it (T-129).
pub(super) fn name(token: &Token, form: &Parameters) -> Option<Digest> {
    if form.repeated().next().is_some() {
        return None;
    }
    let shown = Digest::from_hex(form.get(FORM_FIELD)?)?.to_hex();
    let said = ["decision", "number"].map(|field| form.get(field));
    Some(Digest::of(format!("sms link outcome:{}:{shown}:{said:?}", token.as_str())))
}

/// Names a link, for the browser that waits: whoever opens the message again there goes on.
pub(super) fn name_of_link(token: &Token) -> Digest {
    Digest::of(format!("sms link outcome:{}", token.as_str()))
}

impl Outcomes {
    /// The answer to a form that was sent before.
    pub(super) fn known(&self, name: Digest, now: Timestamp) -> Option<Answer> {
        let mut kept = self.0.lock();
        kept.forget_until(now);
        kept.answers.get(&name).cloned()
    }

    /// The answer to a form that is good, to be settled once.
    pub(super) fn of(&self, name: Digest, until: Timestamp, now: Timestamp) -> Answer {
        let mut kept = self.0.lock();
        kept.forget_until(now);
        if let Some(answer) = kept.answers.get(&name) {
            return Arc::clone(answer);
        }
        if kept.in_order.len() >= CAPACITY {
            kept.forget_oldest();
        }
        let answer = Answer::default();
        kept.answers.insert(name, Arc::clone(&answer));
        kept.in_order.push_back((until, name));
        answer
    }
}

impl Kept {
    fn forget_until(&mut self, now: Timestamp) {
        while self.in_order.front().is_some_and(|(until, _)| *until <= now) {
            self.forget_oldest();
        }
    }

    fn forget_oldest(&mut self) {
        if let Some((_, name)) = self.in_order.pop_front() {
            self.answers.remove(&name);
        }
    }
}

impl Outcome {
    /// Where this browser goes on: the one that waits, and no other.
    pub(super) fn leads(&self, cookies: CookiePolicy, headers: &HeaderMap) -> Option<&str> {
        let (address, browser) = self.leads_to.as_ref()?;
        let cookie = cookies.read(headers, BROWSER_COOKIE).map(Digest::of);
        (cookie == Some(*browser)).then_some(address)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn form(text: &str) -> Parameters {
        Parameters::parse_query(text.as_bytes()).unwrap()
    }

    fn settled(answer: &Answer) -> bool {
        answer.get().is_some()
    }

    fn settle(answer: &Answer) {
        let outcome = Outcome { ending: Ending::Done, language: Language::En, leads_to: None };
        answer.set(outcome).unwrap();
    }

    #[test]
    fn a_form_is_named_by_its_link_its_page_and_its_decision_t_129() {
        let token = |text| Token::read(text).unwrap();
        let (one, other) = (token("zzzzzzzzzzzzzzzzzzzzzz"), token("yzzzzzzzzzzzzzzzzzzzzz"));
        let [shown, guessed] = ["shown", "guessed"].map(|text| Digest::of(text).to_hex());
        let good = format!("form={shown}&number=42");
        let wanted = name(&one, &form(&good)).unwrap();
        assert_eq!(name(&one, &form(&good)), Some(wanted));
        for text in [
            format!("form={shown}&number=43"),
            format!("form={shown}&decision=deny"),
            format!("form={shown}&decision=deny&number=42"),
            format!("form={guessed}&number=42"),
            format!("form={shown}&number=42&number=42"),
            "form=x&number=42".to_owned(),
            "number=42".to_owned(),
        ] {
            assert_ne!(name(&one, &form(&text)), Some(wanted), "{text}");
        }
        assert_ne!(name(&other, &form(&good)), Some(wanted));
    }

    #[test]
    fn answers_are_forgotten_with_their_journeys_and_never_too_many_t_260() {
        let outcomes = Outcomes::default();
        let begin = Timestamp::from_micros(0);
        let name = |n: usize| Digest::of(n.to_string());
        for n in 0..=CAPACITY {
            settle(&outcomes.of(name(n), begin + Duration::from_secs(9), begin));
        }
        assert!(outcomes.known(name(0), begin).is_none(), "the oldest made room");
        assert!(settled(&outcomes.known(name(1), begin).unwrap()));
        assert!(settled(&outcomes.of(name(CAPACITY), begin + Duration::from_secs(9), begin)));
        let later = begin + Duration::from_secs(9);
        assert!(outcomes.known(name(1), later).is_none());
        let kept = outcomes.0.lock();
        assert!(kept.answers.is_empty() && kept.in_order.is_empty());
    }
}
