//! Authorization codes: sealed, never stored.

use std::sync::Arc;

use fiador_domain::token::CodeContent;
use fiador_ports::{CodeIssuer, SealKind, Sealer};

use crate::codec;

/// Longest code in characters (design §4). It travels in the query of a redirect.
pub(crate) const CODE_LIMIT: usize = 2048;

/// Makes and opens codes.
pub(crate) struct SealedCodes {
    sealer: Arc<dyn Sealer>,
}

impl SealedCodes {
    pub(crate) fn new(sealer: Arc<dyn Sealer>) -> Self {
        Self { sealer }
    }
}

impl CodeIssuer for SealedCodes {
    /// `None` also when the code would be longer than [`CODE_LIMIT`].
    fn issue_code(&self, content: &CodeContent) -> Option<String> {
        let code = self.sealer.seal(SealKind::Code, &codec::encode_code(content)?)?;
        if code.len() > CODE_LIMIT {
            tracing::error!(
                client_id = content.client.as_str(),
                characters = code.len(),
                "An authorization code would be longer than {CODE_LIMIT} characters. Its nonce, \
                 scopes or displayed text are too long; bound them where the request is checked."
            );
            return None;
        }
        Some(code)
    }
}

/// The content of a code; `None` for everything that is not one of ours.
pub(crate) fn open(sealer: &dyn Sealer, code: &str) -> Option<CodeContent> {
    if code.len() > CODE_LIMIT {
        return None;
    }
    codec::decode_code(&sealer.open(SealKind::Code, code)?)
}
