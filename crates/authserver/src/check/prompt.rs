//! `prompt` is a list of defined values, `none` alone (mobile-connect §2.3).

use fiador_wire_oauth::prompt::Prompt;

use super::{Addressed, Failure};

pub(super) fn is_defined(request: &Addressed) -> Result<Prompt, Failure> {
    let prompt = request.value("prompt").map(Prompt::parse).transpose();
    prompt.map(Option::unwrap_or_default).map_err(|_| Failure::PromptInvalid)
}
