//! Asks Slack who people are and what channels are, and lets go on what waited for it. What follows from the answers is in `domain::access`.

use super::answer::{Desk, is_passing};
use super::clients::Clients;
use super::connector::{CallError, NoToken};
use super::seen::{ChannelSeen, PersonSeen};
use crate::app::away::until_back;
use crate::app::{App, Fault, Question, UnderWay};
use crate::domain::access::{Person, Place};
use crate::domain::candidate::Likeness;
use crate::domain::event::Fact;
use crate::domain::ids::{UserId, WorkspaceId};
use crate::telemetry::trace;
use futures_util::stream::{FuturesUnordered, StreamExt};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::time::Duration;

/// How many questions are with Slack at once: it answers some hundred a minute, so that more would only fill memory while it does not.
const AT_ONCE: usize = 16;
/// How often a question is asked before what waits for it is refused.
const TRIES: u32 = 5;
/// The first pause between two tries; each further one is twice as long, and all are shortened by chance.
const FIRST_PAUSE: Duration = Duration::from_millis(400);

/// Asks until the process ends.
///
/// # Errors
/// When the store fails.
pub async fn run(app: App, clients: Clients, desk: Desk) -> Result<(), Fault> {
    let mut asking = FuturesUnordered::new();
    let mut to_ask = VecDeque::new();
    loop {
        while asking.len() < AT_ONCE
            && let Some((question, under_way)) = to_ask.pop_front()
        {
            asking.push(ask(app.clone(), clients.clone(), question, under_way));
        }
        let (questions, given_up) = tokio::select! {
            (questions, under_way) = app.questions_to_ask() => (Some((questions, under_way)), None),
            Some(unanswered) = asking.next() => (None, unanswered),
        };
        if let Some((questions, under_way)) = questions {
            if questions.is_empty() {
                let _looking = under_way;
                go_on(&app, &desk, &[]).await?;
            }
            let each = |question| (question, app.activity().begin());
            to_ask.extend(questions.into_iter().map(each));
            continue;
        }
        match given_up {
            Some(Asked::Failed(fault)) => return Err(fault),
            Some(Asked::GivenUp(question)) => {
                app.give_up(&question);
                go_on(&app, &desk, &[question]).await?;
            }
            None => go_on(&app, &desk, &[]).await?,
        }
    }
}

enum Asked {
    GivenUp(Question),
    Failed(Fault),
}

async fn go_on(app: &App, desk: &Desk, given_up: &[Question]) -> Result<(), Fault> {
    let _under_way = app.activity().begin();
    for (delivery, reply) in until_back(|| app.go_on(given_up)).await? {
        let span = trace::delivery(Some(delivery.key.as_str()), "waited");
        span.in_scope(|| desk.reply_late(&delivery, reply));
    }
    Ok(())
}

/// Asks one question, several times if Slack is busy. `None`: it was answered and the answer is kept.
async fn ask(
    app: App,
    clients: Clients,
    question: Question,
    _under_way: UnderWay,
) -> Option<Asked> {
    for attempt in 0..TRIES {
        let (workspace, told) = put(&app, &clients, &question).await;
        match told {
            Ok(fact) => {
                let learns = || app.learn(&workspace, fact.clone());
                return match until_back(learns).await {
                    Ok(()) => None,
                    Err(fault) => Some(Asked::Failed(fault)),
                };
            }
            Err(error) => {
                tracing::warn!(%error, "Slack did not tell");
                if let CallError::NoToken(NoToken::NotInstalled | NoToken::Sealed) = error {
                    break;
                }
                let pause = match error {
                    CallError::RateLimited { after } => after,
                    _ => {
                        let longest = FIRST_PAUSE * 2u32.pow(attempt);
                        longest.mul_f64(rand::random_range(0.5..1.0))
                    }
                };
                // By the wall: a person waits for this, whatever the application's clock says.
                tokio::time::sleep(pause).await;
            }
        }
    }
    Some(Asked::GivenUp(question))
}

async fn put(
    app: &App,
    clients: &Clients,
    question: &Question,
) -> (WorkspaceId, Result<Fact, CallError>) {
    let now = app.clock().now();
    let (Question::Person(workspace, _)
    | Question::Place(workspace, _)
    | Question::Group(workspace, _)) = question;
    let client = clients.of(workspace).await;
    match question {
        Question::Person(workspace, user) => {
            let told = match client.person(user.as_str()).await {
                Ok(seen) => Ok(person(&seen, workspace, now)),
                Err(error) if !is_passing(&error) && is_unknown(&error) => Ok(nobody(now)),
                Err(error) => Err(error),
            };
            (
                workspace.clone(),
                told.map(|person| Fact::Person(user.clone(), person)),
            )
        }
        Question::Place(workspace, channel) => {
            let told = match client.channel(channel.as_str()).await {
                Ok(seen) => Ok(place(&seen, now)),
                Err(error) if is_unknown(&error) => Ok(unseen(now)),
                Err(error) => Err(error),
            };
            (
                workspace.clone(),
                told.map(|place| Fact::Place(channel.clone(), place)),
            )
        }
        Question::Group(workspace, group) => {
            let told = match client.group_members(group.as_str()).await {
                Ok(members) => Ok(members.into_iter().map(UserId::from).collect()),
                Err(error) if is_unknown(&error) => Ok(Vec::new()),
                Err(error) => Err(error),
            };
            (
                workspace.clone(),
                told.map(|members| Fact::Group(group.clone(), members)),
            )
        }
    }
}

/// Slack knows nothing of that id, or will not tell us of it.
fn is_unknown(error: &CallError) -> bool {
    matches!(
        error.code(),
        Some(
            "user_not_found"
                | "user_not_visible"
                | "channel_not_found"
                | "missing_scope"
                | "no_such_subteam"
                | "subteam_not_found"
        )
    )
}

/// What Slack tells of a person, as the rules need it.
pub(super) fn person(seen: &PersonSeen, workspace: &WorkspaceId, now: Timestamp) -> Person {
    // In an org-wide install the workspace is the organisation, and a person's team one of many in it.
    let elsewhere = workspace.as_str().starts_with('T')
        && seen
            .team_id
            .as_deref()
            .is_some_and(|team| team.starts_with('T') && team != workspace.as_str());
    Person {
        guest: seen.is_restricted || seen.is_ultra_restricted,
        stranger: seen.is_stranger || elsewhere,
        bot: seen.is_bot,
        deactivated: seen.deleted,
        administrator: seen.is_admin || seen.is_owner,
        unknown: false,
        zone: seen.tz.clone(),
        likeness: seen.real_name.as_deref().and_then(Likeness::of),
        told_at: now,
    }
}

fn nobody(now: Timestamp) -> Person {
    Person {
        guest: false,
        stranger: false,
        bot: false,
        deactivated: false,
        administrator: false,
        unknown: true,
        zone: None,
        likeness: None,
        told_at: now,
    }
}

fn place(seen: &ChannelSeen, now: Timestamp) -> Place {
    Place {
        direct: seen.is_im || seen.is_mpim,
        private: seen.is_private || seen.is_im || seen.is_mpim,
        shared: seen.is_ext_shared,
        archived: seen.is_archived,
        bot_is_member: seen.is_member,
        told_at: now,
    }
}

/// A channel that the bot cannot see: it may be private, and the bot is not in it.
fn unseen(now: Timestamp) -> Place {
    Place {
        direct: false,
        private: true,
        shared: false,
        archived: false,
        bot_is_member: false,
        told_at: now,
    }
}
