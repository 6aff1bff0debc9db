//! The fields of interactions on the wire, and how they become our structs. What those are for is not in here.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::interaction::{
    ActionIn, ClosedIn, MessageShortcutIn, ShortcutIn, SubmissionIn, SuggestionIn, ViewIn,
};
use super::lenient::{Id, Maybe, Unopened};
use super::state::{Chosen, State};
use super::workspace::{Flag, Team, Whose};
use super::{Inbound, Unreadable};

/// Every interaction in one pass: which fields it has depends on its type, and none is promised.
#[derive(Deserialize)]
pub(super) struct Wire<'a> {
    #[serde(default, rename = "type")]
    kind: Maybe<String>,
    #[serde(default)]
    team: Team,
    #[serde(default)]
    team_id: Maybe<String>,
    #[serde(default)]
    enterprise: Id,
    #[serde(default)]
    enterprise_id: Maybe<String>,
    #[serde(default)]
    is_enterprise_install: Flag,
    #[serde(default)]
    user: Maybe<UserWire>,
    #[serde(default)]
    channel: Id,
    #[serde(default)]
    container: Maybe<ContainerWire>,
    #[serde(default, borrow)]
    message: Unopened<'a>,
    #[serde(default)]
    message_ts: Maybe<String>,
    #[serde(default)]
    view: Maybe<ViewWire>,
    #[serde(default)]
    state: State,
    #[serde(default, borrow)]
    actions: Maybe<Vec<&'a RawValue>>,
    #[serde(default)]
    action_id: Maybe<String>,
    #[serde(default)]
    block_id: Maybe<String>,
    #[serde(default)]
    value: Maybe<String>,
    #[serde(default)]
    callback_id: Maybe<String>,
    #[serde(default)]
    trigger_id: Maybe<String>,
    #[serde(default)]
    response_url: Maybe<String>,
    #[serde(default)]
    response_urls: Maybe<Vec<Maybe<ResponseUrlWire>>>,
    #[serde(default)]
    is_cleared: Maybe<bool>,
}

#[derive(Default, Deserialize)]
struct UserWire {
    #[serde(default)]
    id: Maybe<String>,
    #[serde(default)]
    team_id: Maybe<String>,
}

#[derive(Default, Deserialize)]
struct ContainerWire {
    #[serde(default)]
    message_ts: Maybe<String>,
    #[serde(default)]
    thread_ts: Maybe<String>,
    #[serde(default)]
    channel_id: Maybe<String>,
    #[serde(default)]
    is_ephemeral: Maybe<bool>,
}

#[derive(Default, Deserialize)]
struct MessageWire {
    #[serde(default)]
    text: Maybe<String>,
    #[serde(default)]
    ts: Maybe<String>,
    #[serde(default)]
    thread_ts: Maybe<String>,
    #[serde(default)]
    is_ephemeral: Maybe<bool>,
}

#[derive(Default, Deserialize)]
struct ViewWire {
    #[serde(default)]
    id: Maybe<String>,
    #[serde(default)]
    team_id: Maybe<String>,
    #[serde(default, rename = "type")]
    kind: Maybe<String>,
    #[serde(default)]
    app_installed_team_id: Maybe<String>,
    #[serde(default)]
    hash: Maybe<String>,
    #[serde(default)]
    callback_id: Maybe<String>,
    #[serde(default)]
    private_metadata: Maybe<String>,
    #[serde(default)]
    root_view_id: Maybe<String>,
    #[serde(default)]
    previous_view_id: Maybe<String>,
    #[serde(default)]
    state: State,
}

#[derive(Default, Deserialize)]
struct ActionWire {
    #[serde(default)]
    action_id: Maybe<String>,
    #[serde(default)]
    block_id: Maybe<String>,
    #[serde(default)]
    action_ts: Maybe<String>,
}

#[derive(Deserialize)]
struct ResponseUrlWire {
    #[serde(default)]
    response_url: Maybe<String>,
}

impl ViewWire {
    fn split(self) -> (Option<ViewIn>, State) {
        let view = self.id.text().map(|id| ViewIn {
            id,
            is_home: self.kind.0.as_deref() == Some("home"),
            hash: self.hash.text(),
            callback_id: self.callback_id.text(),
            private_metadata: self.private_metadata.text(),
            root_id: self.root_view_id.text(),
            previous_id: self.previous_view_id.text(),
        });
        (view, self.state)
    }
}

/// The moment that Slack writes as seconds, a dot and six digits.
fn moment(ts: &str) -> Option<Timestamp> {
    let (seconds, micros) = ts.split_once('.')?;
    let micros = (micros.len() == 6).then(|| micros.parse::<u32>().ok())??;
    let seconds: i64 = seconds.parse().ok()?;
    Timestamp::from_microsecond(seconds.checked_mul(1_000_000)?.checked_add(micros.into())?).ok()
}

/// Who, and where: what every interaction must have.
struct Who {
    workspace: String,
    organisation: Option<String>,
    user: String,
}

impl Wire<'_> {
    pub(super) fn kind(&self) -> Option<&str> {
        self.kind.0.as_deref()
    }

    /// Whether it names neither a person nor a workspace.
    pub(super) fn is_nobodys(&self) -> bool {
        self.workspace().is_err() && self.user_id().is_err()
    }

    fn whose(&self) -> Whose<'_, 5, 3> {
        let (user, view) = (self.user.0.as_ref(), self.view.0.as_ref());
        Whose {
            teams: [
                view.and_then(|view| view.app_installed_team_id.0.as_deref()),
                self.team.id.as_deref(),
                self.team_id.0.as_deref(),
                user.and_then(|user| user.team_id.0.as_deref()),
                view.and_then(|view| view.team_id.0.as_deref()),
            ],
            enterprises: [
                self.enterprise.0.as_deref(),
                self.enterprise_id.0.as_deref(),
                self.team.enterprise_id.as_deref(),
            ],
        }
    }

    fn workspace(&self) -> Result<String, Unreadable> {
        let workspace = self.whose().workspace();
        workspace.ok_or(Unreadable::Missing("workspace"))
    }

    fn user_id(&self) -> Result<String, Unreadable> {
        let user = self.user.0.as_ref();
        user.and_then(|user| user.id.0.clone())
            .filter(|id| !id.is_empty())
            .ok_or(Unreadable::Missing("user"))
    }

    fn who(&self) -> Result<Who, Unreadable> {
        Ok(Who {
            workspace: self.workspace()?,
            organisation: self.whose().organisation(self.is_enterprise_install.0),
            user: self.user_id()?,
        })
    }

    pub(super) fn action(self) -> Result<Inbound, Unreadable> {
        let Who {
            workspace,
            organisation,
            user,
        } = self.who()?;
        let first = self.actions.0.as_deref().and_then(<[_]>::first);
        let first = first.ok_or(Unreadable::Missing("actions"))?.get();
        let name: ActionWire = serde_json::from_str(first).unwrap_or_default();
        let container = self.container.0.unwrap_or_default();
        // The message is most of a click, and says mostly what was said before it.
        let message = self.message;
        let says_more = container.message_ts.0.is_none()
            || (container.thread_ts.0.is_none() && message.may_have("thread_ts"))
            || message.may_have("is_ephemeral");
        let message = if says_more {
            message.open()
        } else {
            MessageWire::default()
        };
        let message_ts = container.message_ts.text().or(message.ts.text());
        let (view, view_state) = self.view.0.unwrap_or_default().split();
        Ok(Inbound::Action(Box::new(ActionIn {
            workspace,
            organisation,
            user,
            channel: container.channel_id.text().or(self.channel.0),
            action_id: name
                .action_id
                .text()
                .ok_or(Unreadable::Missing("action_id"))?,
            block_id: name.block_id.text(),
            clicked_at: name.action_ts.0.as_deref().and_then(moment),
            chosen: serde_json::from_str::<Chosen>(first).unwrap_or_default(),
            state: if view.is_some() {
                view_state
            } else {
                self.state
            },
            view,
            is_ephemeral: container.is_ephemeral.is_true() || message.is_ephemeral.is_true(),
            // The first message of a thread names itself as its thread, but stands in the channel.
            thread_ts: container
                .thread_ts
                .text()
                .or(message.thread_ts.text())
                .filter(|thread| Some(thread) != message_ts.as_ref()),
            message_ts,
            trigger_id: self.trigger_id.text(),
            response_url: self.response_url.text(),
        })))
    }

    pub(super) fn submission(self) -> Result<Inbound, Unreadable> {
        let Who {
            workspace,
            organisation,
            user,
        } = self.who()?;
        let (view, state) = self.view.0.unwrap_or_default().split();
        Ok(Inbound::Submission(Box::new(SubmissionIn {
            workspace,
            organisation,
            user,
            view: view.ok_or(Unreadable::Missing("view"))?,
            state,
            trigger_id: self.trigger_id.text(),
            response_url: self
                .response_urls
                .0
                .unwrap_or_default()
                .into_iter()
                .find_map(|entry| entry.0?.response_url.text()),
        })))
    }

    pub(super) fn closed(self) -> Result<Inbound, Unreadable> {
        let Who {
            workspace,
            organisation,
            user,
        } = self.who()?;
        let (view, _empty) = self.view.0.unwrap_or_default().split();
        Ok(Inbound::Closed(ClosedIn {
            workspace,
            organisation,
            user,
            view: view.ok_or(Unreadable::Missing("view"))?,
            is_cleared: self.is_cleared.is_true(),
            trigger_id: self.trigger_id.text(),
        }))
    }

    pub(super) fn shortcut(self) -> Result<Inbound, Unreadable> {
        let Who {
            workspace,
            organisation,
            user,
        } = self.who()?;
        Ok(Inbound::Shortcut(ShortcutIn {
            workspace,
            organisation,
            user,
            callback_id: self
                .callback_id
                .text()
                .ok_or(Unreadable::Missing("callback_id"))?,
            trigger_id: self.trigger_id.text(),
        }))
    }

    pub(super) fn message_shortcut(self) -> Result<Inbound, Unreadable> {
        let Who {
            workspace,
            organisation,
            user,
        } = self.who()?;
        let message: MessageWire = self.message.open();
        Ok(Inbound::MessageShortcut(MessageShortcutIn {
            workspace,
            organisation,
            user,
            callback_id: self
                .callback_id
                .text()
                .ok_or(Unreadable::Missing("callback_id"))?,
            channel: self.channel.0,
            message_ts: self.message_ts.text().or(message.ts.text()),
            thread_ts: message.thread_ts.text(),
            text: message.text.text(),
            trigger_id: self.trigger_id.text(),
            response_url: self.response_url.text(),
        }))
    }

    pub(super) fn suggestion(self) -> Result<Inbound, Unreadable> {
        let Who {
            workspace,
            organisation,
            user,
        } = self.who()?;
        let (view, _state) = self.view.0.unwrap_or_default().split();
        Ok(Inbound::Suggestion(SuggestionIn {
            workspace,
            organisation,
            user,
            channel: self
                .channel
                .0
                .or(self.container.0.unwrap_or_default().channel_id.text()),
            action_id: self
                .action_id
                .text()
                .ok_or(Unreadable::Missing("action_id"))?,
            block_id: self.block_id.text(),
            typed: self.value.or_empty(),
            view,
        }))
    }
}
