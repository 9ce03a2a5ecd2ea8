//! Small files: one idea each. The numbers are printed, and only the far ends fail.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::Context;

/// A larger median means that files have stopped holding one idea each.
const MEDIAN_LIMIT: usize = 200;
/// A file that nobody reads to its end.
const FILE_LIMIT: usize = 900;

/// Lines of every Rust file, largest first.
pub(crate) struct Sizes(Vec<(usize, PathBuf)>);

/// Counts the lines of the Rust files among `files`.
pub(crate) fn measure(root: &Path, files: &[PathBuf]) -> anyhow::Result<Sizes> {
    let mut sizes = Vec::new();
    for file in files.iter().filter(|file| file.extension().is_some_and(|ending| ending == "rs")) {
        let text = std::fs::read_to_string(root.join(file))
            .with_context(|| format!("cannot read {}", file.display()))?;
        sizes.push((text.lines().count(), file.clone()));
    }
    sizes.sort_unstable_by(|a, b| b.cmp(a));
    Ok(Sizes(sizes))
}

impl Sizes {
    /// The files, and the median, that are too large.
    pub(crate) fn check(&self) -> Vec<String> {
        let too_long = self.0.iter().filter(|(lines, _)| *lines > FILE_LIMIT);
        let mut findings: Vec<String> = too_long
            .map(|(lines, file)| {
                format!("{}: {lines} lines; split it (limit {FILE_LIMIT})", file.display())
            })
            .collect();
        if self.median() > MEDIAN_LIMIT {
            findings.push(format!("half of the files exceed {MEDIAN_LIMIT} lines; split some"));
        }
        findings
    }

    fn median(&self) -> usize {
        self.0.get(self.0.len() / 2).map_or(0, |(lines, _)| *lines)
    }
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let total: usize = self.0.iter().map(|(lines, _)| lines).sum();
        let (count, median) = (self.0.len(), self.median());
        write!(f, "{count} Rust files, {total} lines, median {median}; the largest:")?;
        for (lines, file) in self.0.iter().take(10) {
            write!(f, "\n{lines:6}  {}", file.display())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(lines: &[usize]) -> Sizes {
        Sizes(lines.iter().map(|&lines| (lines, PathBuf::from("a.rs"))).collect())
    }

    #[test]
    fn one_huge_file_is_found_and_a_long_one_is_not() {
        assert_eq!(sizes(&[901, 10, 10]).check().len(), 1);
        assert_eq!(sizes(&[900, 10, 10]).check().len(), 0);
    }

    #[test]
    fn a_large_median_is_found() {
        assert_eq!(sizes(&[300, 201, 10]).check().len(), 1);
        assert_eq!(sizes(&[300, 200, 10]).check().len(), 0);
    }

    #[test]
    fn only_rust_files_count() {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("a.rs"), "one\ntwo\n").unwrap();
        let files = ["a.rs", "missing.md"].map(PathBuf::from);
        assert_eq!(measure(root.path(), &files).unwrap().0, [(2, PathBuf::from("a.rs"))]);
    }
}
