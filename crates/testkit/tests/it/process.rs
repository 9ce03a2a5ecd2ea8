use fiador_testkit::process::Gateway;

/// A shell stands in for the gateway: it announces itself, complains once, and serves for ever.
const SCRIPT: &str = r#"echo "pid $$" >&2; echo "{\"issuer\":\"http://localhost:1\"}"; exec cat"#;

#[test]
fn a_killed_process_starts_again_with_a_new_announcement() {
    let mut gateway = Gateway::start("/bin/sh", &["-c", SCRIPT]).unwrap();
    assert_eq!(gateway.text("/issuer").unwrap(), "http://localhost:1");
    assert!(gateway.text("/apps/0/client_id").is_err());
    let first = gateway.id();
    gateway.kill().unwrap();
    gateway.start_again().unwrap();
    assert_ne!(gateway.id(), first);
}

#[test]
fn a_start_that_fails_tells_what_the_program_said() {
    let error = Gateway::start("/bin/sh", &["-c", "echo no key file >&2"]).unwrap_err();
    assert!(error.to_string().contains("no key file"), "{error:#}");
}

#[test]
fn an_orderly_end_reports_its_status() {
    let mut gateway = Gateway::start("/bin/sh", &["-c", SCRIPT]).unwrap();
    assert!(!gateway.terminate().unwrap().success());
}
