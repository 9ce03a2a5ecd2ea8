use super::{JwkError, roca};

/// Sizes of RSA moduli that are accepted, in bits (T-073). The upper end bounds the cost of a check.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Longest public exponent, in bytes: it sets the cost of a check.
const MAX_EXPONENT_BYTES: usize = 4;

/// The numbers that make up a public key, big-endian (RFC 7518 §6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicNumbers {
    /// RSA: modulus and exponent without leading zero bytes; an odd modulus of 2048 to 8192 bits, an
    /// odd exponent from 3 to 2³² − 1.
    Rsa {
        /// The modulus.
        n: Vec<u8>,
        /// The public exponent.
        e: Vec<u8>,
    },
    /// A point on P-256; whether it lies on the curve is checked where it is made a key.
    P256 {
        /// The x coordinate.
        x: [u8; 32],
        /// The y coordinate.
        y: [u8; 32],
    },
}

impl PublicNumbers {
    pub(crate) fn checked(self) -> Result<Self, JwkError> {
        if let Self::Rsa { n, e } = &self {
            let (Some(first), Some(last)) = (n.first(), n.last()) else {
                return Err(JwkError::BadNumber);
            };
            if *first == 0 || last % 2 == 0 || !is_good_exponent(e) {
                return Err(JwkError::BadNumber);
            }
            let bits = n.len() * 8 - first.leading_zeros() as usize;
            if !RSA_BITS.contains(&bits) {
                return Err(JwkError::BadStrength);
            }
            if roca::is_marked(n) {
                return Err(JwkError::Flawed);
            }
        }
        Ok(self)
    }

    /// SEC 1 §2.3.3, uncompressed: 04 ‖ x ‖ y.
    pub(crate) fn uncompressed_point(x: &[u8; 32], y: &[u8; 32]) -> Vec<u8> {
        [&[4][..], x, y].concat()
    }

    /// The coordinates of an uncompressed point on P-256; `None` for every other encoding.
    pub(crate) fn from_uncompressed_point(point: &[u8]) -> Option<Self> {
        let (x, y) = point.strip_prefix(&[4])?.split_at_checked(32)?;
        Some(Self::P256 { x: x.try_into().ok()?, y: y.try_into().ok()? })
    }
}

fn is_good_exponent(e: &[u8]) -> bool {
    match e {
        [] | [0, ..] | [1] => false,
        [.., last] => e.len() <= MAX_EXPONENT_BYTES && last % 2 == 1,
    }
}
