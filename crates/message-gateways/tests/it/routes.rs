//! Several routes: order, fail-over, budgets and what receipts teach.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use async_trait::async_trait;
use fiador_domain::{journey::Delivery, quota::Limit};
use fiador_kernel::{Digest, Msisdn};
use fiador_message_gateways::{RouteSettings, Routes, RoutesError, RoutesSettings};
use fiador_ports::{DeliveryReports, MessageCentre, SendError, TextMessage};
use fiador_testkit::TestClock;
use parking_lot::Mutex;

use crate::support::{Reports, clock, followed, message};

/// A centre that does as told and remembers what it was given.
#[derive(Default)]
struct Centre {
    script: Mutex<VecDeque<SendError>>,
    taken: Mutex<Vec<String>>,
    is_gone: Mutex<bool>,
    hangs: Mutex<bool>,
}

#[async_trait]
impl MessageCentre for Centre {
    async fn submit(&self, message: TextMessage) -> Result<(), SendError> {
        if *self.hangs.lock() {
            std::future::pending::<()>().await;
        }
        let next = self.script.lock().pop_front();
        self.taken.lock().push(message.text);
        next.map_or(Ok(()), Err)
    }

    fn is_available(&self) -> bool {
        !*self.is_gone.lock()
    }
}

/// Routes called `a`, `b`, `c`, of rising cost unless a test says otherwise.
struct World {
    routes: Routes,
    centres: Vec<Arc<Centre>>,
    clock: Arc<TestClock>,
    reports: Reports,
}

impl World {
    fn new(rules: RoutesSettings, routes: Vec<RouteSettings>) -> Self {
        let clock = clock();
        let centres: Vec<_> = routes.iter().map(|_| Arc::new(Centre::default())).collect();
        let each = centres.iter().map(|centre| Arc::clone(centre) as Arc<dyn MessageCentre>);
        let routes = routes.into_iter().zip(each).collect();
        let routes = Routes::new(rules, routes, clock.clone()).unwrap();
        let (sink, reports) = Reports::channel();
        routes.report_to(sink);
        Self { routes, centres, clock, reports }
    }

    fn plain() -> Self {
        Self::new(RoutesSettings::default(), abc())
    }

    fn fails(&self, route: usize, error: SendError) {
        self.centres[route].script.lock().push_back(error);
    }

    /// How many messages each was given.
    fn given(&self) -> Vec<usize> {
        self.centres.iter().map(|centre| centre.taken.lock().len()).collect()
    }

    async fn tells(&self, route: &str, text: &str, delivery: Delivery) {
        self.of(route).report(Digest::of(text), delivery).await;
    }

    fn of(&self, route: &str) -> Arc<dyn DeliveryReports> {
        self.routes.reports_of(route).unwrap()
    }

    fn percent(&self) -> Vec<Option<u8>> {
        self.routes.health().into_iter().map(|health| health.delivered_percent).collect()
    }
}

fn abc() -> Vec<RouteSettings> {
    ["a", "b", "c"]
        .into_iter()
        .zip([1, 2, 3])
        .map(|(name, cost)| RouteSettings::new(name, cost))
        .collect()
}

fn unknown(route: &str) -> SendError {
    SendError::Unknown { message_centre: route.to_owned() }
}

fn refused() -> SendError {
    SendError::Refused { message_centre: "a".to_owned(), status: 402 }
}

#[tokio::test]
async fn the_cheapest_route_is_taken_and_of_equal_ones_the_first() {
    let mut routes = abc();
    routes[0].cost = 3;
    routes[1].cost = 1;
    routes[2].cost = 1;
    let world = World::new(RoutesSettings::default(), routes);
    world.routes.submit(message("x")).await.unwrap();
    assert_eq!(world.given(), [0, 1, 0]);
}

#[tokio::test]
async fn a_route_serves_only_the_numbers_that_begin_as_it_says() {
    let mut routes = abc();
    routes[0].prefixes = vec!["44".to_owned(), "3463".to_owned()];
    routes[1].prefixes = vec!["34".to_owned()];
    let world = World::new(RoutesSettings::default(), routes);
    let to =
        |digits| TextMessage { destination: Msisdn::from_digits(digits).unwrap(), ..message("x") };
    world.routes.submit(to("34600000001")).await.unwrap();
    world.routes.submit(to("447700900123")).await.unwrap();
    world.routes.submit(to("34630000001")).await.unwrap();
    world.routes.submit(to("14155550123")).await.unwrap();
    assert_eq!(world.given(), [2, 1, 1]);
}

#[tokio::test]
async fn what_one_route_did_not_take_goes_to_the_next() {
    for error in
        [SendError::Unavailable, SendError::QueueFull, refused(), SendError::NotEncodable("x")]
    {
        let world = World::plain();
        world.fails(0, error.clone());
        world.routes.submit(message("x")).await.unwrap();
        assert_eq!(world.given(), [1, 1, 0], "{error}");
    }
    let world = World::plain();
    *world.centres[0].is_gone.lock() = true;
    assert!(world.routes.is_available());
    world.routes.submit(message("x")).await.unwrap();
    assert_eq!(world.given(), [0, 1, 0]);
}

#[tokio::test]
async fn when_no_route_takes_it_the_last_obstacle_is_the_answer() {
    let world = World::plain();
    for route in 0..3 {
        world.fails(route, refused());
    }
    assert_eq!(world.routes.submit(message("x")).await, Err(refused()));
    for centre in &world.centres {
        *centre.is_gone.lock() = true;
    }
    assert!(!world.routes.is_available());
    assert_eq!(world.routes.submit(message("x")).await, Err(SendError::Unavailable));
}

#[tokio::test]
async fn a_message_that_may_have_been_sent_is_not_sent_again_t_131() {
    let world = World::plain();
    world.fails(0, unknown("a"));
    assert_eq!(world.routes.submit(message("x")).await, Err(unknown("a")));
    assert_eq!(world.given(), [1, 0, 0]);
    // The route comes after others for a while.
    world.routes.submit(message("y")).await.unwrap();
    assert_eq!(world.given(), [1, 1, 0]);
    world.clock.advance(Duration::from_secs(30));
    world.routes.submit(message("z")).await.unwrap();
    assert_eq!(world.given(), [2, 1, 0]);
}

#[tokio::test]
async fn it_is_sent_again_when_the_operator_has_said_so_and_stays_unknown_when_that_fails() {
    let rules = RoutesSettings { resend_after_unknown: true, ..RoutesSettings::default() };
    let world = World::new(rules, abc());
    world.fails(0, unknown("a"));
    world.routes.submit(message("x")).await.unwrap();
    assert_eq!(world.given(), [1, 1, 0]);
    world.fails(1, unknown("b"));
    for route in [0, 2] {
        world.fails(route, SendError::Unavailable);
    }
    let outcome = world.routes.submit(message("y")).await.unwrap_err();
    assert_eq!(outcome, unknown("b"));
    assert!(!outcome.may_retry());
}

#[tokio::test(start_paused = true)]
async fn a_route_that_never_answers_is_given_up_in_three_seconds_t_131() {
    let world = World::plain();
    *world.centres[0].hangs.lock() = true;
    let start = tokio::time::Instant::now();
    assert_eq!(world.routes.submit(message("x")).await, Err(unknown("a")));
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    assert_eq!(world.given(), [0, 0, 0]);
    assert_eq!(RoutesSettings::default().share(3), Duration::from_secs(1));
}

#[tokio::test]
async fn a_spent_budget_leaves_the_route_to_others() {
    let mut routes = abc();
    routes[0].budget = vec![Limit::per_seconds(2, 60)];
    let world = World::new(RoutesSettings::default(), routes);
    for _ in 0..3 {
        world.routes.submit(message("x")).await.unwrap();
    }
    assert_eq!(world.given(), [2, 1, 0]);
    assert!(!world.routes.health()[0].has_budget);
    world.clock.advance(Duration::from_mins(2));
    world.routes.submit(message("x")).await.unwrap();
    assert_eq!(world.given(), [3, 1, 0]);
}

#[tokio::test]
async fn a_route_whose_messages_fail_comes_last_until_that_is_long_ago() {
    let mut world = World::plain();
    for number in 0..20 {
        let text = number.to_string();
        world.routes.submit(followed(&text)).await.unwrap();
        let fate = if number < 13 { Delivery::Delivered } else { Delivery::Failed };
        world.tells("a", &text, fate).await;
    }
    assert_eq!(world.percent(), [Some(65), None, None]);
    assert_eq!(world.reports.all().len(), 20);
    world.routes.submit(message("x")).await.unwrap();
    assert_eq!(world.given(), [20, 1, 0]);
    world.clock.advance(Duration::from_mins(20));
    world.routes.submit(message("x")).await.unwrap();
    assert_eq!(world.given(), [21, 1, 0]);
}

#[tokio::test]
async fn silence_about_messages_counts_like_failure_where_receipts_are_expected() {
    let mut routes = abc();
    routes[1].receipts = false;
    let mut world = World::new(RoutesSettings::default(), routes);
    for number in 0..20 {
        world.routes.submit(followed(&number.to_string())).await.unwrap();
    }
    world.clock.advance(Duration::from_secs(89));
    assert_eq!(world.percent(), [None, None, None]);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.percent(), [Some(0), None, None]);
    for number in 20..60 {
        world.routes.submit(followed(&number.to_string())).await.unwrap();
    }
    world.clock.advance(Duration::from_secs(90));
    assert_eq!(world.percent(), [Some(0), None, None], "nothing is expected of the second");
    assert_eq!(world.given(), [20, 40, 0]);
    world.tells("a", "3", Delivery::Delivered).await;
    assert_eq!(world.reports.all(), [(Digest::of("3"), Delivery::Delivered)], "late is told");
    assert_eq!(world.percent(), [Some(0), None, None], "and counts no more");
}

#[tokio::test]
async fn of_a_message_sent_twice_the_better_fate_is_told() {
    let rules = RoutesSettings { resend_after_unknown: true, ..RoutesSettings::default() };
    let mut world = World::new(rules, abc());
    world.fails(0, unknown("a"));
    world.routes.submit(followed("x")).await.unwrap();
    world.tells("a", "x", Delivery::Failed).await;
    assert_eq!(world.reports.all(), []);
    for _ in 0..2 {
        world.tells("b", "x", Delivery::Delivered).await;
    }
    assert_eq!(world.reports.all(), [(Digest::of("x"), Delivery::Delivered)]);
}

#[tokio::test]
async fn a_fate_that_another_node_waits_for_is_told_as_it_comes() {
    let mut world = World::plain();
    world.tells("b", "sent elsewhere", Delivery::Failed).await;
    assert_eq!(world.reports.all(), [(Digest::of("sent elsewhere"), Delivery::Failed)]);
    assert!(world.routes.reports_of("d").is_none());
}

#[test]
fn routes_that_cannot_be_are_refused_by_name() {
    let refused = |change: fn(&mut Vec<RouteSettings>)| {
        let mut routes = abc();
        change(&mut routes);
        RoutesSettings::default().check(&routes).unwrap_err()
    };
    assert_eq!(RoutesSettings::default().check(&abc()), Ok(()));
    assert_eq!(refused(Vec::clear), RoutesError::NoRoute);
    assert_eq!(refused(|all| all[1].name = "a".into()), RoutesError::DoubleName("a".into()));
    for change in [
        (|all| all[0].name = "ñ".into()) as fn(&mut Vec<RouteSettings>),
        |all| all[0].prefixes = vec!["+34".into()],
        |all| all[0].prefixes = vec![String::new()],
        |all| all[0].budget = vec![Limit::per_seconds(1, 0)],
    ] {
        let error = refused(change);
        assert!(matches!(error, RoutesError::Value { .. }), "{error}");
    }
}
