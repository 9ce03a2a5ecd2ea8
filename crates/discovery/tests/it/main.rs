//! Discovery as service providers and browsers see it.

#[cfg(test)]
mod found;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod selection;
#[cfg(test)]
mod undecided;
#[cfg(test)]
mod world;
