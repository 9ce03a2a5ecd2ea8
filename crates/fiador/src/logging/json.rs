//! One JSON object per line.

use std::fmt::{self, Write};

use fiador_http_kit::RequestId;
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    fmt::{
        FmtContext, FormatEvent, FormatFields,
        format::Writer,
        time::{FormatTime as _, SystemTime},
    },
    registry::LookupSpan,
};

/// Writes an event as a JSON object: time, level, the event's own fields, the module it comes from,
/// and the request that it belongs to. It goes straight into the line, because logins log on their
/// way.
pub struct JsonLine;

impl<S, N> FormatEvent<S, N> for JsonLine
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut line: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        line.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut line)?;
        write!(line, "\",\"level\":\"{}\"", event.metadata().level())?;
        let mut fields = Fields { line: &mut line, written: Ok(()) };
        event.record(&mut fields);
        fields.written?;
        write!(line, ",\"target\":\"{}\"", event.metadata().target())?;
        if let Some(id) = RequestId::current() {
            let span = format_args!("{{\"correlation_id\":\"{id}\",\"name\":\"request\"}}");
            write!(line, ",\"span\":{span},\"spans\":[{span}]")?;
        }
        line.write_str("}\n")
    }
}

/// Writes the members that fields become.
struct Fields<'a, W> {
    line: &'a mut W,
    written: fmt::Result,
}

impl<W: Write> Fields<'_, W> {
    fn member(&mut self, field: &Field, value: impl fmt::Display) {
        let name = field.name();
        let name = name.strip_prefix("r#").unwrap_or(name);
        let line = &mut *self.line;
        self.written = self.written.and_then(|()| write!(line, ",\"{name}\":{value}"));
    }
}

impl<W: Write> Visit for Fields<'_, W> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.member(field, Text(format_args!("{value:?}")));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.member(field, Text(format_args!("{value}")));
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.member(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.member(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.member(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.member(field, value);
        } else {
            self.member(field, "null");
        }
    }
}

/// A JSON string (RFC 8259 §7).
struct Text<'a>(fmt::Arguments<'a>);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        Escaped(f).write_fmt(self.0)?;
        f.write_char('"')
    }
}

/// Escapes whatever is written through it.
struct Escaped<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaped<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(|c: char| matches!(c, '"' | '\\' | '\0'..='\u{1f}')) {
            let (clean, special) = rest.split_at(at);
            self.0.write_str(clean)?;
            let mut characters = special.chars();
            match characters.next() {
                Some('"') => self.0.write_str("\\\"")?,
                Some('\\') => self.0.write_str("\\\\")?,
                Some('\n') => self.0.write_str("\\n")?,
                Some('\t') => self.0.write_str("\\t")?,
                Some('\r') => self.0.write_str("\\r")?,
                Some(control) => write!(self.0, "\\u{:04x}", u32::from(control))?,
                None => {}
            }
            rest = characters.as_str();
        }
        self.0.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use serde_json::Value;
    use tracing_subscriber::{fmt, prelude::*};

    use super::*;

    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Written {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn line(log: impl FnOnce()) -> Value {
        let written = Written::default();
        let writer = written.clone();
        let layer = fmt::layer().event_format(JsonLine).with_writer(move || writer.clone());
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), log);
        let bytes = written.0.lock().unwrap();
        assert_eq!(bytes.split_inclusive(|byte| *byte == b'\n').count(), 1);
        serde_json::from_slice(&bytes).unwrap()
    }

    #[test]
    fn an_event_is_one_object_with_its_fields() {
        let line = line(|| {
            tracing::warn!(rows = 3_u32, idle = -1, done = true, share = 0.5, error = %"no", "gone");
        });
        assert_eq!(line["level"], "WARN");
        assert_eq!(line["message"], "gone");
        assert_eq!(line["target"], module_path!());
        assert_eq!((&line["rows"], &line["idle"]), (&3.into(), &(-1).into()));
        assert_eq!((&line["done"], &line["share"]), (&true.into(), &0.5.into()));
        assert_eq!(line["error"], "no");
        assert!(line["timestamp"].as_str().unwrap().ends_with('Z'));
        assert!(line.get("span").is_none());
    }

    #[test]
    fn no_text_breaks_out_of_its_member() {
        // T-280: what outsiders send may stand in an error, and must not forge a line.
        let hostile = "a\"b\\c\nd\te\rf\0g\u{1b}[31m\u{7f}é\u{2028}😀";
        let line = line(|| tracing::info!(error = hostile, reason = ?hostile, "{hostile}"));
        assert_eq!(line["message"], hostile);
        assert_eq!(line["error"], hostile);
        assert_eq!(line["reason"], format!("{hostile:?}"));
    }
}
