//! `error_description` of what every endpoint that clients call refuses in the same way: `/token`,
//! `/introspect`, `/revoke` and `/par`.

/// The client did not prove itself: 401 `invalid_client` (RFC 6749 §5.2). Says nothing of the reason
/// (T-060).
pub const UNPROVEN_CLIENT: &str = "Client authentication failed";

/// 400 `invalid_request` (RFC 6749 §2.3).
pub const SEVERAL_METHODS: &str = "The request uses more than one method of client authentication";

/// 400 `invalid_request`: a query stands in logs (mobile-connect §2.7).
pub const PARAMETERS_IN_QUERY: &str = "Parameters must be in the body, not in the query";
