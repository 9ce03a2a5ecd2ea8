use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn settings() -> RequestSettings {
    RequestSettings {
        method: FetchMethod::Post,
        url: "https://sms.example/v1/{destination}/messages".to_owned(),
        query: Vec::new(),
        headers: Vec::new(),
        body: BodySettings::Form(pairs(&[("text", "{text}"), ("from", "{sender}")])),
        authentication: Authentication::Parameters,
        secret: None,
    }
}

fn values<'a>(sender: &'a str, text: &'a str) -> Values<'a> {
    Values {
        destination: "34600000001",
        sender,
        text,
        validity: Duration::from_mins(3),
        coding: "0",
        reference: "ref",
        delivery_url: "",
        secret: "",
    }
}

fn compose(settings: &RequestSettings, text: &str) -> FetchRequest {
    RequestTemplate::compile(settings).unwrap().compose(&values("Bank", text)).unwrap()
}

fn refused(settings: &RequestSettings) -> RequestError {
    RequestTemplate::compile(settings).map(drop).unwrap_err()
}

fn header<'a>(request: &'a FetchRequest, name: &str) -> Option<&'a str> {
    let found = request.headers.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| value.as_str())
}

/// The fields of a form, as another party reads them.
fn fields(form: &[u8]) -> Vec<(String, String)> {
    form_urlencoded::parse(form).into_owned().collect()
}

#[test]
fn a_form_is_put_together() {
    let request = compose(&settings(), "code 1&2=é");
    assert_eq!(request.method, FetchMethod::Post);
    assert_eq!(request.url, "https://sms.example/v1/34600000001/messages");
    assert_eq!(header(&request, "content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(fields(&request.body), pairs(&[("text", "code 1&2=é"), ("from", "Bank")]));
}

#[test]
fn a_get_says_everything_in_its_query() {
    let settings = RequestSettings {
        method: FetchMethod::Get,
        url: "http://localhost:13013/cgi-bin/sendsms?charset=UTF-8".to_owned(),
        query: pairs(&[("to", "{destination}"), ("text", "{text}")]),
        body: BodySettings::Empty,
        ..settings()
    };
    let request = compose(&settings, "a b#&%41+");
    assert_eq!(request.method, FetchMethod::Get);
    let (path, query) = request.url.split_once('?').unwrap();
    assert_eq!(path, "http://localhost:13013/cgi-bin/sendsms");
    let wanted = [("charset", "UTF-8"), ("to", "34600000001"), ("text", "a b#&%41+")];
    assert_eq!(fields(query.as_bytes()), pairs(&wanted));
    let long = "я".repeat(400);
    let too_long = RequestTemplate::compile(&settings).unwrap().compose(&values("Bank", &long));
    assert!(too_long.is_err());
}

#[test]
fn json_keeps_its_shape_and_numbers_are_numbers() {
    let body = r#"{"messages": [{"to": "+{destination}", "text": "{text}", "flash": false,
                   "ttl": "{validity_seconds:number}", "braces": "{{}}"}]}"#;
    let settings = RequestSettings { body: BodySettings::Json(body.to_owned()), ..settings() };
    let request = compose(&settings, "\",\"to\":\"+1");
    let document: Value = serde_json::from_slice(&request.body).unwrap();
    let message = json!({"to": "+34600000001", "text": "\",\"to\":\"+1", "flash": false,
                         "ttl": 180, "braces": "{}"});
    assert_eq!(document, json!({"messages": [message]}));
    assert_eq!(header(&request, "content-type"), Some("application/json"));
}

#[test]
fn each_way_to_authenticate_shows_the_secret_where_it_belongs() {
    let secret = Some(Secret::new("hush".to_owned()));
    let with = |authentication| {
        compose(&RequestSettings { authentication, secret: secret.clone(), ..settings() }, "x")
    };
    let basic = with(Authentication::Basic { user: "fiador".to_owned() });
    assert_eq!(header(&basic, "authorization"), Some("Basic ZmlhZG9yOmh1c2g="));
    assert_eq!(header(&with(Authentication::Bearer), "authorization"), Some("Bearer hush"));
    let named = with(Authentication::Header { name: "x-api-key".to_owned() });
    assert_eq!(header(&named, "x-api-key"), Some("hush"));
}

#[test]
fn settings_that_cannot_work_are_refused_with_the_place() {
    for url in [
        "sms.example/send",
        "ftp://sms.example/send",
        "https://sms.example",
        "https:///send",
        "https://user:word@sms.example/send",
        "https://{destination}.sms.example/send",
        "https://sms.example/send#x",
        "https://sms.example/a b",
    ] {
        let url = url.to_owned();
        assert_eq!(refused(&RequestSettings { url, ..settings() }), RequestError::Url);
    }
    for name in ["host", "Authorization", "Content-Type", "x y", "x\r\ny", ""] {
        let headers = pairs(&[(name, "x")]);
        let error = refused(&RequestSettings { headers, ..settings() });
        assert_eq!(error, RequestError::Header(name.to_owned()));
    }
    let headers = pairs(&[("x-a", "b\r\nx-c: d")]);
    assert_eq!(
        refused(&RequestSettings { headers, ..settings() }),
        RequestError::Header("x-a".to_owned())
    );
    let get = RequestSettings { method: FetchMethod::Get, ..settings() };
    assert_eq!(refused(&get), RequestError::BodyOfGet);
    let body = BodySettings::Json("{".to_owned());
    assert!(matches!(refused(&RequestSettings { body, ..settings() }), RequestError::Json(_)));
    let body = BodySettings::Form(pairs(&[("from", "{sender}")]));
    let silent = RequestSettings { body, ..settings() };
    assert_eq!(refused(&silent), RequestError::Missing("text"));
    let idle = RequestSettings { secret: Some(Secret::new("x".to_owned())), ..settings() };
    assert!(matches!(refused(&idle), RequestError::Secret(_)));
    let bare = RequestSettings { authentication: Authentication::Bearer, ..settings() };
    assert!(matches!(refused(&bare), RequestError::Secret(_)));
}

#[test]
fn a_sender_that_no_header_carries_is_not_sent() {
    let settings = RequestSettings { headers: pairs(&[("x-from", "{sender}")]), ..settings() };
    let template = RequestTemplate::compile(&settings).unwrap();
    assert!(template.compose(&values("Bank", "x")).is_ok());
    for sender in ["Bänk", "a\r\nx-injected: b", "a\u{0}"] {
        assert!(template.compose(&values(sender, "x")).is_err(), "{sender:?}");
    }
}

proptest! {
    /// T-125: whatever stands in the text, another party reads the same text and nothing else.
    #[test]
    fn a_text_cannot_break_out_of_a_form_a_query_or_json(text in "\\PC{0,60}|[\\x00-\\x7f]{0,60}") {
        let form = compose(&settings(), &text);
        let wanted = vec![("text".to_owned(), text.clone()), ("from".to_owned(), "Bank".to_owned())];
        prop_assert_eq!(fields(&form.body), wanted.clone());

        let body = r#"{"a": {"text": "{text}"}, "from": "{sender}"}"#.to_owned();
        let settings = RequestSettings { body: BodySettings::Json(body), ..settings() };
        let document: Value = serde_json::from_slice(&compose(&settings, &text).body).unwrap();
        prop_assert_eq!(document, json!({"a": {"text": text}, "from": "Bank"}));

        let settings = RequestSettings {
            method: FetchMethod::Get,
            query: pairs(&[("text", "{text}"), ("from", "{sender}")]),
            body: BodySettings::Empty,
            ..settings
        };
        let url = compose(&settings, &text).url;
        prop_assert!(url.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert_eq!(fields(url.split_once('?').unwrap().1.as_bytes()), wanted);
    }
}
