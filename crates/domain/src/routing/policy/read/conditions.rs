//! `when` and `unless`.

use fiador_kernel::{Loa, Scope};

use super::{
    compile::Compiler, document::ConditionsDocument, error::Problem, place::Place, values,
};
use crate::routing::policy::condition::{Condition, Conditions, Levels};

impl Compiler<'_> {
    /// Conditions are kept in the order in which they are looked at: what seldom holds first.
    pub(super) fn conditions(&mut self, written: &ConditionsDocument, place: &Place) -> Conditions {
        let mut facts = Vec::new();
        self.about_the_request(written, place, &mut facts);
        self.about_the_subscriber(written, place, &mut facts);
        self.about_risk(written, place, &mut facts);
        self.about_time(written, place, &mut facts);
        Conditions { levels: self.levels(written, place), facts }
    }

    fn levels(&mut self, written: &ConditionsDocument, place: &Place) -> Levels {
        let least = written.level_at_least.unwrap_or(Loa::One);
        let most = written.level_at_most.unwrap_or(Loa::Four);
        if least > most {
            let problem = Problem::Contradiction("at least and at most these levels");
            self.note(place.key("level_at_most"), problem);
        }
        Levels::between(least, most)
    }

    fn about_the_request(
        &mut self,
        written: &ConditionsDocument,
        place: &Place,
        facts: &mut Vec<Condition>,
    ) {
        if let Some(list) = &written.client {
            facts.push(Condition::Client(self.clients(list, &place.key("client"))));
        }
        if let Some(list) = &written.country {
            let countries = self.texts(list, &place.key("country"), is_country, COUNTRY);
            facts.push(Condition::Country(countries));
        }
        if let Some(list) = &written.scope {
            let is_scope = |text: &str| Scope::new(text).is_ok();
            facts.push(Condition::Scope(self.texts(list, &place.key("scope"), is_scope, SCOPE)));
        }
        let product = self.list(written.product.as_ref(), &place.key("product"));
        let profile = self.list(written.profile.as_ref(), &place.key("profile"));
        let prompt = self.list(written.prompt.as_ref(), &place.key("prompt"));
        facts.extend(product.map(|list| Condition::Product(list.into_iter().collect())));
        facts.extend(profile.map(Condition::Profile));
        facts.extend(prompt.map(Condition::Prompt));
        facts.extend(written.browser.map(Condition::Browser));
        facts.extend(written.on_handset.map(Condition::OnHandset));
    }

    fn about_the_subscriber(
        &mut self,
        written: &ConditionsDocument,
        place: &Place,
        facts: &mut Vec<Condition>,
    ) {
        if let Some(list) = &written.enrolled {
            let names = self.authenticators(list, &place.key("enrolled"));
            facts.push(Condition::Enrolled(names));
        }
        if let Some(list) = &written.unavailable {
            let names = self.authenticators(list, &place.key("unavailable"));
            facts.push(Condition::Unavailable(names));
        }
        let status = self.list(written.status.as_ref(), &place.key("status"));
        let can = self.list(written.can.as_ref(), &place.key("can"));
        let cannot = self.list(written.cannot.as_ref(), &place.key("cannot"));
        facts.extend(status.map(Condition::Status));
        facts.extend(can.map(Condition::Can));
        facts.extend(cannot.map(Condition::Cannot));
    }

    fn about_risk(
        &mut self,
        written: &ConditionsDocument,
        place: &Place,
        facts: &mut Vec<Condition>,
    ) {
        let mut age = |text: &Option<String>, key: &str| {
            self.value(text.as_deref().map(values::age), &place.key(key))
        };
        let sim = age(&written.sim_changed_within, "sim_changed_within");
        let device = age(&written.device_changed_within, "device_changed_within");
        let ported = age(&written.ported_within, "ported_within");
        let unavailable =
            self.list(written.risk_unavailable.as_ref(), &place.key("risk_unavailable"));
        let unknown = self.list(written.risk_unknown.as_ref(), &place.key("risk_unknown"));
        facts.extend(sim.map(Condition::SimChangedWithin));
        facts.extend(device.map(Condition::DeviceChangedWithin));
        facts.extend(ported.map(Condition::PortedWithin));
        facts.extend(written.call_forwarding.map(Condition::CallForwarding));
        facts.extend(written.roaming.map(Condition::Roaming));
        facts.extend(unavailable.map(Condition::RiskUnavailable));
        facts.extend(unknown.map(Condition::RiskUnknown));
    }

    fn about_time(
        &mut self,
        written: &ConditionsDocument,
        place: &Place,
        facts: &mut Vec<Condition>,
    ) {
        let weekdays = self.list(written.weekdays.as_ref(), &place.key("weekdays"));
        let hours = written.hours.as_deref().map(values::hours);
        let hours = self.value(hours, &place.key("hours"));
        let from = written.from.as_deref().map(values::moment);
        let from = self.value(from, &place.key("from"));
        let until = written.until.as_deref().map(values::moment);
        let until = self.value(until, &place.key("until"));
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            let problem = Problem::Contradiction("from and until these moments");
            self.note(place.key("until"), problem);
        }
        facts.extend(weekdays.map(|days| Condition::Weekdays(days.into_iter().collect())));
        facts.extend(hours.map(Condition::Hours));
        facts.extend(from.map(Condition::From));
        facts.extend(until.map(Condition::Until));
    }

    /// Texts that must have a form.
    fn texts(
        &mut self,
        list: &[String],
        place: &Place,
        fits: impl Fn(&str) -> bool,
        wanted: &'static str,
    ) -> Vec<String> {
        if list.is_empty() {
            self.note(place.clone(), Problem::Empty);
        }
        for (index, text) in list.iter().enumerate().filter(|(_, text)| !fits(text)) {
            self.note(place.index(index), Problem::Value { value: text.clone(), wanted });
        }
        list.to_vec()
    }
}

const COUNTRY: &str = "a country of two capital letters (ISO 3166-1)";
const SCOPE: &str = "a scope (RFC 6749 §3.3)";

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}
