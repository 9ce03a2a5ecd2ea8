//! Kind and size of an image from its first bytes. Pixels are left to the browser.

/// The formats that every browser shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ImageKind {
    Png,
    Jpeg,
    Webp,
}

/// What an image says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Image {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) is_animated: bool,
}

impl ImageKind {
    /// By the signature that begins the file.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if bytes.starts_with(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else {
            None
        }
    }

    pub(super) fn media_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
        }
    }

    pub(super) fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::Webp => "webp",
        }
    }
}

/// `None` when the image is cut short or says nothing of its size.
pub(super) fn read(kind: ImageKind, bytes: &[u8]) -> Option<Image> {
    match kind {
        ImageKind::Png => png(bytes),
        ImageKind::Jpeg => jpeg(bytes),
        ImageKind::Webp => webp(bytes),
    }
}

/// PNG (ISO/IEC 15948) §5.3, §11.2: chunks of length, type, content, checksum; `IHDR` comes first,
/// `acTL` announces an animation.
fn png(bytes: &[u8]) -> Option<Image> {
    let header = bytes.get(8..24).filter(|header| header.get(4..8) == Some(b"IHDR"))?;
    let (width, height) = (be32(header.get(8..12)?)?, be32(header.get(12..16)?)?);
    let (mut at, mut is_animated, mut has_data) = (8, false, false);
    loop {
        let length = usize::try_from(be32(bytes.get(at..at + 4)?)?).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        at = at.checked_add(length)?.checked_add(12)?;
        if at > bytes.len() {
            return None;
        }
        match kind {
            b"acTL" => is_animated = true,
            b"IDAT" => has_data = true,
            b"IEND" => break,
            _ => {}
        }
    }
    has_data.then_some(Image { width, height, is_animated })
}

/// JPEG (ITU-T T.81) §B.1.1, §B.2.2: segments until the frame header, which has the size.
fn jpeg(bytes: &[u8]) -> Option<Image> {
    let mut at = 2;
    loop {
        let marker = match bytes.get(at..at + 2)? {
            // Fill bytes may stand before a marker.
            [0xff, 0xff] => {
                at += 1;
                continue;
            }
            [0xff, marker] => *marker,
            _ => return None,
        };
        at += 2;
        match marker {
            0x01 | 0xd0..=0xd7 => continue,
            // The picture itself, or its end, before any size.
            0xd8..=0xda => return None,
            _ => {}
        }
        let length = usize::from(u16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
        let segment = bytes.get(at + 2..at + length.max(2))?;
        let is_frame = matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc);
        if is_frame {
            let side = |at: usize| {
                let side = segment.get(at..at + 2)?.try_into().ok()?;
                Some(u32::from(u16::from_be_bytes(side)))
            };
            return Some(Image { height: side(1)?, width: side(3)?, is_animated: false });
        }
        at += length.max(2);
    }
}

/// WebP (RFC 9649) §2.4 to §2.7: the first chunk has the size.
fn webp(bytes: &[u8]) -> Option<Image> {
    let announced = le(bytes.get(4..8)?);
    if usize::try_from(announced).ok()?.checked_add(8)? > bytes.len() {
        return None;
    }
    let content = bytes.get(20..)?;
    let still = |width, height| Some(Image { width, height, is_animated: false });
    match bytes.get(12..16)? {
        b"VP8X" => {
            let flags = *content.first()?;
            let (width, height) = (le(content.get(4..7)?) + 1, le(content.get(7..10)?) + 1);
            Some(Image { width, height, is_animated: flags & 0b10 != 0 })
        }
        b"VP8L" => {
            let bits = content.strip_prefix(&[0x2f]).and_then(|bits| bits.get(..4)).map(le)?;
            still((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1)
        }
        b"VP8 " => {
            let size = content.get(3..10)?.strip_prefix(b"\x9d\x01\x2a")?;
            still(le(size.get(..2)?) & 0x3fff, le(size.get(2..4)?) & 0x3fff)
        }
        _ => None,
    }
}

fn be32(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

/// Up to four bytes, the least significant first.
fn le(bytes: &[u8]) -> u32 {
    bytes.iter().rev().fold(0, |value, byte| (value << 8) | u32::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(bytes: &[u8]) -> Option<(ImageKind, u32, u32, bool)> {
        let kind = ImageKind::of(bytes)?;
        let Image { width, height, is_animated } = read(kind, bytes)?;
        Some((kind, width, height, is_animated))
    }

    fn webp_of(chunk: &[u8]) -> Vec<u8> {
        let length = u32::try_from(chunk.len() + 4).unwrap();
        [b"RIFF", &length.to_le_bytes()[..], b"WEBP", chunk].concat()
    }

    #[test]
    fn sizes_are_read_of_every_kind() {
        let png = super::super::logo::tests::png(300, 40);
        assert_eq!(seen(&png), Some((ImageKind::Png, 300, 40, false)));

        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xff\xc2\0\x0b\x08\0\x28\x01\x2c\x03...";
        assert_eq!(seen(jpeg), Some((ImageKind::Jpeg, 300, 40, false)));

        let extended = webp_of(b"VP8X\x0a\0\0\0\x10\0\0\0\x2b\x01\0\x27\0\0");
        assert_eq!(seen(&extended), Some((ImageKind::Webp, 300, 40, false)));
        let lossy = webp_of(b"VP8 \x0a\0\0\0...\x9d\x01\x2a\x2c\x01\x28\0");
        assert_eq!(seen(&lossy), Some((ImageKind::Webp, 300, 40, false)));
        let bits = (0x12b_u32 | 0x27 << 14).to_le_bytes();
        let lossless = webp_of(&[b"VP8L\x05\0\0\0\x2f", &bits[..]].concat());
        assert_eq!(seen(&lossless), Some((ImageKind::Webp, 300, 40, false)));
    }

    #[test]
    fn a_moving_picture_is_known() {
        let webp = webp_of(b"VP8X\x0a\0\0\0\x02\0\0\0\x2b\x01\0\x27\0\0");
        assert_eq!(seen(&webp), Some((ImageKind::Webp, 300, 40, true)));
        let png = super::super::logo::tests::png(300, 40);
        let (head, tail) = png.split_at(33);
        let animated = [head, b"\0\0\0\x08acTL........CRC.", tail].concat();
        assert_eq!(seen(&animated), Some((ImageKind::Png, 300, 40, true)));
    }

    #[test]
    fn an_image_cut_short_is_damaged() {
        let png = super::super::logo::tests::png(300, 40);
        let webp = webp_of(b"VP8X\x0a\0\0\0\x10\0\0\0\x2b\x01\0\x27\0\0");
        for whole in [png, webp] {
            for end in 12..whole.len() {
                assert_eq!(seen(&whole[..end]), None, "{end}");
            }
        }
    }
}
