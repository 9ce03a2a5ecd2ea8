//! The AuthServer from the outside: requests in, answers out, behind it ports that tests can look
//! into.
#![cfg(test)]

mod addressing;
mod browser_binding;
mod check_circumstances;
mod check_rows;
mod check_table;
mod consent;
mod documents;
mod ended_meanwhile;
mod events;
mod forgeries;
mod happy_path;
mod hints;
mod individual_claims;
mod login_session;
mod logout;
mod many_streams;
mod methods;
mod offline_access;
mod one_time_answers;
mod outage;
mod polling;
mod privacy;
mod properties;
mod pushed_requests;
mod redirect_corpus;
mod request_objects;
mod waiting;
mod world;
