//! Requests that two readers could understand in two ways (T-004).

use crate::world::{Sandbox, raw_exchange};

#[tokio::test]
async fn ambiguous_framing_is_refused_and_the_connection_closed() {
    let sandbox = Sandbox::start(&[]);
    let form = "Host: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let smuggled = "GET /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let cases = [
        (
            "both lengths",
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
        ),
        ("two lengths", "Content-Length: 5\r\nContent-Length: 6\r\n\r\nx=abc".to_owned()),
        ("a list of lengths", "Content-Length: 5, 6\r\n\r\nx=abc".to_owned()),
        ("a signed length", "Content-Length: +5\r\n\r\nx=abc".to_owned()),
        ("an unknown coding", "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n".to_owned()),
        ("a hidden coding", "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n".to_owned()),
        ("a folded line", "X-Folded: a\r\n b\r\n\r\n".to_owned()),
        ("a bare line feed", "X-Line: a\nX-Other: b\r\n\r\n".to_owned()),
        ("a bare carriage return", "X-Line: a\rX-Other: b\r\n\r\n".to_owned()),
        ("a space before the colon", "Content-Length : 5\r\n\r\nx=abc".to_owned()),
    ];
    for (what, rest) in cases {
        let request = format!("POST /token HTTP/1.1\r\n{form}{rest}{smuggled}");
        let answer = raw_exchange(sandbox.issuer(), request.as_bytes()).await;
        // Reading has ended, so the connection was closed; and one answer at most was given.
        assert!(!answer.contains("\"keys\""), "T-004: {what} was smuggled: {answer}");
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "T-004: {what}: {answer}");
    }
}

#[tokio::test]
async fn odd_chunk_sizes_are_refused() {
    let sandbox = Sandbox::start(&[]);
    for chunk in ["5;\nx=abc\r\n", "0x5\r\nx=abc\r\n", "-5\r\nx=abc\r\n", "fffffffffffffffff\r\nx"]
    {
        let request = format!(
            "POST /token HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\
             Content-Type: application/x-www-form-urlencoded\r\n\r\n{chunk}0\r\n\r\n\
             GET /jwks HTTP/1.1\r\nHost: localhost\r\n\r\n"
        );
        let answer = raw_exchange(sandbox.issuer(), request.as_bytes()).await;
        assert!(!answer.contains("\"keys\""), "T-004: {chunk:?}: {answer}");
    }
}

#[tokio::test]
async fn noise_never_ends_the_gateway() {
    let sandbox = Sandbox::start(&[]);
    let noise: [&[u8]; 6] = [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET\r\n\r\n",
        b"\0\0\0\0\0\0\0\0\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://evil.example/\xff HTTP/1.1\r\nHost: \xff\r\nConnection: close\r\n\r\n",
    ];
    for bytes in noise {
        // Half a head is waited for, so the writing side is closed by dropping it with a line end.
        let request = [bytes, b"\r\n\r\n"].concat();
        raw_exchange(sandbox.issuer(), &request).await;
    }
    assert_eq!(sandbox.provider("oidc").get("jwks", None).await.status, 200, "T-008");
    assert!(!sandbox.gateway.log().contains("panicked"), "T-008");
}
