//! Routing over adaptors that do what a test tells them.

mod dispatch;
#[cfg(test)]
mod scripted;
mod start;
