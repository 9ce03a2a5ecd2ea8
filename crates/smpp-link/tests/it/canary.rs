//! What must never be written down (T-280).

use std::{
    io,
    sync::{Arc, Mutex},
};

use fiador_smpp_link::LinkState;
use tracing_subscriber::fmt::MakeWriter;

use crate::{
    fake::{BIND_TRANSCEIVER, DELIVER_SM, FakeCentre, RESPONSE, SUBMIT_SM, deliver_sm, octets},
    support::{Link, OTP_TEXT, PHONE, centre, message, settings},
};

#[derive(Clone, Default)]
struct Captured(Arc<Mutex<Vec<u8>>>);

impl io::Write for Captured {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Captured {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_log_holds_no_number_no_code_no_text_and_no_password_t_280() {
    let captured = Captured::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .without_time()
        .with_writer(captured.clone())
        .finish();
    // For the whole program: a default of one thread would miss what other tests logged first.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    tracing::callsite::rebuild_interest_cache();

    let fake = FakeCentre::start().await;
    let link = Link::start(settings(vec![centre("canary", fake.port())]));
    let mut connection = fake.accept().await;
    let bind = connection.expect(BIND_TRANSCEIVER).await;
    connection.answer(&bind, 0x08, b"").await;
    let mut connection = fake.bound().await;
    let sent = link.submit_later(message(OTP_TEXT));
    connection.take_submit().await;
    sent.await.unwrap().unwrap();
    let receipt = format!("id:1 stat:DELIVRD err:000 text:{OTP_TEXT}");
    connection.write(&deliver_sm(5, 0x04, receipt.as_bytes())).await;
    connection.expect(DELIVER_SM | RESPONSE).await;
    let sent = link.submit_later(message(OTP_TEXT));
    let submit = connection.expect(SUBMIT_SM).await;
    connection.write(&deliver_sm(8, 0x04, b"id:0000000171 stat:UNDELIV")).await;
    connection.expect(DELIVER_SM | RESPONSE).await;
    connection.answer(&submit, 0, b"AB\0").await;
    sent.await.unwrap().unwrap();
    connection.write(&deliver_sm(6, 0x00, b"123456 who is this?")).await;
    connection.expect(DELIVER_SM | RESPONSE).await;
    connection.write(&octets(DELIVER_SM, 0, 7, b"123456 junk")).await;
    connection.expect(DELIVER_SM | RESPONSE).await;
    drop(connection);
    let mut connection = fake.accept().await;
    let bind = connection.expect(BIND_TRANSCEIVER).await;
    connection.answer(&bind, 0x0e, b"").await;
    link.reaches("canary", LinkState::Refused { status: 0x0e }).await;

    let log = String::from_utf8(captured.0.lock().unwrap().clone()).unwrap();
    assert!(log.contains("correct the configuration"), "the log is not captured: {log}");
    assert!(log.contains("delivery receipt"), "{log}");
    assert!(log.contains("a receipt came before its response"), "{log}");
    for canary in ["123456", PHONE, "600000001", "localhost #", "secret", "who is this"] {
        assert!(!log.contains(canary), "{canary} in {log}");
    }
}
