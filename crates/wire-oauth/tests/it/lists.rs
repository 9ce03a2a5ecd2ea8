use fiador_wire_oauth::acr_values::AcrValues;
use fiador_wire_oauth::display::DisplayMode;
use fiador_wire_oauth::login_hint::LoginHint;
use fiador_wire_oauth::max_age::MaxAge;
use fiador_wire_oauth::pkce::{CodeChallenge, CodeVerifier};
use fiador_wire_oauth::prompt::Prompt;
use fiador_wire_oauth::response_mode::ResponseMode;
use fiador_wire_oauth::scope::ScopeList;
use fiador_wire_oauth::version::MobileConnectVersion;
use proptest::prelude::*;

/// Text near the grammar of the parameters, and any text.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("MSISDN:".to_owned()),
        Just("MSISDN%3A".to_owned()),
        Just("tel:".to_owned()),
        Just("PCR:".to_owned()),
        Just("ENCR_MSISDN:".to_owned()),
        Just("+".to_owned()),
        Just("%2B".to_owned()),
        Just(" ".to_owned()),
        "[0-9]{1,16}",
        "[a-z_]{1,8}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in text()) {
        let _ = Prompt::parse(&text);
        let _ = CodeVerifier::parse(&text);
        let _ = CodeChallenge::parse(&text, Some("S256"));
        if let Some(age) = MaxAge::parse(&text) {
            prop_assert_eq!(MaxAge::parse(&age.as_seconds().to_string()), Some(age));
        }
        if let Some(display) = DisplayMode::parse(&text) {
            prop_assert_eq!(DisplayMode::parse(display.as_str()), Some(display));
        }
        if let Some(mode) = ResponseMode::parse(&text) {
            prop_assert_eq!(mode.as_str(), text.as_str());
        }
        if let Some(version) = MobileConnectVersion::parse(&text) {
            prop_assert_eq!(MobileConnectVersion::parse(version.as_str()), Some(version));
        }
    }

    #[test]
    fn scopes_survive_a_round_trip(text in text()) {
        if let Ok(scopes) = ScopeList::parse(&text) {
            prop_assert_eq!(ScopeList::parse(&scopes.to_string()), Ok(scopes));
        }
    }

    #[test]
    fn acr_values_survive_a_round_trip(text in text()) {
        if let Ok(values) = AcrValues::parse(&text) {
            prop_assert_eq!(AcrValues::parse(&values.to_string()), Ok(values));
        }
    }

    /// T-123: the digits alone, written as a plain hint, name the same number.
    #[test]
    fn the_digits_of_a_hint_are_a_hint_of_the_same_digits(text in text()) {
        let Ok(hint) = LoginHint::parse(&text) else { return Ok(()) };
        if let Some(digits) = hint.digits() {
            prop_assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
            let plain = LoginHint::parse(&format!("MSISDN:{digits}")).unwrap();
            prop_assert_eq!(plain.digits(), Some(digits));
        }
    }

    /// RFC 7636 §4.6.
    #[test]
    fn a_challenge_is_answered_by_its_verifier_only(
        verifier in "[A-Za-z0-9._~-]{43,128}", other in "[A-Za-z0-9._~-]{43,128}"
    ) {
        let (verifier, other) = (CodeVerifier::parse(&verifier).unwrap(), CodeVerifier::parse(&other).unwrap());
        let challenge = CodeChallenge::parse(&verifier.s256().to_string(), Some("S256")).unwrap();
        prop_assert!(challenge.is_answered_by(&verifier));
        prop_assert_eq!(challenge.is_answered_by(&other), verifier == other);
    }
}
