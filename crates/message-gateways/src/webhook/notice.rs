//! What a notice says: bytes of another party, read into which message and which state.

use fiador_domain::{journey::Delivery, json_pointer::JsonPointer};
use serde_json::Value;

use super::settings::{DeliverySettings, MessageName, NoticeFormat};
use crate::answer::word;

/// Notices in one request at most.
const MAX_ITEMS: usize = 100;
/// Longest name of a message or word of a state, in bytes.
const MAX_WORD: usize = 128;
/// Parameters of a query or form at most.
const MAX_PARAMETERS: usize = 100;

/// One message and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Which message.
    pub message: NamedBy,
    /// What became of it; `None` for a word that means nothing here.
    pub delivery: Option<Delivery>,
}

/// By what a notice names its message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NamedBy {
    /// Our reference, not yet believed.
    Reference(String),
    /// The gateway's id.
    MessageId(String),
}

/// The bytes are no notice in the configured form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the notice names no message or no state where the configuration looks for them")]
pub struct Unreadable;

/// Reads the notices of one request.
pub fn read(
    settings: &DeliverySettings,
    query: &str,
    body: &[u8],
) -> Result<Vec<Notice>, Unreadable> {
    match settings.format {
        NoticeFormat::Query => {
            let find = |name: &str| parameter(query.as_bytes(), name);
            Ok(vec![one(settings, query, find)?])
        }
        NoticeFormat::Form => Ok(vec![one(settings, query, |name| parameter(body, name))?]),
        NoticeFormat::Json => {
            let document: Value = serde_json::from_slice(body).map_err(|_| Unreadable)?;
            let items = items(settings, &document)?;
            items.iter().map(|item| one(settings, query, |place| member(item, place))).collect()
        }
    }
}

fn one(
    settings: &DeliverySettings,
    query: &str,
    find: impl Fn(&str) -> Option<String>,
) -> Result<Notice, Unreadable> {
    let message = match &settings.message {
        MessageName::CallbackReference => {
            parameter(query.as_bytes(), "reference").map(NamedBy::Reference)
        }
        MessageName::Reference(place) => find(place).map(NamedBy::Reference),
        MessageName::MessageId(place) => find(place).map(NamedBy::MessageId),
    };
    let state = find(&settings.state).ok_or(Unreadable)?;
    let known = settings.states.iter().find(|(word, _)| word.eq_ignore_ascii_case(state.trim()));
    Ok(Notice {
        message: message.ok_or(Unreadable)?,
        delivery: known.map(|(_, delivery)| *delivery),
    })
}

fn items<'a>(settings: &DeliverySettings, document: &'a Value) -> Result<&'a [Value], Unreadable> {
    let Some(place) = &settings.items else { return Ok(std::slice::from_ref(document)) };
    let list = JsonPointer::new(place).map_err(|_| Unreadable)?;
    let list = list.find(document).and_then(Value::as_array).ok_or(Unreadable)?;
    if list.len() <= MAX_ITEMS { Ok(list) } else { Err(Unreadable) }
}

/// The value of a parameter that is there once.
fn parameter(form: &[u8], name: &str) -> Option<String> {
    let mut found = None;
    for (at, (key, value)) in form_urlencoded::parse(form).enumerate() {
        if at >= MAX_PARAMETERS || (key == name && found.is_some()) {
            return None;
        }
        if key == name {
            found = Some(value.into_owned());
        }
    }
    found.filter(|value| is_short(value))
}

fn member(item: &Value, place: &str) -> Option<String> {
    word(JsonPointer::new(place).ok()?.find(item)?).filter(|value| is_short(value))
}

fn is_short(value: &str) -> bool {
    (1..=MAX_WORD).contains(&value.len())
}

#[cfg(test)]
mod tests {
    use fiador_kernel::Secret;
    use proptest::prelude::*;

    use super::*;
    use crate::webhook::Authenticity;

    fn settings(format: NoticeFormat, message: MessageName, state: &str) -> DeliverySettings {
        let states = [("DELIVRD", Delivery::Delivered), ("2", Delivery::Failed)];
        DeliverySettings {
            secret: Secret::new("0123456789abcdef".to_owned()),
            base_url: "https://gateway.example".to_owned(),
            authenticity: Authenticity::Reference,
            format,
            items: None,
            message,
            state: state.to_owned(),
            states: states.map(|(word, delivery)| (word.to_owned(), delivery)).to_vec(),
        }
    }

    fn json() -> DeliverySettings {
        let message = MessageName::MessageId("/id".to_owned());
        settings(NoticeFormat::Json, message, "/status/name")
    }

    fn id(id: &str, delivery: Option<Delivery>) -> Notice {
        Notice { message: NamedBy::MessageId(id.to_owned()), delivery }
    }

    #[test]
    fn a_query_names_the_message_by_reference() {
        let settings = settings(NoticeFormat::Query, MessageName::CallbackReference, "status");
        let notice = read(&settings, "reference=abc&status=2", b"").unwrap();
        let message = NamedBy::Reference("abc".to_owned());
        assert_eq!(notice, [Notice { message, delivery: Some(Delivery::Failed) }]);
        for query in [
            "",
            "reference=abc",
            "status=2",
            "reference=&status=2",
            "reference=a&reference=b&status=2",
            "reference=a&status=2&status=1",
        ] {
            assert_eq!(read(&settings, query, b"reference=a&status=2"), Err(Unreadable), "{query}");
        }
    }

    #[test]
    fn a_form_and_json_name_it_where_the_configuration_says() {
        let form = MessageName::MessageId("msg".to_owned());
        let form = settings(NoticeFormat::Form, form, "stat");
        let notice = read(&form, "msg=other", b"stat=delivrd&msg=7%2B1").unwrap();
        assert_eq!(notice, [id("7+1", Some(Delivery::Delivered))]);
        let notice = read(&json(), "", br#"{"id": 7, "status": {"name": "seen"}}"#).unwrap();
        assert_eq!(notice, [id("7", None)]);
        for body in ["", "{}", "[]", r#"{"id": {}, "status": {"name": "2"}}"#, r#"{"id": "1"}"#] {
            assert_eq!(read(&json(), "", body.as_bytes()), Err(Unreadable), "{body}");
        }
    }

    #[test]
    fn a_list_has_a_notice_in_each_item_and_a_bound_t_260() {
        let settings = DeliverySettings { items: Some("/results".to_owned()), ..json() };
        let item = r#"{"id": "1", "status": {"name": "2"}}"#;
        let list = |count: usize| format!(r#"{{"results": [{}]}}"#, vec![item; count].join(","));
        let read_list = |count| read(&settings, "", list(count).as_bytes());
        assert_eq!(read_list(2).unwrap(), vec![id("1", Some(Delivery::Failed)); 2]);
        assert_eq!(read_list(0), Ok(vec![]));
        assert_eq!(read_list(MAX_ITEMS).map(|notices| notices.len()), Ok(MAX_ITEMS));
        assert_eq!(read_list(MAX_ITEMS + 1), Err(Unreadable));
    }

    proptest! {
        #[test]
        fn any_bytes_are_notices_with_short_names_or_unreadable(
            query in "[a-z=&%+0-9]{0,60}|.{0,60}",
            body in prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..200),
                "[\\[\\]{}\":,a-z0-9]{0,80}".prop_map(String::into_bytes),
            ],
        ) {
            let reference = MessageName::Reference("reference".to_owned());
            for settings in [
                json(),
                DeliverySettings { items: Some(String::new()), ..json() },
                settings(NoticeFormat::Form, reference, "status"),
                settings(NoticeFormat::Query, MessageName::CallbackReference, "status"),
            ] {
                for notice in read(&settings, &query, &body).unwrap_or_default() {
                    let (NamedBy::Reference(name) | NamedBy::MessageId(name)) = notice.message;
                    prop_assert!((1..=MAX_WORD).contains(&name.len()));
                }
            }
        }
    }
}
