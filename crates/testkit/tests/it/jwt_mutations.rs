use std::collections::HashSet;

use fiador_jose::{Algorithm, SigningKey};
use fiador_testkit::jwt_mutations;
use serde_json::json;

#[test]
fn a_short_token_has_thousands_of_forgeries_each_of_them_once() {
    let key = SigningKey::generate(Algorithm::Es256).unwrap();
    let token = key.sign_compact(None, &json!({"sub": "a", "exp": 1})).unwrap();
    let mutations = jwt_mutations(&token, &[b"public key"]).unwrap();
    assert!(mutations.len() > 2000, "{}", mutations.len());

    let tokens: HashSet<_> = mutations.iter().map(|one| one.token.as_str()).collect();
    assert_eq!(tokens.len(), mutations.len());
    assert!(!tokens.contains(token.as_str()));
    assert_eq!(jwt_mutations(&token, &[b"public key"]).unwrap(), mutations, "always the same");
}

#[test]
fn text_that_is_no_token_cannot_be_forged() {
    for text in ["", "a.b", "a.b.c", "e30.e30", "e30.e30.AA.AA"] {
        assert!(jwt_mutations(text, &[]).is_err(), "{text}");
    }
}
