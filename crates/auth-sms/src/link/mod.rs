//! The link in a message, and its page on the phone (T-126 … T-129).

mod answers;
mod decision;
mod number;
mod outcomes;
mod page;
mod pages;
mod token;
mod trust;

pub(crate) use decision::Decision;
pub(crate) use number::{NumberMatch, told_binding_message};
pub use pages::LinkPages;
pub(crate) use token::{SAMPLE_TOKEN, Token, address};
