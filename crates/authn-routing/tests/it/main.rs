//! Routing over adaptors that do what a test tells them.

mod again;
mod answers;
mod chains;
mod decisions;
#[cfg(test)]
mod denials;
#[cfg(test)]
mod fakes;
mod fallback;
mod faults;
mod lanes;
#[cfg(test)]
mod overtaken;
#[cfg(test)]
mod prompting;
#[cfg(test)]
mod races;
mod reports;
#[cfg(test)]
mod scripted;
mod start;
#[cfg(test)]
mod world;
