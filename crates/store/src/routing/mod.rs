//! What routing keeps: the policy in force, read at every login from memory, and its decisions,
//! written when nobody waits.

mod backlog;
mod in_force;
mod recorder;

use std::sync::Weak;

use parking_lot::Mutex;
use tokio::sync::watch;

pub use in_force::{PolicyInForce, PolicyUnusable};
pub use recorder::RoutingRecorder;

/// What a store knows of those who use it for routing.
#[derive(Default)]
pub(crate) struct Routing {
    /// Tells those who follow the policy that this node has put another in force.
    pub(crate) policies: watch::Sender<()>,
    /// What they have not written yet is written before the database is closed.
    pub(crate) recorders: Mutex<Vec<Weak<RoutingRecorder>>>,
}
