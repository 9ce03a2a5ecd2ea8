//! `client_name`, `context` and `binding_message`: the text that the user decides on
//! (mobile-connect §2.1 †, §2.2 row 11). Checked whole and never cut: what is shown is what was
//! sent.

use fiador_domain::{catalog, text::find_lure};

use super::{Addressed, Failure, scope};

/// What a transaction is about.
#[derive(Default)]
pub(crate) struct TransactionText {
    pub(crate) context: Option<String>,
    pub(crate) binding_message: Option<String>,
}

/// All three are required when a scope asks for a decision. `binding_message` may be empty.
pub(super) fn as_scopes_demand(request: &Addressed) -> Result<TransactionText, Failure> {
    let demanded = scope::read(request)?
        .iter()
        .any(|scope| catalog::entry(scope).is_some_and(|entry| entry.needs_transaction_text));
    match request.sent("client_name") {
        Some(name) if name != request.client.name => return Err(Failure::ClientNameInvalid),
        None if demanded => return Err(Failure::ClientNameInvalid),
        Some(_) | None => {}
    }
    let context = request.sent("context");
    let binding_message = request.sent("binding_message");
    let fits = |text: Option<&str>, max: usize| text.is_none_or(|text| is_showable(text, max));
    if !fits(context, request.rules.context_length)
        || (demanded && context.is_none_or(str::is_empty))
    {
        return Err(Failure::ContextInvalid);
    }
    if !fits(binding_message, request.rules.binding_message_length)
        || (demanded && binding_message.is_none())
    {
        return Err(Failure::BindingMessageInvalid);
    }
    let shown = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
    Ok(TransactionText { context: shown(context), binding_message: shown(binding_message) })
}

/// Plain OpenID Connect has no such parameters.
#[expect(clippy::unnecessary_wraps, reason = "a cell of the table")]
pub(super) fn is_ignored(_: &Addressed) -> Result<TransactionText, Failure> {
    Ok(TransactionText::default())
}

/// Short, and nothing that hides other text or lures people away (T-086).
fn is_showable(text: &str, max: usize) -> bool {
    text.chars().count() <= max && find_lure(text).is_none()
}
