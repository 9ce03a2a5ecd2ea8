//! Finding a place in JSON that is known to be well-formed.

use super::Turn;

/// The offset of the value at the end of `turns`, or of the nearest one around it that is there.
pub(super) fn find(text: &str, turns: &[Turn]) -> usize {
    let mut scanner = Scanner { bytes: text.as_bytes(), at: 0 };
    scanner.skip_space();
    let mut offset = scanner.at;
    for turn in turns {
        if scanner.enter(turn).is_none() {
            break;
        }
        offset = scanner.at;
    }
    offset
}

struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scanner<'a> {
    /// From the start of an object or array to the start of one of its values.
    fn enter(&mut self, turn: &Turn) -> Option<()> {
        let opens = self.take()?;
        for position in 0.. {
            self.skip_space();
            let here = match (opens, turn) {
                (b'{', Turn::Key(wanted)) => {
                    let key = self.text()?;
                    self.skip_space();
                    self.take().filter(|&byte| byte == b':')?;
                    serde_json::from_slice::<String>(key).is_ok_and(|key| key == *wanted)
                }
                (b'[', Turn::Index(index)) => position == *index,
                _ => return None,
            };
            self.skip_space();
            if here {
                return Some(());
            }
            self.skip_value()?;
            self.skip_space();
            self.take().filter(|&byte| byte == b',')?;
        }
        None
    }

    /// Over a value, however deep.
    fn skip_value(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.text()?;
                }
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' | b',' if depth == 0 => return Some(()),
                b'}' | b']' => {
                    depth -= 1;
                    self.at += 1;
                }
                _ => self.at += 1,
            }
        }
    }

    /// A text with its quotes.
    fn text(&mut self) -> Option<&'a [u8]> {
        let start = self.at;
        self.take().filter(|&byte| byte == b'"')?;
        loop {
            match self.take()? {
                b'\\' => {
                    self.take()?;
                }
                b'"' => return self.bytes.get(start..self.at),
                _ => {}
            }
        }
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn take(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }
}
