//! The Data Gateway over sources that answer, fail, dawdle and lie.
#![cfg(test)]

mod collecting;
mod failing;
mod http_source;
mod risk;
mod subscriber_table;
mod world;
