use fiador_wire_oauth::parameters::Parameters;
use fiador_wire_oauth::redirect_uri::{RegisteredRedirectUri, append};
use proptest::prelude::*;

fn uri_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("http://127.0.0.1".to_owned()),
        Just("http://[::1]".to_owned()),
        Just("https://sp.example".to_owned()),
        Just("com.example.app".to_owned()),
        Just(":".to_owned()),
        Just("//".to_owned()),
        Just("@".to_owned()),
        Just(":8080".to_owned()),
        "[!-~]{0,6}",
        any::<String>(),
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    /// T-030.
    #[test]
    fn a_match_is_equality_or_a_loopback_port(registered in uri_like(), presented in uri_like()) {
        let Ok(uri) = RegisteredRedirectUri::parse(&registered) else { return Ok(()) };
        prop_assert!(uri.matches(&registered));
        if uri.matches(&presented) && presented != registered {
            let literal = ["http://127.0.0.1", "http://[::1]"]
                .into_iter()
                .find(|literal| registered.starts_with(literal))
                .unwrap();
            prop_assert!(presented.starts_with(literal));
            let without_port = |uri: &str| {
                let rest = &uri[literal.len()..];
                let rest = rest.strip_prefix(':').unwrap_or(rest);
                rest.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned()
            };
            prop_assert_eq!(without_port(&presented), without_port(&registered));
        }
    }

    #[test]
    fn any_loopback_port_matches(port in 1..=u16::MAX, path in "(/[a-z]{0,5})?") {
        let uri = RegisteredRedirectUri::parse(&format!("http://127.0.0.1{path}")).unwrap();
        let presented = format!("http://127.0.0.1:{port}{path}");
        prop_assert!(uri.matches(&presented));
    }

    #[test]
    fn appended_parameters_are_read_back_and_the_old_query_stays(
        old in prop::option::of("[a-z]{1,5}=[a-z]{0,5}"),
        pairs in prop::collection::vec(("[^\\p{Cc}]{1,10}", "[^\\p{Cc}]{0,20}"), 1..5),
    ) {
        let base = "https://sp.example/cb";
        let uri = old.as_ref().map_or(base.to_owned(), |query| format!("{base}?{query}"));
        let appended = append(&uri, pairs.iter().map(|(name, value)| (name, value)));
        prop_assert!(appended.starts_with(&uri));
        prop_assert!(appended.bytes().all(|byte| byte.is_ascii_graphic()));
        let (_, query) = appended.split_once('?').unwrap();
        let parameters = Parameters::parse(query.as_bytes()).unwrap();
        let read: Vec<_> = parameters.iter().skip(usize::from(old.is_some())).collect();
        let sent: Vec<_> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        prop_assert_eq!(read, sent);
    }
}
