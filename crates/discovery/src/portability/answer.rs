//! Where in a register's answer the holder stands.

use fiador_domain::json_pointer::{JsonPointer, JsonPointerError};
use fiador_kernel::{OperatorId, Plmn};
use fiador_ports::{NumberHolder, PortabilityError};
use serde_json::Value;

/// JSON pointers (RFC 6901) to the holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderAt {
    /// A network as `234_15`, `234-15` or `23415`, or the name of an operator in the configuration;
    /// with `mnc`, the mobile country code alone.
    holder: JsonPointer,
    /// The mobile network code, where the register keeps the two apart.
    mnc: Option<JsonPointer>,
}

impl HolderAt {
    /// Checks the pointers.
    pub fn new(holder: &str, mnc: Option<&str>) -> Result<Self, JsonPointerError> {
        Ok(Self { holder: JsonPointer::new(holder)?, mnc: mnc.map(JsonPointer::new).transpose()? })
    }

    /// The holder; `None` when the answer says `null`: the number was never taken along.
    pub(super) fn read(&self, body: &[u8]) -> Result<Option<NumberHolder>, PortabilityError> {
        let unusable = PortabilityError::Unusable;
        let answer: Value = serde_json::from_slice(body).map_err(|_| unusable)?;
        let holder = self.holder.find(&answer).ok_or(unusable)?;
        if holder.is_null() {
            return Ok(None);
        }
        let text = code(holder, 3).ok_or(unusable)?;
        let holder = match &self.mnc {
            Some(mnc) => {
                let mnc = mnc.find(&answer).and_then(|mnc| code(mnc, 2));
                mnc.and_then(|mnc| network(&text, &mnc))
            }
            None => one_text(&text),
        };
        holder.map(Some).ok_or(unusable)
    }
}

/// Codes are texts; a register that writes them as numbers has lost their leading zeros, which are
/// given back up to `width`.
fn code(value: &Value, width: usize) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => number.as_u64().map(|number| format!("{number:0width$}")),
        _ => None,
    }
}

fn network(mcc: &str, mnc: &str) -> Option<NumberHolder> {
    Plmn::new(mcc, mnc).ok().map(NumberHolder::Network)
}

fn one_text(text: &str) -> Option<NumberHolder> {
    let split = text.split_once(['_', '-']).or_else(|| {
        let is_code = text.bytes().all(|b| b.is_ascii_digit());
        is_code.then(|| text.split_at_checked(3)).flatten()
    });
    split
        .and_then(|(mcc, mnc)| network(mcc, mnc))
        .or_else(|| OperatorId::new(text).ok().map(NumberHolder::Operator))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(
        holder: &str,
        mnc: Option<&str>,
        body: &str,
    ) -> Result<Option<NumberHolder>, PortabilityError> {
        HolderAt::new(holder, mnc).unwrap().read(body.as_bytes())
    }

    const UNUSABLE: Result<Option<NumberHolder>, PortabilityError> =
        Err(PortabilityError::Unusable);

    #[test]
    fn the_holder_is_read_in_every_usual_spelling() {
        let network = |mcc, mnc| Ok(Some(NumberHolder::Network(Plmn::new(mcc, mnc).unwrap())));
        let named = |id| Ok(Some(NumberHolder::Operator(OperatorId::new(id).unwrap())));
        for (holder, mnc, body, expected) in [
            ("/network", None, r#"{"network":"234_15"}"#, network("234", "15")),
            ("/network", None, r#"{"network":"234-015"}"#, network("234", "015")),
            ("/network", None, r#"{"network":"23415"}"#, network("234", "15")),
            ("/network", None, r#"{"network":234015}"#, network("234", "015")),
            ("/r/0/op", None, r#"{"r":[{"op":"other-mobile"}]}"#, named("other-mobile")),
            ("/mcc", Some("/mnc"), r#"{"mcc":"234","mnc":"07"}"#, network("234", "07")),
            ("/mcc", Some("/mnc"), r#"{"mcc":234,"mnc":7}"#, network("234", "07")),
            ("", None, r#""234_15""#, network("234", "15")),
            ("/network", None, r#"{"network":null}"#, Ok(None)),
            ("/network", None, r#"{"other":"234_15"}"#, UNUSABLE),
            ("/network", None, r#"{"network":{"mcc":"234"}}"#, UNUSABLE),
            ("/mcc", Some("/mnc"), r#"{"mcc":"234"}"#, UNUSABLE),
            ("/network", None, "not json", UNUSABLE),
        ] {
            assert_eq!(read(holder, mnc, body), expected, "{holder} {body}");
        }
    }

    #[test]
    fn what_is_no_pointer_is_refused_at_the_start() {
        for bad in ["network", "/a~2", "/a~"] {
            assert!(HolderAt::new(bad, None).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read_or_unusable(body in ".{0,60}", text in ".{0,20}") {
            let _ = read("/a", None, &body);
            let body = serde_json::json!({ "a": text, "b": text }).to_string();
            let _ = (read("/a", None, &body), read("/a", Some("/b"), &body));
        }
    }
}
