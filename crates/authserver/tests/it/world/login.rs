//! A browser that has a login session already.

use fiador_domain::{assurance::Evidence, session::LoginSession};
use fiador_kernel::{Amr, AuthenticatorId, Clock, Digest, Loa, SubscriberId};

use super::{Browser, World};

/// The cookie of a login session, as a browser on https holds it.
pub(crate) const SESSION_COOKIE: &str = "__Host-fiador_session";

impl World {
    /// A browser in which this subscriber has logged in just now.
    pub(crate) fn logged_in(&self, subscriber: &str) -> Browser {
        let now = self.clock.now();
        let session = LoginSession {
            id: Digest::of("session-secret"),
            subscriber: SubscriberId::new(subscriber).unwrap(),
            evidence: Evidence {
                authenticator: AuthenticatorId::new("sms_otp").unwrap(),
                level: Loa::Two,
                amr_mobile_connect: vec![Amr::new("OTP_OK")],
                amr_rfc8176: vec![Amr::new("otp")],
                at: now,
            },
            created_at: now,
            used_at: now,
        };
        self.sessions.rows.lock().unwrap().insert(session.id, session);
        let mut browser = self.browser();
        browser.cookies.insert(SESSION_COOKIE.to_owned(), "session-secret".to_owned());
        browser
    }
}
