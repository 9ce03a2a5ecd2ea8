use std::sync::OnceLock;

use fiador_jose::jwe::{ContentEncryption, DecryptionKey, KeyManagement, decrypt};

const WORDS: [&str; 14] = [
    ".",
    "..",
    "e30",
    // {"alg":"RSA-OAEP-256","enc":"A256GCM"}
    "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2R0NNIn0.",
    // {"alg":"RSA-OAEP-256","enc":"A256CBC-HS512"}
    "eyJhbGciOiJSU0EtT0FFUC0yNTYiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0.",
    // {"alg":"ECDH-ES","enc":"A256GCM","epk":{…}} with a point of the curve
    "eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImVwayI6eyJrdHkiOiJFQyIsImNydiI6IlAtMjU2Iiwi\
     eCI6ImY4M09KM0QyeEYxQmc4dnViOXRMZTFnSE16Vjc2ZThUdXM5dVBIdlJWRVUiLCJ5IjoieF9GRXpSdTltMzZI\
     TE5fdHVlNjU5TE5wWFc2cEN5U3Rpa1lqS0lXSTVhMCJ9fQ.",
    // {"alg":"dir","enc":"A256GCM"}
    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0.",
    "AAAAAAAAAAAAAAAA",
    "AAAAAAAAAAAAAAAAAAAAAA",
    "A",
    "=",
    "-_",
    "AAAA",
    "\n",
];

#[test]
fn only_what_was_encrypted_here_opens() {
    crate::check!("jwe", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        assert!(decrypt(text, keys(), &ContentEncryption::ALL).is_err());
    });
}

/// Keys nobody else holds; made once, because making one of RSA takes a while.
fn keys() -> &'static [DecryptionKey; 2] {
    static KEYS: OnceLock<[DecryptionKey; 2]> = OnceLock::new();
    KEYS.get_or_init(|| KeyManagement::ALL.map(|one| DecryptionKey::generate(one).unwrap()))
}
