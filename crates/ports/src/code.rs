//! Authorization codes, as the doors see them.

use fiador_domain::token::CodeContent;

/// No code could be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.as_str())]
pub enum CodeError {
    /// No sealing key for codes is active.
    NoKey,
    /// The content does not fit into the longest code that may be in a redirect (decision 0001).
    TooLong,
}

impl CodeError {
    /// What the operator is told.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoKey => "no key for codes is active; run `fiador keys list`",
            Self::TooLong => {
                "a code would be longer than 2048 characters; shorten the client's id, its name or \
                 its list of scopes, or the ids of subscribers"
            }
        }
    }
}

/// Makes codes. Nothing is written (decision 0001).
pub trait CodeIssuer: Send + Sync {
    /// The sealed code.
    fn issue_code(&self, content: &CodeContent) -> Result<String, CodeError>;
}
