//! Authorization codes: sealed, never stored.

use std::sync::Arc;

use fiador_domain::token::CodeContent;
use fiador_ports::{CodeError, CodeIssuer, SealKind, Sealer};

use crate::codec;

/// Longest code in characters (decision 0001). It travels in the query of a redirect.
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
    fn issue_code(&self, content: &CodeContent) -> Result<String, CodeError> {
        // Only a content of absurd size cannot be encoded.
        let content = codec::encode_code(content).ok_or(CodeError::TooLong)?;
        let code = self.sealer.seal(SealKind::Code, &content).ok_or(CodeError::NoKey)?;
        if code.len() > CODE_LIMIT { Err(CodeError::TooLong) } else { Ok(code) }
    }
}

/// The content of a code; `None` for everything that is not one of ours.
pub(crate) fn open(sealer: &dyn Sealer, code: &str) -> Option<CodeContent> {
    if code.len() > CODE_LIMIT {
        return None;
    }
    codec::decode_code(&sealer.open(SealKind::Code, code)?)
}
