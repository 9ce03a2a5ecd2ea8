//! The request that hands a message to a gateway: checked once, filled for each message.

mod json;
mod settings;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use fiador_kernel::Secret;
use fiador_ports::{FetchMethod, FetchRequest};
use form_urlencoded::Serializer;
use json::JsonTemplate;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
pub use settings::{Authentication, BodySettings, RequestError, RequestSettings};

use crate::template::{Place, Placeholder, Template, Values};

/// Longest URL that the guarded client asks, in bytes.
const MAX_URL: usize = 2048;
/// Headers that the guarded client or the body sets.
const RESERVED: [&str; 8] = [
    "host",
    "user-agent",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "transfer-encoding",
    "authorization",
];

/// A request, checked.
#[derive(Clone, Debug)]
pub(crate) struct RequestTemplate {
    method: FetchMethod,
    url: Template,
    query: Vec<(String, Template)>,
    headers: Vec<(String, Template)>,
    body: BodyTemplate,
    authentication: Authentication,
    secret: Option<Secret<String>>,
}

#[derive(Clone, Debug)]
enum BodyTemplate {
    Empty,
    Form(Vec<(String, Template)>),
    Json(JsonTemplate),
}

/// Why one message cannot be put into the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotComposable(pub(crate) &'static str);

impl RequestTemplate {
    pub(crate) fn compile(settings: &RequestSettings) -> Result<Self, RequestError> {
        let body = match &settings.body {
            BodySettings::Empty => BodyTemplate::Empty,
            _ if settings.method == FetchMethod::Get => return Err(RequestError::BodyOfGet),
            BodySettings::Form(fields) => BodyTemplate::Form(parameters("form", fields)?),
            BodySettings::Json(text) => BodyTemplate::Json(json(text)?),
        };
        let compiled = Self {
            method: settings.method,
            url: url(&settings.url)?,
            query: parameters("query", &settings.query)?,
            headers: headers(&settings.headers)?,
            body,
            authentication: settings.authentication.clone(),
            secret: settings.secret.clone(),
        };
        compiled.check_authentication()?;
        for placeholder in [Placeholder::Destination, Placeholder::Text] {
            if !compiled.names(placeholder) {
                return Err(RequestError::Missing(placeholder.name()));
            }
        }
        Ok(compiled)
    }

    /// Whether `placeholder` occurs anywhere.
    pub(crate) fn names(&self, placeholder: Placeholder) -> bool {
        let in_any = |pairs: &[(String, Template)]| {
            pairs.iter().any(|(_, template)| template.names(placeholder))
        };
        let in_body = match &self.body {
            BodyTemplate::Empty => false,
            BodyTemplate::Form(fields) => in_any(fields),
            BodyTemplate::Json(document) => document.names(placeholder),
        };
        self.url.names(placeholder) || in_any(&self.query) || in_any(&self.headers) || in_body
    }

    /// The secret, as it fills `{secret}`.
    pub(crate) fn secret(&self) -> &str {
        self.secret.as_ref().map_or("", |secret| secret.expose())
    }

    /// The request for one message.
    pub(crate) fn compose(&self, values: &Values<'_>) -> Result<FetchRequest, NotComposable> {
        let url = self.compose_url(values)?;
        let mut request = match &self.body {
            BodyTemplate::Form(fields) => {
                let form = encoded(String::new(), fields, values);
                FetchRequest::post(url, "application/x-www-form-urlencoded", form.into_bytes())
            }
            BodyTemplate::Json(document) => {
                let document = document.fill(values).to_string();
                FetchRequest::post(url, "application/json", document.into_bytes())
            }
            BodyTemplate::Empty => {
                let mut request = FetchRequest::get(url);
                request.method = self.method;
                request
            }
        };
        for (name, template) in &self.headers {
            let value = template.fill(values);
            if !is_header_value(&value) {
                return Err(NotComposable("the sender holds characters that no header carries"));
            }
            request = request.header(name.clone(), value);
        }
        Ok(self.authenticated(request))
    }

    fn compose_url(&self, values: &Values<'_>) -> Result<String, NotComposable> {
        let url = self.url.fill_with(values, |value| {
            utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string().into()
        });
        let url = match (self.query.is_empty(), url.contains('?')) {
            (true, _) => url,
            (false, has_query) => {
                let joint = if has_query { '&' } else { '?' };
                encoded(format!("{url}{joint}"), &self.query, values)
            }
        };
        if url.len() > MAX_URL {
            return Err(NotComposable("the text is too long for the URL of a gateway"));
        }
        Ok(url)
    }

    fn authenticated(&self, request: FetchRequest) -> FetchRequest {
        match &self.authentication {
            Authentication::Parameters => request,
            Authentication::Basic { user } => {
                let credentials = STANDARD.encode(format!("{user}:{}", self.secret()));
                request.header("authorization", format!("Basic {credentials}"))
            }
            Authentication::Bearer => {
                request.header("authorization", format!("Bearer {}", self.secret()))
            }
            Authentication::Header { name } => request.header(name.clone(), self.secret()),
        }
    }

    fn check_authentication(&self) -> Result<(), RequestError> {
        let is_used = self.names(Placeholder::Secret);
        match &self.authentication {
            Authentication::Parameters => match (&self.secret, is_used) {
                (None, true) => Err(RequestError::Secret("{secret} is used, and there is none")),
                (Some(_), false) => Err(RequestError::Secret("the secret is not used")),
                _ => Ok(()),
            },
            _ if self.secret().is_empty() || !is_header_value(self.secret()) => {
                Err(RequestError::Secret("the secret is missing, or no header carries it"))
            }
            Authentication::Basic { user } if user.contains(':') || !is_header_value(user) => {
                Err(RequestError::Secret("the user name holds a colon, or no header carries it"))
            }
            Authentication::Header { name } => check_header_name(name),
            Authentication::Basic { .. } | Authentication::Bearer => Ok(()),
        }
    }
}

fn url(text: &str) -> Result<Template, RequestError> {
    let template = Template::parse(text, Place::Path)
        .map_err(|error| RequestError::Template { place: "url".to_owned(), error })?;
    let beginning = template.beginning();
    let after = beginning.strip_prefix("https://").or_else(|| beginning.strip_prefix("http://"));
    let has_host = after.is_some_and(|rest| {
        // Neither credentials nor a placeholder before the path: the host is the operator's choice.
        rest.split_once('/').is_some_and(|(host, _)| !host.is_empty() && !host.contains('@'))
    });
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'#');
    if has_host && is_plain { Ok(template) } else { Err(RequestError::Url) }
}

fn parameters(
    place: &str,
    pairs: &[(String, String)],
) -> Result<Vec<(String, Template)>, RequestError> {
    pairs
        .iter()
        .map(|(name, value)| {
            let template = Template::parse(value, Place::Parameter);
            let place = || format!("{place} parameter {name}");
            let template =
                template.map_err(|error| RequestError::Template { place: place(), error })?;
            Ok((name.clone(), template))
        })
        .collect()
}

fn headers(pairs: &[(String, String)]) -> Result<Vec<(String, Template)>, RequestError> {
    pairs
        .iter()
        .map(|(name, value)| {
            check_header_name(name)?;
            let place = || format!("header {name}");
            let template = Template::parse(value, Place::Header)
                .map_err(|error| RequestError::Template { place: place(), error })?;
            if !is_header_value(value) {
                return Err(RequestError::Header(name.clone()));
            }
            Ok((name.clone(), template))
        })
        .collect()
}

fn json(text: &str) -> Result<JsonTemplate, RequestError> {
    let document =
        serde_json::from_str(text).map_err(|error| RequestError::Json(error.to_string()))?;
    JsonTemplate::of(document)
        .map_err(|error| RequestError::Template { place: "json".to_owned(), error })
}

fn check_header_name(name: &str) -> Result<(), RequestError> {
    let is_reserved = RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(name));
    if is_reserved || http::HeaderName::try_from(name).is_err() {
        return Err(RequestError::Header(name.to_owned()));
    }
    Ok(())
}

fn is_header_value(value: &str) -> bool {
    value.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// `prefix` and the parameters behind it, as a form encodes them.
fn encoded(prefix: String, pairs: &[(String, Template)], values: &Values<'_>) -> String {
    let start = prefix.len();
    let mut serializer = Serializer::for_suffix(prefix, start);
    for (name, template) in pairs {
        serializer.append_pair(name, &template.fill(values));
    }
    serializer.finish()
}

#[cfg(test)]
mod tests;
