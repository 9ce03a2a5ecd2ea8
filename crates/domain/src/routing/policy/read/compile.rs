//! From the shape to the policy. All problems are collected: an operator mends them in one go.

use std::{collections::BTreeSet, sync::Arc};

use fiador_kernel::{AuthenticatorId, ClientId};

use super::{
    Known,
    document::{Document, RuleDocument, SimChangeDocument},
    error::Problem,
    groups::{Groups, NAME_LIMIT, Problems, each_once},
    place::Place,
    values,
};
use crate::routing::policy::{
    Policy, RULE_LIMIT, built_in::TAKEN_OVER_WITH_THE_NUMBER, condition::Conditions, rule::Rule,
};

/// The one language there is.
const FORMAT: u32 = 1;
/// Problems that are told at once; an operator with more of them has sent another file.
const PROBLEM_LIMIT: usize = 20;

/// What names stand for, and what has been found wrong so far.
pub(super) struct Compiler<'a> {
    pub(super) known: Known<'a>,
    authenticators: Groups<AuthenticatorId>,
    clients: Groups<ClientId>,
    /// How many names the lists of all rules stand for.
    names: usize,
    problems: Problems,
}

pub(super) fn compile(document: &Document, known: Known<'_>) -> Result<Policy, Problems> {
    if document.format != FORMAT {
        return Err(vec![(Place::default().key("format"), Problem::Format(document.format))]);
    }
    if document.rules.len() > RULE_LIMIT {
        let problem = Problem::TooMany { what: "rules", limit: RULE_LIMIT };
        return Err(vec![(Place::default().key("rules"), problem)]);
    }
    let mut problems = Problems::new();
    let groups = Place::default().key("groups");
    let authenticators = Groups::open(
        &document.groups.authenticators,
        &groups.key("authenticators"),
        |text| nameable(text, known),
        &mut problems,
    );
    let clients = Groups::open(
        &document.groups.clients,
        &groups.key("clients"),
        |text| client(text, known),
        &mut problems,
    );
    let mut compiler = Compiler { known, authenticators, clients, names: 0, problems };
    let offset = document.utc_offset.as_deref().map(values::utc_offset);
    let utc_offset = compiler.value(offset, &Place::default().key("utc_offset")).unwrap_or(0);
    let mut names = BTreeSet::new();
    let mut rules = Vec::with_capacity(document.rules.len());
    for (index, rule) in document.rules.iter().enumerate() {
        let place = Place::default().key("rules").index(index);
        if !names.insert(&*rule.name) {
            compiler.note(place.key("name"), Problem::RepeatedRule(rule.name.clone()));
        }
        rules.push(compiler.rule(rule, &place));
        if compiler.problems.len() >= PROBLEM_LIMIT {
            break;
        }
    }
    compiler.problems.truncate(PROBLEM_LIMIT);
    if !compiler.problems.is_empty() {
        return Err(compiler.problems);
    }
    let policy = Policy::of_rules(utc_offset, rules);
    Ok(match document.defaults.sim_change {
        SimChangeDocument::Deny => policy,
        SimChangeDocument::Off => policy.without_gates(),
    })
}

impl Compiler<'_> {
    fn rule(&mut self, rule: &RuleDocument, place: &Place) -> Rule {
        if !is_rule_name(&rule.name) {
            self.note(place.key("name"), Problem::Name(rule.name.clone()));
        }
        let when = self.conditions(&rule.when, &place.key("when"));
        let unless = rule.unless.as_ref().map(|unless| {
            let place = place.key("unless");
            let unless = self.conditions(unless, &place);
            if unless == Conditions::default() {
                self.note(place, Problem::AlwaysExcepted);
            }
            unless
        });
        let then = self.statements(rule, &when, place);
        Rule { name: Arc::from(&*rule.name), when, unless, then, last: rule.last }
    }

    pub(super) fn note(&mut self, place: Place, problem: Problem) {
        self.problems.push((place, problem));
    }

    /// A value, if there is one and it can be read.
    pub(super) fn value<T>(
        &mut self,
        read: Option<Result<T, Problem>>,
        place: &Place,
    ) -> Option<T> {
        match read? {
            Ok(value) => Some(value),
            Err(problem) => {
                self.note(place.clone(), problem);
                None
            }
        }
    }

    /// A list that names something, if it is there.
    pub(super) fn list<T: Clone>(
        &mut self,
        list: Option<&Vec<T>>,
        place: &Place,
    ) -> Option<Vec<T>> {
        let list = list?;
        if list.is_empty() {
            self.note(place.clone(), Problem::Empty);
        }
        Some(list.clone())
    }

    /// The authenticators of a list, groups opened, each once. All of them must be configured.
    pub(super) fn authenticators(
        &mut self,
        list: &[String],
        place: &Place,
    ) -> Vec<AuthenticatorId> {
        let known = self.known;
        self.names(list, place, |compiler, text| {
            let found = compiler.authenticators.expand(text, |text| nameable(text, known))?;
            match found.iter().find(|id| !is_configured(id, known)) {
                Some(id) => Err(Problem::UnknownAuthenticator(id.to_string())),
                None => Ok(found),
            }
        })
    }

    /// The same for a list of those who are not to be used: to forbid what is not there is no mistake.
    pub(super) fn denied_authenticators(
        &mut self,
        list: &[String],
        place: &Place,
    ) -> Vec<AuthenticatorId> {
        let known = self.known;
        self.names(list, place, |compiler, text| {
            compiler.authenticators.expand(text, |text| nameable(text, known))
        })
    }

    /// The clients of a list, groups opened, each once.
    pub(super) fn clients(&mut self, list: &[String], place: &Place) -> BTreeSet<ClientId> {
        let known = self.known;
        let expand =
            |compiler: &Self, text: &str| compiler.clients.expand(text, |text| client(text, known));
        self.names(list, place, expand).into_iter().collect()
    }

    fn names<T: Clone + Ord>(
        &mut self,
        list: &[String],
        place: &Place,
        expand: impl Fn(&Self, &str) -> Result<Vec<T>, Problem>,
    ) -> Vec<T> {
        if list.is_empty() {
            self.note(place.clone(), Problem::Empty);
        }
        let mut names = Vec::new();
        for (index, text) in list.iter().enumerate() {
            if self.names > NAME_LIMIT {
                let problem = Problem::TooMany { what: "names in rules", limit: NAME_LIMIT };
                self.note(place.clone(), problem);
                break;
            }
            let found = expand(self, text);
            let found = self.value(Some(found), &place.index(index)).unwrap_or_default();
            self.names += found.len();
            names.extend(found);
        }
        each_once(names)
    }
}

/// An authenticator that is configured, or one that the built-in policy names: its text can be used
/// everywhere. Any other name is a slip.
fn nameable(text: &str, known: Known<'_>) -> Result<AuthenticatorId, Problem> {
    let unknown = || Problem::UnknownAuthenticator(text.to_owned());
    let id = AuthenticatorId::new(text).map_err(|_| unknown())?;
    let is_nameable = is_configured(&id, known) || TAKEN_OVER_WITH_THE_NUMBER.contains(&text);
    if is_nameable && text != "*" { Ok(id) } else { Err(unknown()) }
}

fn is_configured(id: &AuthenticatorId, known: Known<'_>) -> bool {
    known.authenticators.is_none_or(|known| known.iter().any(|one| one.id == *id))
}

fn client(text: &str, known: Known<'_>) -> Result<ClientId, Problem> {
    let unknown = || Problem::UnknownClient(text.to_owned());
    let id = ClientId::new(text).map_err(|_| unknown())?;
    if known.clients.is_none_or(|known| known.contains(&id)) { Ok(id) } else { Err(unknown()) }
}

/// What stands in reasons and logs: 1 to 64 characters, none of them a control character.
fn is_rule_name(text: &str) -> bool {
    (1..=64).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text.chars().any(|c| c.is_control() || c == '"')
}
