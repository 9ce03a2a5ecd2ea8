//! Of many answers at once, on code and link together, one counts (T-121, T-240).

use std::{collections::BTreeSet, sync::Arc};

use fiador_domain::journey::{Refusal, Stage};
use fiador_kernel::JourneyId;
use fiador_ports::Settled;
use fiador_testkit::share;
use http::{Method, StatusCode};
use parking_lot::Mutex;

use crate::{
    phone::{Gateway, encode, form_token},
    world::{NUMBER, answer, wrong},
};

/// Loose in how many messages leave, strict in everything about them.
fn gateway() -> Arc<Gateway> {
    Arc::new(Gateway::with(|settings| {
        let budgets = &mut settings.send_budgets;
        budgets.subscription.clear();
        budgets.client.clear();
        budgets.browser_network.clear();
        budgets.number_block.clear();
        budgets.message_centre.clear();
        settings.guess_alarm.minimum_guesses = u32::MAX;
        settings.conversion_alarm.minimum_sends = u32::MAX;
        // Each guess is a failure of one and the same subscription here.
        settings.lock_out = vec![fiador_domain::quota::Limit::per_seconds(100, 1)];
    }))
}

/// A journey of its own, with the code of its message.
async fn begin(gateway: &Gateway, kind: &str, name: usize) -> (usize, String) {
    let mut login = gateway.world.login(NUMBER);
    login.journey = JourneyId::new(&format!("journey-{name}")).unwrap();
    let journey = gateway.routing.begin(&login, kind).await;
    gateway.world.family.settled().await;
    let text = gateway.world.centre.outbox.lock().pop().unwrap().text;
    gateway.world.centre.outbox.lock().clear();
    // Failures of one subscription are not what is looked at.
    gateway.world.clock.advance(std::time::Duration::from_secs(2));
    (journey, text)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_large_set_of_parallel_guesses_three_are_evaluated_per_message_t_121() {
    let gateway = gateway();
    for name in share::of(0..1_000_usize, 7) {
        let (journey, text) = begin(&gateway, "sms_otp", name).await;
        let code = crate::world::code_in(&text).to_owned();
        let guesses: Vec<_> = (0..200_u32)
            .map(|guess| {
                let gateway = Arc::clone(&gateway);
                // Seven digits, so that none of them is the code.
                let guess = answer(&format!("{guess:07}"));
                tokio::spawn(async move { gateway.routing.answer_here(journey, &guess).await })
            })
            .collect();
        for guess in guesses {
            guess.await.unwrap();
        }
        assert_eq!(gateway.routing.evaluated.lock()[&journey], 3, "journey {journey}");
        let stage = gateway.routing.stage(journey);
        assert!(matches!(stage, Stage::Refused { reason: Refusal::Failed, .. }));
        let late = gateway.routing.answer_here(journey, &answer(&code)).await;
        assert!(matches!(late, Settled::TooLate(_)), "the right code comes too late");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_large_set_of_races_for_one_link_each_has_one_outcome_t_240() {
    let gateway = gateway();
    for name in share::of(0..10_000_usize, 3) {
        let (journey, text) = begin(&gateway, "sms_otp_url", name).await;
        let code = crate::world::code_in(&text).to_owned();
        let link = text.lines().find_map(|line| line.strip_prefix("https://id.mno.example"));
        let link = link.unwrap().to_owned();
        let number = gateway.routing.number(journey).to_string();
        let form = form_token(&gateway.get(&link).await.body);
        let counted = Arc::new(Mutex::new(BTreeSet::new()));
        let racers: Vec<_> = (0..16)
            .map(|racer| {
                let (gateway, counted) = (Arc::clone(&gateway), Arc::clone(&counted));
                let (link, form, number) = (link.clone(), form.clone(), number.clone());
                let code = if racer == 3 { code.clone() } else { wrong(&code) };
                tokio::spawn(async move {
                    let (said, has_counted) = match racer % 4 {
                        3 => {
                            let settled =
                                gateway.routing.answer_here(journey, &answer(&code)).await;
                            ("code", matches!(settled, Settled::Moved(_)))
                        }
                        choice => {
                            let field = match choice {
                                0 | 1 => ("number", &*number),
                                _ => ("decision", "deny"),
                            };
                            let body = encode(&[("form", &form), field]);
                            let reply = gateway.ask(Method::POST, &link, &[], Some(body)).await;
                            (field.0, reply.status == StatusCode::OK)
                        }
                    };
                    has_counted.then(|| counted.lock().insert(said));
                })
            })
            .collect();
        for racer in racers {
            racer.await.unwrap();
        }
        // The same form, sent again, is told the same.
        assert_eq!(counted.lock().len(), 1, "one answer is told that it counted: {counted:?}");
        assert!(gateway.routing.evaluated.lock()[&journey] <= 3);
        let stage = gateway.routing.stage(journey);
        assert!(
            matches!(stage, Stage::Verified { .. } | Stage::Refused { .. }),
            "{}",
            stage.name()
        );
        assert_eq!(gateway.get(&link).await.status, StatusCode::GONE);
    }
}
