//! Authenticators Routing: stands between the doors and the authenticator adaptors.
//!
//! A door opens a journey and says whose phone to reach. From then until the journey is verified or
//! refused, [`Router`] owns its challenge: it asks policy (pure, in `fiador_domain::routing`) for a
//! chain of steps, starts the adaptors of a step, settles their answers, goes on to the next step
//! when nobody answers, and ends what nobody finishes. It knows no adaptor by name, so adding one is
//! a line in the wiring and edits nothing here.
//!
//! Every move is one compare-and-set on the journey (decision 0022): of an approval, a denial and
//! the end of time exactly one counts, on any number of nodes (T-240).
//!
//! Metrics, with labels from fixed lists: `fiador_authentication_challenges_total{authenticator,
//! outcome}`, `fiador_authentication_answers_total{authenticator, outcome}`,
//! `fiador_journeys_refused_total{reason}`, `fiador_routing_steps_total{cause}`,
//! `fiador_routing_held_back_total`, `fiador_routing_late_answers_total` and
//! `fiador_routing_forgone_total{what}`.

mod adaptors;
mod again;
mod answer;
mod cancel;
mod chain_moves;
mod choose;
mod dependencies;
mod due;
mod early_reports;
mod facts;
mod held;
mod history;
mod ledger;
mod ordinary;
mod other_way;
mod outcome;
mod prompts;
mod refuse;
mod report;
mod rest;
mod router;
mod settle;
mod start;
mod start_group;
mod step;
mod tick;
mod walk;

pub use dependencies::{Dependencies, Settings};
pub use prompts::RouterPrompts;
pub use router::Router;
