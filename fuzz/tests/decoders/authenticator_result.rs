use fiador_auth_redirect::contract::{Expected, Metadata, Outcome, ResultClaims};
use fiador_kernel::{Digest, Timestamp};
use fiador_wire_oauth::strict_json;
use serde_json::Value;

const WORDS: [&str; 16] = [
    "{\"version\":1",
    ",\"iss\":\"https://bank.example\"",
    ",\"aud\":\"https://id.mno.example\"",
    ",\"iat\":1000",
    ",\"exp\":1100",
    ",\"jti\":\"j\"",
    ",\"transaction\":\"t\"",
    ",\"nonce\":\"n\",\"sub\":\"s\"",
    ",\"outcome\":\"approved\"",
    ",\"outcome\":\"denied\"",
    ",\"evidence\":[\"possession\",\"?\"]",
    ",\"number\":\"47\"",
    "}",
    "[",
    "1e400",
    "\\u0000",
];

#[test]
fn a_result_is_complete_and_bound_or_refused() {
    crate::check!("authenticator_result", WORDS, |bytes| {
        let Ok(Value::Object(members)) = strict_json::parse(bytes) else { return };
        let Ok(claims) = ResultClaims::read(&members) else { return };
        assert!(!claims.jti.is_empty() && claims.jti.len() <= 255);
        assert!(claims.iat >= 0 && claims.exp >= 0);
        if let Outcome::Approved(facts) = &claims.outcome {
            assert!(facts.len() <= 10);
        }
        let expected = Expected {
            iss: "https://bank.example",
            aud: "https://id.mno.example",
            transaction: Digest::of("another"),
            nonce: Digest::of("n"),
            sub: "s",
            asked_at: Timestamp::from_seconds(1000),
            now: Timestamp::from_seconds(1001),
        };
        assert!(claims.bind(&expected).is_err(), "it is of no transaction that anybody knows");
    });
}

#[test]
fn metadata_of_an_authenticator_is_read_without_a_panic() {
    crate::check!("authenticator_metadata", WORDS, |bytes| {
        let _ = Metadata::read(bytes, "https://bank.example");
    });
}
