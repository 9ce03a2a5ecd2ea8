//! What an operator can say of the request that hands a message to a gateway.

use fiador_kernel::Secret;
use fiador_ports::FetchMethod;

use crate::template::TemplateError;

/// What is asked of the gateway. Every text may hold placeholders (docs/reference/message-gateways.md).
#[derive(Clone, Debug)]
pub struct RequestSettings {
    /// GET has no body.
    pub method: FetchMethod,
    /// `https`, or `http` for a place in `egress.allow`. Only its path may hold placeholders, and of
    /// them only `{destination}` and `{reference}`.
    pub url: String,
    /// Parameters that are added to the query, in order.
    pub query: Vec<(String, String)>,
    /// Headers beside those that the body and the authentication bring.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: BodySettings,
    /// How the gateway knows us.
    pub authentication: Authentication,
    /// What we authenticate with; the place of `{secret}`.
    pub secret: Option<Secret<String>>,
}

/// The body of a request.
#[derive(Clone, Debug)]
pub enum BodySettings {
    /// None; the query says everything.
    Empty,
    /// `application/x-www-form-urlencoded`, in UTF-8.
    Form(Vec<(String, String)>),
    /// `application/json`: a document whose strings may hold placeholders. A string that is exactly
    /// `{validity_seconds:number}` becomes a number.
    Json(String),
}

/// How a gateway knows us, with [`RequestSettings::secret`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// By nothing, or by `{secret}` among the parameters.
    Parameters,
    /// `Authorization: Basic` with this user and the secret (RFC 7617).
    Basic {
        /// The user, without a colon.
        user: String,
    },
    /// `Authorization: Bearer` with the secret (RFC 6750 §2.1).
    Bearer,
    /// The secret in a header of this name.
    Header {
        /// Such as `x-api-key`.
        name: String,
    },
}

/// Settings no request can be made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Not an http(s) URL, or a placeholder stands before its path.
    #[error(
        "url must begin with https:// (or http://), a host and a /, and hold no # and no space"
    )]
    Url,
    /// A template in it is wrong.
    #[error("{place}: {error}")]
    Template {
        /// Which part of the request.
        place: String,
        /// What is wrong.
        error: TemplateError,
    },
    /// Not a name that HTTP carries, or one that is set otherwise.
    #[error("header `{0}` cannot be set")]
    Header(String),
    /// The document is no JSON.
    #[error("the JSON body is not JSON: {0}")]
    Json(String),
    /// GET with a body.
    #[error("a GET has no body; use POST, or put the parameters into the query")]
    BodyOfGet,
    /// The secret is missing, or does nothing.
    #[error("{0}")]
    Secret(&'static str),
    /// The message would not say what must be said.
    #[error("no placeholder {{{0}}} in the request")]
    Missing(&'static str),
}
