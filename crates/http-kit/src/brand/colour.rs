//! Colours and how well one is read on another (WCAG 2.2).

use std::{fmt, str::FromStr};

/// Not a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a colour must be written #rrggbb, such as #0b5fff")]
pub struct ColourError;

/// A colour of the sRGB space, written `#rrggbb`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub(super) [u8; 3]);

pub(super) const WHITE: Colour = Colour([0xff; 3]);
pub(super) const BLACK: Colour = Colour([0; 3]);

impl FromStr for Colour {
    type Err = ColourError;

    fn from_str(text: &str) -> Result<Self, ColourError> {
        let digits = text.strip_prefix('#').ok_or(ColourError)?;
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(ColourError);
        }
        let value = u32::from_str_radix(digits, 16).map_err(|_| ColourError)?;
        let [_, red, green, blue] = value.to_be_bytes();
        Ok(Self([red, green, blue]))
    }
}

/// `#rrggbb`, lower-case.
impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([red, green, blue]) = self;
        write!(f, "#{red:02x}{green:02x}{blue:02x}")
    }
}

impl Colour {
    /// WCAG 2.2 contrast ratio, 1 to 21.
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Black or white, whichever reads better on this colour: at least 4.5:1 for any.
    pub(super) fn readable_ink(self) -> Self {
        if self.contrast(WHITE) >= self.contrast(BLACK) { WHITE } else { BLACK }
    }

    /// This colour, mixed with `ink` just so far that it stands out from every one of `others`;
    /// `ink` itself when that is not enough either.
    pub(super) fn distinct_from(self, others: &[Self], ratio: f64, ink: Self) -> Self {
        (0..=20_u8)
            .map(|step| self.mixed(ink, step))
            .find(|colour| others.iter().all(|other| colour.contrast(*other) >= ratio))
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
    use super::*;

    #[test]
    fn a_colour_is_written_as_in_style_sheets() {
        let colour: Colour = "#0B5fff".parse().unwrap();
        assert_eq!(colour.to_string(), "#0b5fff");
        for wrong in ["0b5fff", "#0b5ff", "#0b5fff0", "#+b5fff", "red"] {
            assert!(wrong.parse::<Colour>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        let grey: Colour = "#767676".parse().unwrap();
        assert!((4.54..4.55).contains(&grey.contrast(WHITE)), "the well-known lightest grey");
    }
}
