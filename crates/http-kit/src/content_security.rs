//! The Content-Security-Policy of pages (T-040).

use std::fmt;

use http::HeaderValue;

const BASE: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    font-src 'self'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// What a page may load and where its forms may lead.
///
/// Everything is our own origin; nothing inline, no frames, no `base`. Forms post to us, but
/// Chromium applies `form-action` to every redirect that follows the post as well: a page whose
/// form ends in a redirect to the service provider must name that target, and all further redirects
/// of the service provider count too. [`FormTarget::any_https`] is for those that cannot be known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ContentSecurity {
    form_targets: Vec<FormTarget>,
}

impl ContentSecurity {
    /// Forms lead nowhere but to us.
    pub fn own_pages_only() -> Self {
        Self::default()
    }

    /// Lets redirects after a form lead to `target` too.
    #[must_use]
    pub fn form_may_lead_to(mut self, target: FormTarget) -> Self {
        if !self.form_targets.contains(&target) {
            self.form_targets.push(target);
        }
        self
    }

    pub(crate) fn header_value(&self) -> HeaderValue {
        if self.form_targets.is_empty() {
            return HeaderValue::from_static(BASE);
        }
        let mut policy = String::from(BASE);
        for target in &self.form_targets {
            policy.push(' ');
            policy.push_str(&target.0);
        }
        // A target has no character that a header refuses; the stricter policy is the safe way out.
        HeaderValue::try_from(policy).unwrap_or_else(|_| HeaderValue::from_static(BASE))
    }
}

/// The address cannot be named in a content security policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a form target is an http, https or private-use scheme URI without user name")]
pub struct FormTargetError;

/// Where a redirect after a form may lead, as a CSP source expression (CSP Level 3 §2.3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormTarget(String);

impl FormTarget {
    /// Any https address.
    pub fn any_https() -> Self {
        Self("https:".to_owned())
    }

    /// The origin of a redirect URI, or its scheme for the apps of phones
    /// (`com.example.app:/cb`, RFC 8252 §7.1).
    ///
    /// An IPv6 literal has no place in the grammar of CSP and gives its scheme alone.
    pub fn of_redirect_uri(redirect_uri: &str) -> Result<Self, FormTargetError> {
        let (scheme, rest) = redirect_uri.split_once(':').ok_or(FormTargetError)?;
        let scheme = scheme.to_ascii_lowercase();
        if !is_scheme(&scheme) || is_dangerous(&scheme) {
            return Err(FormTargetError);
        }
        if scheme != "http" && scheme != "https" {
            return Ok(Self(format!("{scheme}:")));
        }
        let authority = rest.strip_prefix("//").ok_or(FormTargetError)?;
        let authority = authority.split(['/', '?', '#', '\\']).next().unwrap_or_default();
        if authority.starts_with('[') {
            return Ok(Self(format!("{scheme}:")));
        }
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b':');
        if authority.is_empty() || !authority.bytes().all(fits) {
            return Err(FormTargetError);
        }
        Ok(Self(format!("{scheme}://{}", authority.to_ascii_lowercase())))
    }
}

impl fmt::Display for FormTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_scheme(scheme: &str) -> bool {
    let mut bytes = scheme.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// Schemes that run text as a page.
fn is_dangerous(scheme: &str) -> bool {
    matches!(scheme, "javascript" | "data" | "blob" | "vbscript" | "file" | "filesystem" | "about")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_policy_names_the_origin_of_the_service_provider() {
        let target = FormTarget::of_redirect_uri("https://Shop.example:8443/cb?x=1;y").unwrap();
        let policy = ContentSecurity::own_pages_only().form_may_lead_to(target);
        let header = policy.header_value();
        let header = header.to_str().unwrap();
        assert!(header.ends_with("form-action 'self' https://shop.example:8443"));
        assert!(header.contains("frame-ancestors 'none'"));
        assert!(!header.contains("unsafe-inline"));
    }

    #[test]
    fn an_app_is_named_by_its_scheme() {
        let target = FormTarget::of_redirect_uri("com.example.app:/cb").unwrap();
        assert_eq!(target.to_string(), "com.example.app:");
    }

    #[test]
    fn what_cannot_be_named_is_refused() {
        for uri in [
            "",
            "shop.example",
            "javascript:alert(1)",
            "https://a b/",
            "https://u@h/",
            "https://*/",
        ] {
            assert_eq!(FormTarget::of_redirect_uri(uri), Err(FormTargetError), "{uri}");
        }
    }

    proptest! {
        #[test]
        fn no_redirect_uri_can_add_a_directive(uri in "(https://|app:)?[ -~]{0,40}") {
            if let Ok(target) = FormTarget::of_redirect_uri(&uri) {
                let text = target.to_string();
                prop_assert!(!text.contains([';', ',', ' ', '*', '\'']), "{}", text);
            }
        }
    }
}
