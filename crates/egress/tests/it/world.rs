//! Clients, names and fetches for the tests.

use std::{
    collections::VecDeque,
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use async_trait::async_trait;
use fiador_egress::{AllowList, Authorities, GuardedClient, Resolve, Settings};
use fiador_ports::{Fetch as _, FetchError, FetchRequest, FetchResponse};
use parking_lot::Mutex;

use crate::tls::authority_pem;

/// Settings that name `allowed` places and trust the tests' own authority.
pub(crate) fn settings(allowed: &[&str]) -> Settings {
    let places = allowed.iter().map(|place| place.parse().unwrap()).collect();
    Settings::new(AllowList::new(places), Authorities::none().with_pem(authority_pem()).unwrap())
}

/// A client that may ask `allowed` places.
pub(crate) fn client(allowed: &[&str]) -> GuardedClient {
    GuardedClient::new(settings(allowed))
}

/// A client that may ask servers of these tests.
pub(crate) fn loopback_client() -> GuardedClient {
    client(&["127.0.0.0/8"])
}

/// A client for which every name is at `answers`, one after the other; the last one stays.
pub(crate) fn client_with_names(allowed: &[&str], names: &Names) -> GuardedClient {
    GuardedClient::with_resolver(settings(allowed), Arc::new(names.clone()))
}

/// One GET.
pub(crate) async fn get(client: &GuardedClient, url: &str) -> Result<FetchResponse, FetchError> {
    client.fetch(FetchRequest::get(url)).await
}

/// A resolver that gives its answers in turn.
#[derive(Clone)]
pub(crate) struct Names {
    answers: Arc<Mutex<VecDeque<Vec<IpAddr>>>>,
    asked: Arc<AtomicUsize>,
}

impl Names {
    pub(crate) fn new(answers: &[&[&str]]) -> Self {
        let parsed =
            |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        Self {
            answers: Arc::new(Mutex::new(answers.iter().map(parsed).collect())),
            asked: Arc::default(),
        }
    }

    pub(crate) fn asked(&self) -> usize {
        self.asked.load(SeqCst)
    }
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, _host: &str) -> io::Result<Vec<IpAddr>> {
        self.asked.fetch_add(1, SeqCst);
        let mut answers = self.answers.lock();
        let next = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        next.ok_or_else(|| io::Error::other("no such name"))
    }
}
