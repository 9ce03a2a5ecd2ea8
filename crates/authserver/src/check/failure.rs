//! Every error that can travel back to a service provider, with its exact words.

use fiador_domain::{journey::Refusal, profile::Profile};
use fiador_wire_oauth::error::ErrorCode;

/// One row of mobile-connect §2.6, or of the specification that its comment names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    GetSerialization,
    PostSerialization,
    MultipleProblems,
    RepeatedParameter,
    RequestNotSupported,
    RequestObjectInvalid,
    RequestUriNotSupported,
    NotPushed,
    RegistrationNotSupported,
    ResponseTypeInvalid,
    ResponseTypeUnsupported,
    MobileConnectNotAllowed,
    CodesNotAllowed,
    ScopeMissing,
    ScopeInvalid,
    VersionInvalid,
    StateInvalid,
    NonceInvalid,
    DisplayInvalid,
    PromptInvalid,
    MaxAgeInvalid,
    ResponseModeInvalid,
    ClaimsInvalid,
    CorrelationIdInvalid,
    CodeChallengeMissing,
    CodeChallengeMethod,
    CodeChallengeInvalid,
    AcrValuesInvalid,
    BothHints,
    HintInvalid,
    HintMissing,
    ClientNameInvalid,
    ContextInvalid,
    BindingMessageInvalid,
    LevelUnreachable,
    LevelUnmet,
    LoginRequired,
    ConsentRequired,
    UnknownUser,
    NotRegistered,
    Busy,
    NotAuthenticated,
    ConsentDenied,
    Unavailable,
    Internal,
}

impl Failure {
    /// A level that must be reached and cannot be: refused, never lowered (mobile-connect,
    /// "Decided"; T-100).
    pub(crate) const fn level(profile: Profile) -> Self {
        match profile {
            Profile::MobileConnect => Self::LevelUnreachable,
            Profile::Oidc => Self::LevelUnmet,
        }
    }

    /// What a client of this profile is told of a login that ended so. One answer for every reason
    /// that could tell a known number from an unknown one (T-048).
    pub(crate) const fn of_refusal(refusal: Refusal, profile: Profile) -> Self {
        match refusal {
            Refusal::Denied
            | Refusal::Failed
            | Refusal::TimedOut
            | Refusal::BudgetExhausted
            | Refusal::LockedOut => Self::NotAuthenticated,
            Refusal::ConsentDenied => Self::ConsentDenied,
            Refusal::Unavailable => Self::Unavailable,
            Refusal::LevelUnmet => Self::level(profile),
        }
    }

    /// `error` and `error_description`. Clients compare the texts, so they are quoted as they are,
    /// misspellings included.
    #[rustfmt::skip] // a table is read by its columns
    pub(crate) const fn row(self) -> (ErrorCode, &'static str) {
        use ErrorCode as E;
        match self {
            Self::GetSerialization         => (E::InvalidRequest,          "GET request invalid serialization"),
            Self::PostSerialization        => (E::InvalidRequest,          "POST request Invalid serialization"),
            Self::MultipleProblems         => (E::InvalidRequest,          "Malformed request multiple problems exist"),
            Self::RepeatedParameter        => (E::InvalidRequest,          "Multiple parameter names in the authorization request. Malformed request"),
            // OpenID Connect Core §3.1.2.6
            Self::RequestNotSupported      => (E::RequestNotSupported,     "The request parameter is not supported"),
            Self::RequestObjectInvalid     => (E::InvalidRequestObject,    "The request object is invalid"),
            Self::RequestUriNotSupported   => (E::RequestUriNotSupported,  "The request_uri parameter is not supported"),
            // RFC 9126 §6
            Self::NotPushed                => (E::InvalidRequest,          "The client must push its authorization requests"),
            Self::RegistrationNotSupported => (E::RegistrationNotSupported,"The registration parameter is not supported"),
            Self::ResponseTypeInvalid      => (E::InvalidRequest,          "MANDATORY parameter response_type is missing or value is invalid"),
            // RFC 6749 §4.1.2.1
            Self::ResponseTypeUnsupported  => (E::UnsupportedResponseType, "The response_type is not supported"),
            Self::MobileConnectNotAllowed  => (E::UnauthorizedClient,      "The client is not allowed to make MC service requests"),
            Self::CodesNotAllowed          => (E::UnauthorizedClient,      "The client is not authorized to request an authorization code"),
            Self::ScopeMissing             => (E::InvalidScope,            "MANDATORY parameter scope is missing"),
            Self::ScopeInvalid             => (E::InvalidScope,            "The scope value is invalid"),
            Self::VersionInvalid           => (E::InvalidRequest,          "MANDATORY parameter version is missing / invalid."),
            Self::StateInvalid             => (E::InvalidRequest,          "RECOMMENDED parameter state is invalid"),
            Self::NonceInvalid             => (E::InvalidRequest,          "MANDATORY parameter nonce is missing (or) invalid"),
            Self::DisplayInvalid           => (E::InvalidRequest,          "Invalid display value. / not supported."),
            Self::PromptInvalid            => (E::InvalidRequest,          "Prompt value is invalid"),
            Self::MaxAgeInvalid            => (E::InvalidRequest,          "Invalid max_age value"),
            Self::ResponseModeInvalid      => (E::InvalidRequest,          "response_mode contains same as response_type (or) invalid"),
            Self::ClaimsInvalid            => (E::InvalidRequest,          "claims value is invalid"),
            Self::CorrelationIdInvalid     => (E::InvalidRequest,          "Invalid correlation_id value."),
            // RFC 7636 §4.4.1
            Self::CodeChallengeMissing     => (E::InvalidRequest,          "code challenge required"),
            Self::CodeChallengeMethod      => (E::InvalidRequest,          "transform algorithm not supported"),
            Self::CodeChallengeInvalid     => (E::InvalidRequest,          "code_challenge is invalid"),
            Self::AcrValuesInvalid         => (E::InvalidRequest,          "MANDATORY parameter acr_values are missing or invalid values"),
            Self::BothHints                => (E::InvalidRequest,          "Malformed request, duplicate parameter entries"),
            Self::HintInvalid              => (E::InvalidRequest,          "Invalid value for login_hint or login_hint_token"),
            Self::HintMissing              => (E::InvalidRequest,          "MANDATORY parameters login_hint_token (or) login_hint does not exist."),
            Self::ClientNameInvalid        => (E::InvalidRequest,          "Invalid client_name value"),
            // mobile-connect §2.1 names the parameters, §2.6 has no row for them
            Self::ContextInvalid           => (E::InvalidRequest,          "Invalid context value"),
            Self::BindingMessageInvalid    => (E::InvalidRequest,          "Invalid binding_message value"),
            Self::LevelUnreachable         => (E::AccessDenied,            "The requested level of assurance cannot be met"),
            // OpenID Connect Core Unmet Authentication Requirements §2
            Self::LevelUnmet               => (E::UnmetAuthenticationRequirements, "The requested level of assurance cannot be met"),
            // OpenID Connect Core §3.1.2.6
            Self::LoginRequired            => (E::LoginRequired,           "The user must log in"),
            Self::ConsentRequired          => (E::ConsentRequired,         "The user must consent"),
            Self::UnknownUser              => (E::AccessDenied,            "Unknown user"),
            Self::NotRegistered            => (E::AccessDenied,            "Mobile Connect User is not registered"),
            Self::Busy                     => (E::AccessDenied,            "The user is busy with another transaction"),
            Self::NotAuthenticated         => (E::AccessDenied,            "User failed to authenticate"),
            Self::ConsentDenied            => (E::AccessDenied,            "The user did not consent"),
            Self::Unavailable              => (E::TemporarilyUnavailable,  "Internal Server Error"),
            Self::Internal                 => (E::ServerError,             "Internal Server Error"),
        }
    }
}
