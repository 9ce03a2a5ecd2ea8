use std::io::{Read, Write};
use std::net::TcpStream;

use fiador_testkit::peers::{Behaviour, Event, MessageCentre};

/// `bind_transceiver` for `fiador`, written by hand from SMPP 3.4 §4.1.5.
fn bind(password: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for text in ["fiador", password, ""] {
        body.extend(text.as_bytes());
        body.push(0);
    }
    body.extend([0x34, 0, 0, 0]);
    pdu(0x0000_0009, 1, &body)
}

/// `submit_sm` asking for a receipt, SMPP 3.4 §4.4.1; the text holds octet 0x00, GSM-7's `@`.
fn submit() -> Vec<u8> {
    let mut body = vec![0, 5, 0];
    body.extend(b"Bank\0");
    body.extend([1, 1]);
    body.extend(b"34600000001\0");
    body.extend([0, 0, 0, 0, 0, 1, 0, 0, 0, 3]);
    body.extend([0x41, 0x00, 0x42]);
    pdu(0x0000_0004, 2, &body)
}

fn pdu(command: u32, sequence: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(16 + body.len()).unwrap();
    let header = [length, command, 0, sequence];
    let mut pdu: Vec<u8> = header.iter().flat_map(|field| field.to_be_bytes()).collect();
    pdu.extend(body);
    pdu
}

/// The command and status of the next PDU.
fn answer(stream: &mut TcpStream) -> (u32, u32) {
    let mut header = [0; 16];
    stream.read_exact(&mut header).unwrap();
    let field = |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().unwrap());
    let mut body = vec![0; usize::try_from(field(0)).unwrap() - 16];
    stream.read_exact(&mut body).unwrap();
    (field(4), field(8))
}

async fn hands_over_one_message(mut centre: MessageCentre) {
    let mut stream = TcpStream::connect(centre.address()).unwrap();
    stream.write_all(&bind("secret")).unwrap();
    assert_eq!(answer(&mut stream), (0x8000_0009, 0));
    stream.write_all(&submit()).unwrap();
    let submit = centre.next_submit().await.unwrap();
    assert_eq!(submit.source, "Bank");
    assert_eq!(submit.source_ton, 5);
    assert_eq!(submit.destination, "34600000001");
    assert_eq!(submit.short_message, "410042");
    assert_eq!(submit.status, Some(0));
    // The answer and the receipt may come in either order.
    let mut commands = [answer(&mut stream), answer(&mut stream)];
    commands.sort_unstable();
    assert_eq!(commands, [(0x0000_0005, 0), (0x8000_0004, 0)]);
}

#[tokio::test]
async fn the_npm_centre_shows_the_octets_it_got_and_sends_a_receipt() {
    hands_over_one_message(MessageCentre::npm(&Behaviour::default()).unwrap()).await;
}

#[tokio::test]
async fn the_pypi_centre_shows_the_octets_it_got_and_sends_a_receipt() {
    hands_over_one_message(MessageCentre::pypi(&Behaviour::default()).unwrap()).await;
}

#[tokio::test]
async fn the_npm_centre_refuses_a_wrong_password_with_0x0d() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut stream = TcpStream::connect(centre.address()).unwrap();
    stream.write_all(&bind("guess")).unwrap();
    assert_eq!(answer(&mut stream), (0x8000_0009, 0x0D));
    let bind = centre.next_matching(|event| matches!(event, Event::Bind { .. })).await.unwrap();
    assert!(matches!(bind, Event::Bind { status: Some(0x0D), .. }), "{bind:?}");
}

#[tokio::test]
async fn behaviour_changes_while_the_centre_runs() {
    let mut centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let mut stream = TcpStream::connect(centre.address()).unwrap();
    stream.write_all(&bind("secret")).unwrap();
    answer(&mut stream);
    let throttle = Behaviour { throttle_every: Some(1), ..Behaviour::default() };
    centre.behave(&throttle).unwrap();
    // The change travels on another stream than the message: ask until it has arrived.
    loop {
        stream.write_all(&submit()).unwrap();
        let submit = centre.next_submit().await.unwrap();
        if submit.status == Some(0x58) {
            break;
        }
    }
}

#[test]
fn the_pypi_centre_says_which_option_it_lacks() {
    let behaviour = Behaviour { password: Some("secret".to_owned()), ..Behaviour::default() };
    let error = MessageCentre::pypi(&behaviour).unwrap_err();
    assert!(format!("{error:#}").contains("no option password"), "{error:#}");
}
