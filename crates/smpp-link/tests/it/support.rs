//! Links and messages for tests.

use std::{ops::Deref, sync::Arc, time::Duration};

use fiador_kernel::{Entropy, Msisdn};
use fiador_ports::{MessageCentre as _, TextMessage};
use fiador_smpp_link::{CentreSettings, LinkState, ReconnectSettings, SmppLink, SmppSettings};
use fiador_testkit::SeededEntropy;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The texts of a login with WebOTP.
pub(crate) const OTP_TEXT: &str = "123456 is your code.\n\n@localhost #123456";
/// The phone of all tests.
pub(crate) const PHONE: &str = "34600000001";
/// Far more than any step takes: reached only by a test that fails.
pub(crate) const LONG: Duration = Duration::from_secs(20);

/// A centre on loopback with short pauses.
pub(crate) fn centre(name: &str, port: u16) -> CentreSettings {
    CentreSettings {
        reconnect: ReconnectSettings {
            shortest: Duration::from_millis(20),
            longest: Duration::from_millis(200),
            after_refusal: Duration::from_hours(1),
        },
        ..CentreSettings::new(name, "127.0.0.1", port, "fiador", "secret".to_owned())
    }
}

/// Settings for these centres with a patience that only a failing test uses up.
pub(crate) fn settings(centres: Vec<CentreSettings>) -> SmppSettings {
    SmppSettings { decide_within: LONG, ..SmppSettings::new(centres) }
}

/// A link that ends with the test.
pub(crate) struct Link {
    inner: Arc<SmppLink>,
    pub(crate) shutdown: CancellationToken,
    _guard: DropGuard,
}

impl Link {
    pub(crate) fn start(settings: SmppSettings) -> Self {
        let shutdown = CancellationToken::new();
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        let link = SmppLink::start(settings, &entropy, &shutdown).unwrap();
        let guard = shutdown.clone().drop_guard();
        Self { inner: Arc::new(link), shutdown, _guard: guard }
    }

    /// Hands a message over in the background.
    pub(crate) fn submit_later(
        &self,
        message: TextMessage,
    ) -> tokio::task::JoinHandle<Result<(), fiador_ports::SendError>> {
        let link = Arc::clone(&self.inner);
        tokio::spawn(async move { link.submit(message).await })
    }

    /// Waits until the centre's connection does this.
    pub(crate) async fn reaches(&self, message_centre: &str, wanted: LinkState) {
        let reached = async {
            while !self
                .health()
                .iter()
                .any(|line| line.message_centre == message_centre && line.state == wanted)
            {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(LONG, reached)
            .await
            .unwrap_or_else(|_| panic!("not {wanted:?} but {:?}", self.health()));
    }

    pub(crate) async fn bound(&self, message_centre: &str) {
        self.reaches(message_centre, LinkState::Bound).await;
    }
}

impl Deref for Link {
    type Target = SmppLink;

    fn deref(&self) -> &SmppLink {
        &self.inner
    }
}

/// A message that lives five minutes.
pub(crate) fn message(text: &str) -> TextMessage {
    TextMessage {
        destination: Msisdn::from_digits(PHONE).unwrap(),
        sender: "Bank".to_owned(),
        text: text.to_owned(),
        validity: Duration::from_mins(5),
        tracking: None,
    }
}
