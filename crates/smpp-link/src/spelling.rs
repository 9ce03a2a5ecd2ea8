//! One message id, spelt in two ways.
//!
//! SMPP 3.4 leaves the id to the centre, and centres are known to answer a submit in hexadecimal and
//! to speak of it in decimal in the receipt, or the other way round, with leading zeros here and
//! there. What a centre does, it does always: the ledger tries first what fitted last.

/// How the id of a receipt leads to the id of its response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// They are the same.
    #[default]
    Same,
    /// The receipt is decimal, the response hexadecimal.
    DecimalReceipt,
    /// The receipt is hexadecimal, the response decimal.
    HexadecimalReceipt,
}

impl Spelling {
    /// All of them, this one first.
    pub(crate) const fn and_others(self) -> [Self; 3] {
        match self {
            Self::Same => [Self::Same, Self::DecimalReceipt, Self::HexadecimalReceipt],
            Self::DecimalReceipt => [Self::DecimalReceipt, Self::Same, Self::HexadecimalReceipt],
            Self::HexadecimalReceipt => {
                [Self::HexadecimalReceipt, Self::Same, Self::DecimalReceipt]
            }
        }
    }

    /// The id that the response had, out of the receipt's; both canonical.
    pub(crate) fn of_response(self, receipted: &str) -> Option<String> {
        match self {
            Self::Same => Some(receipted.to_owned()),
            Self::DecimalReceipt => in_hexadecimal(receipted),
            Self::HexadecimalReceipt => in_decimal(receipted),
        }
    }

    /// The id that a receipt has, out of the response's; both canonical.
    pub(crate) fn of_receipt(self, submitted: &str) -> Option<String> {
        match self {
            Self::Same => Some(submitted.to_owned()),
            Self::DecimalReceipt => in_decimal(submitted),
            Self::HexadecimalReceipt => in_hexadecimal(submitted),
        }
    }
}

/// In lower case, without leading zeros.
pub(crate) fn canonical(message_id: &str) -> String {
    let id = message_id.trim().to_ascii_lowercase();
    let significant = id.trim_start_matches('0');
    if significant.is_empty() { "0".to_owned() } else { significant.to_owned() }
}

fn in_hexadecimal(decimal: &str) -> Option<String> {
    decimal.parse::<u64>().ok().map(|value| format!("{value:x}"))
}

fn in_decimal(hexadecimal: &str) -> Option<String> {
    u64::from_str_radix(hexadecimal, 16).ok().map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_finds_its_other_spelling_and_back(id: u64, zeros in 0_usize..5) {
            let submitted = canonical(&format!("{}{id:X}", "0".repeat(zeros)));
            let receipted = Spelling::DecimalReceipt.of_receipt(&submitted).unwrap();
            prop_assert_eq!(&receipted, &id.to_string());
            prop_assert_eq!(Spelling::DecimalReceipt.of_response(&receipted), Some(submitted));
        }

        #[test]
        fn any_text_is_spelt_without_panic(id in ".{0,70}") {
            for spelling in Spelling::Same.and_others() {
                let _ = (spelling.of_receipt(&canonical(&id)), spelling.of_response(&id));
            }
        }
    }
}
