//! 202, or for browsers 302: the user has to say (mobile-connect §1.4).

use fiador_wire_oauth::discovery::DiscoveryNotFound;
use proptest::prelude::*;

use crate::world::{PAGE, REDIRECT_URL, World, basic, get, post};

#[tokio::test]
async fn what_does_not_tell_the_operator_leads_to_the_selection_page() {
    let world = World::new();
    let cases: [&[(&str, &str)]; 6] = [
        &[],
        &[("Identified-MCC", "999"), ("Identified-MNC", "99")],
        &[("MSISDN", "33612345678")],
        &[("MSISDN", "447700900907"), ("Manually-Select", "True")],
        &[("Selected-MCC", ""), ("Selected-MNC", "")],
        &[("Local-Client-IP", "10.0.0.1"), ("Using-Mobile-Data", "0"), ("unknown", "x")],
    ];
    for parameters in cases {
        let mut all = parameters.to_vec();
        all.push(("correlation_id", "42"));
        let answer = world.ask(&all).await;
        assert_eq!(answer.status, 202, "{parameters:?}");
        assert_eq!(answer.json()["correlation_id"], "42");
        let body: DiscoveryNotFound = serde_json::from_value(answer.json()).unwrap();
        assert_eq!(body.links[0].rel, "operatorSelection");
        let start = format!("https://id.example{PAGE}?session_id=");
        assert!(body.links[0].href.starts_with(&start), "{body:?}");
    }
    assert!(world.ask(&[]).await.json().get("correlation_id").is_none());
}

#[tokio::test]
async fn an_operator_that_the_application_is_not_registered_at_is_not_found_by_chance() {
    let world = World::new();
    let parameters = [("Redirect_URL", REDIRECT_URL), ("MSISDN", "34600000001")];
    let answer = world.send(get(&parameters, &basic("local", "local-secret"), &[])).await;
    assert_eq!(answer.status, 202);
}

#[tokio::test]
async fn a_browser_is_led_to_the_page_at_once() {
    let world = World::new();
    let accept = ("accept", "text/html,application/xhtml+xml,*/*;q=0.8");
    for parameters in [&[][..], &[("MSISDN", "447700900907")]] {
        let answer = world.ask_with(parameters, &[accept]).await;
        assert_eq!(answer.status, 302, "{parameters:?}");
        assert!(answer.location().starts_with("https://id.example/v2/discovery/users/"));
    }
    let authorization = basic("shop", "shop-secret");
    let headers = [accept, ("authorization", authorization.as_str())];
    let request = post("/v2/discovery", &[("Redirect_URL", REDIRECT_URL)], &headers);
    assert_eq!(world.send(request).await.status, 303);
}

#[tokio::test]
async fn a_forged_cookie_at_most_leads_to_the_page() {
    let world = World::new();
    for value in ["999_99", "x", "234_15_1", "", "234_15; Most-Recent-Selected-Operator-Expiry=1"] {
        let cookie = format!("Most-Recent-Selected-Operator={value}");
        let answer = world.ask_with(&[], &[("cookie", &cookie)]).await;
        assert_eq!(answer.status, 202, "{value}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_parameters_get_a_specified_answer_with_a_body(
        parameters in prop::collection::vec((
            prop::sample::select(vec![
                "Redirect_URL", "Selected-MCC", "Selected-MNC", "Identified-MCC", "Identified-MNC",
                "MSISDN", "Manually-Select", "Ignore-Cookies", "correlation_id", "x",
            ]),
            prop_oneof![any::<String>(), "[0-9]{2,12}", Just("234".to_owned()), Just(REDIRECT_URL.to_owned())],
        ), 0..8),
        authorized in any::<bool>(),
    ) {
        let pairs: Vec<(&str, &str)> = parameters.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let authorization = if authorized { basic("shop", "shop-secret") } else { String::new() };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let answer = runtime.block_on(async {
            World::new().send(get(&pairs, &authorization, &[])).await
        });
        prop_assert!([200, 202, 400, 404].contains(&answer.status.as_u16()), "{:?}", answer);
        prop_assert!(answer.json().is_object());
    }
}
