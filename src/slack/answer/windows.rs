//! Windows: modals that show what is shown as a message elsewhere, for whoever acts on the Home tab, where there are no messages. What is in them is in `screens`.

use super::{Desk, Told, ack_of, pushed};
use crate::app::Viewer;
use crate::domain::event::{Reply, Screen};
use crate::domain::words::Words;
use crate::slack::Ack;
use crate::slack::screens::{self, Drawn, Meta};
use crate::slack::understand::{From, Route};
use slack_morphism::prelude::SlackView;

impl Desk {
    /// Tells something in a window, where somebody acts on the Home tab or in a window. What comes back has to be told elsewhere.
    pub(super) async fn tell_in_window(
        &self,
        viewer: &Viewer,
        route: &Route,
        told: Told,
        replaces: bool,
    ) -> Option<Drawn> {
        if !matches!(route.from, From::Window | From::Modal | From::Home) {
            return Some(told.drawn);
        }
        let client = self.inner.clients.of(&viewer.workspace).await;
        let view = || carried(screens::window(told.title, &told.drawn), route);
        let shown = match (route.from, &route.window, &route.trigger_id) {
            (From::Window | From::Modal, Some(window), _) if replaces => {
                if let Err(error) = client.redraw_view(window, view()).await {
                    // Whoever has closed it does not look at it any more; what it spoke of is saved.
                    tracing::debug!(%error, "a window was not redrawn");
                }
                return None;
            }
            (From::Home, _, Some(trigger)) => client.open_view(trigger, view()).await,
            (From::Window, _, Some(trigger)) => client.push_view(trigger, view()).await,
            _ => return Some(told.drawn),
        };
        match shown {
            Ok(()) => None,
            Err(error) => {
                tracing::debug!(%error, "a window was not opened");
                Some(told.drawn)
            }
        }
    }

    /// What comes of a form that lies on the Home tab takes its place: there is nothing else that could show it.
    pub(super) async fn in_place(
        &self,
        viewer: &Viewer,
        route: &Route,
        reply: &Reply,
    ) -> Option<Ack> {
        let view = match reply {
            Reply::Said(words) => screens::window("Done", &screens::said(words, &[])),
            Reply::Show(screen) => match self.inner.app.look(viewer, screen).await {
                Ok(Ok(scene)) => screens::draw_view(&scene),
                Ok(Err(refusal)) => return Some(ack_of(route, &Reply::Refused(refusal))),
                Err(fault) => return Some(self.broke(viewer.clone(), route.clone(), &fault)),
            },
            Reply::Nothing | Reply::Refused(_) => return None,
        };
        Some(pushed(route, &carried(view, route), "update"))
    }

    /// The Home tab on which somebody acts is drawn anew, and kept true from now on.
    pub(super) fn home_follows(&self, viewer: &Viewer, route: &Route, reply: Option<&Reply>) {
        if !route.at_home {
            return;
        }
        let who = (viewer.workspace.clone(), viewer.user.clone());
        let pages = match reply {
            Some(Reply::Show(Screen::Home(pages))) => Some(pages.clone()),
            _ => None,
        };
        if route.from == From::Home || route.lies_on_home() {
            self.inner.homes.clicked(who, pages);
        } else {
            self.inner.homes.goes_on(who);
        }
    }
}

/// A form that ended lies over another one and a window. Only all of them can be closed together, so that is what closing this does.
pub(super) fn ended(route: &Route) -> Ack {
    let words = Words::from("It is saved. Closing this leads back to the Home tab.");
    let view = match screens::notice_modal("Saved", &words) {
        SlackView::Modal(modal) => SlackView::Modal(modal.with_clear_on_close(true)),
        home @ SlackView::Home(_) => home,
    };
    pushed(route, &view, "update")
}

/// A view that remembers what it lies on.
pub(super) fn carried(view: SlackView, route: &Route) -> SlackView {
    let SlackView::Modal(mut modal) = view else {
        return view;
    };
    if route.at_home || route.window.is_some() {
        let meta = modal.private_metadata.as_deref().and_then(Meta::parse);
        let meta = Meta {
            open: route.open.clone(),
            window: route.window.clone(),
            at_home: route.at_home,
            ..meta.unwrap_or_default()
        };
        modal.private_metadata = Some(meta.to_json());
    }
    SlackView::Modal(modal)
}
