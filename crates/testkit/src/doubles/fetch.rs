//! A server that says what it is told to.

use async_trait::async_trait;
use fiador_ports::{Fetch, FetchError, FetchRequest, FetchResponse};
use parking_lot::{Mutex, MutexGuard};

/// Gives one answer to every request, whatever its address, and remembers what it was asked.
#[derive(Debug)]
pub struct ScriptedFetch {
    says: Mutex<Result<(u16, &'static str), FetchError>>,
    asked: Mutex<Vec<FetchRequest>>,
}

impl ScriptedFetch {
    /// One that answers with this status and body (of no media type), or fails so.
    pub fn saying(says: Result<(u16, &'static str), FetchError>) -> Self {
        Self { says: Mutex::new(says), asked: Mutex::default() }
    }

    /// From now on this instead.
    pub fn say(&self, says: Result<(u16, &'static str), FetchError>) {
        *self.says.lock() = says;
    }

    /// Every request so far, the oldest first. Do not hold it over a fetch.
    pub fn asked(&self) -> MutexGuard<'_, Vec<FetchRequest>> {
        self.asked.lock()
    }
}

#[async_trait]
impl Fetch for ScriptedFetch {
    async fn fetch(&self, request: FetchRequest) -> Result<FetchResponse, FetchError> {
        self.asked.lock().push(request);
        let (status, body) = (*self.says.lock())?;
        Ok(FetchResponse { status, content_type: None, body: body.as_bytes().to_vec() })
    }
}
