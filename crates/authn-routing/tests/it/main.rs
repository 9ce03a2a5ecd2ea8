//! Routing over adaptors that do what a test tells them.
