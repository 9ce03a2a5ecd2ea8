//! Which methods do something.

use fiador_domain::profile::Profile;
use fiador_wire_oauth::redirect_uri;
use http::Method;

use crate::world::{Answer, KNOWN, PROFILES, World, changed};

fn is_refused(answer: &Answer) {
    assert_eq!((answer.status.as_u16(), answer.header("allow")), (405, Some("GET, POST")));
}

/// T-127: who only looks whether a link leads somewhere sends nobody a message.
#[tokio::test]
async fn head_begins_no_login() {
    let world = World::new();
    let hint = format!("MSISDN:{KNOWN}");
    let uri = |profile: Profile| {
        redirect_uri::append("/authorize", changed(profile, &[("login_hint", Some(&hint))]))
    };
    for profile in PROFILES {
        for method in [Method::HEAD, Method::PUT] {
            is_refused(&world.browser().send(method, &uri(profile), None).await);
        }
    }
    assert_eq!(world.journeys.len(), 0);
    assert!(world.phone.asked.lock().unwrap().is_empty());
    assert!(world.browser().get(&uri(Profile::Oidc)).await.leads_to_a_page());
    assert_eq!(world.phone.asked.lock().unwrap().len(), 1, "GET sends it");
}

#[tokio::test]
async fn head_ends_no_session() {
    let world = World::new();
    let mut browser = world.logged_in("alice");
    is_refused(&browser.send(Method::HEAD, "/logout", None).await);
    assert_eq!(world.sessions.rows.lock().unwrap().len(), 1);
}
