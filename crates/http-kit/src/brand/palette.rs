//! The colours of one scheme, light or dark, checked before anybody has to read them.

use super::{
    Colour,
    colour::{BLACK, WHITE},
};

/// Text needs this much (WCAG 2.2, 1.4.3).
const TEXT: f64 = 4.5;
/// The edge of a control needs this much (WCAG 2.2, 1.4.11).
const EDGE: f64 = 3.0;

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// For browsers that ask for light pages, or for none.
    Light,
    /// For browsers that ask for dark pages.
    Dark,
}

/// What `page.css` lays on the ground of a scheme.
struct Standard {
    name: &'static str,
    ground: Colour,
    surface: Colour,
    /// The quieter of the two colours of text.
    quiet_ink: Colour,
    /// Away from the ground: what makes a colour stand out.
    ink: Colour,
    /// Towards the ground: what makes text on it readable.
    paper: Colour,
}

impl Scheme {
    const fn standard(self) -> Standard {
        match self {
            Self::Light => Standard {
                name: "light",
                ground: Colour([0xf3, 0xf5, 0xf8]),
                surface: WHITE,
                quiet_ink: Colour([0x52, 0x5a, 0x67]),
                ink: BLACK,
                paper: WHITE,
            },
            Self::Dark => Standard {
                name: "dark",
                ground: Colour([0x10, 0x13, 0x17]),
                surface: Colour([0x1b, 0x1f, 0x26]),
                quiet_ink: Colour([0xab, 0xb4, 0xc1]),
                ink: WHITE,
                paper: BLACK,
            },
        }
    }
}

/// Two colours that have to be read together cannot be.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "{scheme}.{name} {colour} has a contrast of {ratio:.2}:1 with {against} {other}; text needs 4.5:1 \
     (WCAG 2.2, 1.4.3): {suggestion} would do"
)]
pub struct ContrastError {
    /// `light` or `dark`.
    pub scheme: &'static str,
    /// The setting at fault.
    pub name: &'static str,
    /// Its colour.
    pub colour: Colour,
    /// What it must be read with.
    pub against: &'static str,
    /// The colour of that.
    pub other: Colour,
    /// Their contrast, rounded down: what is refused never reads as enough.
    pub ratio: f64,
    /// The nearest colour on the way to black or white that passes.
    pub suggestion: Colour,
}

/// The operator's colours in one scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Buttons and marks, as given. Shades of it that stand out as edges and are readable as links
    /// are derived, so any colour will do.
    accent: Colour,
    /// What is written on the accent.
    on_accent: Colour,
    /// The page behind the card.
    background: Colour,
    scheme: Scheme,
}

impl Palette {
    /// The palette of an accent colour; the rest follows from it.
    pub fn of_accent(scheme: Scheme, accent: Colour) -> Self {
        let background = scheme.standard().ground;
        Self { accent, on_accent: accent.readable_ink(), background, scheme }
    }

    /// With a colour for what is written on the accent.
    pub fn on_accent(self, on_accent: Colour) -> Result<Self, ContrastError> {
        let towards = self.accent.readable_ink();
        self.check(("on_accent", on_accent), ("accent", self.accent), towards)?;
        Ok(Self { on_accent, ..self })
    }

    /// With a colour for the page behind the card.
    pub fn background(self, background: Colour) -> Result<Self, ContrastError> {
        let Standard { quiet_ink, paper, .. } = self.scheme.standard();
        self.check(("background", background), ("the text", quiet_ink), paper)?;
        Ok(Self { background, ..self })
    }

    /// The custom properties that `page.css` builds on.
    pub(super) fn properties(&self) -> String {
        let Standard { surface, ink, .. } = self.scheme.standard();
        let under = [surface, self.background];
        let edge = self.accent.distinct_from(&under, EDGE, ink);
        let text = self.accent.distinct_from(&under, TEXT, ink);
        let Self { accent, on_accent, background, .. } = self;
        format!(
            ":root{{--accent:{accent};--on-accent:{on_accent};--accent-edge:{edge};\
             --accent-text:{text};--ground:{background}}}"
        )
    }

    fn check(
        &self,
        (name, colour): (&'static str, Colour),
        (against, other): (&'static str, Colour),
        towards: Colour,
    ) -> Result<(), ContrastError> {
        let ratio = colour.contrast(other);
        if ratio >= TEXT {
            return Ok(());
        }
        Err(ContrastError {
            scheme: self.scheme.standard().name,
            name,
            colour,
            against,
            other,
            ratio: (ratio * 100.0).floor() / 100.0,
            suggestion: colour.distinct_from(&[other], TEXT, towards),
        })
    }
}

/// A shade of a client's colour that is seen as an edge on the card.
pub(super) fn edge_on_card(scheme: Scheme, colour: Colour) -> Colour {
    let Standard { surface, ink, .. } = scheme.standard();
    colour.distinct_from(&[surface], EDGE, ink)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn colour(text: &str) -> Colour {
        text.parse().unwrap()
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_a_way_out() {
        let yellow = Palette::of_accent(Scheme::Light, colour("#ffcc00"));
        let error = yellow.on_accent(WHITE).unwrap_err();
        assert_eq!(
            error.to_string(),
            "light.on_accent #ffffff has a contrast of 1.51:1 with accent #ffcc00; text needs 4.5:1 \
             (WCAG 2.2, 1.4.3): #595959 would do"
        );
        assert!(yellow.on_accent(error.suggestion).is_ok());

        let night = Palette::of_accent(Scheme::Dark, colour("#ffcc00"));
        let error = night.background(colour("#8899aa")).unwrap_err();
        assert!(error.to_string().starts_with("dark.background #8899aa"), "{error}");
        assert!(night.background(error.suggestion).is_ok());
    }

    #[test]
    fn the_standard_colours_are_those_of_the_style_sheet() {
        let css = include_str!("../../assets/page.css");
        let (light, dark) = css.split_once("prefers-color-scheme: dark").unwrap();
        for (scheme, css) in [(Scheme::Light, light), (Scheme::Dark, dark)] {
            let Standard { ground, surface, quiet_ink, .. } = scheme.standard();
            for (name, colour) in
                [("ground", ground), ("surface", surface), ("ink-quiet", quiet_ink)]
            {
                assert!(css.contains(&format!("--{name}: {colour};")), "{name} {colour}");
            }
        }
    }

    proptest! {
        #[test]
        fn every_accent_is_readable_in_both_schemes(channels in any::<[u8; 3]>()) {
            for scheme in [Scheme::Light, Scheme::Dark] {
                let palette = Palette::of_accent(scheme, Colour(channels));
                let Standard { surface, ground, .. } = scheme.standard();
                let properties = palette.properties();
                let read = |name: &str| {
                    let (_, value) = properties.split_once(&format!("--{name}:")).unwrap();
                    colour(&value[..7])
                };
                for under in [surface, ground] {
                    prop_assert!(read("accent-edge").contrast(under) >= EDGE);
                    prop_assert!(read("accent-text").contrast(under) >= TEXT);
                }
                prop_assert!(read("on-accent").contrast(read("accent")) >= TEXT);
            }
        }

        #[test]
        fn a_suggestion_always_passes(one in any::<[u8; 3]>(), two in any::<[u8; 3]>()) {
            for scheme in [Scheme::Light, Scheme::Dark] {
                let palette = Palette::of_accent(scheme, Colour(one));
                if let Err(error) = palette.on_accent(Colour(two)) {
                    prop_assert!(palette.on_accent(error.suggestion).is_ok());
                }
                if let Err(error) = palette.background(Colour(two)) {
                    prop_assert!(palette.background(error.suggestion).is_ok());
                }
            }
        }
    }
}
