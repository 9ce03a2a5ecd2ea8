//! T-100, T-101, T-104: what no policy can change, for random policies, facts and candidates.

use std::{collections::BTreeSet, fmt::Write as _};

use fiador_domain::routing::{
    Candidate, Enrolment, Facts, Known, Outcome, Policy, Reach, Reason, RiskFacts, Signal, decide,
};
use fiador_kernel::Loa;
use proptest::prelude::*;

use super::{NOW, facts, id};

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn names() -> impl Strategy<Value = String> {
    prop::sample::subsequence(&NAMES[..], 1..=3).prop_map(|names| {
        names.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(",")
    })
}

fn statement() -> impl Strategy<Value = String> {
    prop_oneof![
        names().prop_map(|names| format!("allow = [{names}]")),
        names().prop_map(|names| format!("deny = [{names}]")),
        Just("allow = ['*']".to_owned()),
        Just("deny = ['*']".to_owned()),
        names().prop_map(|names| format!("prefer = [{names}]")),
        names().prop_map(|names| format!("chain = [[{names}]]")),
        names().prop_map(|names| format!("chain = [{names}]")),
        (1..=4_u8).prop_map(|level| format!("required_level = {level}")),
        (0..60_u32).prop_map(|cost| format!("max_cost = {cost}")),
        any::<bool>().prop_map(|fallback| format!("fallback = {fallback}")),
        prop::sample::select(vec!["cost", "success_rate", "configuration"])
            .prop_map(|by| format!("order_by = '{by}'")),
        (1..=300_u16).prop_map(|seconds| format!("patience = '{seconds}s'")),
    ]
}

fn condition() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        Just("client = ['shop']".to_owned()),
        Just("client = ['other']".to_owned()),
        (1..=4_u8).prop_map(|level| format!("level_at_least = {level}")),
        (1..=4_u8).prop_map(|level| format!("level_at_most = {level}")),
        names().prop_map(|names| format!("enrolled = [{names}]")),
        names().prop_map(|names| format!("unavailable = [{names}]")),
        Just("sim_changed_within = '72h'".to_owned()),
        Just("risk_unavailable = ['sim_change']".to_owned()),
    ]
}

fn policy() -> impl Strategy<Value = Policy> {
    let rule = (condition(), statement(), any::<bool>());
    prop::collection::vec(rule, 0..8).prop_map(|rules| {
        let mut text = "format = 1\n".to_owned();
        for (number, (when, then, last)) in rules.iter().enumerate() {
            write!(
                text,
                "[[rules]]\nname = '{number}'\nwhen = {{ {when} }}\nthen = {{ {then} }}\nlast = {last}\n"
            )
            .unwrap();
        }
        Policy::read(&text, Known::default()).unwrap_or_else(|error| panic!("{error}\n{text}"))
    })
}

fn some_candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let reach = prop_oneof![
        Just(Reach::Browser),
        any::<bool>().prop_map(|answered_on_phone| Reach::Phone { answered_on_phone }),
    ];
    let one = (0..NAMES.len(), 1..=4_u8, any::<bool>(), reach, any::<bool>(), 0..100_u32).prop_map(
        |(name, ceiling, available, reach, listed, cost)| Candidate {
            available,
            cost,
            enrolment: if listed { Enrolment::Listed } else { Enrolment::ByNumber },
            ..Candidate::new(id(NAMES[name]), Loa::try_from(ceiling).unwrap(), reach)
        },
    );
    prop::collection::vec(one, 0..7)
}

fn some_facts() -> impl Strategy<Value = Facts> {
    let levels = prop::collection::vec(1..=4_u8, 0..4);
    let enrolled = prop::sample::subsequence(&NAMES[..], 0..=5);
    (levels, any::<bool>(), any::<bool>(), enrolled, 0..4_u8).prop_map(
        |(levels, levels_voluntary, has_browser, enrolled, risk)| {
            let mut facts = facts();
            facts.levels = levels.into_iter().map(|level| Loa::try_from(level).unwrap()).collect();
            facts.levels_voluntary = levels_voluntary;
            facts.request.has_browser = has_browser;
            facts.subscriber.enrolled = enrolled.into_iter().map(id).collect();
            facts.risk.sim_change = match risk {
                0 => Signal::NotAsked,
                1 => Signal::Unavailable,
                2 => Signal::Unknown,
                _ => Signal::Known(NOW),
            };
            facts
        },
    )
}

proptest! {
    #[test]
    fn no_policy_gets_more_out_of_an_authenticator_than_it_can_prove(
        policy in policy(), facts in some_facts(), candidates in some_candidates(),
    ) {
        let decision = decide(&policy, &facts, &candidates);
        let mut seen = BTreeSet::new();
        for taken in decision.authenticators() {
            prop_assert!(seen.insert(taken.clone()), "asked twice: {taken}");
            let candidate = candidates.iter().find(|candidate| candidate.id == *taken).unwrap();
            prop_assert!(candidate.available);
            prop_assert!(facts.request.has_browser || candidate.reach.works_without_browser());
            prop_assert!(
                candidate.enrolment == Enrolment::ByNumber
                    || facts.subscriber.enrolled.contains(taken)
            );
            let reaches = facts.levels.iter().any(|&level| candidate.ceiling >= level);
            prop_assert!(reaches || facts.levels.is_empty() || facts.levels_voluntary, "T-100");
        }
        if let (Some(level), Some(first)) = (decision.level, decision.steps.first()) {
            prop_assert!(facts.levels.contains(&level));
            let reached = candidates.iter().any(|candidate| {
                first.authenticators.contains(&candidate.id) && candidate.ceiling >= level
            });
            prop_assert!(reached);
        }
    }

    #[test]
    fn every_candidate_has_one_verdict_that_agrees_with_the_steps(
        policy in policy(), facts in some_facts(), candidates in some_candidates(),
    ) {
        let decision = decide(&policy, &facts, &candidates);
        prop_assert_eq!(decision.verdicts.len(), candidates.len());
        prop_assert_eq!(decision.unserved.is_some(), decision.steps.is_empty());
        let mut taken = 0;
        for (verdict, candidate) in decision.verdicts.iter().zip(&candidates) {
            prop_assert_eq!(&verdict.authenticator, &candidate.id);
            if let Outcome::Taken { step } = verdict.outcome {
                taken += 1;
                prop_assert!(decision.steps[step - 1].authenticators.contains(&candidate.id));
            }
        }
        prop_assert_eq!(taken, decision.authenticators().count());
        for step in &decision.steps {
            let in_browser = step.authenticators.iter().filter(|id| {
                candidates.iter().find(|one| one.id == **id).unwrap().reach == Reach::Browser
            });
            prop_assert!(in_browser.count() <= 1, "there is one browser");
        }
    }

    /// What an authenticator proves decides as if it could prove no more.
    #[test]
    fn no_proof_counts_that_the_rules_about_its_level_forbid_t_100(
        policy in policy(), facts in some_facts(), candidates in some_candidates(),
    ) {
        let decision = decide(&policy, &facts, &candidates);
        for step in &decision.steps {
            for taken in &step.authenticators {
                let place = candidates.iter().position(|one| one.id == *taken).unwrap();
                let least = step.least_levels.get(taken).copied().unwrap_or(Loa::One);
                let proofs = [Loa::One, Loa::Two, Loa::Three, Loa::Four].into_iter();
                for proof in proofs.filter(|&p| least <= p && p <= candidates[place].ceiling) {
                    let mut weaker = candidates.clone();
                    weaker[place].ceiling = proof;
                    let verdict = &decide(&policy, &facts, &weaker).verdicts[place];
                    let forbidden = matches!(verdict.outcome, Outcome::Dropped {
                        reason: Reason::Denied | Reason::BelowRequiredLevel | Reason::TooCostly,
                    });
                    prop_assert!(!forbidden, "{verdict}, and a proof of {proof} is taken");
                }
            }
        }
    }

    #[test]
    fn the_built_in_gate_lets_no_policy_free_login_through_t_105(
        mut facts in some_facts(), mut candidates in some_candidates(),
    ) {
        for candidate in &mut candidates {
            candidate.id = id("sms_otp");
            candidate.ceiling = Loa::Two;
        }
        facts.risk = RiskFacts { sim_change: Signal::Known(NOW), ..RiskFacts::default() };
        let decision = decide(&Policy::default(), &facts, &candidates);
        let reports_two = facts.levels.is_empty() || facts.levels.contains(&Loa::Two)
            || facts.levels.iter().all(|&l| l > Loa::Two);
        prop_assert!(decision.steps.is_empty() || !reports_two);
    }
}
