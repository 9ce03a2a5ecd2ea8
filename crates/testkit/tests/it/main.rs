//! The helpers of the test kit, tried on the real programs.

// `cfg(test)` tells clippy that helper functions in these modules are tests too.
#[cfg(test)]
mod chromium;
#[cfg(test)]
mod jwt_mutations;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod postgres;
#[cfg(test)]
mod process;
