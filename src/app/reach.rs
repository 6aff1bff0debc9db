//! From a message that somebody points at to the loop it belongs to. What they may see of it is decided in `look`.

use super::{App, Done, Going};
use crate::domain::event::{Delivery, Goal, Reply, Screen};
use crate::domain::ids::MessageTs;
use crate::domain::refusal::Refusal;

impl App {
    pub(super) async fn reach(
        &self,
        delivery: &Delivery,
        root: &MessageTs,
        goal: Goal,
        fresh: bool,
    ) -> Going<Done> {
        let code = match &delivery.place {
            Some(channel) => {
                let store = &self.inner.store;
                store.loop_at(&delivery.workspace, channel, root).await?
            }
            None => None,
        };
        let screen = match (goal, code) {
            (Goal::Score, Some(code)) => Screen::Scorecard {
                code,
                section: None,
                open: None,
            },
            (Goal::Score, None) => return Err(Refusal::NoLoopHere.into()),
            (Goal::Show, Some(code)) => Screen::Loop(code),
            (Goal::Show, None) => Screen::Help,
        };
        let done = self
            .commit(delivery, fresh, Vec::new(), Reply::Show(screen))
            .await?;
        Ok(done.ok_or(Refusal::DraftGone)?)
    }
}
