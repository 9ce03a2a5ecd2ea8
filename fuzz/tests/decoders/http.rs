use fiador_http_kit::{
    Cookies,
    listener::framing::{HeadScanner, Sight},
};
use http::{HeaderMap, HeaderValue, header::COOKIE};

const COOKIES: [&str; 10] = ["a=b", "; ", ";", "=", "__Host-fiador=", "\"", " ", ",", "é", "x=y=z"];

const HEADS: [&str; 12] = [
    "GET / HTTP/1.1\r\n",
    "Host: a\r\n",
    "Content-Length: 3\r\n",
    "Content-Length: 4\r\n",
    "Transfer-Encoding: chunked\r\n",
    "transfer-encoding: x\r\n",
    "\r\n",
    "\n",
    " folded\r\n",
    "3\r\nabc\r\n",
    "0\r\n\r\n",
    "ffffffffffffffff\r\n",
];

#[test]
fn cookies_are_pairs_of_the_header() {
    crate::check!("cookies", COOKIES, |bytes| {
        let Ok(value) = HeaderValue::from_bytes(bytes) else { return };
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, value);
        assert!(Cookies::of(&headers).count() <= 64);
    });
}

#[test]
fn a_head_is_seen_the_same_whole_and_in_pieces() {
    crate::check!("http_head", HEADS, |bytes| {
        let whole = HeadScanner::default().feed(bytes);
        let mut scanner = HeadScanner::default();
        let pieces =
            bytes.chunks(3).map(|piece| scanner.feed(piece)).find(|sight| *sight != Sight::Plain);
        assert_eq!(pieces.unwrap_or(Sight::Plain), whole);
    });
}
