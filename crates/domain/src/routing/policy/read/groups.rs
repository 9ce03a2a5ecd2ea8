//! Named groups, opened: every `@group` becomes what it stands for.

use std::collections::{BTreeMap, BTreeSet};

use super::{error::Problem, place::Place};

/// Most groups of one kind. Opening one may go as deep as there are groups.
const GROUP_LIMIT: usize = 256;
/// Most names that lists of a policy stand for together, groups opened: a short text must not become
/// a large policy.
pub(super) const NAME_LIMIT: usize = 500_000;

/// Groups of one kind of name.
pub(super) struct Groups<T> {
    members: BTreeMap<String, Vec<T>>,
}

/// What is wrong, and where.
pub(super) type Problems = Vec<(Place, Problem)>;

impl<T: Clone + Ord> Groups<T> {
    /// Opens all groups at `place`. `name` reads one name.
    pub(super) fn open(
        written: &BTreeMap<String, Vec<String>>,
        place: &Place,
        name: impl Fn(&str) -> Result<T, Problem>,
        problems: &mut Problems,
    ) -> Self {
        if written.len() > GROUP_LIMIT {
            let problem = Problem::TooMany { what: "groups", limit: GROUP_LIMIT };
            problems.push((place.clone(), problem));
            return Self { members: BTreeMap::new() };
        }
        let mut opening =
            Opening { written, place, name, problems, opened: BTreeMap::new(), names: 0 };
        for group in written.keys() {
            opening.open(group);
        }
        let finished = |(name, state)| match state {
            State::Open => None,
            State::Done(members) => Some((name, members)),
        };
        Self { members: opening.opened.into_iter().filter_map(finished).collect() }
    }

    /// What a name of a list stands for.
    pub(super) fn expand(
        &self,
        text: &str,
        name: impl Fn(&str) -> Result<T, Problem>,
    ) -> Result<Vec<T>, Problem> {
        match text.strip_prefix('@') {
            Some(group) => {
                let members = self.members.get(group).cloned();
                members.ok_or_else(|| Problem::UnknownGroup(group.to_owned()))
            }
            None => Ok(vec![name(text)?]),
        }
    }
}

struct Opening<'a, T, N> {
    written: &'a BTreeMap<String, Vec<String>>,
    place: &'a Place,
    name: N,
    problems: &'a mut Problems,
    opened: BTreeMap<String, State<T>>,
    /// How many names were put into groups so far.
    names: usize,
}

enum State<T> {
    /// Being opened: whoever finds it so has come back to where it began.
    Open,
    Done(Vec<T>),
}

impl<T: Clone + Ord, N: Fn(&str) -> Result<T, Problem>> Opening<'_, T, N> {
    fn open(&mut self, group: &str) {
        if self.opened.contains_key(group) {
            return;
        }
        self.opened.insert(group.to_owned(), State::Open);
        let place = self.place.key(group);
        if !is_group_name(group) {
            self.problems.push((place.clone(), Problem::Name(group.to_owned())));
        }
        let written = self.written.get(group).map_or(&[][..], Vec::as_slice);
        if written.is_empty() {
            self.problems.push((place.clone(), Problem::Empty));
        }
        let mut members: Vec<T> = Vec::new();
        for (index, text) in written.iter().enumerate() {
            // Counted before what stands there twice is left out: the work is what is bounded.
            if self.names > NAME_LIMIT {
                let problem = Problem::TooMany { what: "names in groups", limit: NAME_LIMIT };
                self.problems.push((place.index(index), problem));
                break;
            }
            match self.member(text) {
                Ok(found) => {
                    self.names += found.len();
                    members.extend(found);
                }
                Err(problem) => self.problems.push((place.index(index), problem)),
            }
        }
        let members = each_once(members);
        self.opened.insert(group.to_owned(), State::Done(members));
    }

    fn member(&mut self, text: &str) -> Result<Vec<T>, Problem> {
        let Some(inner) = text.strip_prefix('@') else { return Ok(vec![(self.name)(text)?]) };
        if !self.written.contains_key(inner) {
            return Err(Problem::UnknownGroup(inner.to_owned()));
        }
        self.open(inner);
        match self.opened.get(inner) {
            Some(State::Done(members)) => Ok(members.clone()),
            _ => Err(Problem::Cycle(inner.to_owned())),
        }
    }
}

/// The same names in the same order, without those that were there before.
pub(super) fn each_once<T: Clone + Ord>(mut names: Vec<T>) -> Vec<T> {
    let mut seen = BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// 1 to 64 letters, digits, `_` and `-`.
fn is_group_name(text: &str) -> bool {
    (1..=64).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}
