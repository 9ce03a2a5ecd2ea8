//! One routing decision under a policy of a thousand rules.
//!
//! Pure code in one thread of the bench itself: nothing is started. Rules that name a client are found
//! by it; of the others every one is looked at, so both kinds are measured, and one half of each.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use fiador_domain::profile::Profile;
use fiador_domain::routing::{
    Candidate, Enrolment, Facts, Known, Policy, Reach, RequestFacts, RiskFacts, Signal,
    SubscriberFacts, decide,
};
use fiador_kernel::{AuthenticatorId, ClientId, Loa, ScopeSet, Timestamp};

use super::process::cpu_of_this_thread;
use super::{Options, progress};

const RULES: usize = 1000;
/// Decisions in each round.
const DECISIONS: u32 = 50_000;
/// What a decision may take.
const TARGET: &str = "≤ 20 µs";

/// Measures, and gives the table.
pub(super) fn measure(options: Options) -> anyhow::Result<String> {
    progress("routing decisions");
    let facts = facts()?;
    let candidates = candidates()?;
    let mut table = String::from(
        "\n| routing decision, six authenticators | target | measured | rounds |\n|---|---:|---:|---:|\n",
    );
    for (name, by_client) in [
        ("1,000 rules, each of one client", RULES),
        ("1,000 rules, half of them of any client", RULES / 2),
        ("1,000 rules of any client", 0),
    ] {
        let policy = Policy::read(&rules(by_client), Known::default())?;
        let mut costs = Vec::new();
        for _ in 0..options.rounds {
            costs.push(cost(|| {
                black_box(decide(&policy, black_box(&facts), black_box(&candidates)));
            })?);
        }
        let (least, most) = (costs.iter().min(), costs.iter().max());
        let mean = costs.iter().sum::<Duration>() / u32::try_from(costs.len())?;
        let micros = |cost: Duration| format!("{:.1}", cost.as_secs_f64() * 1e6);
        let range = least.zip(most).map(|(&a, &b)| format!("{} to {}", micros(a), micros(b)));
        let range = range.unwrap_or_default();
        writeln!(table, "| {name} | {TARGET} | {} µs | {range} |", micros(mean))?;
    }
    Ok(table)
}

fn cost(mut decision: impl FnMut()) -> anyhow::Result<Duration> {
    let begin = cpu_of_this_thread()?;
    for _ in 0..DECISIONS {
        decision();
    }
    Ok(cpu_of_this_thread()?.saturating_sub(begin) / DECISIONS)
}

/// The first rules name a client each, the others a scope, a country or signs of risk.
fn rules(by_client: usize) -> String {
    let mut text = String::from("format = 1\n");
    for number in 0..RULES {
        let when = match number % 3 {
            _ if number < by_client => format!("client = ['client-{number}']"),
            0 => format!("scope = ['scope_{number}'], level_at_least = 2"),
            1 => "country = ['ZZ'], on_handset = true".to_owned(),
            _ => "on_handset = true, sim_changed_within = '1h'".to_owned(),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "[[rules]]\nname = 'rule {number}'\nwhen = {{ {when} }}\n\
             then = {{ prefer = ['fido', 'sim_ok'], patience = '30s' }}"
        );
    }
    text += "[[rules]]\nname = 'default'\nthen = { fallback = true, order_by = 'cost' }\n";
    text
}

fn facts() -> anyhow::Result<Facts> {
    Ok(Facts {
        at: Timestamp::from_seconds(1_795_390_200),
        client: ClientId::new("client-7")?,
        profile: Profile::MobileConnect,
        scopes: ScopeSet::parse("openid mc_authn")?,
        levels: vec![Loa::Three, Loa::Two],
        levels_voluntary: false,
        request: RequestFacts {
            has_browser: true,
            on_handset: true,
            country: Some("ES".to_owned()),
            ..RequestFacts::default()
        },
        subscriber: SubscriberFacts {
            enrolled: [AuthenticatorId::new("sim_ok")?, AuthenticatorId::new("fido")?].into(),
            ..SubscriberFacts::default()
        },
        risk: RiskFacts {
            sim_change: Signal::Known(Timestamp::from_seconds(1_700_000_000)),
            ..RiskFacts::default()
        },
    })
}

fn candidates() -> anyhow::Result<Vec<Candidate>> {
    let phone = |answered_on_phone| Reach::Phone { answered_on_phone };
    let all = [
        ("sms_otp", Loa::Two, phone(false), Enrolment::ByNumber, 40),
        ("sms_url", Loa::Two, phone(true), Enrolment::ByNumber, 40),
        ("sms_otp_url", Loa::Two, phone(true), Enrolment::ByNumber, 40),
        ("network", Loa::Two, Reach::Browser, Enrolment::ByNumber, 0),
        ("sim_ok", Loa::Two, phone(true), Enrolment::Listed, 10),
        ("fido", Loa::Three, Reach::Browser, Enrolment::Listed, 0),
    ];
    all.into_iter()
        .map(|(name, ceiling, reach, enrolment, cost)| {
            let id = AuthenticatorId::new(name)?;
            Ok(Candidate { enrolment, cost, ..Candidate::new(id, ceiling, reach) })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measured_decision_is_one_that_is_made() {
        for by_client in [RULES, 0] {
            let policy = Policy::read(&rules(by_client), Known::default()).unwrap();
            let decision = decide(&policy, &facts().unwrap(), &candidates().unwrap());
            assert_eq!(decision.steps.len(), 6);
            assert_eq!(decision.verdicts.len(), 6);
        }
    }
}
