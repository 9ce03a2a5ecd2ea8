//! Addresses that must not pass for a registered redirect URI (T-030, T-031).
//!
//! Every published bypass of redirect checks lived in the gap between two readings of one URI, so
//! the corpus has each place of the registered URI written in every way that some reader takes for
//! the same.

mod host;
mod path;
mod whole;

use std::collections::BTreeSet;

pub use host::loopback_corpus;

/// Where an attacker would like answers to go.
const EVIL: &str = "evil.example";

/// More than 300 addresses that are not `registered`, each once, in a fixed order. `registered` is an
/// https URI with host, path and query and without port.
pub fn redirect_corpus(registered: &str) -> Vec<String> {
    let uri = Parts::of(registered);
    let mut seen = BTreeSet::from([registered.to_owned()]);
    [
        whole::schemes,
        host::hosts,
        host::authorities,
        path::paths,
        path::queries,
        whole::surroundings,
        whole::characters,
        whole::detours,
    ]
    .into_iter()
    .flat_map(|family| family(&uri))
    .filter(|case| seen.insert(case.clone()))
    .collect()
}

/// `https://` host path `?` query.
struct Parts<'u> {
    whole: &'u str,
    host: &'u str,
    path: &'u str,
    query: &'u str,
}

impl<'u> Parts<'u> {
    fn of(whole: &'u str) -> Self {
        let rest = whole.strip_prefix("https://").unwrap_or(whole);
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        Self { whole, host, path, query }
    }

    fn with_host(&self, host: &str) -> String {
        format!("https://{host}{}?{}", self.path, self.query)
    }

    fn with_path(&self, path: &str) -> String {
        format!("https://{}{path}?{}", self.host, self.query)
    }

    fn with_query(&self, query: &str) -> String {
        format!("https://{}{}{query}", self.host, self.path)
    }

    /// Everything behind `https:`.
    fn behind_scheme(&self) -> &str {
        self.whole.strip_prefix("https:").unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_large_and_has_no_good_address_in_it() {
        let registered = "https://shop.example/callback?tenant=1";
        let corpus = redirect_corpus(registered);
        assert!(corpus.len() >= 300, "{}", corpus.len());
        let distinct: BTreeSet<_> = corpus.iter().collect();
        assert_eq!(distinct.len(), corpus.len());
        assert!(!corpus.iter().any(|case| case == registered));
    }
}
