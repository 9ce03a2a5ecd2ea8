use aws_lc_rs::digest;

use crate::base64url;

/// The `at_hash` of an ID Token: base64url of the left half of SHA-256 over the access token's
/// ASCII text (OpenID Connect Core §3.1.3.6). Right for every [`crate::Algorithm`], since all of
/// them use SHA-256; the result has 22 characters.
pub fn at_hash(access_token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, access_token.as_bytes());
    let (left, _right) = hash.as_ref().split_at(digest::SHA256_OUTPUT_LEN / 2);
    base64url::encode(left)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_openid_connect_core_is_reproduced() {
        // OpenID Connect Core, appendix A.3 (response_type=id_token token).
        assert_eq!(
            at_hash("jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y"),
            "77QmUPtjPfzWtF2AnpK9RQ"
        );
    }
}
