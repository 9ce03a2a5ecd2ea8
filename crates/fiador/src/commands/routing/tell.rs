//! Decisions in words.

use fiador_kernel::AuthenticatorId;

use crate::admin::routing::{DecisionBody, DryRun, StepBody};

/// The chain, then a line for every candidate.
pub fn decision(told: &DecisionBody) -> String {
    let mut lines = Vec::new();
    if let Some(journey) = &told.journey {
        lines.push(format!("journey {journey} of {}, at {}", told.facts.client, told.at));
    }
    let policy = match told.policy {
        0 => "built-in policy, or one that is not in force".to_owned(),
        revision => format!("policy revision {revision}"),
    };
    let level =
        told.level.map_or_else(|| "no level in particular".to_owned(), |l| format!("level {l}"));
    lines.push(format!("{policy}; {level}"));
    lines.push(format!("chain: {}", chain(&told.steps)));
    lines.extend(told.explanation.iter().map(|line| format!("  {line}")));
    lines.join("\n")
}

/// What would have changed: a line before and after for each journey.
pub fn dry_run(run: &DryRun) -> String {
    let mut lines = vec![format!(
        "journeys: {}; served: {}, would be: {}; different: {}",
        run.looked_at,
        run.served,
        run.would_be_served,
        run.differences.len()
    )];
    for difference in &run.differences {
        lines
            .push(format!("{} of {}, at {}", difference.journey, difference.client, difference.at));
        lines.push(format!("  was:      {}", chain(&difference.was.steps)));
        lines.push(format!("  would be: {}", chain(&difference.would_be.steps)));
        let why = difference.would_be.explanation.iter();
        lines.extend(why.map(|line| format!("    {line}")));
    }
    lines.join("\n")
}

/// `sim_ok + sms_url (20 s), sms_otp`
fn chain(steps: &[StepBody]) -> String {
    let step = |step: &StepBody| {
        let names: Vec<_> = step.authenticators.iter().map(AuthenticatorId::as_str).collect();
        let patience = step.patience_seconds.map_or_else(String::new, |s| format!(" ({s} s)"));
        format!("{}{patience}", names.join(" + "))
    };
    if steps.is_empty() {
        return "nobody".to_owned();
    }
    steps.iter().map(step).collect::<Vec<_>>().join(", ")
}
