//! A browser: keeps cookies, sends forms, follows nothing by itself.

use std::{collections::BTreeMap, net::Ipv4Addr};

use axum::{Router, body::Body, extract::Request, response::Response};
use fiador_domain::profile::Profile;
use fiador_http_kit::ClientAddress;
use http::{
    Method,
    header::{ACCEPT, CONTENT_TYPE, COOKIE},
};
use tower::ServiceExt;

use super::{Answer, changed};

/// A browser with its cookies.
#[derive(Clone)]
pub(crate) struct Browser {
    routes: Router,
    pub(crate) cookies: BTreeMap<String, String>,
    pub(crate) accept: &'static str,
    pub(crate) address: Ipv4Addr,
}

impl Browser {
    pub(crate) fn new(routes: Router) -> Self {
        let accept = "text/html,*/*;q=0.8";
        Self { routes, cookies: BTreeMap::new(), accept, address: Ipv4Addr::new(192, 0, 2, 7) }
    }

    /// `GET /authorize` with a good request that was changed.
    pub(crate) async fn authorize(
        &mut self,
        profile: Profile,
        changes: &[(&'static str, Option<&str>)],
    ) -> Answer {
        let query = encode(&changed(profile, changes));
        self.get(&format!("/authorize?{query}")).await
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, Some(encode(fields).into_bytes())).await
    }

    pub(crate) async fn post_raw(&mut self, path: &str, body: &[u8]) -> Answer {
        self.send(Method::POST, path, Some(body.to_vec())).await
    }

    pub(crate) async fn send(
        &mut self,
        method: Method,
        path: &str,
        form: Option<Vec<u8>>,
    ) -> Answer {
        let answer = Answer::read(self.response(method, path, form).await).await;
        self.keep(&answer);
        answer
    }

    /// What comes back, its body unread.
    pub(crate) async fn response(
        &self,
        method: Method,
        path: &str,
        form: Option<Vec<u8>>,
    ) -> Response {
        let mut request = Request::builder().method(method).uri(path).header(ACCEPT, self.accept);
        if !self.cookies.is_empty() {
            let line: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, line.join("; "));
        }
        if form.is_some() {
            request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let body = form.map_or_else(Body::empty, Body::from);
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ClientAddress::new(self.address.into()));
        self.routes.clone().oneshot(request).await.unwrap()
    }

    fn keep(&mut self, answer: &Answer) {
        for cookie in answer.cookies() {
            let (pair, attributes) = cookie.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-") && attributes.contains("Secure"), "{cookie}");
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn encode(parameters: &[(impl AsRef<str>, impl AsRef<str>)]) -> String {
    let uri = fiador_wire_oauth::redirect_uri::append(
        "x:",
        parameters.iter().map(|(name, value)| (name, value)),
    );
    uri.strip_prefix("x:?").unwrap_or_default().to_owned()
}
