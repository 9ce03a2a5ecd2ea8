//! Every scope the gateway serves.

use super::{Form, Resource, ScopeEntry};

/// OpenID Connect Core §5.4 for the first group, mobile-connect §2.9 for the `mc_` ones.
///
/// `mc_india_tc` (terms and conditions) is accepted and opens nothing: no source tells what it
/// answers, and clients of the Indian market send it beside products that they do read.
/// `mc_phonenumber`, `mc_signup` and `mc_nationalid` are what version 3.0 calls three of the products.
pub const CATALOG: &[ScopeEntry] = &[
    authentication("openid", false),
    without_claims("offline_access", Resource::Token),
    authentication("mc_authn", false),
    authentication("mc_authz", true),
    authentication("mc_india_tc", false),
    userinfo("profile", PROFILE),
    userinfo("email", &["email", "email_verified"]),
    userinfo("address", &["address"]),
    userinfo("phone", &["phone_number", "phone_number_verified"]),
    premiuminfo("mc_identity_phonenumber", &["phone_number"], Form::Plain),
    hashed_number("mc_identity_phonenumber_hashed", Resource::PremiumInfo),
    hashed_number("mc_mnv_validate", Resource::UserInfo),
    hashed_number("mc_mnv_validate_plus", Resource::UserInfo),
    premiuminfo("mc_identity_signup", SIGN_UP, Form::Plain),
    premiuminfo("mc_identity_signupplus", SIGN_UP, Form::Plain),
    premiuminfo("mc_identity_nationalid", NATIONAL_ID, Form::Plain),
    premiuminfo("mc_phonenumber", &["phone_number"], Form::Plain),
    premiuminfo("mc_signup", SIGN_UP, Form::Plain),
    premiuminfo("mc_nationalid", NATIONAL_ID, Form::Plain),
    kyc("mc_kyc_plain", Form::Match),
    kyc("mc_kyc_hashed", Form::HashedMatch),
    without_claims("mc_vm_match", Resource::VerifiedNumber),
    without_claims("mc_vm_match_hash", Resource::VerifiedNumber),
    without_claims("mc_attr_vm_match", Resource::VerifiedNumber),
    without_claims("mc_attr_vm_match_hash", Resource::VerifiedNumber),
    without_claims("mc_atp", Resource::RiskSignals),
];

const PROFILE: &[&str] = &[
    "name",
    "family_name",
    "given_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "updated_at",
];

const SIGN_UP: &[&str] = &[
    "given_name",
    "family_name",
    "street_address",
    "postal_code",
    "country",
    "phone_number_alternate",
    "title",
    "middle_name",
    "city",
    "state",
    "email",
];

const NATIONAL_ID: &[&str] = &[
    "given_name",
    "family_name",
    "street_address",
    "birthdate",
    "national_identifier",
    "phone_number",
    "title",
    "middle_name",
    "state",
    "postal_code",
    "country",
    "email",
];

/// Given beside the answers of a match.
const MATCH_EXTRAS: &[&str] = &["is_lost_stolen", "billing_segment", "account_state"];

const fn authentication(scope: &'static str, needs_transaction_text: bool) -> ScopeEntry {
    ScopeEntry { needs_transaction_text, ..without_claims(scope, Resource::None) }
}

const fn without_claims(scope: &'static str, resource: Resource) -> ScopeEntry {
    let (claims, form): (&[&str], _) = (&[], Form::Plain);
    ScopeEntry { scope, resource, claims, form, needs_transaction_text: false }
}

const fn userinfo(scope: &'static str, claims: &'static [&'static str]) -> ScopeEntry {
    ScopeEntry { claims, ..without_claims(scope, Resource::UserInfo) }
}

const fn premiuminfo(
    scope: &'static str,
    claims: &'static [&'static str],
    form: Form,
) -> ScopeEntry {
    let resource = Resource::PremiumInfo;
    ScopeEntry { scope, resource, claims, form, needs_transaction_text: true }
}

/// The number as a hash, which a service provider compares with that of a number it has. Clients of
/// the Indian market, who alone ask for it, send none of the three texts and read the products
/// `mc_mnv_` at UserInfo (mobile-connect §2.9).
const fn hashed_number(scope: &'static str, resource: Resource) -> ScopeEntry {
    let (claims, form): (&[&str], _) = (&["phone_number"], Form::HashedNumber);
    ScopeEntry { claims, form, ..without_claims(scope, resource) }
}

/// For a match the three texts are optional (mobile-connect §2.1 †).
const fn kyc(scope: &'static str, form: Form) -> ScopeEntry {
    ScopeEntry { needs_transaction_text: false, ..premiuminfo(scope, MATCH_EXTRAS, form) }
}
