//! The `prompt` parameter (OpenID Connect Core §3.1.2.1, mobile-connect.md §2.3).

/// What the service provider wants the user to be asked; any combination, except that `none` stands alone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a set of the five values, one member each")]
pub struct Prompt {
    /// `none`: no page at all; answer with an error when one would be needed.
    pub none: bool,
    /// `login`: authenticate again although there is a session.
    pub login: bool,
    /// `consent`: ask for consent although it was given.
    pub consent: bool,
    /// `select_account`: let the user name another account (in Mobile Connect, another number).
    pub select_account: bool,
    /// `no_seam`: do not accept network (seamless) authentication. Mobile Connect only.
    pub no_seam: bool,
}

/// Why a `prompt` value cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromptError {
    /// No value in it.
    #[error("the prompt value is empty")]
    Empty,
    /// A value that no profile defines.
    #[error("the prompt value is not defined")]
    Unknown,
    /// `none` together with another value.
    #[error("prompt none stands alone")]
    NoneNotAlone,
}

impl Prompt {
    /// Reads a space-separated list of values.
    pub fn parse(value: &str) -> Result<Self, PromptError> {
        let mut prompt = Self::default();
        for word in value.split(' ').filter(|word| !word.is_empty()) {
            *match word {
                "none" => &mut prompt.none,
                "login" => &mut prompt.login,
                "consent" => &mut prompt.consent,
                "select_account" => &mut prompt.select_account,
                "no_seam" => &mut prompt.no_seam,
                _ => return Err(PromptError::Unknown),
            } = true;
        }
        let others = prompt.login || prompt.consent || prompt.select_account || prompt.no_seam;
        match (prompt.none, others) {
            (true, true) => Err(PromptError::NoneNotAlone),
            (false, false) => Err(PromptError::Empty),
            _ => Ok(prompt),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_combine() {
        let prompt = Prompt::parse("login no_seam").unwrap();
        assert_eq!(prompt, Prompt { login: true, no_seam: true, ..Prompt::default() });
        let prompt = Prompt::parse("consent select_account").unwrap();
        assert_eq!(prompt, Prompt { consent: true, select_account: true, ..Prompt::default() });
    }

    #[test]
    fn none_stands_alone() {
        assert_eq!(Prompt::parse("none"), Ok(Prompt { none: true, ..Prompt::default() }));
        assert_eq!(Prompt::parse("none login"), Err(PromptError::NoneNotAlone));
        assert_eq!(Prompt::parse("no_seam none"), Err(PromptError::NoneNotAlone));
    }

    #[test]
    fn unknown_and_empty_values_are_refused() {
        for value in ["mobile", "Login", "login,consent"] {
            assert_eq!(Prompt::parse(value), Err(PromptError::Unknown));
        }
        assert_eq!(Prompt::parse(""), Err(PromptError::Empty));
    }
}
