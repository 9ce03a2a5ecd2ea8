use fiador_jose::base64url;
use fiador_ports::{SealKind, Sealer};

use crate::KeyRing;
use crate::seal_key::{SEAL_OVERHEAD_BYTES, SealParts};

/// Longest content of a kind, in bytes. Codes and tokens travel in URLs and headers (decision 0001
/// asks for at most 2 KiB; hostile lengths end here); a journey lies in a row.
pub const fn max_content_bytes(kind: SealKind) -> usize {
    match kind {
        SealKind::Code | SealKind::AccessToken => 3 * 1024,
        SealKind::Journey => 48 * 1024,
    }
}

impl Sealer for KeyRing {
    fn seal(&self, kind: SealKind, content: &[u8]) -> Option<String> {
        if content.len() > max_content_bytes(kind) {
            tracing::error!(?kind, bytes = content.len(), "refused to seal an over-long value");
            return None;
        }
        let view = self.view();
        let seal = view.seals(kind).active.as_ref()?.seal(content).ok()?;
        Some(base64url::encode(seal))
    }

    fn open(&self, kind: SealKind, sealed: &str) -> Option<Vec<u8>> {
        if sealed.len() > longest_text(kind) {
            return None;
        }
        let seal = base64url::decode(sealed).ok()?;
        let key_id = SealParts::read(&seal)?.key_id;
        let view = self.view();
        let Some(key) = view.seals(kind).named(key_id) else {
            self.met_unknown_key();
            return None;
        };
        key.open(seal)
    }
}

fn longest_text(kind: SealKind) -> usize {
    ((max_content_bytes(kind) + SEAL_OVERHEAD_BYTES) * 4).div_ceil(3)
}
