//! What an operator writes of gateways.

use std::fmt::Write as _;

use fiador_testkit::peers::{
    Kannel,
    kannel::{PASSWORD, USER},
};

use super::peer::{NOTICE_SECRET, Peer};
use crate::world::Site;

/// A site whose messages may go by Kannel, as docs/reference/message-gateways.md has it.
pub(super) fn by_kannel(site: Site, kannel: &Kannel) -> Site {
    allowing_loopback(by_kannel_at(site, &kannel.sendsms()))
}

/// The same with a Kannel that need not be there.
pub(super) fn by_kannel_at(mut site: Site, url: &str) -> Site {
    site.write_secret("kannel_password", PASSWORD);
    site.write_secret("notice_secret", NOTICE_SECRET);
    let _ = write!(
        site.more,
        r#"
[[messages.gateways]]
name = "kannel"
method = "get"
url = "{url}"
secret_file = "{password}"
[messages.gateways.query]
username = "{USER}"
password = "{{secret}}"
to = "+{{destination}}"
from = "{{sender}}"
text = "{{text}}"
charset = "UTF-8"
coding = "{{coding}}"
validity = "{{validity_minutes}}"
dlr-mask = "19"
dlr-url = "{{delivery_url}}&status=%d"
[messages.gateways.answer]
accepted = ["202"]
accepted_body = "^[03]:"
[messages.gateways.deliveries]
secret_file = "{notices}"
format = "query"
state = "status"
states = {{ 1 = "delivered", 2 = "failed", 16 = "failed" }}
"#,
        password = site.file("kannel_password").display(),
        notices = site.file("notice_secret").display(),
    );
    site
}

/// A site whose messages may go by a gateway that takes JSON and signs its notices.
pub(super) fn by_peer(site: Site, peer: &Peer) -> Site {
    allowing_loopback(by_peer_at(site, &peer.url()))
}

/// The same with a peer that need not be there.
pub(super) fn by_peer_at(mut site: Site, url: &str) -> Site {
    site.write_secret("peer_token", "a-token");
    site.write_secret("notice_secret", NOTICE_SECRET);
    let _ = write!(
        site.more,
        r#"
[[messages.gateways]]
name = "peer"
url = "{url}"
authentication = "bearer"
secret_file = "{token}"
json = '{{"To": "{{destination}}", "Body": "{{text}}", "Ref": "{{reference}}"}}'
[messages.gateways.headers]
X-Sender = "{{sender}}"
[messages.gateways.deliveries]
secret_file = "{notices}"
format = "json"
reference = "/Ref"
state = "/State"
states = {{ DELIVERED = "delivered", FAILED = "failed" }}
[messages.gateways.deliveries.hmac]
header = "x-signature"
prefix = "sha256="
"#,
        token = site.file("peer_token").display(),
        notices = site.file("notice_secret").display(),
    );
    site
}

/// Gateways are asked through the guarded client, which goes to no private address unasked.
fn allowing_loopback(mut site: Site) -> Site {
    site.more += "[egress]\nallow = [\"127.0.0.1\"]\n";
    site
}
