//! The way back to the service provider.

use axum::response::Response;
use fiador_http_kit::{ContentSecurity, FormTarget, PageFrame, see_other};
use fiador_kernel::{CorrelationId, Language};
use fiador_wire_oauth::{
    authorization_response::{AuthorizationResponse, Echo},
    parameters::Parameters,
    response_mode::ResponseMode,
};
use http::Method;
use serde::{Deserialize, Serialize};

use crate::{
    AuthServer,
    check::{Failure, Known},
    pages::FormPost,
};

/// Longest `state`, in bytes: it is kept while the journey lasts (T-263).
pub(crate) const MAX_STATE: usize = 1024;

/// Where an authorization response goes and what it echoes. It exists only for a redirect URI that
/// was found among those of the client, so that nothing else can ever be redirected to (T-031).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Reply {
    /// Registered, as presented.
    pub(crate) redirect_uri: String,
    #[serde(with = "mode")]
    response_mode: ResponseMode,
    state: Option<String>,
    correlation_id: Option<CorrelationId>,
}

impl Reply {
    /// Reads what an answer needs, as far as it can be read: answers to bad requests are answers
    /// too. Whether `state`, `response_mode` and `correlation_id` are good is checked later.
    pub(crate) fn read(redirect_uri: String, parameters: &Parameters, known: Known) -> Self {
        let once = |name: &str| {
            let repeated = parameters.repeated().any(|repeated| repeated == name);
            parameters.get_non_empty(name).filter(|_| !repeated && known.has(name))
        };
        Self {
            redirect_uri,
            response_mode: once("response_mode").and_then(ResponseMode::parse).unwrap_or_default(),
            state: once("state").filter(|state| state.len() <= MAX_STATE).map(str::to_owned),
            correlation_id: once("correlation_id").and_then(|text| CorrelationId::new(text).ok()),
        }
    }

    /// Which redirects may follow a form of our pages. Chromium holds every redirect after a form
    /// against the policy of its page, also those of the service provider's own site, of which
    /// only the first is known here: hence any https address where the first is one.
    pub(crate) fn security(&self) -> ContentSecurity {
        form_may_end_at(&self.redirect_uri)
    }
}

/// The policy of a page whose form ends at a service provider's address; see [`Reply::security`].
pub(crate) fn form_may_end_at(uri: &str) -> ContentSecurity {
    form_may_also_end_at(ContentSecurity::own_pages_only(), uri)
}

/// The same policy for one more address that a form may end at.
pub(crate) fn form_may_also_end_at(security: ContentSecurity, uri: &str) -> ContentSecurity {
    let security = match FormTarget::of_redirect_uri(uri) {
        Ok(target) => security.form_may_lead_to(target),
        Err(_) => security,
    };
    if uri.starts_with("https:") {
        security.form_may_lead_to(FormTarget::any_https())
    } else {
        security
    }
}

impl AuthServer {
    /// Sends a code to the service provider (mobile-connect §2.5).
    pub(crate) fn send_code(
        &self,
        method: &Method,
        language: Language,
        reply: &Reply,
        code: &str,
    ) -> Response {
        let response = AuthorizationResponse::success(code, self.echo(reply));
        self.send(method, language, reply, &response)
    }

    /// Sends an error to the service provider (mobile-connect §2.6).
    pub(crate) fn send_error(
        &self,
        method: &Method,
        language: Language,
        reply: &Reply,
        failure: Failure,
    ) -> Response {
        let (error, description) = failure.row();
        let response = AuthorizationResponse::error(error, description, self.echo(reply));
        self.send(method, language, reply, &response)
    }

    fn echo<'a>(&'a self, reply: &'a Reply) -> Echo<'a> {
        Echo {
            state: reply.state.as_deref(),
            issuer: self.settings.issuer.as_str(),
            correlation_id: reply.correlation_id.as_ref().map(CorrelationId::as_str),
        }
    }

    fn send(
        &self,
        method: &Method,
        language: Language,
        reply: &Reply,
        response: &AuthorizationResponse,
    ) -> Response {
        match reply.response_mode {
            ResponseMode::Query => see_other(method, &response.location(&reply.redirect_uri)),
            ResponseMode::FormPost => {
                let t = self.pages.translator(language);
                let frame = PageFrame::new(language, t.text("authserver-return-title"))
                    .security(reply.security())
                    .script("form-post.js");
                let action = &reply.redirect_uri;
                self.pages
                    .page(&frame, &FormPost { t, action, fields: response.parameters().collect() })
            }
        }
    }
}

/// `response_mode` at rest: its text on the wire.
mod mode {
    use fiador_wire_oauth::response_mode::ResponseMode;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(super) fn serialize<S: Serializer>(
        mode: &ResponseMode,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(mode.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<ResponseMode, D::Error> {
        let text = String::deserialize(deserializer)?;
        ResponseMode::parse(&text).ok_or_else(|| D::Error::custom("unknown response_mode"))
    }
}
