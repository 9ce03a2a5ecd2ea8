//! What the `claims` parameter asks for one by one (OpenID Connect Core §5.5, mobile-connect §2.9).
//!
//! Kept beside the login, since it may be long (decision 0017), and sealed, since values to compare
//! are personal data: [`IndividualClaims::to_attributes`] gives it the shape that the vault seals.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use fiador_kernel::ScopeSet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    catalog::{self, CATALOG, Form, Resource, ScopeEntry},
    kyc::{self, NoMatch},
    subscriber::Attributes,
};

/// Claims asked for one by one, as far as the gateway can serve them. `Debug` shows no values.
///
/// Being asked for opens nothing: the client must have a scope of the claim registered, and the
/// user must have agreed to that scope (T-200).
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndividualClaims {
    userinfo: BTreeSet<String>,
    premiuminfo: BTreeMap<String, String>,
}

impl IndividualClaims {
    /// What of a `claims` parameter is served: of `userinfo` the claims that a scope of the
    /// catalogue opens there; of `premiuminfo` the values to compare, if one of `scopes` asks for a
    /// comparison ([`kyc::check`]). Anything else is voluntary, and so left out.
    ///
    /// `userinfo` are its member names; `premiuminfo` its member names with the `value` of each.
    pub fn served<'a>(
        scopes: &ScopeSet,
        userinfo: impl IntoIterator<Item = &'a str>,
        premiuminfo: impl IntoIterator<Item = (&'a str, Option<&'a Value>)>,
    ) -> Result<Self, NoMatch> {
        let userinfo = userinfo.into_iter().filter(|claim| is_userinfo_claim(claim));
        let userinfo = userinfo.map(str::to_owned).collect();
        let mut values = BTreeMap::new();
        if kyc::forms(scopes).next().is_some() {
            for (name, value) in premiuminfo {
                let (Some(_), Some(value)) = (kyc::Question::named(name), value) else { continue };
                let text = value.as_str().ok_or(NoMatch::Value)?;
                values.insert(name.to_owned(), text.to_owned());
            }
            kyc::check(scopes, &values)?;
        }
        Ok(Self { userinfo, premiuminfo: values })
    }

    /// Nothing was asked that needs to be kept.
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.premiuminfo.is_empty()
    }

    /// The scopes among `registered` that would open the claims asked of UserInfo: what the user
    /// must agree to before one of them leaves (T-049). They do not become scopes of the token.
    pub fn scopes(&self, registered: &ScopeSet) -> ScopeSet {
        registered
            .iter()
            .filter(|scope| {
                catalog::entry(scope.as_str()).is_some_and(|entry| {
                    gives_as_they_are(entry)
                        && entry.claims.iter().any(|claim| self.userinfo.contains(*claim))
                })
            })
            .cloned()
            .collect()
    }

    /// The claims asked of UserInfo that `scopes` open.
    pub fn opened_by(&self, scopes: &ScopeSet) -> Vec<&'static str> {
        let mut opened = Vec::new();
        let entries = catalog::entries(scopes).filter(|entry| gives_as_they_are(entry));
        for &claim in entries.flat_map(|entry| entry.claims) {
            if self.userinfo.contains(claim) && !opened.contains(&claim) {
                opened.push(claim);
            }
        }
        opened
    }

    /// Values to compare, by member name.
    pub fn to_compare(&self) -> &BTreeMap<String, String> {
        &self.premiuminfo
    }

    /// In the shape that a vault seals.
    pub fn to_attributes(&self) -> Attributes {
        let userinfo: Vec<&str> = self.userinfo.iter().map(String::as_str).collect();
        let values = self.premiuminfo.iter();
        let values = values.map(|(name, value)| (name.clone(), Value::from(value.as_str())));
        Attributes(BTreeMap::from([
            ("userinfo".to_owned(), Value::from(userinfo)),
            ("premiuminfo".to_owned(), Value::Object(values.collect())),
        ]))
    }

    /// Back from the shape that a vault seals; `None` for anything that
    /// [`Self::to_attributes`] does not make.
    pub fn from_attributes(mut attributes: Attributes) -> Option<Self> {
        let mut member = |name: &str| attributes.0.remove(name);
        Some(Self {
            userinfo: serde_json::from_value(member("userinfo")?).ok()?,
            premiuminfo: serde_json::from_value(member("premiuminfo")?).ok()?,
        })
    }
}

/// Names only: values to compare are personal data (T-280).
impl fmt::Debug for IndividualClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IndividualClaims")
            .field("userinfo", &self.userinfo)
            .field("premiuminfo", &self.premiuminfo.keys())
            .finish()
    }
}

/// A scope for a hash of a claim opens the hash alone, and only as a scope (T-200).
fn gives_as_they_are(entry: &ScopeEntry) -> bool {
    entry.resource == Resource::UserInfo && entry.form == Form::Plain
}

fn is_userinfo_claim(claim: &str) -> bool {
    let entries = CATALOG.iter().filter(|entry| gives_as_they_are(entry));
    entries.flat_map(|entry| entry.claims).any(|known| *known == claim)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn scopes(text: &str) -> ScopeSet {
        ScopeSet::parse(text).unwrap()
    }

    #[test]
    fn the_scope_of_a_hash_does_not_open_what_was_hashed_t_200() {
        let asked = IndividualClaims::served(&scopes("openid"), ["phone_number"], []).unwrap();
        assert!(asked.opened_by(&scopes("openid mc_mnv_validate")).is_empty());
        assert!(asked.scopes(&scopes("openid mc_mnv_validate")).iter().next().is_none());
        assert_eq!(asked.opened_by(&scopes("openid mc_mnv_validate phone")), ["phone_number"]);
    }

    #[test]
    fn only_what_can_be_served_is_kept() {
        let (name, address) = (json!("Ann Lee"), json!("1 EC4N8AF"));
        let compared = [("name", Some(&name)), ("address", Some(&address)), ("other", None)];
        let asked = ["email", "sub", "shoe_size"];
        let plain = IndividualClaims::served(&scopes("openid"), asked, compared).unwrap();
        assert_eq!(plain.opened_by(&scopes("email profile")), ["email"]);
        assert!(plain.to_compare().is_empty(), "no scope asks for a comparison");
        let matching = scopes("openid mc_kyc_plain");
        let kept = IndividualClaims::served(&matching, [], compared).unwrap();
        assert_eq!(kept.to_compare().len(), 2);
        assert!(!kept.is_empty());
        assert!(IndividualClaims::served(&scopes("openid"), ["sub"], []).unwrap().is_empty());
    }

    #[test]
    fn a_match_without_values_is_refused() {
        let matching = scopes("openid mc_kyc_plain");
        let refused = IndividualClaims::served(&matching, [], []);
        assert_eq!(refused, Err(NoMatch::Incomplete));
        let number = json!(7);
        let refused = IndividualClaims::served(&matching, [], [("name", Some(&number))]);
        assert_eq!(refused, Err(NoMatch::Value));
    }

    #[test]
    fn a_claim_asked_alone_needs_the_scope_that_opens_it_t_200() {
        let asked = IndividualClaims::served(&scopes("openid"), ["email"], []).unwrap();
        assert_eq!(asked.scopes(&scopes("openid email phone")).to_string(), "email");
        assert!(asked.scopes(&scopes("openid phone")).is_empty());
        assert!(asked.opened_by(&scopes("phone")).is_empty());
    }

    #[test]
    fn what_is_sealed_comes_back_and_is_not_shown() {
        let (name, address) = (json!("Ann Lee"), json!("1 EC4N8AF"));
        let compared = [("name", Some(&name)), ("address", Some(&address))];
        let matching = scopes("openid mc_kyc_plain");
        let asked = IndividualClaims::served(&matching, ["email"], compared).unwrap();
        let back = IndividualClaims::from_attributes(asked.to_attributes());
        assert_eq!(back.as_ref(), Some(&asked));
        assert!(!format!("{asked:?}").contains("Ann"), "T-280");
        assert_eq!(IndividualClaims::from_attributes(Attributes::default()), None);
    }
}
