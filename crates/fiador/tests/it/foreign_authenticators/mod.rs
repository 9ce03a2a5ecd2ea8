//! Authenticators that are not ours: the checker, and logins through the example.

mod careless;
mod checker;
mod logins;
