//! Lines for reading.

use std::fmt;

use fiador_http_kit::RequestId;
use tracing_subscriber::{
    field::RecordFields,
    fmt::{
        FormatFields,
        format::{DefaultFields, Writer},
    },
};

/// The fields of an event, and after them the request that it belongs to.
pub struct TextFields(DefaultFields);

impl TextFields {
    /// The usual form.
    pub fn new() -> Self {
        Self(DefaultFields::new())
    }
}

impl<'a> FormatFields<'a> for TextFields {
    fn format_fields<R: RecordFields>(&self, mut line: Writer<'a>, fields: R) -> fmt::Result {
        self.0.format_fields(line.by_ref(), fields)?;
        match RequestId::current() {
            Some(id) => write!(line, " correlation_id={id}"),
            None => Ok(()),
        }
    }
}
