//! The people of the sandbox: invented from head to foot.

use fiador_domain::subscriber::Attributes;
use serde_json::json;

/// One invented subscriber, with something different about each.
#[derive(Debug)]
pub struct Person {
    title: &'static str,
    given_name: &'static str,
    middle_name: &'static str,
    family_name: &'static str,
    gender: &'static str,
    birthdate: &'static str,
    house: &'static str,
    postal_code: &'static str,
    billing_segment: &'static str,
    account_state: &'static str,
    is_lost_stolen: bool,
    is_call_divert_active: bool,
    /// Seconds since 1970.
    sim_changed_at: i64,
}

/// The holders of the phones, in their order. The fourth has a phone that was reported stolen.
pub(crate) const PEOPLE: [Person; 5] = [
    Person { given_name: "Olivia", family_name: "One", house: "1", ..NOBODY },
    Person {
        title: "Señor",
        given_name: "Tomás",
        middle_name: "José",
        family_name: "Two",
        gender: "male",
        birthdate: "1982-02-28",
        house: "Two Towers",
        postal_code: "EC4N 8AG",
        billing_segment: "PAYG",
        ..NOBODY
    },
    Person {
        title: "Dr",
        given_name: "Thea",
        family_name: "Three",
        birthdate: "1973-03-31",
        house: "3",
        postal_code: "EC4N 8AH",
        billing_segment: "Business",
        ..NOBODY
    },
    Person {
        title: "Mr",
        given_name: "Felix",
        family_name: "Four",
        gender: "male",
        birthdate: "1964-04-30",
        house: "4",
        postal_code: "EC4N 8AJ",
        account_state: "inactive",
        is_lost_stolen: true,
        is_call_divert_active: true,
        sim_changed_at: 1_792_713_600,
        ..NOBODY
    },
    Person {
        given_name: "Aurora",
        family_name: "Auto",
        birthdate: "1995-05-31",
        house: "5",
        ..NOBODY
    },
];

/// What is the same for most.
const NOBODY: Person = Person {
    title: "Ms",
    given_name: "",
    middle_name: "Sample",
    family_name: "",
    gender: "female",
    birthdate: "1990-01-31",
    house: "",
    postal_code: "EC4N 8AF",
    billing_segment: "PAYM",
    account_state: "active",
    is_lost_stolen: false,
    is_call_divert_active: false,
    sim_changed_at: 1_700_000_000,
};

impl Person {
    /// Every attribute there is, as the subscription with `msisdn` has it.
    pub(crate) fn attributes(&self, msisdn: &str) -> Attributes {
        let Self { given_name, family_name, house, .. } = self;
        let lower = family_name.to_lowercase();
        let street = format!("{house} Sandbox Street");
        let page = format!("https://subscriber.example/{lower}");
        let members = json!({
            "name": format!("{given_name} {family_name}"),
            "title": self.title,
            "given_name": given_name,
            "middle_name": self.middle_name,
            "family_name": family_name,
            "nickname": lower,
            "preferred_username": lower,
            "profile": page,
            "picture": format!("{page}.png"),
            "website": page,
            "gender": self.gender,
            "birthdate": self.birthdate,
            "email": format!("{lower}@subscriber.example"),
            "email_verified": true,
            "locale": "en-GB",
            "zoneinfo": "Europe/London",
            "address": {
                "formatted": format!("{street}\nLondon\n{}", self.postal_code),
                "street_address": street,
                "locality": "London",
                "region": "Greater London",
                "postal_code": self.postal_code,
                "country": "GB",
            },
            "street_address": street,
            "houseno_or_housename": house,
            "town": "London",
            "city": "London",
            "state": "Greater London",
            "postal_code": self.postal_code,
            "country": "GB",
            "phone_number_alternate": "447700900999",
            "national_identifier": format!("SANDBOX-{}", msisdn.get(9..).unwrap_or_default()),
            "billing_segment": self.billing_segment,
            "account_state": self.account_state,
            "is_lost_stolen": self.is_lost_stolen,
            "is_call_divert_active": self.is_call_divert_active,
            "sim_changed_at": self.sim_changed_at,
            "device_changed_at": 1_690_000_000,
            "ported_at": 1_680_000_000,
            "is_roaming": false,
            "sim_applet": false,
            "sim_signature": false,
            "handset_browser": true,
            "handset_app": false,
            "updated_at": 1_760_000_000,
        });
        // An object of JSON values is a map of attributes.
        serde_json::from_value(members).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use fiador_domain::attribute::ATTRIBUTES;

    use super::*;

    #[test]
    fn each_has_every_attribute_in_its_shape() {
        for person in &PEOPLE {
            let attributes = person.attributes("447700900001").0;
            for (name, shape) in ATTRIBUTES {
                // The number itself comes from the subscription.
                if name.starts_with("phone_number") && *name != "phone_number_alternate" {
                    continue;
                }
                let value = attributes.get(*name);
                assert!(value.is_some_and(|value| shape.fits(value)), "{name} {value:?}");
            }
        }
    }
}
