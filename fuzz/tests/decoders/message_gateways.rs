//! What message gateways answer and tell, and the templates that operators write for them.

use std::sync::LazyLock;

use fiador_domain::journey::Delivery;
use fiador_message_gateways::{
    AnswerSettings, Authenticity, DeliverySettings, MessageIdPlace, MessageName, NoticeFormat,
    answer::{AnswerReader, Verdict},
    template::{Place, Template, Values},
    webhook::{NamedBy, notice},
};
use fiador_ports::FetchResponse;

const NOTICE: [&str; 16] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"id\"",
    "\"state\"",
    "\"7\"",
    "\"delivered\"",
    "id=",
    "state=",
    "&",
    "reference=",
    "%2",
    "\0",
];

const TEMPLATE: [&str; 12] = [
    "{",
    "}",
    "{{",
    "}}",
    "{text}",
    "{sender}",
    "{secret}",
    "{destination}",
    ":number",
    "é",
    "&",
    "",
];

fn settings(format: NoticeFormat, list: bool) -> DeliverySettings {
    let place = |name: &str| {
        if format == NoticeFormat::Json { format!("/{name}") } else { name.to_owned() }
    };
    DeliverySettings {
        secret: "0123456789abcdef".to_owned().into(),
        base_url: "https://gateway.example".to_owned(),
        authenticity: Authenticity::Reference,
        format,
        items: list.then(String::new),
        message: match format {
            NoticeFormat::Query => MessageName::CallbackReference,
            NoticeFormat::Form => MessageName::MessageId(place("id")),
            NoticeFormat::Json => MessageName::Reference(place("id")),
        },
        state: place("state"),
        states: vec![("delivered".to_owned(), Delivery::Delivered)],
    }
}

#[test]
fn a_notice_of_any_bytes_names_messages_shortly_or_is_unreadable() {
    crate::check!("gateway_notice", NOTICE, |bytes| {
        let query = String::from_utf8_lossy(bytes);
        for (format, list) in [
            (NoticeFormat::Query, false),
            (NoticeFormat::Form, false),
            (NoticeFormat::Json, false),
            (NoticeFormat::Json, true),
        ] {
            let notices = notice::read(&settings(format, list), &query, bytes).unwrap_or_default();
            assert!(notices.len() <= 100);
            for notice in notices {
                let (NamedBy::Reference(name) | NamedBy::MessageId(name)) = notice.message;
                assert!((1..=128).contains(&name.len()));
            }
        }
    });
}

/// Patterns take longer to compile than to match.
static READERS: LazyLock<[AnswerReader; 2]> = LazyLock::new(|| {
    [
        MessageIdPlace::Pointer("/id".to_owned()),
        MessageIdPlace::Pattern("id.?[:=]\"?([^\"]*)".to_owned()),
    ]
    .map(|place| {
        let settings = AnswerSettings {
            accepted_body: Some("id".to_owned()),
            message_id: Some(place),
            ..AnswerSettings::default()
        };
        AnswerReader::compile(&settings).unwrap()
    })
});

#[test]
fn an_answer_of_any_bytes_has_a_meaning() {
    crate::check!("gateway_answer", NOTICE, |bytes| {
        for reader in &*READERS {
            let answer = FetchResponse { status: 200, content_type: None, body: bytes.to_vec() };
            if let Verdict::Accepted(Some(id)) = reader.read(&Ok(answer)) {
                assert!((1..=128).contains(&id.len()));
            }
        }
    });
}

#[test]
fn a_template_of_any_words_is_filled_or_refused() {
    crate::check!("gateway_template", TEMPLATE, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        let values = Values {
            destination: "34600000001",
            sender: "Bank",
            text: "{secret}",
            validity: std::time::Duration::from_secs(60),
            coding: "0",
            reference: "r",
            delivery_url: "",
            secret: "hush",
        };
        for place in [Place::Path, Place::Header, Place::Parameter, Place::Json] {
            if let Ok(template) = Template::parse(text, place) {
                let filled = template.fill(&values);
                assert!(text.contains("{secret}") || !filled.contains("hush"));
            }
        }
    });
}
