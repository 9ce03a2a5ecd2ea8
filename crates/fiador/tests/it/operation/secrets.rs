//! Secrets in files must be readable by their owner alone (T-075).

use fiador_testkit::peers::{Behaviour, MessageCentre};

use crate::world::{Site, fiador};

#[test]
fn a_secret_that_others_can_read_is_refused_by_its_path() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let config = site.write_configuration();
    for secret in ["root.key", "admin_token", "centre_password"] {
        for mode in [0o644, 0o604, 0o666] {
            site.set_mode(secret, mode);
            let complaint = fiador(&["serve", "--config", &config]).failed();
            assert!(complaint.contains(secret), "{mode:o}: {complaint}");
            assert!(complaint.contains("chmod"), "it says what to do: {complaint}");
        }
        site.set_mode(secret, 0o600);
    }
}

#[test]
fn an_empty_short_or_absent_secret_is_refused() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let config = site.write_configuration();
    for (secret, content) in [
        ("admin_token", ""),
        ("admin_token", "short"),
        ("admin_token", "a token that no header could carry as it is"),
        ("centre_password", "\n"),
        ("root.key", ""),
        ("root.key", "AAAA"),
        ("root.key", "not base64 at all, not base64 at all, not!"),
    ] {
        let good = std::fs::read_to_string(site.file(secret)).unwrap();
        site.write_secret(secret, content);
        let complaint = fiador(&["serve", "--config", &config]).failed();
        let name = if secret == "root.key" { "keys.root_key_file" } else { secret };
        assert!(complaint.contains(name), "{content:?}: {complaint}");
        assert!(content.is_empty() || !complaint.contains(content.trim()) || content == "\n");
        site.write_secret(secret, &good);
    }
    std::fs::remove_file(site.file("admin_token")).unwrap();
    let complaint = fiador(&["serve", "--config", &config]).failed();
    assert!(complaint.contains("admin_token"), "{complaint}");
}

#[test]
fn a_database_under_another_root_key_is_left_alone() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    drop(site.start_empty());
    let good = std::fs::read_to_string(site.file("root.key")).unwrap();
    let other = site.file("other.key");
    fiador(&["keys", "new-root", other.to_str().unwrap()]).succeeded();
    site.write_secret("root.key", &std::fs::read_to_string(other).unwrap());
    let config = site.write_configuration();
    let complaint = fiador(&["serve", "--config", &config]).failed();
    assert!(complaint.contains("root key"), "{complaint}");
    site.write_secret("root.key", &good);
    site.start_empty();
}
