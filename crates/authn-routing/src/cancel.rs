//! Taking back prompts that nobody needs any more, away from the request.

use std::sync::Arc;

use fiador_domain::journey::{Journey, Prompt, Subject};

use crate::{
    Router,
    held::{challenged, told},
    outcome,
};

impl Router {
    /// Takes back what is live in a journey as it was, except what was answered or is still live.
    pub(crate) fn cancel_live(&self, before: &Journey) {
        if let Some((subject, chain)) = challenged(before) {
            self.cancel_all(before, subject, &chain.live);
        }
    }

    /// Takes back prompts. The journey does not wait for it, and where too much is taken back at
    /// once, the rest runs into its own expiry.
    pub(crate) fn cancel_all(&self, journey: &Journey, subject: &Subject, prompts: &[Prompt]) {
        for prompt in prompts {
            let Some(adaptor) = self.adaptors.find(&prompt.authenticator) else { continue };
            let Ok(place) = Arc::clone(&self.cancel_places).try_acquire_owned() else {
                outcome::forgone("cancel");
                continue;
            };
            let (journey, subject, prompt) = (journey.clone(), subject.clone(), prompt.clone());
            let patience = self.settings.start_timeout;
            self.cancels.spawn(async move {
                let cancel = adaptor.cancel(told(&journey, &subject, None), &prompt.state);
                if tokio::time::timeout(patience, cancel).await.is_err() {
                    tracing::warn!(
                        journey = %journey.id, authenticator = %prompt.authenticator,
                        "a prompt could not be taken back in time"
                    );
                }
                drop(place);
            });
        }
    }

    /// Returns when no prompt is being taken back: between the last request and the end of the
    /// process.
    pub async fn settled(&self) {
        self.cancels.close();
        self.cancels.wait().await;
        self.cancels.reopen();
    }
}
