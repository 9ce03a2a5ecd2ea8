//! Logins by relying parties that other people wrote and that are driven from here; those of npm and
//! PyPI are in `tests-e2e`.

mod mod_auth_openidc;
mod openidconnect_crate;

pub(crate) use mod_auth_openidc::apache_at;
