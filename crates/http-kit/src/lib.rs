//! What every HTTP-speaking street of the gateway stands on.
//!
//! The road of a request, top to bottom:
//!
//! 1. [`listener`]: one accept loop, bounded in connections, head, body and time; TLS from
//!    [`tls`] when configured.
//! 2. Framing that two parsers could read differently is refused before a handler sees it.
//! 3. The edge gives the request its [`RequestId`] and [`ClientAddress`], a time limit and a
//!    fence around panics, then calls the `axum::Router` of the street.
//! 4. A handler reads the [`form`](read_form), a [`cookie`](CookiePolicy), the language
//!    ([`Messages`]) and answers with a [`page`](Pages), JSON, or a [`Problem`].
//!
//! Nothing here knows OAuth beyond its parameter list, a subscriber or a database.

mod accept;
mod assets;
mod body;
mod brand;
mod client_address;
mod client_country;
mod content_security;
mod cookie;
mod form;
mod headers;
pub mod listener;
mod messages;
mod negotiation;
mod outcome;
mod page;
mod problem;
mod proxies;
mod request_id;
pub mod tls;
mod variables;

pub use accept::prefers_html;
pub use assets::{Asset, Assets, AssetsBuilder};
pub use body::{BODY_LIMIT, BodyRejection, read_body};
pub use brand::{
    Brand, BrandError, BrandOwner, BrandSettings, Brands, ClientBrand, ClientBrandSettings, Colour,
    ColourError, ColourSettings, ContrastError, Logo, LogoError, Palette, Scheme, UploadError,
    Uploads,
};
pub use client_address::{ClientAddress, NetworkPrefix};
pub use client_country::ClientCountry;
pub use content_security::{ContentSecurity, FormTarget, FormTargetError};
pub use cookie::{BROWSER_COOKIE, CookieError, CookieLife, CookiePolicy, Cookies};
#[doc(hidden)] // for `texts!`
pub use fiador_kernel::Language;
pub use form::{FormRejection, read_form};
pub use headers::{for_page, no_store, public_for_ten_minutes, see_other};
pub use messages::{Messages, MessagesBuilder, MessagesError, Texts, Translator};
pub use page::{PageFrame, Pages, countdown_class};
pub use problem::Problem;
pub use proxies::{ForwardingHeader, TrustedProxies};
pub use request_id::RequestId;
