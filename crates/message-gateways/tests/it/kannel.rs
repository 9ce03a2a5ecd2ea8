//! A gateway that other people wrote: Debian's Kannel, between us and a message centre over SMPP.

use std::{net::Ipv4Addr, sync::Arc};

use fiador_domain::{gsm7, journey::Delivery};
use fiador_egress::{AllowList, Authorities, GuardedClient, Settings};
use fiador_kernel::{Digest, Secret};
use fiador_message_gateways::{
    Authentication, Authenticity, BodySettings, DeliverySettings, DeliveryWebhook, GatewaySettings,
    HttpGateway, MessageName, NoticeFormat, RequestSettings,
};
use fiador_ports::{FetchMethod, MessageCentre as _, SendError};
use fiador_testkit::peers::{
    Behaviour, Event, Kannel, MessageCentre,
    kannel::{PASSWORD, USER},
};
use tokio::net::TcpListener;

use crate::support::{Reports, SECRET, clock, followed, gateway, message, pairs};

const OTP_TEXT: &str = "123456 is your code.\n\n@localhost #123456";

/// We, the gateway, the centre behind it, and what we are told.
struct World {
    gateway: Arc<HttpGateway>,
    centre: MessageCentre,
    kannel: Kannel,
    reports: Reports,
}

/// What docs/reference/message-gateways.md says of Kannel.
fn settings(kannel: &Kannel, webhook_port: u16, password: &str) -> GatewaySettings {
    let mut settings = GatewaySettings::new(
        "kannel",
        RequestSettings {
            method: FetchMethod::Get,
            url: kannel.sendsms(),
            query: pairs(&[
                ("username", USER),
                ("password", "{secret}"),
                ("to", "+{destination}"),
                ("from", "{sender}"),
                ("text", "{text}"),
                ("charset", "UTF-8"),
                ("coding", "{coding}"),
                ("validity", "{validity_minutes}"),
                ("dlr-mask", "19"),
                ("dlr-url", "{delivery_url}&status=%d"),
            ]),
            headers: Vec::new(),
            body: BodySettings::Empty,
            authentication: Authentication::Parameters,
            secret: Some(Secret::new(password.to_owned())),
        },
    );
    settings.answer.accepted = vec![202..=202];
    settings.answer.accepted_body = Some("^[03]:".to_owned());
    settings.deliveries = Some(DeliverySettings {
        secret: Secret::new(SECRET.to_owned()),
        base_url: format!("http://127.0.0.1:{webhook_port}"),
        authenticity: Authenticity::Reference,
        format: NoticeFormat::Query,
        items: None,
        message: MessageName::CallbackReference,
        state: "status".to_owned(),
        states: [("1", Delivery::Delivered), ("2", Delivery::Failed), ("16", Delivery::Failed)]
            .map(|(word, delivery)| (word.to_owned(), delivery))
            .to_vec(),
    });
    settings
}

impl World {
    async fn start(behaviour: &Behaviour, password: &str) -> Self {
        let mut centre = MessageCentre::npm(behaviour).unwrap();
        let kannel = Kannel::start(centre.address()).unwrap();
        let bound = |event: &Event| matches!(event, Event::Bind { status: Some(0), .. });
        centre.next_matching(bound).await.unwrap();

        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let settings = settings(&kannel, listener.local_addr().unwrap().port(), password);
        let allow = AllowList::new(vec!["127.0.0.1".parse().unwrap()]);
        let client = GuardedClient::new(Settings::new(allow, Authorities::of_system()));
        let clock = clock();
        let gateway = gateway(settings, Arc::new(client), &clock);
        let (sink, reports) = Reports::channel();
        gateway.report_to(sink);
        let webhook = DeliveryWebhook::new([Arc::clone(&gateway)], clock);
        tokio::spawn(axum::serve(listener, webhook.router()).into_future());
        Self { gateway, centre, kannel, reports }
    }

    async fn plain() -> Self {
        Self::start(&Behaviour::default(), PASSWORD).await
    }
}

fn octets(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

#[tokio::test]
async fn a_code_goes_by_way_of_kannel_to_the_phone_and_its_receipt_comes_back() {
    let mut world = World::plain().await;
    world.gateway.submit(followed(OTP_TEXT)).await.unwrap();
    let submit = world.centre.next_submit().await.unwrap();
    assert_eq!((submit.source.as_str(), submit.destination.as_str()), ("Bank", "34600000001"));
    assert_eq!(submit.data_coding, 0);
    // The last line is for WebOTP, and its @ is septet zero.
    assert_eq!(gsm7::decode(&octets(&submit.short_message)).as_deref(), Some(OTP_TEXT));
    assert_eq!(world.reports.next().await, (Digest::of(OTP_TEXT), Delivery::Delivered));
}

#[tokio::test]
async fn signs_of_every_syntax_on_the_way_and_other_scripts_arrive_as_they_were() {
    let mut world = World::plain().await;
    for text in ["a&b=c%41+d #e;\"f\" <g>\\ {text} %s%d", "Код: 123456. Никому! 😀"] {
        world.gateway.submit(followed(text)).await.unwrap();
        let submit = world.centre.next_submit().await.unwrap();
        let arrived = octets(&submit.short_message);
        let arrived = if submit.data_coding == 8 {
            let units = arrived.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
        } else {
            gsm7::decode(&arrived).unwrap()
        };
        assert_eq!(arrived, text, "{}", world.kannel.log());
        assert_eq!(world.reports.next().await, (Digest::of(text), Delivery::Delivered));
    }
}

#[tokio::test]
async fn a_message_that_the_centre_cannot_deliver_is_told_as_failed() {
    let failing = Behaviour { receipt: Some(Some("UNDELIV".to_owned())), ..Behaviour::default() };
    let mut world = World::start(&failing, PASSWORD).await;
    world.gateway.submit(followed("x")).await.unwrap();
    assert_eq!(world.reports.next().await, (Digest::of("x"), Delivery::Failed));
}

#[tokio::test]
async fn a_wrong_password_is_a_refusal() {
    let world = World::start(&Behaviour::default(), "wrong").await;
    let refused = SendError::Refused { message_centre: "kannel".to_owned(), status: 403 };
    assert_eq!(world.gateway.submit(message("x")).await, Err(refused));
    assert!(world.gateway.is_available());
}

#[tokio::test]
async fn a_kannel_that_is_gone_is_unavailable_and_nothing_was_sent() {
    let world = World::plain().await;
    drop(world.kannel);
    assert_eq!(world.gateway.submit(message("x")).await, Err(SendError::Unavailable));
}
