//! What is written down for ever after, or for as long as retention says (T-282).

use fiador_kernel::{ClientId, GrantId, JourneyId, SubscriberId, Timestamp};
use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuditKind {
    /// A code was exchanged for tokens.
    TokensIssued,
    /// A refresh token was exchanged for tokens.
    TokensRefreshed,
    /// A refresh token was presented that had been replaced; its grant has been ended.
    RefreshTokenReplayed,
    /// A user agreed to share attributes.
    ConsentGiven,
    /// A user withdrew consent.
    ConsentWithdrawn,
    /// A code was presented a second time; its grant has been ended.
    CodeReplayed,
    /// A client ended a grant.
    GrantRevoked,
    /// A client by itself asked for signs of a takeover, and was told them or nothing.
    RiskSignalsAsked,
    /// A user could not or would not authenticate.
    AuthenticationRefused,
    /// A login session was ended.
    SessionEnded,
    /// A key was created or retired.
    KeysRotated,
    /// An operator's public keys were replaced.
    OperatorKeysRegistered,
    /// A logo was replaced or removed.
    LogoChanged,
    /// The operator added, replaced or blocked a subscription.
    SubscriberChanged,
    /// The operator removed a subscription: its number may belong to somebody else from now on.
    SubscriberRemoved,
    /// An application was created while the gateway ran.
    ApplicationCreated,
    /// Such an application was removed.
    ApplicationRemoved,
    /// A routing policy was put in force.
    RoutingPolicyPut,
}

impl AuditKind {
    /// The name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TokensIssued => "tokens_issued",
            Self::TokensRefreshed => "tokens_refreshed",
            Self::RefreshTokenReplayed => "refresh_token_replayed",
            Self::ConsentGiven => "consent_given",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::CodeReplayed => "code_replayed",
            Self::GrantRevoked => "grant_revoked",
            Self::RiskSignalsAsked => "risk_signals_asked",
            Self::AuthenticationRefused => "authentication_refused",
            Self::SessionEnded => "session_ended",
            Self::KeysRotated => "keys_rotated",
            Self::OperatorKeysRegistered => "operator_keys_registered",
            Self::LogoChanged => "logo_changed",
            Self::SubscriberChanged => "subscriber_changed",
            Self::SubscriberRemoved => "subscriber_removed",
            Self::ApplicationCreated => "application_created",
            Self::ApplicationRemoved => "application_removed",
            Self::RoutingPolicyPut => "routing_policy_put",
        }
    }
}

/// One line of the audit log. Ids only: no number, code, token or attribute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEvent {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: AuditKind,
    /// Which application, if one took part.
    pub client: Option<ClientId>,
    /// Which subscription.
    pub subscriber: Option<SubscriberId>,
    /// Which grant.
    pub grant: Option<GrantId>,
    /// Which journey.
    pub journey: Option<JourneyId>,
    /// A short reason from a fixed list, such as `wrong_code`.
    pub detail: Option<String>,
}
