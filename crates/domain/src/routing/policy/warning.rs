//! What an operator should know of a policy that can be used.

use std::sync::Arc;

use super::Policy;

/// Something that may not be what the operator meant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyWarning {
    /// A rule that is not in the text is in force (T-105).
    #[error(
        "the rule `{rule}` stands below this policy at levels {levels}: no rule of its own says for \
         every request who may be used then. Write such a rule, or `defaults.sim_change = \"off\"`"
    )]
    GateStands {
        /// Its name, as reasons tell it.
        rule: Arc<str>,
        /// Where: `2, 3, 4`.
        levels: String,
    },
    /// Nothing is in force but what the text says (T-105).
    #[error(
        "`defaults.sim_change` is \"off\": where no rule of its own says otherwise, a number whose SIM \
         was changed an hour ago is believed at every level"
    )]
    GatesOff,
}

impl Policy {
    /// What the operator should know of it. The built-in policy has nothing of that kind.
    pub fn warnings(&self) -> Vec<PolicyWarning> {
        if self.gates_are_off {
            return vec![PolicyWarning::GatesOff];
        }
        let stands = self.gates.iter().map(|gate| PolicyWarning::GateStands {
            rule: Arc::clone(&gate.rule.name),
            levels: gate.rule.when.levels.to_string(),
        });
        stands.collect()
    }
}
