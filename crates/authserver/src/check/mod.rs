//! The checks of an authorization request: one table, one small file per check.
//!
//! A request becomes [`Parsed`] when its bytes are read, [`Addressed`] when it is known whom to
//! answer, [`Checked`] when every row of [`table`] has passed, and `Routed` when it is known who
//! will prove the user's presence. Each phase consumes the one before, so a check cannot run too
//! early and no later code can meet an unchecked request. Rejected: one context that every check
//! writes to, in which order mistakes compile.

mod acr_values;
mod addressed;
mod claims;
mod client;
mod correlation_id;
mod display;
mod encoding;
mod failure;
mod hint;
mod known;
mod max_age;
mod nonce;
mod parsed;
mod pkce;
mod prompt;
mod pushed;
mod repeated;
mod request_object;
mod response_mode;
mod response_type;
mod scope;
mod state;
mod transaction_text;
mod version;

use std::{sync::Arc, time::Duration};

use fiador_domain::{client::Client, individual_claims::IndividualClaims, profile::Profile};
use fiador_kernel::{Digest, ScopeSet};
use fiador_wire_oauth::prompt::Prompt;

pub(crate) use acr_values::Levels;
pub(crate) use addressed::{Addressed, Recipient, Unaddressed};
pub(crate) use failure::Failure;
pub(crate) use hint::{Hint, Hinted};
pub(crate) use known::Known;
pub(crate) use parsed::Parsed;
pub(crate) use transaction_text::TransactionText;
pub(crate) use version::{
    knows as version_knows, may_be_named as scope_may_be_named, offered as offered_versions,
};

use crate::{authorize::Stop, reply::Reply};

/// A request without fault.
pub(crate) struct Checked {
    /// Who asks.
    pub(crate) client: Arc<Client>,
    /// Where the answer goes.
    pub(crate) reply: Reply,
    /// What is asked.
    pub(crate) asked: Asked,
}

/// What a request without fault asks for.
pub(crate) struct Asked {
    pub(crate) scopes: ScopeSet,
    pub(crate) nonce: Option<String>,
    pub(crate) prompt: Prompt,
    pub(crate) max_age: Option<Duration>,
    pub(crate) code_challenge: Option<Digest>,
    pub(crate) levels: Levels,
    pub(crate) hinted: Hinted,
    pub(crate) text: TransactionText,
    pub(crate) individual: IndividualClaims,
    pub(crate) ui_locales: Option<String>,
}

/// Holds a request against the table; the first row that fails is the answer.
pub(crate) fn check(request: Addressed) -> Result<Checked, Stop> {
    match table(&request) {
        Ok(asked) => Ok(Checked { client: request.client, reply: request.reply, asked }),
        Err(failure) => Err(Stop::Back(request.reply, failure)),
    }
}

/// The table: rows in the order of mobile-connect §2.2, one column per profile.
#[rustfmt::skip] // a table is read by its columns
fn table(request: &Addressed) -> Result<Asked, Failure> {
    //                               mobile_connect                         oidc
    let ()             = request.row([encoding::is_whole,                    encoding::is_whole])?;
    let ()             = request.row([repeated::is_refused,                  repeated::is_refused])?;
    let ()             = request.row([pushed::if_demanded,                   pushed::if_demanded])?;
    let ()             = request.row([request_object::is_opened,             request_object::is_opened])?;
    let ()             = request.row([response_type::is_code,                response_type::is_supported])?;
    let ()             = request.row([client::may_use_mobile_connect,        client::may_request_codes])?;
    let scopes         = request.row([scope::are_all_granted,                scope::that_are_granted])?;
    let ()             = request.row([version::fits_the_scopes,              version::is_ignored])?;
    let ()             = request.row([state::is_demanded,                    state::is_voluntary])?;
    let nonce          = request.row([nonce::is_demanded,                    nonce::is_voluntary])?;
    let ()             = request.row([display::is_defined,                   display::is_ignored])?;
    let prompt         = request.row([prompt::is_of_the_version,             prompt::is_defined])?;
    let max_age        = request.row([max_age::under_either_name,            max_age::under_its_name])?;
    let ()             = request.row([response_mode::is_defined,             response_mode::is_defined])?;
    let claims         = request.row([claims::are_well_formed,               claims::can_be_met])?;
    let ()             = request.row([correlation_id::is_visible,            correlation_id::is_ignored])?;
    let code_challenge = request.row([pkce::is_enforced,                     pkce::is_enforced])?;
    let levels         = request.row([acr_values::are_demanded,              acr_values::are_wished])?;
    let hinted         = request.row([hint::must_be_readable,                hint::if_readable])?;
    let text           = request.row([transaction_text::as_scopes_demand,    transaction_text::is_ignored])?;
    Ok(Asked {
        scopes, nonce, prompt, max_age, code_challenge, text,
        levels: claims.levels.unwrap_or(levels),
        hinted: hinted.demanding(claims.subject),
        individual: claims.individual,
        ui_locales: request.value("ui_locales").map(str::to_owned),
    })
}

/// One cell of the table.
type Check<T> = fn(&Addressed) -> Result<T, Failure>;

impl Addressed {
    /// Runs the cell of the client's column.
    fn row<T>(&self, [mobile_connect, oidc]: [Check<T>; 2]) -> Result<T, Failure> {
        match self.client.profile {
            Profile::MobileConnect => mobile_connect(self),
            Profile::Oidc => oidc(self),
        }
    }
}
