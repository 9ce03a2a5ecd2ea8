//! What is wrong with a policy.

use std::fmt;

/// A policy that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    /// Everything that is wrong, in the order of reading; at least one thing.
    pub problems: Vec<PolicyProblem>,
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyProblem {
    /// The line, counted from 1, if the problem has one.
    pub line: Option<usize>,
    /// Where in the document: `rules[2].then.deny[0]`, the first rule being 0; empty for the whole.
    pub place: String,
    /// What.
    pub problem: Problem,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// Larger than [`super::TEXT_LIMIT`].
    #[error("a policy is 1 MiB of text at most")]
    TooLong,
    /// Not TOML or JSON, or not of the shape of a policy.
    #[error("{0}")]
    Malformed(String),
    /// Written in another language.
    #[error("the format is {0}; this gateway reads format 1")]
    Format(u32),
    /// More rules, groups or names than are read.
    #[error("too many {what}: at most {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many may be there.
        limit: usize,
    },
    /// Not a name.
    #[error("`{0}` is not a name: 1 to 64 characters, no `@` or `*`, no control characters")]
    Name(String),
    /// Two rules of one name: a reason could not tell which.
    #[error("there is another rule `{0}`; each needs a name of its own")]
    RepeatedRule(String),
    /// Not configured.
    #[error("there is no authenticator `{0}`; is it configured and spelled so?")]
    UnknownAuthenticator(String),
    /// Not registered.
    #[error("there is no client `{0}`; is it registered and spelled so?")]
    UnknownClient(String),
    /// No such group in this policy.
    #[error("there is no group `@{0}`; define it under `groups`")]
    UnknownGroup(String),
    /// A group that contains itself, maybe through others.
    #[error("the group `@{0}` contains itself")]
    Cycle(String),
    /// A list of nothing never holds.
    #[error("the list is empty; leave the key out, or name something")]
    Empty,
    /// A text or number outside of what has a meaning.
    #[error("`{value}` is not {wanted}")]
    Value {
        /// What is there.
        value: String,
        /// What may be.
        wanted: &'static str,
    },
    /// Conditions that exclude each other.
    #[error("no request is both {0}")]
    Contradiction(&'static str),
    /// An `unless` that always holds.
    #[error("an `unless` without conditions turns the rule off; remove the rule or the `unless`")]
    AlwaysExcepted,
    /// A rule without consequence.
    #[error("the rule says nothing; add something under `then`, or `last = true`")]
    Silent,
    /// Allowed and denied by name in one rule.
    #[error("`{0}` is both allowed and denied")]
    AllowedAndDenied(String),
    /// In two steps, or twice in one.
    #[error("`{0}` is in the chain twice; an authenticator is asked once")]
    RepeatedInChain(String),
    /// In the chain and denied by the same rule.
    #[error("`{0}` is in the chain and denied by the same rule")]
    DeniedInChain(String),
    /// Several steps, of which only the first may be taken.
    #[error("the chain has several steps and the same rule forbids to fall back")]
    ChainWithoutFallback,
    /// Nobody in the chain can prove the level that the same rule is about.
    #[error("nobody in the chain can prove level {0}, which the same rule demands")]
    ChainTooWeak(fiador_kernel::Loa),
    /// Two that take over the browser in one step.
    #[error("`{0}` and `{1}` both take over the browser and cannot be asked at the same time")]
    TwoInBrowser(String, String),
    /// Two text messages in one step (T-121).
    #[error("`{0}` and `{1}` are both text messages, of which one may be good at a time; name one")]
    TwoMessages(String, String),
}

impl PolicyError {
    pub(super) fn of_text(problem: Problem) -> Self {
        Self { problems: vec![PolicyProblem { line: None, place: String::new(), problem }] }
    }

    pub(super) fn of_toml(text: &str, error: &toml::de::Error) -> Self {
        let line = error.span().map(|span| super::place::line_at(text, span.start));
        Self::malformed(line, error.message().to_owned())
    }

    pub(super) fn of_json(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        // The line has a place of its own.
        let message = text.split_once(" at line ").map_or(&*text, |(message, _)| message);
        Self::malformed((error.line() > 0).then(|| error.line()), message.to_owned())
    }

    fn malformed(line: Option<usize>, message: String) -> Self {
        let problem = Problem::Malformed(message);
        Self { problems: vec![PolicyProblem { line, place: String::new(), problem }] }
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

impl fmt::Display for PolicyProblem {
    /// `line 12: rules[2].then.deny[0]: there is no authenticator …`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        if !self.place.is_empty() {
            write!(f, "{}: ", self.place)?;
        }
        write!(f, "{}", self.problem)
    }
}
