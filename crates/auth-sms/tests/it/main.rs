//! Codes and links from the first message to the last guess, over ports that tests control.

#[cfg(test)]
mod budgets;
#[cfg(test)]
mod codes;
#[cfg(test)]
mod delivery;
#[cfg(test)]
mod fakes;
#[cfg(test)]
mod guards;
#[cfg(test)]
mod guesses;
#[cfg(test)]
mod link_pages;
#[cfg(test)]
mod links;
#[cfg(test)]
mod lock_out;
#[cfg(test)]
mod page;
#[cfg(test)]
mod phone;
#[cfg(test)]
mod races;
#[cfg(test)]
mod routing;
#[cfg(test)]
mod unknown_numbers;
#[cfg(test)]
mod world;
