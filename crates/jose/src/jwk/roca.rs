//! Moduli of a flawed generator in smart cards and TPMs, which can be factored (CVE-2017-15361, "ROCA").
//!
//! Its primes are powers of 65537 modulo many small primes, and so is their product. For each of
//! the small primes below, that leaves only some of the possible remainders.

const GENERATOR: u32 = 65537;

/// Small primes modulo which 65537 does not generate every remainder. Together they let one in
/// 2²⁷ good moduli through as flawed.
const PRIMES: [u32; 17] =
    [11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157];

/// Whether the modulus, big-endian, has the mark of that generator.
pub(super) fn is_marked(modulus: &[u8]) -> bool {
    PRIMES.into_iter().all(|prime| is_power(remainder(modulus, prime), prime))
}

fn remainder(number: &[u8], prime: u32) -> u32 {
    number.iter().fold(0, |rest, byte| (rest * 256 + u32::from(*byte)) % prime)
}

fn is_power(rest: u32, prime: u32) -> bool {
    let next = |power: &u32| Some(power * (GENERATOR % prime) % prime);
    std::iter::successors(Some(1), next).take(prime as usize).any(|power| power == rest)
}
