//! Every artefact in every hand at every door, in every state (T-033, T-064, T-066, T-068): a
//! generated matrix. [`is_right`] names the few cells that are good; all others are refused.

use std::time::Duration;

use fiador_kernel::Clock;
use fiador_testkit::share;
use fiador_wire_oauth::client_assertion::JWT_BEARER;

use crate::world::{
    API, APP, BANK, GONE, Holder, ROBOT, SHOP, TWIN, World, assertion_claims, exchange_form, sign,
};

/// What can be held. Each is made for [`ROBOT`], which may have every kind.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Artefact {
    Code,
    AccessToken,
    ClientToken,
    RefreshToken,
    /// Of a public client, after its successor was given.
    ReplacedRefreshToken,
    ClientAssertion,
    IdToken,
    IntrospectionAnswer,
    Nonsense,
}

const ARTEFACTS: [Artefact; 9] = [
    Artefact::Code,
    Artefact::AccessToken,
    Artefact::ClientToken,
    Artefact::RefreshToken,
    Artefact::ReplacedRefreshToken,
    Artefact::ClientAssertion,
    Artefact::IdToken,
    Artefact::IntrospectionAnswer,
    Artefact::Nonsense,
];

/// Who presents it; the last is nobody.
const HOLDERS: [Option<Holder>; 8] =
    [Some(ROBOT), Some(TWIN), Some(BANK), Some(SHOP), Some(APP), Some(API), Some(GONE), None];

/// Where and as what.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Door {
    Code,
    RefreshToken,
    ClientAssertion,
    Introspection,
    /// What the Access Gateway asks for resources about a subscriber.
    Resource,
    /// What it asks for resources of clients.
    ClientResource,
}

const DOORS: [Door; 6] = [
    Door::Code,
    Door::RefreshToken,
    Door::ClientAssertion,
    Door::Introspection,
    Door::Resource,
    Door::ClientResource,
];

/// What has happened to it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Fresh,
    /// The life of the kind is over.
    Expired,
    /// Its login or its client's token was ended; an assertion, a code: used.
    Ended,
}

const STATES: [State; 3] = [State::Fresh, State::Expired, State::Ended];

#[derive(Clone, Copy, Debug)]
struct Cell {
    artefact: Artefact,
    door: Door,
    holder: Option<Holder>,
    state: State,
}

fn cells() -> Vec<Cell> {
    let mut cells = Vec::new();
    for artefact in ARTEFACTS {
        for door in DOORS {
            for holder in HOLDERS {
                for state in STATES {
                    cells.push(Cell { artefact, door, holder, state });
                }
            }
        }
    }
    cells
}

/// The whole policy. A resource does not ask who presents a bearer token (RFC 6750).
fn is_right(cell: Cell) -> bool {
    let Cell { artefact, door, holder, state } = cell;
    let by = |holders: &[Holder]| holder.is_some_and(|holder| holders.contains(&holder));
    state == State::Fresh
        && match (artefact, door) {
            (Artefact::Code, Door::Code) | (Artefact::RefreshToken, Door::RefreshToken) => {
                by(&[ROBOT])
            }
            (Artefact::AccessToken | Artefact::ClientToken, Door::Introspection) => {
                by(&[ROBOT, API])
            }
            (Artefact::ClientAssertion, Door::ClientAssertion) => holder.is_none() || by(&[ROBOT]),
            (Artefact::AccessToken, Door::Resource)
            | (Artefact::ClientToken, Door::ClientResource) => true,
            _ => false,
        }
}

/// The artefact, in its state.
async fn make(world: &World, artefact: Artefact, state: State) -> String {
    let text = match artefact {
        Artefact::Code => world.issue(&world.offline_login(ROBOT)),
        Artefact::AccessToken => world.tokens(ROBOT).await.0,
        Artefact::ClientToken => world.client_token(ROBOT).await,
        Artefact::RefreshToken => world.offline_tokens(ROBOT).await.1,
        Artefact::ReplacedRefreshToken => replaced(world).await,
        Artefact::ClientAssertion => sign(&assertion_claims(ROBOT, world.clock.now())),
        Artefact::IdToken => world.tokens(ROBOT).await.1,
        Artefact::IntrospectionAnswer => {
            let (token, _) = world.tokens(ROBOT).await;
            world.introspect_as_jwt(API, &token).await.body
        }
        Artefact::Nonsense => "bm9uc2Vuc2U".repeat(6)[..64].to_owned(),
    };
    match (state, artefact) {
        (State::Fresh, _) => {}
        (State::Expired, Artefact::RefreshToken | Artefact::ReplacedRefreshToken) => {
            world.clock.advance(fiador_domain::refresh::IDLE);
        }
        (State::Expired, _) => world.clock.advance(Duration::from_mins(10)),
        (State::Ended, Artefact::Code) => {
            assert_eq!(world.exchange(ROBOT, &text).await.status, 200);
        }
        (State::Ended, Artefact::ClientAssertion) => {
            assert!(at_door(world, Door::ClientAssertion, None, &text).await);
        }
        (State::Ended, _) => {
            world.revoke(ROBOT, &text).await;
        }
    }
    text
}

async fn replaced(world: &World) -> String {
    let (_, token) = world.offline_tokens(APP).await;
    assert_eq!(world.refresh(APP, &token).await.status, 200);
    world.clock.advance(Duration::from_secs(30));
    token
}

/// Whether the door opens.
async fn at_door(world: &World, door: Door, holder: Option<Holder>, text: &str) -> bool {
    match door {
        Door::Code => {
            let form = exchange_form(holder.unwrap_or(ROBOT), text);
            world.post("/token", holder, &form).await.status == 200
        }
        Door::RefreshToken => {
            let form = [("grant_type", "refresh_token"), ("refresh_token", text)];
            world.post("/token", holder, &form).await.status == 200
        }
        Door::ClientAssertion => {
            // Whoever presents an assertion names themselves with it; the true owner is in it.
            let form = [
                ("client_assertion_type", JWT_BEARER),
                ("client_assertion", text),
                ("client_id", holder.map_or("", |holder| holder.id)),
                ("grant_type", "client_credentials"),
            ];
            world.post("/token", None, &form).await.status == 200
        }
        Door::Introspection => {
            let reply = world.post("/introspect", holder, &[("token", text)]).await;
            reply.status == 200 && reply.json()["active"] == true
        }
        Door::Resource => world.access_tokens.introspect(text).await.unwrap().is_some(),
        Door::ClientResource => {
            world.client_tokens.introspect_client(text).await.unwrap().is_some()
        }
    }
}

#[tokio::test]
async fn of_a_large_set_of_hands_and_doors_only_the_right_ones_open() {
    let all = cells();
    assert!(all.len() >= 1_200, "{} cells", all.len());
    let wrong = all.iter().filter(|cell| !is_right(**cell)).count();
    assert!(wrong >= 300, "{wrong} wrong cells");
    for cell in share::of(all, 7) {
        let world = World::new();
        let text = make(&world, cell.artefact, cell.state).await;
        let opened = at_door(&world, cell.door, cell.holder, &text).await;
        assert_eq!(opened, is_right(cell), "{cell:?}");
    }
}

/// The cells that are good are few, and each is tried at every run.
#[tokio::test]
async fn every_right_hand_opens_its_door() {
    for cell in cells().into_iter().filter(|cell| is_right(*cell)) {
        let world = World::new();
        let text = make(&world, cell.artefact, cell.state).await;
        assert!(at_door(&world, cell.door, cell.holder, &text).await, "{cell:?}");
    }
}

/// RFC 7009 §2.2: nobody ends what is not theirs.
#[tokio::test]
async fn only_the_owner_ends_a_token() {
    for artefact in [Artefact::AccessToken, Artefact::ClientToken] {
        for holder in HOLDERS {
            let world = World::new();
            let text = make(&world, artefact, State::Fresh).await;
            let reply = world.post("/revoke", holder, &[("token", &text)]).await;
            let label = format!("{artefact:?} {holder:?}");
            if holder.is_none() || holder == Some(GONE) {
                assert_eq!(reply.error(), (401, "invalid_client".to_owned()), "{label}");
            } else {
                assert_eq!((reply.status, &*reply.body), (200, "{}"), "{label}");
            }
            assert_eq!(world.is_active(&text).await, holder != Some(ROBOT), "{label}");
        }
    }
}

/// RFC 7009 §2.2.1: whoever wants to revoke an ID Token is told that it cannot be done.
#[tokio::test]
async fn an_id_token_cannot_be_revoked() {
    let world = World::new();
    let (access_token, id_token) = world.tokens(BANK).await;
    for holder in [BANK, SHOP] {
        let reply = world.revoke(holder, &id_token).await;
        reply.expect_error(400, "unsupported_token_type", "Tokens of this type cannot be revoked");
    }
    assert!(world.is_active(&access_token).await);
}
