//! Messages as a message centre got them.

use fiador_testkit::peers::{Event, MessageCentre, Submit};

/// The code in the next message for a number that the centre accepted.
pub(crate) async fn code_for(centre: &mut MessageCentre, msisdn: &str) -> String {
    code_in(&accepted_for(centre, msisdn).await)
}

/// The link in the next message for a number that the centre accepted.
pub(crate) async fn link_for(centre: &mut MessageCentre, msisdn: &str) -> String {
    let submit = accepted_for(centre, msisdn).await;
    // Letters, digits and what an address is made of are the same in GSM-7 and ASCII.
    let text: String = octets(&submit).into_iter().map(char::from).collect();
    let link = text.split_whitespace().find(|word| word.starts_with("http"));
    link.unwrap_or_else(|| panic!("no link in {text}")).to_owned()
}

async fn accepted_for(centre: &mut MessageCentre, msisdn: &str) -> Submit {
    let event = centre
        .next_matching(|event| {
            matches!(event, Event::Submit(s) if s.destination == msisdn && s.status == Some(0))
        })
        .await
        .unwrap();
    let Event::Submit(submit) = event else { unreachable!("only a submit matches") };
    submit
}

/// The six digits that a message begins with; digits are the same in GSM-7 and ASCII.
fn code_in(submit: &Submit) -> String {
    let code: String = octets(submit)[..6].iter().map(|&octet| char::from(octet)).collect();
    assert!(code.bytes().all(|b| b.is_ascii_digit()), "no code at the start of {submit:?}");
    code
}

/// The octets of `short_message`.
pub(crate) fn octets(submit: &Submit) -> Vec<u8> {
    let hex = submit.short_message.as_bytes();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    hex.chunks(2).map(octet).collect()
}
