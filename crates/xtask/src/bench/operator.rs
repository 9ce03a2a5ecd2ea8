//! The operator whose gateway is measured: configuration and secrets, in a folder of its own.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use anyhow::Context as _;
use aws_lc_rs::rand::{SecureRandom as _, SystemRandom};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::service_provider::{Kind, REDIRECT_URI, secret_digest};
use super::subscribers::NUMBER_RANGE;

/// The admin token: the folder is the bench's own and goes with it.
pub(super) const ADMIN_TOKEN: &str = "bench-admin-token-0123456789-0123456789";

/// The folder of one run.
pub(super) struct Operator {
    folder: PathBuf,
}

impl Operator {
    /// Makes the folder anew, with a configuration that reaches its message centre at `port`.
    pub(super) fn set_up(folder: PathBuf, port: u16) -> anyhow::Result<Self> {
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let operator = Self { folder };
        operator.keep_secret("root_key", &root_key()?)?;
        operator.keep_secret("admin_token", ADMIN_TOKEN)?;
        operator.keep_secret("smsc_password", "bench")?;
        fs::write(operator.configuration(), operator.describe(port)?)?;
        Ok(operator)
    }

    /// The configuration file.
    pub(super) fn configuration(&self) -> PathBuf {
        self.folder.join("fiador.toml")
    }

    /// Where the gateway logs to.
    pub(super) fn log(&self) -> PathBuf {
        self.folder.join("fiador.log")
    }

    fn keep_secret(&self, name: &str, secret: &str) -> anyhow::Result<()> {
        let file = self.folder.join(name);
        fs::write(&file, secret)?;
        Ok(fs::set_permissions(file, fs::Permissions::from_mode(0o600))?)
    }

    /// Everything is as in production but for plain HTTP and the send budgets, which are named. The
    /// budgets have the windows of the defaults, so that counting costs the same.
    fn describe(&self, port: u16) -> anyhow::Result<String> {
        let folder = self.folder.display();
        let mut text = format!(
            r#"issuer = "http://localhost"

[operator]
name = "Bench Mobile"
home_region = "ES"
number_ranges = ["{NUMBER_RANGE}"]

[listeners]
admin_token_file = "{folder}/admin_token"
public.address = "127.0.0.1:0"
admin.address = "127.0.0.1:0"
internal.address = "127.0.0.1:0"
metrics.address = "127.0.0.1:0"

[database]
url = "sqlite:{folder}/fiador.db"

[keys]
root_key_file = "{folder}/root_key"

[[smpp.message_centres]]
name = "bench"
host = "127.0.0.1"
port = {port}
system_id = "fiador"
password_file = "{folder}/smsc_password"
window = 100
messages_per_second = 100000

[sms.budgets]
subscription = [
  {{ count = 120, seconds = 60 }},
  {{ count = 120, seconds = 600 }},
  {{ count = 120, seconds = 86400 }},
]
client = [{{ count = 1000000, seconds = 1 }}, {{ count = 100000000, seconds = 86400 }}]
browser_network = [{{ count = 1000000, seconds = 600 }}]
number_block = [{{ count = 1000000, seconds = 60 }}]

[development]
plain_http = true
loose_send_budgets = true
"#
        );
        for service_provider in Kind::ALL.into_iter().flat_map(Kind::service_providers) {
            let kind = service_provider.kind;
            write!(
                text,
                r#"
[[clients]]
client_id = "{}"
name = "{}"
profile = "{}"
client_secret_sha256 = ["{}"]
redirect_uris = ["{REDIRECT_URI}"]
scopes = ["openid", "phone"]
id_token_signed_response_alg = "{}"
"#,
                service_provider.client_id(),
                service_provider.name(),
                kind.profile(),
                secret_digest(),
                kind.algorithm(),
            )?;
        }
        Ok(text)
    }
}

/// 32 random bytes in base64; the gateway refuses anything that looks made up.
fn root_key() -> anyhow::Result<String> {
    let mut key = [0; 32];
    SystemRandom::new().fill(&mut key).context("no randomness for the root key")?;
    Ok(BASE64_STANDARD.encode(key))
}
