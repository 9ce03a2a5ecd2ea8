//! Account takeover protection (ATP): signs that a subscription is in other hands
//! (mobile-connect §2.9). Asked by a client for itself, about a number that it names.

use axum::response::Response;
use fiador_domain::{
    audit::{AuditEvent, AuditKind},
    catalog::Resource,
    risk::{RiskAnswer, RiskSignals},
    subscriber::SubscriberStatus,
};
use fiador_kernel::{Msisdn, SubscriberId, Timestamp};
use fiador_ports::{DataError, EncryptedNumber};
use http::HeaderMap;
use serde_json::{Map, Value};

use crate::{
    Inner, access::ClientAccess, answer, envelope, presented::Presented, refusal::Refusal,
};

const USER_ID_TYPE: &str = "user-id-type";
const USER_ID: &str = "user-id";
/// Longest `correlation_id` that is echoed.
const CORRELATION_ID_LIMIT: usize = 255;

/// What the audit log says about an answer.
const TOLD: &str = "told";
const NO_DATA: &str = "no_data";
const NOT_LOOKED_UP: &str = "not_looked_up";

/// The signs of the number in `User-ID`. Whoever is not known, blocked, of another operator, or asked
/// about after too many of these gets the same answer (T-048).
pub(crate) async fn answer(
    inner: &Inner,
    presented: &Presented,
    access: &ClientAccess,
) -> Result<Response, Refusal> {
    let (client, now) = (&access.token.client, inner.dependencies.clock.now());
    let scopes = access.token.scopes.intersection(&access.client.scopes);
    inner.admit(Resource::RiskSignals, client, &scopes)?;
    let correlation_id = correlation_id(presented)?;
    let user = UserId::read(&presented.headers)?;
    if !inner.scans.may_look_up(client, now) {
        inner.write_down(access, None, NOT_LOOKED_UP).await?;
        return Err(Refusal::NoData);
    }
    let subscriber = inner.subscriber(user).await?;
    let Some(mut body) = inner.signs(subscriber.as_ref(), access.client.risk_answer, now).await?
    else {
        inner.scans.answered_without_data(client, now);
        inner.write_down(access, subscriber, NO_DATA).await?;
        return Err(Refusal::NoData);
    };
    if let Some(id) = correlation_id {
        body.insert("correlation_id".to_owned(), id.into());
    }
    let envelope = envelope::wrap(inner, &access.client, body).await?;
    inner.write_down(access, subscriber, TOLD).await?;
    Ok(answer::success(Resource::RiskSignals, envelope, false))
}

/// Whom the headers name.
enum UserId<'a> {
    Number(Msisdn),
    /// What Discovery gave as `subscriber_id`.
    Encrypted(EncryptedNumber<'a>),
}

impl<'a> UserId<'a> {
    fn read(headers: &'a HeaderMap) -> Result<Self, Refusal> {
        let kind = header(headers, USER_ID_TYPE)?;
        let value = header(headers, USER_ID)?;
        if kind.eq_ignore_ascii_case("MSISDN") {
            let number = Msisdn::from_digits(value.strip_prefix('+').unwrap_or(value));
            return number.map(Self::Number).map_err(|_| Refusal::UserIdInvalid);
        }
        if kind.eq_ignore_ascii_case("ENCR_MSISDN") {
            return Ok(Self::Encrypted(EncryptedNumber::of_hint(value)));
        }
        Err(Refusal::UserIdInvalid)
    }
}

impl Inner {
    /// Who has the number, if it is one of ours in use. One that was encrypted to somebody else is
    /// the same as a number that nobody has.
    async fn subscriber(&self, user: UserId<'_>) -> Result<Option<SubscriberId>, Refusal> {
        let number = match user {
            UserId::Number(number) => Some(number),
            UserId::Encrypted(number) => self.dependencies.operator_keys.decrypt(number).await?,
        };
        let Some(number) = number else { return Ok(None) };
        let index = self.dependencies.vault.msisdn_index(&number);
        let found = self.dependencies.subscribers.find_by_msisdn(index).await?;
        let active = found.filter(|found| found.status == SubscriberStatus::Active);
        Ok(active.map(|found| found.id))
    }

    /// The members of the answer; `None` when there is nobody or nothing to tell about.
    async fn signs(
        &self,
        subscriber: Option<&SubscriberId>,
        form: RiskAnswer,
        now: Timestamp,
    ) -> Result<Option<Map<String, Value>>, Refusal> {
        let Some(subscriber) = subscriber else { return Ok(None) };
        match self.dependencies.risk_signals.signals(subscriber).await {
            Ok(signals) => Ok(written(&signals, form, now)),
            // Removed since it was found.
            Err(DataError::UnknownSubscriber) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the answer down before it leaves: what cannot be written down is not told (T-245).
    async fn write_down(
        &self,
        access: &ClientAccess,
        subscriber: Option<SubscriberId>,
        detail: &str,
    ) -> Result<(), Refusal> {
        let event = AuditEvent {
            at: self.dependencies.clock.now(),
            kind: AuditKind::RiskSignalsAsked,
            client: Some(access.token.client.clone()),
            subscriber,
            grant: Some(access.token.grant.clone()),
            journey: None,
            detail: Some(detail.to_owned()),
        };
        Ok(self.dependencies.audit.append(event).await?)
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
            // These are for routing alone and not told.
            ported_at: Some(Timestamp::from_seconds(1_760_745_600)),
            is_roaming: Some(true),
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
