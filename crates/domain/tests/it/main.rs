//! The rules of the gateway, as other crates see them.
#![cfg(test)]

mod routing;
