//! Properties of every decoder of outside bytes (T-008, T-012): it never panics, and what it accepts
//! survives a round trip.

mod header;
mod lists;
mod parameters;
mod redirect_uri;
mod request_object;
