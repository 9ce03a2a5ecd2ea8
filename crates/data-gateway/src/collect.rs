//! Which source is asked for what, and what the answers add up to.

use fiador_domain::subscriber::Attributes;
use fiador_kernel::SubscriberId;
use fiador_ports::{Attribution, DataError, StoreError};
use futures_util::future::join_all;

use crate::source::{Answer, GuardedSource};

/// Collects `claims` in rounds. In a round each open claim goes to the first source not yet asked
/// for it, and the sources of a round are asked at the same time; so there are at most as many
/// rounds as sources, and one in the usual case of sources with different claims.
pub(crate) async fn collect(
    sources: &[GuardedSource],
    subscriber: &SubscriberId,
    claims: &[&'static str],
) -> Result<Attribution, DataError> {
    let mut open: Vec<OpenClaim> = claims.iter().map(|&name| OpenClaim::new(name)).collect();
    let mut tally = Tally::default();
    loop {
        let round = assign(sources, &mut open);
        if round.is_empty() {
            break;
        }
        let asked = round.iter().map(|(index, claims)| sources[*index].ask(subscriber, claims));
        for ((_, claims), answer) in round.iter().zip(join_all(asked).await) {
            tally.take(answer, claims, &mut open);
        }
        open.retain(|claim| !tally.attributes.0.contains_key(claim.name));
    }
    let partial = open.iter().any(|claim| claim.may_exist);
    tally.into_attribution(partial)
}

/// A claim that no source has given yet.
struct OpenClaim {
    name: &'static str,
    /// Position of the next source to look at.
    next: usize,
    /// A source that offers it did not answer properly, so its absence proves nothing.
    may_exist: bool,
}

impl OpenClaim {
    const fn new(name: &'static str) -> Self {
        Self { name, next: 0, may_exist: false }
    }
}

/// The questions of the next round, by source.
fn assign(sources: &[GuardedSource], open: &mut [OpenClaim]) -> Vec<(usize, Vec<&'static str>)> {
    let mut round: Vec<(usize, Vec<&'static str>)> = Vec::new();
    for claim in open {
        let later = sources.iter().enumerate().skip(claim.next);
        let Some((index, _)) = later.into_iter().find(|(_, source)| source.offers(claim.name))
        else {
            claim.next = sources.len();
            continue;
        };
        claim.next = index + 1;
        match round.iter_mut().find(|(asked, _)| *asked == index) {
            Some((_, claims)) => claims.push(claim.name),
            None => round.push((index, vec![claim.name])),
        }
    }
    round
}

/// What the sources have said so far.
#[derive(Default)]
struct Tally {
    attributes: Attributes,
    known: usize,
    unknown: usize,
    failed: usize,
    store_error: Option<StoreError>,
}

impl Tally {
    fn take(&mut self, answer: Answer, claims: &[&'static str], open: &mut [OpenClaim]) {
        match answer {
            Answer::Known { mut attributes, flawed } => {
                self.known += 1;
                self.attributes.0.append(&mut attributes.0);
                if flawed {
                    mark(open, claims);
                }
            }
            Answer::UnknownSubscriber => self.unknown += 1,
            Answer::Failed(error) => {
                self.failed += 1;
                self.store_error = self.store_error.or(error);
                mark(open, claims);
            }
        }
    }

    /// When sources were asked and none knew the subscriber there is nothing to answer: either it
    /// cannot be told, or the subscriber is gone.
    fn into_attribution(self, partial: bool) -> Result<Attribution, DataError> {
        match (self.known, self.failed, self.unknown, self.store_error) {
            (0, 1.., _, Some(error)) => Err(DataError::Store(error)),
            (0, 1.., _, None) => Err(DataError::Unavailable),
            (0, 0, 1.., _) => Err(DataError::UnknownSubscriber),
            _ => Ok(Attribution { attributes: self.attributes, partial }),
        }
    }
}

fn mark(open: &mut [OpenClaim], claims: &[&'static str]) {
    for claim in open.iter_mut().filter(|claim| claims.contains(&claim.name)) {
        claim.may_exist = true;
    }
}
