use fiador_wire_oauth::{client_assertion, strict_json};
use serde_json::Value;

const WORDS: [&str; 10] = [
    "e30",
    ".",
    "eyJzdWIiOiJhIn0",
    "{\"sub\":\"a\"",
    ",\"exp\":1795003200",
    ",\"aud\":[\"x\"]",
    ",\"jti\":\"1\"",
    ",\"iss\":\"a\"",
    "}",
    "1e400",
];

#[test]
fn whom_an_assertion_claims_to_come_from_is_read_without_a_panic() {
    crate::check!("client_assertion", WORDS, |bytes| {
        if let Ok(text) = std::str::from_utf8(bytes) {
            let _ = client_assertion::claimed_client(text);
        }
    });
}

#[test]
fn claims_of_an_assertion_are_complete_or_refused() {
    crate::check!("client_assertion_claims", WORDS, |bytes| {
        let Ok(Value::Object(members)) = strict_json::parse(bytes) else { return };
        if let Ok(claims) = client_assertion::AssertionClaims::read(&members) {
            assert!(!claims.jti.is_empty() && claims.jti.len() <= client_assertion::MAX_JTI);
            assert!(!claims.aud.is_empty() && claims.exp >= 0);
        }
    });
}
