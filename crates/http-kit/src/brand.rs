//! How the operator looks, without a rebuild.

use std::{fs, io, path::Path, path::PathBuf, str::FromStr};

/// A logo larger than this would be felt on an old phone.
const MAX_LOGO: u64 = 128 * 1024;

/// Of the grounds that `page.css` lays accent colours on, those with the least contrast: `--ground`
/// of the light scheme, `--surface` of the dark one.
const LIGHT: Colour = Colour([0xf3, 0xf5, 0xf8]);
const DARK: Colour = Colour([0x1b, 0x1f, 0x26]);

const WHITE: Colour = Colour([0xff; 3]);
const BLACK: Colour = Colour([0; 3]);

/// The brand cannot be used; each error says what to do.
#[derive(Debug, thiserror::Error)]
pub enum BrandError {
    /// Not a colour.
    #[error("the accent colour must be written #rrggbb, such as #0b5fff")]
    Colour,
    /// The logo cannot be read.
    #[error("{path}: {error}; check the path of the logo and that the gateway's user may read it")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        #[source]
        error: io::Error,
    },
    /// Too large.
    #[error("{path}: the logo is larger than 128 KiB; make it smaller")]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// Not an image type that browsers show.
    #[error("{path}: the logo must be an .svg, .png or .webp file")]
    Kind {
        /// The file.
        path: PathBuf,
    },
}

/// A colour of the sRGB space, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour([u8; 3]);

/// A logo, shown at 32 px height beside the operator's name.
#[derive(Clone, Debug)]
pub struct Logo {
    pub(crate) file_name: String,
    pub(crate) content: Vec<u8>,
}

/// Name, colour and logo of the operator on every page.
#[derive(Clone, Debug)]
pub struct Brand {
    /// The name people know.
    pub operator_name: String,
    /// The colour of buttons and links. Any colour will do: shades with enough contrast on light
    /// and dark ground are derived from it (WCAG 2.2, 1.4.3 and 1.4.11).
    pub accent: Colour,
    /// Shown before the name when there is one.
    pub logo: Option<Logo>,
}

impl Brand {
    /// A brand with the standard accent and no logo.
    pub fn new(operator_name: impl Into<String>) -> Self {
        Self { operator_name: operator_name.into(), accent: Colour([0x1f, 0x5f, 0xd6]), logo: None }
    }

    /// The custom properties that `page.css` builds on.
    pub(crate) fn stylesheet(&self) -> String {
        let ground = |ground: Colour| {
            // 3:1 makes a button visible, 4.5:1 makes a link readable.
            let fill = self.accent.distinct_from(ground, 3.0);
            let text = self.accent.distinct_from(ground, 4.5);
            let on_fill = fill.readable_ink();
            format!(
                ":root{{--accent:{};--on-accent:{};--accent-text:{}}}",
                fill.hex(),
                on_fill.hex(),
                text.hex()
            )
        };
        format!("{}\n@media (prefers-color-scheme:dark){{{}}}\n", ground(LIGHT), ground(DARK))
    }
}

impl Logo {
    /// Reads a logo file.
    pub fn read(path: &Path) -> Result<Self, BrandError> {
        let unreadable = |error| BrandError::Unreadable { path: path.to_owned(), error };
        let ending = path.extension().and_then(|ending| ending.to_str());
        let Some(ending @ ("svg" | "png" | "webp")) = ending else {
            return Err(BrandError::Kind { path: path.to_owned() });
        };
        if fs::metadata(path).map_err(unreadable)?.len() > MAX_LOGO {
            return Err(BrandError::TooLarge { path: path.to_owned() });
        }
        Ok(Self {
            file_name: format!("logo.{ending}"),
            content: fs::read(path).map_err(unreadable)?,
        })
    }
}

impl FromStr for Colour {
    type Err = BrandError;

    fn from_str(text: &str) -> Result<Self, BrandError> {
        let digits = text.strip_prefix('#').ok_or(BrandError::Colour)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(BrandError::Colour);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| BrandError::Colour)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

impl Colour {
    fn hex(self) -> String {
        let Self([red, green, blue]) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Black or white, whichever reads better on this colour: at least 4.5:1 for any.
    fn readable_ink(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// This colour, mixed with black or white just so far that it stands out from `ground`.
    fn distinct_from(self, ground: Self, ratio: f64) -> Self {
        let ink = ground.readable_ink();
        (0..=20_u8)
            .map(|step| self.mixed(ink, step))
            .find(|colour| colour.contrast(ground) >= ratio)
            .unwrap_or(ink)
    }

    /// `step` twentieths of the way to `other`.
    fn mixed(self, other: Self, step: u8) -> Self {
        let mut mixed = self.0;
        for (channel, to) in mixed.iter_mut().zip(other.0) {
            let sum = u32::from(*channel) * u32::from(20 - step) + u32::from(to) * u32::from(step);
            *channel = u8::try_from(sum / 20).unwrap_or(u8::MAX);
        }
        Self(mixed)
    }

    /// WCAG 2.2 contrast ratio, 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// WCAG 2.2 relative luminance, 0 to 1.
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 {
                channel / 12.92
            } else {
                ((channel + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_colour_is_written_as_in_style_sheets() {
        let colour: Colour = "#0B5fff".parse().unwrap();
        assert_eq!(colour.hex(), "#0b5fff");
        for wrong in ["0b5fff", "#0b5ff", "#0b5fff0", "#+b5fff", "red"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_grounds_are_those_of_the_style_sheet() {
        let css = include_str!("../assets/page.css");
        assert!(css.contains(&format!("--ground: {};", LIGHT.hex())));
        assert!(css.contains(&format!("--surface: {};", DARK.hex())));
    }

    proptest! {
        #[test]
        fn every_accent_is_readable_on_both_grounds(channels in any::<[u8; 3]>()) {
            for ground in [LIGHT, DARK] {
                let fill = Colour(channels).distinct_from(ground, 3.0);
                prop_assert!(fill.contrast(ground) >= 3.0);
                prop_assert!(fill.contrast(fill.readable_ink()) >= 4.5);
                prop_assert!(Colour(channels).distinct_from(ground, 4.5).contrast(ground) >= 4.5);
            }
        }
    }
}
