use std::sync::{Arc, Mutex, OnceLock};

use async_trait::async_trait;
use fiador_jose::base64url;
use fiador_kernel::Timestamp;
use fiador_keys::{KeyPolicy, KeyRing, KeyRingSettings, RootKey};
use fiador_ports::{KeyStore, SealKind, Sealer, StoreError, StoredKey};
use fiador_testkit::TestClock;

const KINDS: [SealKind; 3] = [SealKind::Code, SealKind::AccessToken, SealKind::Journey];
const WORDS: [&str; 8] = ["A", "AAAA", "AQ", "-", "_", "=", ".", "zzzz"];

#[test]
fn what_was_not_sealed_here_does_not_open() {
    crate::check!("sealed", WORDS, |bytes| {
        let Ok(text) = std::str::from_utf8(bytes) else { return };
        for kind in KINDS {
            assert_eq!(ring().open(kind, text), None);
        }
    });
}

#[test]
fn a_sealed_value_opens_as_its_own_kind_only_and_not_when_altered() {
    crate::check!("sealed_altered", WORDS, |bytes| {
        let Some((&place, content)) = bytes.split_first() else { return };
        let sealed = ring().seal(SealKind::Code, content).unwrap();
        assert_eq!(ring().open(SealKind::Code, &sealed).as_deref(), Some(content));
        assert_eq!(ring().open(SealKind::AccessToken, &sealed), None);

        let mut seal = base64url::decode(&sealed).unwrap();
        let place = usize::from(place) % seal.len();
        seal[place] ^= 1;
        assert_eq!(ring().open(SealKind::Code, &base64url::encode(&seal)), None);
        seal[place] ^= 1;
        seal.truncate(place);
        assert_eq!(ring().open(SealKind::Code, &base64url::encode(&seal)), None);
    });
}

/// One ring for all inputs: making its RSA key takes a while.
fn ring() -> &'static KeyRing {
    static RING: OnceLock<KeyRing> = OnceLock::new();
    RING.get_or_init(|| {
        let settings = KeyRingSettings {
            store: Arc::new(Keys::default()),
            clock: Arc::new(TestClock::new()),
            root: RootKey::generate().unwrap(),
            issuer: "https://id.mno.example".to_owned(),
            policy: KeyPolicy::default(),
            first_signing_keys: Vec::new(),
            first_number_keys: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(KeyRing::open(settings)).unwrap()
    })
}

/// Keys in memory; the ring of these targets never changes any.
#[derive(Default)]
struct Keys(Mutex<Vec<StoredKey>>);

#[async_trait]
impl KeyStore for Keys {
    async fn list(&self) -> Result<Vec<StoredKey>, StoreError> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn add_missing(&self, keys: Vec<StoredKey>) -> Result<(), StoreError> {
        self.0.lock().unwrap().extend(keys);
        Ok(())
    }

    async fn add(&self, key: StoredKey) -> Result<(), StoreError> {
        self.0.lock().unwrap().push(key);
        Ok(())
    }

    async fn retire(&self, _: &str, _: Timestamp, _: Timestamp) -> Result<(), StoreError> {
        unreachable!("nothing retires here")
    }
}
