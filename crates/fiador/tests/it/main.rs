//! The gateway as its users meet it: the binary as a process, driven over its sockets.

// `cfg(test)` tells clippy that helper functions in these modules are tests too.
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod certification;
#[cfg(test)]
mod chromium;
#[cfg(test)]
mod compatibility;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod foreign_authenticators;
#[cfg(test)]
mod keycloak_channel;
#[cfg(test)]
mod logins;
#[cfg(test)]
mod message_roads;
#[cfg(test)]
mod operation;
#[cfg(test)]
mod peers;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod relying_parties;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod world;
