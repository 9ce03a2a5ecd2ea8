//! The documents say what the program says.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use fiador_testkit::repository_root;
use rcgen::{CertificateParams, KeyPair};

use crate::world::fiador;

#[test]
fn the_schema_in_the_reference_is_the_one_that_the_program_prints() {
    let printed = fiador(&["config", "schema"]).succeeded();
    let kept = fs::read_to_string(repository_root().join("docs/reference/fiador.schema.json"));
    assert!(
        kept.unwrap() == printed,
        "run `cargo run -- config schema > docs/reference/fiador.schema.json`"
    );
}

#[test]
fn the_example_configuration_is_good_once_its_files_exist() {
    let folder = tempfile::tempdir().unwrap();
    let etc = folder.path().display().to_string();
    let text = fs::read_to_string(repository_root().join("fiador.example.toml")).unwrap();
    let text = text.replace("/etc/fiador", &etc).replace("/var/lib/fiador", &etc);
    let config = folder.path().join("fiador.toml");
    fs::write(&config, &text).unwrap();
    let config = config.to_str().unwrap();

    let complaint = fiador(&["config", "check", "--config", config]).failed();
    assert!(complaint.contains("keys.root_key_file"), "{complaint}");
    let files = text.lines().filter_map(|line| {
        let (name, path) = line.split_once(" = \"")?;
        name.ends_with("_file").then_some(())?;
        Some((name, path.strip_suffix('"')?))
    });
    let key = KeyPair::generate().unwrap();
    let names = vec!["id.operator.example".to_owned()];
    let certificate = CertificateParams::new(names).unwrap().self_signed(&key).unwrap();
    for (name, path) in files.filter(|(name, _)| !name.starts_with('#')) {
        fs::create_dir_all(Path::new(path).parent().unwrap()).unwrap();
        match name {
            "root_key_file" => drop(fiador(&["keys", "new-root", path]).succeeded()),
            "certificate_file" | "ca_file" => fs::write(path, certificate.pem()).unwrap(),
            "key_file" => fs::write(path, key.serialize_pem()).unwrap(),
            "admin_token_file" => fs::write(path, "a".repeat(32)).unwrap(),
            _ => fs::write(path, "word").unwrap(),
        }
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    let said = fiador(&["config", "check", "--config", config]).succeeded();
    assert!(said.contains("good"), "{said}");
}

#[test]
fn the_example_configuration_has_every_key_of_the_schema() {
    let text = fs::read_to_string(repository_root().join("fiador.example.toml")).unwrap();
    let printed = fiador(&["config", "schema"]).succeeded();
    let schema: serde_json::Value = serde_json::from_str(&printed).unwrap();
    let mut missing = Vec::new();
    for definition in schema["$defs"].as_object().unwrap().values().chain([&schema]) {
        let Some(properties) = definition["properties"].as_object() else { continue };
        for name in properties.keys() {
            let shown = text.lines().any(|line| {
                let line = line.trim_start_matches(['#', ' ']);
                line.starts_with(&format!("{name} "))
                    || line.starts_with(&format!("[{name}"))
                    || (line.starts_with('[') && line.contains(name.as_str()))
                    || line.contains(&format!("{{ {name} "))
                    || line.contains(&format!(", {name} "))
            });
            if !shown {
                missing.push(name.clone());
            }
        }
    }
    assert!(missing.is_empty(), "fiador.example.toml lacks {missing:?}");
}
