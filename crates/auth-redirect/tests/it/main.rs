//! Foreign authenticators and OpenID Providers, seen from routing and from the network.

#[cfg(test)]
mod back_channel;
#[cfg(test)]
mod bad_results;
#[cfg(test)]
mod browser;
#[cfg(test)]
mod fakes;
#[cfg(test)]
mod upstream;
#[cfg(test)]
mod world;
