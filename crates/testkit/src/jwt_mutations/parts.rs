use fiador_jose::base64url;

use super::{JwtMutation, Original, push};

/// Changes parts as bytes: bits, lengths, order, number.
pub(super) fn forge(original: &Original<'_>, made: &mut Vec<JwtMutation>) -> anyhow::Result<()> {
    let parts = [original.header, original.payload, original.signature];
    for (place, part) in parts.into_iter().enumerate() {
        let bytes = base64url::decode(part)?;
        let mut changed = |what: String, bytes: Vec<u8>| {
            let part = base64url::encode(bytes);
            push(made, what, replaced(parts, place, &part));
        };
        for (index, byte) in bytes.iter().enumerate() {
            for bit in 0..8_u8 {
                let mut bytes = bytes.clone();
                bytes[index] = byte ^ (1 << bit);
                changed(format!("part {place}: bit {bit} of byte {index}"), bytes);
            }
        }
        for length in 0..bytes.len() {
            changed(format!("part {place}: first {length} bytes"), bytes[..length].to_vec());
        }
        for zeros in [1, 2, 8, 64] {
            let zero = vec![0; zeros];
            changed(format!("part {place}: {zeros} zeros before"), [&zero[..], &bytes].concat());
            changed(format!("part {place}: {zeros} zeros after"), [&bytes[..], &zero].concat());
        }
        for fill in [0, 1, 0xff] {
            changed(format!("part {place}: all bytes {fill}"), vec![fill; bytes.len()]);
        }
        changed(format!("part {place}: backwards"), bytes.iter().rev().copied().collect());
    }
    rearranged(parts, made);
    Ok(())
}

fn rearranged(parts: [&str; 3], made: &mut Vec<JwtMutation>) {
    for first in 0..4 {
        for second in 0..4 {
            for third in 0..4 {
                let pick = |index: usize| parts.get(index).copied().unwrap_or_default();
                let order = [first, second, third].map(pick);
                push(made, format!("parts {first} {second} {third}"), order.join("."));
            }
        }
    }
    for count in [1, 2, 4, 5, 6, 100] {
        let some: Vec<&str> = parts.into_iter().cycle().take(count).collect();
        push(made, format!("{count} parts"), some.join("."));
        push(made, format!("{count} dots"), ".".repeat(count));
    }
}

fn replaced<'a>(mut parts: [&'a str; 3], place: usize, part: &'a str) -> String {
    if let Some(old) = parts.get_mut(place) {
        *old = part;
    }
    parts.join(".")
}
