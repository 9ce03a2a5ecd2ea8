//! From what was proven to what may be claimed: `acr` and `amr`.

use fiador_kernel::{Amr, AuthenticatorId, Loa, Timestamp};
use serde::{Deserialize, Serialize};

use crate::profile::Profile;

/// The `amr` of an authenticator that knows the number from the network itself (mobile-connect §5).
/// Nothing else proves that a login went over the user's own mobile data.
pub const SEAMLESS: Amr = Amr::new("SEAM_OK");

/// What an authenticator proved in one transaction. `acr` and `amr` are computed from this and
/// nothing else (T-100).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Which adaptor.
    pub authenticator: AuthenticatorId,
    /// The level it reached, at most its fixed ceiling (T-101).
    pub level: Loa,
    /// Mobile Connect names (mobile-connect §5).
    pub amr_mobile_connect: Vec<Amr>,
    /// RFC 8176 names.
    pub amr_rfc8176: Vec<Amr>,
    /// When the user did it: `auth_time`.
    pub at: Timestamp,
}

impl Evidence {
    /// The `amr` claim for a client of `profile`.
    pub fn amr(&self, profile: Profile) -> &[Amr] {
        if profile.uses_mobile_connect_amr() { &self.amr_mobile_connect } else { &self.amr_rfc8176 }
    }

    /// The `acr` claim: the highest requested level that the evidence satisfies
    /// (mobile-connect, "Decided"); without a request, the level reached. `None` when levels were
    /// requested and none is satisfied: a lower result never answers a higher request (T-100).
    pub fn acr(&self, requested: &[Loa]) -> Option<Loa> {
        if requested.is_empty() {
            return Some(self.level);
        }
        requested.iter().copied().filter(|&level| level <= self.level).max()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(level: Loa) -> Evidence {
        Evidence {
            authenticator: AuthenticatorId::new("sms_otp").unwrap(),
            level,
            amr_mobile_connect: vec![Amr::new("OTP_OK")],
            amr_rfc8176: vec![Amr::new("otp"), Amr::new("sms")],
            at: Timestamp::default(),
        }
    }

    #[test]
    fn acr_is_the_highest_requested_level_that_was_reached_t_100() {
        use Loa::{Four, One, Three, Two};
        assert_eq!(evidence(Two).acr(&[Two]), Some(Two));
        assert_eq!(evidence(Two).acr(&[Three, Two, One]), Some(Two));
        assert_eq!(evidence(Three).acr(&[Two]), Some(Two));
        assert_eq!(evidence(Two).acr(&[Three, Four]), None);
        assert_eq!(evidence(Two).acr(&[]), Some(Two));
    }
}
