//! What the phone shows afterwards.

use axum::response::Response;
use fiador_domain::journey::Stage;
use fiador_http_kit::{PageFrame, Pages};
use fiador_kernel::{Issuer, Language};
use fiador_ports::Settled;
use http::{
    HeaderMap, HeaderName, HeaderValue, StatusCode,
    header::{REFRESH, STRICT_TRANSPORT_SECURITY},
};

use super::Decision;

const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

/// How a visit to a link's page ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Approved; the other screen goes on.
    Done,
    /// Approved in the browser that waits, which goes on here.
    DoneHere,
    /// Turned down.
    Denied,
    /// Turned down and reported.
    Reported,
    /// A wrong number, or too many failures before.
    Stopped,
    /// Nothing to answer: unknown, used, replaced, too old, or a damaged form. Nothing tells these
    /// apart (T-129).
    Gone,
    /// The gateway cannot tell now.
    Unavailable,
}

impl Ending {
    /// What became of a decision.
    pub(super) fn of(decision: Decision, settled: &Settled) -> Self {
        let Settled::Moved(read) = settled else { return Self::Gone };
        match (&read.journey.stage, decision) {
            (Stage::Verified { .. } | Stage::Granted { .. }, Decision::ApproveHere) => {
                Self::DoneHere
            }
            (Stage::Verified { .. } | Stage::Granted { .. }, _) => Self::Done,
            (Stage::Refused { .. }, Decision::Deny) => Self::Denied,
            (Stage::Refused { .. }, Decision::Report) => Self::Reported,
            (Stage::Refused { .. }, _) => Self::Stopped,
            _ => Self::Gone,
        }
    }

    /// Its page. `leads_to`: where it goes on, if anywhere.
    pub(super) fn page(
        self,
        (pages, base): (&Pages, &Issuer),
        language: Language,
        leads_to: Option<&str>,
    ) -> Response {
        let (key, status) = match self {
            Self::Done => ("sms-link-done", StatusCode::OK),
            Self::DoneHere => ("sms-link-done-here", StatusCode::OK),
            Self::Denied => ("sms-link-denied", StatusCode::OK),
            Self::Reported => ("sms-link-reported", StatusCode::OK),
            Self::Stopped => ("sms-link-stopped", StatusCode::OK),
            Self::Gone => ("sms-link-gone", StatusCode::GONE),
            Self::Unavailable => ("sms-link-unavailable", StatusCode::SERVICE_UNAVAILABLE),
        };
        let t = pages.translator(language);
        let frame = PageFrame::new(language, t.text(&format!("{key}-title"))).status(status);
        let goes_on = self == Self::DoneHere;
        let label = t.text(if goes_on { "page-continue" } else { "sms-link-again" });
        let way_on = leads_to.map(|address| (label.as_str(), address));
        let mut response = pages.notice(&frame, &t.text(&format!("{key}-text")), way_on);
        let headers = response.headers_mut();
        guard(headers, base);
        // By itself, and not by a redirect: what follows may end at the service provider, and the
        // policy of a page holds for every redirect after its forms.
        let refresh = leads_to.filter(|_| goes_on);
        let refresh =
            refresh.and_then(|address| HeaderValue::try_from(format!("0; url={address}")).ok());
        if let Some(refresh) = refresh {
            headers.insert(REFRESH, refresh);
        }
        response
    }
}

/// What the pages of links need besides the headers of every page (authenticators §1.5): no search
/// engine is to know a link, wherever it finds one, and no network is to see a token because somebody
/// opened the link's host without TLS (RFC 6797).
pub(super) fn guard(headers: &mut HeaderMap, base: &Issuer) {
    headers.insert(ROBOTS, HeaderValue::from_static("noindex, nofollow"));
    // On a developer's own machine it would bind every other server of that name too.
    if base.as_str().starts_with("https:") && base.host() != "localhost" {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
}
