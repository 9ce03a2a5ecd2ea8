//! `/livez`, `/readyz`, `/metrics`.

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::Site;

#[tokio::test]
async fn probes_tell_the_state_and_metrics_count_what_happened() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    assert_eq!(running.probe("livez").await.status, 200);
    running.until_connected().await;
    let ready = running.probe("readyz").await;
    assert_eq!((ready.status, ready.text.lines().next()), (200, Some("ready")));

    let provider = running.provider("oidc");
    let start = provider.start(&provider.request().for_number("447700900001"));
    let landing = running.log_in(&mut running.user("447700900001"), &start, &mut centre).await;
    let tokens = provider.tokens(landing.code()).await;
    assert!(provider.is_active(&tokens.access_token).await);
    provider.attributes("userinfo", &tokens.access_token).await;

    let metrics = running.probe("metrics").await;
    assert!(metrics.header("content-type").starts_with("text/plain"));
    for line in [
        "fiador_codes_issued_total{profile=\"oidc\"} 1",
        "fiador_smpp_bound{message_centre=\"only\"} 1",
        "fiador_sms_messages_total{authenticator=\"sms_otp\",outcome=\"accepted\"} 1",
        "fiador_authentication_answers_total{authenticator=\"sms_otp\",outcome=\"verified\"} 1",
        "fiador_token_manager_requests_total{endpoint=\"token\",outcome=\"issued\"} 1",
        "fiador_access_gateway_requests_total{endpoint=\"userinfo\",outcome=\"served\"} 1",
    ] {
        assert!(metrics.text.lines().any(|l| l == line), "{line} is not in:\n{}", metrics.text);
    }
}

#[tokio::test]
async fn labels_of_metrics_are_bounded() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start().await;
    let provider = running.provider("oidc");
    let names = async || {
        let text = running.probe("metrics").await.text;
        let series = text.lines().filter(|line| line.contains("http_requests"));
        series.map(|line| line.split(' ').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    provider.get("nothing/0", None).await;
    provider.get("journey/0", None).await;
    let before = names().await;
    for n in 1..50 {
        provider.get(&format!("nothing/{n}"), None).await;
        provider.get(&format!("journey/{n}"), None).await;
    }
    // The question itself adds the route of the metrics.
    let grown = names().await.len() - before.len();
    assert!(grown <= 1, "T-281: {:?}", names().await);
}
