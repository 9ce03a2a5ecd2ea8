//! Discovery: which operator's gateway serves this user (mobile-connect §1).
//!
//! A service provider asks `/v2/discovery` with the discovery credentials of its application. When
//! the operator can be told from the request the answer is 200 with the operator's addresses and
//! the application's credentials there; otherwise 202 with a link to the operator-selection page,
//! where the user picks an operator or types a number, and which sends the browser back to the
//! service provider with `mcc_mnc`.
//!
//! - `discover.rs` is the endpoint, top-down: who asks, what is asked, whose user it is, answer.
//! - `resolve.rs` is the order of §1.2; `holder.rs` is who holds a number, with `portability/` the
//!   register of numbers that were taken along.
//! - `guard.rs` is what becomes of an answer that breaks or hangs.
//! - `found.rs` and `refusal.rs` are the bodies; `selection/` is the page.
//! - `cors.rs` is which web pages may read an answer.
//! - `dialect.rs` is what `/v1/discovery/apis` calls things; nothing else differs.
//!
//! An answer names the operator of a number and nothing else about it, whether or not the number is
//! in use (T-173). The number itself leaves only encrypted to that operator, as `subscriber_id` and
//! `subscriber_id_token`, when it was in the request and the operator has a key.

mod application;
mod cors;
mod dialect;
mod discover;
mod found;
mod guard;
mod holder;
mod json;
mod memory;
mod pace;
mod portability;
mod refusal;
mod request;
mod resolve;
mod selection;
mod settings;

use std::sync::Arc;

use axum::{
    Router,
    routing::{MethodRouter, get},
};
use fiador_domain::numbering::NumberingPlan;
use fiador_http_kit::{MessagesBuilder, MessagesError, Pages, texts};
use fiador_kernel::{Clock, Entropy};
use fiador_ports::{Clients, NumberPortability, OperatorKeys};

pub use dialect::Dialect;
pub use portability::{HolderAt, HttpPortability, NUMBER, RegisterError, RegisterSettings};
pub use request::is_well_formed;
pub use settings::{Settings, SettingsError};

/// What Discovery asks of the world.
pub struct Dependencies {
    /// Applications and their credentials.
    pub clients: Arc<dyn Clients>,
    /// Operators and the numbers they hold.
    pub numbering: Arc<NumberingPlan>,
    /// A register of ported numbers, if there is one to ask.
    pub portability: Option<Arc<dyn NumberPortability>>,
    /// Encrypts numbers to operators.
    pub operator_keys: Arc<dyn OperatorKeys>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Session ids of the selection page.
    pub entropy: Arc<dyn Entropy>,
    /// Frame and words; with [`add_messages`].
    pub pages: Arc<Pages>,
    /// What the operator has set.
    pub settings: Settings,
}

/// The Discovery service.
#[derive(Clone)]
pub struct Discovery(Arc<Service>);

pub(crate) struct Service {
    pub(crate) settings: Settings,
    pub(crate) clients: Arc<dyn Clients>,
    pub(crate) numbering: Arc<NumberingPlan>,
    pub(crate) portability: Option<Arc<dyn NumberPortability>>,
    pub(crate) operator_keys: Arc<dyn OperatorKeys>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) pages: Arc<Pages>,
    pub(crate) pace: pace::Pace,
    pub(crate) sessions: selection::Sessions,
}

impl Discovery {
    /// Checks the settings and puts the parts together.
    pub fn new(dependencies: Dependencies) -> Result<Self, SettingsError> {
        let Dependencies {
            clients,
            numbering,
            portability,
            operator_keys,
            clock,
            entropy,
            pages,
            settings,
        } = dependencies;
        settings.validate()?;
        let pace = pace::Pace::new(pace::Limits {
            requests: settings.requests,
            source_requests: settings.source_requests,
            unknown_numbers: settings.unknown_numbers,
        });
        let sessions =
            selection::Sessions::new(settings.selection_capacity, settings.selection_lifetime);
        Ok(Self(Arc::new(Service {
            settings,
            clients,
            numbering,
            portability,
            operator_keys,
            clock,
            entropy,
            pages,
            pace,
            sessions,
        })))
    }

    /// The routes of Discovery, for the public listener.
    pub fn routes(&self) -> Router {
        let read_by_pages = |methods: MethodRouter<Arc<Service>>| {
            methods.options(cors::preflight).fallback(discover::other_method)
        };
        let v2 = || read_by_pages(get(discover::handle).post(discover::handle));
        let v1 = || read_by_pages(get(discover::handle_v1).post(discover::handle_v1));
        let page = || get(selection::show).post(selection::choose).fallback(discover::other_method);
        Router::new()
            .route("/v2/discovery", v2())
            .route("/v2/discovery/", v2())
            .route("/v1/discovery/apis", v1())
            .route("/v1/discovery/apis/", v1())
            .route(
                "/v1/discovery/apis/{api}",
                read_by_pages(get(discover::handle_v1_api).post(discover::handle_v1_api)),
            )
            .route(Dialect::V1.selection_path(), page())
            .route(Dialect::V2.selection_path(), page())
            .with_state(Arc::clone(&self.0))
    }
}

/// Adds the words of the selection page, in every language.
pub fn add_messages(messages: MessagesBuilder) -> Result<MessagesBuilder, MessagesError> {
    messages.add_all(&texts!("discovery.ftl"))?.add_all(&texts!("countries.ftl"))
}
