//! `prompt` is a list of defined values, `none` alone (mobile-connect §2.3).

use fiador_wire_oauth::{prompt::Prompt, version::MobileConnectVersion as Version};

use super::{Addressed, Failure};

/// What the Java and PHP SDKs send when they follow redirects without a browser ("headless mode").
/// No text defines it. That the user answers on the phone is so in any case, so it asks for nothing.
const MOBILE: &str = "mobile";

/// Mobile Connect: DI 3.0 has neither `consent` nor `select_account`.
pub(super) fn is_of_the_version(request: &Addressed) -> Result<Prompt, Failure> {
    let prompt = request.value("prompt").map(read_besides_mobile).transpose()?.unwrap_or_default();
    if request.knows_since(Version::Di3_0) && (prompt.consent || prompt.select_account) {
        return Err(Failure::PromptInvalid);
    }
    Ok(prompt)
}

/// OpenID Connect: the union of all values, so that no client has to know our worlds.
pub(super) fn is_defined(request: &Addressed) -> Result<Prompt, Failure> {
    let prompt = request.value("prompt").map(Prompt::parse).transpose();
    prompt.map(Option::unwrap_or_default).map_err(|_| Failure::PromptInvalid)
}

fn read_besides_mobile(text: &str) -> Result<Prompt, Failure> {
    let others: Vec<&str> = text.split(' ').filter(|word| *word != MOBILE).collect();
    if others.is_empty() {
        return Ok(Prompt::default());
    }
    Prompt::parse(&others.join(" ")).map_err(|_| Failure::PromptInvalid)
}
