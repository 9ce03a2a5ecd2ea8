//! Whose user it is: the order of mobile-connect §1.2.

use fiador_domain::{
    client::{DiscoveryApplication, OperatorCredentials},
    numbering::{NumberingPlan, Operator},
};

use crate::request::DiscoveryRequest;

/// What a request leads to.
pub(crate) enum Resolution<'a> {
    /// The operator is known, and the application is registered there.
    Found(&'a Operator, &'a OperatorCredentials),
    /// The operator that the user selected does not exist for this application: asking the user
    /// again would go in a circle, so this is an error (mobile-connect, "Decided").
    UnknownOperator,
    /// The user has to say. `miss`: something in the request was meant to tell, but did not.
    Select {
        /// See above.
        miss: bool,
    },
}

/// Resolves: `Selected-*`, then `Manually-Select`, then `Identified-*`, `MSISDN`, the cookie. A
/// selection comes before `Manually-Select`, because clients repeat their options after it; and a
/// browser that wants a page gets the selection straight away.
pub(crate) fn resolve<'a>(
    plan: &'a NumberingPlan,
    application: &'a DiscoveryApplication,
    request: &DiscoveryRequest,
    wants_page: bool,
) -> Resolution<'a> {
    let served = |operator: Option<&'a Operator>| {
        operator.and_then(|operator| registered_at(application, operator))
    };
    if let Some(selected) = &request.selected {
        return match served(plan.of_network(selected)) {
            Some((operator, credentials)) => Resolution::Found(operator, credentials),
            None => Resolution::UnknownOperator,
        };
    }
    if request.manually_select || wants_page {
        return Resolution::Select { miss: false };
    }
    let identified = request.identified.as_ref();
    let found = identified
        .and_then(|network| served(plan.of_network(network)))
        .or_else(|| request.msisdn.as_ref().and_then(|number| served(plan.holder(number))))
        .or_else(|| request.remembered.as_ref().and_then(|cookie| served(plan.of_network(cookie))));
    match found {
        Some((operator, credentials)) => Resolution::Found(operator, credentials),
        None => Resolution::Select { miss: identified.is_some() || request.msisdn.is_some() },
    }
}

/// The operator with the application's credentials there; `None` when it has none.
pub(crate) fn registered_at<'a>(
    application: &'a DiscoveryApplication,
    operator: &'a Operator,
) -> Option<(&'a Operator, &'a OperatorCredentials)> {
    application.operator_credentials.get(&operator.id).map(|credentials| (operator, credentials))
}
