//! What breaks or hangs while a request is answered is told as clients expect every error of
//! Discovery (mobile-connect §1.5). The listener behind has the same fence for all services, but it
//! knows neither this body nor the `correlation_id`.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt;
use tokio::time::timeout;

use crate::refusal::Refusal;

/// An answer takes no longer: less than the listener allows a request, and more than what is asked
/// of others takes (the register of ported numbers has at most 3 s).
const LONGEST: Duration = Duration::from_secs(10);

/// What `answer` says, or [`Refusal::Unexpected`] when it panics or takes too long.
pub(crate) async fn guarded<T>(
    answer: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    match timeout(LONGEST, AssertUnwindSafe(answer).catch_unwind()).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_panic)) => {
            tracing::error!("a request to Discovery panicked; please report it");
            Err(Refusal::Unexpected)
        }
        Err(_elapsed) => {
            tracing::error!("a request to Discovery took too long and was given up");
            Err(Refusal::Unexpected)
        }
    }
}
