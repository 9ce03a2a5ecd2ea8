//! What a journey keeps of a prompt, as JSON.

use fiador_ports::{Exhausted, StoreError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// State of a prompt, whose answers are counted.
pub(crate) trait Kept: Serialize + DeserializeOwned {
    /// Answers that will still be evaluated.
    fn attempts_left(&mut self) -> &mut u8;

    /// Reads what [`Kept::write`] wrote.
    fn read(value: &Value) -> Result<Self, StoreError> {
        Self::deserialize(value).map_err(|_| StoreError::Corrupt)
    }

    /// As the journey keeps it.
    fn write(&self) -> Result<Value, StoreError> {
        serde_json::to_value(self).map_err(|_| StoreError::Corrupt)
    }

    /// The same with one attempt less. What cannot be read admits no answer.
    fn admit(value: &Value) -> Result<Value, Exhausted> {
        let mut state = Self::read(value).map_err(|_| Exhausted)?;
        let left = state.attempts_left();
        *left = left.checked_sub(1).ok_or(Exhausted)?;
        state.write().map_err(|_| Exhausted)
    }
}
