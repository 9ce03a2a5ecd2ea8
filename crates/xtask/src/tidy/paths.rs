//! Every path that ARCHITECTURE.md names must exist, so that the map does not rot.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Endings by which a word in backticks is recognised as a file.
const FILES: [&str; 12] =
    ["css", "ftl", "html", "js", "json", "lock", "md", "py", "rs", "sh", "sql", "toml"];

/// Names what the document points to and the repository does not hold.
pub(crate) fn check(document: &str, files: &[PathBuf]) -> Vec<String> {
    let folders: BTreeSet<&Path> = files.iter().flat_map(|file| file.ancestors().skip(1)).collect();
    let tops: BTreeSet<&str> =
        files.iter().filter_map(|file| file.iter().next()?.to_str()).collect();
    let exists = |name: &str| {
        let path = Path::new(name);
        files.iter().any(|file| file == path) || folders.contains(path)
    };
    // A bare file name may stand for "each crate's": it must exist somewhere.
    let exists_somewhere = |name: &str| files.iter().any(|file| file.ends_with(name));

    let linked = links(document).filter(|name| !exists(name));
    let quoted = quoted(document).filter(|word| is_path(word, &tops)).filter(|word| {
        if word.contains('/') {
            !exists(word.trim_end_matches('/'))
        } else {
            !exists_somewhere(word)
        }
    });
    linked
        .chain(quoted)
        .map(|name| format!("ARCHITECTURE.md: names `{name}`, which does not exist"))
        .collect()
}

/// Targets of inline links into this repository, without the part after `#`.
fn links(document: &str) -> impl Iterator<Item = &str> {
    document.split("](").skip(1).filter_map(|rest| {
        let target = rest.split_once(')')?.0.split('#').next()?;
        let is_ours = !target.is_empty() && !target.contains(':');
        is_ours.then(|| target.trim_start_matches("./").trim_end_matches('/'))
    })
}

/// Words in single backticks; fenced blocks are left out.
fn quoted(document: &str) -> impl Iterator<Item = &str> {
    let prose = document.split("```").step_by(2);
    prose.flat_map(|text| text.split('`').skip(1).step_by(2))
}

/// Tells `crates/kernel` and `deny.toml` from `/authorize`, `application/json` and `a::b`.
fn is_path(word: &str, tops: &BTreeSet<&str>) -> bool {
    let plain = word.chars().all(|c| c.is_ascii_alphanumeric() || "._-/".contains(c));
    let has_ending = Path::new(word)
        .extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| FILES.contains(&ending));
    let below_known_folder =
        word.split_once('/').is_some_and(|(top, _)| top == "docs" || tops.contains(top));
    plain && !word.starts_with('/') && (has_ending || below_known_folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(document: &str) -> Vec<String> {
        let files = ["crates/kernel/src/lib.rs", "deny.toml", "docs/a.md"].map(PathBuf::from);
        check(document, &files)
    }

    #[test]
    fn paths_that_exist_and_words_that_are_no_paths_pass() {
        let document = "`crates/kernel/src` `crates/kernel/` `crates/` `deny.toml` `lib.rs` `/authorize` \
            `application/json` `fiador_kernel::Clock` [a](docs/a.md#x) [b](#top) \
            [c](https://example.com/d.md)\n```\ncrates/none\n```\n";
        assert_eq!(findings(document), Vec::<String>::new());
    }

    #[test]
    fn a_path_or_link_that_leads_nowhere_is_found() {
        for wrong in ["`crates/none`", "`docs/b.md`", "`gone.toml`", "[x](docs/b.md)", "[x](src)"] {
            assert_eq!(findings(wrong).len(), 1, "{wrong}");
        }
    }
}
