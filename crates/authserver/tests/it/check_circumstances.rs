//! The rows of mobile-connect §2.6 that no parameter alone brings about: a table of circumstances,
//! and a test for each of its rows. The columns are the two profiles.

use std::{sync::atomic::Ordering, time::Duration};

use fiador_authserver::Settings;
use fiador_domain::{
    assurance::SEAMLESS,
    client::{Client, GrantType},
    profile::Profile,
};
use fiador_ports::StartError;

use crate::{
    check_rows::Comes::{self, Back, On},
    world::{BLOCKED, KNOWN, NOT_ENROLLED, PORTED_IN, REDIRECT_URI, UNKNOWN, World},
};

const NOT_ALLOWED: Comes =
    Back("unauthorized_client", "The client is not allowed to make MC service requests");
const NO_CODES: Comes =
    Back("unauthorized_client", "The client is not authorized to request an authorization code");
const HINT_MISSING: Comes = Back(
    "invalid_request",
    "MANDATORY parameters login_hint_token (or) login_hint does not exist.",
);
const UNKNOWN_USER: Comes = Back("access_denied", "Unknown user");
const NOT_REGISTERED: Comes = Back("access_denied", "Mobile Connect User is not registered");
const BUSY: Comes = Back("access_denied", "The user is busy with another transaction");
const CONTEXT: Comes = Back("invalid_request", "Invalid context value");
const UNAVAILABLE: Comes = Back("temporarily_unavailable", "Internal Server Error");
const CONSENT: Comes = Back("consent_required", "The user must consent");
const LOGIN: Comes = Back("login_required", "The user must log in");

/// What is otherwise than usual.
struct Circumstance {
    /// The registration.
    client: Option<fn(&mut Client)>,
    /// The operator's settings.
    settings: Option<fn(&mut Settings)>,
    /// The world, before the request comes.
    world: Option<fn(&World)>,
    /// The number that the request names.
    number: Option<&'static str>,
    /// Other parameters.
    changes: &'static [(&'static str, Option<&'static str>)],
    /// The browser has logged in before.
    logged_in: bool,
}

const USUAL: Circumstance = Circumstance {
    client: None,
    settings: None,
    world: None,
    number: None,
    changes: &[],
    logged_in: false,
};

/// The client may know what state a subscriber is in (T-048).
const ENTITLED: Option<fn(&mut Client)> = Some(|client| client.reveal_subscriber_state = true);

/// A test for each row, by its name.
macro_rules! rows {
    ($($name:ident: $circumstance:expr => $mobile_connect:expr, $oidc:expr;)*) => { $(
        #[tokio::test]
        async fn $name() {
            comes_out(&$circumstance, Profile::MobileConnect, $mobile_connect).await;
            comes_out(&$circumstance, Profile::Oidc, $oidc).await;
        }
    )* };
}

#[rustfmt::skip] // a table is read by its columns
rows! {
    a_disabled_client: Circumstance { client: Some(|client| client.enabled = false), ..USUAL }
        => NOT_ALLOWED, NO_CODES;
    a_client_without_the_grant_of_codes: Circumstance { client: Some(|client| client.grant_types = [GrantType::ClientCredentials].into_iter().collect()), ..USUAL }
        => NOT_ALLOWED, NO_CODES;
    the_networks_word_where_an_authenticator_gives_it: Circumstance { settings: Some(|settings| settings.authenticators[0].mc_amr_values.push(SEAMLESS)), changes: &[("scope", Some("openid mc_vm_match")), ("version", Some("mc_v2.0"))], ..USUAL }
        => On, On;
    no_hint_where_nobody_may_be_asked: Circumstance { settings: Some(|settings| settings.rules.asks_for_number = false), ..USUAL }
        => HINT_MISSING, On;
    // hints: the same for everybody, but for clients that may know
    a_known_number: Circumstance { number: Some(KNOWN), ..USUAL }
        => On, On;
    an_unknown_number: Circumstance { number: Some(UNKNOWN), ..USUAL }
        => On, On;
    a_blocked_number: Circumstance { number: Some(BLOCKED), ..USUAL }
        => On, On;
    a_number_without_authenticator: Circumstance { number: Some(NOT_ENROLLED), ..USUAL }
        => On, On;
    a_number_of_another_operator: Circumstance { number: Some(PORTED_IN), ..USUAL }
        => On, On;
    a_known_number_for_who_may_know: Circumstance { client: ENTITLED, number: Some(KNOWN), ..USUAL }
        => On, On;
    an_unknown_number_for_who_may_know: Circumstance { client: ENTITLED, number: Some(UNKNOWN), ..USUAL }
        => UNKNOWN_USER, UNKNOWN_USER;
    a_blocked_number_for_who_may_know: Circumstance { client: ENTITLED, number: Some(BLOCKED), ..USUAL }
        => NOT_REGISTERED, NOT_REGISTERED;
    a_number_without_authenticator_for_who_may_know: Circumstance { client: ENTITLED, number: Some(NOT_ENROLLED), ..USUAL }
        => NOT_REGISTERED, NOT_REGISTERED;
    a_number_of_another_operator_for_who_may_know: Circumstance { client: ENTITLED, number: Some(PORTED_IN), ..USUAL }
        => UNKNOWN_USER, UNKNOWN_USER;
    // the phone
    a_busy_user: Circumstance { number: Some(KNOWN), world: Some(busy), ..USUAL }
        => On, On;
    a_busy_user_for_who_may_know: Circumstance { client: ENTITLED, number: Some(KNOWN), world: Some(busy), ..USUAL }
        => BUSY, BUSY;
    a_text_that_no_authenticator_can_show: Circumstance { number: Some(KNOWN), world: Some(too_long), ..USUAL }
        => CONTEXT, CONTEXT;
    an_authenticator_that_fails: Circumstance { number: Some(KNOWN), world: Some(fails), ..USUAL }
        => UNAVAILABLE, UNAVAILABLE;
    no_authenticator_at_the_moment: Circumstance { world: Some(|world| world.phone.unavailable.store(true, Ordering::SeqCst)), ..USUAL }
        => UNAVAILABLE, UNAVAILABLE;
    // nobody may be asked: only plain OpenID Connect keeps login sessions
    a_silent_request_without_a_session: Circumstance { changes: &[("prompt", Some("none"))], ..USUAL }
        => LOGIN, LOGIN;
    a_silent_request_without_consent: Circumstance { changes: &[("prompt", Some("none")), ("scope", Some("openid email"))], logged_in: true, ..USUAL }
        => LOGIN, CONSENT;
}

fn busy(world: &World) {
    let wait = StartError::BudgetExhausted(Duration::from_secs(9));
    *world.phone.refuses.lock().unwrap() = Some(wait);
}

fn too_long(world: &World) {
    *world.phone.refuses.lock().unwrap() = Some(StartError::TextTooLong);
}

fn fails(world: &World) {
    *world.phone.refuses.lock().unwrap() = Some(StartError::Unavailable);
}

async fn comes_out(circumstance: &Circumstance, profile: Profile, comes: Comes) {
    let world = World::with(
        |client| circumstance.client.into_iter().for_each(|change| change(client)),
        |settings| circumstance.settings.into_iter().for_each(|change| change(settings)),
    );
    circumstance.world.into_iter().for_each(|change| change(&world));
    let hint = circumstance.number.map(|number| format!("MSISDN:{number}"));
    let mut changes = circumstance.changes.to_vec();
    changes.extend(hint.as_deref().map(|hint| ("login_hint", Some(hint))));
    let mut browser =
        if circumstance.logged_in { world.logged_in("alice") } else { world.browser() };
    let answer = browser.authorize(profile, &changes).await;
    assert_eq!(answer.status, 302, "{profile:?}");
    match comes {
        Back(error, text) => {
            assert_eq!(answer.error_to(REDIRECT_URI), (error.to_owned(), text.to_owned()));
        }
        _ => assert!(answer.leads_to_a_page(), "{profile:?} {}", answer.location()),
    }
}
