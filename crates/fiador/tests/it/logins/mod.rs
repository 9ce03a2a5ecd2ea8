//! Logins through HTTP, on SQLite and on PostgreSQL.

mod attributes;
mod codes;
mod commits;
mod discovery;
mod encrypted_numbers;
mod endings;
mod envelopes;
mod message_budget;
mod number_page;
mod products;
mod profiles;
mod prompt;
mod pushed_requests;
mod refresh;
mod refusals;
mod risk;
mod sectors;
mod sessions;
mod signed_requests;
mod tokens;
mod wrong_hands;

/// Makes two tests of each story: one on SQLite, one on PostgreSQL.
macro_rules! on_both_engines {
    ($(async fn $name:ident($sandbox:ident: &Sandbox) $story:block)+) => {
        $(mod $name {
            use super::*;

            async fn story($sandbox: &Sandbox) $story

            #[tokio::test]
            async fn on_sqlite() {
                story(&Sandbox::start(&[])).await;
            }

            #[tokio::test]
            async fn on_postgresql() {
                let server = fiador_testkit::postgres::Server::shared().unwrap();
                let database = server.database().unwrap();
                let sandbox = Sandbox::start(&["--database-url", database.url()]);
                story(&sandbox).await;
            }
        })+
    };
}
pub(crate) use on_both_engines;
