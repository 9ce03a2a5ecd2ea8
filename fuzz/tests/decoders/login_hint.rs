use fiador_wire_oauth::login_hint::LoginHint;

const WORDS: [&str; 14] = [
    "MSISDN:",
    "ENCR_MSISDN:",
    "PCR:",
    "tel:",
    "+",
    "34600000001",
    "600",
    "%2B",
    "%25",
    " ",
    "-",
    ";ext=1",
    "a",
    ":",
];

#[test]
fn digits_that_were_read_are_plain_digits() {
    crate::check!("login_hint", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let Ok(hint) = LoginHint::parse(text) else { return };
        let Some(digits) = hint.digits() else { return };
        assert!(!digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
        // T-123: the same number in another form is the same number.
        let again = LoginHint::parse(&format!("MSISDN:{digits}")).unwrap();
        assert_eq!(again.digits(), Some(digits));
        assert!(digits.len() < 6 || !format!("{hint:?}").contains(digits));
    });
}
