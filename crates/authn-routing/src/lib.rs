//! Authenticators Routing: stands between the doors and the authenticator adaptors.
//!
//! Policy is not here: [`fiador_domain::routing::route`] decides which authenticators may answer a
//! request. [`Router`] asks each adaptor how it stands, applies that rule, tries the chosen ones in
//! order, and passes every later event to the adaptor that holds the challenge. It knows no adaptor
//! by name, so adding one is a line in the wiring and edits nothing here.
//!
//! Metrics, with labels from fixed lists: `fiador_authentication_challenges_total{authenticator,
//! outcome}` and `fiador_authentication_answers_total{authenticator, outcome}`.

mod outcome;
mod router;

pub use router::Router;
