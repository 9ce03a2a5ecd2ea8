//! What the person decided on the phone.

use fiador_ports::{Answer, Road};

/// A decision as the link's page hands it to routing and the authenticator reads it back. It travels
/// by the prompt's reference alone, and only the page makes it, from a form that it has checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Yes, in the browser that waits: there is nothing to match (T-128).
    ApproveHere,
    /// This number is on the other screen.
    Choose(u8),
    /// No.
    Deny,
    /// No, and somebody else asked for it (T-109).
    Report,
}

const DECISION: &str = "decision";
const NUMBER: &str = "number";

impl Decision {
    /// As an answer.
    pub(crate) fn answer(self) -> Answer {
        let word = match self {
            Self::ApproveHere => "approve_here",
            Self::Choose(number) => {
                return Answer::by(Road::Reference, [(NUMBER, number.to_string())]);
            }
            Self::Deny => "deny",
            Self::Report => "report",
        };
        Answer::by(Road::Reference, [(DECISION, word)])
    }

    /// Reads what [`Decision::answer`] made; `None` for anything else.
    pub(crate) fn read(answer: &Answer) -> Option<Self> {
        match (answer.field(DECISION), answer.field(NUMBER)) {
            (Some("approve_here"), None) => Some(Self::ApproveHere),
            (Some("deny"), None) => Some(Self::Deny),
            (Some("report"), None) => Some(Self::Report),
            (None, Some(number)) => number.parse().ok().map(Self::Choose),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_reads_back_and_a_double_one_is_none() {
        use Decision::{ApproveHere, Choose, Deny, Report};
        for decision in [ApproveHere, Choose(42), Deny, Report] {
            assert_eq!(Decision::read(&decision.answer()), Some(decision));
        }
        for fields in
            [vec![], vec![("decision", "approve")], vec![("decision", "deny"), ("number", "42")]]
        {
            assert_eq!(Decision::read(&Answer::by(Road::Reference, fields)), None);
        }
    }
}
