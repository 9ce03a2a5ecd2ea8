//! How much of a large set of cases a test runs.
//!
//! `./test` runs a twentieth of the large sets, so that it stays short; `cargo xtask soak` runs
//! the same tests over all of it.

use std::sync::OnceLock;

/// Set by `cargo xtask soak`: every case is run.
const FULL: &str = "FIADOR_SOAK";

/// Without it, one case of so many is run.
const ONE_OF: usize = 20;

/// The cases of this run: all, or every twentieth. Which ones differ from set to set with `offset`,
/// so that several sets together cover more than the same places of each.
pub fn of<T>(cases: impl IntoIterator<Item = T>, offset: usize) -> impl Iterator<Item = T> {
    let step = if is_full() { 1 } else { ONE_OF };
    cases.into_iter().skip(offset % step).step_by(step)
}

/// Whether this run is a soak.
fn is_full() -> bool {
    static IS_FULL: OnceLock<bool> = OnceLock::new();
    *IS_FULL.get_or_init(|| std::env::var_os(FULL).is_some())
}
