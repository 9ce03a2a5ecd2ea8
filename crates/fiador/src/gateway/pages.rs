//! Brand, words and files of all streets together.

use std::sync::Arc;

use fiador_http_kit::{Assets, Brand, Messages, Pages};

/// Collects what every street shows.
pub fn build_pages(brand: Brand) -> anyhow::Result<Arc<Pages>> {
    let messages = Messages::builder()?;
    let messages = fiador_authserver::add_messages(messages)?;
    let messages = fiador_auth_sms::add_messages(messages)?;
    let messages = fiador_auth_redirect::add_messages(messages)?;
    let messages = fiador_discovery::add_messages(messages)?;
    let assets = fiador_auth_sms::add_assets(fiador_authserver::add_assets(Assets::builder()));
    Ok(Arc::new(Pages::new(brand, messages.build()?, assets)))
}
