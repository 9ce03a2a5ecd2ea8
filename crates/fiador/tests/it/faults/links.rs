//! A link that two processes answer at the same moment: PostgreSQL is all they share.

use fiador_testkit::{
    peers::{Behaviour, Event, MessageCentre},
    postgres::Server,
    share,
};
use serde_json::json;

use crate::world::{Landing, Page, Running, Site, octets};

pub(super) const MSISDN: &str = "447700900070";

/// The next link that arrives at the phone.
pub(super) async fn link(centre: &mut MessageCentre) -> String {
    let event = centre.next_matching(
        |event| matches!(event, Event::Submit(s) if s.destination == MSISDN && s.status == Some(0)),
    );
    let Event::Submit(submit) = event.await.unwrap() else { unreachable!("only a submit matches") };
    let text: String = octets(&submit).into_iter().map(char::from).collect();
    text.split_whitespace().find(|word| word.starts_with("http")).unwrap().to_owned()
}

/// What to answer with: the number of the other screen, another number, or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Right,
    Wrong,
    No,
}

impl Answer {
    fn field(self, page: &Page, right: &str) -> (&'static str, String) {
        let offered = page.answer.text.split("name=\"number\" value=\"").skip(1);
        let offered = offered.map(|rest| rest[..2].to_owned());
        match self {
            Self::Right => ("number", right.to_owned()),
            Self::Wrong => ("number", offered.into_iter().find(|n| n != right).unwrap()),
            Self::No => ("decision", "deny".to_owned()),
        }
    }
}

/// Answers a link sixteenfold at both nodes, in ways that contradict each other, and gives the
/// answers that were taken.
async fn race(nodes: &[Running; 2], page: &Page, right: &str) -> Vec<Answer> {
    let answers = (0..16).map(|n| {
        let answer = [Answer::Right, Answer::No, Answer::Right, Answer::Wrong][n / 2 % 4];
        let (name, value) = answer.field(page, right);
        let (mut phone, page) = (nodes[0].user(MSISDN).browser, page.clone());
        phone.meets_node(&nodes[n % 2].listener("public"));
        tokio::spawn(async move {
            let shown = phone.submit(&page, "link-answer", &[(name, &value)]).await.page();
            (answer, shown.answer.status)
        })
    });
    let mut taken = Vec::new();
    for answered in answers.collect::<Vec<_>>() {
        let (answer, status) = answered.await.unwrap();
        match status {
            200 => taken.push(answer),
            // A busy machine may need longer than the deadline of the database.
            503 => {}
            _ => assert_eq!(status, 410, "T-129"),
        }
    }
    taken
}

/// T-126, T-240: the full set is run by `cargo xtask soak`.
#[tokio::test]
async fn large_set_of_links_answered_sixteenfold_on_two_nodes_has_one_outcome_each() {
    let database = Server::shared().unwrap().database().unwrap();
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut site = Site::new().through("only", &centre);
    site.database_url = database.url().to_owned();
    site.more =
        "[routing.prompts]\nlive = 1000\nunanswered = 100000\nrest_seconds = 0\n".to_owned();
    let nodes = [site.start_empty(), site.node().start_empty()];
    for node in &nodes {
        node.until_connected().await;
    }
    let provider = nodes[0].provider("mobile_connect");

    let (mut approved, mut refused) = (0, 0);
    for round in share::of(0..200, 7) {
        // Each round has a subscription of its own: wrong answers lock one.
        let body = json!({
            "msisdn": format!("+{MSISDN}"), "status": "active",
            "authenticators": ["sms_url"], "attributes": {},
        });
        let subscriber = format!("/admin/v1/subscribers/round-{round}");
        assert_eq!(nodes[0].admin("PUT", &subscriber, Some(body)).await.status, 204);

        let mut waiting = nodes[0].user(MSISDN).browser;
        let start = provider.start(&provider.request().for_number(MSISDN));
        let page = waiting.open(&start).await.page();
        let right = page.text_of("number-to-match");
        let mut phone = nodes[1].user(MSISDN).browser;
        phone.meets_node(&nodes[1].listener("public"));
        let asks = phone.open(&link(&mut centre).await).await.page();
        let taken = race(&nodes, &asks, &right).await;

        // The same form, sent again to the same node, is told the same.
        assert!(taken.iter().all(|answer| *answer == taken[0]), "{taken:?}");
        let landing = Landing::at(waiting.open(&page.url).await.away());
        if landing.get("error").is_empty() {
            assert!(taken.iter().all(|answer| *answer == Answer::Right), "{taken:?}");
            provider.tokens(landing.code()).await;
            approved += 1;
        } else {
            assert!(taken.iter().all(|answer| *answer != Answer::Right), "{taken:?}");
            refused += 1;
        }
        assert_eq!(nodes[0].admin("DELETE", &subscriber, None).await.status, 204);
    }
    assert!(approved + refused >= 10, "{approved} approved, {refused} refused");
}
