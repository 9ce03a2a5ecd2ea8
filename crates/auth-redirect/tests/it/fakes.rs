//! Ports in memory, with the promises of the real ones.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    sync::Arc,
};

use async_trait::async_trait;
use fiador_domain::client::SigningAlgorithm;
use fiador_jose::{JwkSet, SigningKey};
use fiador_ports::{Fetch, FetchError, FetchRequest, FetchResponse, SignError, Signer};
use parking_lot::Mutex;

pub(crate) struct FakeSigner(pub(crate) SigningKey);

#[async_trait]
impl Signer for FakeSigner {
    async fn sign_as(
        &self,
        typ: &str,
        algorithm: SigningAlgorithm,
        payload: &[u8],
    ) -> Result<String, SignError> {
        assert_eq!(algorithm, SigningAlgorithm::Es256);
        Ok(self.0.sign_compact_bytes(Some(typ), payload).unwrap())
    }

    fn can_sign(&self, algorithm: SigningAlgorithm) -> bool {
        algorithm == SigningAlgorithm::Es256
    }

    fn verify_own(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    fn public_keys(&self) -> Arc<str> {
        let set = JwkSet { keys: vec![self.0.public_jwk().clone()] };
        serde_json::to_string(&set).unwrap().into()
    }
}

/// Answers by address, in order; the last one again and again. Remembers what was asked.
#[derive(Default)]
pub(crate) struct FakeFetch {
    answers: Mutex<HashMap<String, VecDeque<Result<FetchResponse, FetchError>>>>,
    pub(crate) asked: Mutex<Vec<(String, BTreeMap<String, String>)>>,
    /// The `authorization` headers that came along, in the same order.
    pub(crate) authorizations: Mutex<Vec<Option<String>>>,
}

impl FakeFetch {
    pub(crate) fn answer(&self, url: &str, status: u16, body: &serde_json::Value) {
        let answer = FetchResponse {
            status,
            content_type: Some("application/json".to_owned()),
            body: body.to_string().into_bytes(),
        };
        self.answers.lock().entry(url.to_owned()).or_default().push_back(Ok(answer));
    }

    /// Instead of what was answered before.
    pub(crate) fn answer_anew(&self, url: &str, status: u16, body: &serde_json::Value) {
        self.answers.lock().remove(url);
        self.answer(url, status, body);
    }

    /// The forms that were posted to an address.
    pub(crate) fn posts(&self, url: &str) -> Vec<BTreeMap<String, String>> {
        let asked = self.asked.lock();
        asked.iter().filter(|(at, _)| at == url).map(|(_, form)| form.clone()).collect()
    }
}

#[async_trait]
impl Fetch for FakeFetch {
    async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        let url = fiador_wire_oauth::parameters::Parameters::parse(&request.body).unwrap();
        let form = url.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.asked.lock().push((request.url.clone(), form));
        let header = request.headers.iter().find(|(name, _)| *name == "authorization");
        self.authorizations.lock().push(header.map(|(_, value)| value.clone()));
        let mut answers = self.answers.lock();
        let queue = answers.get_mut(&request.url).ok_or(FetchError::Unreachable)?;
        if queue.len() > 1 { queue.pop_front().unwrap() } else { queue[0].clone() }
    }
}
