//! Where a token may be (RFC 6750 §2).

use http::Method;

use crate::world::{Reply, World};

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
const SEVERAL: &str = "The request must carry exactly one access token";

async fn post(world: &World, headers: &[(&str, &str)], body: &str) -> Reply {
    world.request(Method::POST, "/userinfo", headers, body).await
}

#[tokio::test]
async fn a_token_may_be_in_the_header_or_in_a_posted_form() {
    let world = World::new();
    let token = world.token("bank", "openid");
    let header = format!("bearer {token}");
    post(&world, &[("authorization", &header)], "").await.claims();
    post(&world, &[FORM], &format!("access_token={token}&x=1")).await.claims();
    post(&world, &[FORM, ("authorization", &header)], "x=1").await.claims();
    let json = [("content-type", "application/json"), ("authorization", &*header)];
    post(&world, &json, r#"{"access_token":"ignored"}"#).await.claims();
}

#[tokio::test]
async fn a_token_in_two_places_is_refused() {
    let world = World::new();
    let token = world.token("bank", "openid");
    let header = format!("Bearer {token}");
    let (authorization, form) = (("authorization", &*header), format!("access_token={token}"));
    for reply in [
        post(&world, &[FORM, authorization], &form).await,
        post(&world, &[authorization, authorization], "").await,
        post(&world, &[FORM], &format!("{form}&{form}")).await,
    ] {
        reply.expect_error(400, "invalid_request", SEVERAL);
    }
}

/// The query ends in logs.
#[tokio::test]
async fn a_token_in_the_query_is_refused_even_beside_a_good_one() {
    let world = World::new();
    let token = world.token("bank", "openid");
    let header = [("authorization", &*format!("Bearer {token}"))];
    let uri = format!("/userinfo?x=1&access_token={token}");
    let text = "The access token must not be in the query";
    for method in [Method::GET, Method::POST] {
        for headers in [&[][..], &header[..]] {
            let reply = world.request(method.clone(), &uri, headers, "").await;
            reply.expect_error(400, "invalid_request", text);
        }
    }
    world.request(Method::GET, "/userinfo?schema=openid", &header, "").await.claims();
}

#[tokio::test]
async fn no_token_at_all_is_told_in_the_words_of_the_profile() {
    let world = World::new();
    let token = world.token("bank", "openid");
    let form = format!("access_token={token}");
    let text = "access_token does not exist";
    for reply in [
        world.request(Method::GET, "/userinfo", &[], "").await,
        world.request(Method::GET, "/premiuminfo", &[], "").await,
        world.request(Method::GET, "/userinfo", &[FORM], &form).await,
        post(&world, &[FORM], "access_token=").await,
        post(&world, &[("content-type", "text/plain")], &form).await,
        post(&world, &[("authorization", "Basic YTpi")], "").await,
        post(&world, &[("authorization", "Digest a=b")], "").await,
    ] {
        reply.expect_error(401, "invalid_request", text);
    }
}

#[tokio::test]
async fn what_is_no_token_is_an_invalid_one() {
    let world = World::new();
    let long = format!("Bearer {}", "x".repeat(5000));
    for header in ["Bearer", "Bearer a b", "Bearer \"", "Bearer unknown", &long] {
        let reply = post(&world, &[("authorization", header)], "").await;
        reply.expect_error(401, "invalid_token", "access_token is invalid or expired");
    }
    let reply = post(&world, &[FORM], "access_token=a%20b").await;
    reply.expect_error(401, "invalid_token", "access_token is invalid or expired");
}

#[tokio::test]
async fn what_cannot_be_decoded_is_malformed() {
    let world = World::new();
    let token = world.token("bank", "openid");
    let text = "Malformed request, invalid url encoding";
    post(&world, &[FORM], "access_token=%").await.expect_error(400, "invalid_request", text);
    post(&world, &[FORM], "access_token=%ff").await.expect_error(400, "invalid_request", text);
    let reply = world.get("/userinfo?x=%zz", &token).await;
    reply.expect_error(400, "invalid_request", text);
    let large = post(&world, &[FORM], &"a=1&".repeat(17_000)).await;
    large.expect_error(413, "invalid_request", "The body of the request is too large");
}
