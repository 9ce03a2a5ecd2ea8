//! The three authenticators that a text message can be.

use std::fmt;

use fiador_kernel::Amr;

/// What the message carries, and so how it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A code, typed into the waiting browser: `sms_otp`.
    Otp,
    /// A link, opened and answered on the phone: `sms_url`.
    Url,
    /// Both in one message, whichever comes first: `sms_otp_url`. They share attempts and end, and
    /// die together.
    OtpUrl,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Otp, Self::Url, Self::OtpUrl];

    /// The authenticator's id, in policy, logs and audit.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Otp => "sms_otp",
            Self::Url => "sms_url",
            Self::OtpUrl => "sms_otp_url",
        }
    }

    /// Whether the message carries a code.
    pub const fn has_code(self) -> bool {
        matches!(self, Self::Otp | Self::OtpUrl)
    }

    /// Whether the message carries a link.
    pub const fn has_link(self) -> bool {
        matches!(self, Self::Url | Self::OtpUrl)
    }

    /// Mobile Connect names of the methods that it reports (mobile-connect §5), for the metadata.
    pub fn mc_amr_values(self) -> Vec<Amr> {
        let proofs = [(self.has_code(), Proof::Code), (self.has_link(), Proof::Link)];
        let able = proofs.into_iter().filter(|(able, _)| *able);
        able.flat_map(|(_, proof)| proof.amr_mobile_connect()).collect()
    }

    /// The beginning of the keys of its words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Otp => "sms-otp",
            Self::Url => "sms-url",
            Self::OtpUrl => "sms-otp-url",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// By which half of a message the subscriber proved to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Code,
    Link,
}

impl Proof {
    /// `amr` of Mobile Connect clients.
    pub(crate) fn amr_mobile_connect(self) -> Vec<Amr> {
        vec![Amr::new(match self {
            Self::Code => "OTP_OK",
            Self::Link => "SMS_URL_OK",
        })]
    }

    /// `amr` after RFC 8176 §2.
    pub(crate) fn amr_rfc8176(self) -> Vec<Amr> {
        match self {
            Self::Code => vec![Amr::new("otp"), Amr::new("sms")],
            Self::Link => vec![Amr::new("sms"), Amr::new("user")],
        }
    }
}
