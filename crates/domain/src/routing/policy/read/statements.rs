//! `then`.

use fiador_kernel::{AuthenticatorId, Loa};

use super::{
    compile::Compiler,
    document::{RuleDocument, StatementsDocument, StepDocument},
    error::Problem,
    place::Place,
    values,
};
use crate::routing::{
    Candidate, Reach,
    policy::{
        built_in::TEXT_MESSAGES,
        condition::Conditions,
        rule::{Names, PlannedStep, Statements},
    },
};

/// A success rate is counted in thousandths.
const ALWAYS: u16 = 1000;

impl Compiler<'_> {
    pub(super) fn statements(
        &mut self,
        rule: &RuleDocument,
        when: &Conditions,
        place: &Place,
    ) -> Statements {
        let (written, place) = (&rule.then, &place.key("then"));
        let patience = written.patience.as_deref().map(values::patience);
        let statements = Statements {
            allow: self.every_or(written.allow.as_ref(), |compiler, list| {
                compiler.authenticators(list, &place.key("allow"))
            }),
            deny: self.every_or(written.deny.as_ref(), |compiler, list| {
                compiler.denied_authenticators(list, &place.key("deny"))
            }),
            prefer: written
                .prefer
                .as_ref()
                .map(|list| self.authenticators(list, &place.key("prefer")))
                .unwrap_or_default(),
            chain: self.chain(written, &place.key("chain")),
            order_by: written.order_by,
            patience: self.value(patience, &place.key("patience")),
            fallback: written.fallback,
            required_level: written.required_level,
            max_cost: written.max_cost,
            min_success_rate: written.min_success_rate,
        };
        if written.min_success_rate.is_some_and(|rate| rate > ALWAYS) {
            let value = written.min_success_rate.unwrap_or_default().to_string();
            let problem = Problem::Value { value, wanted: "a rate in thousandths, 0 to 1000" };
            self.note(place.key("min_success_rate"), problem);
        }
        if says_nothing(written) && !rule.last {
            self.note(place.clone(), Problem::Silent);
        }
        self.refuse_contradictions(&statements, place);
        self.refuse_impossible_chains(rule, &statements, when, &place.key("chain"));
        statements
    }

    fn every_or(
        &mut self,
        list: Option<&Vec<String>>,
        these: impl FnOnce(&mut Self, &[String]) -> Vec<AuthenticatorId>,
    ) -> Names {
        match list {
            None => Names::default(),
            Some(list) if list.iter().any(|name| name == "*") => Names::Every,
            Some(list) => Names::These(these(self, list)),
        }
    }

    fn chain(&mut self, written: &StatementsDocument, place: &Place) -> Vec<PlannedStep> {
        let Some(chain) = &written.chain else { return Vec::new() };
        if chain.is_empty() {
            self.note(place.clone(), Problem::Empty);
        }
        let mut steps = Vec::new();
        for (index, step) in chain.iter().enumerate() {
            let place = place.index(index);
            match step {
                StepDocument::One(name) => {
                    // One after the other, as the group has them.
                    let names = self.authenticators(std::slice::from_ref(name), &place);
                    let alone = |name| PlannedStep { authenticators: vec![name], patience: None };
                    steps.extend(names.into_iter().map(alone));
                }
                StepDocument::Together(names) => {
                    let authenticators = self.authenticators(names, &place);
                    steps.push(PlannedStep { authenticators, patience: None });
                }
                StepDocument::Patient(step) => {
                    let authenticators = self.authenticators(&step.ask, &place.key("ask"));
                    let patience = Some(values::patience(&step.patience));
                    let patience = self.value(patience, &place.key("patience"));
                    steps.push(PlannedStep { authenticators, patience });
                }
            }
        }
        steps
    }

    fn refuse_contradictions(&mut self, statements: &Statements, place: &Place) {
        let Names::These(denied) = &statements.deny else { return };
        for name in denied.iter().filter(|name| statements.allow.contains(name)) {
            self.note(place.key("deny"), Problem::AllowedAndDenied(name.to_string()));
        }
    }

    fn refuse_impossible_chains(
        &mut self,
        rule: &RuleDocument,
        statements: &Statements,
        when: &Conditions,
        place: &Place,
    ) {
        let mut seen: Vec<&AuthenticatorId> = Vec::new();
        for name in statements.chain.iter().flat_map(|step| &step.authenticators) {
            if seen.contains(&name) {
                self.note(place.clone(), Problem::RepeatedInChain(name.to_string()));
            }
            if statements.permits(name) == Some(false) {
                self.note(place.clone(), Problem::DeniedInChain(name.to_string()));
            }
            seen.push(name);
        }
        if statements.chain.len() > 1 && rule.then.fallback == Some(false) {
            self.note(place.clone(), Problem::ChainWithoutFallback);
        }
        for (index, step) in statements.chain.iter().enumerate() {
            let is_message = |id: &&AuthenticatorId| TEXT_MESSAGES.contains(&id.as_str());
            let mut messages = step.authenticators.iter().filter(is_message);
            if let (Some(one), Some(other)) = (messages.next(), messages.next()) {
                let problem = Problem::TwoMessages(one.to_string(), other.to_string());
                self.note(place.index(index), problem);
            }
        }
        let demanded = statements.required_level.max(Some(when.levels.least()));
        let demanded = demanded.unwrap_or(Loa::One);
        let Some(known) = self.known.authenticators else { return };
        let candidate = |name: &AuthenticatorId| known.iter().find(|one| one.id == *name);
        let ceilings: Vec<Loa> =
            seen.iter().filter_map(|name| candidate(name)).map(|one| one.ceiling).collect();
        if !ceilings.is_empty() && ceilings.iter().all(|&ceiling| ceiling < demanded) {
            self.note(place.clone(), Problem::ChainTooWeak(demanded));
        }
        for (index, step) in statements.chain.iter().enumerate() {
            let takes_browser = |one: &&Candidate| one.reach == Reach::Browser;
            let mut in_browser =
                step.authenticators.iter().filter_map(candidate).filter(takes_browser);
            if let (Some(one), Some(other)) = (in_browser.next(), in_browser.next()) {
                let problem = Problem::TwoInBrowser(one.id.to_string(), other.id.to_string());
                self.note(place.index(index), problem);
            }
        }
    }
}

fn says_nothing(written: &StatementsDocument) -> bool {
    let StatementsDocument {
        allow,
        deny,
        prefer,
        chain,
        order_by,
        patience,
        fallback,
        required_level,
        max_cost,
        min_success_rate,
    } = written;
    let lists = [allow, deny, prefer].into_iter().all(Option::is_none);
    lists
        && chain.is_none()
        && order_by.is_none()
        && patience.is_none()
        && fallback.is_none()
        && required_level.is_none()
        && max_cost.is_none()
        && min_success_rate.is_none()
}
