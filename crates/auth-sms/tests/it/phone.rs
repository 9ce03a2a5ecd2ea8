//! The browser of a phone, and everything around a link.

use std::sync::Arc;

use axum::{Router, body::Body};
use fiador_auth_sms::{Kind, LinkPages, Settings};
use fiador_http_kit::CookiePolicy;
use fiador_ports::Authenticator;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::{
    routing::FakeRouting,
    world::{World, settle},
};

/// A gateway with routing and the pages of links.
pub(crate) struct Gateway {
    pub(crate) world: World,
    pub(crate) routing: Arc<FakeRouting>,
    pub(crate) pages: Router,
}

/// What a browser got.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Gateway {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let world = World::with(change);
        let all = Kind::ALL.map(|kind| {
            Arc::new(world.family.authenticator(kind).unwrap()) as Arc<dyn Authenticator>
        });
        let routing = Arc::new(FakeRouting::new(world.clock.clone(), all.into()));
        let cookies = CookiePolicy { secure: true };
        let pages = LinkPages::new(routing.clone(), world.family.clone(), cookies).routes();
        Self { world, routing, pages }
    }

    /// The path of the link in the last message.
    pub(crate) async fn link(&self) -> String {
        settle().await;
        let outbox = self.world.centre.outbox.lock();
        let text = &outbox.last().unwrap().text;
        let link = text.lines().find(|line| line.contains("/l/")).unwrap();
        link.strip_prefix("https://id.mno.example").unwrap().to_owned()
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.ask(Method::GET, path, &[], None).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Reply {
        self.ask(Method::POST, path, &[], Some(encode(form))).await
    }

    /// Loads the page and sends its form with these fields.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let page = self.get(path).await;
        let token = form_token(&page.body);
        let fields: Vec<_> =
            [("form", &*token)].into_iter().chain(fields.iter().copied()).collect();
        self.post(path, &fields).await
    }

    pub(crate) async fn ask(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: Option<String>,
    ) -> Reply {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if form.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request.body(Body::from(form.unwrap_or_default())).unwrap();
        let response = self.pages.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8(body.to_vec()).unwrap();
        Reply { status: parts.status, headers: parts.headers, body }
    }
}

impl Reply {
    /// The numbers that the page offers, in its order.
    pub(crate) fn numbers(&self) -> Vec<u8> {
        let parts = self.body.split(r#"name="number" value=""#).skip(1);
        parts.map(|part| part.split_once('"').unwrap().0.parse().unwrap()).collect()
    }
}

/// The hidden field of the page's form.
pub(crate) fn form_token(html: &str) -> String {
    let after = html.split_once(r#"name="form" value=""#).expect("a page with a form").1;
    after.split_once('"').unwrap().0.to_owned()
}

pub(crate) fn encode(form: &[(&str, &str)]) -> String {
    form.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}
