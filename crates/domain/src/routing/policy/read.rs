//! From the text that an operator wrote to a policy, or to everything that is wrong with it.

mod compile;
mod conditions;
mod document;
mod error;
mod groups;
mod place;
mod statements;
mod values;

use std::collections::BTreeSet;

use fiador_kernel::ClientId;

use super::{Policy, TEXT_LIMIT};
use crate::routing::Candidate;

use document::Document;
pub use error::{PolicyError, PolicyProblem, Problem};
use place::{Format, Place};

/// What names in a policy may stand for. What is `None` is not known here and not checked.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'a> {
    /// Every authenticator that is configured, working or not.
    pub authenticators: Option<&'a [Candidate]>,
    /// Every client.
    pub clients: Option<&'a BTreeSet<ClientId>>,
}

impl Policy {
    /// Reads a policy in the language of docs/reference/routing-policy.md: TOML, or JSON of the same
    /// shape, which begins with `{`. At most [`TEXT_LIMIT`] bytes. The error names every problem with
    /// its line.
    pub fn read(text: &str, known: Known<'_>) -> Result<Self, PolicyError> {
        if text.len() > TEXT_LIMIT {
            return Err(PolicyError::of_text(Problem::TooLong));
        }
        let format = Format::of(text);
        let document: Document = match format {
            Format::Toml => {
                toml::from_str(text).map_err(|error| PolicyError::of_toml(text, &error))?
            }
            Format::Json => {
                serde_json::from_str(text).map_err(|error| PolicyError::of_json(&error))?
            }
        };
        compile::compile(&document, known).map_err(|problems| {
            let locate = |(place, problem): (Place, Problem)| PolicyProblem {
                line: format.line_of(text, &place),
                place: place.to_string(),
                problem,
            };
            PolicyError { problems: problems.into_iter().map(locate).collect() }
        })
    }
}
