//! What a person sees is drawn anew: which picture, and by whom. In what order pictures follow each other is in `pictures`.

use super::{Desk, Told, within};
use crate::app::Viewer;
use crate::domain::event::{Reply, Screen};
use crate::slack::screens;
use crate::slack::understand::Route;

/// How often one picture is drawn at most, where other processes may draw the same: its response URL serves five times.
const DRAWN_ANEW: usize = 3;

impl Desk {
    /// Leaves a scorecard to whoever draws there already: of a quick series of clicks, most. What nobody takes is given back.
    pub(super) fn leave(
        &self,
        viewer: Viewer,
        route: Route,
        reply: Reply,
    ) -> Option<(Viewer, Route, Reply)> {
        let Reply::Show(screen @ Screen::Scorecard { .. }) = reply else {
            return Some((viewer, route, reply));
        };
        let screen = self.as_far_open(&viewer, &route, screen);
        let Some(slot) = self.inner.pictures.slot(&viewer, &route) else {
            return Some((viewer, route, Reply::Show(screen)));
        };
        let left = self.inner.pictures.leave(&slot, (viewer, route, screen));
        left.map(|(viewer, route, screen)| (viewer, route, Reply::Show(screen)))
    }

    /// What an answer redraws stays as far open as it was.
    pub(super) fn as_far_open(&self, viewer: &Viewer, route: &Route, mut screen: Screen) -> Screen {
        if let Screen::Scorecard { open, .. } = &mut screen
            && open.is_none()
        {
            *open = self.inner.pictures.open(viewer, route);
        }
        screen
    }

    /// Shows a screen where the person is. Several for one message go out one at a time, overtaken ones are dropped.
    pub(super) async fn show(&self, viewer: &Viewer, route: &Route, screen: Screen) {
        let Some(slot) = self.inner.pictures.slot(viewer, route) else {
            let Some(_turn) = self.turn().await else {
                return;
            };
            return within(self.draw(viewer, route, &screen, false)).await;
        };
        let picture = (viewer.clone(), route.clone(), screen);
        let Some(mut pictures) = self.inner.pictures.put(&slot, picture) else {
            return;
        };
        while let Some((viewer, route, screen)) = pictures.take().await {
            let Some(_turn) = self.turn().await else {
                return;
            };
            within(self.draw(&viewer, &route, &screen, true)).await;
        }
    }

    /// Another process may draw the same place, and its older picture may come last: whoever has drawn looks once more, and draws anew where something
    /// else is to be seen by now. So the last picture shows the last state.
    async fn draw(&self, viewer: &Viewer, route: &Route, screen: &Screen, replaces: bool) {
        let mut shown = None;
        for _ in 0..DRAWN_ANEW {
            match self.inner.app.look(viewer, screen).await {
                Ok(Ok(scene)) if shown.as_ref() == Some(&scene) => return,
                Ok(Ok(scene)) => {
                    let told = Told {
                        title: screens::title(&scene),
                        drawn: screens::draw(&scene),
                    };
                    self.tell(viewer, route, told, replaces).await;
                    if !replaces || !self.inner.app.has_peers() {
                        return;
                    }
                    shown = Some(scene);
                }
                Ok(Err(refusal)) => {
                    return self
                        .tell(viewer, route, Told::refused(&refusal), false)
                        .await;
                }
                Err(fault) => return drop(self.broke(viewer.clone(), route.clone(), &fault)),
            }
        }
    }
}
