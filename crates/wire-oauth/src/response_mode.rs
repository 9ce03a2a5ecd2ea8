//! The `response_mode` parameter (OAuth 2.0 Multiple Response Types §2.1, OAuth 2.0 Form Post).

/// How the authorization response travels through the browser. There is no `fragment`: it belongs to the
/// implicit and hybrid flows, which do not exist here (T-037).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ResponseMode {
    /// `query`: parameters in the redirect URI.
    #[default]
    Query,
    /// `form_post`: a page that posts the parameters by itself.
    FormPost,
}

impl ResponseMode {
    /// Reads the parameter; `None` for any other value.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "query" => Some(Self::Query),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }

    /// The value on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::FormPost => "form_post",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn query_and_form_post_are_the_modes_and_fragment_is_none() {
        for text in ["query", "form_post"] {
            assert_eq!(ResponseMode::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "fragment", "code", "Query"] {
            assert_eq!(ResponseMode::parse(text), None);
        }
    }
}
