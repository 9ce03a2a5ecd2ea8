//! The `version` parameter: profiles of Mobile Connect (mobile-connect.md §0.1).

/// A profile version that a request can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MobileConnectVersion {
    /// `mc_v1.1`: authentication only.
    V1_1,
    /// `mc_v1.2`: short-lived forerunner of 2.0.
    V1_2,
    /// `mc_v2.0`: authentication, authorization, identity scopes.
    V2_0,
    /// `mc_di_r2_v2.3`: device-initiated profile R2.
    Di2_3,
    /// `mc_di_v3.0`: device-initiated profile 3.0, with renamed scopes.
    Di3_0,
    /// `mc_si_r2_v1.0`: server-initiated profile R2.
    Si1_0,
}

impl MobileConnectVersion {
    /// Every version, oldest first.
    pub const ALL: [Self; 6] =
        [Self::V1_1, Self::V1_2, Self::V2_0, Self::Di2_3, Self::Di3_0, Self::Si1_0];

    /// Reads the parameter. `mc_v2`, `mc_v2_0` (misspellings in published texts and in the Java SDK) and
    /// `mc_v2.1` (one operator) mean 2.0. `None` for any other value.
    pub fn parse(value: &str) -> Option<Self> {
        match value {
            "mc_v1.1" => Some(Self::V1_1),
            "mc_v1.2" => Some(Self::V1_2),
            "mc_v2.0" | "mc_v2" | "mc_v2_0" | "mc_v2.1" => Some(Self::V2_0),
            "mc_di_r2_v2.3" => Some(Self::Di2_3),
            "mc_di_v3.0" => Some(Self::Di3_0),
            "mc_si_r2_v1.0" => Some(Self::Si1_0),
            _ => None,
        }
    }

    /// The value on the wire and in `mc_version` of the provider metadata.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::V1_1 => "mc_v1.1",
            Self::V1_2 => "mc_v1.2",
            Self::V2_0 => "mc_v2.0",
            Self::Di2_3 => "mc_di_r2_v2.3",
            Self::Di3_0 => "mc_di_v3.0",
            Self::Si1_0 => "mc_si_r2_v1.0",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_version_is_read_from_its_own_text() {
        for version in MobileConnectVersion::ALL {
            assert_eq!(MobileConnectVersion::parse(version.as_str()), Some(version));
        }
    }

    #[test]
    fn the_misspellings_of_2_0_are_2_0() {
        for alias in ["mc_v2", "mc_v2_0", "mc_v2.1"] {
            assert_eq!(MobileConnectVersion::parse(alias), Some(MobileConnectVersion::V2_0));
        }
    }

    #[test]
    fn other_values_are_no_version() {
        for value in ["", "mc_v3", "MC_V1.1", "mc_di_r2_v2.3 ", "2.3"] {
            assert_eq!(MobileConnectVersion::parse(value), None);
        }
    }
}
