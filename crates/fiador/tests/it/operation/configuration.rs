//! `fiador config check`, and what `serve` refuses (T-286).

use fiador_testkit::{
    peers::{Behaviour, MessageCentre},
    process::Gateway,
};

use crate::world::{BINARY, Site, fiador};

/// A site with production settings only: https, strict budgets, no exception.
fn production(centre_port: u16) -> (Site, String) {
    let mut site = Site::new();
    site.issuer = "https://id.operator.example".to_owned();
    site.loose_send_budgets = false;
    site.centres.push(("only".to_owned(), centre_port));
    let text = site.configuration().replace("plain_http = true", "plain_http = false");
    (site, text)
}

fn check(site: &Site, text: &str) -> crate::world::Outcome {
    fiador(&["config", "check", "--config", &site.write_configuration_as(text)])
}

/// `check` and `serve` both refuse, and both say why in these words.
fn both_refuse(site: &Site, text: &str, words: &[&str]) {
    let config = site.write_configuration_as(text);
    for command in [&["config", "check", "--config", &config][..], &["serve", "--config", &config]]
    {
        let complaint = fiador(command).failed();
        for word in words {
            assert!(complaint.contains(word), "{command:?} does not say `{word}`: {complaint}");
        }
    }
}

#[test]
fn a_good_configuration_is_said_to_be_good() {
    let (site, text) = production(2775);
    let said = check(&site, &text).succeeded();
    assert!(said.contains("good") && said.contains("2 clients"), "{said}");
}

#[test]
fn every_insecure_setting_is_refused_by_its_name() {
    let (site, text) = production(2775);
    let budgets = |line: &str| format!("{text}\n[sms.budgets]\n{line}\n");
    let loose = "[{ count = 1000, seconds = 1 }]";
    let client = "redirect_uris = [\"http://127.0.0.1/callback\"]";
    let cases = [
        (text.replace("https://id.operator.example", "http://id.operator.example"), "issuer"),
        (
            text.replace("public.address = \"127.0.0.1", "public.address = \"0.0.0.0"),
            "listeners.public",
        ),
        (
            text.replace("admin.address = \"127.0.0.1", "admin.address = \"0.0.0.0"),
            "listeners.admin",
        ),
        (
            text.replace("internal.address = \"127.0.0.1", "internal.address = \"0.0.0.0"),
            "listeners.internal",
        ),
        (
            text.replace("metrics.address = \"127.0.0.1", "metrics.address = \"0.0.0.0"),
            "listeners.metrics",
        ),
        (
            text.replace(client, "redirect_uris = [\"http://sp.example/cb\"]"),
            "http://sp.example/cb",
        ),
        (text.replace("host = \"127.0.0.1\"", "host = \"smsc.example\""), "message centre `only`"),
        (budgets(&format!("subscription = {loose}")), "sms.budgets.subscription"),
        (budgets(&format!("client = {loose}")), "sms.budgets.client"),
        (budgets(&format!("browser_network = {loose}")), "sms.budgets.browser_network"),
        (budgets(&format!("number_block = {loose}")), "sms.budgets.number_block"),
        (budgets("subscription = []"), "sms.budgets.subscription"),
    ];
    for (changed, name) in cases {
        assert_ne!(changed, text, "the case `{name}` changes nothing");
        both_refuse(&site, &changed, &[name]);
    }
}

#[test]
fn all_refusals_are_told_at_once() {
    let (site, text) = production(2775);
    let text = text
        .replace("https://id.operator.example", "http://id.operator.example")
        .replace("public.address = \"127.0.0.1", "public.address = \"0.0.0.0")
        .replace("host = \"127.0.0.1\"", "host = \"smsc.example\"");
    both_refuse(&site, &text, &["issuer", "listeners.public", "message centre `only`"]);
}

#[test]
fn an_unknown_key_is_refused_wherever_it_stands() {
    let (site, text) = production(2775);
    for (place, key) in [
        ("issuer =", "isuer"),
        ("[operator]", "naem"),
        ("[database]", "ulr"),
        ("[keys]", "root_kee"),
        ("[[clients]]", "redirect_uri"),
        ("[[smpp.message_centres]]", "pasword"),
        ("[development]", "plain_htpp"),
    ] {
        let line = format!("{key} = \"x\"\n");
        let changed = match place.strip_suffix('=') {
            Some(_) => format!("{line}{text}"),
            None => text.replacen(place, &format!("{place}\n{line}"), 1),
        };
        both_refuse(&site, &changed, &[key, "fiador.toml"]);
    }
    both_refuse(&site, &format!("{text}\n[sectoin]\nx = 1\n"), &["sectoin"]);
}

#[test]
fn what_is_missing_or_malformed_is_named() {
    let (site, text) = production(2775);
    both_refuse(&site, &text.replace("issuer =", "# issuer ="), &["issuer"]);
    both_refuse(&site, &text.replace("[operator]", "[operator"), &["fiador.toml"]);
    both_refuse(&site, &text.replace("url = \"sqlite:", "url = \"mysql:"), &["database.url"]);
    both_refuse(&site, &text.replace("\"mc_authn\"", "\"mc_everything\""), &["mc_everything"]);
    let twice = text.replace("client_id = \"portal\"", "client_id = \"shop\"");
    both_refuse(&site, &twice, &["`shop`", "twice"]);
    let long = text.replace("name = \"shop\"", "name = \"seventeen letters\"");
    both_refuse(&site, &long, &["`shop`", "16"]);
    let complaint = fiador(&["config", "check", "--config", "/nowhere/fiador.toml"]).failed();
    assert!(complaint.contains("/nowhere/fiador.toml"), "{complaint}");
}

#[test]
fn a_setting_may_come_from_the_environment() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let site = Site::new().through("only", &centre);
    let root_key = std::fs::read_to_string(site.file("root.key")).unwrap();
    let text = site.configuration();
    let without = text.lines().filter(|line| !line.starts_with("root_key_file"));
    let config = site.write_configuration_as(&without.collect::<Vec<_>>().join("\n"));
    let complaint = fiador(&["serve", "--config", &config]).failed();
    assert!(complaint.contains("keys.root_key_file"), "{complaint}");

    let environment =
        [("FIADOR__KEYS__ROOT_KEY", root_key.trim()), ("FIADOR__LOG__FORMAT", "text")];
    let arguments = ["serve", "--config", &config];
    let mut gateway = Gateway::start_with(BINARY, &arguments, &environment).unwrap();
    assert!(gateway.terminate().unwrap().success());
    assert!(!gateway.log().starts_with('{'), "{}", gateway.log());
}

#[test]
fn a_named_exception_is_logged_and_marks_every_answer() {
    let centre = MessageCentre::npm(&Behaviour::default()).unwrap();
    let running = Site::new().through("only", &centre).start_empty();
    let log = running.gateway.log();
    for name in ["development.plain_http", "development.loose_send_budgets"] {
        assert!(log.contains(name), "T-286: {log}");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let answer = runtime.block_on(running.provider("oidc").get("jwks", None));
    assert_eq!(answer.header("x-fiador-development"), "true", "T-286");
}

#[test]
fn the_command_line_explains_itself() {
    let help = fiador(&["--help"]).succeeded();
    for command in ["serve", "sandbox", "config", "migrate", "keys", "client-secret"] {
        assert!(help.contains(command), "{help}");
    }
    assert!(fiador(&["--version"]).succeeded().starts_with("fiador "));
    let wrong = fiador(&["srve"]);
    assert_eq!(wrong.status, 2);
    assert!(wrong.stderr.contains("serve"), "{}", wrong.stderr);
    let made = fiador(&["client-secret"]).succeeded();
    assert_ne!(made, fiador(&["client-secret"]).succeeded());
    let value = |name: &str| {
        let line = made.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_once(" = ").unwrap().1.trim_matches(['[', ']', '"']).to_owned()
    };
    let digest = fiador_kernel::Digest::of(value("client_secret ")).to_hex();
    assert_eq!(digest, value("client_secret_sha256"));
}
