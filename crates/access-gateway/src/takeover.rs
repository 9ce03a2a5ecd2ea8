//! Account takeover protection (ATP): signs that a subscription is in other hands
//! (mobile-connect §2.9). Asked by a client for itself, about a number that it names.

use axum::response::Response;
use fiador_domain::{
    catalog::Resource,
    risk::{RiskAnswer, RiskSignals},
    subscriber::SubscriberStatus,
};
use fiador_kernel::{Msisdn, SubscriberId, Timestamp};
use fiador_ports::EncryptedNumber;
use http::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    Inner, access::ClientAccess, answer, envelope::Envelope, presented::Presented, refusal::Refusal,
};

const USER_ID_TYPE: &str = "user-id-type";
const USER_ID: &str = "user-id";
/// Longest `correlation_id` that is echoed.
const CORRELATION_ID_LIMIT: usize = 255;

/// The signs of the number in `User-ID`.
pub(crate) async fn answer(
    inner: &Inner,
    presented: &Presented,
    access: &ClientAccess,
) -> Result<Response, Refusal> {
    let scopes = access.token.scopes.intersection(&access.client.scopes);
    inner.admit(Resource::RiskSignals, &access.token.client, &scopes)?;
    let correlation_id = correlation_id(presented)?;
    let number = inner.number(&presented.headers).await?;
    // Whoever is not known, blocked or of another operator gets the same answer (T-048).
    let subscriber = inner.subscriber(number.ok_or(Refusal::NoData)?).await?;
    let signals = inner.dependencies.risk_signals.signals(&subscriber).await?;
    let now = inner.dependencies.clock.now();
    let mut body = written(&signals, access.client.risk_answer, now).ok_or(Refusal::NoData)?;
    if let Some(id) = correlation_id {
        body.insert("correlation_id".to_owned(), id.into());
    }
    Ok(answer::success(Resource::RiskSignals, Envelope::json(&body), false))
}

impl Inner {
    /// The number that the headers name: `None` when it was encrypted to somebody else, which is
    /// the same as a number that nobody has.
    async fn number(&self, headers: &HeaderMap) -> Result<Option<Msisdn>, Refusal> {
        let kind = header(headers, USER_ID_TYPE)?;
        let value = header(headers, USER_ID)?;
        if kind.eq_ignore_ascii_case("MSISDN") {
            let number = Msisdn::from_digits(value.strip_prefix('+').unwrap_or(value));
            return number.map(Some).map_err(|_| Refusal::UserIdInvalid);
        }
        if kind.eq_ignore_ascii_case("ENCR_MSISDN") {
            let encrypted = EncryptedNumber::of_hint(value);
            return Ok(self.dependencies.operator_keys.decrypt(encrypted).await?);
        }
        Err(Refusal::UserIdInvalid)
    }

    async fn subscriber(&self, number: Msisdn) -> Result<SubscriberId, Refusal> {
        let index = self.dependencies.vault.msisdn_index(&number);
        let found = self.dependencies.subscribers.find_by_msisdn(index).await?;
        let active = found.filter(|found| found.status == SubscriberStatus::Active);
        active.map(|found| found.id).ok_or(Refusal::NoData)
    }
}

/// The one value of a header that must be there.
fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Refusal> {
    let mut values = headers.get_all(name).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(Refusal::UserIdInvalid);
    };
    value.to_str().map(str::trim).map_err(|_| Refusal::UserIdInvalid)
}

fn correlation_id(presented: &Presented) -> Result<Option<&str>, Refusal> {
    let id = presented.correlation_id.as_deref();
    let fits = |id: &str| {
        (1..=CORRELATION_ID_LIMIT).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic())
    };
    if id.is_none_or(fits) { Ok(id) } else { Err(Refusal::CorrelationIdInvalid) }
}

/// The members of the answer, booleans as texts; `None` without `simChange`, which is mandatory.
fn written(signals: &RiskSignals, form: RiskAnswer, now: Timestamp) -> Option<Map<String, Value>> {
    let call_divert = if form.corrects_call_divert {
        "isUnconditionalCallDivertActive"
    } else {
        "isUncontidionalCallDivertActive"
    };
    let sim_change = if form.sim_change_as_boolean {
        signals.sim_changed_lately(now)?.to_string()
    } else {
        date_time(signals.sim_changed_at?)
    };
    let members = [
        ("simChange", Some(sim_change)),
        (call_divert, signals.is_call_divert_active.map(|active| active.to_string())),
        ("isLostStolen", signals.is_lost_stolen.map(|lost| lost.to_string())),
        ("deviceChange", signals.device_changed_at.map(date)),
        ("accountState", signals.account_state.clone()),
    ];
    let known = members.into_iter().filter_map(|(name, text)| Some((name, text?)));
    Some(known.map(|(name, text)| (name.to_owned(), Value::from(text))).collect())
}

/// UTC, without saying so, as the profile's samples are: `2025-10-18T00:00:00`.
fn date_time(at: Timestamp) -> String {
    in_utc(at, "%Y-%m-%dT%H:%M:%S")
}

/// The day in UTC: `2024-12-06`.
fn date(at: Timestamp) -> String {
    in_utc(at, "%Y-%m-%d")
}

fn in_utc(at: Timestamp, format: &str) -> String {
    // Times outside of the calendar, which ends in the year 9999, are written as its ends.
    let bounded = at.as_seconds().clamp(EARLIEST, LATEST);
    let at = jiff::Timestamp::from_second(bounded).unwrap_or_default();
    at.strftime(format).to_string()
}

/// 0001-01-01T00:00:00Z
const EARLIEST: i64 = -62_135_596_800;
/// 9999-12-30T00:00:00Z
const LATEST: i64 = 253_402_128_000;

#[cfg(test)]
mod tests {
    use super::*;

    fn signals() -> RiskSignals {
        RiskSignals {
            sim_changed_at: Some(Timestamp::from_seconds(1_760_745_600)),
            device_changed_at: Some(Timestamp::from_seconds(1_733_443_200)),
            is_call_divert_active: Some(false),
            is_lost_stolen: None,
            account_state: Some("active".to_owned()),
        }
    }

    fn json(form: RiskAnswer, signals: &RiskSignals) -> Option<Value> {
        let now = Timestamp::from_seconds(1_760_745_600 + 3600);
        written(signals, form, now).map(Value::Object)
    }

    #[test]
    fn times_are_written_in_utc_and_booleans_as_texts() {
        assert_eq!(
            json(RiskAnswer::default(), &signals()),
            Some(serde_json::json!({
                "simChange": "2025-10-18T00:00:00",
                "isUncontidionalCallDivertActive": "false",
                "deviceChange": "2024-12-06",
                "accountState": "active",
            }))
        );
    }

    #[test]
    fn a_client_may_have_a_boolean_and_the_corrected_spelling() {
        let form = RiskAnswer { sim_change_as_boolean: true, corrects_call_divert: true };
        let told = json(form, &signals()).unwrap();
        assert_eq!(told["simChange"], "true");
        assert_eq!(told["isUnconditionalCallDivertActive"], "false");
        assert!(told.get("isUncontidionalCallDivertActive").is_none());
    }

    #[test]
    fn without_a_known_change_there_is_no_answer() {
        let unknown = RiskSignals { sim_changed_at: None, ..signals() };
        for sim_change_as_boolean in [false, true] {
            let form = RiskAnswer { sim_change_as_boolean, ..RiskAnswer::default() };
            assert_eq!(json(form, &unknown), None);
        }
    }

    #[test]
    fn a_time_outside_of_the_calendar_is_written_all_the_same() {
        for micros in [i64::MIN, i64::MAX] {
            assert!(!date_time(Timestamp::from_micros(micros)).is_empty());
        }
    }
}
