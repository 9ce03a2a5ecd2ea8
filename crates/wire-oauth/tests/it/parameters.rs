use fiador_wire_oauth::claims_request::ClaimsRequest;
use fiador_wire_oauth::parameters::Parameters;
use fiador_wire_oauth::strict_json;
use proptest::prelude::*;

/// Bytes that look like a form, so that more than the first check is reached.
fn form_like() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"&".to_vec()),
        Just(b"=".to_vec()),
        Just(b"+".to_vec()),
        Just(b"%".to_vec()),
        Just(b"%2B%C3%A9".to_vec()),
        Just(b"claims".to_vec()),
        "[ -~]{0,12}".prop_map(String::into_bytes),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn accepted_parameters_survive_encoding_and_decoding(body in form_like()) {
        if let Ok(parameters) = Parameters::parse(&body) {
            let encoded = parameters.encode();
            let again = Parameters::parse(encoded.as_bytes()).unwrap();
            prop_assert_eq!(again.encode(), encoded);
            // A pair without name and value has no text of its own: it is written as `=`.
            prop_assert_eq!(again, parameters);
        }
    }

    #[test]
    fn what_an_honest_sender_encodes_is_what_is_read(
        pairs in prop::collection::vec(("[^\\p{Cc}]{1,20}", "[^\\p{Cc}]{0,40}"), 0..20)
    ) {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let parameters = Parameters::parse(body.as_bytes()).unwrap();
        let read: Vec<_> = parameters.iter().map(|(n, v)| (n.to_owned(), v.to_owned())).collect();
        prop_assert_eq!(read, pairs);
    }

    #[test]
    fn a_name_is_repeated_exactly_when_it_occurs_twice(names in prop::collection::vec("[ab]{1,2}", 0..10)) {
        let parameters = Parameters::parse(names.join("&").as_bytes()).unwrap();
        let repeated: Vec<_> = parameters.repeated().collect();
        for name in &names {
            let count = names.iter().filter(|other| *other == name).count();
            let told = repeated.iter().filter(|other| *other == name).count();
            prop_assert_eq!(told, usize::from(count > 1));
        }
    }

    #[test]
    fn strict_json_agrees_with_the_usual_reader_on_all_it_accepts(text in "[\\[\\]{}:,\"a01.e-]{0,40}") {
        let _ = ClaimsRequest::parse(&text);
        let usual = serde_json::from_str::<serde_json::Value>(&text);
        match strict_json::parse(text.as_bytes()) {
            Ok(value) => prop_assert_eq!(value, usual.unwrap()),
            // Stricter in one thing that this alphabet can write: the same member twice.
            Err(_) => prop_assert!(usual.is_err() || text.matches(':').count() > 1),
        }
    }
}
