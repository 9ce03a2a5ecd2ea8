//! Where in a document something stands, and on which line that is.

mod json;

use std::fmt;

use toml::de::{DeTable, DeValue};

/// A way through a document, from the outside in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place(Vec<Turn>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Turn {
    Key(String),
    Index(usize),
}

impl Place {
    pub(super) fn key(&self, key: &str) -> Self {
        self.then(Turn::Key(key.to_owned()))
    }

    pub(super) fn index(&self, index: usize) -> Self {
        self.then(Turn::Index(index))
    }

    fn then(&self, turn: Turn) -> Self {
        Self(self.0.iter().cloned().chain([turn]).collect())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, turn) in self.0.iter().enumerate() {
            match turn {
                Turn::Key(key) if number == 0 => write!(f, "{key}")?,
                Turn::Key(key) => write!(f, ".{key}")?,
                Turn::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// In which notation a policy is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Format {
    Toml,
    Json,
}

impl Format {
    /// No TOML document begins with a brace, and every JSON object does.
    pub(super) fn of(text: &str) -> Self {
        if text.trim_start().starts_with('{') { Self::Json } else { Self::Toml }
    }

    /// The line of a place in a well-formed document; of the nearest place around it where the place
    /// itself is missing.
    pub(super) fn line_of(self, text: &str, place: &Place) -> Option<usize> {
        let offset = match self {
            Self::Toml => in_toml(text, &place.0)?,
            Self::Json => json::find(text, &place.0),
        };
        Some(line_at(text, offset))
    }
}

/// The line of a byte, counted from 1.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|&byte| byte == b'\n').count() + 1
}

fn in_toml(text: &str, turns: &[Turn]) -> Option<usize> {
    let document = DeTable::parse(text).ok()?;
    let (mut offset, mut table, mut array) = (0, Some(document.get_ref()), None);
    for turn in turns {
        let value = match turn {
            Turn::Key(wanted) => {
                let Some((key, value)) =
                    table.and_then(|table: &DeTable<'_>| table.get_key_value(wanted.as_str()))
                else {
                    break;
                };
                offset = key.span().start;
                value
            }
            Turn::Index(index) => {
                let Some(value) = array.and_then(|array: &toml::de::DeArray<'_>| array.get(*index))
                else {
                    break;
                };
                offset = value.span().start;
                value
            }
        };
        (table, array) = match value.get_ref() {
            DeValue::Table(table) => (Some(table), None),
            DeValue::Array(array) => (None, Some(array)),
            _ => (None, None),
        };
    }
    Some(offset)
}
