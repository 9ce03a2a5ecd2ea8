use std::collections::BTreeSet;

use fiador_kernel::{Digest, Timestamp};
use serde_json::{Map, Value};

use super::{CLOCK_SKEW, RESULT_LIFE, VERSION};
use crate::evidence::Fact;

/// Most entries of `evidence`.
const MAX_EVIDENCE: usize = 16;
/// Longest text claim, in bytes.
const MAX_TEXT: usize = 512;
/// Longest `jti`, in bytes.
const MAX_JTI: usize = 255;

/// The claims of a result, well-formed and not yet believed. `Debug` shows neither transaction nor
/// person.
#[derive(Clone, PartialEq, Eq)]
pub struct ResultClaims {
    /// Who gives it.
    pub iss: String,
    /// To whom.
    pub aud: String,
    /// When it was made, in seconds since 1970.
    pub iat: i64,
    /// Until when it counts.
    pub exp: i64,
    /// Its own id.
    pub jti: String,
    /// What it belongs to.
    pub transaction: String,
    /// What the request carried.
    pub nonce: String,
    /// Whom it is about.
    pub sub: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The number that the person has chosen.
    pub number: Option<String>,
}

/// What became of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The person agreed, and this was proven.
    Approved(BTreeSet<Fact>),
    /// The person said no.
    Denied,
    /// The authenticator could not ask, or the person did not succeed.
    Failed,
}

/// A claim is missing, of the wrong kind, empty or too long; or the version is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("claim {0} of the result is missing or not as the contract says")]
pub struct MalformedResult(pub &'static str);

/// What a result must say to count for one prompt.
#[derive(Clone, Debug)]
pub struct Expected<'a> {
    /// The authenticator's issuer.
    pub iss: &'a str,
    /// Our issuer.
    pub aud: &'a str,
    /// SHA-256 of the prompt's transaction.
    pub transaction: Digest,
    /// SHA-256 of the prompt's nonce.
    pub nonce: Digest,
    /// The pseudonym that was asked for.
    pub sub: &'a str,
    /// When the prompt began, and now.
    pub asked_at: Timestamp,
    /// Now.
    pub now: Timestamp,
}

/// A result that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What became of the request.
    pub outcome: Outcome,
    /// The number that the person has chosen.
    pub number: Option<String>,
}

/// Why a result does not count (T-102).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    /// `iss` is not the authenticator.
    #[error("the result is of another issuer")]
    Issuer,
    /// `aud` is not the gateway.
    #[error("the result is for another audience")]
    Audience,
    /// `exp` is past, or too far away.
    #[error("the result has expired, or lives longer than 300 s")]
    Expired,
    /// `iat` is ahead of our clock, or before the request.
    #[error("the result was made before its request or in the future; compare the clocks")]
    IssuedAt,
    /// Another `transaction`.
    #[error("the result belongs to another transaction")]
    Transaction,
    /// Another `nonce`.
    #[error("the result answers another request")]
    Nonce,
    /// Another `sub`.
    #[error("the result is about another person")]
    Subject,
}

impl ResultClaims {
    /// Reads the payload of a result whose signature has been checked. Unknown members and unknown
    /// facts are left aside.
    pub fn read(claims: &Map<String, Value>) -> Result<Self, MalformedResult> {
        if claims.get("version").and_then(Value::as_u64) != Some(VERSION) {
            return Err(MalformedResult("version"));
        }
        let outcome = match text(claims, "outcome", MAX_TEXT)?.as_str() {
            "approved" => Outcome::Approved(evidence(claims)?),
            "denied" => Outcome::Denied,
            "failed" => Outcome::Failed,
            _ => return Err(MalformedResult("outcome")),
        };
        let number =
            claims.contains_key("number").then(|| text(claims, "number", 8)).transpose()?;
        Ok(Self {
            iss: text(claims, "iss", MAX_TEXT)?,
            aud: text(claims, "aud", MAX_TEXT)?,
            iat: seconds(claims, "iat")?,
            exp: seconds(claims, "exp")?,
            jti: text(claims, "jti", MAX_JTI)?,
            transaction: text(claims, "transaction", MAX_TEXT)?,
            nonce: text(claims, "nonce", MAX_TEXT)?,
            sub: text(claims, "sub", MAX_TEXT)?,
            outcome,
            number,
        })
    }

    /// What a prompt with such a transaction is found by.
    pub fn reference(&self) -> Digest {
        Digest::of(&self.transaction)
    }

    /// Holds the result against the one prompt that it must belong to (T-102).
    pub fn bind(self, expected: &Expected<'_>) -> Result<Bound, BindingError> {
        let now = expected.now.as_seconds();
        let asked_at = expected.asked_at.as_seconds();
        let checks = [
            (self.iss == expected.iss, BindingError::Issuer),
            (self.aud == expected.aud, BindingError::Audience),
            (self.exp > now && self.exp - self.iat <= RESULT_LIFE, BindingError::Expired),
            (
                self.iat <= now + CLOCK_SKEW && self.iat >= asked_at - CLOCK_SKEW,
                BindingError::IssuedAt,
            ),
            (self.reference() == expected.transaction, BindingError::Transaction),
            (Digest::of(&self.nonce) == expected.nonce, BindingError::Nonce),
            (self.sub == expected.sub, BindingError::Subject),
        ];
        match checks.into_iter().find(|(good, _)| !good) {
            Some((_, error)) => Err(error),
            None => Ok(Bound { outcome: self.outcome, number: self.number }),
        }
    }
}

impl std::fmt::Debug for ResultClaims {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ResultClaims")
            .field("iss", &self.iss)
            .field("aud", &self.aud)
            .field("iat", &self.iat)
            .field("exp", &self.exp)
            .field("outcome", &self.outcome)
            .finish_non_exhaustive()
    }
}

fn text(
    claims: &Map<String, Value>,
    name: &'static str,
    longest: usize,
) -> Result<String, MalformedResult> {
    let value = claims.get(name).and_then(Value::as_str);
    let fits = |text: &&str| (1..=longest).contains(&text.len());
    value.filter(fits).map(str::to_owned).ok_or(MalformedResult(name))
}

/// Whole seconds from 1970 to the year 9999, so that sums with them stay numbers.
fn seconds(claims: &Map<String, Value>, name: &'static str) -> Result<i64, MalformedResult> {
    let value = claims.get(name).and_then(Value::as_i64);
    value.filter(|value| (0..=253_402_300_799).contains(value)).ok_or(MalformedResult(name))
}

fn evidence(claims: &Map<String, Value>) -> Result<BTreeSet<Fact>, MalformedResult> {
    const MALFORMED: MalformedResult = MalformedResult("evidence");
    let entries = claims.get("evidence").and_then(Value::as_array).ok_or(MALFORMED)?;
    if entries.len() > MAX_EVIDENCE {
        return Err(MALFORMED);
    }
    let names: Option<Vec<&str>> = entries.iter().map(Value::as_str).collect();
    Ok(names.ok_or(MALFORMED)?.into_iter().filter_map(Fact::from_name).collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn good() -> Map<String, Value> {
        let claims = json!({
            "version": 1, "iss": "https://bank.example", "aud": "https://id.mno.example",
            "iat": 1000, "exp": 1100, "jti": "j", "transaction": "t", "nonce": "n", "sub": "s",
            "outcome": "approved", "evidence": ["possession", "telepathy"], "more": {},
        });
        claims.as_object().cloned().unwrap()
    }

    fn expected() -> Expected<'static> {
        Expected {
            iss: "https://bank.example",
            aud: "https://id.mno.example",
            transaction: Digest::of("t"),
            nonce: Digest::of("n"),
            sub: "s",
            asked_at: Timestamp::from_seconds(990),
            now: Timestamp::from_seconds(1010),
        }
    }

    fn bound(changes: &Value) -> Result<Bound, BindingError> {
        let mut claims = good();
        claims.extend(changes.as_object().cloned().unwrap());
        ResultClaims::read(&claims).unwrap().bind(&expected())
    }

    #[test]
    fn facts_of_unknown_names_count_for_nothing() {
        let outcome = Outcome::Approved([Fact::Possession].into());
        assert_eq!(bound(&json!({})), Ok(Bound { outcome, number: None }));
    }

    #[test]
    fn a_result_counts_for_its_own_prompt_alone_t_102() {
        for (changes, error) in [
            (json!({ "iss": "https://other.example" }), BindingError::Issuer),
            (json!({ "iss": "https://bank.example/" }), BindingError::Issuer),
            (json!({ "aud": "https://bank.example" }), BindingError::Audience),
            (json!({ "exp": 1010 }), BindingError::Expired),
            (json!({ "iat": 1000, "exp": 1301 }), BindingError::Expired),
            (json!({ "iat": 1071, "exp": 1200 }), BindingError::IssuedAt),
            (json!({ "iat": 929 }), BindingError::IssuedAt),
            (json!({ "transaction": "t2" }), BindingError::Transaction),
            (json!({ "nonce": "n2" }), BindingError::Nonce),
            (json!({ "sub": "s2" }), BindingError::Subject),
        ] {
            assert_eq!(bound(&changes), Err(error), "{changes}");
        }
    }

    #[test]
    fn every_claim_must_be_there_and_of_its_kind() {
        let wrong = [json!(null), json!([]), json!({}), json!(true), json!("")];
        for name in good().keys().filter(|name| *name != "more") {
            let mut without = good();
            without.remove(name);
            assert!(ResultClaims::read(&without).is_err(), "without {name}");
            for value in &wrong {
                if name == "evidence" && *value == json!([]) {
                    continue;
                }
                let mut claims = good();
                claims.insert(name.clone(), value.clone());
                assert!(ResultClaims::read(&claims).is_err(), "{name}: {value}");
            }
        }
        for (name, value) in [
            ("aud", json!(["https://id.mno.example"])),
            ("version", json!(2)),
            ("exp", json!(1e300)),
            ("exp", json!(-1)),
            ("iat", json!(i64::MAX)),
            ("jti", json!("j".repeat(256))),
            ("evidence", json!(vec!["possession"; 17])),
            ("evidence", json!([1])),
            ("number", json!(12)),
        ] {
            let mut claims = good();
            claims.insert(name.to_owned(), value.clone());
            assert!(ResultClaims::read(&claims).is_err(), "{name}: {value}");
        }
    }

    proptest! {
        #[test]
        fn what_is_read_has_its_bounds(
            name in prop::sample::select(vec!["version", "iss", "exp", "iat", "evidence", "number", "outcome"]),
            text in "\\PC{0,600}",
            number in any::<i64>(),
            kind in 0..3,
        ) {
            let mut claims = good();
            let value = match kind { 0 => json!(text), 1 => json!(number), _ => json!([text, number]) };
            claims.insert(name.to_owned(), value);
            if let Ok(read) = ResultClaims::read(&claims) {
                prop_assert!(read.iss.len() <= MAX_TEXT && read.jti.len() <= MAX_JTI);
                prop_assert!(read.exp >= 0 && read.iat >= 0);
                let _ = read.bind(&expected());
            }
        }
    }
}
