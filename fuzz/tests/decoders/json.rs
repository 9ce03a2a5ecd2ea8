use fiador_jose::jwe::{EncryptionKey, KeyManagement};
use fiador_jose::{JwkSet, VerificationKey};
use fiador_wire_oauth::{
    claims_request::ClaimsRequest, number_claim::NumberClaim, request_object::RequestObject,
    strict_json,
};

const WORDS: [&str; 14] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"a\"",
    "\"\\u0061\"",
    "\"value\"",
    "null",
    "true",
    "1e999",
    "-0",
    " ",
];

const CLAIMS: [&str; 10] = [
    "{\"userinfo\":{",
    "{\"premiuminfo\":{",
    "\"a\":null",
    "\"b\":{\"essential\":true}",
    "\"c\":{\"value\":\"x\",\"values\":[1,{}]}",
    ",",
    "}",
    "}}",
    "},\"id_token\":{",
    "1",
];

const NUMBER: [&str; 8] = [
    "{\"mc_claims\":{",
    "\"device_msisdn\":\"+447700900907\"",
    "\"device_msisdn\":\"44\"",
    "\"device_msisdn_hash\":\"",
    "01a03859d1dd000bb5f648c3e97dad6a3dae5f40b9d103769a68d316bd905559\"",
    ",",
    "}",
    "null",
];

const REQUEST_OBJECT: [&str; 14] = [
    "{",
    "}",
    ",",
    "\"iss\":\"app\"",
    "\"aud\":[\"x\"]",
    "\"aud\":\"x\"",
    "\"exp\":1795003200",
    "\"nbf\":1.5",
    "\"jti\":\"1\"",
    "\"claims\":{}",
    "\"max_age\":60",
    "\"request\":\"x\"",
    "\"scope\":\"openid\"",
    "\"state\":null",
];

const KEYS: [&str; 14] = [
    "{\"keys\":[",
    "]}",
    ",",
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AA\"}",
    "{\"kty\":\"oct\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",",
    "\"x\":\"AAAA\",",
    "\"y\":\"AAAA\"",
    "}",
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\",",
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"",
    "\"use\":\"enc\",",
    "\"alg\":\"ECDH-ES\",",
    "\"key_ops\":[\"verify\"],",
];

#[test]
fn strict_json_reads_again_what_it_wrote() {
    crate::check!("strict_json", WORDS, |bytes| {
        let Ok(value) = strict_json::parse(bytes) else { return };
        let written = serde_json::to_vec(&value).unwrap();
        assert_eq!(strict_json::parse(&written).unwrap(), value);
    });
}

#[test]
fn a_claims_request_is_read_or_refused() {
    crate::check!("claims_request", CLAIMS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        if let Ok(request) = ClaimsRequest::parse(text) {
            let wanted = request.premiuminfo.values().flat_map(|claim| claim.wanted()).count();
            assert!(wanted <= text.len());
        }
    });
}

#[test]
fn a_number_to_verify_is_read_or_refused() {
    crate::check!("number_claim", NUMBER, |bytes| {
        match NumberClaim::parse(bytes) {
            Ok(Some(NumberClaim::Number(text) | NumberClaim::Hash(text))) => {
                assert!(text.len() <= 64 && text.bytes().all(|b| b.is_ascii_hexdigit()));
            }
            Ok(None) | Err(_) => {}
        }
    });
}

#[test]
fn a_request_object_is_read_or_refused() {
    crate::check!("request_object", REQUEST_OBJECT, |bytes| {
        let Ok(serde_json::Value::Object(claims)) = strict_json::parse(bytes) else { return };
        if let Ok(object) = RequestObject::read(&claims) {
            assert!(object.parameters().all(|(name, _)| claims.contains_key(name)));
            assert!(object.parameter("request").is_none() && object.parameter("exp").is_none());
        }
    });
}

#[test]
fn a_key_set_is_read_or_refused() {
    crate::check!("jwk_set", KEYS, |bytes| {
        if let Ok(set) = JwkSet::parse(bytes) {
            let written = serde_json::to_vec(&set).unwrap();
            assert_eq!(JwkSet::parse(&written).unwrap(), set);
            assert!(VerificationKey::from_set(&set).len() <= set.keys.len());
            for one in KeyManagement::ALL {
                let fits = set.keys.iter().any(|jwk| jwk.permits_encryption(one));
                assert!(fits || EncryptionKey::from_set(&set, one).is_none());
            }
        }
    });
}
