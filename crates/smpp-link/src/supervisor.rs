//! Keeps one centre connected for as long as the gateway runs.

use std::{sync::Arc, time::Duration};

use fiador_kernel::Entropy;
use tokio::time::{Instant, error::Elapsed, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    back_off::BackOff,
    centre::{Centre, LinkState},
    measure,
    session::{self, BindError, Context, End},
    settings::CentreSettings,
    status,
    transport::{self, ConnectError, Reader, Writer},
};

/// Connects, serves, and connects again, until `shutdown`; then says good-bye within `grace`.
pub(crate) async fn supervise(
    centre: Arc<Centre>,
    entropy: Arc<dyn Entropy>,
    shutdown: CancellationToken,
    grace: Duration,
) {
    let mut back_off = BackOff::new(centre.settings.reconnect);
    while !shutdown.is_cancelled() {
        centre.enter(LinkState::Connecting);
        let established = tokio::select! {
            () = shutdown.cancelled() => break,
            established = establish(&centre.settings) => established,
        };
        let delay = match established {
            Ok((reader, writer)) => {
                let lived = serve(&centre, reader, writer, &shutdown, grace).await;
                back_off.session_lived(lived);
                back_off.after_failure(&*entropy)
            }
            Err(error) => failed(&centre, &error, &mut back_off, &*entropy),
        };
        tokio::select! {
            () = shutdown.cancelled() => break,
            () = sleep(delay) => {}
        }
    }
    centre.enter(LinkState::Stopped);
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
enum EstablishError {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Bind(#[from] BindError),
    #[error("the centre does not answer")]
    Silent(#[from] Elapsed),
}

async fn establish(centre: &CentreSettings) -> Result<(Reader, Writer), EstablishError> {
    let patience = centre.response_timeout;
    let (mut reader, mut writer) = timeout(patience, transport::connect(centre)).await??;
    timeout(patience, session::bind(centre, &mut reader, &mut writer)).await??;
    Ok((reader, writer))
}

/// Serves one session to its end and tells how long it lived.
async fn serve(
    centre: &Arc<Centre>,
    reader: Reader,
    writer: Writer,
    shutdown: &CancellationToken,
    grace: Duration,
) -> Duration {
    let name = centre.name();
    let since = Instant::now();
    let (handle, requests) = session::channel(centre.settings.window);
    centre.open(handle);
    measure::bind(name, "bound");
    tracing::info!(message_centre = name, "bound to the message centre");
    let (served, token) = (Arc::clone(centre), shutdown.clone());
    let end = to_its_end(async move {
        let context = Context {
            centre: &served.settings,
            ledger: &served.ledger,
            reporter: &served.reporter,
            shutdown: &token,
            grace,
        };
        session::run(context, reader, writer, requests).await
    });
    let end = end.await;
    centre.enter(LinkState::Waiting);
    if shutdown.is_cancelled() {
        tracing::info!(message_centre = name, "the session is over: {end}");
    } else {
        tracing::warn!(message_centre = name, error = %end, "the session broke; connecting again");
    }
    since.elapsed()
}

/// Runs a session as a task of its own: a defect in it breaks that session, and not the centre,
/// which would stay "bound" for ever with nobody to serve it.
async fn to_its_end(session: impl Future<Output = End> + Send + 'static) -> End {
    tokio::spawn(session).await.unwrap_or_else(|error| {
        tracing::error!(%error, "a session ended by a defect of the gateway; please report it");
        End::Defect
    })
}

fn failed(
    centre: &Centre,
    error: &EstablishError,
    back_off: &mut BackOff,
    entropy: &dyn Entropy,
) -> Duration {
    let name = centre.name();
    if let EstablishError::Bind(BindError::Refused(status)) = error
        && status::is_bind_refusal(*status)
    {
        let delay = back_off.after_refusal(entropy);
        centre.enter(LinkState::Refused { status: *status });
        measure::bind(name, "refused");
        tracing::error!(
            message_centre = name,
            %error,
            retry_seconds = delay.as_secs(),
            "{}; correct the configuration, or the account at the centre",
            status::bind_advice(*status)
        );
        return delay;
    }
    let advice = match error {
        EstablishError::Bind(BindError::Refused(status)) => status::bind_advice(*status),
        _ => "the connection or the bind failed",
    };
    let delay = back_off.after_failure(entropy);
    centre.enter(LinkState::Waiting);
    measure::bind(name, "failed");
    tracing::warn!(
        message_centre = name,
        %error,
        retry_seconds = delay.as_secs_f64(),
        "no session with the message centre, {advice}; trying again"
    );
    delay
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_defect_ends_its_session_and_nothing_else() {
        let defect = async { panic!("as a defect would") };
        assert!(matches!(to_its_end(defect).await, End::Defect));
        assert!(matches!(to_its_end(async { End::Closed }).await, End::Closed));
    }
}
