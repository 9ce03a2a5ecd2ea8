/// Something that was proven of the person (docs/reference/adaptor-contract.md, evidence).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fact {
    /// A click, a touch.
    UserPresence,
    /// They have the registered device or card.
    Possession,
    /// They have the SIM card of the number.
    Sim,
    /// They are connected by the number's own mobile data.
    Network,
    /// They have a key that cannot leave its device.
    DeviceBoundKey,
    /// They have such a key, certified by the maker of the device.
    AttestedKey,
    /// They unlocked key or card on the device itself.
    UserVerification,
    /// They know a secret that the authenticator checked.
    Knowledge,
    /// They are who they are: biometry on the device.
    Inherence,
    /// They were identified with documents before.
    IdentityProofed,
}

impl Fact {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::UserPresence,
        Self::Possession,
        Self::Sim,
        Self::Network,
        Self::DeviceBoundKey,
        Self::AttestedKey,
        Self::UserVerification,
        Self::Knowledge,
        Self::Inherence,
        Self::IdentityProofed,
    ];

    /// The word on the wire and in configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UserPresence => "user_presence",
            Self::Possession => "possession",
            Self::Sim => "sim",
            Self::Network => "network",
            Self::DeviceBoundKey => "device_bound_key",
            Self::AttestedKey => "attested_key",
            Self::UserVerification => "user_verification",
            Self::Knowledge => "knowledge",
            Self::Inherence => "inherence",
            Self::IdentityProofed => "identity_proofed",
        }
    }

    /// The fact of this name; `None` for every other one.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|fact| fact.as_str() == name)
    }

    /// Something the person has.
    pub(super) const fn is_possession(self) -> bool {
        matches!(self, Self::Possession | Self::Sim | Self::DeviceBoundKey | Self::AttestedKey)
    }

    /// Something the person knows or is.
    pub(super) const fn is_second_factor(self) -> bool {
        matches!(self, Self::UserVerification | Self::Knowledge | Self::Inherence)
    }
}
