//! Words that must not be committed: unfinished work, and places that exist on one machine only.
//!
//! They are put together from pieces here, so that this file passes its own rule.

use std::path::{Path, PathBuf};

/// A forbidden word and what to do instead.
struct Forbidden {
    word: &'static str,
    advice: &'static str,
    /// Files with these names may contain it.
    except: &'static [&'static str],
}

const LOCK_FILES: &[&str] = &["Cargo.lock", "package-lock.json"];
const FINISH: &str = "finish it, or open an issue and say in the comment what holds today";
const MACHINE: &str = "a path of one machine; make it relative, or take a temporary folder";
const HOST: &str = "name the package, not the host that serves it";

const FORBIDDEN: &[Forbidden] = &[
    unfinished(concat!("TO", "DO"), &[]),
    unfinished(concat!("FIX", "ME"), &[]),
    // The lint of the same name is configured there.
    unfinished(concat!("unimple", "mented"), &["Cargo.toml"]),
    machine_path(concat!("/", "work/")),
    machine_path(concat!("/", "root/")),
    machine_path(concat!("/", "home/")),
    machine_path(concat!("/", "Users/")),
    machine_path(concat!("/", "tmp/")),
    registry_host(concat!("crates", ".io")),
    registry_host(concat!("py", "pi.org")),
    registry_host(concat!("python", "hosted.org")),
    registry_host(concat!("npm", "js.org")),
    registry_host(concat!("npm", "js.com")),
    registry_host(concat!("proxy.", "golang.org")),
    registry_host(concat!("repo1.", "maven.org")),
    registry_host(concat!("deb.", "debian.org")),
];

/// Names each line that holds a forbidden word. Files that are not text are passed over.
pub(crate) fn check(root: &Path, files: &[PathBuf]) -> anyhow::Result<Vec<String>> {
    let mut findings = Vec::new();
    for file in files {
        let bytes = std::fs::read(root.join(file))?;
        if let Ok(text) = std::str::from_utf8(&bytes) {
            findings.extend(check_text(file, text));
        }
    }
    Ok(findings)
}

fn check_text(file: &Path, text: &str) -> Vec<String> {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let mut findings = Vec::new();
    for rule in FORBIDDEN.iter().filter(|rule| !rule.except.contains(&name)) {
        for (number, line) in text.lines().enumerate() {
            if holds(line, rule.word) {
                let place = format!("{}:{}", file.display(), number + 1);
                findings.push(format!("{place}: `{}`: {}", rule.word, rule.advice));
            }
        }
    }
    findings
}

/// Whether `word` stands in `line` by itself, not inside a longer word, path or host name.
fn holds(line: &str, word: &str) -> bool {
    let joins = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        let is_path = word.ends_with('/');
        let continues_before = before.is_some_and(|c| joins(c) || (is_path && "/.}$".contains(c)));
        let continues_after = !is_path && after.is_some_and(joins);
        !continues_before && !continues_after
    })
}

const fn unfinished(word: &'static str, except: &'static [&'static str]) -> Forbidden {
    Forbidden { word, advice: FINISH, except }
}

const fn machine_path(word: &'static str) -> Forbidden {
    Forbidden { word, advice: MACHINE, except: &[] }
}

const fn registry_host(word: &'static str) -> Forbidden {
    Forbidden { word, advice: HOST, except: LOCK_FILES }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn findings(file: &str, text: &str) -> usize {
        check_text(Path::new(file), text).len()
    }

    #[test]
    fn every_forbidden_word_is_found_where_it_stands_alone() {
        for rule in FORBIDDEN {
            assert_eq!(findings("a.rs", &format!("x \"{}y\"\n", with_gap(rule.word))), 1);
        }
    }

    #[test]
    fn longer_words_and_inner_paths_pass() {
        let inner = concat!("see docs/", "work/plan.md and https://example.com/", "home/a");
        assert_eq!(findings("a.md", inner), 0);
        assert_eq!(findings("a.md", concat!("TO", "DOS")), 0);
    }

    #[test]
    fn lock_files_may_name_the_registry() {
        let line =
            concat!("source = \"registry+https://github.com/rust-lang/crates", ".io-index\"");
        assert_eq!(findings("Cargo.lock", line), 0);
        assert_eq!(findings("docs/x.md", line), 1);
    }

    /// Paths go on, words end.
    fn with_gap(word: &str) -> String {
        if word.ends_with('/') { word.to_owned() } else { format!("{word} ") }
    }
}
