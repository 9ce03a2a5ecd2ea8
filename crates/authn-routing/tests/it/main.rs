//! Routing over adaptors that do what a test tells them.

mod dispatch;
mod scripted;
mod start;
