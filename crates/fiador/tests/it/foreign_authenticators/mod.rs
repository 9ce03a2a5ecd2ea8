//! Authenticators that are not ours: the checker, logins through the example and at an OpenID Provider,
//! begun in a browser and by Keycloak.

mod careless;
mod checker;
mod keycloak;
mod logins;
mod upstream;
