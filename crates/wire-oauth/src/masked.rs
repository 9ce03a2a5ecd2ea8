//! One way to print what must not be printed.

use std::fmt;

/// Prints a fixed mark in place of a secret or personal value (T-280); not even its length is told.
pub(crate) struct Masked;

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[masked]")
    }
}

/// The same for an optional value: whether it is there may be known.
pub(crate) fn masked_option<T>(value: Option<&T>) -> Option<Masked> {
    value.map(|_| Masked)
}
