//! What came back.

use http::HeaderMap;
use serde_json::Value;

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The members of a success.
    #[track_caller]
    pub(crate) fn claims(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert!(self.header("www-authenticate").is_none());
        serde_json::from_str(&self.body).expect("the body is JSON")
    }

    /// The same error in the body and in the header (mobile-connect §2.9).
    #[track_caller]
    pub(crate) fn expect_error(&self, status: u16, error: &str, description: &str) {
        let body = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
        assert_eq!((self.status, &*self.body), (status, &*body));
        let challenge = format!(r#"Bearer error="{error}", error_description="{description}""#);
        assert_eq!(self.header("www-authenticate"), Some(&*challenge));
        assert_eq!(self.header("cache-control"), Some("no-store"));
        assert_eq!(self.header("retry-after").is_some(), [429, 503].contains(&status));
    }
}
