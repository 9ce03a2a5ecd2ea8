//! What the checks say: a line for each, and the sum.

use std::io::{Write as _, stdout};

use anyhow::bail;
use fiador_auth_redirect::contract::Form;
use serde::Serialize;

/// Prints as the checks go.
pub(super) struct Report {
    json: bool,
    passed: usize,
    failed: usize,
}

/// `--json`: one object per line.
#[derive(Serialize)]
struct Line<'a> {
    check: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Form>,
    passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    complaint: Option<String>,
}

impl Report {
    pub(super) fn new(json: bool) -> Self {
        Self { json, passed: 0, failed: 0 }
    }

    /// Notes one check; `Err` is the complaint about the authenticator.
    pub(super) fn line(
        &mut self,
        form: Option<Form>,
        check: &str,
        outcome: Result<(), String>,
    ) -> anyhow::Result<()> {
        let complaint = outcome.err();
        let passed = complaint.is_none();
        *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
        if self.json {
            let line = Line { check, form, passed, complaint };
            writeln!(stdout(), "{}", serde_json::to_string(&line)?)?;
            return Ok(());
        }
        let word = if passed { "ok  " } else { "FAIL" };
        let form = match form {
            None => "",
            Some(Form::Browser) => "browser: ",
            Some(Form::BackChannel) => "back channel: ",
        };
        let complaint = complaint.map(|text| format!("\n       {text}")).unwrap_or_default();
        writeln!(stdout(), "{word} {form}{check}{complaint}")?;
        Ok(())
    }

    /// The end: an error when anything failed.
    pub(super) fn sum(self) -> anyhow::Result<()> {
        if !self.json {
            writeln!(stdout(), "{} passed, {} failed", self.passed, self.failed)?;
        }
        if self.failed > 0 {
            bail!(
                "{} checks failed; docs/reference/adaptor-contract.md says what is right",
                self.failed
            );
        }
        Ok(())
    }
}
