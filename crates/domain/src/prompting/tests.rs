//! Random events and a random clock against a plain account of what has happened.

use proptest::prelude::*;

use super::*;

const JOURNEYS: usize = 8;

#[derive(Clone, Debug)]
enum Event {
    Begin { journey: usize, client: usize, browser: Option<usize> },
    Renew { journey: usize },
    Answer { journey: usize },
    GiveUp { journey: usize },
    TurnDown { journey: usize },
    Withdraw { journey: usize },
    Pass { seconds: u64 },
}

fn event() -> impl Strategy<Value = Event> {
    let journey = || 0..JOURNEYS;
    prop_oneof![
        8 => (journey(), 0..2_usize, prop::option::of(0..2_usize)).prop_map(
            |(journey, client, browser)| Event::Begin { journey, client, browser }
        ),
        3 => journey().prop_map(|journey| Event::Renew { journey }),
        2 => journey().prop_map(|journey| Event::Answer { journey }),
        2 => journey().prop_map(|journey| Event::GiveUp { journey }),
        1 => journey().prop_map(|journey| Event::TurnDown { journey }),
        1 => journey().prop_map(|journey| Event::Withdraw { journey }),
        4 => (1_u64..240).prop_map(|seconds| Event::Pass { seconds }),
    ]
}

/// A journey that has begun to prompt, as an onlooker remembers it.
#[derive(Clone, Debug)]
struct Seen {
    journey: usize,
    since: Timestamp,
    until: Timestamp,
    /// Neither answered nor withdrawn.
    is_unanswered: bool,
    is_over: bool,
}

fn prompting(journey: usize, client: usize, browser: Option<usize>, now: Timestamp) -> Prompting {
    Prompting {
        journey: JourneyId::new(&format!("j{journey}")).unwrap(),
        handle: Digest::of(format!("j{journey}")),
        client: client_id(client),
        browser: browser.map(|browser| Digest::of(format!("b{browser}"))),
        until: now + Duration::from_mins(5),
    }
}

fn client_id(client: usize) -> ClientId {
    ClientId::new(&format!("c{client}")).unwrap()
}

fn limits() -> impl Strategy<Value = PromptLimits> {
    (1_usize..4, 1_usize..5, 60_u64..900, 0_u64..900).prop_map(
        |(live, unanswered, window, rest)| PromptLimits {
            live,
            unanswered,
            window: Duration::from_secs(window),
            rest: Duration::from_secs(rest),
        },
    )
}

proptest! {
    #[test]
    fn no_stretch_of_time_holds_more_prompts_than_the_limits_allow_t_106(
        events in prop::collection::vec(event(), 0..80),
        limits in limits(),
    ) {
        let mut now = Timestamp::from_seconds(1_000_000);
        let mut ledger = Ledger::default();
        let mut seen: Vec<Seen> = Vec::new();
        let mut rests: Vec<(usize, Timestamp)> = Vec::new();
        for event in events {
            // A journey that is over is answered by nobody.
            if let Event::Answer { journey } | Event::Withdraw { journey } | Event::TurnDown { journey } = event
                && seen.iter().any(|one| one.journey == journey && !one.is_over && one.until <= now)
            {
                continue;
            }
            match event {
                Event::Begin { journey, client, browser } => {
                    let next = prompting(journey, client, browser, now);
                    let may = ledger.may_begin(&next, &limits, now);
                    let before = ledger.clone();
                    let begun = ledger.begin(next.clone(), &limits, now);
                    prop_assert_eq!(may.err(), begun.as_ref().err().copied());
                    match begun {
                        Ok(replaced) => {
                            for one in &mut seen {
                                let name = JourneyId::new(&format!("j{}", one.journey)).unwrap();
                                let is_replaced = replaced.iter().any(|other| other.journey == name);
                                one.is_over |= is_replaced || one.journey == journey;
                                // The same journey again is the same prompt.
                                one.is_unanswered &= one.journey != journey || one.until <= now;
                            }
                            for one in replaced {
                                ledger.end_unanswered(&one.journey, &limits, now);
                            }
                            seen.push(Seen { journey, since: now, until: next.until, is_unanswered: true, is_over: false });
                            prop_assert!(rests.iter().all(|&(c, until)| c != client || until <= now));
                        }
                        Err(wait) => {
                            prop_assert_eq!(&ledger, &before, "a refusal was written");
                            prop_assert!(wait > Duration::ZERO);
                            // The wait is long enough, and no longer.
                            // One's own prompt may end meanwhile, and give way no more.
                            let has_own = ledger.live.iter().any(|live| live.belongs_to(&next));
                            prop_assert!(has_own || ledger.may_begin(&next, &limits, now + wait).is_ok());
                            let earlier = wait.saturating_sub(Duration::from_micros(1));
                            prop_assert!(ledger.may_begin(&next, &limits, now + earlier).is_err());
                        }
                    }
                }
                Event::Renew { journey } => {
                    let is_live = |one: &&Seen| one.journey == journey && !one.is_over && now < one.until;
                    let Some(first) = seen.iter().find(is_live).cloned() else { continue };
                    if ledger.renew(prompting(journey, 0, None, now), &limits, now).is_ok() {
                        seen.push(Seen { since: now, ..first });
                    }
                }
                Event::Answer { journey } => {
                    ledger.end_answered(&prompting(journey, 0, None, now).journey);
                    answered(&mut seen, journey, now);
                }
                Event::Withdraw { journey } => {
                    ledger.withdraw(&prompting(journey, 0, None, now).journey);
                    answered(&mut seen, journey, now);
                }
                Event::TurnDown { journey } => {
                    let client = journey % 2;
                    ledger.turn_down(&prompting(journey, 0, None, now).journey, &client_id(client), &limits, now);
                    over(&mut seen, journey);
                    rests.retain(|&(c, _)| c != client);
                    rests.push((client, now + limits.rest));
                }
                Event::GiveUp { journey } => {
                    ledger.end_unanswered(&prompting(journey, 0, None, now).journey, &limits, now);
                    over(&mut seen, journey);
                }
                Event::Pass { seconds } => now = now + Duration::from_secs(seconds),
            }
            let live = seen.iter().filter(|one| !one.is_over && now < one.until);
            let live = live.map(|one| one.journey).collect::<std::collections::BTreeSet<_>>().len();
            prop_assert!(live <= limits.live, "{live} live prompts");
            let lately = |one: &&Seen| one.is_unanswered && one.since + limits.window > now;
            let unanswered = seen.iter().filter(lately).count();
            prop_assert!(unanswered <= limits.unanswered, "{unanswered} unanswered prompts");
            prop_assert!(ledger.live.len() <= MOST && ledger.unanswered.len() <= MOST);
        }
        // What is forgotten says nothing any more.
        let forgettable = ledger.forgettable_at(&limits);
        let anybody = prompting(JOURNEYS, 0, None, forgettable);
        prop_assert_eq!(ledger.may_begin(&anybody, &limits, forgettable), Ok(()));
    }
}

fn answered(seen: &mut [Seen], journey: usize, now: Timestamp) {
    for one in
        seen.iter_mut().filter(|one| one.journey == journey && !one.is_over && now < one.until)
    {
        one.is_unanswered = false;
        one.is_over = true;
    }
}

fn over(seen: &mut [Seen], journey: usize) {
    for one in seen.iter_mut().filter(|one| one.journey == journey) {
        one.is_over = true;
    }
}

#[test]
fn a_second_prompt_waits_for_the_end_of_the_first() {
    let (mut ledger, limits, now) = world();
    ledger.begin(prompting(1, 0, Some(0), now), &limits, now).unwrap();
    let wait = ledger.begin(prompting(2, 0, Some(1), now), &limits, now).unwrap_err();
    assert_eq!(wait, Duration::from_mins(5));
    ledger.begin(prompting(2, 0, Some(1), now), &limits, now + wait).unwrap();
}

#[test]
fn a_browser_replaces_its_own_prompt_and_a_door_without_one_does_not() {
    let (mut ledger, limits, now) = world();
    ledger.begin(prompting(1, 0, Some(0), now), &limits, now).unwrap();
    let replaced = ledger.begin(prompting(2, 0, Some(0), now), &limits, now).unwrap();
    assert_eq!(replaced, [prompting(1, 0, Some(0), now)]);
    // It stands until the new prompt has left, and if that has not, it goes on standing.
    ledger.withdraw(&prompting(2, 0, None, now).journey);
    assert!(ledger.begin(prompting(5, 0, Some(1), now), &limits, now).is_err());
    ledger.begin(prompting(2, 0, Some(0), now), &limits, now).unwrap();
    ledger.end_unanswered(&replaced[0].journey, &limits, now);
    ledger.end_answered(&prompting(2, 0, None, now).journey);
    ledger.begin(prompting(3, 0, None, now), &limits, now).unwrap();
    assert!(ledger.begin(prompting(4, 0, None, now), &limits, now).is_err());
}

#[test]
fn the_same_journey_may_begin_again_and_counts_once() {
    let (mut ledger, limits, now) = world();
    for _ in 0..10 {
        assert_eq!(ledger.begin(prompting(1, 0, None, now), &limits, now), Ok(Vec::new()));
    }
}

#[test]
fn a_prompt_that_is_sent_again_counts_as_another_until_the_subscriber_answers_t_106() {
    let (mut ledger, limits, mut now) = world();
    let one = prompting(1, 0, None, now);
    ledger.begin(one.clone(), &limits, now).unwrap();
    assert_eq!(ledger.renew(one.clone(), &limits, now), Err(LEAST_GAP));
    for _ in 0..2 {
        now = now + LEAST_GAP;
        ledger.renew(one.clone(), &limits, now).unwrap();
    }
    let wait = ledger.renew(one.clone(), &limits, now + LEAST_GAP).unwrap_err();
    assert_eq!(wait, Duration::from_mins(10).saturating_sub(LEAST_GAP * 3));
    // One that has not left is none.
    ledger.withdraw_renewed(&one.journey, now);
    now = now + LEAST_GAP;
    ledger.renew(one.clone(), &limits, now).unwrap();
    let mut answered = ledger.clone();
    answered.end_answered(&one.journey);
    assert_eq!(answered.may_begin(&prompting(2, 0, None, now), &limits, now), Ok(()));
    ledger.end_unanswered(&one.journey, &limits, now);
    assert!(ledger.may_begin(&prompting(2, 0, None, now), &limits, now).is_err());
}

#[test]
fn a_journey_sends_a_few_prompts_again_however_loose_the_limits_are_t_106() {
    let (mut ledger, _, mut now) = world();
    let (one, limits) = (prompting(1, 0, None, now), PromptLimits::none());
    ledger.begin(one.clone(), &limits, now).unwrap();
    for _ in 0..MOST_RENEWED {
        now = now + LEAST_GAP;
        ledger.renew(one.clone(), &limits, now).unwrap();
    }
    assert!(ledger.renew(one.clone(), &limits, now + LEAST_GAP).is_err());
}

#[test]
fn a_client_that_was_turned_down_rests_and_others_do_not_t_109() {
    let (mut ledger, limits, now) = world();
    ledger.begin(prompting(1, 0, None, now), &limits, now).unwrap();
    ledger.turn_down(&prompting(1, 0, None, now).journey, &client_id(0), &limits, now);
    let rest = ledger.may_begin(&prompting(2, 0, None, now), &limits, now);
    assert_eq!(rest, Err(Duration::from_mins(10)));
    assert_eq!(ledger.may_begin(&prompting(2, 1, None, now), &limits, now), Ok(()));
}

#[test]
fn without_limits_nothing_is_refused_and_little_is_kept() {
    let (mut ledger, _, now) = world();
    let limits = PromptLimits::none();
    for journey in 0..1000 {
        ledger.begin(prompting(journey, 0, None, now), &limits, now).unwrap();
        ledger.turn_down(
            &prompting(journey, 0, None, now).journey,
            &client_id(journey),
            &limits,
            now,
        );
        ledger.begin(prompting(journey, journey, None, now), &limits, now).unwrap();
    }
    assert!(ledger.live.len() <= MOST && ledger.resting.len() <= MOST);
}

#[test]
fn a_ledger_survives_storage() {
    let (mut ledger, limits, now) = world();
    ledger.begin(prompting(1, 0, Some(0), now), &limits, now).unwrap();
    ledger.end_unanswered(&prompting(1, 0, None, now).journey, &limits, now);
    ledger.turn_down(&prompting(2, 0, None, now).journey, &client_id(0), &limits, now);
    let text = serde_json::to_string(&ledger).unwrap();
    assert_eq!(serde_json::from_str::<Ledger>(&text).unwrap(), ledger);
}

fn world() -> (Ledger, PromptLimits, Timestamp) {
    (Ledger::default(), PromptLimits::default(), Timestamp::from_seconds(1_000_000))
}
