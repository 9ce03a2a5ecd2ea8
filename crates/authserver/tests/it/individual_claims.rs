//! Claims asked for one by one: `sub` and levels are demands, the rest goes to where resources find
//! it (OpenID Connect Core §5.5, mobile-connect §2.9).

use fiador_domain::{
    consent::{Consent, TEXT_VERSION},
    individual_claims::IndividualClaims,
    profile::Profile,
    token::CodeContent,
};
use fiador_kernel::{ClientId, Clock, OsEntropy, Pcr, ScopeSet, SectorId, SubscriberId};
use fiador_ports::Vault;

use crate::world::{Browser, KNOWN, REDIRECT_URI, TestVault, World};

const EMAIL: &str = r#"{"userinfo":{"email":{"essential":true},"shoe_size":null}}"#;
const MATCH: &str =
    r#"{"premiuminfo":{"name":{"value":"Ann Lee"},"address":{"value":"1 EC4N8AF"}}}"#;

fn pcr(world: &World, who: &str) -> Pcr {
    let pcr = Pcr::random(&OsEntropy);
    let key = (SectorId::new("shop.example").unwrap(), pcr.clone());
    world.pcrs.rows.lock().unwrap().insert(key, SubscriberId::new(who).unwrap());
    pcr
}

/// Logs in by number; the page after the code asks for consent if `consents`.
async fn log_in(
    world: &World,
    browser: &mut Browser,
    profile: Profile,
    changes: &[(&'static str, Option<&str>)],
    consents: bool,
) -> CodeContent {
    let hint = format!("MSISDN:{KNOWN}");
    let changes = [changes, &[("login_hint", Some(hint.as_str()))]].concat();
    let page = browser.authorize(profile, &changes).await.page();
    let code = world.phone.code();
    let mut answer = browser.post(&format!("{page}/answer"), &[("code", &code)]).await;
    assert_eq!(answer.leads_to_a_page(), consents);
    if consents {
        assert!(browser.get(&page).await.body.contains("id=\"shared\""));
        answer = browser.post(&format!("{page}/consent"), &[("decision", "agree")]).await;
    }
    world.codes.content(&answer.response_to(REDIRECT_URI)["code"])
}

fn kept(world: &World, code: &CodeContent) -> Option<IndividualClaims> {
    let rows = world.requested_claims.0.lock().unwrap();
    let (sealed, expires_at) = rows.get(&code.grant)?;
    assert!(*expires_at > code.expires_at);
    IndividualClaims::from_attributes(TestVault.open_attributes(sealed).unwrap())
}

#[tokio::test]
async fn a_claim_without_its_scope_needs_consent_and_is_kept_under_the_grant() {
    let world = World::new();
    let mut browser = world.browser();
    let changes = [("claims", Some(EMAIL))];
    let code = log_in(&world, &mut browser, Profile::Oidc, &changes, true).await;
    assert!(code.requested_claims);
    assert_eq!(code.scopes.to_string(), "openid", "the scope itself was not asked for");
    assert_eq!(code.consented, Some(ScopeSet::parse("email").unwrap()));
    let kept = kept(&world, &code).unwrap();
    assert_eq!(kept.opened_by(&ScopeSet::parse("email profile").unwrap()), ["email"]);
    let silent = [("claims", Some(EMAIL)), ("prompt", Some("none"))];
    let answer = world.logged_in("alice").authorize(Profile::Oidc, &silent).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "consent_required");
}

/// Design §4: nothing is written for requests that have no such claims.
#[tokio::test]
async fn what_the_scopes_open_anyhow_is_not_kept() {
    let world = World::new();
    for changes in [
        &[("claims", Some(EMAIL)), ("scope", Some("openid email"))][..],
        &[("claims", Some(r#"{"userinfo":{"address":null}}"#))],
        &[("claims", Some(r#"{"userinfo":{"shoe_size":null}}"#))],
        &[],
    ] {
        let consents = changes.len() == 2;
        let code = log_in(&world, &mut world.browser(), Profile::Oidc, changes, consents).await;
        assert!(!code.requested_claims, "{changes:?}");
    }
    assert!(world.requested_claims.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn values_to_compare_are_kept_under_the_grant() {
    let world = World::new();
    let changes =
        [("scope", Some("openid mc_kyc_plain")), ("claims", Some(MATCH)), ("acr_values", None)];
    let mut browser = world.browser();
    let code = log_in(&world, &mut browser, Profile::MobileConnect, &changes, true).await;
    assert_eq!(kept(&world, &code).unwrap().to_compare()["name"], "Ann Lee");
    // Journeys may be in a database meanwhile (T-247).
    let journey = world.journeys.only();
    assert!(!format!("{:?}", journey.door.content).contains("Ann Lee"));
}

/// T-200: silent logins with ever new values would tell a service provider what the operator knows.
#[tokio::test]
async fn a_session_does_not_answer_for_values_to_compare() {
    let world = World::new();
    world.consents.rows.lock().unwrap().push(Consent {
        subscriber: World::subscriber(),
        client: ClientId::new("oidc").unwrap(),
        scopes: ScopeSet::parse("mc_kyc_plain email").unwrap(),
        text_version: TEXT_VERSION,
        given_at: world.clock.now(),
    });
    let mut browser = world.logged_in("alice");
    let hint = format!("MSISDN:{KNOWN}");
    let mut changes = vec![
        ("scope", Some("openid mc_kyc_plain")),
        ("claims", Some(MATCH)),
        ("login_hint", Some(hint.as_str())),
        ("prompt", Some("none")),
    ];
    let answer = browser.authorize(Profile::Oidc, &changes).await;
    assert_eq!(answer.error_to(REDIRECT_URI).0, "login_required");
    changes.pop();
    assert!(browser.authorize(Profile::Oidc, &changes).await.leads_to_a_page());
    assert_eq!(world.phone.asked.lock().unwrap()[..], [Some(World::subscriber())]);
    // Claims without values are as good as their scopes: they tell nothing that was not agreed to.
    let silent = [("claims", Some(EMAIL)), ("prompt", Some("none"))];
    let answer = browser.authorize(Profile::Oidc, &silent).await;
    assert!(answer.response_to(REDIRECT_URI).contains_key("code"));
}

/// OpenID Connect Core §5.5.1: no answer about anybody else.
#[tokio::test]
async fn a_sub_with_a_value_is_a_demand() {
    let world = World::new();
    let claims = |sub: &str| format!(r#"{{"id_token":{{"sub":{{"value":"{sub}"}}}}}}"#);
    let of_alice = claims(pcr(&world, "alice").as_str());
    let of_carol = claims(pcr(&world, "carol").as_str());
    let silent = ("prompt", Some("none"));
    for (claims, good) in [(&of_alice, true), (&of_carol, false), (&claims("nobody"), false)] {
        let changes = [("claims", Some(claims.as_str())), silent];
        let answer = world.logged_in("alice").authorize(Profile::Oidc, &changes).await;
        let response = answer.response_to(REDIRECT_URI);
        assert_eq!(response.contains_key("code"), good, "{claims}");
        assert!(good || response["error"] == "login_required");
    }
    // Whatever the hint and the user would choose, the phone of that user is asked.
    let hint = format!("MSISDN:{KNOWN}");
    for (claims, asked) in [(&of_alice, Some(World::subscriber())), (&claims("nobody"), None)] {
        let changes = [
            ("claims", Some(claims.as_str())),
            ("login_hint", Some(hint.as_str())),
            ("prompt", Some("select_account")),
        ];
        assert!(world.browser().authorize(Profile::Oidc, &changes).await.leads_to_a_page());
        assert_eq!(world.phone.asked.lock().unwrap().last().unwrap(), &asked);
    }
}
