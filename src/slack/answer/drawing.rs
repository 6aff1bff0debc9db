//! What a person sees is drawn anew: which picture, and by whom. In what order pictures follow each other is in `pictures`.

use super::{Desk, Told, within};
use crate::app::Viewer;
use crate::app::scene::Scene;
use crate::domain::event::{Reply, Screen};
use crate::slack::pictures::{Picture, Slot};
use crate::slack::screens;
use crate::slack::understand::Route;
use std::time::Duration;

/// How often one picture is drawn at most, where other processes may draw the same: its response URL serves five times.
const DRAWN_ANEW: usize = 3;

/// How long after a picture it is looked whether another process has drawn something older over it: those that were under way have arrived by then.
const OTHERS_HAVE_DRAWN: Duration = Duration::from_millis(500);

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
            within(Box::pin(self.draw(viewer, route, &screen, false))).await;
            return;
        };
        let mut picture = (viewer.clone(), route.clone(), screen);
        for _ in 0..DRAWN_ANEW {
            let Some(mut pictures) = self.inner.pictures.put(&slot, picture.clone()) else {
                return;
            };
            let mut shown = None;
            while let Some(next) = pictures.take(self.inner.app.processes()).await {
                let Some(_turn) = self.turn().await else {
                    return;
                };
                // In a box: a picture that waits for its turn takes no room for being drawn.
                let drawn = Box::pin(self.draw(&next.0, &next.1, &next.2, true));
                shown = within(drawn).await;
                picture = next;
            }
            drop(pictures);
            let Some(shown) = shown.filter(|_| self.inner.app.has_peers()) else {
                return;
            };
            if !Box::pin(self.is_overtaken(&slot, &picture, &shown)).await {
                return;
            }
        }
    }

    /// Another process may draw the same place, and its older picture may come last. So whoever has drawn the last one looks a moment later whether
    /// something else is to be seen, unless somebody here has begun to draw it.
    async fn is_overtaken(
        &self,
        slot: &Slot,
        (viewer, _, screen): &Picture,
        shown: &Scene,
    ) -> bool {
        let began = self.inner.pictures.began(slot);
        tokio::time::sleep(OTHERS_HAVE_DRAWN).await;
        if self.inner.pictures.began(slot) != began {
            return false;
        }
        let scene = self.inner.app.look(viewer, screen).await;
        let differs = matches!(scene, Ok(Ok(scene)) if scene != *shown);
        // Whoever clicked here meanwhile may look at something else by now.
        differs && self.inner.pictures.began(slot) == began
    }

    /// Says what it was drawn from, where it was.
    async fn draw(
        &self,
        viewer: &Viewer,
        route: &Route,
        screen: &Screen,
        replaces: bool,
    ) -> Option<Scene> {
        match self.inner.app.look(viewer, screen).await {
            Ok(Ok(scene)) => {
                let told = Told {
                    title: screens::title(&scene),
                    drawn: screens::draw(&scene),
                };
                self.tell(viewer, route, told, replaces).await;
                return Some(scene);
            }
            Ok(Err(refusal)) => {
                self.tell(viewer, route, Told::refused(&refusal), false)
                    .await;
            }
            Err(fault) => drop(self.broke(viewer.clone(), route.clone(), &fault)),
        }
        None
    }
}
