//! The `display` parameter (OpenID Connect Core §3.1.2.1).

/// How the service provider shows our pages. `DisplayMode` and not `Display`, which in Rust is a trait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DisplayMode {
    /// `page`: the whole window.
    #[default]
    Page,
    /// `popup`, also spelled `pop-up` by one Mobile Connect text.
    Popup,
    /// `touch`: a device with a touch screen.
    Touch,
    /// `wap`: a feature phone.
    Wap,
}

impl DisplayMode {
    /// Reads the parameter; `None` for a value that no text defines.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "page" => Some(Self::Page),
            "popup" | "pop-up" => Some(Self::Popup),
            "touch" => Some(Self::Touch),
            "wap" => Some(Self::Wap),
            _ => None,
        }
    }

    /// The OpenID Connect spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Popup => "popup",
            Self::Touch => "touch",
            Self::Wap => "wap",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_popup_are_one_value() {
        assert_eq!(DisplayMode::parse("pop-up"), DisplayMode::parse("popup"));
    }

    #[test]
    fn values_return_to_their_text_and_others_are_refused() {
        for text in ["page", "popup", "touch", "wap"] {
            assert_eq!(DisplayMode::parse(text).unwrap().as_str(), text);
        }
        for text in ["", "Page", "window"] {
            assert_eq!(DisplayMode::parse(text), None);
        }
    }
}
