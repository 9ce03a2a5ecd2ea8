//! The channel as Keycloak meets it: requests over HTTP, outcomes at the callback.

#[cfg(test)]
mod outcomes;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod world;
