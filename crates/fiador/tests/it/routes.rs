//! Every route of the public listener, found where routes are declared, so that a new one cannot be
//! forgotten (T-001).

use std::{collections::BTreeSet, fs, path::Path};

use crate::world::Sandbox;

/// The crates whose routes the public listener has.
const STREETS: [&str; 5] =
    ["authserver", "token-manager", "access-gateway", "discovery", "http-kit"];
const LIMIT: usize = 64 * 1024;

#[tokio::test]
async fn every_route_that_takes_a_body_refuses_one_above_64_kib() {
    let sandbox = Sandbox::start(&[]);
    let mut bounded = BTreeSet::new();
    for path in declared_routes() {
        let url = format!("{}{}", sandbox.issuer(), filled_in(&path));
        let form = "application/x-www-form-urlencoded";
        let request = sandbox.http.post(url).header("content-type", form);
        let answer = request.body(format!("a={}", "x".repeat(LIMIT))).send().await.unwrap();
        match answer.status().as_u16() {
            413 => _ = bounded.insert(path),
            // It takes no POST.
            405 => {}
            other => panic!("T-001: POST {path} with {LIMIT} octets and more gives {other}"),
        }
    }
    for known in ["/authorize", "/token", "/userinfo", "/logout/confirm", "/v2/discovery"] {
        assert!(bounded.contains(known), "{known} is not among {bounded:?}");
    }
    assert!(bounded.contains("/journey/{handle}/{step}"), "{bounded:?}");
    assert!(bounded.contains("/v2/discovery/users/operator-selection"), "{bounded:?}");
}

/// The paths in `.route("…"` and in constants named `…PATH`.
fn declared_routes() -> BTreeSet<String> {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut routes = BTreeSet::new();
    for street in STREETS {
        collect(&crates.join(street).join("src"), &mut routes);
    }
    routes
}

fn collect(folder: &Path, routes: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, routes);
            continue;
        }
        let source = fs::read_to_string(&path).unwrap();
        let production = source.split("#[cfg(test)]").next().unwrap();
        for marker in [".route(", "PATH: &str ="] {
            for rest in production.split(marker).skip(1) {
                let Some(text) = rest.trim_start().strip_prefix('"') else { continue };
                let text = text.split('"').next().unwrap();
                if text.starts_with('/') {
                    routes.insert(text.to_owned());
                }
            }
        }
    }
}

/// The path with something in every place of a parameter.
fn filled_in(path: &str) -> String {
    let fill = |part: &'_ str| if part.starts_with('{') { "x".to_owned() } else { part.to_owned() };
    path.split('/').map(fill).collect::<Vec<_>>().join("/")
}
