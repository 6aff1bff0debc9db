//! Loops whose time is up are erased, as the workspace has it set. How long it is, and which loop may go, is decided in `domain`.

use super::deeds::{begin, changes_of};
use super::scene::Due;
use super::{App, Fault, ROUNDS};
use crate::domain::ids::{LoopCode, WorkspaceId};
use crate::domain::interview_loop::Needs;
use crate::domain::settings::Retention;
use crate::store::{List, Stretch};
use jiff::SignedDuration;

/// How many are erased at a time, and the pause after so many: what was sent of each is taken back at Slack's pace, fifty a minute, and
/// posts of people who are at work come between.
const AT_ONCE: usize = 10;
const PAUSE: SignedDuration = SignedDuration::from_mins(10);
/// How often it is looked, at least.
const LOOKS_EVERY: SignedDuration = SignedDuration::from_hours(24);

impl App {
    /// Erases what is due, and tells when something will be next.
    pub(super) async fn retention_due(&self, workspace: &WorkspaceId) -> Result<Due, Fault> {
        let Some(retention) = self.settings(workspace).await?.0.retention else {
            return Ok(Due::Drop);
        };
        let now = self.inner.clock.now();
        let (mut after, mut erased) = (None, 0);
        loop {
            let stretch = Stretch {
                after,
                ..Stretch::first(AT_ONCE)
            };
            let closed = self.inner.store.list(workspace, &List::Closed, stretch);
            let closed = closed.await?;
            for listed in &closed {
                let ends = retention.ends(listed.at);
                if ends > now {
                    return Ok(Due::Later(ends.min(now + LOOKS_EVERY)));
                }
                if erased == AT_ONCE {
                    return Ok(Due::Later(now + PAUSE));
                }
                match self.expire(workspace, &listed.code, &retention).await {
                    Err(fault) if fault.is_local() => {
                        // One that cannot be read keeps no other.
                        let error = crate::telemetry::chain(&fault);
                        tracing::error!(code = %listed.code, error, "a loop whose time is up is not erased");
                    }
                    gone => erased += usize::from(gone?),
                }
            }
            after = closed.last().cloned();
            if closed.len() < AT_ONCE {
                return Ok(Due::Later(now + LOOKS_EVERY));
            }
        }
    }

    /// Erases a loop, if its time is still up. False: it stays.
    async fn expire(
        &self,
        workspace: &WorkspaceId,
        code: &LoopCode,
        retention: &Retention,
    ) -> Result<bool, Fault> {
        for _ in 0..ROUNDS {
            let found = self.inner.store.load(workspace, code, &Needs::All).await?;
            let Some(loaded) = found else {
                return Ok(false);
            };
            let kit = self.kit(&loaded.head.kit.version).await?;
            let (state, base) = begin(loaded, kit, &Needs::All);
            let Some(mut outcome) = state.expire(retention, self.inner.clock.now()) else {
                return Ok(false);
            };
            self.counted(workspace, &mut outcome).await?;
            if self.written(workspace, changes_of(outcome, base)).await? {
                tracing::info!(%code, months = retention.months, "a loop's time was up: it is erased");
                return Ok(true);
            }
        }
        Err(Fault::Contended)
    }
}
