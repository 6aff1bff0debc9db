//! From what Slack sent to what somebody asks for, and where the answer goes. Whether they may is not decided here.

use super::action::Action;
use super::inbound::{
    ActionIn, CommandIn, Event, EventIn, Inbound, MessageShortcutIn, ShortcutIn, SubmissionIn,
    ViewIn,
};
use super::{command, screens};
use crate::domain::calibration::Calibrate;
use crate::domain::event::{Charted, Deed, Delivery, Goal, Request, Screen};
use crate::domain::ids::{
    CalibrationId, ChannelId, DeliveryKey, KitSlug, LoopCode, MessageTs, QuestionId, UserId,
    WorkspaceId,
};
use serde::{Deserialize, Serialize};

/// The shortcut that makes a kit of the guide in a message, as the manifest names it.
pub const IMPORT_GUIDE: &str = "guide.import.v1";

/// The shortcut that leads from a message in a loop's thread to one's scorecard, as the manifest names it.
pub const SCORE_CANDIDATE: &str = "loop.score.v1";

/// The shortcut that begins an interview from anywhere, as the manifest names it.
pub const START_INTERVIEW: &str = "interview.start.v1";

/// Where an answer goes. It travels with a request that has to wait.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// What the person did.
    pub from: From,
    /// Serves five posts in thirty minutes.
    pub response_url: Option<String>,
    /// Opens one modal within three seconds.
    pub trigger_id: Option<String>,
    /// Where they are.
    pub channel: Option<String>,
    /// The thread they are in.
    pub thread_ts: Option<String>,
    /// The message they clicked.
    pub message_ts: Option<String>,
    /// The name of the modal that is laid over a form while it waits.
    pub waiting_modal: Option<String>,
    /// The kind of modal.
    pub callback_id: Option<String>,
    /// The loop it is about.
    pub code: Option<LoopCode>,
    /// The kit it is about.
    #[serde(default)]
    pub slug: Option<KitSlug>,
    /// The calibration it is about.
    #[serde(default)]
    pub calibration: Option<CalibrationId>,
    /// The question whose follow-ups stay shown on the scorecard that was clicked.
    #[serde(default)]
    pub open: Option<QuestionId>,
    /// The window that a reply redraws: the one that was clicked in, or that lies below the form.
    #[serde(default)]
    pub window: Option<String>,
    /// It began on the Home tab.
    #[serde(default)]
    pub at_home: bool,
    /// The form is the third that lies there: nothing can be laid over it.
    #[serde(default)]
    pub is_third: bool,
}

impl Route {
    /// What a form and the message behind it are about: what follows the form is shown where that message was.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        let code = self.code.as_ref().map(LoopCode::as_str);
        code.or(self.slug.as_ref().map(KitSlug::as_str))
    }

    /// Whether a form lies over nothing but the Home tab: what comes of it takes its place.
    #[must_use]
    pub fn lies_on_home(&self) -> bool {
        self.from == From::Modal && self.at_home && self.window.is_none()
    }
}

/// What the person did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum From {
    /// Typed a command.
    #[default]
    Command,
    /// Clicked in a message that only they see.
    Ephemeral,
    /// Clicked in a message of a channel, or in a direct message.
    Message,
    /// Submitted a modal.
    Modal,
    /// Clicked on the Home tab.
    Home,
    /// Clicked in a window: a modal that shows what is shown as a message elsewhere.
    Window,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A response URL works without a token.
        f.debug_struct("Route")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

/// What a delivery comes to.
pub enum Understood {
    /// Something is asked for.
    Asked(Box<Delivery>, Box<Route>),
    /// A click or a form whose name no version of the bot knows.
    Unknown(Box<Route>, WorkspaceId, UserId),
    /// Nothing for us.
    Nothing,
}

/// Reads a command, a click, a submission, or words said to the bot.
#[must_use]
pub fn understand(inbound: &Inbound) -> Understood {
    let Some(key) = inbound.delivery_key() else {
        return Understood::Nothing;
    };
    match inbound {
        Inbound::Command(typed) => typed_in(typed, key),
        Inbound::Action(click) => clicked(click, key),
        Inbound::Submission(form) => submitted(form, key),
        Inbound::MessageShortcut(used) => shortcut(used, key),
        Inbound::Shortcut(used) => begun(used, key),
        Inbound::Event(event) => said(event, key),
        _ => Understood::Nothing,
    }
}

fn asked(
    key: String,
    workspace: &str,
    user: &str,
    place: Option<ChannelId>,
    request: Request,
    route: Route,
) -> Understood {
    let delivery = Delivery {
        key: DeliveryKey::from(key),
        workspace: WorkspaceId::from(workspace),
        actor: UserId::from(user),
        place,
        request,
        route: serde_json::to_string(&route).unwrap_or_default(),
    };
    Understood::Asked(Box::new(delivery), Box::new(route))
}

fn typed_in(typed: &CommandIn, key: String) -> Understood {
    let route = Route {
        from: From::Command,
        response_url: typed.response_url.clone(),
        trigger_id: typed.trigger_id.clone(),
        channel: typed.channel.clone(),
        ..Route::default()
    };
    let place = typed.channel.as_deref().map(ChannelId::from);
    asked(
        key,
        &typed.workspace,
        &typed.user,
        place,
        command::parse(&typed.text),
        route,
    )
}

fn clicked(click: &ActionIn, key: String) -> Understood {
    let from = match &click.view {
        Some(view) if view.is_home => From::Home,
        Some(_) => From::Window,
        None if click.is_ephemeral => From::Ephemeral,
        None => From::Message,
    };
    let meta = click.view.as_ref().and_then(meta_of);
    let mut route = Route {
        from,
        window: (click.view.as_ref())
            .filter(|_| from == From::Window)
            .map(|view| view.id.clone()),
        at_home: from == From::Home || meta.is_some_and(|meta| meta.at_home),
        response_url: click.response_url.clone(),
        trigger_id: click.trigger_id.clone(),
        channel: click.channel.clone(),
        thread_ts: click.thread_ts.clone(),
        message_ts: click.message_ts.clone(),
        ..Route::default()
    };
    let place = click.channel.as_deref().map(ChannelId::from);
    let chosen = click
        .chosen
        .conversation
        .as_deref()
        .or(click.chosen.option.as_deref());
    let action = Action::parse(&click.action_id, click.chosen.value.as_deref()).ok();
    route.open = action.as_ref().and_then(Action::keeps_open).cloned();
    let mut request = action.and_then(|action| action.request(place.as_ref(), chosen));
    if let Some(
        Request::Loop {
            deed: Deed::Rate { clicked, .. },
            ..
        }
        | Request::Calibrate(Calibrate::Rate(_, _, clicked)),
    ) = &mut request
    {
        *clicked = click.clicked_at;
    }
    match request {
        Some(request) => {
            route.code = code_of(&request);
            route.calibration = calibration_of(&request);
            route.slug = slug_of(&request);
            asked(key, &click.workspace, &click.user, place, request, route)
        }
        // Elements of a form are read when it is submitted.
        None if from == From::Window && !click.view.as_ref().is_some_and(is_window) => {
            Understood::Nothing
        }
        None => Understood::Unknown(
            Box::new(route),
            WorkspaceId::from(click.workspace.as_str()),
            UserId::from(click.user.as_str()),
        ),
    }
}

/// What a view of ours carries with it.
fn meta_of(view: &ViewIn) -> Option<screens::Meta> {
    screens::Meta::parse(view.private_metadata.as_deref()?)
}

fn is_window(view: &ViewIn) -> bool {
    view.callback_id.as_deref() == Some(screens::WINDOW)
}

/// A shortcut in a message's menu; one that no version of the bot had is nothing for us.
fn shortcut(used: &MessageShortcutIn, key: String) -> Understood {
    // The first message of a thread names itself as the thread: whoever points at it is in the channel.
    let thread = used.thread_ts.as_ref();
    let thread = thread.filter(|root| used.message_ts.as_ref() != Some(root));
    let request = match (
        used.callback_id.as_str(),
        thread.or(used.message_ts.as_ref()),
    ) {
        (IMPORT_GUIDE, _) => Request::ReadGuide {
            text: command::as_read(used.text.as_deref().unwrap_or_default()),
        },
        (SCORE_CANDIDATE, Some(root)) => Request::Reach {
            root: MessageTs::from(root.as_str()),
            goal: Goal::Score,
        },
        _ => return Understood::Nothing,
    };
    let route = Route {
        from: From::Message,
        response_url: used.response_url.clone(),
        trigger_id: used.trigger_id.clone(),
        channel: used.channel.clone(),
        thread_ts: thread.cloned(),
        ..Route::default()
    };
    let place = used.channel.as_deref().map(ChannelId::from);
    asked(key, &used.workspace, &used.user, place, request, route)
}

/// A shortcut from Slack's own menu: nobody is anywhere then.
fn begun(used: &ShortcutIn, key: String) -> Understood {
    if used.callback_id != START_INTERVIEW {
        return Understood::Nothing;
    }
    let route = Route {
        trigger_id: used.trigger_id.clone(),
        ..Route::default()
    };
    let request = Request::Look(Screen::RoleForm);
    asked(key, &used.workspace, &used.user, None, request, route)
}

/// Words said to the bot. They bring no trigger, so no form opens from them, and no rating is ever read from them.
fn said(event: &EventIn, key: String) -> Understood {
    let (wrote, request) = match &event.event {
        Event::Mention(wrote) => {
            let root = wrote.thread_ts.as_ref().or(wrote.ts.as_ref());
            let root = MessageTs::from(root.map(String::as_str).unwrap_or_default());
            let goal = Goal::Show;
            (wrote, Request::Reach { root, goal })
        }
        Event::Message(wrote)
            if wrote.channel_type.as_deref() == Some("im") && !wrote.text.trim().is_empty() =>
        {
            (wrote, command::parse(&wrote.text))
        }
        _ => return Understood::Nothing,
    };
    let Some(user) = wrote.author() else {
        return Understood::Nothing;
    };
    let route = Route {
        from: From::Message,
        channel: Some(wrote.channel.clone()),
        thread_ts: wrote.thread_ts.clone(),
        ..Route::default()
    };
    let place = Some(ChannelId::from(wrote.channel.as_str()));
    asked(key, &event.workspace, user, place, request, route)
}

fn submitted(form: &SubmissionIn, key: String) -> Understood {
    let mut route = Route {
        from: From::Modal,
        trigger_id: form.trigger_id.clone(),
        waiting_modal: Some(format!("waits-{:016x}", rand::random::<u64>())),
        callback_id: form.view.callback_id.clone(),
        ..Route::default()
    };
    let callback = form.view.callback_id.as_deref().unwrap_or_default();
    let meta = form.view.private_metadata.as_deref().unwrap_or_default();
    match screens::read_form(callback, meta, &form.state) {
        Some((request, meta)) => {
            // Slack keeps a modal's metadata; people cannot change it.
            let place = meta.channel.clone();
            route.channel = place.as_ref().map(ToString::to_string);
            route.code = code_of(&request).or_else(|| meta.code.clone());
            route.slug = slug_of(&request);
            route.open = meta.open;
            route.window = meta.window;
            route.is_third = form.view.is_third();
            route.at_home = meta.at_home;
            asked(key, &form.workspace, &form.user, place, request, route)
        }
        None => Understood::Unknown(
            Box::new(route),
            WorkspaceId::from(form.workspace.as_str()),
            UserId::from(form.user.as_str()),
        ),
    }
}

/// The calibration a click is about.
fn calibration_of(request: &Request) -> Option<CalibrationId> {
    match request {
        Request::Calibrate(Calibrate::Rate(id, ..) | Calibrate::Show(id)) => Some(id.clone()),
        _ => None,
    }
}

/// The kit whose questions a request is about.
fn slug_of(request: &Request) -> Option<KitSlug> {
    match request {
        Request::Kit { slug, .. } | Request::Look(Screen::QuestionForm { slug, .. }) => {
            Some(slug.clone())
        }
        _ => None,
    }
}

/// The loop a request is about.
fn code_of(request: &Request) -> Option<LoopCode> {
    match request {
        Request::Loop { code, .. } | Request::Paste { code, .. } => Some(code.clone()),
        Request::Look(
            Screen::Scorecard { code, .. }
            | Screen::EvidenceForm { code, .. }
            | Screen::PasteForm { code, .. }
            | Screen::SubmitForm(code)
            | Screen::More(code)
            | Screen::Progress(code)
            | Screen::Debrief(code)
            | Screen::Chart(Charted::Debrief(code))
            | Screen::Loop(code)
            | Screen::PanelForm(code)
            | Screen::Plan(code)
            | Screen::TakeForm(code)
            | Screen::AssignForm(code)
            | Screen::DecideForm(code)
            | Screen::RenameForm(code)
            | Screen::HandOverForm(code)
            | Screen::WithdrawForm(code)
            | Screen::MoveForm(code)
            | Screen::TimeForm(code)
            | Screen::Exports(Some(code))
            | Screen::HoldForm(Some(code))
            | Screen::EraseForm(Some(code))
            | Screen::Export { code, .. }
            | Screen::EvidenceBoard(code)
            | Screen::ByQuestion(code),
        ) => Some(code.clone()),
        _ => None,
    }
}
