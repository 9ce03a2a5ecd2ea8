//! Whose user it is: the order of mobile-connect §1.2.

use fiador_domain::{
    client::{DiscoveryApplication, OperatorCredentials},
    numbering::Operator,
};
use fiador_kernel::Timestamp;

use crate::{Service, pace::Source, request::DiscoveryRequest};

/// What a request leads to.
pub(crate) enum Resolution<'a> {
    /// The operator is known, and the application is registered there.
    Found(&'a Operator, &'a OperatorCredentials),
    /// The operator that the user selected does not exist for this application: asking the user
    /// again would go in a circle, so this is an error (mobile-connect, "Decided").
    UnknownOperator,
    /// The user has to say.
    Select,
}

/// Who asks.
#[derive(Clone, Copy)]
pub(crate) struct Requester<'a> {
    pub(crate) application: &'a DiscoveryApplication,
    pub(crate) source: Source,
    /// A browser that wants a page gets the selection straight away.
    pub(crate) wants_page: bool,
}

impl Service {
    /// Resolves: `Selected-*`, then `Manually-Select`, then `Identified-*`, `MSISDN`, `X-Source-IP`,
    /// the cookie. A selection comes before `Manually-Select`, because clients repeat their options
    /// after it.
    pub(crate) async fn resolve<'a>(
        &'a self,
        requester: Requester<'a>,
        request: &DiscoveryRequest,
        now: Timestamp,
    ) -> Resolution<'a> {
        let served = |operator: Option<&'a Operator>| {
            operator.and_then(|operator| registered_at(requester.application, operator))
        };
        let plan = &*self.numbering;
        if let Some(selected) = &request.selected {
            return match served(plan.of_network(selected)) {
                Some((operator, credentials)) => Resolution::Found(operator, credentials),
                None => Resolution::UnknownOperator,
            };
        }
        if request.manually_select || requester.wants_page {
            return Resolution::Select;
        }
        let mut found = request.identified.as_ref().and_then(|sim| served(plan.of_network(sim)));
        if found.is_none() {
            found = self.of_number(requester, request, now).await;
        }
        let found =
            found.or_else(|| request.source_ip.and_then(|ip| served(plan.of_address(ip)))).or_else(
                || request.remembered.as_ref().and_then(|cookie| served(plan.of_network(cookie))),
            );
        match found {
            Some((operator, credentials)) => Resolution::Found(operator, credentials),
            None => Resolution::Select,
        }
    }

    /// By the number, as long as not too many numbers have missed. Then none is looked up, and the
    /// answer is that of a number without operator: a scan learns nothing from the change, and a
    /// user still gets to the selection (T-173).
    async fn of_number<'a>(
        &'a self,
        requester: Requester<'a>,
        request: &DiscoveryRequest,
        now: Timestamp,
    ) -> Option<(&'a Operator, &'a OperatorCredentials)> {
        let number = request.msisdn.as_ref()?;
        let Requester { application, source, .. } = requester;
        if !self.pace.may_look_up(&application.id, source, now) {
            return None;
        }
        let holder = self.holder(number).await;
        let found = holder.and_then(|operator| registered_at(application, operator));
        if found.is_none() {
            self.pace.number_missed(&application.id, source, now);
        }
        found
    }
}

/// The operator with the application's credentials there; `None` when it has none.
pub(crate) fn registered_at<'a>(
    application: &'a DiscoveryApplication,
    operator: &'a Operator,
) -> Option<(&'a Operator, &'a OperatorCredentials)> {
    application.operator_credentials.get(&operator.id).map(|credentials| (operator, credentials))
}
