//! A journey as the browser that owns it sees it, and the moves that can be made.

use fiador_domain::journey::{Journey, Refusal, Stage, WrongStage};
use fiador_kernel::{Digest, ScopeSet};
use fiador_ports::Versioned;

use super::Note;
use crate::{AuthServer, arrival::Arrival, door::Door, trouble::Trouble};

/// A journey that was read, and may have moved on since.
pub(crate) struct Visit {
    pub(crate) journey: Journey,
    pub(crate) door: Door,
    handle: String,
    version: u64,
}

impl AuthServer {
    /// Reads the journey if the browser is the one that began it; everything else is told alike
    /// (T-034, T-043). What is due is done first: a journey whose time is over ends, so that its
    /// answer can still be given (mobile-connect §2.6, timeout).
    pub(super) async fn enter(&self, arrival: &Arrival, handle: String) -> Result<Visit, Trouble> {
        let secret = arrival.browser_secret(&self.settings).ok_or(Trouble::NoJourney)?;
        let now = self.clock.now();
        let read = self.journeys.read(Digest::of(&handle), now).await?.ok_or(Trouble::NoJourney)?;
        if read.journey.browser != Some(Digest::of(secret)) || read.journey.is_expired(now) {
            return Err(Trouble::NoJourney);
        }
        // Another door's journey is left as it is.
        Door::of_state(&read.journey.door)?;
        let Versioned { version, journey } = self.router.advance(Digest::of(&handle), read).await?;
        let door = Door::of_state(&journey.door)?;
        Ok(Visit::new(handle, version, journey, door))
    }

    /// The address of the journey's page.
    pub(crate) fn page_url(&self, visit: &Visit, note: Option<Note>) -> String {
        let page = self.page_address(&visit.handle);
        note.map_or_else(|| page.clone(), |note| note.added_to(&page))
    }

    /// The address of the page of the journey with this handle.
    pub(crate) fn page_address(&self, handle: &str) -> String {
        format!("{}/journey/{handle}", self.settings.issuer)
    }

    /// The path of the journey's page, which its forms begin with.
    pub(super) fn page_path(&self, visit: &Visit) -> String {
        format!("{}/journey/{}", self.settings.issuer.path(), visit.handle)
    }
}

impl Visit {
    pub(crate) const fn new(handle: String, version: u64, journey: Journey, door: Door) -> Self {
        Self { journey, door, handle, version }
    }

    pub(crate) const fn stage(&self) -> &Stage {
        &self.journey.stage
    }

    /// The journey as it was read.
    pub(super) fn into_read(self) -> Versioned {
        Versioned { version: self.version, journey: self.journey }
    }

    /// What the journey is kept under.
    pub(crate) fn key(&self) -> Digest {
        Digest::of(&self.handle)
    }

    /// Sees the journey as somebody else has left it.
    pub(crate) fn take(&mut self, moved: Versioned) -> Result<(), Trouble> {
        let Versioned { version, journey } = moved;
        self.door = Door::of_state(&journey.door)?;
        (self.version, self.journey) = (version, journey);
        Ok(())
    }

    /// Writes something into the door's state; kept with the next move.
    pub(crate) fn note_in_door(&mut self, write: impl FnOnce(&mut Door)) -> Result<(), Trouble> {
        write(&mut self.door);
        self.journey.door = self.door.to_state()?;
        Ok(())
    }

    /// Whether the page has asked the user to share all of this.
    pub(super) fn has_shown(&self, scopes: &ScopeSet) -> bool {
        self.door.shown.as_ref().is_some_and(|shown| scopes.is_subset(shown))
    }

    /// Keeps what the page is going to ask the user to share. `false` when the journey has moved on
    /// meanwhile.
    pub(super) async fn keep_shown(
        &mut self,
        server: &AuthServer,
        scopes: &ScopeSet,
    ) -> Result<bool, Trouble> {
        while matches!(self.stage(), Stage::Verified { .. }) {
            if self.door.shown.as_ref() == Some(scopes) {
                return Ok(true);
            }
            self.note_in_door(|door| door.shown = Some(scopes.clone()))?;
            let stage = self.stage().clone();
            self.advance(server, stage).await?;
        }
        Ok(false)
    }

    /// Moves the journey to `stage` unless somebody else has moved it; then `false`, and the visit
    /// sees the journey as it is now.
    pub(crate) async fn advance(
        &mut self,
        server: &AuthServer,
        stage: Stage,
    ) -> Result<bool, Trouble> {
        let journey = Journey { stage, ..self.journey.clone() };
        let handle = self.key();
        if server.journeys.replace(handle, self.version, journey.clone()).await? {
            self.version += 1;
            self.journey = journey;
            return Ok(true);
        }
        let read = server.journeys.read(handle, server.clock.now()).await?;
        self.take(read.ok_or(Trouble::NoJourney)?)?;
        Ok(false)
    }

    /// Makes a move as often as others are faster, until it is made or does not fit any more. Every
    /// lost race is somebody else's move, of which a journey has few, so this ends.
    async fn make(
        &mut self,
        server: &AuthServer,
        step: impl Fn(Stage) -> Result<Stage, WrongStage>,
    ) -> Result<Result<(), WrongStage>, Trouble> {
        loop {
            match step(self.stage().clone()) {
                Err(wrong) => return Ok(Err(wrong)),
                Ok(stage) => {
                    if self.advance(server, stage).await? {
                        return Ok(Ok(()));
                    }
                }
            }
        }
    }

    /// Ends the journey without authentication, unless it has moved to another stage than the visit
    /// sees: whoever moved it knows better, and a prompt may be live by then. The visit sees what it
    /// is in any case.
    pub(crate) async fn refuse(
        &mut self,
        server: &AuthServer,
        reason: Refusal,
    ) -> Result<(), Trouble> {
        let at = server.clock.now();
        let before = self.journey.clone();
        let seen = before.stage.name();
        let refuse = |stage: Stage| match stage.name() {
            was if was == seen => stage.refuse(reason, at),
            was => Err(WrongStage { was, wanted: seen }),
        };
        if self.make(server, refuse).await?.is_err() {
            return Ok(());
        }
        let ask = &self.journey.ask;
        tracing::info!(
            client_id = %ask.client, journey = %self.journey.id, reason = reason.as_str(),
            "a journey was refused"
        );
        metrics::counter!("fiador_journeys_refused_total", "reason" => reason.as_str())
            .increment(1);
        let event = before.refusal_event(reason, at);
        Ok(server.audit.append(event).await?)
    }
}
