use serde::Serialize;

use super::Form;

/// The claims of a request. `None` leaves a claim out.
#[derive(Clone, Debug, Serialize)]
pub struct RequestClaims<'a> {
    /// [`super::VERSION`].
    pub version: u64,
    /// The gateway's issuer.
    pub iss: &'a str,
    /// The authenticator's issuer.
    pub aud: &'a str,
    /// Seconds since 1970.
    pub iat: i64,
    /// Seconds since 1970, at most 300 after `iat`.
    pub exp: i64,
    /// Another one for each request.
    pub jti: &'a str,
    /// How the answer is to come.
    pub form: Form,
    /// What the result must name: 128 random bits or more.
    pub transaction: &'a str,
    /// What the result must repeat.
    pub nonce: &'a str,
    /// Whom to ask, by the pseudonym that this authenticator knows.
    pub sub: &'a str,
    /// The number in E.164 with `+`: only inside an encrypted request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Requested levels, in order of preference.
    pub acr_values: Vec<&'static str>,
    /// Who asks, as registered.
    pub client_name: &'a str,
    /// What the transaction is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<&'a str>,
    /// What is shown on both screens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub binding_message: Option<&'a str>,
    /// Three numbers, of which the waiting page shows one; empty: no choice is asked for.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub numbers: &'a [String],
    /// BCP 47 tag.
    pub language: &'a str,
    /// Where the browser goes back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_uri: Option<&'a str>,
    /// Where the result may be posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_uri: Option<&'a str>,
    /// Test mode: the outcome that is wanted without asking anybody. The gateway never sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_outcome: Option<&'a str>,
}

/// The payload of a request that is going to be encrypted is filled up to a multiple of this.
const BLOCK: usize = 256;

/// JSON with spaces after it up to a multiple of 256 bytes, so that the length of what is encrypted
/// tells nothing of the person (T-048).
pub fn padded(mut json: Vec<u8>) -> Vec<u8> {
    json.resize(json.len().next_multiple_of(BLOCK), b' ');
    json
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_padded_payload_is_the_same_json_in_whole_blocks() {
        for length in [0, 1, 240, 241, 256, 300] {
            let json = serde_json::to_vec(&serde_json::json!({ "a": "x".repeat(length) })).unwrap();
            let padded = padded(json.clone());
            assert_eq!(padded.len() % BLOCK, 0);
            assert!(padded.len() < json.len() + BLOCK);
            let read = |bytes: &[u8]| serde_json::from_slice::<serde_json::Value>(bytes).unwrap();
            assert_eq!(read(&padded), read(&json));
        }
    }
}
