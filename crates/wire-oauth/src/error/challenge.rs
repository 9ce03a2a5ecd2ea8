//! `WWW-Authenticate` values.

use super::ErrorCode;

/// `Bearer error="…", error_description="…"` (RFC 6750 §3). Both members are always there, in double
/// quotes: the GSMA Java SDK reads resource errors only here, and only so (mobile-connect.md §2.9).
pub fn www_authenticate_bearer(error: ErrorCode, error_description: &str) -> String {
    format!(r#"Bearer error="{error}", error_description="{}""#, quotable(error_description))
}

/// `Basic realm="…", charset="UTF-8"` (RFC 7617 §2), for a failed client authentication
/// (RFC 6749 §5.2).
pub fn www_authenticate_basic(realm: &str) -> String {
    format!(r#"Basic realm="{}", charset="UTF-8""#, quotable(realm))
}

/// Keeps what RFC 6750 §3 allows in a description: printable ASCII without `"` and `\`. An escape by
/// backslash would be legal HTTP, but real clients cut at the next quote.
fn quotable(text: &str) -> String {
    let keep = |c: char| match c {
        '"' => '\'',
        ' '..='~' if c != '\\' => c,
        _ => '?',
    };
    text.chars().map(keep).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bearer_has_both_members_in_quotes() {
        assert_eq!(
            www_authenticate_bearer(ErrorCode::InvalidToken, "access_token does not exist"),
            r#"Bearer error="invalid_token", error_description="access_token does not exist""#
        );
    }

    #[test]
    fn basic_names_realm_and_charset() {
        assert_eq!(www_authenticate_basic("fiador"), r#"Basic realm="fiador", charset="UTF-8""#);
    }

    #[test]
    fn no_text_can_leave_its_quotes_or_its_line() {
        let value = www_authenticate_bearer(ErrorCode::InvalidRequest, "a\" \\b\r\nX: é");
        assert_eq!(value, r#"Bearer error="invalid_request", error_description="a' ?b??X: ?""#);
    }
}
