use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use fiador_keys::{RootKey, RootKeyError};
use fiador_ports::{SealKind, Sealer as _};
use proptest::prelude::*;

use super::{ISSUER, World};

const TEXT: &str = "3q2+77/erb7v3q2+7/+tvu/erb7v3q2+796tvu8Aq80=";

fn file(folder: &Path, text: &str, mode: u32) -> PathBuf {
    let path = folder.join(format!("root-{mode:o}.key"));
    fs::write(&path, text).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    path
}

#[test]
fn a_private_file_is_read_and_a_shared_one_refused() {
    // T-075.
    let folder = tempfile::tempdir().unwrap();
    for mode in [0o600, 0o400, 0o700] {
        RootKey::from_file(&file(folder.path(), TEXT, mode)).unwrap();
    }
    for mode in [0o640, 0o604, 0o660, 0o666, 0o610, 0o601, 0o620, 0o777] {
        let error = RootKey::from_file(&file(folder.path(), TEXT, mode)).unwrap_err();
        assert!(matches!(error, RootKeyError::TooOpen { mode: found, .. } if found == mode));
        assert!(error.to_string().contains("chmod 600"), "{error}");
    }
}

#[test]
fn what_is_no_key_file_is_refused_with_its_reason() {
    let folder = tempfile::tempdir().unwrap();
    let missing = RootKey::from_file(&folder.path().join("none")).unwrap_err();
    assert!(matches!(missing, RootKeyError::Unreadable { .. }));
    assert!(missing.to_string().contains("none"), "{missing}");
    let directory = RootKey::from_file(folder.path()).unwrap_err();
    assert!(matches!(directory, RootKeyError::NotAFile(_)));
    let long = file(folder.path(), &TEXT.repeat(1000), 0o600);
    assert!(matches!(RootKey::from_file(&long), Err(RootKeyError::Malformed)));
}

#[tokio::test]
async fn all_usual_spellings_give_the_same_key() {
    let world = World::default();
    let first = world.try_node(RootKey::from_base64(TEXT).unwrap(), ISSUER).await.unwrap();
    let sealed = first.seal(SealKind::Code, b"code").unwrap();
    let url = TEXT.replace('+', "-").replace('/', "_");
    for text in [format!(" {TEXT}\n"), TEXT.trim_end_matches('=').to_owned(), url] {
        let root = RootKey::from_base64(&text).unwrap();
        let node = world.try_node(root, ISSUER).await.unwrap();
        assert!(node.open(SealKind::Code, &sealed).is_some(), "{text}");
    }
}

#[test]
fn wrong_lengths_and_placeholders_are_refused() {
    for text in ["", "AAAA", &TEXT[4..], &format!("{TEXT}AAAA"), "not base64!", "ä"] {
        assert!(matches!(RootKey::from_base64(text), Err(RootKeyError::Malformed)), "{text:?}");
    }
    for byte in [0, 0xff] {
        let error = RootKey::from_bytes(&[byte; 32]).unwrap_err();
        assert!(matches!(error, RootKeyError::Placeholder));
    }
}

#[tokio::test]
async fn a_created_file_is_private_reads_back_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let world = World::default();
    let created = RootKey::create_file(&path).unwrap();
    world.try_node(created, ISSUER).await.unwrap();
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    world.try_node(RootKey::from_file(&path).unwrap(), ISSUER).await.unwrap();
    let before = fs::read(&path).unwrap();
    assert!(matches!(RootKey::create_file(&path), Err(RootKeyError::Unreadable { .. })));
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[test]
fn debug_output_shows_nothing_of_the_key() {
    assert_eq!(format!("{:?}", RootKey::from_base64(TEXT).unwrap()), "RootKey(…)");
}

proptest! {
    #[test]
    fn random_text_never_panics(text in "\\PC{0,80}") {
        let _ = RootKey::from_base64(&text);
    }
}
