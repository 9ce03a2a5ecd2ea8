//! What a login gave, for the page.

use serde::Serialize;
use serde_json::Value;

/// How a login ended.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Outcome {
    /// The application's name.
    pub application: String,
    /// The error the gateway redirected with, or a failure of the exchange.
    pub error: Option<String>,
    /// Claims of the ID Token.
    pub id_token: Option<Value>,
    /// Body of UserInfo or PremiumInfo, if attributes were asked for.
    pub attributes: Option<Value>,
}
