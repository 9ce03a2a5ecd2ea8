//! A logo: the bytes of an image, believed only as far as they were looked at.
//!
//! SVG is not taken: it is a document that can carry scripts and addresses. Of the other formats the
//! first bytes decide, never the name of the file nor the media type that the sender claims.

use std::{fmt, fs, io::Read, path::Path, sync::Arc};

use super::image::{self, Image, ImageKind};

/// A larger logo would be felt on an old phone.
const MAX_BYTES: usize = 64 * 1024;
/// In pixels, per side: enough for three pixels per point, and little to unpack.
const SIDES: std::ops::RangeInclusive<u32> = 16..=1024;

/// The logo cannot be used; each error says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    /// The file cannot be read.
    #[error("{0}; check the path of the logo and that the gateway's user may read it")]
    Unreadable(#[source] std::io::Error),
    /// More bytes than pages should load.
    #[error("the logo is larger than 64 KiB; make it smaller")]
    TooLarge,
    /// Neither PNG nor JPEG nor WebP.
    #[error("the logo must be a PNG, JPEG or WebP image")]
    Kind,
    /// The image says it is of another length than it is, or lacks its header.
    #[error("the logo is a damaged image; export it anew")]
    Damaged,
    /// It moves.
    #[error("the logo is animated; a moving picture keeps people from reading (WCAG 2.2, 2.2.2)")]
    Animated,
    /// Too small or too large to show.
    #[error("the logo is {width} × {height} pixels; each side must have 16 to 1024")]
    Dimensions {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
}

/// A still PNG, JPEG or WebP image of at most 64 KiB and 16 to 1024 pixels a side.
#[derive(Clone)]
pub struct Logo {
    kind: ImageKind,
    width: u32,
    height: u32,
    bytes: Arc<[u8]>,
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logo({:?}, {} × {})", self.kind, self.width, self.height)
    }
}

impl Logo {
    /// Looks at the bytes of an image that somebody sent.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LogoError> {
        if bytes.len() > MAX_BYTES {
            return Err(LogoError::TooLarge);
        }
        let kind = ImageKind::of(bytes).ok_or(LogoError::Kind)?;
        let Image { width, height, is_animated } =
            image::read(kind, bytes).ok_or(LogoError::Damaged)?;
        if is_animated {
            return Err(LogoError::Animated);
        }
        if !SIDES.contains(&width) || !SIDES.contains(&height) {
            return Err(LogoError::Dimensions { width, height });
        }
        Ok(Self { kind, width, height, bytes: bytes.into() })
    }

    /// Reads a logo file; its name says nothing.
    pub fn read(path: &Path) -> Result<Self, LogoError> {
        let unreadable = LogoError::Unreadable;
        let mut bytes = Vec::new();
        let file = fs::File::open(path).map_err(unreadable)?;
        file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        Self::from_bytes(&bytes)
    }

    /// Pixels across and down.
    pub fn dimensions(&self) -> (u32, u32) {
        (self.width, self.height)
    }

    /// The image as it was given.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The media type that the bytes have.
    pub(crate) fn media_type(&self) -> &'static str {
        self.kind.media_type()
    }

    /// The usual ending of a file of this kind.
    pub(crate) fn ending(&self) -> &'static str {
        self.kind.ending()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The smallest PNG that has everything looked at: header, one chunk of data, end.
    pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
        let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
        bytes.extend(width.to_be_bytes());
        bytes.extend(height.to_be_bytes());
        bytes.extend(b"\x08\x06\0\0\0CRC.\0\0\0\x01IDAT.CRC.\0\0\0\0IENDCRC.");
        bytes
    }

    #[test]
    fn a_logo_is_known_by_its_bytes() {
        let logo = Logo::from_bytes(&png(320, 64)).unwrap();
        assert_eq!((logo.media_type(), logo.dimensions()), ("image/png", (320, 64)));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.svg");
        fs::write(&path, png(20, 20)).unwrap();
        assert_eq!(Logo::read(&path).unwrap().ending(), "png", "whatever its name says");
    }

    #[test]
    fn documents_that_could_act_are_no_logos() {
        for bytes in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            b"<!doctype html><script>",
            b"GIF89a\x20\0\x20\0",
            b"RIFF\x04\0\0\0WAVE",
            b"",
        ] {
            assert!(matches!(Logo::from_bytes(bytes), Err(LogoError::Kind)), "{bytes:?}");
        }
    }

    #[test]
    fn a_logo_has_bounds() {
        let error = |bytes: &[u8]| Logo::from_bytes(bytes).unwrap_err();
        assert!(error(&png(15, 64)).to_string().contains("15 × 64"));
        assert!(error(&png(64, 1025)).to_string().contains("64 × 1025"));
        assert!(Logo::from_bytes(&png(16, 1024)).is_ok());
        let mut large = png(64, 64);
        large.resize(MAX_BYTES + 1, 0);
        assert!(matches!(error(&large), LogoError::TooLarge));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("logo.png");
        fs::write(&path, large).unwrap();
        assert!(matches!(Logo::read(&path), Err(LogoError::TooLarge)));
        assert!(matches!(Logo::read(&folder.path().join("none")), Err(LogoError::Unreadable(_))));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_logo_or_an_error(
            head in prop::sample::select(vec![
                &b""[..],
                b"\x89PNG\r\n\x1a\n",
                b"\xff\xd8\xff",
                b"RIFF\xff\xff\0\0WEBPVP8X",
                b"RIFF\xff\xff\0\0WEBPVP8L",
                b"RIFF\xff\xff\0\0WEBPVP8 ",
            ]),
            tail in prop::collection::vec(any::<u8>(), 0..300),
        ) {
            let bytes = [head, &tail].concat();
            if let Ok(logo) = Logo::from_bytes(&bytes) {
                let (width, height) = logo.dimensions();
                prop_assert!(SIDES.contains(&width) && SIDES.contains(&height));
                prop_assert_eq!(logo.bytes(), &bytes[..]);
            }
        }
    }
}
