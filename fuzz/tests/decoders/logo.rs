//! Images that somebody sends to be shown as a logo.

use fiador_http_kit::Logo;

/// What begins each kind; the random bytes come after it.
const HEADS: [&[u8]; 6] = [
    b"",
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8",
    b"RIFF\x10\0\0\0WEBPVP8X",
    b"RIFF\x10\0\0\0WEBPVP8L",
    b"RIFF\x10\0\0\0WEBPVP8 ",
];

const WORDS: [&str; 14] = [
    "\0\0\0\r", "IHDR", "\0\0\0@", "\0\0\0\0", "acTL", "IDAT", "IEND", "CRC.", "/", "\x02",
    "\x01*", "\0", "@", "\n",
];

#[test]
fn a_logo_is_kept_as_it_came_or_refused() {
    crate::check!("logo", WORDS, |bytes| {
        for head in HEADS {
            let bytes = [head, bytes].concat();
            if let Ok(logo) = Logo::from_bytes(&bytes) {
                assert_eq!(logo.bytes(), bytes);
                let (width, height) = logo.dimensions();
                assert!((16..=1024).contains(&width) && (16..=1024).contains(&height));
            }
        }
    });
}
