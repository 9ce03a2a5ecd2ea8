//! Routing policy: what it decides, what it never can, and what is refused.

mod ceilings;
mod gate;
mod large;
mod levels;
mod reference;
mod refused;
mod risk;
mod rules;

use std::fmt::Write as _;

use fiador_domain::{
    profile::Profile,
    routing::{
        Candidate, Decision, Enrolment, Facts, Known, Policy, Reach, RequestFacts, RiskFacts,
        SubscriberFacts, decide,
    },
};
use fiador_kernel::{AuthenticatorId, ClientId, Loa, ScopeSet, Timestamp};

/// Sunday, 22 November 2026, 23:30 UTC.
const NOW: Timestamp = Timestamp::from_seconds(1_795_390_200);

fn id(name: &str) -> AuthenticatorId {
    AuthenticatorId::new(name).unwrap()
}

fn candidate(name: &str, ceiling: Loa, reach: Reach, enrolment: Enrolment, cost: u32) -> Candidate {
    Candidate { enrolment, cost, ..Candidate::new(id(name), ceiling, reach) }
}

/// What an operator may have, in the order of its configuration.
fn candidates() -> Vec<Candidate> {
    use Enrolment::{ByNumber, Listed};
    let (typed, on_phone) =
        (Reach::Phone { answered_on_phone: false }, Reach::Phone { answered_on_phone: true });
    vec![
        candidate("sms_otp", Loa::Two, typed, ByNumber, 40),
        candidate("sms_url", Loa::Two, on_phone, ByNumber, 45),
        candidate("network", Loa::Two, Reach::Browser, ByNumber, 0),
        candidate("sim_ok", Loa::Two, on_phone, Listed, 10),
        candidate("sim_pin", Loa::Three, on_phone, Listed, 10),
        candidate("fido", Loa::Three, Reach::Browser, Listed, 0),
    ]
}

/// A login from a computer by somebody who has everything, with nothing known of risk.
fn facts() -> Facts {
    Facts {
        at: NOW,
        client: ClientId::new("shop").unwrap(),
        profile: Profile::MobileConnect,
        scopes: ScopeSet::parse("openid mc_authn").unwrap(),
        levels: vec![Loa::Two],
        levels_voluntary: false,
        request: RequestFacts { has_browser: true, ..RequestFacts::default() },
        subscriber: SubscriberFacts {
            enrolled: ["sim_ok", "sim_pin", "fido"].map(id).into(),
            ..SubscriberFacts::default()
        },
        risk: RiskFacts::default(),
    }
}

/// A policy of these rules, and below them one that permits to fall back.
fn policy(rules: &str) -> Policy {
    let text = format!(
        "format = 1\n{rules}\n[[rules]]\nname = \"default\"\nthen = {{ fallback = true }}\n"
    );
    Policy::read(&text, Known::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn decided(policy: &Policy, facts: &Facts) -> Decision {
    decide(policy, facts, &candidates())
}

/// The steps in short: `sim_ok+sms_url(20) sms_otp`.
fn steps(decision: &Decision) -> String {
    let mut text = String::new();
    for step in &decision.steps {
        let names: Vec<_> = step.authenticators.iter().map(AuthenticatorId::as_str).collect();
        let gap = if text.is_empty() { "" } else { " " };
        write!(text, "{gap}{}", names.join("+")).unwrap();
        if let Some(patience) = step.patience {
            write!(text, "({})", patience.as_secs()).unwrap();
        }
    }
    text
}

/// The verdict on one candidate, in words.
fn verdict(decision: &Decision, name: &str) -> String {
    let verdict = decision.verdicts.iter().find(|verdict| verdict.authenticator.as_str() == name);
    verdict.unwrap().to_string()
}
