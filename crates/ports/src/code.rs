//! Authorization codes, as the doors see them.

use fiador_domain::token::CodeContent;

/// Makes codes. Nothing is written (design §4).
pub trait CodeIssuer: Send + Sync {
    /// The sealed code; `None` when no sealing key is active.
    fn issue_code(&self, content: &CodeContent) -> Option<String>;
}
