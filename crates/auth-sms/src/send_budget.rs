//! The budgets that one message uses, as one reservation (T-122).

use fiador_domain::{journey::LIFETIME, quota::Limit};
use fiador_kernel::Digest;
use fiador_ports::{Challenge, Spend};

use crate::{Kind, settings::SendBudgets, watch::Suspects};

/// The budgets in the order of reservation; names are for logs and metrics.
pub(crate) const NAMES: [&str; 6] =
    ["subscription", "client", "browser_network", "number_block", "message_centre", AGAIN];
/// The budget of one "send again".
pub(crate) const AGAIN: &str = "again";

/// Everything that one message spends. Known and unknown numbers spend the same (T-048), and keys
/// come from the hash of the canonical number (T-123). `sends` of this kind have left in this journey: from each
/// state of it one more may leave, however many browsers or nodes ask at the same time.
pub(crate) fn spends(
    budgets: &SendBudgets,
    challenge: &Challenge<'_>,
    suspects: Suspects,
    (kind, sends): (Kind, u8),
) -> Vec<Spend> {
    let client = halved_if(suspects.client, &budgets.client);
    let number_block = halved_if(suspects.number_block, &budgets.number_block);
    let network = halved_if(suspects.network, &budgets.browser_network);
    let values = [
        (challenge.subject.msisdn_index.to_hex(), budgets.subscription.clone()),
        (short(challenge.ask.client.as_str()), client),
        (short(&challenge.origin.network), network),
        (challenge.subject.number_block.to_hex(), number_block),
        ("all".to_owned(), budgets.message_centre.clone()),
    ];
    let again = (sends > 0).then(|| {
        let once = Limit { count: 1, window: LIFETIME };
        (format!("{kind}:{}:{sends}", challenge.journey), vec![once])
    });
    NAMES
        .into_iter()
        .zip(values.into_iter().chain(again))
        .map(|(name, (value, limits))| Spend { key: format!("sms_send_{name}:{value}"), limits })
        .collect()
}

/// Half the budget for whoever sees too many wrong codes (T-124) or too few right ones (T-122).
fn halved_if(suspect: bool, limits: &[Limit]) -> Vec<Limit> {
    limits.iter().map(|limit| if suspect { limit.scaled(1, 2) } else { *limit }).collect()
}

/// Keys are bounded; what would not fit is named by its digest.
fn short(text: &str) -> String {
    if text.len() <= 64 { text.to_owned() } else { Digest::of(text).to_hex() }
}
