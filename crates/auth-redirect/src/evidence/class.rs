use fiador_kernel::Loa;

/// What kind of authenticator it is: decides the most that it can prove.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Anything else.
    Other,
    /// The network knows the number.
    Network,
    /// Text messages.
    Sms,
    /// USSD.
    Ussd,
    /// Codes that change with time.
    Totp,
    /// A click in an app or page.
    Click,
    /// A click in an application on the SIM card.
    SimClick,
    /// FIDO with user presence.
    Fido,
    /// A PIN that the SIM card checks.
    SimPin,
    /// A key bound to the device, unlocked there by PIN or biometry.
    AppKey,
    /// FIDO with user verification.
    FidoUv,
    /// A signature key on the SIM card.
    SimSignature,
    /// FIDO with user verification, attested as bound to its device.
    FidoAttested,
}

impl Class {
    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::Other,
        Self::Network,
        Self::Sms,
        Self::Ussd,
        Self::Totp,
        Self::Click,
        Self::SimClick,
        Self::Fido,
        Self::SimPin,
        Self::AppKey,
        Self::FidoUv,
        Self::SimSignature,
        Self::FidoAttested,
    ];

    /// The most that it proves. Constant: no configuration raises it (T-101).
    pub const fn ceiling(self) -> Loa {
        match self {
            Self::Other => Loa::One,
            Self::Network
            | Self::Sms
            | Self::Ussd
            | Self::Totp
            | Self::Click
            | Self::SimClick
            | Self::Fido => Loa::Two,
            Self::SimPin | Self::AppKey | Self::FidoUv => Loa::Three,
            Self::SimSignature | Self::FidoAttested => Loa::Four,
        }
    }

    /// The word in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Network => "network",
            Self::Sms => "sms",
            Self::Ussd => "ussd",
            Self::Totp => "totp",
            Self::Click => "click",
            Self::SimClick => "sim_click",
            Self::Fido => "fido",
            Self::SimPin => "sim_pin",
            Self::AppKey => "app_key",
            Self::FidoUv => "fido_uv",
            Self::SimSignature => "sim_signature",
            Self::FidoAttested => "fido_attested",
        }
    }

    /// The class of this name; `None` for every other one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == name)
    }
}
