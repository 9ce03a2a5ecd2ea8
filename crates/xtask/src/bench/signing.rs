//! Raw signing: the limit that a server of signed tokens cannot pass.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, bail};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
};

use super::process::cpu_of_this_thread;

/// As long as header and payload of an ID Token.
const MESSAGE: [u8; 600] = [b'e'; 600];
/// Signatures between two looks at the clock.
const STRIDE: u32 = 64;

/// Two keys, parsed once.
pub(super) struct Keys {
    random: SystemRandom,
    rsa: RsaKeyPair,
    p256: EcdsaKeyPair,
}

impl Keys {
    /// New keys: RSA with 2048 bits, and P-256.
    pub(super) fn generate() -> anyhow::Result<Self> {
        Ok(Self {
            random: SystemRandom::new(),
            rsa: RsaKeyPair::generate(KeySize::Rsa2048).context("no RSA key")?,
            p256: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)
                .context("no P-256 key")?,
        })
    }

    /// Processor time of one signature with `algorithm` (RFC 7518 §3.1), from at least `stretch` of
    /// signing on one thread.
    pub(super) fn signature(&self, algorithm: &str, stretch: Duration) -> anyhow::Result<Duration> {
        match algorithm {
            "RS256" => self.rs256(stretch),
            "ES256" => self.es256(stretch),
            _ => bail!("{algorithm} is not measured"),
        }
    }

    /// RSASSA-PKCS1-v1_5 with SHA-256 (RFC 7518 §3.3).
    fn rs256(&self, stretch: Duration) -> anyhow::Result<Duration> {
        let mut signature = vec![0; self.rsa.public_modulus_len()];
        per_signature(stretch, || {
            let signed = self.rsa.sign(&RSA_PKCS1_SHA256, &self.random, &MESSAGE, &mut signature);
            signed.context("RSA does not sign")?;
            black_box(&signature);
            Ok(())
        })
    }

    /// ECDSA on P-256 with SHA-256 (RFC 7518 §3.4).
    fn es256(&self, stretch: Duration) -> anyhow::Result<Duration> {
        per_signature(stretch, || {
            black_box(self.p256.sign(&self.random, &MESSAGE).context("P-256 does not sign")?);
            Ok(())
        })
    }
}

fn per_signature(
    stretch: Duration,
    mut sign: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<Duration> {
    let begin = cpu_of_this_thread()?;
    let mut signatures = 0;
    loop {
        for _ in 0..STRIDE {
            sign()?;
        }
        signatures += STRIDE;
        let spent = cpu_of_this_thread()?.saturating_sub(begin);
        if spent >= stretch {
            return Ok(spent / signatures);
        }
    }
}
