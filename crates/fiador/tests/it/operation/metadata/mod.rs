//! The metadata of a whole gateway, held against what it does (T-062): every member of the document is
//! examined here, and a new one must be.

mod clients;
mod examined;
mod people;
mod requests;

use std::collections::BTreeSet;

use examined::Examined;

#[tokio::test]
async fn every_entry_of_the_metadata_is_what_the_gateway_does_t_062() {
    let mut examined = Examined::start().await;
    endpoints_answer(&mut examined).await;
    requests::are_served(&mut examined).await;
    requests::scopes_belong_to_their_versions(&mut examined).await;
    clients::registrations_are_accepted(&mut examined).await;
    clients::grants_are_known(&mut examined).await;
    requests::switches_say_what_is_done(&mut examined).await;
    people::are_named_and_hidden(&mut examined).await;
    let members: BTreeSet<_> = examined.metadata.keys().cloned().collect();
    let unseen: Vec<_> = members.difference(&examined.seen).collect();
    assert!(unseen.is_empty(), "nobody examines {unseen:?}");
}

async fn endpoints_answer(examined: &mut Examined) {
    let provider = examined.sandbox.provider("oidc");
    assert_eq!(examined.member("issuer"), provider.issuer);
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "jwks_uri",
        "userinfo_endpoint",
        "premiuminfo_endpoint",
        "revocation_endpoint",
        "introspection_endpoint",
        "pushed_authorization_request_endpoint",
        "end_session_endpoint",
    ] {
        let url = examined.member(name).as_str().unwrap().to_owned();
        let path = url.strip_prefix(&format!("{}/", provider.issuer)).unwrap().to_owned();
        let (get, post) = (provider.get(&path, None).await, provider.post(&path, &[]).await);
        assert!(get.status != 404 && post.status != 404, "{name}");
        assert!(get.status != 405 || post.status != 405, "{name}");
    }
}
