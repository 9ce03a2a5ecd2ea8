//! A start is not a request: it may wait for a database that is slow for a moment.

use std::{future::Future, time::Duration};

use fiador_ports::StoreError;

/// A database that is away for longer ends the start.
const TRIES: u32 = 40;
const PAUSE: Duration = Duration::from_millis(250);

/// Tries until the database answers, for about ten seconds. Only for what may be done twice.
pub(crate) async fn patiently<T, F>(mut operation: impl FnMut() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut tries = 1;
    loop {
        match operation().await {
            Err(StoreError::Unavailable) if tries < TRIES => {
                tries += 1;
                tokio::time::sleep(PAUSE).await;
            }
            outcome => return outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_moment_of_silence_is_waited_out_and_a_long_one_is_not() {
        let asked = Cell::new(0);
        let answer = patiently(async || {
            asked.set(asked.get() + 1);
            if asked.get() < 5 { Err(StoreError::Unavailable) } else { Ok(asked.get()) }
        });
        assert_eq!(answer.await, Ok(5));
        let never = patiently(async || Err::<(), _>(StoreError::Unavailable));
        assert_eq!(never.await, Err(StoreError::Unavailable));
        let corrupt = patiently(async || Err::<(), _>(StoreError::Corrupt));
        assert_eq!(corrupt.await, Err(StoreError::Corrupt));
    }
}
