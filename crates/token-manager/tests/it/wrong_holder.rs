//! Every artefact in every wrong hand (T-064, T-066): a generated matrix.

use crate::world::{API, APP, BANK, GONE, Holder, Reply, SHOP, World, exchange_form};

const HOLDERS: [Option<Holder>; 6] =
    [Some(BANK), Some(SHOP), Some(APP), Some(API), Some(GONE), None];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Artefact {
    Code,
    AccessToken,
    IdToken,
    Nonsense,
}

const ARTEFACTS: [Artefact; 4] =
    [Artefact::Code, Artefact::AccessToken, Artefact::IdToken, Artefact::Nonsense];

/// An artefact made for [`BANK`], and a living access token of the same login if there is one.
async fn make(world: &World, artefact: Artefact) -> (String, Option<String>) {
    match artefact {
        Artefact::Code => (world.code(BANK), None),
        Artefact::AccessToken => {
            let (token, _) = world.tokens(BANK).await;
            (token.clone(), Some(token))
        }
        Artefact::IdToken => {
            let (token, id_token) = world.tokens(BANK).await;
            (id_token, Some(token))
        }
        Artefact::Nonsense => ("bm9uc2Vuc2U".to_owned(), None),
    }
}

/// Neither known at all, nor proven.
fn is_nobody(holder: Option<Holder>) -> bool {
    holder.is_none() || holder == Some(GONE)
}

#[tokio::test]
async fn only_a_code_in_the_right_hand_becomes_tokens() {
    for artefact in ARTEFACTS {
        for holder in HOLDERS {
            let world = World::new();
            let (text, _) = make(&world, artefact).await;
            let form = exchange_form(holder.unwrap_or(BANK), &text);
            let reply = world.post("/token", holder, &form).await;
            let expected = match (artefact, holder) {
                (_, holder) if is_nobody(holder) => (401, "invalid_client"),
                (Artefact::Code, Some(BANK)) => (200, ""),
                _ => (400, "invalid_grant"),
            };
            assert_eq!(
                reply.error(),
                (expected.0, expected.1.to_owned()),
                "{artefact:?} {holder:?}"
            );
        }
    }
}

#[tokio::test]
async fn only_an_access_token_is_active_and_only_to_its_owner_and_the_resource_server() {
    for artefact in ARTEFACTS {
        for holder in HOLDERS {
            let world = World::new();
            let (text, _) = make(&world, artefact).await;
            let reply = world.post("/introspect", holder, &[("token", &text)]).await;
            let label = format!("{artefact:?} {holder:?}");
            match (artefact, holder) {
                (_, holder) if is_nobody(holder) || holder == Some(APP) => unproven(&reply, &label),
                (Artefact::AccessToken, Some(BANK | API)) => {
                    assert_eq!(reply.json()["active"], true, "{label}");
                }
                _ => assert_eq!(reply.body, r#"{"active":false}"#, "{label}"),
            }
        }
    }
}

#[tokio::test]
async fn only_an_access_token_is_revoked_and_only_by_its_owner() {
    for artefact in ARTEFACTS {
        for holder in HOLDERS {
            let world = World::new();
            let (text, living) = make(&world, artefact).await;
            let reply = world.post("/revoke", holder, &[("token", &text)]).await;
            let label = format!("{artefact:?} {holder:?}");
            if is_nobody(holder) {
                unproven(&reply, &label);
            } else if artefact == Artefact::IdToken {
                assert_eq!(reply.error(), (400, "unsupported_token_type".to_owned()), "{label}");
            } else {
                assert_eq!((reply.status, &*reply.body), (200, "{}"), "{label}");
            }
            let ends = artefact == Artefact::AccessToken && holder == Some(BANK);
            if let Some(token) = living {
                assert_eq!(world.is_active(&token).await, !ends, "{label}");
            }
        }
    }
}

/// T-064: what the Access Gateway asks.
#[tokio::test]
async fn only_an_access_token_opens_resources() {
    for artefact in ARTEFACTS {
        let world = World::new();
        let (text, _) = make(&world, artefact).await;
        let opened = world.access_tokens.introspect(&text).await.unwrap().is_some();
        assert_eq!(opened, artefact == Artefact::AccessToken, "{artefact:?}");
    }
}

fn unproven(reply: &Reply, label: &str) {
    assert_eq!(reply.error(), (401, "invalid_client".to_owned()), "{label}");
}
