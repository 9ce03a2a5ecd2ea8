//! From `[authorization]` to the rules of the AuthServer.

use fiador_authserver::Rules;

use crate::config::AuthorizationSection;

/// What requests may say.
pub fn authorization_rules(section: AuthorizationSection) -> Rules {
    Rules {
        asks_for_number: section.asks_for_number,
        offers_di_3_0: section.mobile_connect_3_0,
        context_length: section.context_length.into(),
        binding_message_length: section.binding_message_length.into(),
    }
}
