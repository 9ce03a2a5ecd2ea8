use aws_lc_rs::digest;

use super::PublicNumbers;
use crate::base64url;

/// RFC 7638 §3: SHA-256 over the required members in lexicographic order, without white space.
/// Members are base64url text or fixed names, so nothing in them needs escaping.
pub(super) fn of(numbers: &PublicNumbers) -> String {
    let canonical = match numbers {
        PublicNumbers::Rsa { n, e } => {
            format!(
                r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#,
                base64url::encode(e),
                base64url::encode(n)
            )
        }
        PublicNumbers::P256 { x, y } => format!(
            r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
            base64url::encode(x),
            base64url::encode(y)
        ),
    };
    base64url::encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
}
