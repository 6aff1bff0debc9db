//! From something received to an acknowledgement, and then to what the person sees. Who may see what is decided in `app`.

mod counted;
mod drawing;
mod files;
mod installs;
mod replied;
mod room;
mod told;
mod windows;

use self::counted::outcome_of;
use self::replied::{Claim, Replied};
use self::room::Room;
use self::told::Told;
use self::windows::carried;
use super::client::{Outgoing, Posted, Response};
use super::clients::Clients;
use super::connector::CallError;
use super::home::Door;
use super::inbound::{Event, EventIn, Inbound};
use super::pictures::Pictures;
use super::screens;
use super::understand::{From, Route, Understood, understand};
use super::{Ack, Received, Receiver, inquiries};
use crate::app::{Answer, App, Fault, Question, Viewer};
use crate::domain::erasure::Sent;
use crate::domain::event::{Delivery, Fact, Post, Reply, Screen};
use crate::domain::ids::{ChannelId, LoopCode, UserId, WorkspaceId};
use crate::domain::install::Why;
use crate::domain::refusal::Refusal;
use crate::domain::words::Words;
use crate::telemetry::chain;
use crate::telemetry::figures::{Kind, Outcome};
use serde_json::{Value, json};
use slack_morphism::prelude::SlackView;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How long a reply may take. It is worthless later, and it is not sent again.
const REPLY_WITHIN: Duration = Duration::from_secs(10);
/// The pauses before each try to change a modal that Slack may not have drawn yet.
const UNTIL_DRAWN: [Duration; 4] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_millis(750),
    Duration::from_secs(2),
];
/// The title over a polite no.
const NOT_YET: &str = "Not yet";

/// Answers what Slack sends. Cheap to clone.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    app: App,
    clients: Clients,
    homes: Door,
    pictures: Pictures,
    room: Room,
    replied: Mutex<Replied>,
}

impl Desk {
    /// A desk for this application, answering through these clients. Who looks at their Home tab is said at the door. What one person sees
    /// in one place is redrawn so long apart.
    #[must_use]
    pub fn new(app: App, clients: Clients, homes: Door, pictures_apart: Duration) -> Self {
        Self {
            inner: Arc::new(Inner {
                pictures: Pictures::new(pictures_apart, app.clock().clone()),
                room: Room::new(app.most_at_once()),
                app,
                clients,
                homes,
                replied: Mutex::default(),
            }),
        }
    }

    /// Where both transports end.
    #[must_use]
    pub fn receiver(&self) -> Receiver {
        let desk = self.clone();
        Arc::new(move |received: Received| {
            let desk = desk.clone();
            Box::pin(async move { desk.receive(received).await })
        })
    }

    async fn receive(&self, received: Received) -> Ack {
        let sort = received.inbound.sort();
        self.notes_whose(&received.inbound).await;
        let figures = self.inner.clients.shared().figures();
        match understand(&received.inbound) {
            Understood::Asked(delivery, route) => self.asked(*delivery, *route, sort).await,
            Understood::Unknown(route, workspace, user) => {
                figures.delivered(sort, Outcome::unknown);
                tracing::debug!(
                    kind = received.inbound.kind(),
                    "an unknown name was clicked"
                );
                let viewer = viewer_of(workspace, user, &route);
                let ack = modal_ack(
                    &route,
                    &screens::notice_modal("Not any more", &Refusal::OldButton.words()),
                );
                self.home_follows(&viewer, &route, None);
                self.spawn_reply(viewer, *route, Reply::Refused(Refusal::OldButton));
                ack
            }
            Understood::Nothing => match &received.inbound {
                Inbound::Event(event) => {
                    let ack = self.told(event).await;
                    let failed = ack == Ack::Failed;
                    figures.delivered(
                        sort,
                        if failed {
                            Outcome::failed
                        } else {
                            Outcome::done
                        },
                    );
                    ack
                }
                _ => {
                    figures.delivered(sort, Outcome::done);
                    Ack::Empty
                }
            },
        }
    }

    async fn asked(&self, delivery: Delivery, route: Route, sort: Kind) -> Ack {
        let viewer = viewer_of(delivery.workspace.clone(), delivery.actor.clone(), &route);
        let key = format!("{}/{}", delivery.workspace, delivery.key);
        // Of two that are handled at once, one is replied to, whichever of them did it.
        let claim = Claim::begin(&self.inner.replied, key);
        let answer = self.inner.app.accept(delivery).await;
        let first = answer.is_ok() && claim.keep();
        let figures = self.inner.clients.shared().figures();
        figures.delivered(sort, outcome_of(&answer));
        let reply = match answer {
            Ok(Answer::Done(reply) | Answer::Repeated(reply)) => reply,
            Ok(Answer::Waiting) => {
                self.home_follows(&viewer, &route, None);
                let name = route.waiting_modal.as_deref().unwrap_or_default();
                return pushed(&route, &screens::waiting_modal(name), "push");
            }
            Err(Fault::Busy) => return self.busy(viewer, route),
            Err(fault) => return self.broke(viewer, route, &fault),
        };
        self.home_follows(&viewer, &route, Some(&reply));
        if let (From::Modal, Reply::Show(screen)) = (route.from, &reply)
            && screen.is_modal()
        {
            return self.lay_over(&viewer, route, screen).await;
        }
        if route.lies_on_home()
            && let Some(ack) = self.in_place(&viewer, &route, &reply).await
        {
            return ack;
        }
        let ack = ack_of(&route, &reply);
        let answered_by_ack = route.from == From::Modal && matches!(reply, Reply::Refused(_));
        if !answered_by_ack && first {
            self.spawn_reply(viewer, route, reply);
        }
        ack
    }

    /// What a form leads to is laid over it, so that closing it leads back to what was typed; what only asked a question gives way.
    async fn lay_over(&self, viewer: &Viewer, route: Route, screen: &Screen) -> Ack {
        match self.inner.app.look(viewer, screen).await {
            Ok(Ok(scene)) => match screens::draw_modal(&scene) {
                Some(view) => {
                    let callback = route.callback_id.as_deref().unwrap_or_default();
                    let in_place = screens::form::gives_way(callback);
                    let view = carried(view, &route);
                    pushed(&route, &view, if in_place { "update" } else { "push" })
                }
                None => Ack::Empty,
            },
            Ok(Err(refusal)) => ack_of(&route, &Reply::Refused(refusal)),
            Err(fault) => self.broke(viewer.clone(), route, &fault),
        }
    }

    /// Something on our side broke: the person is told, with a code that the log has too.
    fn broke(&self, viewer: Viewer, route: Route, fault: &Fault) -> Ack {
        let code = quotable();
        tracing::error!(code, error = chain(fault), "a delivery was not handled");
        if route.from == From::Modal {
            let view = screens::broke_modal(fault.maybe_saved(), &code);
            return pushed(&route, &view, "push");
        }
        let told = Told::failed(screens::broke(fault.maybe_saved(), &code));
        let desk = self.clone();
        self.spawn(&viewer.clone(), async move {
            within(desk.tell(&viewer, &route, told, false)).await;
        });
        // The process is about to end, maybe before it has told: without an acknowledgement, Slack tells.
        if fault.is_final() {
            Ack::Failed
        } else {
            Ack::Empty
        }
    }

    /// Takes in what an event tells of people and channels.
    async fn told(&self, event: &EventIn) -> Ack {
        let workspace = WorkspaceId::from(event.workspace.as_str());
        let app = &self.inner.app;
        let channel = match &event.event {
            Event::Person { user, seen } => {
                let fact = Fact::Person(
                    UserId::from(user.as_str()),
                    inquiries::person(seen, &workspace, app.clock().now()),
                );
                return match app.learn(&workspace, fact).await {
                    Ok(()) => Ack::Empty,
                    Err(fault) => {
                        tracing::error!(error = chain(&fault), "an event was not kept");
                        Ack::Failed
                    }
                };
            }
            Event::ChannelArchived { channel }
            | Event::ChannelUnarchived { channel }
            | Event::ChannelShared { channel }
            | Event::ChannelUnshared { channel, .. } => channel,
            Event::Uninstalled => return self.gone(event, Why::Uninstalled).await,
            Event::TokensRevoked => return self.gone(event, Why::Revoked).await,
            Event::HomeOpened { user, tab, .. } if tab.as_deref() == Some("home") => {
                let who = (workspace, UserId::from(user.as_str()));
                self.inner.homes.opened(who);
                return Ack::Empty;
            }
            _ => return Ack::Empty,
        };
        app.ask_again(Question::Place(
            workspace,
            ChannelId::from(channel.as_str()),
        ));
        Ack::Empty
    }

    /// Replies to a delivery that had to wait.
    pub(super) fn reply_late(&self, delivery: &Delivery, reply: Reply) {
        let route: Route = serde_json::from_str(&delivery.route).unwrap_or_default();
        let viewer = viewer_of(delivery.workspace.clone(), delivery.actor.clone(), &route);
        self.home_follows(&viewer, &route, Some(&reply));
        let Some(name) = route.waiting_modal.clone() else {
            return self.spawn_reply(viewer, route, reply);
        };
        // The modal that says "One moment" is told the end of it.
        let words = match &reply {
            Reply::Refused(refusal) => refusal.words(),
            Reply::Said(words) => words.clone(),
            Reply::Nothing | Reply::Show(_) => Words::from("Done. You can close this."),
        };
        let desk = self.clone();
        self.spawn(&viewer.clone(), async move {
            if let Reply::Show(screen) = &reply
                && (screen.is_modal() || route.lies_on_home())
                && let Ok(Ok(scene)) = desk.inner.app.look(&viewer, screen).await
            {
                let view = carried(screens::draw_view(&scene), &route);
                let named = screens::named(view, &name, false);
                return desk.end_wait(&viewer, &name, &named).await;
            }
            let done = !matches!(reply, Reply::Refused(_));
            let told = screens::waited_modal(&name, &words, done);
            desk.end_wait(&viewer, &name, &told).await;
            if let reply @ Reply::Show(_) = reply {
                desk.reply(&viewer, &route, reply).await;
            }
        });
    }

    /// Slack may hear of the end before it has drawn the beginning, which travels with the acknowledgement: then it is told again.
    async fn end_wait(&self, viewer: &Viewer, name: &str, notice: &SlackView) {
        let client = self.inner.clients.of(&viewer.workspace).await;
        for pause in UNTIL_DRAWN {
            tokio::time::sleep(pause).await;
            match client.update_view(name, None, notice.clone()).await {
                Err(error) if error.code() == Some("not_found") => {}
                Err(error) => {
                    return tracing::warn!(%error, "a modal was not told how its wait ended");
                }
                Ok(()) => return,
            }
        }
        tracing::debug!("a modal was closed before its wait ended");
    }

    fn spawn_reply(&self, viewer: Viewer, route: Route, reply: Reply) {
        if reply == Reply::Nothing {
            return;
        }
        let Some((viewer, route, reply)) = self.leave(viewer, route, reply) else {
            return;
        };
        let desk = self.clone();
        self.spawn(&viewer.clone(), async move {
            desk.reply(&viewer, &route, reply).await;
        });
    }

    async fn reply(&self, viewer: &Viewer, route: &Route, reply: Reply) {
        let now = self.inner.app.clock().now();
        self.inner.pictures.clicked(viewer, route, now);
        match reply {
            // The Home tab is drawn where it is kept true.
            Reply::Nothing | Reply::Show(Screen::Home(_)) => {}
            Reply::Said(words) => {
                let replaces = route.from != From::Message;
                let telling = self.tell(viewer, route, Told::said(&words), replaces);
                within(Box::pin(telling)).await;
            }
            Reply::Refused(refusal) => {
                let telling = self.tell(viewer, route, Told::refused(&refusal), false);
                within(Box::pin(telling)).await;
            }
            Reply::Show(screen) if screen.is_modal() => {
                within(Box::pin(self.open(viewer, route, &screen))).await;
            }
            Reply::Show(screen @ (Screen::Chart(_) | Screen::Export { .. })) => {
                Box::pin(self.file(viewer, route, &screen)).await;
            }
            Reply::Show(screen) => {
                let screen = self.as_far_open(viewer, route, screen);
                self.show(viewer, route, screen).await;
            }
        }
        if route.from == From::Message {
            within(Box::pin(self.retire_copy(viewer, route))).await;
        }
    }

    async fn open(&self, viewer: &Viewer, route: &Route, screen: &Screen) {
        let view = match self.inner.app.look(viewer, screen).await {
            Ok(Ok(scene)) => screens::draw_modal(&scene),
            Ok(Err(refusal)) => {
                return self
                    .tell(viewer, route, Told::refused(&refusal), false)
                    .await;
            }
            Err(fault) => return drop(self.broke(viewer.clone(), route.clone(), &fault)),
        };
        let Some(view) = view else { return };
        let Some(trigger) = &route.trigger_id else {
            let words = Words::from(
                "Slack opens a form only after a click or a command, so nothing was opened. Please type the same after ",
            );
            let words = words.code("/interview").text(", in any channel.");
            return self.tell(viewer, route, Told::not_yet(&words), false).await;
        };
        let client = self.inner.clients.of(&viewer.workspace).await;
        let view = carried(view, route);
        let opened = match route.from {
            From::Window => client.push_view(trigger, view).await,
            _ => client.open_view(trigger, view).await,
        };
        if let Err(error) = opened {
            tracing::warn!(%error, "a modal was not opened");
            let words = Words::from(
                "Slack did not open the form in time. Nothing was changed; please click again.",
            );
            self.tell(viewer, route, Told::not_yet(&words), false).await;
        }
    }

    /// Sends something that only this person sees: in place of what they clicked, else in the thread or channel they are in, else to
    /// their direct messages. Whoever is on the Home tab sees it in a window.
    async fn tell(&self, viewer: &Viewer, route: &Route, told: Told, replaces: bool) {
        let Some(mut drawn) = self.tell_in_window(viewer, route, told, replaces).await else {
            return;
        };
        let url = match route.from {
            From::Modal => {
                self.inner
                    .pictures
                    .last_url(viewer, route, self.inner.app.clock().now())
            }
            _ => route.response_url.clone(),
        };
        let replaces = replaces
            && (route.from == From::Ephemeral || (route.from == From::Modal && url.is_some()));
        let threaded = route.from == From::Message && route.thread_ts.is_some();
        if let Some(url) = &url
            && !threaded
        {
            let response = Response {
                text: Some(drawn.text),
                blocks: drawn.blocks,
                replace_original: replaces,
                ..Response::default()
            };
            match self.inner.clients.shared().respond(url, &response).await {
                Ok(()) => return,
                Err(error) => tracing::debug!(%error, "a response URL was refused"),
            }
            drawn = screens::Drawn {
                text: response.text.unwrap_or_default(),
                blocks: response.blocks,
            };
        }
        let client = self.inner.clients.of(&viewer.workspace).await;
        if let Some(channel) = &route.channel {
            let told = client
                .post_ephemeral(
                    channel,
                    viewer.user.as_str(),
                    route.thread_ts.as_deref(),
                    &drawn.text,
                    &drawn.blocks,
                )
                .await;
            match told {
                Ok(()) => return,
                Err(error) => tracing::debug!(%error, "an ephemeral was refused"),
            }
        }
        let message = Outgoing {
            channel: viewer.user.to_string(),
            thread_ts: None,
            text: drawn.text,
            blocks: drawn.blocks,
            metadata: None,
        };
        match client.post_message(&message).await {
            Err(error) => tracing::warn!(%error, "a reply was lost; what it spoke of is saved"),
            Ok(posted) => self.stands(viewer, route, posted).await,
        }
    }

    /// A reply that does not vanish by itself is kept with its loop, to be taken back should that be erased.
    async fn stands(&self, viewer: &Viewer, route: &Route, posted: Posted) {
        let Some(code) = &route.code else { return };
        let sent = Sent::Message {
            channel: posted.channel.into(),
            ts: posted.ts.into(),
        };
        let kept = self.inner.app.keeps_sent(&viewer.workspace, code, &sent);
        if let Err(fault) = kept.await {
            tracing::error!(error = chain(&fault), "it was not kept that a reply stands");
        }
    }

    /// A click on an older copy of the post of a loop or a calibration retires the copy.
    async fn retire_copy(&self, viewer: &Viewer, route: &Route) {
        let post = match (&route.code, &route.calibration) {
            (Some(code), _) => Post::Loop(code.clone()),
            (None, Some(id)) => Post::Calibration(id.clone()),
            (None, None) => return,
        };
        let (Some(channel), Some(ts), None) = (&route.channel, &route.message_ts, &route.thread_ts)
        else {
            return;
        };
        if ChannelId::from(channel.as_str()).is_direct() {
            return;
        }
        let standing = self.inner.app.standing(&viewer.workspace, &post).await;
        let Ok(Some((there, standing))) = standing else {
            return;
        };
        if there.as_str() == channel && standing.as_str() == ts {
            return;
        }
        let Some(url) = &route.response_url else {
            return;
        };
        let drawn = match &route.code {
            Some(code) => screens::retired(code, &there),
            None => screens::retired_calibration(),
        };
        let response = Response {
            text: Some(drawn.text),
            blocks: drawn.blocks,
            replace_original: true,
            ..Response::default()
        };
        let client = self.inner.clients.shared();
        if let Err(error) = client.respond(url, &response).await {
            tracing::debug!(%error, "an older copy was not retired");
        }
    }
}

fn lock<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing is left half-changed under these locks.
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives a reply up when it has become worthless.
async fn within<T: Default>(reply: impl Future<Output = T>) -> T {
    let replied = tokio::time::timeout(REPLY_WITHIN, reply).await;
    replied.unwrap_or_else(|_elapsed| {
        tracing::warn!("a reply took too long and was given up");
        T::default()
    })
}

/// What a modal's submission is acknowledged with; everything else is acknowledged empty.
fn ack_of(route: &Route, reply: &Reply) -> Ack {
    let callback = route.callback_id.as_deref().unwrap_or_default();
    let Reply::Refused(refusal) = reply else {
        // It lies over another form, which is done with as well.
        return if screens::form::ends_all(callback) && route.window.is_some() {
            windows::ended(route)
        } else if screens::form::ends_all(callback) {
            Ack::Json(json!({"response_action": "clear"}))
        } else {
            Ack::Empty
        };
    };
    match screens::field_errors(callback, refusal) {
        Some(errors) if route.from == From::Modal => {
            Ack::Json(json!({"response_action": "errors", "errors": errors}))
        }
        _ => {
            // Pushed on top, so that what was typed below is not lost.
            let notice = screens::notice_modal(NOT_YET, &refusal.words());
            pushed(route, &notice, "push")
        }
    }
}

/// Shows something in place of the submitted modal.
fn modal_ack(route: &Route, view: &SlackView) -> Ack {
    pushed(route, view, "update")
}

fn pushed(route: &Route, view: &SlackView, how: &str) -> Ack {
    if route.from != From::Modal {
        return Ack::Empty;
    }
    // Three lie upon each other at most: a window, a form, and what that form led to.
    let how = if route.is_third { "update" } else { how };
    let view = serde_json::to_value(view).unwrap_or(Value::Null);
    Ack::Json(json!({"response_action": how, "view": view}))
}

fn viewer_of(workspace: WorkspaceId, user: UserId, route: &Route) -> Viewer {
    Viewer {
        workspace,
        user,
        place: route.channel.as_deref().map(ChannelId::from),
    }
}

/// A code that the person can quote, and that the log has too.
pub(super) fn quotable() -> String {
    let code = LoopCode::from_random(rand::random());
    code.as_str().replace("C-", "K")
}

/// Whether trying again later may help.
pub(crate) fn is_passing(error: &CallError) -> bool {
    !error.is_permanent()
}
