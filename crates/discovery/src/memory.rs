//! The operator of last time, remembered by the browser (mobile-connect §1.2, §1.3).
//!
//! SDKs pass these cookies on by their exact names, so they have no `__Host-` prefix. They carry no
//! secret and no personal data: a forged one picks an operator, which `Selected-*` does as well.

use fiador_domain::numbering::Operator;
use fiador_http_kit::Cookies;
use fiador_kernel::{Plmn, Timestamp, token_text};
use http::{HeaderMap, HeaderValue, header::SET_COOKIE};

use crate::{Dialect, Service};

const OPERATOR: &str = "Most-Recent-Selected-Operator";
const EXPIRY: &str = "Most-Recent-Selected-Operator-Expiry";
/// The only one of v1.
const NETWORK: &str = "mcc_mnc";
/// A value that SDKs keep and send back; it means nothing here.
const NONCE: &str = "Enum-Nonce";

/// The network that the cookies name, unless their time is over.
pub(crate) fn remembered_network(
    dialect: Dialect,
    headers: &HeaderMap,
    now: Timestamp,
) -> Option<Plmn> {
    let value = |wanted| Cookies::of(headers).find(|&(name, _)| name == wanted).map(|(_, v)| v);
    if dialect == Dialect::V1 {
        return Plmn::try_from(value(NETWORK)?.to_owned()).ok();
    }
    let expired = value(EXPIRY)
        .and_then(|millis| millis.parse::<i64>().ok())
        .is_some_and(|millis| millis <= now.as_millis());
    if expired { None } else { Plmn::try_from(value(OPERATOR)?.to_owned()).ok() }
}

/// Sets the three cookies of §1.3, or the one of v1.
pub(crate) fn remember(
    service: &Service,
    dialect: Dialect,
    operator: &Operator,
    now: Timestamp,
    headers: &mut HeaderMap,
) {
    let Some(network) = operator.networks.first() else { return };
    let life = service.settings.answer_lifetime;
    let secure = if service.settings.cookies.secure { "; Secure" } else { "" };
    let values = match dialect {
        Dialect::V1 => vec![(NETWORK, network.to_string())],
        Dialect::V2 => vec![
            (OPERATOR, network.to_string()),
            (EXPIRY, (now + life).as_millis().to_string()),
            (NONCE, token_text(&*service.entropy, 16)),
        ],
    };
    let path = dialect.cookie_path();
    for (name, value) in values {
        let seconds = life.as_secs();
        let cookie = format!(
            "{name}={value}; Path={path}; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
        );
        if let Ok(cookie) = HeaderValue::try_from(cookie) {
            headers.append(SET_COOKIE, cookie);
        }
    }
}
