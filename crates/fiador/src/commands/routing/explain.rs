//! `fiador routing explain`

use std::{
    collections::BTreeSet,
    io::{Write as _, stdout},
    path::Path,
};

use anyhow::Context as _;
use fiador_domain::routing::{Candidate, Policy, decide};
use fiador_kernel::{Clock as _, JourneyId, SystemClock};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{gateway_of, policy_of, tell, text_of};
use crate::{
    admin::routing::{DecisionBody, ExplainBody, Hypothesis, HypotheticalRisk},
    cli::{ExplainArguments, HypothesisArguments},
};

/// Explains a past journey or a hypothetical request.
pub async fn run(arguments: ExplainArguments) -> anyhow::Result<()> {
    let told = match &arguments.journey {
        Some(journey) => of_journey(&arguments, journey).await?,
        None => of_request(&arguments).await?,
    };
    let text =
        if arguments.json { serde_json::to_string_pretty(&told)? } else { tell::decision(&told) };
    writeln!(stdout(), "{text}")?;
    Ok(())
}

/// What was decided, or what the policy given would have decided on what was known then.
async fn of_journey(arguments: &ExplainArguments, journey: &str) -> anyhow::Result<DecisionBody> {
    // An id is visible ASCII; what means something in an address is not part of ours.
    let journey = JourneyId::new(journey).context("--journey")?;
    let gateway = gateway_of(&arguments.config.config)?;
    let path = format!("/admin/v1/routing/decisions/{journey}");
    let decided: DecisionBody = serde_json::from_slice(&gateway.ask("GET", &path, None).await?)?;
    let Some(file) = &arguments.policy else { return Ok(decided) };
    let policy = policy_of(file, &text_of(file)?)?;
    let decision = decide(&policy, &decided.facts, &decided.candidates);
    Ok(DecisionBody::of(Some(journey), decided.facts, decided.candidates, decision))
}

async fn of_request(arguments: &ExplainArguments) -> anyhow::Result<DecisionBody> {
    let request = match (&arguments.request, &arguments.client) {
        (Some(file), _) => json_of(file)?,
        (None, client) => hypothesis(client.as_deref().unwrap_or_default(), &arguments.hypothesis)?,
    };
    let policy = arguments.policy.as_ref().map(|file| anyhow::Ok((file, text_of(file)?)));
    let policy = policy.transpose()?;
    if let Some(file) = &arguments.authenticators {
        let candidates: Vec<Candidate> = json_of(file)?;
        let policy = match &policy {
            Some((file, text)) => policy_of(file, text)?,
            None => Policy::default(),
        };
        let facts =
            request.facts(None, &candidates, SystemClock.now()).map_err(anyhow::Error::msg)?;
        let decision = decide(&policy, &facts, &candidates);
        return Ok(DecisionBody::of(None, facts, candidates, decision));
    }
    let asked = ExplainBody {
        request: Some(request),
        policy: policy.map(|(_, text)| text),
        ..ExplainBody::default()
    };
    let gateway = gateway_of(&arguments.config.config)?;
    let body = serde_json::to_vec(&asked)?;
    let answer = gateway.ask("POST", "/admin/v1/routing/explain", Some(body)).await?;
    Ok(serde_json::from_slice(&answer)?)
}

fn hypothesis(client: &str, arguments: &HypothesisArguments) -> anyhow::Result<Hypothesis> {
    let client = serde_json::from_value(client.into()).context("--client")?;
    Ok(Hypothesis {
        scope: arguments.scope.clone(),
        acr_values: arguments.acr_values.clone(),
        browser: !arguments.without_browser,
        on_handset: arguments.on_handset,
        country: arguments.country.clone(),
        enrolled: match &arguments.enrolled {
            Some(words) => Some(named(words).context("--enrolled")?),
            None => None,
        },
        can: named(&arguments.can).context("--can")?,
        risk: HypotheticalRisk {
            unavailable: arguments.risk_unavailable,
            sim_changed_hours_ago: arguments.sim_changed_hours_ago,
            ..HypotheticalRisk::default()
        },
        ..Hypothesis::of(client)
    })
}

/// Words of policies.
fn named<T: DeserializeOwned + Ord>(words: &[String]) -> anyhow::Result<BTreeSet<T>> {
    let word = |word: &String| serde_json::from_value(Value::from(word.as_str()));
    Ok(words.iter().map(word).collect::<Result<_, _>>()?)
}

fn json_of<T: DeserializeOwned>(file: &Path) -> anyhow::Result<T> {
    serde_json::from_str(&text_of(file)?).with_context(|| file.display().to_string())
}
