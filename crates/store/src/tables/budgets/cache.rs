//! Budgets in memory, for a node that holds its database alone.

use std::collections::HashMap;

use fiador_domain::quota::Usage;

/// Budgets kept in memory by a node that is alone; beyond it all are forgotten at once, which
/// costs a statement and nothing else (T-260).
const CACHED: usize = 8_192;

/// Budgets after a batch: key, usage, expiry; by key.
pub(crate) type BudgetChanges = Vec<(String, Usage, i64)>;

/// What this process knows of budgets while it alone changes them.
pub(crate) struct BudgetCache {
    allowed: bool,
    known: HashMap<String, (Usage, i64)>,
}

impl BudgetCache {
    pub(crate) fn new(allowed: bool) -> Self {
        Self { allowed, known: HashMap::new() }
    }

    /// What is known of a budget: its usage and its expiry.
    pub(crate) fn find(&self, key: &str) -> Option<(Usage, i64)> {
        self.known.get(key).cloned()
    }

    /// These changes are durable now.
    pub(crate) fn apply(&mut self, changes: BudgetChanges) {
        if !self.allowed {
            return;
        }
        if self.known.len() + changes.len() > CACHED {
            self.known.clear();
        }
        self.known.extend(changes.into_iter().map(|(key, usage, at)| (key, (usage, at))));
    }

    /// Memory no longer speaks for the database.
    pub(crate) fn forget(&mut self) {
        self.known.clear();
    }
}
