//! Opening a database, and saying why not.

use fiador_kernel::Clock as _;
use fiador_ports::{Health, Maintenance as _};
use fiador_store::{Engine, OpenError, Store, StoreSettings};

use crate::fixture::Fixture;

contract! {
    async fn without_automatic_migration_an_empty_database_names_the_command(fixture: &Fixture) {
        let settings = StoreSettings { auto_migrate: false, ..fixture.settings() };
        let Err(refused) = fixture.try_open(settings.clone()).await else {
            panic!("an empty database must be refused")
        };
        assert!(matches!(refused, OpenError::NotMigrated));
        assert!(refused.to_string().contains("fiador migrate"));

        Store::migrate(&settings).await.unwrap();
        Store::migrate(&settings).await.unwrap();
        let store = fixture.try_open(settings).await.unwrap();
        assert_eq!(store.health(fixture.clock.now()).await, Health::Ready);
    }

    async fn a_migration_of_a_newer_version_is_no_reason_to_stop_t_249(fixture: &Fixture) {
        let store = fixture.open().await;
        store.close().await;
        fixture
            .execute(
                "INSERT INTO _sqlx_migrations (version, description, success, checksum, \
                 execution_time) VALUES (9999, 'later', TRUE, '', 0)",
            )
            .await;
        let settings = StoreSettings { auto_migrate: false, ..fixture.settings() };
        fixture.try_open(settings).await.unwrap().close().await;
        fixture.open().await;
    }

    async fn nothing_is_written_after_close(fixture: &Fixture) {
        let store = fixture.open().await;
        store.close().await;
        assert!(matches!(store.health(fixture.clock.now()).await, Health::Down(_)));
    }
}

#[tokio::test]
async fn a_file_is_held_by_one_process_at_a_time() {
    let fixture = Fixture::sqlite();
    let store = fixture.open().await;
    let Err(refused) = fixture.try_open(fixture.settings()).await else {
        panic!("the file is in use")
    };
    assert!(matches!(refused, OpenError::InUse { .. }), "{refused}");
    drop(store);
    fixture.open().await;
}

#[tokio::test]
async fn an_unusable_place_is_named() {
    let fixture = Fixture::sqlite();
    let path = std::path::PathBuf::from("/nowhere/at/all/fiador.sqlite");
    let settings = StoreSettings::new(Engine::Sqlite { path });
    let Err(refused) = fixture.try_open(settings).await else { panic!("there is no such folder") };
    assert!(refused.to_string().contains("/nowhere/at/all"), "{refused}");
}

#[tokio::test]
async fn a_wrong_url_is_refused_without_repeating_its_password() {
    let fixture = Fixture::sqlite();
    for url in ["mysql://fiador:hunter2@db/x", "postgres://fiador:hunter2@127.0.0.1:1/x", "hunter2"]
    {
        let engine = Engine::Postgres { url: url.to_owned(), max_connections: 2 };
        assert!(!format!("{engine:?}").contains("hunter2"));
        let Err(refused) = fixture.try_open(StoreSettings::new(engine)).await else {
            panic!("{url} must be refused")
        };
        assert!(!refused.to_string().contains("hunter2"), "{refused}");
    }
}

#[tokio::test]
async fn the_file_and_its_companions_are_for_the_service_account_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let fixture = Fixture::sqlite();
    let store = fixture.open().await;
    let Engine::Sqlite { path } = fixture.settings().engine else { unreachable!() };
    let mut files = 0;
    for entry in std::fs::read_dir(path.parent().unwrap()).unwrap() {
        let entry = entry.unwrap();
        let mode = entry.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{:?} has mode {mode:o}", entry.path());
        files += 1;
    }
    assert_eq!(files, 4, "database, log, index of the log, lock");
    store.close().await;
}
