//! From `[smpp]` to the link.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use fiador_smpp_link::{Alphabet, CentreSettings, SmppSettings, TlsSettings};

use crate::config::{AlphabetName, MessageCentreSection, SmppSection, read_secret_file};

/// Settings of the link to all centres.
pub fn smpp_settings(section: &SmppSection) -> anyhow::Result<SmppSettings> {
    ensure!(
        !section.message_centres.is_empty(),
        "smpp.message_centres and messages.gateways are empty: without a message centre or gateway \
         no phone can be reached"
    );
    let centres: anyhow::Result<Vec<_>> = section
        .message_centres
        .iter()
        .map(|centre| {
            self::centre(centre).with_context(|| format!("message centre `{}`", centre.name))
        })
        .collect();
    let mut settings = SmppSettings::new(centres?);
    settings.queue = section.queue.unwrap_or(settings.queue);
    settings.check()?;
    Ok(settings)
}

fn centre(section: &MessageCentreSection) -> anyhow::Result<CentreSettings> {
    let password = read_secret_file(&section.password_file)?;
    let mut centre = CentreSettings::new(
        &section.name,
        &section.host,
        section.port,
        &section.system_id,
        password,
    );
    centre.window = usize::try_from(section.window)?;
    centre.messages_per_second = section.messages_per_second;
    centre.registered_delivery = u8::from(section.delivery_receipts);
    centre.enquire_link_interval = Duration::from_secs(section.enquire_link_seconds);
    centre.default_alphabet = match section.default_alphabet {
        AlphabetName::Gsm7 => Alphabet::Gsm7,
        AlphabetName::Latin1 => Alphabet::Latin1,
        AlphabetName::Ascii => Alphabet::Ascii,
    };
    centre.tls = section.tls.as_ref().map(|tls| TlsSettings {
        ca_file: tls.ca_file.clone(),
        server_name: tls.server_name.clone(),
        client_certificate: tls.client_certificate.as_ref().map(|certificate| {
            fiador_smpp_link::ClientCertificate {
                certificate_file: certificate.certificate_file.clone(),
                key_file: certificate.key_file.clone(),
            }
        }),
    });
    Ok(centre)
}
