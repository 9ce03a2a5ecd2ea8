//! What Discovery reads from outside: requests, addresses, lists of ported numbers, operators' keys.

use fiador_discovery::{Dialect, is_well_formed};
use fiador_domain::numbering::{AddressRange, NumberingPlan};
use fiador_keys::check_key_set;
use fiador_wire_oauth::parameters::Parameters;
use http::{HeaderMap, HeaderValue};

const REQUEST: [&str; 28] = [
    "&",
    "=",
    "Redirect_URL=https%3A%2F%2Fsp.example%2F",
    "redirect_uri=https%3A%2F%2Fsp.example%2F",
    "MSISDN=447700900907",
    "msisdn=%2B447700900907",
    "MSISDN=",
    "Selected-MCC=234",
    "Selected-MNC=15",
    "Identified-MCC=23",
    "Identified-MNC=015",
    "mcc_mnc=234_15",
    "mcc_mnc=_",
    "Manually-Select=true",
    "manually_select=0",
    "Ignore-Cookies=1",
    "correlation_id=42",
    "correlation_id=%00",
    "%ff",
    "192.0.2.7",
    "2001:db8::1",
    "::ffff:10.0.0.1",
    ",",
    "\n",
    " ",
    "é",
    "0",
    "_",
];

const KEYS: [&str; 20] = [
    "{\"keys\":[",
    "]}",
    ",",
    "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\"AA\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\",\
     \"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps\"",
    ",\"use\":\"enc\"",
    ",\"use\":\"sig\"",
    ",\"alg\":\"ECDH-ES\"",
    ",\"alg\":\"RSA1_5\"",
    ",\"alg\":\"none\"",
    ",\"kid\":\"a\"",
    ",\"kid\":1",
    ",\"d\":\"AA\"",
    "}",
    "{",
    "[",
    "]",
    "null",
    "\"keys\":",
    "\"kty\":\"oct\"",
];

const NUMBERS: [&str; 12] =
    ["447700900907", ",", "234_15", "234_015", "999_99", "#", "+", " ", "\r", "0", "_", "٣"];

#[test]
fn a_discovery_request_is_read_or_refused() {
    crate::check!("discovery_request", REQUEST, |bytes| {
        let (query, header) = bytes.split_at(bytes.len() / 2);
        let Ok(parameters) = Parameters::parse_query(query) else { return };
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_bytes(header) {
            headers.insert("x-source-ip", value);
        }
        for dialect in [Dialect::V1, Dialect::V2] {
            let with_address = is_well_formed(dialect, &parameters, &headers);
            // An address is one thing more that may be wrong, never one less.
            assert!(!with_address || is_well_formed(dialect, &parameters, &HeaderMap::new()));
        }
    });
}

#[test]
fn keys_of_an_operator_are_read_or_refused_without_repeating_them() {
    crate::check!("operator_keys", KEYS, |bytes| {
        if let Err(refusal) = check_key_set(bytes) {
            assert!(refusal.to_string().len() < 300, "{refusal}");
        }
    });
}

#[test]
fn a_line_of_ported_numbers_is_read_or_refused() {
    crate::check!("ported_numbers", NUMBERS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let mut numbers = NumberingPlan::default().no_ported_numbers();
        let before = numbers.len();
        if numbers.read_line(text).is_err() {
            assert_eq!(numbers.len(), before);
        }
        let _ = text.parse::<AddressRange>();
    });
}
