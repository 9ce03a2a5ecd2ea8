//! Every arrow between our crates must be one that the house allows.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata};

use super::house::House;

/// The prefix of our package names; the rest is the folder below `crates/`.
const PREFIX: &str = "fiador-";

/// For each crate of the workspace, those of ours it names outside `[dev-dependencies]`.
pub(crate) fn drawn(metadata: &Metadata) -> BTreeMap<String, BTreeSet<String>> {
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|package| package.name.as_str()).collect();
    members
        .iter()
        .map(|package| {
            let arrows = package
                .dependencies
                .iter()
                .filter(|dependency| dependency.kind != DependencyKind::Development)
                .filter(|dependency| names.contains(dependency.name.as_str()))
                .map(|dependency| folder(&dependency.name))
                .collect();
            (folder(&package.name), arrows)
        })
        .collect()
}

/// What is drawn wrongly, and what the table forgot or still names.
pub(crate) fn check(house: &House, drawn: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut findings = Vec::new();
    for (name, arrows) in drawn {
        let Some(allowed) = house.get(name) else {
            findings.push(format!("crates/{name}: give it a row in the house of ARCHITECTURE.md"));
            continue;
        };
        for wrong in arrows.difference(allowed) {
            findings.push(format!(
                "crates/{name}/Cargo.toml: must not depend on `{wrong}` (ARCHITECTURE.md, the house)"
            ));
        }
    }
    for stale in house.keys().filter(|name| !drawn.contains_key(*name)) {
        findings.push(format!("ARCHITECTURE.md: the house names `{stale}`, which is no crate"));
    }
    findings
}

fn folder(package: &str) -> String {
    package.strip_prefix(PREFIX).unwrap_or(package).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(arrows: &[(&str, &[&str])]) -> BTreeMap<String, BTreeSet<String>> {
        let owned = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        arrows.iter().map(|(name, to)| ((*name).to_owned(), owned(to))).collect()
    }

    #[test]
    fn an_arrow_between_streets_is_found() {
        let house = graph(&[("a", &["kernel"]), ("b", &["kernel"]), ("kernel", &[])]);
        let drawn = graph(&[("a", &["b", "kernel"]), ("b", &[]), ("kernel", &[])]);
        let findings = check(&house, &drawn);
        assert_eq!(findings.len(), 1);
        assert!(findings[0].starts_with("crates/a/Cargo.toml: must not depend on `b`"));
    }

    #[test]
    fn a_crate_without_a_row_and_a_row_without_a_crate_are_found() {
        let findings = check(&graph(&[("old", &[])]), &graph(&[("new", &[])]));
        assert_eq!(findings.len(), 2);
        assert!(findings[0].contains("crates/new") && findings[1].contains("`old`"));
    }
}
