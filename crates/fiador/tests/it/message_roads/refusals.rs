//! What `config check` and `serve` say of gateways and routes that cannot be used, or must not be.

use super::{
    configuration::{by_kannel_at, by_peer_at},
    peer,
};
use crate::world::{Site, fiador};

/// A site with production settings only, one gateway that signs and one that does not.
fn production() -> (Site, String) {
    let mut site = Site::new();
    site.issuer = "https://id.operator.example".to_owned();
    site.loose_send_budgets = false;
    let site = by_peer_at(site, "https://sms.example/messages");
    let site = by_kannel_at(site, "http://127.0.0.1:13013/cgi-bin/sendsms");
    let text = site.configuration().replace("plain_http = true", "plain_http = false");
    (site, text)
}

/// Both refuse, and both say why in these words.
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
fn gateways_alone_are_good_enough() {
    let (site, text) = production();
    let config = site.write_configuration_as(&text);
    let said = fiador(&["config", "check", "--config", &config]).succeeded();
    assert!(said.contains("0 message centres, 2 message gateways"), "{said}");
}

#[test]
fn without_any_road_to_phones_there_is_no_start() {
    let site = Site::new();
    let words = ["smpp.message_centres", "messages.gateways", "no phone"];
    both_refuse(&site, &site.configuration(), &words);
}

#[test]
fn a_code_or_a_notice_in_the_clear_is_refused_unless_the_link_is_private_t_132() {
    let (site, text) = production();
    let plain = "http://10.0.0.7/messages";
    let exposed = text.replace("https://sms.example/messages", plain);
    both_refuse(&site, &exposed, &["message gateway `peer`: url is plain http", "plain_http"]);
    let notices = text.replace(
        "[messages.gateways.deliveries]\n",
        "[messages.gateways.deliveries]\nbase_url = \"http://10.0.0.1:8080\"\n",
    );
    both_refuse(&site, &notices, &["`peer`: deliveries.base_url", "`kannel`: deliveries.base_url"]);

    let private = exposed.replace("name = \"peer\"", "name = \"peer\"\nprivate_link = true");
    let development = exposed.replace("plain_http = false", "plain_http = true");
    for allowed in [private, development] {
        let config = site.write_configuration_as(&allowed);
        fiador(&["config", "check", "--config", &config]).succeeded();
    }
}

#[test]
fn a_webhook_that_anybody_could_call_is_refused() {
    let (site, text) = production();
    let (before, after) = text.split_once("[messages.gateways.deliveries.hmac]").unwrap();
    let (_, after) = after.split_once("prefix = \"sha256=\"\n").unwrap();
    let unsigned = format!("{before}{after}");
    let by_id = unsigned.replace("reference = \"/Ref\"", "message_id = \"/Id\"");
    both_refuse(&site, &by_id, &["message gateway `peer`", "not signed", "by reference"]);
    site.write_secret("notice_secret", "short");
    both_refuse(&site, &text, &["message gateway `peer`", "secret", "16 bytes"]);
    site.write_secret("notice_secret", peer::NOTICE_SECRET);
    site.set_mode("notice_secret", 0o644);
    both_refuse(&site, &text, &["message gateway `peer`", "chmod 600"]);
}

#[test]
fn what_cannot_be_used_is_refused_by_its_name() {
    let (site, text) = production();
    for (good, bad, reason) in [
        ("name = \"kannel\"", "name = \"Kannel\"", "a-z"),
        ("name = \"kannel\"", "name = \"smpp\"", "`smpp`"),
        ("name = \"kannel\"", "name = \"peer\"", "peer"),
        ("{text}", "{words}", "words"),
        ("from = \"{sender}\"", "from = \"{sendr}\"", "sendr"),
        ("accepted = [\"202\"]", "accepted = [\"2xx\"]", "2xx"),
        ("accepted_body = \"^[03]:\"", "accepted_body = \"^[03\"", "accepted_body"),
        ("format = \"query\"", "format = \"xml\"", "xml"),
        ("authentication = \"bearer\"", "authentication = \"basic\"", "user"),
        ("{ 1 = \"delivered\", 2", "{ 2", "delivered"),
    ] {
        let changed = text.replacen(good, bad, 1);
        assert_ne!(changed, text, "the case `{bad}` changes nothing");
        both_refuse(&site, &changed, &[reason]);
    }
    let route =
        |via: &str, more: &str| format!("[[messages.routes]]\nvia = \"{via}\"\ncost = 1\n{more}\n");
    for (routes, reason) in [
        (vec![route("peer", "")], "no route goes via `kannel`"),
        (vec![route("peer", ""), route("kannel", ""), route("smpp", "")], "`smpp`"),
        (vec![route("peer", ""), route("kannel", ""), route("peer", "")], "two message routes"),
        (vec![route("peer", "prefixes = [\"+34\"]"), route("kannel", "")], "prefixes"),
        (
            vec![route("peer", "budget = [{ count = 1, seconds = 0 }]"), route("kannel", "")],
            "budget",
        ),
    ] {
        both_refuse(&site, &format!("{text}{}", routes.concat()), &[reason]);
    }
}
