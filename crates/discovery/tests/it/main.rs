//! Discovery as service providers and browsers see it.

#[cfg(test)]
mod found;
#[cfg(test)]
mod portability;
#[cfg(test)]
mod refused;
#[cfg(test)]
mod selection;
#[cfg(test)]
mod undecided;
#[cfg(test)]
mod unexpected;
#[cfg(test)]
mod version_one;
#[cfg(test)]
mod web_pages;
#[cfg(test)]
mod world;
