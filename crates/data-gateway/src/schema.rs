//! What of a source's answer passes (T-202).

use fiador_domain::{
    attribute::{find, is_blank},
    subscriber::Attributes,
};

/// Keeps the claims that were asked for and have their shape
/// ([`fiador_domain::attribute::Shape`]). The number is how many others the source sent; null and
/// blank values count as unknown and are dropped without being counted.
pub fn admit(attributes: Attributes, asked: &[&'static str]) -> (Attributes, usize) {
    let mut admitted = Attributes::default();
    let mut refused = 0;
    for (name, value) in attributes.0 {
        if is_blank(&value) {
            continue;
        }
        let fits = find(&name).is_some_and(|(_, shape)| shape.fits(&value));
        if fits && asked.contains(&name.as_str()) {
            admitted.0.insert(name, value);
        } else {
            refused += 1;
        }
    }
    (admitted, refused)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    fn admitted(name: &'static str, value: Value) -> Option<Value> {
        let (mut admitted, _) = admit(Attributes([(name.to_owned(), value)].into()), &[name]);
        admitted.0.remove(name)
    }

    #[test]
    fn values_pass_unchanged_or_not_at_all_t_202() {
        assert_eq!(admitted("name", json!("Ann Lee")), Some(json!("Ann Lee")));
        assert_eq!(admitted("name", json!(["Ann"])), None);
        assert_eq!(admitted("birthdate", json!("1980-13-01")), None);
    }

    #[test]
    fn a_blank_value_is_an_unknown_one_and_no_flaw() {
        let blank = [("name", json!(null)), ("email", json!("  ")), ("address", json!({}))];
        let attributes = Attributes(blank.map(|(n, v)| (n.to_owned(), v)).into());
        let (admitted, refused) = admit(attributes, &["name", "email", "address"]);
        assert_eq!((admitted.0.len(), refused), (0, 0));
    }

    #[test]
    fn a_claim_that_nobody_asked_for_is_counted_and_dropped_t_201() {
        let sent =
            [("sub", json!("another")), ("iss", json!("https://evil")), ("name", json!("A"))];
        let attributes = Attributes(sent.map(|(n, v)| (n.to_owned(), v)).into());
        let (admitted, refused) = admit(attributes, &["name"]);
        assert_eq!((admitted.0.len(), refused), (1, 2));
    }

    fn any_json() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            ".{0,20}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 20, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::btree_map("[a-z_]{1,15}", inner, 0..4)
                    .prop_map(|members| Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn whatever_a_source_sends_only_asked_and_bounded_values_pass(
            values in prop::collection::btree_map(
                prop_oneof![Just("address".to_owned()), Just("birthdate".to_owned()),
                    Just("phone_number".to_owned()), Just("name".to_owned()), "[a-z_]{1,12}"],
                any_json(), 0..8),
        ) {
            let asked = ["address", "birthdate", "phone_number", "name"];
            let (admitted, _) = admit(Attributes(values), &asked);
            for (name, value) in &admitted.0 {
                prop_assert!(asked.contains(&name.as_str()));
                prop_assert!(!is_blank(value));
                prop_assert!(value.is_string() || name == "address");
            }
        }
    }
}
