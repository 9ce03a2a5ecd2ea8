//! HTTP 202: the user has to choose an operator.

use serde::{Deserialize, Serialize};

use super::{Link, rel};

/// Sends the service provider to the operator-selection page (mobile-connect.md §1.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiscoveryNotFound {
    /// `links`: the one link to the page.
    pub links: Vec<Link>,
    /// `correlation_id` of the request; left out when it had none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation_id: Option<String>,
}

impl DiscoveryNotFound {
    /// A body with that page's URL.
    pub fn operator_selection(href: impl Into<String>, correlation_id: Option<String>) -> Self {
        Self { links: vec![Link::new(rel::OPERATOR_SELECTION, href)], correlation_id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_body_names_the_selection_page() {
        let body =
            DiscoveryNotFound::operator_selection("https://d.example/s", Some("42".to_owned()));
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"links":[{"rel":"operatorSelection","href":"https://d.example/s"}],"correlation_id":"42"}"#
        );
        let body = DiscoveryNotFound::operator_selection("https://d.example/s", None);
        assert_eq!(
            serde_json::to_string(&body).unwrap(),
            r#"{"links":[{"rel":"operatorSelection","href":"https://d.example/s"}]}"#
        );
    }
}
