//! Whether a notice was written by the gateway: HMAC-SHA-256 over its body (RFC 2104).

use std::time::Duration;

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use fiador_kernel::{Digest, Timestamp};
use http::{HeaderMap, HeaderName};

use super::settings::DeliverySettingsError;

/// How a gateway signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HmacSettings {
    /// The header with the signature.
    pub header: String,
    /// What stands before the signature in that header, such as `sha256=`.
    pub prefix: String,
    /// How the 32 octets are written.
    pub encoding: SignatureEncoding,
    /// The time of the signature, if the gateway signs one; without it a notice that somebody
    /// recorded is as good as on the first day, and is told as little twice.
    pub timestamp: Option<SignedTimestamp>,
}

/// How a signature is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignatureEncoding {
    /// In 64 digits, of either case.
    Hexadecimal,
    /// In base64 with padding (RFC 4648 §4).
    Base64,
}

/// A time that is signed together with the body, as `{time}.{body}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedTimestamp {
    /// The header with seconds since 1970.
    pub header: String,
    /// How far it may be from our clock, in both directions. 5 min.
    pub tolerance: Duration,
}

impl HmacSettings {
    pub(super) fn check(&self) -> Result<(), DeliverySettingsError> {
        let timestamp = self.timestamp.as_ref().map(|timestamp| &timestamp.header);
        let names = [Some(&self.header), timestamp];
        if names.into_iter().flatten().any(|name| HeaderName::try_from(name).is_err()) {
            return Err(DeliverySettingsError::Hmac("hmac: that is no name of a header"));
        }
        let tolerance = self.timestamp.as_ref().map(|timestamp| timestamp.tolerance);
        if tolerance.is_some_and(|tolerance| tolerance > Duration::from_hours(1)) {
            return Err(DeliverySettingsError::Hmac("hmac: tolerance must be at most an hour"));
        }
        Ok(())
    }

    /// Whether the body was signed with `secret`, and lately. The comparison takes the same time
    /// wherever the first difference is.
    pub(crate) fn is_authentic(
        &self,
        secret: &[u8],
        headers: &HeaderMap,
        body: &[u8],
        now: Timestamp,
    ) -> bool {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        let Some(signature) = self.signature(headers) else { return false };
        let signed = match &self.timestamp {
            None => body.to_vec(),
            Some(timestamp) => {
                let Some(time) = timestamp.read(headers, now) else { return false };
                [time.as_bytes(), b".", body].concat()
            }
        };
        hmac::verify(&key, &signed, signature.as_bytes()).is_ok()
    }

    fn signature(&self, headers: &HeaderMap) -> Option<Digest> {
        let text = only(headers, &self.header)?.strip_prefix(&self.prefix)?;
        match self.encoding {
            SignatureEncoding::Hexadecimal => Digest::from_hex(text),
            SignatureEncoding::Base64 => {
                let octets = STANDARD.decode(text).ok()?;
                octets.try_into().ok().map(Digest::from_bytes)
            }
        }
    }
}

impl SignedTimestamp {
    /// The time as it was written, if it is near.
    fn read<'h>(&self, headers: &'h HeaderMap, now: Timestamp) -> Option<&'h str> {
        let text = only(headers, &self.header)?;
        let is_number = (1..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        let seconds: i64 = is_number.then(|| text.parse().ok()).flatten()?;
        let time = Timestamp::from_seconds(seconds);
        let distance = now.since(time).max(time.since(now));
        (distance <= self.tolerance).then_some(text)
    }
}

/// The header, if it is there once.
fn only<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"0123456789abcdef";
    const BODY: &[u8] = br#"{"id":"1"}"#;
    const NOW: i64 = 1_700_000_000;

    fn settings(encoding: SignatureEncoding, timestamp: bool) -> HmacSettings {
        let tolerance = Duration::from_mins(5);
        let timestamp =
            timestamp.then(|| SignedTimestamp { header: "x-timestamp".to_owned(), tolerance });
        HmacSettings {
            header: "x-signature".to_owned(),
            prefix: "sha256=".to_owned(),
            encoding,
            timestamp,
        }
    }

    fn mac(signed: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET);
        hmac::sign(&key, signed).as_ref().to_vec()
    }

    fn hex(octets: &[u8]) -> String {
        Digest::from_bytes(octets.try_into().unwrap()).to_hex().to_uppercase()
    }

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, value.parse().unwrap());
        }
        headers
    }

    fn believed(settings: &HmacSettings, headers: &HeaderMap, body: &[u8]) -> bool {
        settings.is_authentic(SECRET, headers, body, Timestamp::from_seconds(NOW))
    }

    /// RFC 4231 §4.3.
    #[test]
    fn the_signature_is_the_standard_one() {
        let settings = settings(SignatureEncoding::Hexadecimal, false);
        let signature = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        let headers = headers(&[("x-signature", signature)]);
        let body = b"what do ya want for nothing?";
        assert!(settings.is_authentic(b"Jefe", &headers, body, Timestamp::default()));
    }

    #[test]
    fn a_body_that_was_signed_is_believed_in_both_encodings() {
        let (hex, base64) = (format!("sha256={}", hex(&mac(BODY))), STANDARD.encode(mac(BODY)));
        let hexadecimal = settings(SignatureEncoding::Hexadecimal, false);
        assert!(believed(&hexadecimal, &headers(&[("x-signature", &hex)]), BODY));
        let base64 = format!("sha256={base64}");
        let other = settings(SignatureEncoding::Base64, false);
        assert!(believed(&other, &headers(&[("x-signature", &base64)]), BODY));
        assert!(!believed(&hexadecimal, &headers(&[("x-signature", &base64)]), BODY));
    }

    #[test]
    fn a_forged_altered_missing_or_doubled_signature_is_not_believed() {
        let settings = settings(SignatureEncoding::Hexadecimal, false);
        let good = format!("sha256={}", hex(&mac(BODY)));
        assert!(!believed(&settings, &headers(&[("x-signature", &good)]), b"{}"));
        assert!(!believed(&settings, &headers(&[]), BODY));
        assert!(!believed(
            &settings,
            &headers(&[("x-signature", &good), ("x-signature", &good)]),
            BODY
        ));
        for signature in ["", "sha256=", &good[7..], &good[..70], "sha256=zz", &format!("{good}00")]
        {
            assert!(
                !believed(&settings, &headers(&[("x-signature", signature)]), BODY),
                "{signature}"
            );
        }
        let forged = format!("sha256={}", "0".repeat(64));
        assert!(!believed(&settings, &headers(&[("x-signature", &forged)]), BODY));
    }

    #[test]
    fn a_signature_of_another_time_is_not_believed() {
        let settings = settings(SignatureEncoding::Hexadecimal, true);
        let at = |time: &str| {
            let signature =
                format!("sha256={}", hex(&mac(&[time.as_bytes(), b".", BODY].concat())));
            believed(
                &settings,
                &headers(&[("x-signature", &signature), ("x-timestamp", time)]),
                BODY,
            )
        };
        assert!(
            at(&NOW.to_string()) && at(&(NOW - 300).to_string()) && at(&(NOW + 300).to_string())
        );
        for time in ["", "+1700000000", "1.7e9", "99999999999999", "1700000301", "1699999699"] {
            assert!(!at(time), "{time}");
        }
        let signature = format!("sha256={}", hex(&mac(BODY)));
        let headers = headers(&[("x-signature", &signature), ("x-timestamp", "1700000000")]);
        assert!(!believed(&settings, &headers, BODY), "the time is not signed");
    }
}
