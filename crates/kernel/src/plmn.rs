//! Mobile network codes.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A mobile network: mobile country code and mobile network code (ITU-T E.212).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Plmn {
    mcc: String,
    mnc: String,
}

/// Not a mobile network code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a mobile network is three digits of MCC and two or three digits of MNC, written 234_15")]
pub struct PlmnError;

impl Plmn {
    /// From its two parts: MCC of exactly 3 digits, MNC of 2 or 3 digits.
    pub fn new(mcc: &str, mnc: &str) -> Result<Self, PlmnError> {
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if mcc.len() == 3 && (2..=3).contains(&mnc.len()) && digits(mcc) && digits(mnc) {
            Ok(Self { mcc: mcc.to_owned(), mnc: mnc.to_owned() })
        } else {
            Err(PlmnError)
        }
    }

    /// Mobile country code.
    pub fn mcc(&self) -> &str {
        &self.mcc
    }

    /// Mobile network code.
    pub fn mnc(&self) -> &str {
        &self.mnc
    }
}

/// `234_15`: the form of the `mcc_mnc` parameter (mobile-connect §1.4).
impl fmt::Display for Plmn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.mcc, self.mnc)
    }
}

impl TryFrom<String> for Plmn {
    type Error = PlmnError;

    fn try_from(text: String) -> Result<Self, PlmnError> {
        let (mcc, mnc) = text.split_once('_').ok_or(PlmnError)?;
        Self::new(mcc, mnc)
    }
}

impl From<Plmn> for String {
    fn from(plmn: Plmn) -> Self {
        plmn.to_string()
    }
}
