//! One module per decoder. The least that each target shows is that no input makes it panic; where
//! there is an encoder too, decoding what it wrote gives the same value again.

mod authenticator_result;
mod authorization_header;
mod channel_request;
mod client_assertion;
mod discovery;
mod http;
mod json;
mod jwe;
mod jws;
mod login_hint;
mod logo;
mod message_gateways;
mod msisdn;
mod network;
mod parameters;
mod redirect_uri;
mod routing_policy;
mod sealed;
mod smpp;
mod token_content;

/// How many random inputs an ordinary test run tries per target; `BOLERO_RANDOM_ITERATIONS`
/// overrides it.
const ITERATIONS: usize = 20_000;

/// Runs `property` on the bytes themselves and on the words they select from a dictionary: random
/// bytes alone seldom get past the first check of a decoder.
///
/// The corpus of a target is the folder `__fuzz__/<name>/corpus` beside this file.
macro_rules! check {
    ($name:literal, $words:expr, $property:expr) => {
        bolero::check!(name = $name)
            .with_iterations(crate::ITERATIONS)
            .with_max_len(1024)
            .for_each(|bytes: &[u8]| {
                let property: fn(&[u8]) = $property;
                property(bytes);
                property(&crate::spell(bytes, &$words));
                property(&crate::spell(&bytes[..bytes.len() % 10], &$words));
            });
    };
}

use check;

/// Puts together the words that the bytes choose.
fn spell(bytes: &[u8], words: &[&str]) -> Vec<u8> {
    let choose = |byte: &u8| words[usize::from(*byte) % words.len()].bytes();
    bytes.iter().flat_map(choose).collect()
}
