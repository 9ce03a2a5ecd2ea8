//! The table in ARCHITECTURE.md that says which crate may use which.
//!
//! The document is the source: the table people read is the one that is enforced.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, bail, ensure};

/// The comment that stands before the table.
const MARKER: &str = "<!-- house:";

/// For each crate, the crates it may name in `[dependencies]` or `[build-dependencies]`.
///
/// Crates are named by their folder below `crates/`.
pub(crate) type House = BTreeMap<String, BTreeSet<String>>;

/// Reads the table `| level | crates | may use |` after the marker comment.
///
/// A word in backticks in the third column is a crate, or a level of the first column, which
/// stands for all crates of that level.
pub(crate) fn read(document: &str) -> anyhow::Result<House> {
    let (_, after) = document
        .split_once(MARKER)
        .with_context(|| format!("ARCHITECTURE.md lacks the comment `{MARKER} … -->`"))?;
    let rows: Vec<[&str; 3]> = after
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .skip(2) // the heading and the line below it
        .map(columns)
        .collect::<anyhow::Result<_>>()?;
    ensure!(!rows.is_empty(), "the table of the house in ARCHITECTURE.md is empty");

    let mut levels: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for [level, crates, _] in &rows {
        levels.entry(level).or_default().extend(quoted(crates));
    }
    let everybody: BTreeSet<String> = levels.values().flatten().cloned().collect();
    let mut house = House::new();
    for [_, crates, may_use] in &rows {
        let mut allowed = BTreeSet::new();
        for word in quoted(may_use) {
            if let Some(level) = levels.get(word.as_str()) {
                allowed.extend(level.iter().cloned());
            } else if everybody.contains(&word) {
                allowed.insert(word);
            } else {
                bail!("the house knows neither a crate nor a level `{word}`");
            }
        }
        for name in quoted(crates) {
            let twice = house.insert(name.clone(), allowed.clone()).is_some();
            ensure!(!twice, "`{name}` stands twice in the table of the house");
        }
    }
    Ok(house)
}

fn columns(line: &str) -> anyhow::Result<[&str; 3]> {
    let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
    cells.try_into().ok().with_context(|| format!("not three columns: {line}"))
}

fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# X\n\n<!-- house: checked -->\n\n| level | crates | may use |\n|---|---|---|\n\
        | top | `app` (wiring) | `streets`, `ground` |\n| streets | `a` `b` | `ground` |\n\
        | base | `ground` | |\n\nMore text with `words`.\n| not | `a` | table |\n";

    #[test]
    fn a_level_stands_for_all_its_crates() {
        let house = read(TABLE).unwrap();
        assert_eq!(house.len(), 4);
        assert_eq!(house["app"], ["a", "b", "ground"].map(str::to_owned).into());
        assert_eq!(house["b"], ["ground"].map(str::to_owned).into());
        assert!(house["ground"].is_empty());
    }

    #[test]
    fn an_unknown_word_and_a_crate_named_twice_are_refused() {
        let unknown = TABLE.replace("| `ground` |\n| base", "| `gruond` |\n| base");
        assert!(read(&unknown).unwrap_err().to_string().contains("`gruond`"));
        let twice = TABLE.replace("`a` `b`", "`a` `app`");
        assert!(read(&twice).unwrap_err().to_string().contains("twice"));
    }

    #[test]
    fn a_document_without_the_table_is_an_error() {
        assert!(read("# Architecture\n").is_err());
    }
}
