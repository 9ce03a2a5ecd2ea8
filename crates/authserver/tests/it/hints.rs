//! Whom hints name: own numbers, users of ID Tokens, and both at once (T-048, T-123).

use std::sync::atomic::Ordering;

use fiador_domain::profile::Profile;
use fiador_kernel::{Digest, OsEntropy, Pcr, SectorId, SubscriberId};

use crate::world::{
    BLOCKED, ISSUER, KNOWN, PORTED_IN, PROFILES, REDIRECT_URI, UNKNOWN, World, encrypted,
};

const FAILED: &str = "User failed to authenticate";

/// A pseudonym of this subscriber at the test clients.
fn pcr(world: &World, who: &str) -> Pcr {
    let pcr = Pcr::random(&OsEntropy);
    let key = (SectorId::new("shop.example").unwrap(), pcr.clone());
    world.pcrs.rows.lock().unwrap().insert(key, SubscriberId::new(who).unwrap());
    pcr
}

fn id_token(pcr: &Pcr) -> String {
    format!(r#"own.{{"iss":"{ISSUER}","sub":"{pcr}","aud":["oidc"],"auth_time":1}}"#)
}

/// Whom the phone was asked about, once the way of a good login was gone to its end: somebody with
/// a code, or nobody, and then the login looks like any other that failed.
async fn reached(
    world: &World,
    profile: Profile,
    changes: &[(&'static str, Option<&str>)],
) -> Option<SubscriberId> {
    let mut browser = world.browser();
    let page = browser.authorize(profile, changes).await.page();
    assert!(browser.get(&page).await.body.contains("Enter the code"));
    let asked = world.phone.asked.lock().unwrap().last().unwrap().clone();
    let code = world.phone.code();
    let mut answer = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    if asked.is_none() {
        for _ in 0..2 {
            assert!(answer.leads_to_a_page());
            answer = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
        }
        assert_eq!(answer.error_to(REDIRECT_URI).1, FAILED);
    } else {
        let content = world.codes.content(&answer.response_to(REDIRECT_URI)["code"]);
        assert_eq!(Some(&content.subscriber), asked.as_ref());
    }
    asked
}

#[tokio::test]
async fn a_number_outside_our_own_ranges_gets_no_message_t_123() {
    let dave = SubscriberId::new("dave").unwrap();
    for serves in [false, true] {
        let world = World::with(|_| {}, |settings| settings.serves_ported_in_numbers = serves);
        let expected = serves.then(|| dave.clone());
        let number = format!("MSISDN:{PORTED_IN}");
        let pseudonym = pcr(&world, "dave");
        let (by_pcr, token) = (format!("PCR:{pseudonym}"), id_token(&pseudonym));
        for profile in PROFILES {
            for hint in [
                ("login_hint", Some(number.as_str())),
                ("login_hint", Some(by_pcr.as_str())),
                ("id_token_hint", Some(token.as_str())),
            ] {
                assert_eq!(reached(&world, profile, &[hint]).await, expected, "{hint:?}");
            }
        }
        let mut browser = world.browser();
        let page = browser.authorize(Profile::Oidc, &[]).await.page();
        let typed = format!("+{PORTED_IN}");
        browser.post(&format!("{page}/number"), &[("msisdn", &typed)]).await;
        assert_eq!(world.phone.asked.lock().unwrap().last().unwrap(), &expected);
    }
}

/// OpenID Connect Core §3.1.2.1: never an answer about another user than the one of the ID Token;
/// but which number is not the user's is not told (T-048).
#[tokio::test]
async fn both_hints_must_name_the_same_subscriber() {
    let world = World::new();
    let alice = pcr(&world, "alice");
    let (of_alice, of_carol) = (id_token(&alice), id_token(&pcr(&world, "carol")));
    let (known, unknown) = (format!("MSISDN:{KNOWN}"), format!("MSISDN:{UNKNOWN}"));
    let by_pcr = format!("PCR:{alice}");
    for profile in PROFILES {
        for (hint, token, is_alice) in [
            (&known, &of_alice, true),
            (&by_pcr, &of_alice, true),
            (&known, &of_carol, false),
            (&by_pcr, &of_carol, false),
            (&unknown, &of_alice, false),
        ] {
            let changes = [("login_hint", Some(&**hint)), ("id_token_hint", Some(&**token))];
            let asked = reached(&world, profile, &changes).await;
            assert_eq!(asked, is_alice.then(World::subscriber), "{profile:?} {hint}");
        }
    }
    let world = World::with(|client| client.reveal_subscriber_state = true, |_| {});
    let of_carol = id_token(&pcr(&world, "carol"));
    let changes = [("login_hint", Some(&*known)), ("id_token_hint", Some(&*of_carol))];
    for profile in PROFILES {
        let answer = world.browser().authorize(profile, &changes).await;
        assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
    }
}

/// T-048: as many questions to the database as for somebody who is known.
#[tokio::test]
async fn nobody_is_looked_up_as_often_as_somebody() {
    let world = World::new();
    let (alice, nobody) = (pcr(&world, "alice"), Pcr::random(&OsEntropy));
    let looks = async |name: &'static str, hint: String| {
        let before = world.subscribers.looks.load(Ordering::SeqCst);
        let answer = world.browser().authorize(Profile::Oidc, &[(name, Some(&hint))]).await;
        assert!(answer.leads_to_a_page());
        world.subscribers.looks.load(Ordering::SeqCst) - before
    };
    for (name, known, unknown) in [
        ("login_hint", format!("PCR:{alice}"), format!("PCR:{nobody}")),
        ("id_token_hint", id_token(&alice), id_token(&nobody)),
        ("login_hint", format!("MSISDN:{KNOWN}"), format!("MSISDN:{UNKNOWN}")),
    ] {
        let known = looks(name, known).await;
        assert!(known > 0);
        assert_eq!(looks(name, unknown).await, known, "{name}");
    }
}

/// T-048: a subscriber who is gone is not told from one who does not answer.
#[tokio::test]
async fn an_id_token_of_nobody_any_more_goes_the_way_of_an_unknown_number() {
    let world = World::new();
    let nobody = id_token(&Pcr::random(&OsEntropy));
    let of_a_client_that_is_gone = nobody.replace("\"oidc\"", "\"gone\"");
    for token in [&nobody, &of_a_client_that_is_gone] {
        for profile in PROFILES {
            let changes = [("id_token_hint", Some(token.as_str()))];
            assert_eq!(reached(&world, profile, &changes).await, None);
            let silent = [changes[0], ("prompt", Some("none"))];
            let answer = world.browser().authorize(profile, &silent).await;
            assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
        }
    }
}

/// mobile-connect §2.6; OpenID Connect Core §3.1.2.2: the issuer of the token must be validated.
#[tokio::test]
async fn a_forged_id_token_beside_a_good_hint_is_still_a_failed_hint() {
    let world = World::new();
    let known = format!("MSISDN:{KNOWN}");
    let of_another_issuer = id_token(&pcr(&world, "alice")).replace(ISSUER, "https://evil.example");
    for token in ["forged", "eyJhbGciOiJub25lIn0.e30.", &of_another_issuer, &"a".repeat(4000)] {
        for profile in PROFILES {
            let changes = [("login_hint", Some(&*known)), ("id_token_hint", Some(token))];
            let answer = world.browser().authorize(profile, &changes).await;
            assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
        }
    }
    assert!(world.phone.asked.lock().unwrap().is_empty());
}

/// mobile-connect §2.4: both encodings and the token of Discovery.
#[tokio::test]
async fn a_number_that_is_encrypted_to_us_is_reached() {
    let world = World::new();
    let hexadecimal = format!("ENCR_MSISDN:{}", encrypted("ee", KNOWN));
    let jwe = format!("ENCR_MSISDN:{}", encrypted("a.b.c.d.", KNOWN));
    let token = encrypted("t.b.c.d.", KNOWN);
    for hint in
        [("login_hint", hexadecimal.as_str()), ("login_hint", &jwe), ("login_hint_token", &token)]
    {
        let changes = [(hint.0, Some(hint.1))];
        let who = reached(&world, Profile::MobileConnect, &changes).await;
        assert_eq!(who, Some(World::subscriber()), "{hint:?}");
        let issued = world.codes.issued.lock().unwrap();
        assert_eq!(issued.last().unwrap().hashed_login_hint, Some(Digest::of(hint.1)));
    }
    assert_eq!(
        reached(&world, Profile::Oidc, &[("login_hint", Some(&jwe))]).await,
        Some(World::subscriber())
    );
}

/// T-048: no oracle for what decrypts, and none for who is a subscriber.
#[tokio::test]
async fn what_cannot_be_decrypted_looks_like_any_other_unknown_number() {
    let world = World::new();
    let mut pages = Vec::new();
    for hint in [
        encrypted("ee", KNOWN),
        encrypted("ee", UNKNOWN),
        encrypted("ee", BLOCKED),
        encrypted("ee", PORTED_IN),
        encrypted("a.b.c.d.", KNOWN),
        "00ff".to_owned(),
        "x.b.c.d.e".to_owned(),
        "not-even-hexadecimal".to_owned(),
    ] {
        let hint = format!("ENCR_MSISDN:{hint}");
        let mut browser = world.browser();
        let changes = [("login_hint", Some(hint.as_str()))];
        let page = browser.authorize(Profile::MobileConnect, &changes).await.page();
        let shown = browser.get(&page).await;
        pages.push((shown.status, shown.body.replace(&page, "")));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:?}");
    let who = world.phone.asked.lock().unwrap().clone();
    assert_eq!(who.iter().filter(|who| who.is_some()).count(), 2);
    for forged in ["x.b.c.d.e", "t.b.c.d.", "t.b.c.d.0"] {
        let changes = [("login_hint_token", Some(forged))];
        assert_eq!(reached(&world, Profile::MobileConnect, &changes).await, None, "{forged}");
    }
    let world = World::with(|client| client.reveal_subscriber_state = true, |_| {});
    let changes = [("login_hint_token", Some("x.b.c.d.e"))];
    let answer = world.browser().authorize(Profile::MobileConnect, &changes).await;
    assert_eq!(answer.error_to(REDIRECT_URI), ("access_denied".into(), "Unknown user".into()));
}

/// OpenID Connect Core §3.1.2.2: a choice among accounts must not lead away from the user of the ID
/// Token.
#[tokio::test]
async fn the_user_of_an_id_token_is_not_chosen_anew() {
    let world = World::new();
    let of_alice = id_token(&pcr(&world, "alice"));
    for profile in PROFILES {
        for (token, comes) in [(of_alice.as_str(), true), ("forged", false)] {
            let changes = [("id_token_hint", Some(token)), ("prompt", Some("select_account"))];
            if comes {
                assert_eq!(reached(&world, profile, &changes).await, Some(World::subscriber()));
            } else {
                let answer = world.browser().authorize(profile, &changes).await;
                assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
            }
        }
    }
}
