//! Numbers that were taken along to another operator.

use async_trait::async_trait;
use fiador_kernel::{Msisdn, OperatorId, Plmn};

/// Who holds a number, as a portability register says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberHolder {
    /// The operator of this network.
    Network(Plmn),
    /// The operator with this name in the configuration.
    Operator(OperatorId),
}

/// The register was not asked or gave no usable answer: number ranges decide instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PortabilityError {
    /// It failed several times in a row and is left alone for a while.
    #[error("the portability register failed several times and is left alone for a while")]
    LeftAlone,
    /// No answer, or not in time.
    #[error("the portability register did not answer")]
    Silent,
    /// An answer that is no JSON, or has neither network nor operator where it should.
    #[error("the portability register answered without a network or operator at its JSON pointer")]
    Unusable,
}

/// A register of ported numbers.
#[async_trait]
pub trait NumberPortability: Send + Sync {
    /// Who holds the number now; `None` when the register does not know it, so that its range
    /// decides. Takes a bounded time, half a second by default.
    async fn holder(&self, number: &Msisdn) -> Result<Option<NumberHolder>, PortabilityError>;
}
