use fiador_keycloak_channel::ChannelRequest;

const WORDS: [&str; 12] = [
    "{\"login_hint\":\"+447700900001\"",
    "{\"login_hint\":\"tel:+34600000001\"",
    ",\"binding_message\":\"47\"",
    ",\"binding_message\":\"hello\"",
    ",\"acr_values\":\"2 1\"",
    ",\"acr_values\":\"gold\"",
    ",\"consent_required\":true",
    ",\"consent_required\":false",
    ",\"scope\":\"openid\"",
    ",\"login_hint\":null",
    "}",
    "\\u0000",
];

#[test]
fn a_request_of_keycloak_is_bounded_or_refused() {
    crate::check!("channel_request", WORDS, |bytes| {
        if let Ok(request) = ChannelRequest::read(bytes) {
            assert!(request.levels.len() <= 16, "{request:?}");
        }
    });
}
