//! `fiador client-secret`

use std::io::{Write as _, stdout};

use fiador_kernel::{Digest, OsEntropy, handle};

/// Prints a new secret of 256 random bits and the digest that the configuration keeps of it.
pub fn run() -> anyhow::Result<()> {
    let secret = handle(&OsEntropy);
    let digest = Digest::of(&secret).to_hex();
    writeln!(stdout(), "client_secret = {secret}\nclient_secret_sha256 = [\"{digest}\"]")?;
    Ok(())
}
