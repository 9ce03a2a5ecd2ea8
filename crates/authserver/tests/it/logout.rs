//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use fiador_kernel::{OsEntropy, Pcr, SectorId, SubscriberId};

use crate::world::{ISSUER, SESSION_COOKIE, World};

const BYE: &str = "https://shop.example/bye";

fn id_token(world: &World, who: &str) -> String {
    let pcr = Pcr::random(&OsEntropy);
    let key = (SectorId::new("shop.example").unwrap(), pcr.clone());
    world.pcrs.rows.lock().unwrap().insert(key, SubscriberId::new(who).unwrap());
    format!(r#"own.{{"iss":"{ISSUER}","sub":"{pcr}","aud":["oidc"],"auth_time":1}}"#)
}

fn has_session(world: &World) -> bool {
    !world.sessions.rows.lock().unwrap().is_empty()
}

#[tokio::test]
async fn an_id_token_of_the_user_ends_the_session_at_once() {
    let world = World::new();
    let mut browser = world.logged_in(World::subscriber().as_str());
    let token = id_token(&world, "alice");
    let form =
        [("id_token_hint", token.as_str()), ("post_logout_redirect_uri", BYE), ("state", "s 1")];
    let answer = browser.post("/logout", &form).await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location(), "https://shop.example/bye?state=s%201");
    assert!(!has_session(&world) && !browser.cookies.contains_key(SESSION_COOKIE));
}

#[tokio::test]
async fn without_such_a_token_the_user_is_asked() {
    let world = World::new();
    let somebody_else = id_token(&world, "carol");
    for hint in [None, Some(somebody_else.as_str())] {
        let mut browser = world.logged_in(World::subscriber().as_str());
        let mut form = vec![("client_id", "oidc"), ("post_logout_redirect_uri", BYE)];
        form.extend(hint.map(|hint| ("id_token_hint", hint)));
        let question = browser.post("/logout", &form).await;
        assert_eq!(question.status, 200);
        assert!(question.body.contains(r#"id="confirm-logout""#));
        assert!(question.body.contains(r#"action="/oidc/logout/confirm""#));
        assert!(has_session(&world), "a link must not sign people out");
        let policy = question.header("content-security-policy").unwrap();
        assert!(policy.ends_with("form-action 'self' https://shop.example https:"), "{policy}");

        form.push(("confirmation", "guessed"));
        assert_eq!(browser.post("/logout/confirm", &form).await.status, 200);
        assert!(has_session(&world));

        form.pop();
        let marker = r#"name="confirmation" value=""#;
        let at = question.body.find(marker).unwrap() + marker.len();
        form.push(("confirmation", &question.body[at..at + 64]));
        let done = browser.post("/logout/confirm", &form).await;
        assert_eq!((done.status.as_u16(), done.location()), (303, BYE));
        assert!(!has_session(&world));
    }
}

/// What a forged token says counts for nothing, and nothing is held against it (§3).
#[tokio::test]
async fn a_forged_token_neither_signs_out_nor_leads_anywhere() {
    let world = World::new();
    let mut browser = world.logged_in(World::subscriber().as_str());
    let mut form = vec![
        ("client_id", "oidc"),
        ("post_logout_redirect_uri", BYE),
        ("id_token_hint", "forged"),
        ("ui_locales", "es"),
    ];
    let question = browser.post("/logout", &form).await;
    assert!(question.body.contains(r#"id="confirm-logout""#) && has_session(&world));
    let marker = r#"name="confirmation" value=""#;
    let at = question.body.find(marker).unwrap() + marker.len();
    form.push(("confirmation", &question.body[at..at + 64]));
    let done = browser.post("/logout/confirm", &form).await;
    assert_eq!(done.status, 400);
    assert!(done.body.contains("Has cerrado la sesión"), "{}", done.body);
    assert!(!has_session(&world));
}

/// The form of the question leads on, and browsers hold that against the policy of its page; an
/// address that is not registered is not in it (T-040).
#[tokio::test]
async fn the_question_may_lead_to_registered_addresses_only() {
    let world = World::new();
    let mut browser = world.logged_in(World::subscriber().as_str());
    let form = [("client_id", "oidc"), ("post_logout_redirect_uri", "https://evil.example/")];
    let question = browser.post("/logout", &form).await;
    let policy = question.header("content-security-policy").unwrap();
    assert!(policy.ends_with("form-action 'self'"), "{policy}");
}

/// T-030, T-039.
#[tokio::test]
async fn only_a_registered_uri_is_redirected_to() {
    let world = World::new();
    let token = id_token(&world, "alice");
    for (client, uri) in [
        ("oidc", "https://evil.example/"),
        ("oidc", "https://shop.example/bye?x=1"),
        ("oidc", "https://shop.example/BYE"),
        ("nobody", BYE),
        // The token says `oidc`: who is right?
        ("mobile_connect", BYE),
    ] {
        let mut browser = world.logged_in(World::subscriber().as_str());
        let form = [
            ("id_token_hint", token.as_str()),
            ("client_id", client),
            ("post_logout_redirect_uri", uri),
        ];
        let answer = browser.post("/logout", &form).await;
        assert_eq!(answer.status, 400, "{client} {uri}");
        assert!(answer.body.contains("You are signed out") && !has_session(&world));
    }
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_confirm() {
    let world = World::new();
    let answer = world.browser().get("/logout").await;
    assert!(answer.body.contains("You are signed out"));
    let answer = world.browser().post("/logout/confirm", &[]).await;
    assert!(answer.body.contains("You are signed out"));
    let repeated = [("state", "1"), ("state", "2")];
    assert_eq!(world.browser().post("/logout", &repeated).await.status, 400);
}
