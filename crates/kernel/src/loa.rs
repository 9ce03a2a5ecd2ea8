//! Levels of assurance.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Level of assurance of an authentication (ISO/IEC 29115; Mobile Connect `acr` values `1`…`4`).
///
/// Ordered: a higher level is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Loa {
    /// Low.
    One = 1,
    /// Medium: something the user has.
    Two = 2,
    /// High: something the user has, and something the user knows or is.
    Three = 3,
    /// Very high: a signature made by a certified key.
    Four = 4,
}

/// The text is not one of `1`, `2`, `3`, `4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a level of assurance is one of 1, 2, 3, 4")]
pub struct LoaError;

impl Loa {
    /// The `acr` value on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
            Self::Four => "4",
        }
    }
}

impl std::str::FromStr for Loa {
    type Err = LoaError;

    fn from_str(text: &str) -> Result<Self, LoaError> {
        match text {
            "1" => Ok(Self::One),
            "2" => Ok(Self::Two),
            "3" => Ok(Self::Three),
            "4" => Ok(Self::Four),
            _ => Err(LoaError),
        }
    }
}

impl TryFrom<u8> for Loa {
    type Error = LoaError;

    fn try_from(level: u8) -> Result<Self, LoaError> {
        match level {
            1 => Ok(Self::One),
            2 => Ok(Self::Two),
            3 => Ok(Self::Three),
            4 => Ok(Self::Four),
            _ => Err(LoaError),
        }
    }
}

impl From<Loa> for u8 {
    fn from(level: Loa) -> Self {
        level as Self
    }
}

impl fmt::Display for Loa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
