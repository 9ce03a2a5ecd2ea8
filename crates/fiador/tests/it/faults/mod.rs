//! Crashes, lost databases, locked files, several nodes.

mod cluster;
mod crash;
mod database_away;
mod events;
mod links;
mod locked;
mod proxy;
